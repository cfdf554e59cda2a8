"""CSV and TSV: rows of fields between separators, read block by block as text.

Every row must have as many fields as there are columns: a row of fewer is one that was cut, and
filling it up would make values nobody wrote. An empty field, quoted or not, is null.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from workbench.datasets.reading.dialects import Dialect, dialect_of, encoding_of, rows_of
from workbench.datasets.reading.faults import shown, told
from workbench.datasets.reading.kinds import Kind
from workbench.datasets.reading.names import unique
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.reading.stamps import Stamp, stamp
from workbench.datasets.reading.streams import packing_of, pieces
from workbench.datasets.reading.text_blocks import Lines, row_blocks, utf8
from workbench.datasets.reading.text_values import converted, kind_of
from workbench.errors import FormatError

if TYPE_CHECKING:
    import polars as pl

_SAMPLE: Final = 1 << 20


@dataclass(frozen=True)
class TextBlock:
    """Some rows, as text."""

    frame: "pl.DataFrame"
    lines: Lines
    decimal: str
    nulls: frozenset[str] = frozenset()
    """Texts that mean no value in columns that are not text."""
    offset: int = 0

    @property
    def rows(self) -> int:
        """How many."""
        return self.frame.height

    @property
    def names(self) -> Sequence[str]:
        """The columns."""
        return self.frame.columns

    def _texts(self, name: str) -> "pl.Series":
        texts = self.frame.get_column(name)
        return texts.set(texts.is_in(list(self.nulls)), None) if self.nulls else texts

    def kind(self, name: str) -> Kind:
        """Return the narrowest kind of a column here."""
        return kind_of(self._texts(name), self.decimal)

    def converted(self, name: str, kind: Kind) -> "pl.Series | None":
        """Return a column's values, or None if they do not fit."""
        texts = self.frame.get_column(name) if kind is Kind.TEXT else self._texts(name)
        return converted(texts, kind, self.decimal)

    def part(self, start: int, rows: int) -> "TextBlock":
        """Return some of the rows."""
        frame = self.frame.slice(start, rows)
        return replace(self, frame=frame, offset=self.offset + start)

    def place(self, row: int) -> str:
        """Return the line of a row."""
        return f"line {self.lines.first_line + self.offset + row:,}"

    def text(self, name: str, row: int) -> str:
        """Return a field."""
        return str(self.frame.get_column(name)[row])


@dataclass(frozen=True)
class DelimitedSource:
    """CSV files of the same columns, one after the other."""

    paths: tuple[Path, ...]
    stamps: tuple[Stamp, ...]
    packings: tuple[str, ...]
    dialect: Dialect
    names: tuple[str, ...]
    nulls: frozenset[str] = frozenset()
    format: str = "csv"
    notes: tuple[tuple[str, str], ...] = field(default=())

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """What was found out."""
        return self.dialect.said + self.notes

    @property
    def rows(self) -> None:
        """Nobody has counted."""
        return

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of the first rows."""
        for block in self._read(0, _SAMPLE):
            return {name: block.kind(name) for name in self.names}
        return dict.fromkeys(self.names, Kind.NOTHING)

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[TextBlock]:
        """Yield the rows."""
        del columns
        for k in range(len(self.paths)):
            yield from self._read(k)

    def _read(self, k: int, first: int | None = None) -> Iterator[TextBlock]:
        path = self.paths[k]
        with told(path):
            stream = utf8(path, self.packings[k], self.dialect.encoding)
            for number, lines in enumerate(row_blocks(path, stream, self.dialect.quote)):
                skip = 1 if number == 0 and self.dialect.header else 0
                yield self._block(path, lines, skip)

    def _block(self, path: Path, lines: Lines, skip: int) -> TextBlock:
        import polars as pl

        frame = pl.read_csv(
            lines.data, has_header=False, skip_rows=skip, separator=self.dialect.separator,
            quote_char=self.dialect.quote or None, infer_schema=False,
            schema=dict.fromkeys(self.names, pl.String()),
        )  # fmt: skip
        return TextBlock(frame, lines, self.dialect.decimal, self.nulls, skip)


def open_delimited(paths: Sequence[Path], options: Mapping[str, str]) -> RowTable:
    """Return CSV files as one table.

    Raises:
        FormatError: They are no text, or do not have the same columns.
    """
    first = paths[0]
    with told(first):
        stamps = tuple(stamp(path) for path in paths)
        packings = tuple(packing_of(path) for path in paths)
        sample = _sample(first, packings[0])
    encoding = encoding_of(sample, options)
    text = sample.decode(encoding, "ignore")
    dialect = dialect_of(text, encoding, options)
    top = next(iter(rows_of(text, dialect.separator, dialect.quote, 1)), [])
    if not top:
        raise FormatError(f"{shown(first)} is empty.", hint="Check what wrote it.")
    titles = [name.strip() for name in top] if dialect.header else [""] * len(top)
    names, changed = unique(titles)
    notes = (("renamed", changed),) if changed and dialect.header else ()
    return RowTable(DelimitedSource(tuple(paths), stamps, packings, dialect, names, notes=notes))


def _sample(path: Path, packing: str) -> bytes:
    return next(pieces(path, packing), b"")[:_SAMPLE]
