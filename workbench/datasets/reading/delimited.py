"""CSV and TSV: rows of fields between separators, read block by block as text.

Every row must have as many fields as there are columns: a row of fewer is one that was cut, and
filling it up would make values nobody wrote. An empty field is null; empty quotes are an empty
text in a column of text, and null elsewhere, as programs that quote everything write them so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from workbench import words
from workbench.datasets.reading import options as options_of
from workbench.datasets.reading.dialects import Dialect, dialect_of, encoding_of, rows_of
from workbench.datasets.reading.faults import shown, told
from workbench.datasets.reading.kinds import Kind
from workbench.datasets.reading.lines import FIRST, Lines, first_end, row_blocks, utf8
from workbench.datasets.reading.names import unique
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.reading.stamps import FileStamp, stamp
from workbench.datasets.reading.streams import packing_of, pieces
from workbench.datasets.reading.text_block import Nulls, TextBlock, text_block
from workbench.datasets.reading.text_values import kind_of
from workbench.errors import FormatError

MOST_COLUMNS: Final = 50_000
"""More stand in no table people write; a file of one endless line has them."""
_NULLS: Final = frozenset(
    {"NA", "N/A", "n/a", "na", "NULL", "null", "Null", "None", "none", "NaT", "<NA>", "(null)",
     "#N/A", "?", "-", "--", "."}
)  # fmt: skip
"""What programs and people write where there is no value. Taken so only in columns that are not
text, and only if it stands in the first rows: ``NA`` is a country, too."""


@dataclass(frozen=True)
class DelimitedSource:
    """CSV files of the same columns, one after the other."""

    stamps: tuple[FileStamp, ...]
    dialect: Dialect
    names: tuple[str, ...]
    nulls: Nulls
    notes: tuple[tuple[str, str], ...] = ()
    format: str = "csv"

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
        if self.sample is None:
            return dict.fromkeys(self.names, Kind.NOTHING)
        return {name: self.sample.kind(name) for name in self.names}

    @cached_property
    def sample(self) -> TextBlock | None:
        """The first rows."""
        return next(self._read(self.stamps[0].path), None)

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[TextBlock]:
        """Yield the rows."""
        del columns
        for one in self.stamps:
            yield from self._read(one.path)

    def _read(self, path: Path) -> Iterator[TextBlock]:
        with told(path):
            stream = utf8(path, packing_of(path), self.dialect.encoding)
            for number, lines in enumerate(row_blocks(path, stream, self.dialect.quote)):
                rows = self._below_header(path, lines) if number == 0 else lines
                yield text_block(path, rows, self.dialect, self.names, self.nulls)

    def _below_header(self, path: Path, lines: Lines) -> Lines:
        """Return lines without the header, which must be that of the first file."""
        if not self.dialect.header:
            return lines
        end = first_end(lines.data, self.dialect.quote)
        titles = _titles(lines.data[:end].decode("utf-8", "replace"), self.dialect)
        if unique(titles)[0] != self.names:
            raise FormatError(
                f"{shown(path)} has other columns than {shown(self.stamps[0].path)}.",
                hint="Put files of the same columns together.",
            )
        return Lines(lines.data[end:], lines.first_line + lines.data.count(b"\n", 0, end))


def open_delimited(
    paths: Sequence[Path], options: Mapping[str, str], notes: tuple[tuple[str, str], ...] = ()
) -> RowTable:
    """Return CSV files as one table.

    Raises:
        FormatError: They are no text, or are empty.
        UsageError: An option does not fit.
    """
    first = paths[0]
    with told(first):
        stamps = tuple(stamp(path) for path in paths)
        packing = packing_of(first)
        sample = next(pieces(first, packing), b"")[:FIRST]
    dialect, names, changed = _told(first, sample, options)
    if packing:
        notes = (*notes, ("packed", packing))
    if changed and dialect.header:
        notes = (*notes, ("renamed", words.visible(changed)))
    source = DelimitedSource(stamps, dialect, names, Nulls(), notes)
    return RowTable(_with_nulls(source, options))


def _told(
    path: Path, sample: bytes, options: Mapping[str, str]
) -> tuple[Dialect, tuple[str, ...], str]:
    """Return how a file is written and its columns."""
    try:
        encoding = encoding_of(sample, options)
    except FormatError as error:
        raise FormatError(f"{shown(path)}: {error.message}", hint=error.hint) from None
    text = sample.decode(encoding, "ignore")
    if len(sample) == FIRST:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text  # the last row is cut
    dialect = dialect_of(text, encoding, options)
    titles = _titles(text, dialect)
    if not any(titles):
        raise FormatError(f"{shown(path)} is empty.", hint="Check what wrote it.")
    if len(titles) > MOST_COLUMNS:
        raise FormatError(
            f"{shown(path)} begins with a row of over {MOST_COLUMNS:,} cells.",
            hint="Check what separates its cells, and where its lines end.",
        )
    names, changed = unique(titles if dialect.header else [""] * len(titles))
    return dialect, names, changed


def _titles(text: str, dialect: Dialect) -> list[str]:
    """Return the fields of the first row, without spaces around them."""
    top = next(iter(rows_of(text, dialect.separator, dialect.quote, 1)), [])
    return [name.strip() for name in top]


def _with_nulls(source: DelimitedSource, options: Mapping[str, str]) -> DelimitedSource:
    """Return a source that knows which texts mean no value, said or found in the first rows."""
    if said := options.get("null"):
        texts = frozenset() if said == options_of.NONE else frozenset(said.split(","))
        return replace(
            source, nulls=Nulls(texts, everywhere=True), notes=(*source.notes, ("null", said))
        )
    found = _nulls_in(source)
    if not found:
        return source
    listed = ", ".join(sorted(found))
    note = ("missing", f"{listed}, in columns that are not text")
    return replace(source, nulls=Nulls(found), notes=(*source.notes, note))


def _nulls_in(source: DelimitedSource) -> frozenset[str]:
    """Return the texts without which a column of the first rows is numbers or dates."""
    found: set[str] = set()
    if source.sample is None:
        return frozenset()
    for name in (name for name, kind in source.kinds.items() if kind is Kind.TEXT):
        texts = source.sample.frame.get_column(name)
        marks = _NULLS.intersection(texts.drop_nulls().unique().to_list())
        rest = texts.filter(~texts.is_in(list(marks)))
        if marks and kind_of(rest, source.dialect.decimal) not in (Kind.TEXT, Kind.NOTHING):
            found |= marks
    return frozenset(found)
