"""Facts of several runs as the rows and columns of a table: pure, and made page by page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench import words
from workbench.runs.comparing import MISSING, Fact, Line, order, tree
from workbench.runs.deltas import BETTER, WORSE, delta
from workbench.tui.cells import Cell
from workbench.tui.compare.best import best
from workbench.tui.compare.state import Choices, Key, Shown
from workbench.tui.compare.values import shown_value
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_layout import GAP, MARKS, RULE
from workbench.tui.widgets.table_values import Column, Page, Row, Sheet

if TYPE_CHECKING:
    from workbench.operations.compare import Comparison

NAME, SHARED = "name", "shared"
_INDENT = 2
_DELTA_WIDE = 8
"""Cells of a difference with three digits and its sign; a longer one pushes its value out."""
_NARROWEST, _WIDEST = 12, 36
_NAME_SHARE = 0.36
"""Of the table's width, at most, for the names; they stay while the runs scroll."""
_VERDICTS = {BETTER: "good", WORSE: "bad"}
_BEST = {"max": "↑ ", "min": "↓ "}


def lay_out(comparison: "Comparison", choices: Choices, generation: int) -> Shown:
    """Return a comparison as rows, in the order and as narrow as somebody chose."""
    facts = [fact for fact in comparison.facts if holds(fact.name, choices.typed)]
    lines = tuple(line for line in tree(facts, equal=choices.equal) if not line.equal)
    keys = _keys(lines)
    runs = _run_order(comparison, choices)
    return Shown(
        comparison,
        choices,
        lines,
        keys,
        _counts(facts),
        {key: place for place, key in enumerate(keys)},
        tuple(n for n, line in enumerate(lines) if line.fact is not None and line.fact.differs),
        runs,
        Sheet(generation, len(lines), _columns(comparison, runs, choices)),
    )


def page_of(shown: Shown, start: int, stop: int) -> Page:
    """Return the finished rows ``start`` to ``stop`` (exclusive)."""
    rows = tuple(
        _row(shown, key, line)
        for key, line in zip(shown.keys[start:stop], shown.lines[start:stop], strict=True)
    )
    return Page(start, rows, shown.sheet.generation)


# ------------------------------------------------------------ which lines, which columns


def _keys(lines: Sequence[Line]) -> tuple[Key, ...]:
    """Return what each line is known by while others come and go around it."""
    keys: list[Key] = []
    above: list[str] = []
    for line in lines:
        above[line.depth :] = [line.label]
        leaf = line.fact is not None
        keys.append(
            (line.fact.section, "=", line.fact.name) if line.fact and leaf else tuple(above)
        )
    return tuple(keys)


def _counts(facts: Sequence[Fact]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for fact in facts:
        differ, equal = counts.get(fact.section, (0, 0))
        counts[fact.section] = (differ + 1, equal) if fact.differs else (differ, equal + 1)
    return counts


def _run_order(comparison: "Comparison", choices: Choices) -> tuple[int, ...]:
    wish = choices.order
    known = (each for each in comparison.facts if wish and each[:2] == wish[:2])
    fact = next(known, None)
    if wish is None or fact is None:
        return tuple(range(len(comparison.runs)))
    return order(fact.values, descending=wish.descending)


def _columns(comparison: "Comparison", runs: Sequence[int], choices: Choices) -> tuple[Column, ...]:
    """Return the name, how many share a value where that says something, and every run."""
    several = len(runs) > 2  # noqa: PLR2004 - of two runs, none shares what differs
    wide = max(_NARROWEST, int(choices.width * _NAME_SHARE))
    room = choices.width - MARKS - RULE - GAP - min(wide, _WIDEST) - (several * (GAP + 5))
    most = max(_NARROWEST, min(_WIDEST, room // max(1, len(runs)) - GAP))
    names = [Column(NAME, "", pinned=True, most=min(wide, _WIDEST))]
    if several:
        names.append(Column(SHARED, "same", "right", pinned=True))
    return (*names, *(_run_column(comparison, run, choices, most) for run in runs))


def _run_column(comparison: "Comparison", run: int, choices: Choices, most: int) -> Column:
    one = comparison.runs[run]
    title = f"{one.letter} {words.visible(one.label)}".strip()
    title = f"{title} (base)" if run == comparison.baseline else title
    color = (choices.colors or {}).get(one.run_id)
    return Column(
        one.run_id, title, "right", most=most, ink="" if color is None else f"#{color:06x}"
    )


# ------------------------------------------------------------ one line


def _row(shown: Shown, key: Key, line: Line) -> Row:
    blank = Cell("")
    blanks = len(shown.sheet.columns)
    if line.fact is not None:
        return Row(key, _fact_cells(shown, line, line.fact))
    if line.depth:
        name = Cell(_indented(line), "dim")
        return Row(key, (name, *[blank] * (blanks - 1)))
    differ, equal = shown.counts.get(line.label, (0, 0))
    said = _counted(differ, equal)
    style = "bold" if differ else "dim"
    cells = (Cell(line.label, style), Cell(f"  {said}", "faint"), *[blank] * (blanks - 2))
    return Row(key, cells, group=bool(differ), span=True)


def _counted(differ: int, equal: int) -> str:
    """Return ``3 differ, 37 equal``; what there is none of is not said."""
    parts = [f"{words.count(differ)} differ" if differ else "",
             words.plural(equal, "equal row") if equal else ""]  # fmt: skip
    return ", ".join(part for part in parts if part)


def _indented(line: Line) -> str:
    return " " * (_INDENT * (line.depth - 1)) + words.visible(line.label)


def _fact_cells(shown: Shown, line: Line, fact: Fact) -> tuple[Cell, ...]:
    comparison, runs = shown.comparison, shown.runs
    shares = fact.shares
    common = max(shares, default=0)
    differs = common < len(fact.values)
    usual = common if common * 2 > len(fact.values) else 0  # most have it: the others stand out
    cells = [Cell(_indented(line), "" if differs else "dim")]
    if shown.beside > 1:
        cells.append(Cell(f"{common}/{len(fact.values)}" if differs else "all", "faint"))
    if fact.section == "metrics":
        return (*cells, *_metric_cells(fact, runs, comparison.baseline))
    pad = _padding(comparison)
    cells += [
        _value(fact, run, "dim" if not differs or shares[run] == usual else "", pad[run])
        for run in runs
    ]
    return tuple(cells)


def _padding(comparison: "Comparison") -> list[str]:
    """Return blanks for each run's cells, so that values stand in line with those of metrics."""
    base = comparison.baseline
    metrics = base is not None and bool(comparison.metrics)
    pad = " " * (_DELTA_WIDE + 1)
    return [pad if metrics and run != base else "" for run in range(len(comparison.runs))]


def _value(fact: Fact, run: int, style: str, pad: str) -> Cell:
    cell = shown_value(fact, fact.values[run])
    return Cell(cell.text + pad, cell.style or style)


def _metric_cells(fact: Fact, runs: Sequence[int], baseline: int | None) -> list[Cell]:
    winners = best(fact)
    base = fact.values[baseline] if baseline is not None else None
    return [_metric(fact, run, base, baseline, winner=run in winners) for run in runs]


def _metric(fact: Fact, run: int, base: Any, baseline: int | None, *, winner: bool) -> Cell:
    """Return a metric's value, the best with its direction, and the difference to the baseline."""
    value = fact.values[run]
    text = (_BEST[fact.goal] if winner else "") + shown_value(fact, value).text
    style = "best" if winner else ""
    if baseline is None:
        return Cell(text, style or _quiet(value))
    if run == baseline:
        return Cell(text, style)
    found = delta(_float(value), _float(base), fact.goal or None)
    said = words.delta(found.difference) if found.difference is not None else ""
    verdict = _VERDICTS.get(found.verdict, _quiet(value))
    return Cell(f"{text} {said:>{_DELTA_WIDE}}", f"{style} {verdict}".strip())


def _quiet(value: Any) -> str:
    return "faint" if value is MISSING else ""


def _float(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number else None
