"""``demo``: sample projects that train while you watch."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command

if TYPE_CHECKING:
    from workbench.operations.demo import Demo


@command("demo")
@click.argument(
    "folder", metavar="[DIR]", default="demo_workspace", type=click.Path(path_type=Path)
)
@click.option("--headless", is_flag=True, help="No screen: wait for the end, print the table.")
def demo_command(folder: Path, headless: bool) -> None:
    """Train the sample projects and watch them.

    Makes a workspace of its own in DIR (default ./demo_workspace), starts the sample projects' real
    training scripts as processes and opens the screen on it while they run. One of them
    diverges and one crashes; that is meant. What still runs when you leave is stopped.
    """
    from workbench.clock import SYSTEM  # noqa: PLC0415 - after parsing
    from workbench.operations.demo import begin  # noqa: PLC0415

    started = begin(folder, SYSTEM)
    root = started.workspace.root
    try:
        if headless or not (output.terminal() and output.keyboard()):
            _wait_and_print(started)
        else:
            from workbench.cli.screen import show  # noqa: PLC0415

            show(root)
    finally:
        if started.stop():
            output.say("The training scripts that still ran were stopped.")
    output.say(f"The workspace stays in {root}; open it with: workbench open {folder}")


def _wait_and_print(started: "Demo") -> None:
    from workbench.cli.options import opened  # noqa: PLC0415
    from workbench.cli.runs import print_table  # noqa: PLC0415
    from workbench.operations.demo import why_nothing  # noqa: PLC0415

    output.say(f"Training in {started.workspace.root}; this takes some minutes.")
    told = 0
    while not started.wait(0.5):
        told = _tell(started, told)
    _tell(started, told)
    with opened(started.workspace.root) as session:
        from workbench.operations.runs_table import count_matching  # noqa: PLC0415

        if count_matching(session, "") == 0:
            raise why_nothing(started.finished)
        print_table(session)


def _tell(started: "Demo", told: int) -> int:
    """Say which scripts have ended since; return how many that are."""
    for one in started.finished[told:]:
        words = " ".join(one.script.command)
        how = "ended" if one.code == 0 else f"failed (exit code {one.code})"
        output.say(f"  {one.script.project}: {words} {how}")
    return len(started.finished)
