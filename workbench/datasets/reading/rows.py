"""Formats of rows (CSV, JSON lines, Excel, SQLite) as tables: one road for all of them.

A format gives blocks of raw values; what type a column has is told here, the same for all.
While a table is only opened, types are those of its first rows. `columnar` looks at every row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from workbench import words
from workbench.datasets.reading.frames import column_of
from workbench.datasets.reading.kinds import Kind, dtype_of
from workbench.datasets.reading.stamps import FileStamp, require_same
from workbench.datasets.table import Column
from workbench.errors import FormatError, NotFoundError

if TYPE_CHECKING:
    import polars as pl


class Block(Protocol):
    """Some rows of a file, not yet of any type."""

    @property
    def rows(self) -> int:
        """How many."""

    @property
    def names(self) -> Sequence[str]:
        """The columns that stand in them."""

    def has(self, name: str) -> bool:
        """Say whether a column stands in them."""

    def kind(self, name: str) -> Kind:
        """Return the narrowest kind of a column's values here."""

    def converted(self, name: str, kind: Kind) -> "pl.Series | None":
        """Return a column's values, or None if one of them is none of that kind."""

    def part(self, start: int, rows: int) -> "Block":
        """Return some of the rows."""

    def place(self, row: int) -> str:
        """Return where a row stands, such as ``line 17``."""

    def text(self, name: str, row: int) -> str:
        """Return a value as it stands in the file."""


class Source(Protocol):
    """A file of rows, opened."""

    @property
    def format(self) -> str:
        """The format's word."""

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was found out about it."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The columns in order, with their kinds in the first rows."""

    @property
    def stamps(self) -> tuple[FileStamp, ...]:
        """The files it reads."""

    @property
    def rows(self) -> int | None:
        """How many rows, where the file says."""

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[Block]:
        """Yield the rows in order; columns beyond those asked for may be left out.

        Raises:
            FormatError: They cannot be read; says where and why.
        """


@dataclass(frozen=True)
class RowTable:
    """A table in a file of rows: one column cannot be read without the others."""

    source: Source
    columnar: bool = False

    @property
    def stamps(self) -> tuple[FileStamp, ...]:
        """The files it reads."""
        return self.source.stamps

    @property
    def columns(self) -> tuple[Column, ...]:
        """Names and types, from the first rows."""
        kinds = self.source.kinds.items()
        return tuple(column_of(name, dtype_of(kind)) for name, kind in kinds)

    @property
    def rows(self) -> int | None:
        """How many rows; None where nobody has counted."""
        return self.source.rows

    @property
    def format(self) -> str:
        """The format's word."""
        return self.source.format

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was found out."""
        return self.source.said

    def batches(self, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Yield the rows in order.

        Raises:
            FormatError: A row cannot be read, or has a value of another type than the first rows.
        """
        kinds = _chosen(self.source.kinds, columns)
        some = False
        for block in self.source.blocks(tuple(kinds)):
            some = True
            yield typed(block, kinds)
        if not some:
            yield self.head(0).select(list(kinds))
        require_same(self.source.stamps)

    def head(self, rows: int) -> "pl.DataFrame":
        """Return the first rows, reading no more than they need."""
        import polars as pl

        kinds, found = self.source.kinds, []
        for block in self.source.blocks():
            taken = block.part(0, min(rows, block.rows))
            found.append(typed(taken, kinds))
            rows -= taken.rows
            if rows <= 0:
                break
        schema = {name: dtype_of(kind) for name, kind in kinds.items()}
        return pl.concat(found) if found else pl.DataFrame(schema=schema)


def _chosen(kinds: Mapping[str, Kind], columns: Sequence[str] | None) -> Mapping[str, Kind]:
    if columns is None:
        return kinds
    for name in columns:
        if name not in kinds:
            raise NotFoundError(f"There is no column {name!r}.")
    return {name: kinds[name] for name in columns}


def typed(block: Block, kinds: Mapping[str, Kind]) -> "pl.DataFrame":
    """Return a block's rows with these columns, of these kinds.

    Raises:
        FormatError: A value is none of its column's kind; says which and where.
    """
    import polars as pl

    made = []
    for name, kind in kinds.items():
        series = values(block, name, kind)
        if series is None:
            raise misfit(block, name, kind)
        made.append(series)
    return pl.DataFrame(made)


def values(block: Block, name: str, kind: Kind) -> "pl.Series | None":
    """Return a column of a block in the type of a kind, or None if a value is none of it."""
    import polars as pl

    dtype = dtype_of(kind)
    if not block.has(name):
        return pl.Series(name, [None], dtype=dtype).new_from_index(0, block.rows)
    series = block.converted(name, kind)
    return None if series is None else series.cast(dtype)


def first_misfit(block: Block, name: str, kind: Kind) -> int:
    """Return the first row of a block whose value is none of the kind."""
    low, high = 0, block.rows
    while high - low > 1:
        middle = (low + high) // 2
        if block.part(low, middle - low).converted(name, kind) is None:
            high = middle
        else:
            low = middle
    return low


def misfit(block: Block, name: str, kind: Kind) -> FormatError:
    """Return the fault of a value that does not fit its column's first rows."""
    return FormatError(
        f"{told_misfit(block, name, kind)}, unlike the rows before.",
        hint="Read it through its Parquet copy, which takes the type from all rows.",
    )


def told_misfit(block: Block, name: str, kind: Kind) -> str:
    """Return where a column's first value stands that is none of a kind, and what it is."""
    row = first_misfit(block, name, kind)
    text = words.visible(block.text(name, row))[:60]
    title = words.visible(name)[:60]
    what = "empty" if kind is Kind.NOTHING else kind.value
    return f"Column {title!r} holds {text!r} in {block.place(row)}, which is not {what}"
