"""All that is printed. Nothing else in the command line writes to stdout.

stdout is data, stderr is talk. Text of users never reaches a terminal with control
characters in it, and never a spreadsheet as a formula.
"""

import csv
import io
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Literal, NamedTuple
from unicodedata import combining, east_asian_width

from workbench.words import visible as visible  # noqa: PLC0414 - part of what is printed

_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), *_TURNING)}
"""What JSON may hold as it is, and a terminal may not."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GAP = 2
_ROOMY = 24
"""Cells a column of text has a right to before it is squeezed."""
_WIDE = 100
"""Cells of a table that goes to a file or a pipe may be this long."""


class Heading(NamedTuple):
    """The top of a column."""

    title: str
    align: Literal["left", "right"] = "left"


class Table(NamedTuple):
    """Cells as text, and how they stand."""

    headings: Sequence[Heading]
    rows: Iterable[Sequence[str]]


def settle() -> None:
    """Make stdout and stderr take any text there is, in UTF-8 when they are no terminal."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def say(text: str) -> None:
    """Say something to the person, on stderr."""
    print(text, file=sys.stderr)


def say_over(text: str) -> None:
    """Say something in place of what was said so last; nothing where stderr is no terminal."""
    if sys.stderr.isatty():
        room = shutil.get_terminal_size().columns - 1
        print(f"\r{cut(visible(text), room)}\x1b[K", end="", file=sys.stderr, flush=True)


def line(text: str = "") -> None:
    """Print one line of data."""
    print(text)


def flush() -> None:
    """Hand over what was printed so far."""
    sys.stdout.flush()


def terminal() -> bool:
    """Say whether a person sees stdout."""
    return sys.stdout.isatty()


def keyboard() -> bool:
    """Say whether a person can type."""
    return sys.stdin.isatty()


def may_ask() -> bool:
    """Say whether a person could answer a question."""
    return keyboard() and sys.stderr.isatty()


def coloured() -> bool:
    """Say whether colours may be used."""
    return terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return how many cells a line has; without a terminal, or $COLUMNS, as many as are needed."""
    if terminal() or os.environ.get("COLUMNS"):
        return shutil.get_terminal_size().columns
    return 10_000


def cells(text: str) -> int:
    """Return how many cells ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def cut(text: str, room: int) -> str:
    """Return ``text`` in at most ``room`` cells, ending in an ellipsis if it was longer."""
    if cells(text) <= room:
        return text
    kept, used = [], 1
    for character in text:
        used += _cells_of(character)
        if used > room:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


def aligned(table: Table, *, room: int | None = None) -> Iterator[str]:
    """Yield the lines of a table; the widest columns give way until it fits ``room`` cells."""
    rows = [[visible(cell) for cell in row] for row in table.rows]
    heads = [visible(heading.title) for heading in table.headings]
    wanted = [
        min(_WIDE, max(cells(head), *(cells(row[n]) for row in rows), 1))
        for n, head in enumerate(heads)
    ]
    widths = _squeezed(wanted, width() if room is None else room)
    aligns = [heading.align for heading in table.headings]
    yield strong(_aligned(heads, widths, aligns))
    for row in rows:
        yield _aligned(row, widths, aligns)


def fitting(table: Table, *, keep: int, room: int | None = None) -> Table:
    """Return the table without the columns at its right end that a line has no room for.

    Args:
        table: With its rows in a list.
        keep: Columns that stay whatever the room.
        room: Cells of a line; default the terminal's.
    """
    left = width() if room is None else room
    rows = list(table.rows)
    kept = 0
    for n, heading in enumerate(table.headings):
        longest = max((cells(visible(row[n])) for row in rows), default=0)
        left -= max(cells(visible(heading.title)), min(longest, _ROOMY)) + _GAP
        if left < -_GAP and n >= keep:
            break
        kept = n + 1
    return Table(table.headings[:kept], [row[:kept] for row in rows])


def _aligned(texts: Sequence[str], widths: Sequence[int], aligns: Sequence[str]) -> str:
    parts = []
    for text, room, align in zip(texts, widths, aligns, strict=True):
        shown = cut(text, room)
        blank = " " * (room - cells(shown))
        parts.append(blank + shown if align == "right" else shown + blank)
    return (" " * _GAP).join(parts).rstrip()


def _squeezed(widths: list[int], room: int) -> list[int]:
    least = 6
    over = sum(widths) + _GAP * (len(widths) - 1) - room
    while over > 0:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= least:
            return widths
        widths[widest] -= 1
        over -= 1
    return widths


def strong(text: str) -> str:
    """Return ``text`` in bold where colours may be used."""
    return f"\x1b[1m{text}\x1b[0m" if coloured() else text


def markdown(table: Table) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield _piped(heading.title for heading in table.headings)
    yield _piped("---:" if heading.align == "right" else "---" for heading in table.headings)
    for row in table.rows:
        yield _piped(row)


def _piped(row: Iterable[str]) -> str:
    return f"| {' | '.join(visible(cell).replace('|', chr(92) + '|') for cell in row)} |"


def separated(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of CSV, with nothing in them a spreadsheet would run."""
    yield _csv_line(names)
    for row in rows:
        yield _csv_line(row)


def _csv_line(row: Iterable[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([_defused(cell) for cell in row])
    return buffer.getvalue()


def _defused(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers are no formulas."""
    if cell is None:
        return ""
    if isinstance(cell, dict | list | tuple):
        cell = as_json(cell)
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        cell = f"'{cell}"
    return visible(cell) if isinstance(cell, str) and terminal() else cell


def as_json(value: Any, *, indent: int | None = None) -> str:
    """Return JSON in one line, or indented; numbers JSON does not have are given by name."""
    text = json.dumps(_named(value), ensure_ascii=False, indent=indent, default=str)
    return text if text.isascii() and "\x7f" not in text else text.translate(_ESCAPED)


def _named(value: Any) -> Any:
    """Return ``value`` with NaN and the infinities as texts."""
    if isinstance(value, float) and not isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"  # noqa: PLR0124
    if isinstance(value, Mapping):
        return {str(name): _named(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_named(part) for part in value]
    return value


def json_array(values: Iterable[Any]) -> None:
    """Print an array of JSON, one element a line, as the elements come."""
    first = True
    for value in values:
        print("[" if first else ",")
        print(as_json(value), end="")
        first = False
    print("[]" if first else "\n]")


def lines(texts: Iterable[str]) -> None:
    """Print lines of data as they come."""
    for text in texts:
        print(text)


def raw(data: bytes) -> None:
    """Print bytes as they are, for another program; never to a terminal."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
