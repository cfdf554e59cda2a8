"""What is watched looked through: monitors, reports, what was said of alerts."""

from collections.abc import Iterator
from typing import Final

from workbench.catalogue import drift_lines
from workbench.catalogue.faults import faults
from workbench.datasets.drift import records, storing
from workbench.errors import WorkbenchError
from workbench.operations.doctor import Check
from workbench.operations.drift.listing import WatchedLine, watched
from workbench.operations.session import Session
from workbench.words import plural, visible

_PART: Final = "drift"
_FEW: Final = 5
_OPENED: Final = 100
"""Newest reports of each monitor that are read to their last curve."""


def examine_drift(session: Session) -> Iterator[Check]:
    """Yield what is so with drift: one line for all, and one for everything that is not."""
    if session.workspace is None:
        return
    lines = watched(session)
    count = sum(line.chunks for line in lines)
    says = f"{plural(len(lines), 'monitor')}, {plural(count, 'chunk')} checked" if lines else "none"
    yield Check(_PART, "watched", "good", says)
    for line in lines:
        yield from _monitor(session, line)
    yield from _unreadable(session)


def _monitor(session: Session, line: WatchedLine) -> Iterator[Check]:
    if line.fault:
        yield Check(_PART, line.name, "bad", line.fault)
    if line.overdue:
        yield Check(_PART, line.name, "note", "its check is overdue")
    if line.alerts:
        waits = f"{plural(line.alerts, 'alert')} that nobody acknowledged"
        yield Check(_PART, line.name, "note", waits)
    yield from _undrawable(session, line.name)


def _undrawable(session: Session, monitor: str) -> Iterator[Check]:
    """Yield the reports that are listed and cannot be opened."""
    wrong = []
    for report in drift_lines.reports(session.catalogue, monitor=monitor)[:_OPENED]:
        try:
            storing.read(session.root, monitor, report.key)
        except (WorkbenchError, OSError) as error:
            wrong.append((storing.path_of(monitor, report.key), str(error)))
    yield from _told(wrong)


def _unreadable(session: Session) -> Iterator[Check]:
    """Yield the files that are no report, and no word on an alert."""
    below = (f"{storing.FOLDER}/", f"{records.FOLDER}/")
    broken = [one for one in faults(session.catalogue) if one.path.startswith(below)]
    yield from _told([(one.path, one.reason) for one in broken])


def _told(wrong: list[tuple[str, str]]) -> Iterator[Check]:
    for path, why in wrong[:_FEW]:
        yield Check(_PART, visible(path), "bad", visible(why))
    if len(wrong) > _FEW:
        yield Check(_PART, "reports", "bad", f"{plural(len(wrong) - _FEW, 'more file')} like these")
