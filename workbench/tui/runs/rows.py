"""Lines of the runs table as cells: values, deltas to the baseline, the best in bold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench import words
from workbench.operations.runs_table import Column, RunRow, Spread, Value, Varied
from workbench.runs.deltas import BETTER, WORSE, delta
from workbench.tui import present
from workbench.tui.cells import Cell
from workbench.tui.widgets.table_values import Column as Shown
from workbench.tui.widgets.table_values import Row

_NAME = Column("attribute", "name")
_VERDICTS = {BETTER: "good", WORSE: "bad"}
_TITLES = {"started": "age", "faults": "!"}
_RIGHT = frozenset(("started", "duration", "size", "faults"))
_WIDEST = {"name": 30, "note": 40, "command": 40, "path": 40}
_COMPARED = frozenset(("last", "min", "max", "best", "first"))


@dataclass(frozen=True, slots=True)
class Context:
    """What a line needs to know beyond its own values."""

    now: float
    """Seconds since 1970."""
    goals: Mapping[str, str] = field(default_factory=dict)
    best: Mapping[Column, float] = field(default_factory=dict)
    baseline: Mapping[Column, Value] = field(default_factory=dict)
    """The baseline's values; empty when there is none."""
    baseline_run: int | None = None
    by_seed: bool = False
    """Groups are runs equal in all but the seed, whose key means nothing to people."""


def key_of(column: Column) -> str:
    """Return a column's key in the table, unique among columns."""
    return f"{column.kind}:{column.name}:{column.part}"


def shown_column(column: Column, *, width: int | None, pinned: bool) -> Shown:
    """Return how a column wants to be seen."""
    right = column.kind == "metric" or (column.kind == "attribute" and column.name in _RIGHT)
    title = _TITLES.get(column.name, column.name) if column.kind == "attribute" else column.title
    return Shown(
        key_of(column),
        title,
        "right" if right else "left",
        width,
        pinned,
        _WIDEST.get(column.name, 24) if column.kind != "metric" else 18,
    )


def row_of(line: RunRow, columns: Sequence[Column], context: Context) -> Row:
    """Return a finished row; groups carry their key, runs their number."""
    cells = tuple(
        _cell(line, column, value, context)
        for column, value in zip(columns, line.cells, strict=True)
    )
    if line.head is None:
        return Row(line.run, cells)
    first = Cell(_group_title(line, columns, by_seed=context.by_seed), "heading")
    return Row(f"group:{line.head.key}", (first, *cells[1:]), group=True)


def _group_title(line: RunRow, columns: Sequence[Column], *, by_seed: bool) -> str:
    head = line.head
    if head is None:
        return ""
    arrow = "▾" if head.expanded else "▸"
    key = " · ".join(part or "—" for part in head.key.split("\x1f"))
    if by_seed:
        name = dict(zip(columns, line.cells, strict=True)).get(_NAME)
        key = str((name.low if isinstance(name, Varied) else name) or "—")
    return f"{arrow} {key} ({words.plural(head.members, 'run')})"


def _cell(line: RunRow, column: Column, value: Value, context: Context) -> Cell:
    if column.kind == "attribute" and line.head is None:
        return _attribute(line, column, value, context)
    if isinstance(value, Spread):
        return Cell(_spread(value, line.head.members if line.head else value.n), "")
    if isinstance(value, Varied):
        return Cell(_range(column, value, context), "dim")
    if column.kind == "metric":
        return _metric(line, column, value, context)
    if column.kind == "attribute":
        return _attribute(line, column, value, context)
    return Cell("", "") if value is None else Cell(words.value(value), "")


def _spread(value: Spread, members: int) -> str:
    """Return mean, spread and best, and of how many runs if not of all in the group."""
    n = None if value.n == members else value.n
    return words.spread(value.mean, value.std, best=value.best, goal=value.goal, n=n)


def _range(column: Column, value: Varied, context: Context) -> str:
    if column.name == "started" and isinstance(value.high, float):
        return words.age(context.now - value.high)
    if isinstance(value.low, float) and isinstance(value.high, float):
        return f"{words.number(value.low)} … {words.number(value.high)}"
    return "varies"


def _attribute(line: RunRow, column: Column, value: Value, context: Context) -> Cell:
    """Return the cell of something every run has."""
    name = column.name
    if name == "status":
        return present.status(line.status, inferred=line.inferred)
    if name == "name":
        badges = ("!" if line.faults else "") + ("≠" if "name" in line.contested else "")
        text = f"{value} {badges}" if badges else str(value)
        return Cell(text, "bold" if line.run == context.baseline_run else "")
    if value is None:
        return Cell("", "")
    if name in ("started", "ended") and isinstance(value, float):
        return Cell(words.age(context.now - value), "dim")
    if name == "duration" and isinstance(value, float):
        return Cell(words.duration(value), "dim")
    if name == "size" and isinstance(value, int):
        return Cell(words.size(value), "dim")
    if name == "faults":
        return Cell(str(value) if value else "", "warn")
    if name in ("id", "commit"):
        return Cell(present.short_id(str(value)), "dim")
    return Cell(words.value(value), "dim")


def _metric(line: RunRow, column: Column, value: Value, context: Context) -> Cell:
    """Return a metric's cell: bold if nobody is better, with the delta if there is a baseline."""
    if value is None or not isinstance(value, int | float):
        return Cell("", "")
    text = words.number(value, pad=isinstance(value, float))
    compared = column.part in _COMPARED
    style = "best" if compared and context.best.get(column) == value else ""
    base = context.baseline.get(column)
    if not compared or not isinstance(base, int | float) or line.run == context.baseline_run:
        return Cell(text, style)
    found = delta(float(value), float(base), context.goals.get(column.name))
    if found.difference is None:
        return Cell(text, style)
    return Cell(
        f"{text} {words.delta(found.difference)}",
        f"{style} {_VERDICTS.get(found.verdict, 'dim')}".strip(),
    )
