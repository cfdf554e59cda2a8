"""``init``: make a folder a workspace."""

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command


@command("init")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--follow",
    metavar="PATH",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also show the runs of another tool in PATH, for instance an mlruns/; may be repeated.",
)
def init_command(folder: Path, follow: tuple[Path, ...]) -> None:
    """Create a workspace in a folder.

    Puts a commented workbench.toml into DIR. A workspace that is there already is left as
    it is. Followed folders are never written to; their paths are stored relative to the
    workspace. Inside a git repository it says what to add to .gitignore, and adds nothing.
    """
    from workbench.clock import SYSTEM  # noqa: PLC0415 - after parsing
    from workbench.operations.untracked import advice  # noqa: PLC0415
    from workbench.operations.workspace import create  # noqa: PLC0415

    made = create(folder, follow, SYSTEM)
    root = made.workspace.root
    output.say(f"{'Created' if made.new else 'There is already'} a workspace in {root}.")
    for one in made.followed:
        output.say(f"It follows {output.visible(one)}.")
    said = advice(root)
    if said:
        output.say(output.visible(said))
    output.say(f"Open it with: workbench open {folder}")
    output.line(str(root))
