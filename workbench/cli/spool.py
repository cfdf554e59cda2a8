"""``sync-spool``: bring lines home that could not be written to their workspace."""

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command


@command("sync-spool")
@click.option("--list", "only_list", is_flag=True, help="Only list what waits.")
def sync_spool_command(only_list: bool) -> int:
    """Deliver what waits for its workspace.

    A script whose workspace cannot be written goes on and keeps its lines aside, locally.
    Delivering may be broken off and repeated. Exit code 1 if something has to stay in the spool.
    """
    from workbench.operations.spooled import deliver_all, waiting  # noqa: PLC0415 - after parsing

    found = waiting()
    if not found:
        output.say("Nothing waits in the spool.")
        return 0
    if only_list:
        for one in found:
            state = "still being written" if one.alive else "waits"
            since = words.moment(one.since)
            output.line(output.visible(f"{one.run_id}  {state} since {since}  for {one.root}"))
            output.line(output.visible(f"    {one.reason}"))
        return 0
    stayed = 0
    for outcome in deliver_all(found):
        if outcome.why_not:
            stayed += 1
            output.say(output.visible(f"{outcome.run_id} stays: {outcome.why_not}"))
        else:
            output.line(output.visible(f"{outcome.run_id}  delivered to {outcome.folder}"))
    return 1 if stayed else 0
