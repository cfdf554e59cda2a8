"""A column of a chunk in lines: what moved, the numbers and what they mean, what was found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.datasets.drift.measures import measure_name
from workbench.datasets.drift.report import FEATURE
from workbench.tui.cells import Cell, Line, fit, visible, width_of
from workbench.tui.drift.grid import Grid
from workbench.tui.drift.verdicts import MEANINGS, finding_sign, told
from workbench.tui.folding import folded
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.words import number, percent

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ChunkDrift, ColumnDrift, Finding, Measure
    from workbench.operations.drift import series

_TESTS: Final = {
    "ks": "Kolmogorov-Smirnov",
    "chi-square": "contingency chi-square",
    "fisher": "Fisher's exact test",
    "null rate": "test of two null rates",
}
_EVEN: Final = 1.0


def said_lines(grid: Grid, row: int, at: int, width: int) -> list[Line]:
    """Return in a few lines what the cell under the cursor says, without reading its report."""
    column, chunk, cell = grid.column(row), grid.chunk(at), grid.cell(row, at)
    where = [Cell(visible(column.name), "bold"), Cell(f"  {visible(chunk.label)}", "accent")]
    if chunk.segment:
        where.append(Cell(f"  {visible(chunk.segment)}", "dim"))
    if cell is None:
        return [where, (Cell("It is not in this chunk.", "dim"),)]
    first = (told(cell.verdict), Cell("  "), *where, Cell(f"  {_short(cell)}", "dim"))
    muted = f"∅ muted until {column.muted_until}" if column.muted_until else ""
    return [
        first,
        *bullets([cell.words] if cell.words else [MEANINGS.get(cell.verdict, "")], "", width),
        *bullets([muted] if muted else [], "warn", width),
    ]


def _short(cell: "series.Cell") -> str:
    parts = [
        f"{number(cell.effect, 3)} × limit by {measure_name(cell.measure)}" if cell.measure else ""
    ]
    parts += [f"q {number(cell.q, 2)}" if cell.q is not None else ""]
    return " · ".join(part for part in parts if part)


def number_lines(
    column: "ColumnDrift",
    chunk: "ChunkDrift",
    width: int,
    *,
    q: float,
    against: str = "",
    importance: str = "",
    muted: str = "",
) -> list[Line]:
    """Return all that is known of a column of a chunk.

    Args:
        column: The judgement on it.
        chunk: The chunk.
        width: Cells.
        q: Up to which a difference is no chance finding.
        against: What the whole check was held against.
        importance: Where importances come from.
        muted: Until when it does not alert.
    """
    verdict = told(column.verdict)
    lines: list[Line] = [
        (verdict, Cell("  "), Cell(MEANINGS.get(column.verdict, ""), "dim")),
        *bullets([column.words] if column.words else [], "bold", width),
        *bullets([column.reason] if column.reason else [], "warn", width),
        *bullets([f"∅ muted until {muted}"] if muted else [], "warn", width),
    ]
    facts = _facts(column, chunk, against, importance, q)
    lines += [(), *labelled(facts, width)]
    if column.measures:
        lines += [*heading("Numbers"), *_measures(column.measures, width)]
    if column.findings:
        lines += [*heading("Found", len(column.findings)), *finding_lines(column.findings, width)]
    return lines


def _facts(
    column: "ColumnDrift", chunk: "ChunkDrift", against: str, importance: str, limit: float
) -> dict[str, str]:
    held = dict.fromkeys(one for one in (against, chunk.reference) if one)
    facts = {
        "of": " · ".join(part for part in (visible(chunk.label), chunk.segment) if part),
        "against": visible(" · ".join(held)),
        "time": _period(chunk),
        "tested as": _tested(column),
        "chance": _chance(column, limit),
        "effect": _effect(column),
        "middle": _middle(column.shift),
        "values": f"{words.count(column.reference_rows)} → {words.count(column.current_rows)}",
        "missing": f"{percent(column.reference_missing)} → {percent(column.current_missing)}",
        "importance": _importance(column, importance),
    }
    return {name: fact for name, fact in facts.items() if fact}


def _period(chunk: "ChunkDrift") -> str:
    """Return from when to when it is; whole days are days of whatever clock the data have."""
    ends = [words.iso(at)[:16] for at in (chunk.start, chunk.end) if at]
    if all(end.endswith("T00:00") for end in ends):
        return " to ".join(end[:10] for end in ends)
    return f"{' to '.join(ends).replace('T', ' ')}, UTC"


def _tested(column: "ColumnDrift") -> str:
    part = "" if column.part == FEATURE else f"{column.part}, "
    test = _TESTS.get(column.test, column.test)
    return f"{part}{column.role}{f', by {test}' if test else ''}"


def _chance(column: "ColumnDrift", limit: float) -> str:
    """Say what p and q mean."""
    if column.q is None:
        return ""
    p = f"p {number(column.p, 3)}, " if column.p is not None else ""
    sure = "no chance finding" if column.q <= limit else "may be chance"
    return f"{p}q {number(column.q, 3)} over all tests of the check: {sure}"


def _effect(column: "ColumnDrift") -> str:
    if not column.measure:
        return ""
    counts = "counts" if column.effect >= _EVEN else "too little to count"
    return f"{number(column.effect, 3)} times its limit by {measure_name(column.measure)}: {counts}"


def _middle(shift: float | None) -> str:
    if shift is None:
        return ""
    if not shift:
        return "where it was"
    return f"{words.delta(shift, 3)} of its spread, which is the reference's robust scale"


def _importance(column: "ColumnDrift", source: str) -> str:
    if column.part != FEATURE:
        return ""
    return f"{percent(column.importance)}, {source}" if source else percent(column.importance)


def _measures(measures: Sequence["Measure"], width: int) -> list[Line]:
    """Return each measure with its limit, and below it what it means."""
    wide = max(width_of(measure_name(one.name)) for one in measures)
    lines: list[Line] = []
    for one in measures:
        over = one.limit is not None and one.value >= one.limit
        limit = "" if one.limit is None else f"limit {number(one.limit, 3)}"
        off = f" ±{number(one.within, 1)}" if one.within else ""
        p = f"  p {number(one.p, 2)}" if one.p is not None else ""
        lines.append((
            Cell("▲ " if over else "  ", "warn"),
            Cell(f"{fit(measure_name(one.name), wide)}  ", "dim"),
            Cell(f"{number(one.value, 4)}{off}", "bold" if over else ""),
            Cell(f"  {limit}{p}", "dim"),
        ))  # fmt: skip
        meant = folded(one.words, max(8, width - 4)) if one.words else ()
        lines += [(Cell(f"    {part}", "dim"),) for part in meant]
    return lines


def finding_lines(findings: Sequence["Finding"], width: int) -> list[Line]:
    """Return findings, each with its sign."""
    lines: list[Line] = []
    for one in findings:
        sign = finding_sign(one.severity)
        told_words = f"{one.column}: {one.words}" if one.column else one.words
        for place, part in enumerate(folded(told_words, max(8, width - 2))):
            lines.append((Cell(" " if place else sign.text, sign.style), Cell(f" {part}")))
    return lines
