"""Some rows of a text table, and which of them is why it cannot be read."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench import words
from workbench.datasets.reading.dialects import Dialect
from workbench.datasets.reading.faults import reason, shown
from workbench.datasets.reading.kinds import Kind
from workbench.datasets.reading.lines import (
    Lines,
    counted,
    stray_quote,
    without_empty_lines,
)
from workbench.datasets.reading.text_values import converted, kind_of
from workbench.errors import FormatError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Nulls:
    """Texts that mean that there is no value."""

    texts: frozenset[str] = frozenset()
    everywhere: bool = False
    """Also in columns of text, as somebody said so."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Some rows, as text."""

    frame: "pl.DataFrame"
    names: tuple[str, ...]
    lines: Lines
    dialect: Dialect
    nulls: Nulls
    offset: int = 0

    @property
    def rows(self) -> int:
        """How many."""
        return self.frame.height

    def has(self, name: str) -> bool:
        """Every row has every column."""
        return bool(name)

    def kind(self, name: str) -> Kind:
        """Return the narrowest kind of a column here."""
        return kind_of(self._known(name), self.dialect.decimal)

    def converted(self, name: str, kind: Kind) -> "pl.Series | None":
        """Return a column's values, or None if they do not fit."""
        texts, decimal = self.frame.get_column(name), self.dialect.decimal
        if kind is Kind.TEXT:
            return _without(texts, self.nulls.texts) if self.nulls.everywhere else texts
        made = converted(texts, kind, decimal)
        return converted(self._known(name), kind, decimal) if made is None else made

    def part(self, start: int, rows: int) -> "TextBlock":
        """Return some of the rows."""
        return replace(self, frame=self.frame.slice(start, rows), offset=self.offset + start)

    def place(self, row: int) -> str:
        """Return the line of a row."""
        return f"line {_line_of(self.lines, self.dialect, len(self.names), self.offset + row):,}"

    def text(self, name: str, row: int) -> str:
        """Return a field."""
        return str(self.frame.get_column(name)[row] or "")

    def _known(self, name: str) -> "pl.Series":
        """Return a column without the texts that are no value, of which empty quotes are one."""
        return _without(self.frame.get_column(name), self.nulls.texts | {""})


def _without(texts: "pl.Series", nulls: frozenset[str]) -> "pl.Series":
    return texts.set(texts.is_in(list(nulls)), None)


def text_block(
    path: Path, lines: Lines, dialect: Dialect, names: Sequence[str], nulls: Nulls
) -> TextBlock:
    """Return lines as rows of exactly as many fields as there are columns.

    Raises:
        FormatError: A row has more or fewer, or a quotation mark stands within a field.
    """
    import polars as pl

    data, rows = _regular(path, lines, dialect, len(names))
    try:
        frame = pl.read_csv(
            data, has_header=False, separator=dialect.separator, infer_schema=False,
            quote_char=dialect.quote or None, schema=dict.fromkeys(names, pl.String()),
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        raise _ragged(path, lines, dialect, len(names), reason(error)) from None
    if frame.height != rows:
        raise _ragged(path, lines, dialect, len(names), "its rows cannot be told apart")
    return TextBlock(frame, tuple(names), lines, dialect, nulls)


def _regular(path: Path, lines: Lines, dialect: Dialect, width: int) -> tuple[bytes, int]:
    """Return rows, without empty lines, that have ``width`` fields on average, and their number.

    Rows of more fields are refused by whoever splits them, so that none has fewer.
    """
    separator, quote = dialect.separator, dialect.quote
    if quote and quote.encode() not in lines.data:
        quote = ""
    line = stray_quote(lines, separator, quote) if quote else None
    if line is not None:
        raise FormatError(
            f"{shown(path)} has a quotation mark within a field in line {line:,}.",
            hint="Say the option quote as none if quotation marks are signs like others.",
        )
    found = counted(lines.data, separator, quote)
    if width == 1 or found.cuts == found.rows * (width - 1):
        return lines.data, found.rows
    data = without_empty_lines(lines, quote)
    found = counted(data, separator, quote)
    if found.cuts != found.rows * (width - 1):
        raise _ragged(path, lines, dialect, width, "a row has more or fewer fields")
    return data, found.rows


def _ragged(path: Path, lines: Lines, dialect: Dialect, width: int, why: str) -> FormatError:
    """Return the fault of the first row that has not ``width`` fields."""
    for line, row in _numbered(lines, dialect):
        if row and len(row) != width:
            return FormatError(
                f"{shown(path)} has {words.plural(len(row), 'field')} in line {line:,}, "
                f"and {words.plural(width, 'column')}.",
                hint="Mend that line, or say the option separator or quote as it is meant.",
            )
    first, last = lines.first_line, lines.first_line + lines.data.count(b"\n") - 1
    return FormatError(f"{shown(path)}, lines {first:,} to {last:,}, cannot be read: {why}.")


def _line_of(lines: Lines, dialect: Dialect, width: int, wanted: int) -> int:
    """Return the line in which a row begins."""
    rows = (line for line, row in _numbered(lines, dialect) if row or width == 1)
    for number, line in enumerate(rows):
        if number == wanted:
            return line
    return lines.first_line + wanted


def _numbered(lines: Lines, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line it begins in, as the standard library splits them."""
    quote = dialect.quote
    reader = csv.reader(
        io.StringIO(lines.data.decode("utf-8", "replace"), newline=""),
        delimiter=dialect.separator, quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )  # fmt: skip
    line = lines.first_line
    try:
        for row in reader:
            yield line, row
            line = lines.first_line + reader.line_num
    except csv.Error:  # a field longer than that library takes
        return
