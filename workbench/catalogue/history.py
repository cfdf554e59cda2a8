"""Who did what to which model, when and why: rows of the journals."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from workbench.catalogue.connection import Catalogue
from workbench.registry.event import APPROVED, PROMOTED, REGISTERED, ROLLED_BACK, TICKED, Event

_DECIDING: Final = [REGISTERED, PROMOTED, ROLLED_BACK, APPROVED, TICKED]
_MOST: Final = 2**62
"""More events than there are."""


class CheckLine(NamedTuple):
    """What came out of one check when a version was promoted."""

    name: str
    text: str
    """The rule, or what was asked in words."""
    outcome: str
    """``holds``, ``fails``, ``undecided`` or ``not applicable``."""
    observed: str
    required: str
    sentence: str


class HistoryLine(NamedTuple):
    """One event."""

    time: float
    """Effective time, in seconds since 1970: its own, or the one before's if that is later."""
    actor: str
    what: str
    """In words: ``put v7 in production, in place of v6``."""
    why: str
    """The reason its author gave; may be empty."""
    model: str
    version: int | None
    stage: str
    kind: str
    seq: int
    checks: tuple[CheckLine, ...]
    overrides: Mapping[str, str]
    """Name of a check that did not pass to the reason it was overridden with."""
    approvals: tuple[str, ...]
    """Who had approved."""
    event_id: str
    host: str
    said: float
    """Its author's own clock, in seconds since 1970; differs from ``time`` where that was slow."""


class HeldLine(NamedTuple):
    """What a stage held at a moment."""

    model: str
    stage: str
    version: int | None
    since: float
    """Seconds since 1970."""
    actor: str
    reason: str


class Untold(NamedTuple):
    """A model of which nobody can tell what its stages held at a moment."""

    model: str
    path: str
    """Of the event that cannot be read, relative to the workspace."""
    reason: str


class Happened(NamedTuple):
    """An event as it is stored, before anybody puts it in words."""

    time: float
    """Effective, in seconds since 1970."""
    actor: str
    why: str
    model: str
    version: int | None
    stage: str
    kind: str
    seq: int
    event_id: str
    host: str
    said: float
    was: int | None
    """What held the stage before, for events that changed the holder."""
    details: Mapping[str, Any]


def happened(
    catalogue: Catalogue,
    *,
    model: str | None = None,
    since: float | None = None,
    until: float | None = None,
    limit: int | None = None,
) -> tuple[Happened, ...]:
    """Return events, newest first, of one model or of all.

    Args:
        catalogue: Where.
        model: Its name; None for all.
        since: Not before this effective time, in seconds since 1970.
        until: Not after this effective time.
        limit: At most this many; None for all.
    """
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT effective, actor, reason, model, version, stage, kind, seq, event_id, host, "
            "said, was, details FROM events WHERE ($model IS NULL OR model = $model) "
            "AND effective >= $since AND effective <= $until "
            "ORDER BY effective DESC, model, seq DESC LIMIT $limit",
            {
                "model": model,
                "since": -math.inf if since is None else since,
                "until": math.inf if until is None else until,
                "limit": _MOST if limit is None else limit,
            },
        )
        .fetchall()
    )
    return tuple(Happened._make((*row[:-1], _details(row[-1]))) for row in rows)


def held(catalogue: Catalogue, at: float | None, model: str | None = None) -> tuple[HeldLine, ...]:
    """Return what every stage held at a moment, by model and stage; empty stages too.

    Models that are `untold` are left out.

    Args:
        catalogue: Where.
        at: Effective time, in seconds since 1970; None for now.
        model: Its name; None for all.
    """
    unsure = {one.model for one in untold(catalogue, at, model)}
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT model, stage, version, since, actor, reason FROM holdings "
            "WHERE ($model IS NULL OR model = $model) "
            "AND since <= $at AND (until IS NULL OR until > $at) ORDER BY model, stage",
            {"model": model, "at": math.inf if at is None else at},
        )
        .fetchall()
    )
    return tuple(HeldLine(*row) for row in rows if row[0] not in unsure)


def untold(catalogue: Catalogue, at: float | None, model: str | None = None) -> tuple[Untold, ...]:
    """Return the models whose journal cannot be read as far as a moment, by name.

    What cannot be read happened no earlier than the last event before it; from then on any
    stage may have changed hands.
    """
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT model, broken_path, broken_reason FROM models m WHERE broken_path != '' "
            "AND ($model IS NULL OR model = $model) AND $at >= coalesce("
            "(SELECT max(effective) FROM events e WHERE e.model = m.model), 0) ORDER BY model",
            {"model": model, "at": math.inf if at is None else at},
        )
        .fetchall()
    )
    return tuple(map(Untold._make, rows))


def said_of_stages(catalogue: Catalogue, models: Sequence[str]) -> dict[str, tuple[Event, ...]]:
    """Return what decides about requests: registrations, promotions, approvals and ticks.

    The events of some models, by model and in order; of a registration's details only the
    manifest's hash is there, and no event has its own.
    """
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT seq, model, event_id, kind, actor, host, said, reason, version, stage, "
            "details, effective FROM events WHERE model IN (SELECT unnest($models::VARCHAR[])) "
            "AND kind IN (SELECT unnest($kinds::VARCHAR[])) ORDER BY model, seq",
            {"models": list(models), "kinds": _DECIDING},
        )
        .fetchall()
    )
    found: dict[str, list[Event]] = {}
    for seq, model, id_, kind, actor, host, said, why, version, stage, details, effective in rows:
        event = Event(
            seq, model, id_, kind, actor, host, said, why, version, stage, {}, _details(details),
            "", "", effective,
        )  # fmt: skip
        found.setdefault(model, []).append(event)
    return {model: tuple(events) for model, events in found.items()}


def _details(text: str) -> Mapping[str, Any]:
    found: dict[str, Any] = {} if text == "{}" else json.loads(text)
    return found
