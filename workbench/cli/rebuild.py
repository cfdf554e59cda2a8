"""``rebuild``: make the local index anew."""

from pathlib import Path

import click

from workbench import words
from workbench.cli import output
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
    faults = words.plural(done.faults, "fault")
    took = words.duration(done.seconds)
    output.say(f"Read {words.plural(done.runs, 'run')} and {faults} in {took}.")
