"""Where the data behind a report are, so that a key leads to their rows and versions."""

from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import NotFoundError
from workbench.operations.session import Session
from workbench.tui.drift.behind import rows_filter

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.datasets.drift.report import ColumnDrift, DriftReport, Side


class Spot(NamedTuple):
    """What a key is about: a report, perhaps one chunk of it, perhaps one column."""

    monitor: str
    key: str = ""
    """Of the report; empty for the newest."""
    label: str = ""
    """Of the chunk; empty for all of them."""
    segment: str = ""
    column: str = ""


class Rows(NamedTuple):
    """Rows to be shown, and which of them."""

    source: "str | Path"
    filter: str


def rows_behind(session: Session, spot: Spot) -> Rows:
    """Return the rows behind a column of a chunk.

    Raises:
        NotFoundError: No report, or the data are where no rows can be looked at.
    """
    report = report_at(session, spot)
    chunk = next(
        (one for one in report.chunks if (one.label, one.segment) == (spot.label, spot.segment)),
        None,
    )
    column = _column(report, spot)
    filter_ = rows_filter(
        column,
        time=time_of(session, spot.monitor, report),
        start=chunk.start if chunk is not None else None,
        end=chunk.end if chunk is not None else None,
        segment=spot.segment,
    )
    return Rows(_source(session, report.current), filter_)


def versions_behind(session: Session, spot: Spot) -> tuple[str, str]:
    """Return the reference and the current data of a report, as what compares versions takes them.

    Raises:
        NotFoundError: No report, or one of them is no table that can be compared.
    """
    report = report_at(session, spot)
    was, now = (_source(session, side) for side in (report.reference, report.current))
    return str(was), str(now)


def report_at(session: Session, spot: Spot) -> "DriftReport":
    """Return the report that is meant.

    Raises:
        NotFoundError: There is none.
    """
    from workbench.operations.drift.series import report_of, series  # noqa: PLC0415 - when asked

    key = spot.key
    if not key:
        heads = series(session, spot.monitor).chunks
        newest = max(heads, key=lambda head: head.time, default=None)
        key = newest.key if newest is not None else ""
    if not key:
        raise NotFoundError(f"{spot.monitor} was never checked.", hint="Press ! to check it now.")
    return report_of(session, spot.monitor, key)


def time_of(session: Session, monitor: str, report: "DriftReport") -> str:
    """Return the column of time that chunks were cut by; empty where there is none."""
    from workbench.datasets import monitors  # noqa: PLC0415 - when asked for
    from workbench.operations.data_fields import fields_of  # noqa: PLC0415

    found = monitors.read(session.root).monitors.get(monitor)
    if found is not None and found.time:
        return found.time
    name = report.current.dataset
    return fields_of(session, name).time if name else ""


def _column(report: "DriftReport", spot: Spot) -> "ColumnDrift | None":
    found = (
        column
        for chunk in report.chunks
        if (chunk.label, chunk.segment) == (spot.label, spot.segment)
        for column in chunk.columns
        if column.name == spot.column
    )
    return next(found, None)


def _source(session: Session, side: "Side") -> "str | Path":
    if side.dataset:
        return f"{side.dataset}@{side.version}" if side.version is not None else side.dataset
    path = session.root / side.name
    if path.exists():
        return path
    raise NotFoundError(
        f"The rows of {side.name} cannot be looked at: it is no dataset and no file here.",
        hint="Register what is watched as a dataset to look at its rows.",
    )
