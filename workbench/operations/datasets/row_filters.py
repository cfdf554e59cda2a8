"""Filters over rows: the one that finds a value, and what none may ask of masked columns."""

import re
from typing import Any, Final

from workbench.datasets.fields import MASK
from workbench.datasets.table import FLOAT, Column
from workbench.errors import FilterError
from workbench.filters import render
from workbench.filters.fields import write_field
from workbench.filters.row_columns import field_of
from workbench.filters.row_walk import fields_of, leaves_of
from workbench.filters.tree import Compare, Field, IsNull, Number, RowNode, Text, Truth
from workbench.operations.datasets.row_words import seconds

_FINER: Final = re.compile(r":\d\d\.\d{7}")
"""A moment finer than filters read."""


def equal_to(column: Column, value: Any) -> str:
    """Return the filter that finds the rows with this value in a column; empty where none can.

    Args:
        column: The column.
        value: As `Row` has it, whole.
    """
    field = field_of(column)
    if value is None:
        return render(IsNull(field))
    if value == MASK or _FINER.search(str(value)):
        return ""
    match field.sort:
        case "nested":
            return ""
        case "number":
            number = Number(float(value) if column.type == FLOAT else value)
            return f"{write_field(field)} = {number.value}"
        case "truth":
            return render(Compare(field, "=", Truth(value)))
        case "duration":
            return f"{write_field(field)} = {seconds(value, column)}"
    return render(Compare(field, "=", Text(str(value))))


def require_unmasked(node: RowNode, masked: frozenset[str], text: str) -> None:
    """Refuse what would tell masked values; whether there is one may be asked.

    Raises:
        FilterError: It asks about one; points to it.
    """
    for field in _compared(node):
        if field.name in masked:
            raise masked_error(write_field(field), text, min(field.column, len(text)))


def masked_error(name: str, text: str = "", column: int = 0) -> FilterError:
    """Return why no filter asks about a masked column."""
    return FilterError(
        f"{name} is masked: a filter would tell its values.",
        text=text,
        column=column,
        hint="Show the masked columns first.",
    )


def _compared(node: RowNode) -> list[Field]:
    """Return the columns whose values a filter compares."""
    return [
        field
        for leaf in leaves_of(node)
        if not isinstance(leaf, IsNull)
        for field in fields_of(leaf)
    ]
