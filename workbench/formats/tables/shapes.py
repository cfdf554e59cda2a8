"""What a table nobody's library wrote looks like, and what may be guessed of it.

Tables of one shape, the same columns in files of like names, were written by one
script. So what a person says of one of them holds for all.
"""

import csv
import json
import re
from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from workbench.formats.tables.beginnings import Beginning, is_table
from workbench.formats.tables.cells import ABSENT, header_of, named, number_of, rows_of
from workbench.formats.tables.json_lines import leaves, number_in
from workbench.formats.tables.state import STEPS, TIMES

_MOST_ROWS = 20
_MOST_COLUMNS = 500
"""Names of a shape; what has more is told by the first ones."""
_DIGITS = re.compile(r"[0-9]+")


class Shape(NamedTuple):
    """A kind of table."""

    table: str
    """The file's name, ``#`` for every number in it."""
    columns: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return a short name for it: eight hexadecimal digits."""
        text = json.dumps([self.table, *self.columns])
        return blake2b(text.encode(), digest_size=4).hexdigest()


class Guess(NamedTuple):
    """What a table seems to be."""

    shape: Shape
    numeric: tuple[str, ...]
    """Columns that hold numbers."""
    steps: tuple[str, ...]
    """Columns that may be the step, the likeliest first."""
    time: str
    certain: bool
    """It is taken for metrics without asking; its step is the first of ``steps``, if any."""


def guess_of(begin: Beginning) -> Guess | None:
    """Return what a file that begins so seems to be; None if it is no table of numbers."""
    if begin.endless:
        return None
    found = _of_lines(begin.data) if begin.is_lines else _of_cells(begin.data)
    if found is None:
        return None
    columns, rows = found
    numeric = tuple(
        column for column in columns if any(row.get(column) is not None for row in rows)
    )
    if not numeric:
        return None
    known = [column for column in STEPS if column in numeric]
    counting = [c for c in numeric if c not in known and _counts([row.get(c) for row in rows])]
    shape = Shape(_DIGITS.sub("#", begin.name), tuple(columns[:_MOST_COLUMNS]))
    time = named(TIMES, columns) or ""
    return Guess(shape, numeric, (*known, *counting), time, is_table(begin))


def _of_cells(data: bytes) -> tuple[list[str], list[dict[str, float | None]]] | None:
    """Return the columns of a table and the numbers in its first rows."""
    lines = data.split(b"\n", _MOST_ROWS + 1)[: _MOST_ROWS + 1]
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith(b"#")):
        del lines[0]
    if not lines:
        return None
    try:
        columns, separator = header_of(lines[0])
    except csv.Error:
        return None
    if not all(columns) or len(set(columns)) < len(columns):
        return None
    if any(number_of(column, separator) is not None for column in columns):
        return None
    rows = rows_of(b"\n".join((*lines[1:], b"")), separator).rows
    fitting = [row for row in rows if len(row) == len(columns)]
    if not fitting or len(fitting) < len(rows):
        return None
    return columns, [dict(zip(columns, _numbers(row, separator), strict=True)) for row in fitting]


def _numbers(row: Sequence[str], separator: str) -> list[float | None]:
    return [None if cell.strip().lower() in ABSENT else number_of(cell, separator) for cell in row]


def _of_lines(data: bytes) -> tuple[list[str], list[dict[str, float | None]]] | None:
    """Return the columns of JSON lines, those of the first, and the numbers in the first lines."""
    rows: list[dict[str, float | None]] = []
    for line in data.split(b"\n")[:_MOST_ROWS]:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return None
        if not isinstance(record, dict):
            return None
        rows.append({name: number_in(value) for name, value in leaves(record)})
    return (list(rows[0]), rows) if rows else None


def _counts(values: Sequence[float | None]) -> bool:
    """Say whether a column counts: whole numbers that rise."""
    there = [value for value in values if value is not None]
    if len(there) < len(values) or not all(value.is_integer() for value in there):
        return False
    return len(there) > 1 and all(a < b for a, b in pairwise(there))
