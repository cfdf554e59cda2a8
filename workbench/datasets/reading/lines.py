"""Text files in blocks of whole rows, as UTF-8: a row is never cut, also not within quotes."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.reading.faults import shown
from workbench.datasets.reading.streams import pieces
from workbench.errors import FormatError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST_ROW: Final = 32 << 20
"""A row of more is no row: a quotation mark was opened and not closed."""
BLOCK: Final = 8 << 20
FIRST: Final = 1 << 20
"""Of the first block: whoever waits for the first rows waits for no more than these."""
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
    if encoding.startswith("utf-8") and piece.isascii() and not decoder.getstate()[0]:
        return piece
    try:
        return decoder.decode(piece, final).encode()
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        before = error.object[: error.start]
        at = line + (before.count(b"\n") if isinstance(before, bytes) else before.count("\n"))
        raise FormatError(
            f"{shown(path)} is not {encoding.removesuffix('-sig')} in line {at:,}.",
            hint="Say the option encoding, such as windows-1252.",
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
    """Yield whole rows, about ``size`` bytes at a time; of the first block no more than `FIRST`.

    Raises:
        FormatError: A quotation mark is opened and never closed.
    """
    held, line, wanted = b"", 1, min(size, FIRST)
    for data in stream:
        held += data
        while len(held) >= wanted:
            end = _end_of_rows(held, quote, wanted)
            if not end and len(held) > LONGEST_ROW:
                raise unclosed(path, line, quote if quote.encode() in held else "")
            if not end:
                break
            yield Lines(held[:end], line)
            line += held.count(b"\n", 0, end)
            held, wanted = held[end:], size
    if held:
        whole = held if held.endswith(b"\n") else held + b"\n"
        if quote and whole.count(quote.encode()) % 2:
            raise unclosed(path, line, quote)
        yield Lines(whole, line)


def unclosed(path: Path, line: int, quote: str) -> FormatError:
    """Return the fault of a row without an end, or of a quotation mark without its partner."""
    if not quote:
        return FormatError(
            f"{shown(path)} has no line end in {LONGEST_ROW >> 20} MB after line {line:,}.",
            hint="Check what it is.",
        )
    return FormatError(
        f"{shown(path)} opens a quotation mark in or after line {line:,} that nothing closes.",
        hint="Say the option quote as none if quotation marks are signs like others.",
    )


def _end_of_rows(data: bytes, quote: str, size: int) -> int:
    """Return where the last whole row within ``size`` ends, or any whole row; 0 if none does."""
    return _last_end(data[:size], quote) or (_last_end(data, quote) if len(data) > size else 0)


def _last_end(data: bytes, quote: str) -> int:
    end = data.rfind(b"\n") + 1
    sign = quote.encode()
    if not quote or not end or sign not in data or data.count(sign, 0, end) % 2 == 0:
        return end
    import numpy as np  # noqa: PLC0415 - the first rows of most files need none

    ends = np.flatnonzero(_outside(np.frombuffer(data, np.uint8), quote, "\n"))
    return int(ends[-1]) + 1 if len(ends) else 0


def _outside(signs: "NDArray[np.uint8]", quote: str, sign: str) -> "NDArray[np.bool_]":
    """Return where a sign stands outside quotation marks; a counter of 8 bits keeps the parity."""
    import numpy as np  # noqa: PLC0415 - the first rows of most files need none

    inside = np.cumsum(signs == ord(quote), dtype=np.uint8) & 1
    found: NDArray[np.bool_] = (signs == ord(sign)) & (inside == 0)
    return found


def first_end(data: bytes, quote: str) -> int:
    """Return where the first row ends, behind empty lines before it."""
    start = len(data) - len(data.lstrip(b"\n"))
    if not quote:
        return data.find(b"\n", start) + 1
    at = start
    while (end := data.find(b"\n", at) + 1) and data.count(quote.encode(), start, end) % 2:
        at = end
    return end or len(data)


class Counted(NamedTuple):
    """Rows and separators, outside quotation marks."""

    rows: int
    cuts: int


def counted(data: bytes, separator: str, quote: str) -> Counted:
    """Return how many rows and separators there are."""
    if not quote:
        return Counted(data.count(b"\n"), data.count(separator.encode()))
    import numpy as np  # noqa: PLC0415 - the first rows of most files need none

    signs = np.frombuffer(data, np.uint8)
    inside = np.cumsum(signs == ord(quote), dtype=np.uint8) & 1
    rows, cuts = ((signs == ord(sign)) & (inside == 0) for sign in ("\n", separator))
    return Counted(int(np.count_nonzero(rows)), int(np.count_nonzero(cuts)))


def stray_quote(lines: Lines, separator: str, quote: str) -> int | None:
    """Return the line of the first quotation mark that stands within a field without them."""
    import numpy as np  # noqa: PLC0415 - the first rows of most files need none

    signs = np.frombuffer(lines.data, np.uint8)
    marks = np.flatnonzero(signs == ord(quote))
    edges = [ord(separator), ord("\n"), ord(quote)]
    opens, closes = marks[::2], marks[1::2]
    before = signs[np.maximum(opens - 1, 0)]
    behind = signs[np.minimum(closes + 1, len(signs) - 1)]
    wrong = np.concatenate(
        [opens[(opens > 0) & ~np.isin(before, edges)], closes[~np.isin(behind, edges)]]
    )
    if not len(wrong):
        return None
    return lines.first_line + lines.data.count(b"\n", 0, int(wrong.min()))


def without_empty_lines(lines: Lines, quote: str) -> bytes:
    """Return rows without the lines that hold nothing, outside quotation marks."""
    import numpy as np  # noqa: PLC0415 - the first rows of most files need none

    signs = np.frombuffer(lines.data, np.uint8)
    ends = _outside(signs, quote, "\n") if quote else signs == ord("\n")
    starts = np.concatenate([[True], signs[:-1] == ord("\n")])
    kept: bytes = signs[~(ends & starts)].tobytes()
    return kept
