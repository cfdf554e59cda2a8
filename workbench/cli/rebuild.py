"""``rebuild``: make the local index anew."""

from pathlib import Path

import click

from workbench.cli import output, present
from workbench.cli.options import command, opened, workspace_option


@command("rebuild")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@workspace_option
def rebuild_command(path: Path | None, workspace: Path | None) -> None:
    """Delete the local index and read the folder again.

    Nothing is lost: the folder is the truth, the index is only a copy on this machine.
    """
    from workbench.operations.rebuild import rebuild  # noqa: PLC0415 - after parsing

    done = rebuild(opened(path if path is not None else workspace, sweep=False))
    faults = present.plural(done.faults, "fault")
    took = present.duration(done.seconds)
    output.say(f"Read {present.plural(done.runs, 'run')} and {faults} in {took}.")
