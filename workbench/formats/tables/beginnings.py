"""How a table begins, read once for all who want to know what it is.

A first line may be long: five thousand metrics of a step are some hundred kilobytes.
"""

import codecs
import csv
import json
from typing import NamedTuple

from workbench.errors import FormatError
from workbench.formats.tables.cells import ABSENT, header_of, named, number_of, rows_of
from workbench.formats.tables.json_lines import leaves, number_in
from workbench.formats.tables.state import STEPS
from workbench.opening import open_plain
from workbench.tail import LONGEST_LINE

LINES = (".jsonl", ".ndjson", ".json")
"""Endings of files with an object a line."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that some shells on Windows make of what is printed."""
_STEPLESS = frozenset(["metrics", "metric", "results", "result", "history", "log", "progress"])
"""JSON lines of these names are metrics even without a step; a `train` may be data."""
_FIRST, _MORE = 1 << 16, 1 << 20


class Beginning(NamedTuple):
    """The first bytes of a file that may be a table."""

    name: str
    data: bytes
    """Whole lines in UTF-8: 64 KiB, or the first that is no remark if that is longer."""
    endless: bool = False
    """That line has more bytes than are ever read of one; ``data`` is a part of it."""

    @property
    def is_lines(self) -> bool:
        """Say whether it should hold an object a line."""
        return self.name.lower().endswith(LINES)


def beginning(folder: object, name: str) -> Beginning:
    """Return how the file ``name`` in ``folder`` begins; no bytes if it cannot be read."""
    try:
        with open(open_plain(f"{folder}/{name}"), "rb", buffering=0) as file:  # noqa: PTH123
            data = file.read(_FIRST) or b""
            while data and not _first_line(data)[1] and len(data) < LONGEST_LINE:
                more = file.read(_MORE)
                if not more:
                    break
                data += more
    except (FormatError, OSError):
        return Beginning(name, b"")
    endless = len(data) >= LONGEST_LINE and not _first_line(data)[1]
    if data.startswith(UTF_16):
        data = data.decode("utf-16", "replace").encode()
    return Beginning(name, data if endless else data[: data.rfind(b"\n") + 1], endless)


def _first_line(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the first line that is neither empty nor a remark, its end and what follows."""
    first, newline, rest = data.partition(b"\n")
    while newline and (not first.strip() or first.lstrip().startswith(b"#")):
        first, newline, rest = rest.partition(b"\n")
    return first, newline, rest


def is_table(begin: Beginning) -> bool:
    """Say whether a file begins like metrics over steps."""
    first, newline, rest = _first_line(begin.data)
    stepless = begin.name.lower().partition(".")[0] in _STEPLESS
    if begin.endless:
        return _may_be_metrics(begin, first[:_FIRST], named=stepless)
    if not newline:
        return False
    if begin.is_lines:
        return _begins_like_lines(first, named=stepless)
    return _begins_like_table(first, rest)


def _may_be_metrics(begin: Beginning, first: bytes, *, named: bool) -> bool:
    """Say whether a line too long to be read seems to be of metrics: then that is to be told."""
    if begin.name.lower().endswith(".json"):
        return False  # most are one document in one line, and no table
    if begin.is_lines:
        steps = any(json.dumps(step).encode() in first for step in STEPS)
        return first.lstrip().startswith(b"{") and (named or steps)
    return _begins_like_table(first.rpartition(b",")[0], b"")


def _begins_like_lines(first: bytes, *, named: bool) -> bool:
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return False
    if not isinstance(record, dict):
        return False
    numbers = [name for name, value in leaves(record) if number_in(value) is not None]
    has_step = any(name in numbers for name in STEPS)
    return (has_step and len(numbers) > 1) or (named and bool(numbers))


def _begins_like_table(first: bytes, rest: bytes) -> bool:
    try:
        header, separator = header_of(first)
    except csv.Error:
        return False
    if named(STEPS, header) is None or len(header) < 2:  # noqa: PLR2004 - a step alone says nothing
        return False
    rows = rows_of(rest, separator).rows
    cells = rows[0] if rows else []
    fitting = [
        cell
        for cell in cells
        if cell.strip().lower() in ABSENT or number_of(cell, separator) is not None
    ]
    return not cells or len(fitting) >= 2  # noqa: PLR2004
