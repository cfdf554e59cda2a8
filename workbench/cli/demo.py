"""``demo``: sample projects that train while one watches."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, opened

if TYPE_CHECKING:
    from workbench.operations.demo import Demo

_DEFAULT = "workbench_demo"


@command("demo")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--headless", is_flag=True, help="Wait for the scripts and print the table instead.")
def demo_command(folder: Path | None, headless: bool) -> None:
    """Start real training scripts and watch their runs arrive.

    Makes a workspace in DIR (default ./workbench_demo), starts the sample projects' scripts
    as processes of their own, a few at a time, and opens the screen on it. One of them
    diverges and one crashes; that is meant. Scripts that still run when the screen is left
    go on to their end.
    """
    from workbench.clock import SYSTEM  # noqa: PLC0415 - after parsing
    from workbench.operations.demo import Demo, make_workspace, scripts  # noqa: PLC0415

    root = (folder or Path(_DEFAULT)).expanduser()
    workspace = make_workspace(root, SYSTEM)
    on_screen = not headless and output.terminal() and output.keyboard()
    demo = Demo(workspace, scripts(), (lambda _: None) if on_screen else output.say)
    try:
        if on_screen:
            _show(workspace.root)
        else:
            _wait(demo, workspace.root)
    finally:
        demo.stop()


def _show(root: Path) -> None:
    from workbench.cli.screen import show  # noqa: PLC0415 - only with a terminal

    show(root)
    output.say(f"The demo's workspace is {root}. Open it again with: workbench open {root}")


def _wait(demo: "Demo", root: Path) -> None:
    from workbench.cli.runs import print_table  # noqa: PLC0415 - only without a terminal

    for outcome in demo.wait():
        if outcome.code:
            output.say(
                f"{outcome.script.project} ended with code {outcome.code} "
                f"({outcome.script.description}); see {outcome.log}"
            )
    with opened(root) as session:
        print_table(session)
