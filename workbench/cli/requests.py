"""``request``, ``approve`` and ``tick``: asking for a promotion, and answering."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.registry_options import (
    meant,
    reason_option,
    remark_option,
    stage_option,
)

if TYPE_CHECKING:
    from workbench.registry.event import Event

_UNPROVEN = "The name is a setting or user@host; nobody has proven it."
_SHORT = 12
_SIGNED = "It is signed with your SSH key."


@command("request")
@click.argument("version")
@workspace_option
@stage_option
@reason_option
@click.option("--withdraw", is_flag=True, help="Take back a request that is open.")
def request_command(
    version: str, workspace: Path | None, stage: str, reason: str, withdraw: bool
) -> None:
    """Ask others to let a version into a stage.

    The request is listed in Activity and counted in the header of everybody's screen until
    the version is there or somebody takes it back.
    """
    from workbench.operations.registry import requests  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        one = meant(session, version)
        if withdraw:
            requests.withdraw(session, one.model, one.version, stage, reason)
            output.say(output.visible(f"The request for {one} in {stage} is taken back."))
            return
        requests.request(session, one.model, one.version, stage, reason)
        output.say(output.visible(f"{one} is asked for in {stage}."))


@command("approve")
@click.argument("version")
@workspace_option
@stage_option
@remark_option
def approve_command(version: str, workspace: Path | None, stage: str, reason: str) -> None:
    """Agree that a version may take a stage.

    The approval is bound to exactly these files, this holder of the stage and these rules;
    when one of them changes it no longer counts. Who registered the version, and who
    promotes it, do not count as others.
    """
    from workbench.operations.registry import requests  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        one = meant(session, version)
        event = requests.approve(session, one.model, one.version, stage, reason)
        said = f"{one} in {stage} is approved by {event.actor}. {_bound(event)}"
        output.say(output.visible(f"{said} {_worth(event)}"))


@command("tick")
@click.argument("version")
@workspace_option
@stage_option
@click.option("--check", required=True, metavar="NAME", help="The item of the checklist.")
@remark_option
def tick_command(version: str, workspace: Path | None, stage: str, check: str, reason: str) -> None:
    """Say that an item of the checklist is done.

    Only items of kind "manual" are ticked by people; everything else is evaluated.
    """
    from workbench.operations.registry import requests  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        one = meant(session, version)
        event = requests.tick(session, one.model, one.version, stage, check, reason)
        said = f"{check} of {one} is ticked by {event.actor}. {_bound(event)}"
        output.say(output.visible(f"{said} {_worth(event)}"))


def _bound(event: "Event") -> str:
    """Say what an approval or a tick is of; nobody was shown it before."""
    details = event.details
    files = f"Bound to the files {details['manifest'][:_SHORT]}"
    if "item" in details:
        return f"{files} and to the words: {str(details['item']).rstrip('.')}."
    champion = details["champion"]
    holder = "empty" if champion is None else f"holding v{champion}"
    return f"{files}, to {event.stage} {holder} and to the rules {details['rules'][:_SHORT]}."


def _worth(event: "Event") -> str:
    """Say what the name is worth."""
    return _SIGNED if event.details.get("signature") else _UNPROVEN
