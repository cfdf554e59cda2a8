"""Metrics in files nobody agreed on: JSON lines, or a CSV with a step column.

A table is read on from where the last look stopped, and in pieces, so that a large
one takes no more memory than a small one. Its first bytes and the last ones that
were read are remembered, because some tools write a file anew in place.
"""

import io
import os
from collections.abc import Iterator
from hashlib import blake2b

from workbench.errors import FormatError
from workbench.formats.tables.beginnings import LINES, UTF_16
from workbench.formats.tables.json_lines import decode_lines
from workbench.formats.tables.rows import decode_rows
from workbench.formats.tables.state import ANY, Column, News, Roles, TableState
from workbench.opening import open_plain
from workbench.tail import LONGEST_LINE

__all__ = ["Roles", "may_be_table", "pieces"]

_LOGS = ("metric", "result", "log", "history", "progress", "train", "eval", "val")
"""How the names of ``.json`` and ``.log`` files begin that are worth opening."""
_TABLES = (".csv", ".tsv", ".log")
_HEAD, _FOOT = 256, 64
"""Bytes remembered: past the header, and before the place where reading stopped."""
_PIECE = 1 << 21
"""Bytes decoded at once; what is made of them takes a dozen times as much."""
_MOST_RESTARTS = 3
"""In one look, at a file that is written anew all the time."""


def may_be_table(name: str) -> bool:
    """Say whether a file of this name is worth opening."""
    lower = name.lower()
    if lower.endswith((".json", ".log")):
        return lower.startswith(_LOGS)
    return lower.endswith(_TABLES + LINES) and not lower.startswith("cv_results")


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
    if path.lower().endswith(LINES):
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
    if state.header is None and not path.lower().endswith(LINES):
        raise FormatError(f"its first line has more than {LONGEST_LINE:,} bytes.")
    end = data.find(b"\n") + 1
    state.over += end or len(data)
    if end:
        state.lines += 1
        state.wrong(state.lines, f"a line of {state.over:,} bytes was left out")
        state.over = 0
    return end or len(data)
