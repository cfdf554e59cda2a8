"""Some rows of a format whose values have types of their own: JSON lines, Excel, SQLite.

A value keeps its type where all of its column go together without loss; else the column is text,
each value written as its format would. Lists and objects are kept as JSON text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from workbench.datasets.reading.kinds import EXACT, Kind, dtype_of, joined
from workbench.datasets.reading.text_values import converted, kind_of

if TYPE_CHECKING:
    import polars as pl

_LONGEST: Final = (1 << 63) - 1
_KINDS: Final = {
    bool: Kind.BOOLEAN, float: Kind.FLOAT, bytes: Kind.BINARY, date: Kind.DATE,
    datetime: Kind.DATETIME, time: Kind.TIME, timedelta: Kind.DURATION,
}  # fmt: skip
_MOMENTS: Final = (Kind.DATE, Kind.DATETIME, Kind.DATETIME_NS, Kind.INSTANT)


@dataclass(frozen=True, slots=True)
class ValueBlock:
    """Some rows, column by column."""

    columns: Mapping[str, Sequence[Any]]
    rows: int
    places: Sequence[int]
    """The number each row has in its file, as a person counts."""
    noun: str
    """What is counted: ``line`` or ``row``."""
    dated: bool = True
    """Whether text in ISO 8601 is a date, as the format has no dates of its own."""

    @property
    def names(self) -> Sequence[str]:
        """The columns."""
        return tuple(self.columns)

    def has(self, name: str) -> bool:
        """Say whether a column stands in them."""
        return name in self.columns

    def kind(self, name: str) -> Kind:
        """Return the narrowest kind of a column here."""
        values = self.columns[name]
        own = kind_of_values(values)
        if own is Kind.TEXT and self.dated and _all_text(values):
            told = kind_of(_texts(name, values))
            return told if told in _MOMENTS else own
        return own

    def converted(self, name: str, kind: Kind) -> "pl.Series | None":
        """Return a column's values, or None if they do not fit."""
        import polars as pl

        values = self.columns[name]
        if kind is Kind.TEXT:
            return _texts(name, values)
        if kind in _MOMENTS and self.dated:
            return converted(_texts(name, values), kind) if _all_text(values) else None
        if joined(kind_of_values(values), kind) is not kind:
            return None
        return pl.Series(name, values, dtype=dtype_of(kind), strict=False)

    def part(self, start: int, rows: int) -> "ValueBlock":
        """Return some of the rows."""
        end = min(start + rows, self.rows)
        columns = {name: values[start:end] for name, values in self.columns.items()}
        return replace(self, columns=columns, rows=end - start, places=self.places[start:end])

    def place(self, row: int) -> str:
        """Return where a row stands."""
        return f"{self.noun} {self.places[row]:,}"

    def text(self, name: str, row: int) -> str:
        """Return a value as text."""
        return written(self.columns[name][row]) or ""


def kind_of_values(values: Sequence[Any]) -> Kind:
    """Return the narrowest kind that holds all values; None is no value."""
    types = set(map(type, values)) - {type(None)}
    found = Kind.NOTHING
    for one in types:
        found = joined(found, _whole(values) if one is int else _KINDS.get(one, Kind.TEXT))
    return found


def _whole(values: Sequence[Any]) -> Kind:
    numbers = [value for value in values if type(value) is int]
    low, high = min(numbers), max(numbers)
    if low < -_LONGEST - 1 or high > _LONGEST:
        return Kind.TEXT
    return Kind.LONG if low <= -EXACT or high >= EXACT else Kind.INTEGER


def _all_text(values: Sequence[Any]) -> bool:
    return set(map(type, values)) <= {str, type(None)}


def _texts(name: str, values: Sequence[Any]) -> "pl.Series":
    import polars as pl

    texts = values if _all_text(values) else [written(value) for value in values]
    return pl.Series(name, texts, dtype=pl.String)


def written(value: Any) -> str | None:
    """Return a value as text, as its format would write it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes):
        return f"X'{value.hex()}'"
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode()
    return str(value)
