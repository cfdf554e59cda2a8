"""What happened: faults, the journal of changes, and what is new since the last look."""

import json
from typing import NamedTuple

from workbench.catalogue import faults as stored
from workbench.catalogue.arrivals import Arrived, since
from workbench.catalogue.faults import FaultLine
from workbench.durable import replace
from workbench.operations import edits
from workbench.operations.edits import EditLine
from workbench.operations.housekeeping import journal as housekeeping_journal
from workbench.operations.session import Session
from workbench.settings import SETTINGS


class Activity(NamedTuple):
    """Everything the activity screen shows but the jobs."""

    faults: tuple[FaultLine, ...]
    journal: tuple[EditLine, ...]
    """Edits and housekeeping, newest first."""
    arrived: Arrived
    """Runs that began or ended since the last look."""
    last_look: float | None
    """Seconds since 1970; None when this is the first."""


def activity(session: Session) -> Activity:
    """Return what happened, without changing what counts as seen."""
    seen = last_look(session)
    lines = [*_edits(session), *housekeeping_journal(session)]
    lines.sort(key=lambda line: line.time, reverse=True)
    return Activity(faults(session), tuple(lines), since(session.catalogue, seen or 0.0), seen)


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


def _edits(session: Session) -> tuple[EditLine, ...]:
    return edits.journal(session)
