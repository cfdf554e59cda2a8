"""What every reader of data files gives: names, types and rows, a part at a time.

Nothing above this contract knows which format a file has; nothing below it knows who asks.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, runtime_checkable

if TYPE_CHECKING:
    import polars as pl

INTEGER, FLOAT, DECIMAL, BOOLEAN, TEXT = "integer", "float", "decimal", "boolean", "text"
DATE, DATETIME, TIME, DURATION = "date", "datetime", "time", "duration"
CATEGORICAL, BINARY, LIST, STRUCT, NULL, OTHER = (
    "categorical", "binary", "list", "struct", "null", "other",
)  # fmt: skip
TYPES = (
    INTEGER, FLOAT, DECIMAL, BOOLEAN, TEXT, DATE, DATETIME, TIME, DURATION, CATEGORICAL, BINARY,
    LIST, STRUCT, NULL, OTHER,
)  # fmt: skip
"""The words for types, the same for every format, on every screen and in every file."""


MEMORY: Final = "memory"
"""The word for the format of a table that no file holds."""
PER_SECOND: Final = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""How many units of a moment or a length of time make a second."""


class Column(NamedTuple):
    """A column's name and type."""

    name: str
    type: str
    """One of `TYPES`."""
    dtype: str
    """The type as polars writes it, such as ``Int64`` or ``Datetime(time_unit='us')``."""

    @property
    def per_second(self) -> int:
        """Return how many of its units make a second; 1 where it is not of time."""
        unit = next((unit for unit in PER_SECOND if f"time_unit='{unit}'" in self.dtype), "")
        return PER_SECOND.get(unit, 1)


class Part(NamedTuple):
    """A stretch of rows that is read at once: a row group, a file, a block of lines."""

    number: int
    rows: int | None
    """None where they are not known before reading."""


@runtime_checkable
class Table(Protocol):
    """A table on disk, opened but not read."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and types, unique names, in the order of the file."""

    @property
    def rows(self) -> int | None:
        """How many rows; None while nobody has counted."""

    @property
    def format(self) -> str:
        """The format's word, such as ``parquet``, ``csv``, ``json lines`` or ``excel``."""

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was found out and should be shown: separator, encoding, decimal, sheet."""

    @property
    def columnar(self) -> bool:
        """Whether one column can be read without reading the others."""

    def batches(self, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Return the rows in order, a part at a time, with these columns only.

        Raises:
            FormatError: A part cannot be read; says which and why.
        """

    def head(self, rows: int) -> "pl.DataFrame":
        """Return the first rows, reading no more than they need.

        Raises:
            FormatError: They cannot be read.
        """


def format_words(word: str) -> str:
    """Return what a table was read as, for a sentence, from its format's word."""
    return "a table in a script's memory" if word == MEMORY else word
