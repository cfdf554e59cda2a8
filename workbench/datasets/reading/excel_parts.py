"""An Excel file as what it is, a zip archive of XML, looked at before anything loads it.

The library that reads the cells takes the room for a whole rectangle of them, and shows a cell
with an error as an empty one. So the rectangle is measured and errors are counted here first,
in one pass over the bytes that no claim of the archive can lengthen.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple
from xml.etree import ElementTree as ET

from workbench import words
from workbench.datasets.reading.faults import shown
from workbench.errors import FormatError

_LARGEST: Final = 1 << 30
"""Bytes of all parts, unpacked."""
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
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Sheet(NamedTuple):
    """What a sheet's bytes say."""

    cells: int
    """Of the rectangle around them."""
    errors: int
    """Cells such as ``#N/A``."""
    no_result: int
    """Formulas whose result the file does not hold."""


def measured(path: Path, sheet: str) -> Sheet:
    """Return what a sheet of an Excel file holds.

    Raises:
        FormatError: It is damaged, or too large to be loaded.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _require_bounded(path, archive)
            return _looked_at(path, archive, _part_of(archive, sheet))
    except _DAMAGED:
        raise FormatError(
            f"{shown(path)} is cut off or damaged, and no Excel file.",
            hint="Fetch or write it again.",
        ) from None


def _require_bounded(path: Path, archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to too much; what it claims is checked while it is read."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
        raise _too_large(path)
    left = _LARGEST
    for part in parts:
        for piece in _pieces(archive, part.filename):
            left -= len(piece)
            if left < 0:
                raise _too_large(path)


def _too_large(path: Path) -> FormatError:
    return FormatError(
        f"{shown(path)} unpacks to more than {words.size(_LARGEST)}.",
        hint="Write it as Parquet or CSV.",
    )


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while piece := file.read(_PIECE):
            yield piece


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part a sheet is in."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - bounded
    relation = next(
        (one.get(_RELATION, "") for one in book.iter() if _is(one, "sheet", "name", sheet)), ""
    )
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
    target = next((one.get("Target", "") for one in links.iter() if one.get("Id") == relation), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _is(element: ET.Element, tag: str, attribute: str, value: str) -> bool:
    return element.tag.rpartition("}")[2] == tag and element.get(attribute) == value


def _looked_at(path: Path, archive: zipfile.ZipFile, part: str) -> Sheet:
    columns: set[bytes] = set()
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
        held = data[end:]
    numbers = [_number(letters) for letters in columns] or [1]
    cells = (max(numbers) - min(numbers) + 1) * max(0, last - first + 1)
    if cells > _MOST_CELLS:
        raise FormatError(
            f"{shown(path)} spreads its cells over {cells:,} places; "
            f"at most {_MOST_CELLS:,} are read.",
            hint="Write it as Parquet or CSV.",
        )
    return Sheet(cells, errors, no_result)


def _end_of_rows(data: bytes) -> int:
    """Return where a piece may be cut without cutting a cell."""
    end = max(data.rfind(b"</row>"), data.rfind(b":row>")) + 1
    return end or max(0, len(data) - _LONGEST_CELL)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
