"""``freeze``, ``unfreeze`` and ``retire``: what is not to change, and what is not to come back."""

from pathlib import Path

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.registry_options import meant, model_name, reason_option, stage_option


@command("freeze")
@click.argument("model")
@workspace_option
@stage_option
@reason_option
@click.option("--until", metavar="WHEN", help="A day such as 2027-01-31, or 7d; else until thawed.")
def freeze_command(
    model: str, workspace: Path | None, stage: str, reason: str, until: str | None
) -> None:
    """Keep a stage as it is, until a day.

    Nobody can promote into a frozen stage; rolling back still works.
    """
    from workbench.operations.moments import moment_until  # noqa: PLC0415 - after parsing
    from workbench.operations.registry import freezing  # noqa: PLC0415

    with opened(workspace) as session:
        name = model_name(model)
        end = None if until is None else moment_until(until, session.clock.now())
        freezing.freeze(session, name, stage, reason, end)
        when = "until somebody thaws it" if end is None else f"until {words.moment(end)}"
        output.say(output.visible(f"{name}@{stage} is frozen {when}."))


@command("unfreeze")
@click.argument("model")
@workspace_option
@stage_option
@reason_option
def unfreeze_command(model: str, workspace: Path | None, stage: str, reason: str) -> None:
    """Let a frozen stage change again."""
    from workbench.operations.registry import freezing  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        name = model_name(model)
        freezing.unfreeze(session, name, stage, reason)
        output.say(output.visible(f"{name}@{stage} may change again."))


@command("retire")
@click.argument("version")
@workspace_option
@reason_option
@click.option("--undo", is_flag=True, help="Let a retired version be promoted again.")
def retire_command(version: str, workspace: Path | None, reason: str, undo: bool) -> None:
    """Say that a version is not to be used again.

    It keeps its number, files and history. A version that holds a stage cannot be retired.
    """
    from workbench.operations.registry import retiring  # noqa: PLC0415 - after parsing

    with opened(workspace) as session:
        one = meant(session, version)
        if undo:
            retiring.reinstate(session, one.model, one.version, reason)
            output.say(output.visible(f"{one} may be promoted again."))
            return
        retiring.retire(session, one.model, one.version, reason)
        output.say(output.visible(f"{one} is retired."))
