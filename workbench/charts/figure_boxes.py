"""Boxes of a figure in cells: filled areas with a text, columns and bars in eighths of a cell."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.charts.drawing import Ink, cells, visible
from workbench.charts.figure import RIGHT, UP, Axis, Boxes, Floats
from workbench.charts.sheet import FULL, RIGHTWARD, SHADES, UPWARD, Sheet, contrasting

_EIGHTHS = 8


def draw_boxes(sheet: Sheet, boxes: Boxes, x: Axis, y: Axis) -> None:
    """Draw boxes on a sheet whose sides are these axes; each takes a cell at least."""
    left, right = (_edges(part, x.low, x.high, sheet.width) for part in (boxes.x0, boxes.x1))
    bottom, top = (_edges(part, y.low, y.high, sheet.height) for part in (boxes.y0, boxes.y1))
    if boxes.grow == UP:
        _columns(sheet, boxes, left, right, sheet.height - bottom, top - bottom)
    elif boxes.grow == RIGHT:
        _bars(sheet, boxes, left, right - left, sheet.height - top, sheet.height - bottom)
    else:
        _areas(sheet, boxes, (left, right, sheet.height - top, sheet.height - bottom))


def _edges(places: Floats, low: float, high: float, size: int) -> Floats:
    """Return places in cells from the low end, not rounded, at most one size off the sheet."""
    return np.clip(np.nan_to_num((places - low) / (high - low)), -1, 2) * size


def _from_to(start: float, stop: float, size: int) -> range:
    """Return whole cells from one edge to another: at least one, and on the sheet if it can be."""
    first = min(max(round(start), 0), size - 1)
    return range(first, max(round(stop), first + 1))


def _columns(
    sheet: Sheet, boxes: Boxes, left: Floats, right: Floats, foot: Floats, tall: Floats
) -> None:
    """Draw columns that grow up; where several share a cell the tallest is seen."""
    order = np.argsort(tall, kind="stable")
    for at in order.tolist():
        if tall[at] <= 0:
            continue
        whole, part = divmod(max(round(float(tall[at]) * _EIGHTHS), 1), _EIGHTHS)
        across = _from_to(left[at], right[at], sheet.width)
        base = round(float(foot[at]))
        ink = Ink(boxes.colors[at])
        sheet.block(range(base - whole, base), across, FULL, ink)
        if part:
            sheet.block(range(base - whole - 1, base - whole), across, UPWARD[part], ink)


def _bars(
    sheet: Sheet, boxes: Boxes, left: Floats, long: Floats, top: Floats, bottom: Floats
) -> None:
    """Draw bars that grow to the right; one below zero grows to the left, without its eighths."""
    for at in range(len(long)):
        if not sheet.height > top[at] > -1:
            continue
        down = _from_to(top[at], bottom[at], sheet.height)
        ink = Ink(boxes.colors[at])
        first = round(float(left[at]))
        if long[at] < 0:
            sheet.block(down, range(round(float(left[at] + long[at])), first), FULL, ink)
            continue
        whole, part = divmod(round(float(long[at]) * _EIGHTHS), _EIGHTHS)
        sheet.block(down, range(first, first + whole), FULL, ink)
        if part:
            sheet.block(down, range(first + whole, first + whole + 1), RIGHTWARD[part], ink)


class _Area(NamedTuple):
    """The cells of a box that is filled."""

    down: range
    across: range


def _areas(sheet: Sheet, boxes: Boxes, sides: tuple[NDArray[np.float64], ...]) -> None:
    """Fill areas; the shade says without colour what the colour says."""
    areas = [
        _Area(_from_to(top, bottom, sheet.height), _from_to(left, right, sheet.width))
        for left, right, top, bottom in zip(*map(np.ndarray.tolist, sides), strict=True)
    ]
    for at, area in enumerate(areas):
        ink = Ink(boxes.colors[at], back=boxes.colors[at])
        sign = FULL
        if boxes.levels:
            sign = SHADES[min(int(boxes.levels[at] * len(SHADES)), len(SHADES) - 1)]
        sheet.block(area.down, area.across, sign, ink)
    texts = [visible(text).split() for text in boxes.texts]
    pairs = list(zip(areas, texts, strict=False))
    whole = all(_lines(area, words) for area, words in pairs)
    for (area, words), color in zip(pairs, boxes.colors, strict=False):
        _label(sheet, area, words if whole else words[:1], color)


def _lines(area: _Area, words: Sequence[str]) -> list[str]:
    """Return a text as it has room in an area, on one row or on two; nothing if it has none.

    A cell stays free: side by side, ``n=1`` and ``0.85`` would read as one number.
    """
    room = max(1, len(area.across) - 1)
    split = [words[0], " ".join(words[1:])] if len(words) > 1 < len(area.down) else []
    for lines in ([" ".join(words)], split):
        if all(cells(line) <= room for line in lines):
            return lines
    return []


def _label(sheet: Sheet, area: _Area, words: Sequence[str], color: int) -> None:
    lines = _lines(area, words)
    first = area.down.start + (len(area.down) - len(lines)) // 2
    ink = Ink(contrasting(color), back=color)
    for row, line in enumerate(lines, start=first):
        column = area.across.start + (len(area.across) - cells(line)) // 2
        for word in line.split():  # the blanks between stay as they are, coloured
            sheet.write(row, column, word, ink)
            column += cells(word) + 1
