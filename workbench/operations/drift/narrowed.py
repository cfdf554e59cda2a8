"""A table with fewer columns: what a second opinion is to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.datasets.table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Some columns of a table, in its order."""

    whole: Table
    kept: frozenset[str]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and types."""
        return tuple(column for column in self.whole.columns if column.name in self.kept)

    @property
    def rows(self) -> int | None:
        """How many rows; None while nobody has counted."""
        return self.whole.rows

    @property
    def format(self) -> str:
        """The format's word."""
        return self.whole.format

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was found out."""
        return self.whole.said

    @property
    def columnar(self) -> bool:
        """Whether one column can be read without reading the others."""
        return self.whole.columnar

    def batches(self, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Return the rows in order, a part at a time."""
        names = [column.name for column in self.columns]
        return self.whole.batches(names if columns is None else columns)

    def head(self, rows: int) -> "pl.DataFrame":
        """Return the first rows."""
        return self.whole.head(rows).select([column.name for column in self.columns])
