"""Facts of several runs as the rows and columns of a table: pure, and made page by page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench import words
from workbench.operations import compared_text
from workbench.runs.comparing import MISSING, Fact, Line, order, tree
from workbench.runs.deltas import BETTER, WORSE, Delta
from workbench.tui import present
from workbench.tui.cells import Cell, width_of
from workbench.tui.compare.state import Choices, Key, Order, Shown
from workbench.tui.compare.titles import telling, title
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_layout import GAP, MARKS, RULE
from workbench.tui.widgets.table_values import Column, Page, Row, Sheet

if TYPE_CHECKING:
    from workbench.operations.compare import Comparison

_MACHINE = "system/"
"""Metrics of the machine say least about a model: the last of their section."""
NAME, SHARED = "name", "shared"
_INDENT = 2
_DELTA_WIDE = 9
"""Cells of a blank and a difference of three digits; a longer one pushes its value out."""
_LEAST_NAME, _LEAST_RUN, _WIDEST = 12, 19, 36
"""A column that takes a number whole; runs beyond the edge are scrolled to, not squeezed in."""
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
    return Shown(
        comparison,
        choices,
        lines,
        keys,
        _counts(facts),
        {key: place for place, key in enumerate(keys)},
        tuple(n for n, line in enumerate(lines) if line.fact is not None and line.fact.differs),
        runs,
        Sheet(generation, len(lines), _columns(comparison, runs, lines, choices)),
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
    comparison: "Comparison", runs: Sequence[int], lines: Sequence[Line], choices: Choices
) -> tuple[Column, ...]:
    """Return the name, how many share a value where that says something, and every run."""
    several = len(runs) > 2  # noqa: PLR2004 - of two runs, none shares what differs
    most_name = min(_WIDEST, max(_LEAST_NAME, int(choices.width * _NAME_SHARE)))
    needed = max((width_of(_indented(line)) + 2 for line in lines if line.depth), default=0)
    room = choices.width - MARKS - RULE - GAP - min(most_name, needed) - several * (GAP + 5)
    least = _LEAST_RUN + max(_pads(comparison), default=0) // 2
    most = max(least, min(_WIDEST, room // max(1, len(runs)) - GAP))
    names = [Column(NAME, "", pinned=True, most=most_name)]
    if several:
        names.append(Column(SHARED, "same", "right", pinned=True))
    return (*names, *(_run_column(comparison, run, choices, most) for run in runs))


def _run_column(comparison: "Comparison", run: int, choices: Choices, most: int) -> Column:
    one = comparison.runs[run]
    said = title(one, most, base=run == comparison.baseline)
    color = (choices.colors or {}).get(one.run_id)
    return Column(
        one.run_id, said, "right", most=most, ink="" if color is None else f"#{color:06x}"
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
    values = _values(fact, shown.comparison, shown.sheet.columns[-1].most)
    return (
        *cells,
        *(
            Cell(values[run].text, values[run].style or ("dim" if shares[run] == usual else ""))
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


def _values(fact: Fact, comparison: "Comparison", width: int) -> list[Cell]:
    """Return the value of each run; of a metric with its difference, the best with an arrow."""
    texts, winners = telling(compared_text.cells(fact), width), compared_text.best(fact)
    found = compared_text.deltas(fact, comparison.baseline)
    pads = _pads(comparison)
    return [
        _value(fact, fact.values[run], texts[run], found[run], winner=run in winners, pad=pads[run])
        for run in range(len(texts))
    ]


def _value(
    fact: Fact, value: Any, text: str, found: Delta | None, *, winner: bool, pad: int
) -> Cell:
    if fact.section != "metrics" or value is MISSING:
        if value is not MISSING and (fact.section, fact.name) == ("run", "status"):
            text = present.status(str(value).upper()).text
        blank = " " * pad if len(text) <= _DELTA_WIDE else ""  # a long text takes the whole column
        return Cell(text + blank, "faint" if value is MISSING else "")
    said = words.delta(found.difference) if found and found.difference is not None else ""
    style = "best " if winner else ""
    verdict = _VERDICTS.get(found.verdict, "") if found else ""
    arrow = f"{compared_text.ARROWS[fact.goal]} " if winner else ""
    return Cell(arrow + text + (f" {said:>{pad - 1}}" if pad else ""), (style + verdict).strip())


def _pads(comparison: "Comparison") -> list[int]:
    """Return the cells kept for differences, so that all values of a run stand in one line."""
    base = comparison.baseline
    wide = _DELTA_WIDE if base is not None and comparison.metrics else 0
    return [0 if run == base else wide for run in range(len(comparison.runs))]
