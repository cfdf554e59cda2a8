"""All that a monitor found over time, as facts under headings: the heat strip, and one column.

The strip is letters, so that it reads the same on paper, in a log and without colour.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from workbench.charts.drifting.sides import off
from workbench.datasets.drift.report import (
    FEATURE,
    LETTERS,
    STABLE,
    VERDICTS,
    ColumnDrift,
)
from workbench.operations.drift.gist import short
from workbench.operations.sections import Section, section
from workbench.words import UNKNOWN, count, delta, moment, number, percent

if TYPE_CHECKING:
    from workbench.operations.drift.series import Cell, ChunkHead, Series

MOST_CHUNKS: Final = 60
MOST_COLUMNS: Final = 40
_NOTHING: Final = " "
_LEGEND: Final = " ".join(f"{LETTERS[one]} {one}" for one in VERDICTS)


def strip(series: "Series") -> tuple[Section, ...]:
    """Return the heat strip, columns by chunks, and the chunks by name below it."""
    if not series.chunks:
        return ()
    newest = range(max(0, len(series.chunks) - MOST_CHUNKS), len(series.chunks))
    kept = _kept(series)
    rows = [(_named(series, n), _letters(series.cells[n], newest), _muted(series, n)) for n in kept]
    spare = len(series.columns) - len(kept)
    more = [(f"and {count(spare)} more that stayed as they were",)] if spare > 0 else []
    ends = " … ".join(dict.fromkeys(label(series.chunks[n]) for n in (newest[0], newest[-1])))
    return (
        *section(f"columns by chunks, {ends}", [*rows, *more, (_LEGEND,)]),
        *_chunks(series, newest),
        *_promotions(series),
    )


def label(chunk: "ChunkHead") -> str:
    """Return what to call a chunk, its segment with it."""
    return " ".join(filter(None, (chunk.label, chunk.segment))) or "all rows"


def _kept(series: "Series") -> list[int]:
    """Return the columns to show: all where they are few, else first those that ever moved."""
    there = list(range(len(series.columns)))
    if len(there) <= MOST_COLUMNS:
        return there
    quiet = (STABLE, "")
    moved = [n for n in there if series.columns[n].worst not in quiet]
    return moved[:MOST_COLUMNS]


def _named(series: "Series", n: int) -> str:
    head = series.columns[n]
    name = short(head.name)
    return name if head.part in (FEATURE, head.name) else f"{name} ({head.part})"


def _letters(cells: Sequence["Cell | None"], shown: range) -> str:
    signs = ((cells[n], n) for n in shown)
    return "".join(_NOTHING if one is None else LETTERS.get(one.verdict, "?") for one, _ in signs)


def _muted(series: "Series", n: int) -> str:
    until = series.columns[n].muted_until
    return f"muted until {until}" if until else ""


def _chunks(series: "Series", shown: range) -> tuple[Section, ...]:
    rows = [
        (LETTERS.get(one.verdict, "?"), label(one), one.verdict, count(one.rows),
         number(one.score, 2), one.reference, "ALERT" if one.alert else "")
        for one in (series.chunks[n] for n in shown)
    ]  # fmt: skip
    return section("chunks", rows, ("", "chunk", "verdict", "rows", "score", "against", ""))


def _promotions(series: "Series") -> tuple[Section, ...]:
    rows = [(moment(time), f"version {version} to {stage}") for time, version, stage in
            series.promotions]  # fmt: skip
    return section("promotions", rows)


def over_time(series: "Series", name: str) -> tuple[Section, ...]:
    """Return what became of one column, chunk by chunk."""
    rows = [
        (LETTERS.get(cell.verdict, "?"), label(chunk), cell.verdict, f"{number(cell.effect, 3)} ×",
         UNKNOWN if cell.q is None else number(cell.q, 2), delta(cell.shift), cell.words)
        for chunk, cell in _cells(series, name)
    ]  # fmt: skip
    heads = ("", "chunk", "verdict", "effect", "q", "shift", "what moved")
    return section(f"{name} over time", rows, heads)


def _cells(series: "Series", name: str) -> Iterator[tuple["ChunkHead", "Cell"]]:
    for head, cells in zip(series.columns, series.cells, strict=True):
        if head.name == name:
            pairs = zip(series.chunks, cells, strict=True)
            yield from ((chunk, cell) for chunk, cell in pairs if cell is not None)


def column_sections(column: ColumnDrift) -> tuple[Section, ...]:
    """Return everything about a column of one chunk: the judgement, each measure, each finding."""
    facts = [
        ("verdict", column.verdict),
        ("what moved", column.words or column.reason),
        ("tested as", f"{column.role}, by {column.test}" if column.test else column.role),
        ("p, q", f"{number(column.p, 3)}, {number(column.q, 3)}"),
        ("effect", f"{number(column.effect, 3)} times the limit of {column.measure}"
         if column.measure else ""),
        ("middle moved by", f"{delta(column.shift)} scales" if column.shift is not None else ""),
        ("importance", percent(column.importance)),
        ("values tested", f"{count(column.reference_rows)} → {count(column.current_rows)}"),
        ("missing", f"{percent(column.reference_missing)} → {percent(column.current_missing)}"),
    ]  # fmt: skip
    measures = [
        (one.name, number(one.value, 4) + off(one.within),
         UNKNOWN if one.limit is None else number(one.limit, 4),
         UNKNOWN if one.p is None else number(one.p, 3), one.words)
        for one in column.measures
    ]  # fmt: skip
    return (
        *section(column.name, [one for one in facts if one[1]]),
        *section("measures", measures, ("", "value", "limit", "p", "")),
        *section("findings", [(one.severity, one.words) for one in column.findings]),
        *_shape(column),
    )


def _shape(column: ColumnDrift) -> tuple[Section, ...]:
    """Return the shares of categories, those that moved most first; numbers are drawn instead."""
    shape = column.shape
    if shape is None or not shape.categories:
        return ()
    new = shape.new or (False,) * len(shape.categories)
    rows = [
        (name, percent(before), percent(after), "new" if is_new else "")
        for name, before, after, is_new in zip(
            shape.categories, shape.reference_parts, shape.current_parts, new, strict=False
        )
    ]
    other = ("other", percent(shape.reference_other), percent(shape.current_other), "")
    shown = [*rows, *([other] if shape.reference_other or shape.current_other else [])]
    return section("categories", shown, ("", "reference", "current", ""))
