"""Metrics in files nobody agreed on: JSON lines, or a CSV with a step column.

A table is read on from where the last look stopped, and in pieces, so that a large
one takes no more memory than a small one. Its first bytes and the last ones that
were read are remembered, because some tools write a file anew in place.
"""

import codecs
import csv
import io
import json
import os
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b

from workbench.errors import FormatError
from workbench.formats.first_bytes import first_bytes
from workbench.formats.signs import facts_of
from workbench.formats.table_cells import ABSENT, header_of, named, number_of, rows_of
from workbench.formats.table_lines import decode_lines, leaves, number_in
from workbench.formats.table_rows import decode_rows
from workbench.formats.table_state import ANY, STEPS, Column, News, Roles, TableState
from workbench.opening import open_plain
from workbench.tail import LONGEST_LINE

__all__ = ["Roles", "is_table", "may_be_table", "pieces"]

_LOGS = ("metric", "result", "log", "history", "progress", "train", "eval", "val")
"""How the names of ``.json`` and ``.log`` files begin that are worth opening."""
_STEPLESS = frozenset(["metrics", "metric", "results", "result", "history", "log", "progress"])
"""JSON lines of these names are metrics even without a step; a `train` may be data."""
_TABLES, _LINES = (".csv", ".tsv", ".log"), (".jsonl", ".ndjson", ".json")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that some shells on Windows make of what is printed."""
_HEAD, _FOOT = 256, 64
"""Bytes remembered: past the header, and before the place where reading stopped."""
_FIRST = 1 << 16
_PIECE = 1 << 21
"""Bytes decoded at once; what is made of them takes a dozen times as much."""
_MOST_RESTARTS = 3
"""In one look, at a file that is written anew all the time."""


def may_be_table(name: str) -> bool:
    """Say whether a file of this name is worth opening."""
    lower = name.lower()
    if lower.endswith((".json", ".log")):
        return lower.startswith(_LOGS)
    return lower.endswith(_TABLES + _LINES) and not lower.startswith("cv_results")


def is_table(path: str) -> bool:
    """Say whether the file at ``path`` begins like metrics over steps."""
    facts = facts_of(path)
    return facts is not None and _is_table(path, *facts)


@lru_cache(maxsize=16_384)
def _is_table(path: str, inode: int, size: int, changed: int) -> bool:
    del inode, size, changed  # a part of what is asked, not of the answer
    data = first_bytes(path, _FIRST)
    first, newline, rest = data.partition(b"\n")
    while newline and (not first.strip() or first.lstrip().startswith(b"#")):
        first, newline, rest = rest.partition(b"\n")
    if not newline:
        return False
    name = path.replace("\\", "/").rpartition("/")[2].lower()
    if name.endswith(_LINES):
        return _begins_like_lines(first, named=name.partition(".")[0] in _STEPLESS)
    return _begins_like_table(first, rest)


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


def pieces(
    path: str,
    state: TableState,
    roles: Roles = ANY,
    wanted: frozenset[str] | None = None,
) -> Iterator[News]:
    """Yield what is new at ``path`` piece by piece; columns of one may share their lists.

    Args:
        path: The table.
        state: How far it was read; it moves on with every piece.
        roles: Which columns are no metrics.
        wanted: The metrics to give, or None for all.

    Raises:
        FormatError: It is not a plain file, or no table.
        OSError: It cannot be read.
    """
    with open(open_plain(path), "rb", buffering=0) as file:  # noqa: PTH123 - a descriptor
        restarts = 0
        while restarts < _MOST_RESTARTS:
            data = _next(file, state.offset)
            if not _goes_on(file, state):  # asked after reading: it may be replaced any time
                state.forget()
                restarts += 1
                yield News({}, restarted=True)
                continue
            if not data:
                return
            columns, taken = _decode(path, data, state, roles, wanted)
            state.offset += taken
            state.inode = os.fstat(file.fileno()).st_ino
            _remember(file, state)
            if columns:
                yield News(columns, restarted=False)
            if not taken:
                return


def _next(file: io.FileIO, offset: int) -> bytes:
    """Return about a piece of the file, more only if it holds no whole line."""
    file.seek(offset)
    data = file.read(_PIECE) or b""
    while data and b"\n" not in data and len(data) < LONGEST_LINE:
        more = file.read(_PIECE)
        if not more:
            break
        data += more
    return data


def _goes_on(file: io.FileIO, state: TableState) -> bool:
    """Say whether the file is the one that was read before, only longer."""
    facts = os.fstat(file.fileno())
    if state.offset == 0:
        return True
    if facts.st_size < state.offset or state.inode not in (facts.st_ino, 0):
        return False
    return (
        _hash(file, 0, state.head_bytes) == state.head
        and _hash(file, max(0, state.offset - _FOOT), min(state.offset, _FOOT)) == state.foot
    )


def _remember(file: io.FileIO, state: TableState) -> None:
    wanted = min(state.header_bytes + _HEAD, state.offset)
    if state.head_bytes < wanted:
        state.head_bytes = wanted
        state.head = _hash(file, 0, wanted)
    state.foot = _hash(file, max(0, state.offset - _FOOT), min(state.offset, _FOOT))


def _hash(file: io.FileIO, start: int, count: int) -> str:
    file.seek(start)
    return blake2b(file.read(count), digest_size=8).hexdigest() if count else ""


def _decode(
    path: str, data: bytes, state: TableState, roles: Roles, wanted: frozenset[str] | None
) -> tuple[dict[str, Column], int]:
    """Return the points in ``data`` and how many bytes were taken; ``state`` counts the lines."""
    if not state.offset and data.startswith(UTF_16):
        raise FormatError("it is UTF-16 text; only UTF-8 is read.")
    if state.over or (b"\n" not in data and len(data) >= LONGEST_LINE):
        return {}, _step_over(path, data, state)
    data = data[: data.rfind(b"\n") + 1]
    if not data:
        return {}, 0
    if path.lower().endswith(_LINES):
        columns, taken, lines = decode_lines(data, state, roles, wanted), len(data), None
    else:
        columns, taken, lines = decode_rows(data, state, roles, wanted)
    state.lines += data.count(b"\n") if lines is None else lines
    return columns, taken


def _step_over(path: str, data: bytes, state: TableState) -> int:
    """Go past a line that is longer than a reader may hold, or past what there is of it.

    Raises:
        FormatError: It is the header.
    """
    if state.header is None and not path.lower().endswith(_LINES):
        raise FormatError(f"its first line has more than {LONGEST_LINE:,} bytes.")
    end = data.find(b"\n") + 1
    state.over += end or len(data)
    if end:
        state.lines += 1
        state.wrong(state.lines, f"a line of {state.over:,} bytes was left out")
        state.over = 0
    return end or len(data)
