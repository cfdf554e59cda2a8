"""Frames in memory under the contract of tables, and the words for polars' types."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.datasets import table
from workbench.datasets.table import MEMORY, Column

if TYPE_CHECKING:
    import polars as pl

_WORDS: Final = {
    "Boolean": table.BOOLEAN, "String": table.TEXT, "Date": table.DATE, "Time": table.TIME,
    "Datetime": table.DATETIME, "Duration": table.DURATION, "Decimal": table.DECIMAL,
    "Categorical": table.CATEGORICAL, "Enum": table.CATEGORICAL, "Binary": table.BINARY,
    "List": table.LIST, "Array": table.LIST, "Struct": table.STRUCT, "Null": table.NULL,
}  # fmt: skip


def type_of(dtype: "pl.DataType | type[pl.DataType]") -> str:
    """Return the word of `workbench.datasets.table.TYPES` for a polars type."""
    if dtype.is_integer():
        return table.INTEGER
    if dtype.is_float():
        return table.FLOAT
    return _WORDS.get(str(dtype.base_type()), table.OTHER)


def column_of(name: str, dtype: "pl.DataType") -> Column:
    """Return a column's name and type."""
    return Column(name, type_of(dtype), str(dtype))


def frame_columns(frame: "pl.DataFrame") -> tuple[Column, ...]:
    """Return names and types of a frame's columns."""
    return tuple(column_of(name, dtype) for name, dtype in frame.schema.items())


@dataclass(frozen=True, slots=True)
class FrameTable:
    """A table in memory; one part."""

    frame: "pl.DataFrame"
    format: str = MEMORY
    said: tuple[tuple[str, str], ...] = ()
    columnar: bool = True
    paths: tuple[Path, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and types."""
        return frame_columns(self.frame)

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.frame.height

    def batches(self, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Yield the frame, with these columns only."""
        yield self.frame if columns is None else self.frame.select(columns)

    def head(self, rows: int) -> "pl.DataFrame":
        """Return the first rows."""
        return self.frame.head(rows)


def of_frame(frame: "pl.DataFrame") -> FrameTable:
    """Return a frame in memory as a table."""
    return FrameTable(frame)
