"""Who did what when and why, and what was in a stage on a given day, over all models."""

from collections.abc import Mapping
from typing import Any

from workbench.catalogue import history as stored
from workbench.catalogue.history import CheckLine, Happened, HeldLine, HistoryLine
from workbench.operations.session import Session
from workbench.registry import event
from workbench.words import moment, visible

__all__ = ["CheckLine", "HeldLine", "HistoryLine", "held", "history", "untold"]


def history(
    session: Session,
    model: str | None = None,
    *,
    since: float | None = None,
    until: float | None = None,
    limit: int | None = None,
) -> tuple[HistoryLine, ...]:
    """Return what happened, newest first, in one model or in all.

    Args:
        session: Where.
        model: Its name; None for all.
        since: Not before this moment, in seconds since 1970.
        until: Not after this moment.
        limit: At most this many; None for all.
    """
    rows = stored.happened(session.catalogue, model=model, since=since, until=until, limit=limit)
    return tuple(_line(one) for one in rows)


def held(session: Session, at: float | None, model: str | None = None) -> tuple[HeldLine, ...]:
    """Return what every stage held at a moment, by model and stage.

    The moment of an event is its author's clock or the event before's, whichever is later, so
    that a clock that is slow changes no order. Models that are `untold` are left out.

    Args:
        session: Where.
        at: Seconds since 1970; what happened right then counts. None for now.
        model: Its name; None for all.
    """
    return stored.held(session.catalogue, at, model)


def untold(
    session: Session, at: float | None, model: str | None = None
) -> tuple[tuple[str, str], ...]:
    """Return models of which it cannot be told what they held, each with why; as of `held`."""
    return tuple(
        (one.model, f"It cannot be told: {visible(one.path)} cannot be read. {visible(one.reason)}")
        for one in stored.untold(session.catalogue, at, model)
    )


def _line(one: Happened) -> HistoryLine:
    said = one.details
    return HistoryLine(
        one.time, one.actor, _what(one), one.why, one.model, one.version, one.stage, one.kind,
        one.seq, _checks(said.get("checks")), _overrides(said.get("overrides")),
        _names(said.get("approvals")), one.event_id, one.host, one.said,
    )  # fmt: skip


def _what(one: Happened) -> str:
    """Return an event in words, its author being the subject."""
    stage, version = visible(one.stage), f"v{one.version}"
    if one.kind == event.PROMOTED:
        return f"put {version} in {stage}{_in_place_of(one)}"
    if one.kind == event.ROLLED_BACK:
        if one.version is None:
            return f"emptied {stage}{_in_place_of(one, ', which held')}"
        return f"rolled {stage} back to {version}{_in_place_of(one, ' from')}"
    if one.kind == event.FROZEN:
        until = one.details.get("until")
        end = f" until {moment(until)}" if isinstance(until, int | float) else ""
        return f"froze {stage}{end}"
    if one.kind == event.TICKED:
        item = one.details.get("item") or one.details.get("check") or ""
        return f"ticked {visible(str(item))!r} for {version} in {stage}"
    words = _WORDS.get(one.kind)
    if words is None:
        return f"did something newer than this program: {visible(one.kind)}"
    return words.format(version=version, stage=stage)


_WORDS: Mapping[str, str] = {
    event.REGISTERED: "registered {version}",
    event.DESCRIBED: "described {version}",
    event.REQUESTED: "asked for {version} in {stage}",
    event.WITHDRAWN: "withdrew the request for {version} in {stage}",
    event.APPROVED: "approved {version} for {stage}",
    event.UNFROZEN: "thawed {stage}",
    event.RETIRED: "retired {version}",
    event.REINSTATED: "took {version} out of retirement",
    event.DELETED: "deleted {version}",
}


def _in_place_of(one: Happened, words: str = " in place of") -> str:
    return "" if one.was is None else f"{words} v{one.was}"


def _checks(found: Any) -> tuple[CheckLine, ...]:
    items = found if isinstance(found, list) else ()
    return tuple(
        CheckLine(*(str(one.get(name, "")) for name in CheckLine._fields))
        for one in items
        if isinstance(one, dict)
    )


def _overrides(found: Any) -> Mapping[str, str]:
    items = found.items() if isinstance(found, dict) else ()
    return {str(name): str(reason) for name, reason in items}


def _names(found: Any) -> tuple[str, ...]:
    return tuple(map(str, found)) if isinstance(found, list) else ()
