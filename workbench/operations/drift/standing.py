"""How all that is watched stands after a run: what a clock's command prints, writes and returns.

It is asked of what is kept, not of what this run did: whoever ran first, a second run that finds
nothing new ends as the first one did.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from workbench.datasets.drift.report import ALARMS, ERROR, TOO_FEW
from workbench.errors import SettingsError
from workbench.operations.drift import gist
from workbench.operations.drift.listing import names, watched
from workbench.operations.drift.prometheus import as_prometheus
from workbench.operations.drift.series import series
from workbench.operations.drift.unknown import no_monitor
from workbench.operations.session import Session

if TYPE_CHECKING:
    from workbench.operations.drift.monitoring import Ran

BROKEN: Final = SettingsError.exit_code
"""The exit code of a run in which a monitor could not be run at all."""


def require_watched(session: Session, name: str) -> None:
    """Do nothing if something of that name is watched, or was.

    Raises:
        NotFoundError: Nothing is; says what is near.
    """
    there = names(session)
    if name not in there:
        raise no_monitor(name, there)


def standing(session: Session, ran: "Sequence[Ran]") -> dict[str, str]:
    """Return the newest verdict of each monitor that was run, without what is muted of it.

    None of one never checked.
    """
    asked = {one.monitor for one in ran}
    return {name: verdict for name, verdict in verdicts(session).items() if name in asked}


def verdicts(session: Session) -> dict[str, str]:
    """Return the newest verdict of each monitor that was ever checked, as `standing` does."""
    return {one.name: one.heard for one in watched(session) if one.checked is not None}


def exit_code(ran: "Sequence[Ran]", found: Mapping[str, str]) -> int:
    """Return how a run ends: 3 drift, 2 a monitor could not be run, 5 nothing judged, else 0.

    Drift comes first: a monitor that is broken must not hide that another one alarms.
    """
    if any(verdict in ALARMS for verdict in found.values()):
        return gist.DRIFTED
    if any(one.fault for one in ran):
        return BROKEN
    return gist.UNDECIDED if any(one in (TOO_FEW, ERROR) for one in found.values()) else gist.OK


def sentence(one: "Ran", found: Mapping[str, str]) -> str:
    """Return how a monitor stands in one line; its fault is said elsewhere."""
    late = " (overdue)" if one.overdue else ""
    if one.report is not None and one.new:
        quiet = one.report.verdict in ALARMS and found.get(one.monitor) not in ALARMS
        return f"{one.monitor}: {gist.headline(one.report)}{' (muted)' if quiet else ''}{late}"
    kept = one.report.verdict if one.report is not None else None
    verdict = found.get(one.monitor, kept)
    if verdict is None:
        return f"{one.monitor}: there are no data to check yet{late}"
    return f"{one.monitor}: {verdict}; nothing new since the last check{late}"


def prometheus(session: Session, ran: "Sequence[Ran]") -> str:
    """Return the Prometheus text of all monitors, whichever were run."""
    lines = watched(session)
    found = {one.name: series(session, one.name) for one in lines if one.checked is not None}
    faults = {one.monitor: one.fault for one in ran if one.fault}
    return as_prometheus(lines, found, faults, session.clock.now())
