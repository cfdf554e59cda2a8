"""What every chart returns: rows of spans, each exactly as wide as was asked for."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

ELLIPSIS = "…"


class Ink(NamedTuple):
    """How a span looks. Colours are 0xRRGGBB, or None for the terminal's own.

    Only pictures have a background, ``back``.
    """

    color: int | None = None
    bold: bool = False
    dim: bool = False
    back: int | None = None


PLAIN = Ink()


class Span(NamedTuple):
    """Text in one style."""

    text: str
    style: Ink = PLAIN


Row = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of ``height`` rows, each ``width`` cells wide."""

    width: int
    height: int
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """The picture without colour, one line per row, trailing blanks kept."""
        return "\n".join("".join(span.text for span in row) for row in self.rows)


def drawing(width: int, height: int, rows: Iterable[Sequence[Span]]) -> Drawing:
    """Return a drawing of exactly this size, whatever the rows are: cut or filled with blanks."""
    width, height = max(width, 0), max(height, 0)
    cut = [fit(row, width) for row in rows][:height]
    cut += [fit((), width)] * (height - len(cut))
    return Drawing(width, height, tuple(cut))


def fit(row: Sequence[Span], width: int) -> Row:
    """Return the row cut or filled with blanks to exactly ``width`` cells."""
    spans: list[Span] = []
    left = width
    for span in row:
        text = clip(span.text, left)
        left -= cells(text)
        if text:
            spans.append(Span(text, span.style))
    if left:
        spans.append(Span(" " * left))
    return tuple(spans)


def cells(text: str) -> int:
    """Return how many terminal cells a text takes."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def clip(text: str, width: int) -> str:
    """Return as much of the text as fits into ``width`` cells, without a sign that it was cut."""
    if cells(text) <= width:
        return text
    kept, used = [], 0
    for char in text:
        used += _cell(char)
        if used > width:
            break
        kept.append(char)
    return "".join(kept)


def shorten(text: str, width: int) -> str:
    """Return the text, ending in an ellipsis if it had to be cut to ``width`` cells."""
    if cells(text) <= width:
        return text
    return clip(text, width - 1) + ELLIPSIS if width > 0 else ""


def visible(text: str) -> str:
    """Return user text on one line with nothing in it that a terminal would obey.

    Control characters become their pictures, what steers the direction or joins glyphs
    goes: it would also make a text's width differ from one terminal to the next.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, unicodedata.normalize("NFC", text)))


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:  # noqa: PLR2004 - the C0 controls, pictured in the block at U+2400
        return chr(0x2400 + code)
    if code == 0x7F:  # noqa: PLR2004 - delete
        return "␡"
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp", "Cs"):
        return "�"
    return "" if category == "Cf" or char in "\ufe0e\ufe0f" else char
