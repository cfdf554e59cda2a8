"""What stands in the lines and cells of tables: separators, numbers, times, gaps.

Nothing here knows a file. A table's own quirks (a comma for the decimal point,
`NA`, times in milliseconds, a cell that holds a newline) end here.
"""

import csv
import math
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from workbench.formats.tables.state import MOST_COLUMNS

ABSENT = frozenset(["", "na", "n/a", "null", "none", "-"])
SEPARATORS = ",;\t|"
MOST_LINES = 64
"""Lines one row may go over, within quotes; a quote that ends later is a damaged one."""
_MOST_CELLS = 100
"""Looked at to see whether a column holds times."""
_BEGINNINGS = "-.0123456789"
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_LONG_AGO_S, _MILLISECONDS = 1e8, 1e11
"""Below the first a time is a duration, above the second it is in milliseconds."""
_LARGEST_TIME = 2.0**63


class Rows(NamedTuple):
    """The rows of a piece of a table."""

    rows: list[list[str]]
    lines: list[int]
    """Where each row begins, counted from 0 within the piece."""
    taken: int
    """Bytes that are rows; what is left waits for the end of a quoted cell."""
    counted: int
    """Lines in these bytes."""
    wrong: list[tuple[int, str]]


class Parsed(NamedTuple):
    """A column of a piece: its numbers and where they stand, and what is no number."""

    values: list[float]
    places: list[int] | None
    """The row of each number; None if every row has one."""
    texts: list[tuple[int, str]]


def separator_of(line: str) -> str:
    """Return what separates the cells of a header."""
    bare = _QUOTED.sub("", line)
    return max(SEPARATORS, key=bare.count)


def header_of(line: bytes) -> tuple[list[str], str]:
    """Return the names of the columns and what separates them.

    Raises:
        csv.Error: It cannot be a header.
    """
    text = line.decode("utf-8-sig", "replace").rstrip("\r\n")
    separator = separator_of(text)
    names = next(csv.reader([text], delimiter=separator), [])
    return [name.strip() for name in names], separator


def columns_of(data: bytes, separator: str, width: int) -> list[list[str]] | None:
    """Return the columns of whole lines that all have ``width`` cells, or None.

    Most tables are such, and this takes a third of the time of going row by row.
    """
    if b'"' in data:
        return None
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    lines = text.split("\n")[:-1]
    if not lines or any(line.count(separator) != width - 1 for line in lines):
        return None
    cells = text[:-1].replace("\n", separator).split(separator)
    if not all(cell[:1] in _BEGINNINGS for cell in cells[::width]):
        return None  # another header, or a remark
    return [cells[number::width] for number in range(min(width, MOST_COLUMNS))]


def rows_of(data: bytes, separator: str) -> Rows:
    """Return the rows in whole lines; a row that has not ended yet is left."""
    if b'"' not in data:
        lines = data.decode("utf-8", "replace").split("\n")[:-1]
        found = [
            (number, line.rstrip("\r").split(separator))
            for number, line in enumerate(lines)
            if line and not line.isspace()
        ]
        return Rows([row for _, row in found], [n for n, _ in found], len(data), len(lines), [])
    return _quoted_rows(data, separator)


def _quoted_rows(data: bytes, separator: str) -> Rows:
    lines = data.split(b"\n")[:-1]
    found = Rows([], [], 0, 0, [])
    at = 0
    while at < len(lines):
        if b'"' not in lines[at]:
            if lines[at].strip():
                text = lines[at].decode("utf-8", "replace").rstrip("\r")
                found.rows.append(text.split(separator))
                found.lines.append(at)
            at += 1
            continue
        window = [f"{line.decode('utf-8', 'replace')}\n" for line in lines[at : at + MOST_LINES]]
        row, used = _quoted_row(window, separator)
        if row is None and not used and at + MOST_LINES > len(lines):
            left = sum(map(len, lines[at:])) + len(lines) - at
            return found._replace(taken=len(data) - left, counted=at)
        if row is None:
            found.wrong.append((at, "a quoted cell has no end"))
        else:
            found.rows.append(row)
            found.lines.append(at)
        at += max(used, 1)
    return found._replace(taken=len(data), counted=len(lines))


def _quoted_row(window: Sequence[str], separator: str) -> tuple[list[str] | None, int]:
    """Return the first row and how many lines it takes; None and 0 if it does not end."""
    reader = csv.reader(window, delimiter=separator, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error as problem:
        if "unexpected end of data" in str(problem):
            return None, 0
    try:  # a quote within a cell: it is meant as it stands
        return next(csv.reader(window[:1], delimiter=separator)), 1
    except csv.Error:
        return None, 1


def parse(cells: Sequence[str], separator: str) -> Parsed:
    """Return the numbers of a column."""
    places = [place for place, cell in enumerate(cells) if cell] if "" in cells else None
    there = cells if places is None else [cells[place] for place in places]
    try:
        values = list(map(float, there))
    except ValueError:
        return _one_by_one(cells, separator)
    if "_" in "".join(there):  # Python's own way to write a number, and nobody else's
        return _one_by_one(cells, separator)
    return Parsed(values, places, [])


def _one_by_one(cells: Sequence[str], separator: str) -> Parsed:
    found = Parsed([], [], [])
    places: list[int] = []
    for place, cell in enumerate(cells):
        if not cell:
            continue
        value = number_of(cell, separator)
        if value is not None:
            found.values.append(value)
            places.append(place)
        elif cell.strip().lower() not in ABSENT:
            found.texts.append((place, cell.strip()))
    return found._replace(places=places)


def number_of(text: str, separator: str) -> float | None:
    """Return the number in a cell, or None."""
    if "_" in text:
        return None
    if separator == ";" and text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        return None


def time_of(value: object) -> float:
    """Return seconds since 1970, or NaN if it is not a time of day."""
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip()).timestamp()
        except (ValueError, OverflowError, OSError):
            return math.nan
    if not isinstance(value, int | float) or not _LONG_AGO_S < value < _LARGEST_TIME:
        return math.nan
    return value / 1000 if value > _MILLISECONDS else float(value)


def times_of(cells: Sequence[str], separator: str) -> list[float]:
    """Return the times in a column, NaN where there is none."""
    numbers = [number_of(cell, separator) for cell in cells]
    return [time_of(n if n is not None else c) for n, c in zip(numbers, cells, strict=True)]


def is_time(cells: Sequence[str], separator: str) -> bool:
    """Say whether a column holds times of day: one of its first cells is such."""
    first = islice((cell for cell in cells if not is_absent(cell)), _MOST_CELLS)
    return not all(map(math.isnan, times_of(list(first), separator)))


def is_absent(value: object) -> bool:
    """Say whether a cell or a value of JSON stands for none."""
    if isinstance(value, str):
        return value.strip().lower() in ABSENT
    return value is None or value != value  # noqa: PLR0124


def names_columns(row: Sequence[str], steps: Collection[str], separator: str) -> bool:
    """Say whether a row is a header: it names a step, and no cell is a number."""
    cells = [cell.strip() for cell in row]
    return (
        len(cells) > 1
        and all(cells)
        and any(cell in steps for cell in cells)
        and all(number_of(cell, separator) is None for cell in cells)
    )


def named(wanted: Iterable[str], names: Collection[str]) -> str | None:
    """Return the first of ``wanted`` that is among the names."""
    return next((name for name in wanted if name in names), None)
