"""``deploy``: consumers see what is recorded, by hand or from cron."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option
from workbench.cli.registry_options import NOT_DEPLOYED, model_name

if TYPE_CHECKING:
    from workbench.operations.session import Session


@command("deploy")
@click.argument("model", required=False)
@workspace_option
@click.option("--all", "everything", is_flag=True,
              help="Also read every copy to its end and replace damaged ones.")  # fmt: skip
@click.option("--agree", is_flag=True,
              help="Let this machine write the folders that workbench.toml names.")  # fmt: skip
@form_options("json")
def deploy_command(
    model: str | None, workspace: Path | None, everything: bool, agree: bool, form: str | None
) -> int:
    """Bring consumers to what is recorded, where it has not happened.

    Pointers and copies of MODEL, or of all models, that somebody's promotion or rollback
    left undone: a drive was away, a disk full, a process killed. Says nothing when all is
    well, so it fits into cron. Exit code 7 if something is still pending.

    A folder outside is written only if you agreed to it on this machine: by promoting or
    rolling back there, or once with --agree.
    """
    from workbench.operations.registry import deploying  # noqa: PLC0415 - after parsing
    from workbench.operations.registry.opening_journal import state as read_state  # noqa: PLC0415

    with opened(workspace, sweep=False) as session:
        session.require_writable()
        names = None if model is None else [read_state(session, model_name(model)).model]
        agreed = _agree(session) if agree else ()
        if everything:
            found = deploying.deploy_all(session, names)
        else:
            found = deploying.repair(session, names, at_once=True)
    if form == "json":
        output.json_array(asdict(one) for one in found)
    else:
        output.lines(output.visible(one) for one in agreed)
        for one in found:
            said = f"{one.model}@{one.stage}  {one.state}  {one.path}  {one.reason} {one.hint}"
            output.line(output.visible(said.rstrip()))
    return 0 if all(one.done for one in found) else NOT_DEPLOYED


def _agree(session: "Session") -> tuple[str, ...]:
    """Let the folders of all stages be written from this machine; return what to say of it."""
    from workbench.operations.registry.destinations import agree_to  # noqa: PLC0415 - on demand
    from workbench.registry.policy import read_policy  # noqa: PLC0415 - on demand

    named = [one for one in read_policy(session.root).stages.values() if one.deploy_to]
    for stage in named:
        agree_to(session, stage.deploy_to)
    return tuple(
        f"{stage.name} may be deployed to {stage.deploy_to} from this machine." for stage in named
    )
