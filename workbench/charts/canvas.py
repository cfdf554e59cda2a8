"""A grid of braille dots with one colour per cell, and text written over it.

A terminal cell is two dots wide and four high. A cell can have one colour only: where
curves cross, the one drawn last gives it. A cell that a new layer touches loses the dots
of the layers below, so that a bright line stays crisp above its faint raw values.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from workbench.charts.drawing import PLAIN, Ink, Row, Span

DOTS_WIDE, DOTS_HIGH = 2, 4
BRAILLE = 0x2800
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))

Dots = NDArray[np.bool_]


class Spread:
    """For each dot column, the rows from ``top`` to ``bottom`` that are set.

    None are where ``top`` is below ``bottom``; rows off the canvas are allowed.
    """

    __slots__ = ("bottom", "top")

    def __init__(self, top: NDArray[np.int64], bottom: NDArray[np.int64]) -> None:
        self.top = top
        self.bottom = bottom


class Canvas:
    """Dots and characters in ``width`` by ``height`` cells."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._bits = np.zeros((height, width), dtype=np.uint32)
        self._glyphs = np.zeros((height, width), dtype=np.uint32)
        self._ink = np.zeros((height, width), dtype=np.int64)
        self._inks: list[Ink] = [PLAIN]
        self._depth = np.zeros((height, width), dtype=np.int64)
        self._layer = 0

    @property
    def dots_wide(self) -> int:
        """Dot columns."""
        return self.width * DOTS_WIDE

    @property
    def dots_high(self) -> int:
        """Dot rows."""
        return self.height * DOTS_HIGH

    def new_layer(self) -> None:
        """Let what is drawn from now on hide what is there, cell by cell."""
        self._layer += 1

    def fill(self, spread: Spread, ink: Ink) -> None:
        """Set the dots of a spread, one range of rows per dot column."""
        rows = np.arange(self.dots_high)[:, None]
        wide = min(len(spread.top), self.dots_wide)
        mask = np.zeros((self.dots_high, self.dots_wide), dtype=np.bool_)
        mask[:, :wide] = (rows >= spread.top[:wide]) & (rows <= spread.bottom[:wide])
        self.dots(mask, ink)

    def dots(self, mask: Dots, ink: Ink) -> None:
        """Set the dots of a mask of shape ``(dots_high, dots_wide)``."""
        bits = np.zeros_like(self._bits)
        for down, pair in enumerate(_BITS):
            for right, bit in enumerate(pair):
                bits |= mask[down::DOTS_HIGH, right::DOTS_WIDE] * np.uint32(bit)
        touched = bits > 0
        self._bits[touched & (self._depth < self._layer)] = 0
        self._depth[touched] = self._layer
        self._bits |= bits
        self._ink[touched] = self._number(ink)

    def put(self, row: int, column: int, text: str, ink: Ink) -> None:
        """Write characters of one cell each over the dots; what is off the canvas is lost."""
        if not 0 <= row < self.height:
            return
        for at, char in enumerate(text, start=column):
            if 0 <= at < self.width:
                self._glyphs[row, at] = ord(char)
                self._ink[row, at] = self._number(ink)

    def free(self, row: int, column: int, width: int = 1) -> bool:
        """Tell whether no character was written there and it is on the canvas."""
        inside = 0 <= row < self.height and 0 <= column <= self.width - width
        return inside and not self._glyphs[row, column : column + width].any()

    def blank(self, row: int, column: int) -> bool:
        """Tell whether nothing at all was drawn in a cell of the canvas."""
        return self.free(row, column) and not self._bits[row, column]

    def rows(self) -> tuple[Row, ...]:
        """Return what was drawn, neighbours of one ink joined."""
        codes = np.where(self._bits > 0, BRAILLE + self._bits, ord(" "))
        codes = np.where(self._glyphs > 0, self._glyphs, codes).astype("<u4")
        inks = np.where(codes == ord(" "), 0, self._ink)
        return tuple(tuple(self._spans(line, ink)) for line, ink in zip(codes, inks, strict=True))

    def _spans(self, line: NDArray[np.uint32], ink: NDArray[np.int64]) -> Iterator[Span]:
        text = line.tobytes().decode("utf-32-le")
        cuts = [0, *(np.flatnonzero(np.diff(ink)) + 1).tolist(), self.width]
        for start, stop in pairwise(cuts):
            if stop > start:
                yield Span(text[start:stop], self._inks[ink[start]])

    def _number(self, ink: Ink) -> int:
        if ink not in self._inks:
            self._inks.append(ink)
        return self._inks.index(ink)


def line(x: NDArray[np.int64], y: NDArray[np.float64], broken: Dots, wide: int) -> Spread:
    """Return the dots of a thin line through points, for a canvas ``wide`` dots across.

    Args:
        x: Dot columns, strictly ascending, shape ``(points,)``.
        y: Dot rows, not rounded.
        broken: Whether the line is not drawn between a point and the next one.
        wide: Dot columns of the canvas.
    """
    if len(x) == 0:
        return _blank(wide)
    columns = np.arange(wide)
    segment = np.clip(np.searchsorted(x, columns, side="right") - 1, 0, len(x) - 1)
    shown = (columns >= x[0]) & (columns <= x[-1])
    shown &= (columns == x[segment]) | ~broken[segment]
    height = np.interp(columns, x, y)
    joined = shown[1:] & shown[:-1] & ~broken[segment[:-1]]
    middle = (height[1:] + height[:-1]) / 2
    before = np.concatenate((height[:1], np.where(joined, middle, height[1:])))
    after = np.concatenate((np.where(joined, middle, height[:-1]), height[-1:]))
    top = np.minimum(np.minimum(before, after), height)
    bottom = np.maximum(np.maximum(before, after), height)
    return _rounded(top, bottom, shown)


def band(
    x: NDArray[np.int64], top: NDArray[np.float64], bottom: NDArray[np.float64], wide: int
) -> Spread:
    """Return the dots from ``top`` to ``bottom`` at the given dot columns."""
    spread = _blank(wide)
    spread.top[x] = np.rint(top).astype(np.int64)
    spread.bottom[x] = np.rint(bottom).astype(np.int64)
    return spread


def area(
    x: NDArray[np.int64],
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
    broken: Dots,
    wide: int,
) -> Spread:
    """Return the dots between two lines through points, filled from point to point."""
    if len(x) == 0:
        return _blank(wide)
    columns = np.arange(wide)
    segment = np.clip(np.searchsorted(x, columns, side="right") - 1, 0, len(x) - 1)
    shown = (columns >= x[0]) & (columns <= x[-1])
    shown &= (columns == x[segment]) | ~broken[segment]
    return _rounded(np.interp(columns, x, top), np.interp(columns, x, bottom), shown)


def _rounded(top: NDArray[np.float64], bottom: NDArray[np.float64], shown: Dots) -> Spread:
    """Return whole dots; a halfway point belongs to the dot above, so that steps do not double."""
    high = np.rint(top).astype(np.int64)
    low = np.maximum(np.ceil(bottom - 0.5).astype(np.int64), high)
    return Spread(np.where(shown, high, 1), np.where(shown, low, 0))


def _blank(wide: int) -> Spread:
    return Spread(np.ones(wide, dtype=np.int64), np.zeros(wide, dtype=np.int64))
