"""What happened: faults, the journal of changes, and what is new since the last look."""

import json
from typing import NamedTuple

from workbench import words
from workbench.catalogue import data_lines
from workbench.catalogue import faults as stored
from workbench.catalogue.arrivals import Arrived, since
from workbench.catalogue.data_lines import VersionLine
from workbench.catalogue.faults import FaultLine
from workbench.durable import replace
from workbench.operations import edits
from workbench.operations.edits import EditLine
from workbench.operations.housekeeping import journal as housekeeping_journal
from workbench.operations.registry.history import HistoryLine, history
from workbench.operations.registry.listing import RequestLine, waiting_for
from workbench.operations.session import Session
from workbench.settings import SETTINGS

_MOST_EVENTS = 500
"""More are asked for with ``workbench history``."""


class Activity(NamedTuple):
    """Everything the activity screen shows but the jobs."""

    faults: tuple[FaultLine, ...]
    journal: tuple[EditLine, ...]
    """Edits, housekeeping, the newest events of the registry, the newest versions of datasets and
    what was said of alerts, newest first."""
    arrived: Arrived
    """Runs that began or ended since the last look."""
    last_look: float | None
    """Seconds since 1970; None when this is the first."""
    requests: tuple[RequestLine, ...] = ()
    """Requests for promotions that this person can move on, oldest first."""


def activity(session: Session) -> Activity:
    """Return what happened, without changing what counts as seen."""
    seen = last_look(session)
    lines = [*_edits(session), *housekeeping_journal(session), *_events(session)]
    lines += [*_registered(session), *_said_of_alerts(session)]
    lines.sort(key=lambda line: line.time, reverse=True)
    return Activity(
        faults(session), tuple(lines), since(session.catalogue, seen or 0.0), seen,
        waiting_for(session, edits.actor(session)),
    )  # fmt: skip


def faults(session: Session) -> tuple[FaultLine, ...]:
    """Return everything that could not be read, settings first."""
    found = stored.faults(session.catalogue)
    if session.settings_fault is None:
        return found
    error = session.settings_fault
    line = FaultLine(SETTINGS, f"{error.message} {error.hint}", error.line or None, None, "", ".")
    return (line, *found)


def last_look(session: Session) -> float | None:
    """Return when this person last looked, in seconds since 1970."""
    try:
        fields = json.loads((session.state / "looked.json").read_bytes())
        return float(fields["at"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def mark_looked(session: Session) -> None:
    """Remember that this person has seen everything up to now."""
    data = json.dumps({"at": session.clock.now()}).encode()
    try:
        replace(session.state / "looked.json", data)
    except OSError:
        return


def _events(session: Session) -> list[EditLine]:
    """Return the newest events of all models as lines of the journal."""
    return [
        EditLine(one.event_id, one.time, one.actor, (), _sentence(one), one.model)
        for one in history(session, limit=_MOST_EVENTS)
    ]


def _said_of_alerts(session: Session) -> list[EditLine]:
    """Return what people said of alerts as lines of the journal."""
    if session.workspace is None:
        return []
    from workbench.operations.drift.alerts import said_in_words  # noqa: PLC0415 - when asked for

    said = session.alert_records().values()
    return [
        EditLine(one.id, one.time, one.actor, (), said_in_words(one), monitor=one.monitor)
        for one in said
    ]


def _registered(session: Session) -> list[EditLine]:
    """Return the newest versions of datasets as lines of the journal."""
    return [
        EditLine(f"{name}@{one.number}", one.time, one.actor, (), _of_version(one), dataset=name)
        for name, one in data_lines.newest(session.catalogue, _MOST_EVENTS)
    ]


def _of_version(one: VersionLine) -> str:
    rows = "" if one.rows is None else f": {words.plural(one.rows, 'row')}"
    by_itself = ", followed" if one.how == "followed" else ""
    return f"version {one.number} registered{rows}{by_itself}"


def _sentence(one: HistoryLine) -> str:
    because = f", because {one.why}" if one.why else ""
    overridden = f", overriding {', '.join(one.overrides)}" if one.overrides else ""
    return f"{one.model}: {one.what}{overridden}{because}"


def _edits(session: Session) -> tuple[EditLine, ...]:
    return edits.journal(session)
