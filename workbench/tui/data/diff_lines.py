"""What changed between two tables as entries of lists: columns by size, rows cell by cell."""

from collections.abc import Iterator, Sequence

from workbench.datasets.diffing import Delta, LoneRow, RowDiff
from workbench.tui.cells import Cell
from workbench.tui.widgets.list_table import Entry
from workbench.tui.widgets.table_values import Column
from workbench.words import number

DELTAS = (
    Column("column", "column", pinned=True, most=28),
    Column("size", "change", align="right"),
    Column("bar", "", most=10),
    Column("measure", "measure", most=18),
    Column("words", "what changed", most=90),
)
CHANGES = (
    Column("what", "row", pinned=True, most=10),
    Column("key", "key", most=28),
    Column("column", "column", most=24),
    Column("old", "old", most=40),
    Column("new", "new", most=40),
)
_BAR = 10


def delta_entries(deltas: Sequence[Delta], typed: str = "") -> list[Entry]:
    """Return a line for each column, the largest change first; those whose name holds letters."""
    return [_delta(one) for one in deltas if typed.casefold() in one.column.casefold()]


def _delta(one: Delta) -> Entry:
    style = "dim" if one.chance or not one.size else ""
    name = f"{one.was} → {one.column}" if one.was else one.column
    said = f"{one.words} (may be chance)" if one.chance and one.size else one.words
    cells = (
        Cell(name, style or "bold"), Cell(number(one.size, 3) if one.measure else "", style),
        Cell("█" * round(one.size * _BAR) or ("▏" if one.size else ""), style or "accent"),
        Cell(one.measure, "dim"), Cell(said, style),
    )  # fmt: skip
    return Entry(one.column, cells, (name, one.size, one.size, one.measure, said))


def change_entries(rows: RowDiff | None) -> list[Entry]:
    """Return a line for each changed cell, then for each added and removed row."""
    if rows is None:
        return []
    return [
        Entry(place, tuple(Cell(text, style) for text, style in cells))
        for place, cells in enumerate(_changes(rows))
    ]


def _changes(rows: RowDiff) -> Iterator[tuple[tuple[str, str], ...]]:
    for row in rows.changed_rows:
        key = ", ".join(row.key)
        for cell in row.cells:
            yield (
                ("~ changed", "warn"), (key, "bold"), (cell.column, ""), (cell.old, "dim"),
                (cell.new, ""),
            )  # fmt: skip
    for one in rows.added_rows:
        yield (("+ added", "good"), (_key(one), "bold"), ("", ""), ("", ""), (_values(one), ""))
    for one in rows.removed_rows:
        yield (("- removed", "bad"), (_key(one), "bold"), ("", ""), (_values(one), ""), ("", ""))


def _key(row: LoneRow) -> str:
    return ", ".join(row.key) if row.key else f"row {row.row:,}"


def _values(row: LoneRow) -> str:
    times = f"{row.times} times: " if row.times > 1 else ""
    return times + ", ".join(f"{name}={value}" for name, value in row.values)
