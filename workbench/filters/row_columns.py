"""Which columns of data a filter can ask about, and what the values of each are."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from workbench.errors import FilterError
from workbench.filters.fields import write_field
from workbench.filters.names import closest
from workbench.filters.tree import Field, Sort

_SORTS: Final[Mapping[str, Sort]] = {
    "integer": "number",
    "float": "number",
    "decimal": "number",
    "boolean": "truth",
    "text": "text",
    "categorical": "text",
    "date": "time",
    "datetime": "time",
    "time": "clock",
    "duration": "duration",
}
"""Every other type, such as a list, can only be asked for null."""
_ZONE: Final = re.compile(r"time_zone='([^']+)'")
_GLUE: Final = re.compile(r"[-+*/]")


class DataColumn(Protocol):
    """A column of a table, as `workbench.datasets.table.Column` is."""

    @property
    def name(self) -> str:
        """Its name, unique in the table."""

    @property
    def type(self) -> str:
        """One of the words for types."""

    @property
    def dtype(self) -> str:
        """The type as polars writes it."""


class Columns:
    """The columns of one table, by name."""

    def __init__(self, columns: Sequence[DataColumn]) -> None:
        self._by_name = {column.name: column for column in columns}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def field(self, name: str, column: int) -> Field:
        """Return the column of that name as a field.

        Args:
            name: As it stands in the table.
            column: Where it is written in the filter.

        Raises:
            FilterError: There is no such column; names close ones.
        """
        found = self._by_name.get(name)
        if found is None:
            raise self._unknown(name, column)
        return field_of(found, column)

    def zone_of(self, field: Field) -> str:
        """Return the time zone a column of moments is kept in; empty where it has none."""
        found = self._by_name.get(field.name)
        zone = _ZONE.search(found.dtype) if found is not None else None
        return zone[1] if zone else ""

    def _unknown(self, name: str, column: int) -> FilterError:
        close = closest(name, self._by_name)
        parts = [part for part in _GLUE.split(name) if part]
        hint = ""
        if len(parts) > 1 and all(part in self._by_name for part in parts):
            hint = "Put a space on both sides of a sign to reckon; put names in backticks."
        elif close:
            hint = f"Did you mean {' or '.join(write_field(self.field(one, 0)) for one in close)}?"
        return FilterError(
            f"There is no column called '{name}'.", text="", column=column, hint=hint
        )


def field_of(column: DataColumn, at: int = 0) -> Field:
    """Return a column of a table as a field of filters.

    Args:
        column: The column.
        at: Where it is written in the filter.
    """
    return Field("column", column.name, column=at, sort=_SORTS.get(column.type, "nested"))


def require_values(field: Field) -> Field:
    """Return the field, unless it can only be asked for null.

    Raises:
        FilterError: It holds lists, records, bytes or nothing.
    """
    if field.sort != "nested":
        return field
    raise FilterError(
        f"{write_field(field)} holds no plain values and can only be asked for null.",
        text="",
        column=field.column,
        hint=f"Write {write_field(field)} IS NULL or IS NOT NULL.",
    )
