"""All that a monitor found over time: chunks by columns, as the heat strip shows it."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from workbench.catalogue import drift_lines
from workbench.catalogue.drift_lines import Cell, Columns, Facts, Head
from workbench.catalogue.history import happened
from workbench.datasets.drift import storing
from workbench.datasets.drift.ordering import Standing, in_order, order_of, standing
from workbench.datasets.drift.report import FEATURE, ChunkDrift, ColumnDrift, DriftReport
from workbench.errors import NotFoundError
from workbench.operations.drift.alerts import mutes
from workbench.operations.drift.masking import hidden_now, shown, without_values
from workbench.operations.drift_alerting import raised, settings_of
from workbench.operations.session import Session
from workbench.registry.event import PROMOTED, ROLLED_BACK
from workbench.words import visible

__all__ = [
    "Cell",
    "ChunkHead",
    "ColumnHead",
    "Series",
    "column_of",
    "of_report",
    "report_of",
    "series",
]

_UNKNOWN: Final = Facts(FEATURE, "", 0.0)
_Row = tuple[Cell | None, ...]


class ChunkHead(NamedTuple):
    """A chunk, as its newest report judged it."""

    label: str
    key: str
    """Of that report."""
    segment: str
    start: float | None
    end: float | None
    verdict: str
    score: float
    rows: int
    reference: str
    time: float
    """When it was checked, seconds since 1970."""
    alert: str
    """The id of its alert that nobody acknowledged; empty where there is none."""
    reason: str = ""
    """Why it was not judged."""


class ColumnHead(NamedTuple):
    """A column, over all chunks."""

    name: str
    part: str
    importance: float
    worst: str
    """The gravest verdict of all chunks."""
    muted_until: str
    """The last day it does not alert on; empty where it does."""


class Series(NamedTuple):
    """All chunks of a monitor."""

    monitor: str
    chunks: tuple[ChunkHead, ...]
    """In order of time; then those of segments, each segment's together."""
    columns: tuple[ColumnHead, ...]
    """Predictions and labels first, then by importance times effect, the greatest first."""
    cells: tuple[_Row, ...]
    """By column and chunk; None where the chunk has no such column."""
    promotions: tuple[tuple[float, int, str], ...]
    """When which version took which stage of the model, oldest first."""


def series(session: Session, monitor: str) -> Series:
    """Return all that a monitor found; empty where it was never checked."""
    heads = drift_lines.heads(session.catalogue, monitor)
    found = drift_lines.columns(session.catalogue, monitor)
    columns = [found.get((one.key, one.label, one.segment), _NOTHING) for one in heads]
    facts = drift_lines.facts(session.catalogue, monitor)
    settings = settings_of(session)
    alarming = drift_lines.alarming(session.catalogue, monitor)
    alerts = raised(session, alarming, settings).get(monitor, ())
    open_alerts = {(one.chunk.label, one.chunk.segment): one.id for one in alerts if not one.seen}
    muted = {one.column: one.until for one in mutes(session, monitor)}
    rows = _masked(session, monitor, _by_column(columns))
    stand = {name: standing(cells) for name, cells in rows.items()}
    ordered = sorted(rows, key=lambda name: _order(name, facts, stand[name]))
    return Series(
        monitor,
        tuple(_chunk(one, open_alerts) for one in heads),
        tuple(
            ColumnHead(
                name, facts.get(name, _UNKNOWN).part, facts.get(name, _UNKNOWN).importance,
                stand[name].verdict, muted.get(name, ""),
            )
            for name in ordered
        ),
        tuple(rows[name] for name in ordered),
        _promotions(session, monitor),
    )  # fmt: skip


def of_report(report: DriftReport) -> Series:
    """Return the chunks of one report alone, columns in the same order."""
    chunks = report.chunks
    looked = [{column.name: column for column in chunk.columns} for chunk in chunks]
    judged: dict[str, list[ColumnDrift]] = {}
    for column in (column for chunk in chunks for column in chunk.columns):
        judged.setdefault(column.name, []).append(column)
    names = in_order(judged)
    return Series(
        report.monitor,
        tuple(_head_of(report, one) for one in chunks),
        tuple(_column_head(name, judged[name]) for name in names),
        tuple(tuple(_cell(one.get(name)) for one in looked) for name in names),
        (),
    )


def _head_of(report: DriftReport, chunk: ChunkDrift) -> ChunkHead:
    against = chunk.reference or report.reference.name
    return ChunkHead(
        chunk.label, report.key, chunk.segment, chunk.start, chunk.end, chunk.verdict, chunk.score,
        chunk.rows, against, report.time, "", chunk.reason,
    )  # fmt: skip


def _column_head(name: str, found: Sequence[ColumnDrift]) -> ColumnHead:
    importance = max(one.importance for one in found)
    return ColumnHead(name, found[0].part, importance, standing(found).verdict, "")


def _cell(column: ColumnDrift | None) -> Cell | None:
    if column is None:
        return None
    words = column.words or column.reason
    return Cell(column.verdict, column.effect, column.q, column.shift, column.measure, words)


def report_of(session: Session, monitor: str, key: str) -> DriftReport:
    """Return a report with all that is drawn of it, read from its file, as it may be shown now.

    Raises:
        NotFoundError: It is not there.
        FormatError: It cannot be read.
    """
    return shown(session, storing.read(session.root, monitor, key))


def column_of(report: DriftReport, label: str, segment: str, name: str) -> ColumnDrift:
    """Return what a report says of a column in a chunk.

    Raises:
        NotFoundError: It says nothing of it.
    """
    for chunk in report.chunks:
        if (chunk.label, chunk.segment) == (label, segment):
            for column in chunk.columns:
                if column.name == name:
                    return column
    where = f"{visible(label)} {visible(segment)}".rstrip()
    raise NotFoundError(f"{visible(name)[:80]!r} was not judged in {where[:80]}.")


_NOTHING: Final = Columns((), ())


def _order(
    name: str, facts: Mapping[str, Facts], found: Standing
) -> tuple[int, float, int, float, str]:
    said = facts.get(name, _UNKNOWN)
    return order_of(name, said.part, said.importance, found)


def _chunk(head: Head, open_alerts: Mapping[tuple[str, str], str]) -> ChunkHead:
    return ChunkHead(
        head.label, head.key, head.segment, head.start, head.end, head.verdict, head.score,
        head.rows, head.reference, head.time,
        open_alerts.get((head.label, head.segment), ""), head.reason,
    )  # fmt: skip


def _by_column(chunks: Sequence[Columns]) -> dict[str, _Row]:
    """Return the cells of every column, a cell a chunk."""
    layouts = {one.names for one in chunks}
    if len(layouts) == 1:
        return dict(
            zip(layouts.pop(), zip(*(one.cells for one in chunks), strict=True), strict=True)
        )
    by_name = [dict(zip(one.names, one.cells, strict=True)) for one in chunks]
    names = dict.fromkeys(name for one in chunks for name in one.names)
    return {name: tuple([one.get(name) for one in by_name]) for name in names}


def _masked(session: Session, monitor: str, rows: dict[str, _Row]) -> dict[str, _Row]:
    """Return cells whose words name no value of a column that is sensitive now."""
    for name in hidden_now(session, drift_lines.sides(session.catalogue, monitor), rows):
        rows[name] = tuple(
            cell and replace(cell, words=without_values(cell.words)) for cell in rows[name]
        )
    return rows


def _promotions(session: Session, monitor: str) -> tuple[tuple[float, int, str], ...]:
    newest = drift_lines.newest_reports(session.catalogue).get(monitor)
    if newest is None or not newest.model:
        return ()
    there = happened(session.catalogue, model=newest.model)
    return tuple(
        (one.time, one.version, one.stage)
        for one in reversed(there)
        if one.kind in (PROMOTED, ROLLED_BACK)
        and one.version is not None
        and newest.stage in ("", one.stage)
    )
