"""Where the data behind a report are, so that one step leads to their rows and versions.

A report is a stranger's word. The path it names is opened where it leads into the workspace, where
somebody on this machine agreed to have it read, or where the settings, which nobody else could
write, name the same place for the same monitor.
"""

import os
from contextlib import suppress
from math import floor
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets import monitors
from workbench.datasets.versions.finding import find
from workbench.errors import NotAgreedError, NotFoundError, SettingsError
from workbench.opening import places_of
from workbench.operations.datasets.agreed import permit_of
from workbench.operations.drift.behind import rows_filter, said_of_rows
from workbench.operations.session import Session
from workbench.words import visible

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ChunkDrift, ColumnDrift, DriftReport, Side

_AGREE: Final = "Look at it where you know what it is: workbench datasets rows PATH"


class Spot(NamedTuple):
    """What is meant: a report, perhaps one chunk of it, perhaps one column."""

    monitor: str
    key: str = ""
    """Of the report; empty for the newest."""
    label: str = ""
    """Of the chunk; empty for all of them."""
    segment: str = ""
    column: str = ""


class Rows(NamedTuple):
    """Rows to be shown, and which of them."""

    source: str | Path
    """A version of a dataset, or where files are; perhaps a pattern."""
    filter: str
    said: str = ""
    """Which rows these are, in words; empty for all of a chunk."""


def rows_behind(session: Session, spot: Spot) -> Rows:
    """Return the rows behind a column of a chunk.

    Raises:
        NotFoundError: No report, or the data are where no rows can be looked at.
        NotAgreedError: The report names a place that nobody here agreed to have read.
    """
    report = report_at(session, spot)
    chunk = next(
        (one for one in report.chunks if (one.label, one.segment) == (spot.label, spot.segment)),
        None,
    )
    column = _column(report, spot)
    start, end = _period(report, chunk)
    filter_ = rows_filter(
        column,
        time=report.time_column,
        start=start,
        end=end,
        segment=spot.segment,
    )
    said = said_of_rows(column) if column is not None else ""
    return Rows(_source(session, spot.monitor, report.current), filter_, said)


def versions_behind(session: Session, spot: Spot) -> tuple[str, str]:
    """Return the reference and the current data of a report, as what compares versions takes them.

    Raises:
        NotFoundError: No report, or one of them is no table that can be compared.
        NotAgreedError: The report names a place that nobody here agreed to have read.
    """
    report = report_at(session, spot)
    was, now = (_source(session, spot.monitor, side) for side in (report.reference, report.current))
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


def _period(report: "DriftReport", chunk: "ChunkDrift | None") -> tuple[float | None, float | None]:
    """Return from when on and before when the rows of a chunk are; Nones where all rows are one.

    Where chunks were not cut by time, theirs ends with their last row, which is among them.
    """
    from workbench.datasets.drift.periods import PERIODS  # noqa: PLC0415 - numpy

    if chunk is None or not report.chunking:
        return None, None
    if report.chunking.strip().casefold() in PERIODS or chunk.end is None:
        return chunk.start, chunk.end
    return chunk.start, floor(chunk.end) + 1.0


def _column(report: "DriftReport", spot: Spot) -> "ColumnDrift | None":
    found = (
        column
        for chunk in report.chunks
        if (chunk.label, chunk.segment) == (spot.label, spot.segment)
        for column in chunk.columns
        if column.name == spot.column
    )
    return next(found, None)


def _source(session: Session, monitor: str, side: "Side") -> str | Path:
    if side.dataset:
        return f"{side.dataset}@{side.version}" if side.version is not None else side.dataset
    if not side.path:
        raise NotFoundError(
            f"The rows of {visible(side.name)} cannot be looked at: it is no dataset and no file.",
            hint="Register what is watched as a dataset to look at its rows.",
        )
    from workbench.operations.drift.states import base_of  # noqa: PLC0415 - when asked for

    place = base_of(session)(side.path)
    _require(session, monitor, place)
    return place


def _require(session: Session, monitor: str, place: Path) -> None:
    """Refuse a place that only the report names.

    Raises:
        NotFoundError: There is nothing.
        NotAgreedError: It may not be read.
    """
    permit = permit_of(session, monitor)
    if os.path.realpath(place) not in _named(session, monitor):
        permit = permit._replace(own=False)
    try:
        permit.require(places_of(find(place).files))
    except NotAgreedError as error:
        raise NotAgreedError(error.message, hint=_AGREE) from None


def _named(session: Session, monitor: str) -> frozenset[str]:
    """Return the places that the settings name for a monitor, links followed."""
    from workbench.operations.drift.states import base_of  # noqa: PLC0415 - when asked for

    try:
        one = monitors.read(session.root).monitors.get(monitor)
    except SettingsError:
        one = None
    found = set[str]()
    for text in (one.data, one.reference) if one is not None else ():
        with suppress(NotFoundError):
            found.add(os.path.realpath(base_of(session)(text)))
    return frozenset(found)
