"""Text files in blocks of whole rows, as UTF-8: a row is never cut, also not within quotes."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from workbench.datasets.reading.faults import shown
from workbench.datasets.reading.streams import pieces
from workbench.errors import FormatError

LONGEST_ROW: Final = 64 << 20
"""A row of more is no row: a quotation mark was opened and not closed."""
BLOCK: Final = 8 << 20
_LINE_ENDS: Final = re.compile(rb"\r\n?")


class Lines(NamedTuple):
    """Whole rows of a file."""

    data: bytes
    """UTF-8; every row ends with a line feed."""
    first_line: int
    """The number of its first line in the file, from 1."""


def utf8(path: Path, packing: str, encoding: str) -> Iterator[bytes]:
    """Yield a text file as UTF-8 with line feeds, without the mark at its beginning.

    Raises:
        FormatError: It is not of this encoding; says in which line.
    """
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    line, held = 1, b""
    for piece in pieces(path, packing):
        text = _decoded(path, decoder, piece, encoding, line)
        data, held = _line_feeds(held + text)
        line += data.count(b"\n")
        yield data
    yield held.replace(b"\r", b"\n") + _decoded(path, decoder, b"", encoding, line, final=True)


def _decoded(
    path: Path, decoder: codecs.IncrementalDecoder, piece: bytes, encoding: str, line: int,
    *, final: bool = False,
) -> bytes:  # fmt: skip
    """Return a piece as UTF-8; what is ASCII is so already."""
    if encoding == "utf-8" and piece.isascii() and not decoder.getstate()[0]:
        return piece
    try:
        return decoder.decode(piece, final).encode()
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        before = error.object[: error.start]
        at = line + (before.count(b"\n") if isinstance(before, bytes) else before.count("\n"))
        raise FormatError(
            f"{shown(path)} is not {encoding} in line {at:,}.",
            hint="Say its encoding, such as encoding=windows-1252.",
        ) from None


def _line_feeds(data: bytes) -> tuple[bytes, bytes]:
    """Return data with line feeds for whatever ends its lines, and a last sign still open."""
    if b"\r" not in data:
        return data, b""
    held = b"\r" if data.endswith(b"\r") else b""
    return _LINE_ENDS.sub(b"\n", data[: len(data) - len(held)]), held


def row_blocks(
    path: Path, stream: Iterator[bytes], quote: str, size: int = BLOCK
) -> Iterator[Lines]:
    """Yield whole rows, about ``size`` bytes at a time.

    Raises:
        FormatError: A quotation mark is opened and never closed.
    """
    held, line = b"", 1
    for data in stream:
        held += data
        if len(held) < size:
            continue
        end = _last_end(held, quote)
        if not end and len(held) > LONGEST_ROW:
            raise unclosed(path, line)
        if end:
            yield Lines(held[:end], line)
            line += held.count(b"\n", 0, end)
            held = held[end:]
    if held:
        whole = held if held.endswith(b"\n") else held + b"\n"
        if quote and whole.count(quote.encode()) % 2:
            raise unclosed(path, line)
        yield Lines(whole, line)


def unclosed(path: Path, line: int) -> FormatError:
    """Return the fault of a quotation mark without its partner."""
    return FormatError(
        f"{shown(path)} opens a quotation mark after line {line:,} that nothing closes.",
        hint="Say quote=none if quotation marks are signs like others.",
    )


def _last_end(data: bytes, quote: str) -> int:
    """Return where the last whole row ends; 0 if none does."""
    end = data.rfind(b"\n") + 1
    if not quote or not end:
        return end
    sign = quote.encode()
    odd = data.count(sign, 0, end) % 2
    if not odd:
        return end
    marks = np.frombuffer(data, np.uint8, end)
    inside = np.cumsum(marks == ord(quote), dtype=np.uint32) & 1
    outside = np.flatnonzero((marks == ord("\n")) & (inside == 0))
    return int(outside[-1]) + 1 if len(outside) else 0
