"""What came of rules, as rows and as lines: symbol and word, what was seen, rows against it."""

from collections.abc import Sequence
from typing import Final

from workbench import words
from workbench.datasets.rules.rule import Example, RuleResult, State
from workbench.tui.cells import Cell, Line
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.tui.toast import error_text
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

COLUMNS: Final = (
    Column("state", "state", pinned=True),
    Column("rule", "rule", most=60),
    Column("failed", "against", "right"),
    Column("rows", "of rows", "right"),
    Column("observed", "seen", most=60),
    Column("reason", "why not told", most=80),
    Column("line", "line", "right"),
)
STATES: Final[dict[State, tuple[str, str]]] = {
    "fails": ("✗", "bad"),
    "error": ("!", "bad"),
    "undecided": ("?", "warn"),
    "holds": ("✓", "good"),
}
"""Symbol and style of what came of a rule, the worst first."""


def result_entries(results: Sequence[RuleResult], typed: str = "") -> list[Entry]:
    """Return a row per rule, the worst first; the key is its place among the results."""
    order = {state: place for place, state in enumerate(STATES)}
    placed = sorted(enumerate(results), key=lambda each: order[each[1].state])
    return [_entry(place, one) for place, one in placed if holds(_searched(one), typed)]


def _searched(one: RuleResult) -> str:
    return " ".join((one.state, one.name, one.words, *one.rule.columns))


def _entry(place: int, one: RuleResult) -> Entry:
    symbol, style = STATES[one.state]
    cells = (
        Cell(f"{symbol} {one.state}", style),
        Cell(one.name, "" if one.state == "holds" else "bold"),
        Cell(words.count(one.failed) if one.failed else "", "bad"),
        Cell("" if one.rows is None else words.count(one.rows), "dim"),
        Cell(one.observed, "dim"),
        Cell(one.reason, "warn"),
        Cell(str(one.rule.line) if one.rule.line else "", "faint"),
    )
    values = (
        place, one.name, one.failed, one.rows, one.observed or None, one.reason or None,
        one.rule.line or None,
    )  # fmt: skip
    return Entry(place, cells, values)


def result_lines(one: RuleResult, width: int) -> list[Line]:
    """Return everything about what came of a rule, for a width."""
    symbol, style = STATES[one.state]
    facts = {
        "asked": one.words,
        "seen": one.observed,
        "against it": "" if one.failed is None else words.plural(one.failed, "row"),
        "looked at": "" if one.rows is None else words.plural(one.rows, "row"),
        "left out": f"{words.plural(one.left_out, 'row')} without a value" if one.left_out else "",
        "where": one.rule.where,
        "not told": one.reason,
        "settings": f"line {one.rule.line}" if one.rule.line else "",
    }
    lines: list[Line] = [(Cell(f"{symbol} {one.state}  ", style), Cell(one.name, "bold")), ()]
    lines += labelled({name: fact for name, fact in facts.items() if fact}, width)
    if one.examples:
        lines += heading("Rows against it", len(one.examples))
        lines += [line for each in one.examples for line in _example(each, width)]
    return lines


def _example(example: Example, width: int) -> list[Line]:
    values = ", ".join(f"{name} = {value}" for name, value in example.values)
    return bullets([f"row {words.count(example.row)}: {values}"], "", width)


def trouble_lines(error: Exception, width: int) -> list[Line]:
    """Return why nothing could be asked."""
    return bullets([f"! {error_text(error)}"], "bad", width)


def no_rules_lines(name: str, text: str, width: int) -> list[Line]:
    """Return the rules that would fit, as text for the settings."""
    if not text:
        said = f"`workbench datasets suggest-rules {name}` proposes rules from a profile."
        return bullets([said], "dim", width)
    return [(Cell(line, "dim" if line.startswith("#") else ""),) for line in text.splitlines()]
