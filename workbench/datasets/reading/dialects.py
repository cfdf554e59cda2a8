"""How a text table is written, found out from its first bytes: encoding, separator, decimal sign.

Nothing found out is kept quiet: it stands in ``Table.said``, and can be said otherwise.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.datasets.reading import options as words_of
from workbench.datasets.reading.kinds import Kind, has_header
from workbench.datasets.reading.text_values import kind_of
from workbench.errors import FormatError, UsageError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
GUESSED: Final = "windows-1252"
"""What is not UTF-8 is nearly always this, or Latin-1, which it contains."""
_SEPARATORS: Final = ("\t", ";", "|", ",")
_LOOKED_AT: Final = 200
"""Rows that tell the separator."""
_COMMA_NUMBER: Final = re.compile(r"\s*[+-]?\d+,\d+([eE][+-]?\d+)?\s*")
_POINT_NUMBER: Final = re.compile(r"\s*[+-]?\d*\.\d+([eE][+-]?\d+)?\s*")
_GROUPED: Final = re.compile(r"[+-]?[1-9]\d{0,2}((\.\d{3})+,\d+|(,\d{3})+\.\d+|(,\d{3}){2,})")
"""A number that no decimal sign makes one to be read."""
_THOUSANDS: Final = re.compile(r"\s*[+-]?[1-9]\d{0,2},\d{3}\s*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text table is written."""

    encoding: str
    separator: str
    decimal: str
    header: bool
    quote: str
    """Empty: quotation marks are signs like others."""
    said: tuple[tuple[str, str], ...]


def encoding_of(sample: bytes, options: Mapping[str, str]) -> str:
    """Return the encoding of a text, said or found out.

    Raises:
        UsageError: What was said is no encoding.
        FormatError: It is no text.
    """
    if chosen := options.get("encoding"):
        try:
            return codecs.lookup(chosen).name
        except LookupError:
            raise UsageError(f"There is no encoding {chosen!r}.", hint="Use utf-8.") from None
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\0" in sample:
        return _without_mark(sample)
    for name in ("utf-8", GUESSED):
        try:
            codecs.getincrementaldecoder(name)("strict").decode(sample, False)
        except UnicodeDecodeError:
            continue
        return name
    raise FormatError(
        "Its bytes are no text in UTF-8 or Windows-1252.", hint="Say the option encoding."
    )


def _without_mark(sample: bytes) -> str:
    """Return which UTF-16 a text without a mark is: every other byte of plain letters is 0."""
    half = len(sample) // 2
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if zeros.count(0) > 0.4 * half and sample.count(0) == zeros.count(0):
            return name
    raise FormatError("It holds NUL bytes and is no text.", hint="Check what it is.")


def dialect_of(text: str, encoding: str, options: Mapping[str, str]) -> Dialect:
    """Return how a text table is written, from its first lines."""
    quote = options.get("quote", '"')
    quote = "" if quote == words_of.NONE else quote
    separator = options.get("separator") or _separator(text, quote)
    rows = rows_of(text, separator, quote)
    decimal = options.get("decimal") or _decimal(rows)
    header = options["header"] == "yes" if "header" in options else _has_header(rows, decimal)
    said = [
        ("separator", words_of.separator_word(separator)),
        ("encoding", encoding),
        ("decimal", decimal),
        ("header", "yes" if header else "no"),
    ]
    if "decimal" not in options and (open_one := _either(rows, decimal)):
        doubt = f"{open_one!r} may be of thousands or decimal: say the option decimal as ,"
        said.append(("text", doubt))
    if grouped := _first(rows, _GROUPED):
        said.append(("text", f"{grouped!r} sets its thousands apart and is read as text"))
    if quote != '"':
        said.append(("quote", quote or words_of.NONE))
    return Dialect(encoding, separator, decimal, header, quote, tuple(said))


def rows_of(text: str, separator: str, quote: str, most: int = _LOOKED_AT) -> list[list[str]]:
    """Return the first rows of a text that are not empty."""
    lines = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )  # fmt: skip
    found: list[list[str]] = []
    try:
        for row in lines:
            if row:
                found.append(row)
            if len(found) >= most:
                break
    except csv.Error:  # a field longer than the module takes; the reader itself has other bounds
        return found
    return found


def _separator(text: str, quote: str) -> str:
    """Return the sign that cuts most rows into equally many, and at least two, fields.

    A comma comes last among those that cut all rows so: it may be within numbers.
    """
    best, chosen = 0.0, ","
    for separator in _SEPARATORS:
        widths = Counter(map(len, rows_of(text, separator, quote)))
        width, count = max(widths.items(), key=lambda pair: pair[1], default=(0, 0))
        share = count / widths.total() if width > 1 else 0.0
        if share > best:
            best, chosen = share, separator
    return chosen


def _decimal(rows: Sequence[Sequence[str]]) -> str:
    """Return the decimal sign; a comma only where it cannot be one of thousands."""
    commas = points = 0
    for row in rows[1:]:
        for cell in row:
            if _COMMA_NUMBER.fullmatch(cell) and not _THOUSANDS.fullmatch(cell):
                commas += 1
            elif _POINT_NUMBER.fullmatch(cell):
                points += 1
    return "," if commas > points else "."


def _either(rows: Sequence[Sequence[str]], decimal: str) -> str:
    """Return a number whose comma may be of thousands or decimal, where nothing tells which."""
    if decimal == ",":
        return ""
    return _first(rows, _THOUSANDS)


def _first(rows: Sequence[Sequence[str]], shape: re.Pattern[str]) -> str:
    """Return the first cell of a shape; empty where there is none."""
    cells = (cell.strip() for row in rows[1:] for cell in row)
    return next((cell for cell in cells if shape.fullmatch(cell)), "")


def _has_header(rows: Sequence[Sequence[str]], decimal: str) -> bool:
    """Say whether the first row names the columns; a single row does."""
    if len(rows) < 2 or not rows[0]:  # noqa: PLR2004 - one to name and one to be named
        return True
    top = [_kind([cell], decimal) for cell in rows[0]]
    below = [
        _kind([row[k] for row in rows[1:] if len(row) > k], decimal) for k in range(len(rows[0]))
    ]
    return has_header(top, below)


def _kind(texts: Sequence[str], decimal: str) -> Kind:
    import polars as pl

    return kind_of(pl.Series("", [text or None for text in texts], dtype=pl.String), decimal)
