"""``drift mute`` and ``unmute``: a column that is not to alert for a while, and why."""

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option


@command("mute")
@click.argument("monitor")
@click.argument("column")
@workspace_option
@click.option("--until", required=True, metavar="DAY", help="The last day it holds, YYYY-MM-DD.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; colleagues see it.")
def mute_command(
    monitor: str, column: str, workspace: Path | None, until: str, reason: str
) -> None:
    """Have a column of a monitor not alert for a while.

    It is still checked and shown. The mute is a file in the workspace, seen by colleagues, and
    ends by itself.
    """
    from workbench.operations.drift.alerts import mute  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        mute(session, monitor, column, until, reason)
    output.say(output.visible(f"{column} of {monitor} does not alert until {until}."))


@command("unmute")
@click.argument("monitor")
@click.argument("column")
@workspace_option
def unmute_command(monitor: str, column: str, workspace: Path | None) -> None:
    """Let a muted column alert again, from now on."""
    from workbench.operations.drift.alerts import unmute  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        unmute(session, monitor, column)
    output.say(output.visible(f"{column} of {monitor} alerts again."))
