"""Rows of data as cells: a null is a dim word, an empty text two quotes, a masked value dots."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from workbench.datasets.fields import MASK
from workbench.datasets.table import (
    DECIMAL,
    FLOAT,
    INTEGER,
    LIST,
    STRUCT,
    TEXT,
    Column,
)
from workbench.operations.datasets import row_words, rows
from workbench.tui.cells import Cell
from workbench.tui.widgets.table_values import Column as Shown
from workbench.tui.widgets.table_values import Row

NUMBER_KEY: Final = "\x00row"
"""Of the column that numbers the rows; no column of data begins so."""
NULL: Final = Cell(row_words.NULL, "faint italic")
_MASKED: Final = Cell(MASK, "dim")
_WIDEST: Final[Mapping[str, int]] = {
    INTEGER: 24, FLOAT: 26, DECIMAL: 26, TEXT: 36, LIST: 44, STRUCT: 44,
}  # fmt: skip


def shown_columns(
    columns: Sequence[Column], widths: Mapping[str, int], masked: frozenset[str] = frozenset()
) -> tuple[Shown, ...]:
    """Return how the columns want to be seen, the numbers of the rows before them."""
    first = Shown(NUMBER_KEY, "row", "right", widths.get(NUMBER_KEY), pinned=True)
    return (first, *(_shown(column, widths.get(column.name), masked) for column in columns))


def _shown(column: Column, width: int | None, masked: frozenset[str]) -> Shown:
    hidden = column.name in masked
    title = f"{column.name} {MASK}" if hidden else column.name
    align = "right" if row_words.is_number(column) and not hidden else "left"
    return Shown(column.name, title, align, width, most=_WIDEST.get(column.type, 30))  # type: ignore[arg-type] # left or right


def row_of(row: "rows.Row", columns: Sequence[Column]) -> Row:
    """Return a finished row; its key is its number among all."""
    cells = [cell_of(column, value) for column, value in zip(columns, row.values, strict=True)]
    return Row(row.number, (Cell(str(row.number + 1), "dim"), *cells), about=row)


def cell_of(column: Column, value: Any) -> Cell:
    """Return a value as a cell."""
    if value is None:
        return NULL
    if value == MASK:
        return _MASKED
    text = row_words.words_of(column, value) or ""
    if column.type != TEXT:
        return Cell(text)
    return Cell(row_words.quoted(text), "faint" if text == "" else "")
