"""An Excel file as what it is, a zip archive of XML, looked at before anything loads it.

The library that reads the cells takes the room for a whole rectangle of them, and shows a cell
with an error as an empty one; and it loads all texts of a book as soon as it opens it. So an
archive is unpacked here once and thrown away before that library sees it, whatever the archive
claims of itself, and the rectangle is measured and errors are counted before cells are asked for.
"""

import re
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from workbench import words
from workbench.datasets.reading.faults import shown
from workbench.errors import FormatError

_LARGEST: Final = 1 << 30
"""Bytes of all parts, unpacked."""
_LARGEST_LOADED: Final = 256 << 20
"""Bytes of a part that is loaded as soon as a book is opened, such as its texts: short ones take
five times their room in memory."""
_LARGEST_LIST: Final = 8 << 20
"""Bytes of the list of sheets, of where they are, and of the styles of cells."""
_STYLES: Final = "xl/styles.xml"
_IN_PIECES: Final = ("xl/worksheets/", "xl/media/")
"""Parts that are loaded one at a time, or never."""
_MOST_CELLS: Final = 40_000_000
"""Of the rectangle around a sheet's cells; about 1.3 GB while it is read."""
_MOST_PARTS: Final = 20_000
_PIECE: Final = 4 << 20
_LONGEST_CELL: Final = 1 << 10
"""Bytes that hold a cell's opening tag and its formula's end, so that no piece cuts one."""
_CELL: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"']")
_ERROR: Final = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
_NO_RESULT: Final = re.compile(
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_DAMAGED: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, ET.ParseError, NotImplementedError,
    KeyError, ValueError, EOFError, OSError, RuntimeError,
)  # fmt: skip
"""What reading an archive of anything raises."""
_NO_DAY: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>(?:<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>))?"
    rb"<(?:\w+:)?v>(?:-|60[.<])"
)
"""A number that is no day where it is shown as one: days are counted from 1, and the 60th is the
29th of February 1900, which never was."""
_STYLE: Final = re.compile(rb"\bs\s*=\s*[\"'](\d{1,6})[\"']")
_DAYS: Final = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
"""Formats every book knows that show a number as a day or a time."""
_UNSHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What of a format is text, room or colour."""
_COLUMN_BITS: Final = 16
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Sheet(NamedTuple):
    """What a sheet's bytes say."""

    cells: int
    """Of the rectangle around them."""
    errors: int
    """Cells such as ``#N/A``."""
    no_result: int
    """Formulas whose result the file does not hold."""
    no_day: Sequence[int] = ()
    """Where a number is shown as a day and is none, as `place` counts; ascending."""


def place(row: int, column: int) -> int:
    """Return one number for a cell's row and column, both counted from 1."""
    return row << _COLUMN_BITS | column


def require_bounded(path: Path) -> None:
    """Refuse an archive that unpacks to too much; whatever it claims, it is unpacked to see it.

    Raises:
        FormatError: It is damaged, no Excel file, or too large to be loaded.
    """
    with _archive(path) as archive:
        parts = archive.infolist()
        names = {part.filename.casefold() for part in parts}
        if len(names) < len(parts):  # which of two is read is for each reader to say
            raise zipfile.BadZipFile
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
            raise _too_large(path, _LARGEST)
        left = _LARGEST
        for part in parts:
            left -= _unpacked(path, archive, part, left)
        _list(path, archive, "xl/workbook.xml")


def measured(path: Path, sheet: str) -> Sheet:
    """Return what a sheet of an Excel file, known to be bounded, holds.

    Raises:
        FormatError: It is damaged, or its cells are spread too far to be loaded.
    """
    with _archive(path) as archive:
        part = _part_of(path, archive, sheet)
        return _looked_at(path, archive, part, _day_styles(path, archive))


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever is wrong with it becomes one sentence."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _DAMAGED:
        raise FormatError(
            f"{shown(path)} is cut off or damaged, and no Excel file.",
            hint="Fetch or write it again.",
        ) from None


def _unpacked(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Return how many bytes a part has.

    Raises:
        FormatError: They are more than are left, or than such a part may have.
    """
    in_pieces = part.filename.casefold().startswith(_IN_PIECES)
    most, size = left if in_pieces else min(left, _LARGEST_LOADED), 0
    for piece in _pieces(archive, part):
        size += len(piece)
        if size > most:
            raise _too_large(path, _LARGEST if most == left else _LARGEST_LOADED)
    return size


def _too_large(path: Path, most: int) -> FormatError:
    return FormatError(
        f"{shown(path)} unpacks to more than {words.size(most)}"
        f"{'' if most == _LARGEST else ' of what is not in its sheets'}.",
        hint="Write it as Parquet or CSV.",
    )


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo | str) -> Iterator[bytes]:
    with archive.open(part) as file:
        while piece := file.read(_PIECE):
            yield piece


def _part_of(path: Path, archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part a sheet is in."""
    book = _list(path, archive, "xl/workbook.xml")
    relation = next(
        (one.get(_RELATION, "") for one in book.iter() if _is(one, "sheet", "name", sheet)), ""
    )
    links = _list(path, archive, "xl/_rels/workbook.xml.rels")
    target = next((one.get("Target", "") for one in links.iter() if one.get("Id") == relation), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _list(path: Path, archive: zipfile.ZipFile, name: str) -> ET.Element:
    """Return a part that is read as a tree, of which a small one fits into memory."""
    with archive.open(name) as file:
        data = file.read(_LARGEST_LIST + 1)
    if len(data) > _LARGEST_LIST:
        raise FormatError(
            f"{shown(path)} lists its sheets or styles in more than {words.size(_LARGEST_LIST)}.",
            hint="Write it as Parquet or CSV.",
        )
    return ET.fromstring(data)  # noqa: S314 - bounded


def _is(element: ET.Element, tag: str, attribute: str, value: str) -> bool:
    return element.tag.rpartition("}")[2] == tag and element.get(attribute) == value


def _day_styles(path: Path, archive: zipfile.ZipFile) -> frozenset[int]:
    """Return which styles of cells show a number as a day or a time; not those of durations."""
    if _STYLES not in archive.namelist():
        return frozenset()
    styles = list(_list(path, archive, _STYLES).iter())
    own = {
        one.get("numFmtId", ""): _shows_day(one.get("formatCode", ""))
        for one in styles
        if one.tag.rpartition("}")[2] == "numFmt"
    }
    cells = next((one for one in styles if one.tag.rpartition("}")[2] == "cellXfs"), ())
    formats = [one.get("numFmtId", "") for one in cells]
    return frozenset(
        k for k, one in enumerate(formats) if own.get(one, one.isdecimal() and int(one) in _DAYS)
    )


def _shows_day(code: str) -> bool:
    if re.search(r"\[[hms]+\]", code, re.IGNORECASE):
        return False
    return not set("dmyhs").isdisjoint(_UNSHOWN.sub("", code).casefold())


def _no_days(data: bytes, end: int, styles: frozenset[int]) -> Iterator[int]:
    """Yield the places of numbers that are shown as days and are none."""
    if not styles or not (b"v>-" in data or b"v>60" in data):
        return
    for found in _NO_DAY.finditer(data, 0, end):
        style, at = _STYLE.search(found[1]), _CELL.search(found[1])
        if at and int(style[1] if style else 0) in styles:
            yield place(int(at[2]), _number(at[1]))


def _looked_at(path: Path, archive: zipfile.ZipFile, part: str, days: frozenset[int]) -> Sheet:
    columns: set[bytes] = set()
    no_day = array("Q")
    first, last, errors, no_result, held = 1 << 30, 0, 0, 0, b""
    for piece in _pieces(archive, part):
        data = held + piece
        end = _end_of_rows(data)
        found = _CELL.findall(data, 0, end)
        columns.update(letters for letters, _ in found)
        rows = {int(row) for row in {row for _, row in found}}
        first, last = min(rows | {first}), max(rows | {last})
        errors += len(_ERROR.findall(data, 0, end))
        no_result += sum(1 for _ in _NO_RESULT.finditer(data, 0, end))
        no_day.extend(_no_days(data, end, days))
        held = data[end:]
    numbers = [_number(letters) for letters in columns] or [1]
    cells = (max(numbers) - min(numbers) + 1) * max(0, last - first + 1)
    if cells > _MOST_CELLS:
        raise FormatError(
            f"{shown(path)} spreads its cells over {cells:,} places; "
            f"at most {_MOST_CELLS:,} are read.",
            hint="Write it as Parquet or CSV.",
        )
    return Sheet(cells, errors, no_result, sorted(no_day))


def _end_of_rows(data: bytes) -> int:
    """Return where a piece may be cut without cutting a cell."""
    end = max(data.rfind(b"</row>"), data.rfind(b":row>")) + 1
    return end or max(0, len(data) - _LONGEST_CELL)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
