"""``deploy``: consumers see what is recorded, by hand or from cron."""

from dataclasses import asdict
from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.registry_options import NOT_DEPLOYED, model_name


@command("deploy")
@click.argument("model", required=False)
@workspace_option
@click.option("--all", "everything", is_flag=True,
              help="Also read every copy to its end and replace damaged ones.")  # fmt: skip
@form_options("json")
def deploy_command(
    model: str | None, workspace: Path | None, everything: bool, form: str | None
) -> int:
    """Bring consumers to what is recorded, where that has not happened yet.

    Pointers and copies of MODEL, or of all models, that somebody's promotion or rollback
    left undone: a drive was away, a disk full, a process killed. Says nothing when all is
    well, so it fits into cron. Exit code 7 if something is still pending.
    """
    from workbench.operations.registry import deploying  # noqa: PLC0415 - after parsing
    from workbench.operations.registry.opening_journal import state as read_state  # noqa: PLC0415

    with opened(workspace, sweep=False) as session:
        session.require_writable()
        names = None if model is None else [read_state(session, model_name(model)).model]
        if everything:
            found = deploying.deploy_all(session, names)
        else:
            found = deploying.repair(session, names, at_once=True)
    if form == "json":
        output.json_array(asdict(one) for one in found)
    else:
        for one in found:
            said = f"{one.model}@{one.stage}  {one.state}  {one.path}  {one.reason}"
            output.line(output.visible(said.rstrip()))
    return 0 if all(one.done for one in found) else NOT_DEPLOYED
