"""A column in every version of its dataset, newest first."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench import words
from workbench.datasets import table as tables
from workbench.datasets.fields import MASK
from workbench.operations.datasets.summary import value as value_words
from workbench.tui.cells import Cell
from workbench.tui.data.columns import masked, missing_bar, tiny
from workbench.tui.data.loader import AtVersion
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

if TYPE_CHECKING:
    from workbench.datasets.profile import Column as Summary

OVER = (
    Column("version", "version", pinned=True),
    Column("shape", "shape"),
    Column("missing", "missing"),
    Column("distinct", "distinct", "right", most=20),
    Column("min", "min", "right", most=12),
    Column("median", "median", "right"),
    Column("mean", "mean", "right"),
    Column("max", "max", "right", most=12),
    Column("common", "most frequent", most=30),
    Column("rows", "rows", "right"),
    Column("type", "type"),
    Column("age", "age", "right"),
    Column("notes", "worth a look", most=80),
)
VALUES = (
    Column("value", "value", pinned=True, most=60),
    Column("rows", "rows", "right"),
    Column("share", "share", "right"),
    Column("bar", ""),
)
_BAR = 20
_CUT = 100
"""Characters from which on a stored value may be the beginning of a longer one."""
_READ: Mapping[str, Callable[[str], Any]] = {
    tables.INTEGER: int,
    tables.FLOAT: float,
    tables.BOOLEAN: lambda text: text.casefold() == "true",
    tables.TEXT: str,
    tables.CATEGORICAL: str,
}
"""How a stored value is read back, by the type of its column."""
_RIGHTWARD = " ▏▎▍▌▋▊▉█"


def over_entries(over: Sequence[AtVersion], now: float, *, unmasked: bool = False) -> list[Entry]:
    """Return a row per version; a type that is another than in the version before stands out."""
    older = [*over[1:], None]
    return [_entry(one, old, now, unmasked) for one, old in zip(over, older, strict=True)]


def _entry(one: AtVersion, older: AtVersion | None, now: float, unmasked: bool) -> Entry:
    line, number = one.version, f"v{one.version.number}"
    age = now - line.time
    if one.row is None:
        gone = Cell(f"– {one.why}", "warn")
        blank = Cell("")
        cells = (Cell(number, "bold"), gone, *(blank,) * 9, Cell(words.age(age), "dim"), blank)
        return Entry(line.number, cells, (line.number, *(None,) * 10, age, None))
    row = masked(one.row) if one.row.hidden and not unmasked else one.row
    facts, column = row.facts, one.column
    mean = column.numbers.mean if column is not None and column.numbers is not None else None
    other = older is not None and older.row is not None and older.row.facts.type != facts.type
    cells = (
        Cell(number, "bold"),
        Cell(tiny(row.bars), "accent"),
        Cell(missing_bar(row.missing), "dim"),
        Cell(facts.distinct),
        Cell(facts.min),
        Cell(facts.median),
        Cell("" if mean is None else value_words(mean)),
        Cell(facts.max),
        Cell("  ".join(row.common).strip(), "dim"),
        Cell(words.UNKNOWN if line.rows is None else words.count(line.rows)),
        Cell(f"≠ {facts.type}" if other else facts.type, "warn" if other else "dim"),
        Cell(words.age(age), "dim"),
        Cell(facts.notes and f"▲ {facts.notes}", "warn"),
    )
    values = (
        line.number, max(row.bars, default=None), row.missing, row.distinct, row.low, row.middle,
        mean, row.high, row.common[0] or None, line.rows, facts.type, age, facts.notes or None,
    )  # fmt: skip
    return Entry(line.number, cells, values)


def value_entries(
    top: Sequence[tuple[str, int]], other: int, *, hidden: bool = False, typed: str = ""
) -> list[Entry]:
    """Return a row per stored value, and one for all the others."""
    total = sum(count for _, count in top) + other
    named = [(Cell(MASK if hidden else value), count) for value, count in top]
    named += [(Cell("(other values)", "dim"), other)] * bool(other)
    most = max((count for _, count in named), default=0)
    return [
        _value(place, name, count, total, most)
        for place, (name, count) in enumerate(named)
        if holds(name.text, typed)
    ]


def _value(place: int, name: Cell, count: int, total: int, most: int) -> Entry:
    share = count / total if total else None
    bar = bar_of(count / most if most else 0.0)
    cells = (name, Cell(words.count(count)), Cell(words.percent(share)), Cell(bar, "accent"))
    return Entry(place, cells, (name.text, count, share, share))


def bar_of(share: float) -> str:
    """Return a share of the longest bar; what is there at all is seen."""
    eighths = max(1, min(_BAR * 8, round(share * _BAR * 8)))
    return "█" * (eighths // 8) + _RIGHTWARD[eighths % 8].strip()


def value_filter(column: "Summary", value: str) -> str:
    """Return the filter that finds the rows with a stored value; empty where none can."""
    from workbench.operations.datasets.row_filters import equal_to  # noqa: PLC0415 - when asked for

    if len(value) >= _CUT:
        return ""
    read = _READ.get(column.type)
    if read is None:
        return ""
    try:
        return equal_to(tables.Column(column.name, column.type, column.dtype), read(value))
    except ValueError:
        return ""
