"""Facts of several runs as the rows and columns of a table: pure, and made page by page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench import words
from workbench.operations import compared_text
from workbench.runs.comparing import MISSING, Fact, Line, order, tree
from workbench.runs.deltas import BETTER, WORSE, Delta
from workbench.tui import present
from workbench.tui.cells import Cell, cut, width_of
from workbench.tui.compare.state import Choices, Key, Order, Shown
from workbench.tui.compare.titles import titles
from workbench.tui.compare.widths import STATUS, WIDEST, Widths, is_text, values, widths
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_layout import GAP, MARKS, RULE
from workbench.tui.widgets.table_values import Column, Page, Row, Sheet

if TYPE_CHECKING:
    from workbench.operations.compare import Compared, Comparison

_MACHINE = "system/"
"""Metrics of the machine say least about a model: the last of their section."""
NAME, SHARED = "name", "shared"
_SAME = "same"
_INDENT = 2
_LEAST_NAME = 12
_NAME_SHARE = 0.36
"""Of the table's width, at most, for the names; they stay while the runs scroll."""
_VERDICTS = {BETTER: "good", WORSE: "bad"}


def lay_out(comparison: "Comparison", choices: Choices, generation: int) -> Shown:
    """Return a comparison as rows, in the order and as narrow as somebody chose."""
    facts = [fact for fact in comparison.facts if holds(fact.name, choices.typed)]
    facts.sort(key=lambda fact: fact.section == "metrics" and fact.name.startswith(_MACHINE))
    lines = tuple(line for line in tree(facts, equal=choices.equal) if not line.equal)
    keys = _keys(lines)
    runs = _run_order(comparison, choices)
    found = [line.fact for line in lines if line.fact is not None]
    wide = widths(comparison, found, runs, _room(lines, len(runs), choices))
    return Shown(
        comparison,
        choices,
        lines,
        keys,
        _counts(facts),
        {key: place for place, key in enumerate(keys)},
        tuple(n for n, line in enumerate(lines) if line.fact is not None and line.fact.differs),
        wide,
        runs,
        Sheet(generation, len(lines), _columns(comparison, runs, wide, choices)),
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


def _columns(
    comparison: "Comparison", runs: Sequence[int], wide: Widths, choices: Choices
) -> tuple[Column, ...]:
    """Return the name, how many share a value where that says something, and every run."""
    names = [Column(NAME, "", pinned=True, most=_most_name(choices))]
    if _several(len(runs)):
        names.append(Column(SHARED, _SAME, "right", pinned=True))
    said = titles(comparison.runs, wide.runs, comparison.baseline)
    return (*names, *(_run_column(comparison.runs[run], said[run], choices) for run in runs))


def _several(runs: int) -> bool:
    """Say whether it is worth counting who shares a value; of two runs, none does what differs."""
    return runs > 2  # noqa: PLR2004 - as said


def _most_name(choices: Choices) -> int:
    return min(WIDEST, max(_LEAST_NAME, int(choices.width * _NAME_SHARE)))


def _room(lines: Sequence[Line], runs: int, choices: Choices) -> int:
    """Return the cells there are for the columns of runs."""
    named = [_name(line, line.fact, choices.order) for line in lines if line.fact is not None]
    headed = [_indented(line) for line in lines if line.fact is None and line.depth]
    name = min(_most_name(choices), max(map(width_of, (*named, *headed)), default=0))
    shared = GAP + max(len(_SAME), len(f"{runs}/{runs}")) if _several(runs) else 0
    scrollbar = 0 < choices.height <= len(lines)
    return choices.width - MARKS - name - shared - GAP - RULE - scrollbar


def _run_column(one: "Compared", said: str, choices: Choices) -> Column:
    color = (choices.colors or {}).get(one.run_id)
    ink = "" if color is None else f"#{color:06x}"
    return Column(one.run_id, said, "right", most=WIDEST, ink=ink)


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
    return Row(key, cells, group=bool(differ) or shown.choices.equal, span=True)


def _counted(differ: int, equal: int) -> str:
    """Return ``3 differ, 37 equal``; what there is none of is not said."""
    parts = [f"{words.count(differ)} differ" if differ else "",
             words.plural(equal, "equal row") if equal else ""]  # fmt: skip
    return ", ".join(part for part in parts if part)


def _indented(line: Line) -> str:
    return " " * (_INDENT * (line.depth - 1)) + compared_text.titled(line.fact, line.label)


def _fact_cells(shown: Shown, line: Line, fact: Fact) -> tuple[Cell, ...]:
    """Return the name, how many share a value, and the value of each run.

    What most runs have is dim: the others stand out.
    """
    shares = fact.shares
    common, number = max(shares, default=0), len(shares)
    usual = common if common * 2 > number else 0
    name = _name(line, fact, shown.choices.order)
    cells = [Cell(name, "" if common < number else "dim")]
    if shown.beside > 1:
        cells.append(Cell(f"{common}/{number}" if common < number else "all", "faint"))
    said = _values(fact, shown.comparison, shown.widths)
    return (
        *cells,
        *(
            Cell(said[run].text, said[run].style or ("dim" if shares[run] == usual else ""))
            for run in shown.runs
        ),
    )


def _name(line: Line, fact: Fact, order: Order | None) -> str:
    """Return a row's name, which way is good, and an arrow where the runs are ordered by it."""
    arrow = compared_text.ARROWS.get(fact.goal)
    name = f"{_indented(line)} {arrow}" if arrow else _indented(line)
    if order is None or (order.section, order.name) != (fact.section, fact.name):
        return name
    return f"{name} {'▼' if order.descending else '▲'}"


def _values(fact: Fact, comparison: "Comparison", wide: Widths) -> list[Cell]:
    """Return the value of each run; of a metric with its difference, the best with an arrow."""
    texts, winners = values(fact, min(wide.runs)), compared_text.best(fact)
    found = compared_text.deltas(fact, comparison.baseline)
    return [
        _metric(fact, texts[run], found[run], wide.pads[run], winner=run in winners)
        if fact.section == "metrics" and fact.values[run] is not MISSING
        else _plain(fact, run, _spelled(fact, comparison.runs[run], texts[run]), wide)
        for run in range(len(texts))
    ]


def _spelled(fact: Fact, run: "Compared", text: str) -> str:
    """Return a text as it is shown: a status with its sign, and marked where it is concluded."""
    if fact[:2] != STATUS or text == words.UNKNOWN:
        return text
    return present.status(run.status, inferred=run.inferred).text


def _plain(fact: Fact, run: int, text: str, wide: Widths) -> Cell:
    """Return a value that is no metric's; a text that is long takes the whole column."""
    value, pad = fact.values[run], wide.pads[run]
    if value is MISSING:
        return Cell(text + " " * pad, "faint")
    if is_text(fact, value) and width_of(text) + pad > wide.runs[run]:
        return Cell(cut(text, wide.runs[run]), "")
    return Cell(text + " " * pad, "")


def _metric(fact: Fact, text: str, found: Delta | None, pad: int, *, winner: bool) -> Cell:
    said = words.delta(found.difference) if found and found.difference is not None else ""
    style = "best " if winner else ""
    verdict = _VERDICTS.get(found.verdict, "") if found else ""
    arrow = f"{compared_text.ARROWS[fact.goal]} " if winner else ""
    return Cell(arrow + text + (f" {said:>{pad - 1}}" if pad else ""), (style + verdict).strip())
