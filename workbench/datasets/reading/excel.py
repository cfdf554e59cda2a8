"""Excel: one sheet of a workbook, as the values it stores.

Formulas are not computed and macros not looked at: the result that Excel stored last is what
counts. Excel keeps all numbers as 64-bit floats; whole ones are read as whole numbers. A cell that
holds an error, or a formula without a stored result, has no value, and how many there are is said.
"""

import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Final

from workbench import words
from workbench.datasets.reading.excel_parts import Sheet, measured, place, require_bounded
from workbench.datasets.reading.faults import reason, shown
from workbench.datasets.reading.kinds import EXACT, Kind, has_header
from workbench.datasets.reading.names import unique
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.reading.stamps import FileStamp, stamp
from workbench.datasets.reading.value_block import ValueBlock, kind_of_values, written
from workbench.errors import FormatError, NotFoundError

_ZIP: Final = b"PK\x03\x04"
_LARGEST_FILE: Final = 256 << 20
"""Bytes of a workbook as it lies there; one in the format before 2007 has no other bound."""
_BLOCK: Final = 20_000
_SAMPLE: Final = 1_000
_OLD: Final = ".xls"
_READ: Final = (".xlsx", ".xlsm", ".xltx", ".xltm", _OLD, "")


Numbered = tuple[int, list[Any]]
"""A row's number in its sheet, and its cells."""


@dataclass(frozen=True)
class ExcelSource:
    """One sheet."""

    stamps: tuple[FileStamp, ...]
    sheet: str
    names: tuple[str, ...]
    first: tuple[Numbered, ...]
    """The first rows below the names: to show them nothing has to be loaded again."""
    header: bool
    said: tuple[tuple[str, str], ...]
    no_day: Sequence[int] = ()
    """Cells without a value, for their number is no day; as `Sheet` holds them."""
    format: str = "excel"

    @property
    def rows(self) -> int | None:
        """How many rows, where the first ones are all."""
        return len(self.first) if len(self.first) < _SAMPLE else None

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of the first rows."""
        if not self.first:
            return dict.fromkeys(self.names, Kind.NOTHING)
        block = self._block(self.first)
        return {name: block.kind(name) for name in self.names}

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[ValueBlock]:
        """Yield the rows."""
        del columns
        if self.first:
            yield self._block(self.first)
        if self.rows is not None:
            return
        with _sheet(self.stamps[0].path, self.sheet) as sheet:
            rest = islice(_rows(sheet, self.no_day), len(self.first) + self.header, None)
            while held := tuple(islice(rest, _BLOCK)):
                yield self._block(held)

    def _block(self, rows: Sequence[Numbered]) -> ValueBlock:
        cells = zip(*(row for _, row in rows), strict=True)
        columns = {
            name: [_value(cell) for cell in column]
            for name, column in zip(self.names, cells, strict=True)
        }
        places = [number for number, _ in rows]
        return ValueBlock(columns, len(rows), places, "row", dated=False)


def open_excel(
    path: Path, options: Mapping[str, str], notes: tuple[tuple[str, str], ...] = ()
) -> RowTable:
    """Return one sheet of a workbook.

    Raises:
        NotFoundError: There is no such sheet.
        FormatError: It is damaged, locked, empty, or too large.
    """
    before = stamp(path)
    if path.suffix.lower() not in _READ:
        raise FormatError(f"{shown(path)} is not read.", hint="Save it as .xlsx.")
    with _book(path) as book:
        sheets = [str(name) for name in book.sheet_names]
        name = _chosen(path, sheets, options.get("sheet", ""))
        looked = measured(path, name) if _is_archive(path) else None
        no_day = looked.no_day if looked else ()
        notes = (*notes, ("sheet", name), *_faults(looked))
        top = tuple(islice(_rows(book.get_sheet_by_name(name), no_day), _SAMPLE + 1))
    if not top:
        raise FormatError(
            f"{shown(path)} has nothing in sheet {name!r}.", hint="Say the option sheet."
        )
    cells = [row for _, row in top]
    header = options["header"] == "yes" if "header" in options else _names_on_top(cells)
    titles = [str(written(_value(cell)) or "").strip() if header else "" for cell in cells[0]]
    names, changed = unique(titles)
    first = top[1:] if header else top[:_SAMPLE]
    return RowTable(
        ExcelSource(
            (before,), name, names, first, header,
            _said(notes, sheets, name, header, changed), no_day,
        )
    )  # fmt: skip


def _said(
    notes: tuple[tuple[str, str], ...], sheets: Sequence[str], name: str, header: bool, changed: str
) -> tuple[tuple[str, str], ...]:
    others = words.visible(", ".join(one for one in sheets if one != name))[:200]
    more = [("other sheets", others)] if others else []
    more.append(("header", "yes" if header else "no"))
    if changed and header:
        more.append(("renamed", words.visible(changed)))
    return (*notes, *more)


def _names_on_top(rows: Sequence[Sequence[Any]]) -> bool:
    top = [kind_of_values([_value(cell)]) for cell in rows[0]]
    below = [
        kind_of_values([_value(cell) for cell in cells]) for cells in zip(*rows[1:], strict=True)
    ]
    return has_header(top, below or [Kind.NOTHING] * len(top))


def _faults(found: Sheet | None) -> Iterator[tuple[str, str]]:
    """Yield what has no value though something stands there; None: in the format before 2007."""
    if found is None:
        yield "errors", "cells with an error are null, and not counted in this format"
        yield "days", "days before 1900 are times in this format"
        return
    if found.errors:
        yield "errors", f"{words.plural(found.errors, 'cell')} with an error such as #N/A: null"
    if found.no_result:
        yield (
            "formulas",
            f"{words.plural(found.no_result, 'formula')} without a stored result: null",
        )
    if found.no_day:
        yield "days", f"{words.plural(len(found.no_day), 'day')} that Excel does not have: null"


def _is_archive(path: Path) -> bool:
    """Say whether a book is an archive; by its name one may be that begins with other bytes."""
    with path.open("rb") as file:
        begins = file.read(len(_ZIP)) == _ZIP
    return begins or (path.suffix.lower() != _OLD and zipfile.is_zipfile(path))


def _chosen(path: Path, sheets: Sequence[str], wanted: str) -> str:
    if wanted in sheets:
        return wanted
    if wanted.isdecimal() and 0 < int(wanted) <= len(sheets):
        return sheets[int(wanted) - 1]
    if wanted or not sheets:
        listed = words.visible(", ".join(sheets))[:200]
        raise NotFoundError(f"{shown(path)} has no sheet {wanted!r}.", hint=f"Use {listed}.")
    return sheets[0]


def _value(cell: Any) -> Any:
    """Return a cell's value: nothing for an empty one, a whole number for a whole float."""
    if cell == "":
        return None
    if type(cell) is float and cell.is_integer() and abs(cell) < EXACT:
        return int(cell)
    return cell


def _rows(sheet: Any, no_day: Sequence[int]) -> Iterator[Numbered]:
    """Yield rows that are not empty, with their numbers."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        if any(cell != "" for cell in row):
            yield number, _with_days(row, number, no_day) if no_day else row


def _with_days(row: list[Any], number: int, no_day: Sequence[int]) -> list[Any]:
    """Return a row without what its library takes for a day, or a time, and is none.

    It makes midnight of every whole number below zero, and the 28th of February of the 29th.
    """
    start, end = (bisect_left(no_day, place(number + k, 0)) for k in (0, 1))
    gone = set(no_day[start:end])
    return [
        "" if isinstance(cell, date | time) and place(number, k) in gone else cell
        for k, cell in enumerate(row, 1)
    ]


@contextmanager
def _sheet(path: Path, name: str) -> Iterator[Any]:
    with _book(path) as book:
        yield book.get_sheet_by_name(name)


@contextmanager
def _book(path: Path) -> Iterator[Any]:
    """Open a workbook; whatever the library meets in it becomes one sentence."""
    import python_calamine  # noqa: PLC0415 - only for Excel

    if path.stat().st_size > _LARGEST_FILE:
        raise FormatError(
            f"{shown(path)} has more than {words.size(_LARGEST_FILE)}.",
            hint="Write it as Parquet or CSV.",
        )
    if _is_archive(path):
        require_bounded(path)
    try:
        with python_calamine.CalamineWorkbook.from_path(path) as book:
            yield book
    except python_calamine.PasswordError:
        raise FormatError(
            f"{shown(path)} is locked with a password.", hint="Save it without one."
        ) from None
    except python_calamine.CalamineError as error:
        raise FormatError(f"{shown(path)} cannot be read as Excel: {reason(error)}.") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what its library raises when it gives up
            raise
        raise FormatError(f"{shown(path)} is damaged, and no Excel file.") from None
