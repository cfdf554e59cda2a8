"""Datasets as rows: the newest version of each, and in words what stands out about it."""

from collections.abc import Sequence

from workbench import words
from workbench.operations.datasets.listing import (
    ARCHIVED,
    AWAY,
    CHANGED,
    PURPOSE,
    RETENTION,
    UNREADABLE,
    DatasetLine,
)
from workbench.tui.cells import Cell
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.narrow import holds
from workbench.tui.widgets.table_values import Column

COLUMNS = (
    Column("name", "dataset", pinned=True, most=28),
    Column("version", "version"),
    Column("rows", "rows", "right"),
    Column("size", "size", "right"),
    Column("age", "age", "right"),
    Column("owner", "owner", most=16),
    Column("flags", "flags", most=60),
    Column("columns", "columns", "right"),
    Column("runs", "runs", "right"),
    Column("models", "models", "right"),
    Column("reader", "format", most=16),
    Column("path", "from", most=48),
    Column("description", "description", most=80),
)
_SIGNS = {
    UNREADABLE: ("!", "bad"),
    AWAY: ("∅", "bad"),
    RETENTION: ("▲", "warn"),
    PURPOSE: ("▲", "warn"),
    CHANGED: ("≠", "warn"),
    ARCHIVED: ("▽", "dim"),
}
_PERSONAL = ("◉", "accent")
"""Every other word says which personal data there is."""


def entries(lines: Sequence[DatasetLine], now: float, typed: str = "") -> list[Entry]:
    """Return a row per dataset that holds what was typed."""
    return [_entry(line, now) for line in lines if holds(_searched(line), typed)]


def flag_cells(flags: Sequence[str]) -> tuple[Cell, ...]:
    """Return what stands out, each with its symbol and style."""
    return tuple(Cell(f"{sign} {flag}", style) for flag in flags for sign, style in [sign_of(flag)])


def sign_of(flag: str) -> tuple[str, str]:
    """Return the symbol and the style of something that stands out."""
    return _SIGNS.get(flag, _PERSONAL)


def _searched(line: DatasetLine) -> str:
    return " ".join((line.name, line.owner, line.path, line.description, *line.flags))


def _entry(line: DatasetLine, now: float) -> Entry:
    flags = flag_cells(line.flags)
    age = now - line.time if line.time else None
    found = "  ".join(cell.text for cell in flags)
    cells = (
        Cell(line.name, "dim" if line.archived else "bold"),
        Cell(f"v{line.version}") if line.version else Cell(words.UNKNOWN, "faint"),
        _count(line.rows),
        Cell(words.size(line.size)),
        Cell(words.age(age), "dim"),
        Cell(line.owner or words.UNKNOWN, "" if line.owner else "faint"),
        Cell(found, flags[0].style if flags else ""),
        _count(line.columns),
        _count(line.runs or None),
        _count(line.versions_of_models or None),
        Cell(line.reader, "dim"),
        Cell(line.path, "dim"),
        Cell(line.description.partition("\n")[0], "dim"),
    )
    values = (
        line.name, line.version, line.rows, line.size, age, line.owner or None, found,
        line.columns, line.runs, line.versions_of_models, line.reader, line.path, line.description,
    )  # fmt: skip
    return Entry(line.name, cells, values)


def _count(number: int | None) -> Cell:
    return Cell(words.UNKNOWN, "faint") if number is None else Cell(words.count(number))
