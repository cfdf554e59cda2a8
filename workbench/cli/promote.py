"""``promote`` and ``rollback``: who holds a stage."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, opened, workspace_option
from workbench.cli.registry_options import (
    meant,
    model_name,
    pairs,
    reason_option,
    say_done,
    stage_option,
)
from workbench.errors import NotAllowedError, UsageError

if TYPE_CHECKING:
    from workbench.operations.registry.card import Card


@command("promote")
@click.argument("version")
@workspace_option
@stage_option
@reason_option
@click.option("--override", "overrides", multiple=True, metavar="CHECK=REASON",
              help="Go on though this check does not pass; shown for ever.")  # fmt: skip
@click.option("--expect", metavar="N|none",
              help="Refuse unless this version holds the stage now.")  # fmt: skip
def promote_command(
    version: str,
    workspace: Path | None,
    stage: str,
    reason: str,
    overrides: tuple[str, ...],
    expect: str | None,
) -> int:
    """Put a version in a stage, if its checks hold.

    VERSION is written churn@3, or churn@staging for whatever holds that stage. Every check
    is evaluated now, whatever `gate` said before. Exit codes: 3 a check fails, 4 not
    allowed, 5 a check is undecided, 6 somebody else was first, 7 recorded but not yet
    deployed.
    """
    from workbench.cli.card_lines import card_lines  # noqa: PLC0415 - after parsing
    from workbench.errors import CheckFailedError, UndecidedError  # noqa: PLC0415
    from workbench.operations.registry.gate import gate  # noqa: PLC0415
    from workbench.operations.registry.promote import promote  # noqa: PLC0415

    with opened(workspace) as session:
        one = meant(session, version)
        card = gate(session, one.model, one.version, stage)
        _expect(expect, card)
        checks = [one.check.name for one in card.checks]
        reasons = pairs(overrides, "CHECK=REASON", checks)
        try:
            done = promote(session, card, reason, reasons)
        except (CheckFailedError, UndecidedError):
            output.lines(card_lines(card))
            raise
        return say_done(done, f"{one} holds {stage}")


@command("rollback")
@click.argument("model")
@workspace_option
@stage_option
@reason_option
@click.option("--to", metavar="N", help="This former holder; else the latest good one.")
@click.option("--empty", is_flag=True, help="Leave the stage empty.")
@click.option("--expect", metavar="N|none",
              help="Refuse unless this version holds the stage now.")  # fmt: skip
def rollback_command(
    model: str,
    workspace: Path | None,
    stage: str,
    reason: str,
    to: str | None,
    empty: bool,
    expect: str | None,
) -> int:
    """Give a stage back to a version that held it.

    Without --to it is the latest former holder that was never rolled away from and whose
    files are intact, so that rolling back twice never restores the bad one. Nothing is
    checked and nobody is asked: rolling back works when all else fails.
    """
    from workbench.operations.registry import rollback  # noqa: PLC0415 - after parsing

    if to is not None and empty:
        raise UsageError("--to and --empty cannot be given together.")
    with opened(workspace) as session:
        name = model_name(model)
        card = rollback.card(session, name, stage, to=_number(to), empty=empty)
        _expect(expect, card)
        if card.version is None and not empty:
            raise _nothing_comes_back(card)
        done = rollback.roll_back(session, card, reason)
        becomes = "is empty" if card.version is None else f"is {name}@{card.version} again"
        return say_done(done, f"{name}@{stage} {becomes}")


def _nothing_comes_back(card: "Card") -> NotAllowedError:
    """Return why a stage is given back to nobody: the journal, that it is empty, or the files."""
    if card.seen.unreadable is not None:
        return NotAllowedError(" ".join(card.objections), hint="Run `workbench doctor --registry`.")
    if card.was is None:
        return NotAllowedError(
            f"{card.model}@{card.stage} is empty: there is nothing to roll back.",
            hint="Promote a version, or name a former holder with --to.",
        )
    return NotAllowedError(
        " ".join(card.said), hint="Empty the stage with --empty, or promote another version."
    )


def _number(text: str | None) -> int | None:
    """Return the version ``3``, ``v3`` or ``churn@3`` means."""
    if text is None:
        return None
    digits = text.rpartition("@")[2].removeprefix("v")
    if not digits.isascii() or not digits.isdigit():
        raise UsageError(f"{text!r} is no version.", hint="Write its number, such as 3.")
    return int(digits)


def _expect(text: str | None, card: "Card") -> None:
    """Refuse where somebody expects another holder than there is.

    Raises:
        ConflictError: Another version holds the stage; says who put it there and why.
    """
    from workbench.errors import ConflictError  # noqa: PLC0415

    if text is None:
        return
    wanted = None if text.casefold() in ("none", "empty") else _number(text)
    if wanted == card.was:
        return
    where = f"{card.model}@{card.stage}"
    expected = "empty" if wanted is None else f"version {wanted}"
    now = "empty" if card.was is None else f"version {card.was}"
    held = card.holding
    who = "" if held is None else f": {held.event.actor} made it so at {words.second(held.since)}"
    why = f", because {held.event.reason}" if held is not None and held.event.reason else ""
    raise ConflictError(
        f"{where} is {now}, not {expected}{who}{why}.",
        hint=f"See what happened with: workbench history {card.model}",
    )
