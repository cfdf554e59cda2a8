"""Opening the screens: the one place the command line reaches them."""

import gc
from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option


@command("open")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
@click.option("--view", default="", metavar="NAME", help="As this saved view shows them.")
def open_command(path: Path | None, workspace: Path | None, view: str) -> None:
    """Open a workspace or a folder of runs on the screen.

    PATH may be a workspace, a bare mlruns/ or any folder with runs somewhere below it; a
    folder of another tool is only looked at. Without PATH: the workspace of
    $WORKBENCH_WORKSPACE or the nearest above, else the runs found right here. Where there
    is no terminal the runs table is printed instead.
    """
    chosen = path if path is not None else workspace
    if not (output.terminal() and output.keyboard()):
        from workbench.cli.runs import print_table  # noqa: PLC0415 - without a terminal only

        with opened(chosen) as session:
            print_table(session, view)
        return
    show(chosen, view)


def show(path: Path | None, view: str = "") -> None:
    """Open the screens; they sweep by themselves.

    Nothing that is loaded here is ever garbage: looking for some would take a tenth of the
    time until the first paint. The screens let it begin again then.
    """
    gc.disable()
    session = opened(path, sweep=False)
    saved = None
    if view:
        from workbench.operations.views import named  # noqa: PLC0415 - when asked for

        saved = named(session, view).view
    from workbench.tui.app import run_app  # noqa: PLC0415 - the deferred import

    run_app(session, saved)
