"""A canvas that also takes blocks of colour and a user's text.

Blocks are characters: shades and eighths. What is drawn over a full block keeps the block's
colour behind it; without colour it interrupts the block, and is seen all the same.
"""

import unicodedata

import numpy as np

from workbench.charts.canvas import Canvas, Dots
from workbench.charts.drawing import PLAIN, Ink, Row, Span, cells, shorten, visible

FULL = "█"
SHADES = "░▒▓█"
UPWARD = " ▁▂▃▄▅▆▇█"
RIGHTWARD = " ▏▎▍▌▋▊▉█"
_HIDDEN = "\ue000"
"""Stands in the second cell of a wide character, and is taken out of the finished rows."""


class Sheet(Canvas):
    """Dots, blocks and texts in ``width`` by ``height`` cells."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._numbers = {PLAIN: 0}

    def block(self, rows: range, columns: range, sign: str, ink: Ink) -> None:
        """Fill cells with one character; what is off the canvas is lost."""
        down = slice(max(rows.start, 0), max(min(rows.stop, self.height), 0))
        across = slice(max(columns.start, 0), max(min(columns.stop, self.width), 0))
        self._glyphs[down, across] = ord(sign)
        self._ink[down, across] = self._number(ink)

    def over(self, mask: Dots, ink: Ink) -> None:
        """Set the dots of a mask, also where there is a block: its colour stays behind them."""
        high, wide = self.height, self.width
        touched = mask.reshape(high, 4, wide, 2).any(axis=(1, 3))
        full = touched & np.isin(self._glyphs, [ord(sign) for sign in SHADES])
        behind = {int(number): self._inks[number].color for number in np.unique(self._ink[full])}
        places = {number: full & (self._ink == number) for number in behind}
        self._glyphs[touched & np.isin(self._glyphs, _BLOCKS)] = 0
        self.dots(mask, ink)
        for number, color in behind.items():
            self._ink[places[number]] = self._number(ink._replace(back=color))

    def write(self, row: int, column: int, text: str, ink: Ink) -> None:
        """Write a user's text on one row; wide characters take two cells, odd ones are shown."""
        at = column
        for char in visible(text):
            width = cells(char)
            if width and char != _HIDDEN:
                self.put(row, at, char if at + width <= self.width else " ", ink)
                if width > 1:
                    self.put(row, at + 1, _HIDDEN, ink)
                at += width

    def say(self, sentence: str, ink: Ink) -> None:
        """Write a sentence into the middle, on as many rows as it needs and there are."""
        lines = wrapped(visible(sentence), max(self.width - 2, 1))[: self.height]
        first = max((self.height - len(lines)) // 2, 0)
        for row, line in enumerate(lines, start=first):
            self.write(row, max((self.width - cells(line)) // 2, 0), line, ink)

    def rows(self) -> tuple[Row, ...]:
        """Return what was drawn."""
        return tuple(
            tuple(Span(span.text.replace(_HIDDEN, ""), span.style) for span in row)
            for row in super().rows()
        )

    def _number(self, ink: Ink) -> int:
        """Return the number of an ink, by a table: a heat map has one for every cell."""
        if ink not in self._numbers:
            self._numbers[ink] = len(self._inks)
            self._inks.append(ink)
        return self._numbers[ink]


_BLOCKS = [ord(sign) for sign in sorted({*SHADES, *UPWARD.strip(), *RIGHTWARD.strip()})]


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many cells, cut between words where that is possible."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and cells(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(shorten(word, width))
    return lines


def contrasting(color: int) -> int:
    """Return black or white, whichever is read more easily on the colour."""
    red, green, blue = color >> 16, color >> 8 & 0xFF, color & 0xFF
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return 0x000000 if light > 140 else 0xFFFFFF  # noqa: PLR2004 - of 255


def one_cell(text: str) -> bool:
    """Tell whether a text is one character of one cell, as a sign on a chart must be."""
    return len(text) == 1 and cells(text) == 1 and unicodedata.category(text)[0] != "C"
