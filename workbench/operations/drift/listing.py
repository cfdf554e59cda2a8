"""Everything that is watched, a line each: for looking, from the catalogue."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec

from workbench.catalogue import drift_lines
from workbench.catalogue.drift_lines import Cell, Head, Overview, ReportLine
from workbench.datasets import monitors
from workbench.datasets.drift.alerting import Raised, one_each
from workbench.datasets.drift.monitor import Monitor
from workbench.datasets.drift.ordering import rank
from workbench.datasets.drift.report import ALARMS
from workbench.datasets.monitors import Monitors
from workbench.errors import SettingsError
from workbench.operations.drift.alerts import muted_now
from workbench.operations.drift_alerting import Heard, all_mutes, heard, raised
from workbench.operations.session import Session
from workbench.settings import SETTINGS

TREND: Final = 24
"""Chunks whose scores are kept for a line."""
_WORST: Final = 5
_NAMES: Final = msgspec.json.Decoder(tuple[str, ...]).decode


_NOTHING: Final = Overview(0, (), ())


class WatchedLine(NamedTuple):
    """A monitor and how it stands."""

    name: str
    model: str
    """Its name; empty where only data are watched."""
    stage: str
    version: int | None
    """The one that the newest check was about."""
    data: str
    checked: float | None
    """When it was checked last, seconds since 1970; None for never."""
    verdict: str
    """Of the newest chunk, the gravest where it has segments; empty before the first check."""
    worst: tuple[tuple[str, str, float], ...]
    """Columns in drift in the newest chunk: name, verdict and effect over its limit."""
    trend: tuple[float, ...]
    """Scores of the newest chunks, the newest last."""
    alerts: int
    """That nobody acknowledged."""
    acknowledged: int
    overdue: bool
    data_time: float | None
    """When the newest data that were checked came, seconds since 1970."""
    chunks: int
    """That were checked, without those of segments."""
    reference: str
    fault: str
    """Why it cannot be run."""
    muted: tuple[str, ...]
    """Columns that do not alert now."""
    severity: str
    """What an alert is worth: ``note``, ``warning`` or ``critical``."""
    rows: int | None
    """Of the newest chunk."""
    alerted: tuple[str, ...] = ()
    """Columns of the alerts that nobody acknowledged."""
    reading: bool = False
    """Reports are still being read: there may be more than is said here."""
    unread: str = ""
    """Why a report of it cannot be read."""
    heard: str = ""
    """The verdict without what is muted: what exit codes and metrics go by."""
    silent: tuple[str, ...] = ()
    """Columns that were muted when the newest chunk was checked."""

    @property
    def wrong(self) -> str:
        """Return what of it has to be put right, what stops it first."""
        return self.fault or (f"A report: {self.unread}" if self.unread else "")


def watched(session: Session, only: str = "") -> tuple[WatchedLine, ...]:
    """Return what the settings want watched, what needs attention first.

    Where the settings cannot be read, what has reports.

    Args:
        session: Where.
        only: This monitor alone; empty: all.
    """
    found, fault = _settings(session)
    reading, settings = session.reading, None if fault else found.monitors
    asked = raised(session, drift_lines.alarming(session.catalogue, only), settings)
    broken = drift_lines.unreadable(session.catalogue)
    # Asked after the alerts: reports that come in between are not to be alerts of nothing.
    reports = drift_lines.newest_reports(session.catalogue)
    chunks = drift_lines.overviews(session.catalogue, TREND)
    muted = muted_now(session, found.monitors)
    said = tuple(session.alert_records().values()) if session.workspace else ()
    names = _names(found, fault, reports)
    lines = (
        _line(
            session, name, found.monitors.get(name), fault or faults_of(session, found, name),
            chunks.get(name, _NOTHING), reports.get(name), asked.get(name, ()),
            tuple(one.column for one in muted.get(name, ())),
            heard(
                session, chunks.get(name, _NOTHING).newest,
                all_mutes(found.monitors.get(name), said, name),
            ),
        )
        for name in names
        if not only or name == only
    )  # fmt: skip
    return tuple(
        sorted(
            (
                one._replace(reading=reading, unread=_unread(broken.get(one.name, ())))
                for one in lines
            ),
            key=_attention,
        )
    )


def names(session: Session) -> tuple[str, ...]:
    """Return the names of all that is watched; where the settings cannot be read, has reports."""
    found, fault = _settings(session)
    return _names(found, fault, drift_lines.newest_reports(session.catalogue) if fault else ())


def _names(found: Monitors, fault: str, reports: Iterable[str]) -> tuple[str, ...]:
    there = sorted(reports) if fault else [*found.monitors, *_unreadable(found)]
    return tuple(dict.fromkeys(there))


def _settings(session: Session) -> tuple[Monitors, str]:
    """Return what is watched, and why the settings cannot be read."""
    if session.workspace is None:
        return monitors.NOTHING, ""
    try:
        return monitors.read(session.root), ""
    except SettingsError as error:
        return monitors.NOTHING, f"The settings cannot be read. {error.message}"


def _unreadable(found: Monitors) -> list[str]:
    """Return the monitors of which the settings say nothing that can be understood."""
    return [one.monitor for one in found.faults if one.monitor]


def faults_of(session: Session, found: Monitors, name: str) -> str:
    """Return why a monitor cannot be run, what is so first and where it is written last.

    Args:
        session: Where.
        found: What the settings say.
        name: Of the monitor.
    """
    from workbench.operations.drift.obstacles import kept, obstacle  # noqa: PLC0415 - reads data

    wrong = found.faults_of(name)
    if wrong:
        more = f" And {len(wrong) - 1} more." if len(wrong) > 1 else ""
        line = f", line {wrong[0].line}" if wrong[0].line else ""
        return f"{wrong[0].message}{more} ({SETTINGS}{line})"
    monitor = found.monitors.get(name)
    return (obstacle(session, monitor) if monitor is not None else "") or kept(session, name)


def _unread(broken: Sequence[tuple[str, str]]) -> str:
    """Return why a report cannot be read, and how many more cannot."""
    if not broken:
        return ""
    more = f" And {len(broken) - 1} more." if len(broken) > 1 else ""
    return f"{broken[0][1]}{more}"


def _line(
    session: Session,
    name: str,
    monitor: Monitor | None,
    fault: str,
    chunks: Overview,
    report: ReportLine | None,
    asked: Sequence[Raised],
    muted: tuple[str, ...],
    left: Heard,
) -> WatchedLine:
    newest = chunks.newest
    verdict = max((one.verdict for one in newest), key=rank, default="")
    model, stage = _model(monitor, report)
    alerts = one_each(asked)
    waiting = [one for one in alerts if one.seen is None]
    open_alerts = len(waiting)
    return WatchedLine(
        name, model, stage, report.version if report else None,
        _data(monitor, report), report.time if report else None, verdict,
        _worst(session, newest, verdict), chunks.scores,
        open_alerts, len(alerts) - open_alerts, _is_overdue(session, monitor, report),
        report.data_time if report else None, chunks.chunks, _reference(monitor, report), fault,
        muted, monitor.severity if monitor else "warning", newest[0].rows if newest else None,
        heard=left.verdict, silent=tuple(sorted(left.silent)),
        alerted=tuple(dict.fromkeys(name for one in waiting for name in one.columns)),
    )  # fmt: skip


def _model(monitor: Monitor | None, report: ReportLine | None) -> tuple[str, str]:
    if monitor is not None:
        model, _, place = monitor.model.partition("@")
        return model, "" if place.isdigit() else place
    return (report.model, report.stage) if report else ("", "")


def _data(monitor: Monitor | None, report: ReportLine | None) -> str:
    if monitor is not None:
        return monitor.data
    return report.current_dataset or report.current if report else ""


def _reference(monitor: Monitor | None, report: ReportLine | None) -> str:
    if report is not None:
        return report.reference
    return monitor.reference if monitor else ""


def _is_overdue(session: Session, monitor: Monitor | None, report: ReportLine | None) -> bool:
    from workbench.operations.drift.monitoring import is_overdue  # noqa: PLC0415 - reads data

    return monitor is not None and is_overdue(session, monitor, report.time if report else None)


def _worst(
    session: Session, newest: Sequence[Head], verdict: str
) -> tuple[tuple[str, str, float], ...]:
    """Return the columns in drift in the newest chunk; of segments, in the gravest."""
    head = next((one for one in newest if one.verdict == verdict and one.alarms != "[]"), None)
    head = head or next((one for one in newest if one.alarms != "[]"), None)
    if head is None:
        return ()
    found = drift_lines.whole(session.catalogue, head.monitor, head.key, head.label, head.segment)
    if found is None:
        return ()
    cells: dict[str, Cell] = dict(zip(found.names, found.cells, strict=True))
    gone = ((name, "severe", 1.0) for name in found.lost)
    drifted = (
        (name, cells[name].verdict, cells[name].effect)
        for name in _NAMES(head.alarms)
        if name in cells
    )
    return (*gone, *drifted)[:_WORST]


def _attention(line: WatchedLine) -> tuple[bool, bool, int, bool, float, str]:
    """Return what a line is sorted by: open alerts, faults, then by verdict and score."""
    return (
        not line.alerts, not line.wrong, -rank(line.verdict) if line.verdict in ALARMS else 0,
        not line.overdue, -(line.trend[-1] if line.trend else 0.0), line.name,
    )  # fmt: skip
