"""The frame of a figure in cells: the gutter with the y labels, the x-axis and its labels."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from workbench.charts.axes import GAP, Mark, apart, baseline, most_y_ticks, start_of
from workbench.charts.drawing import Ink, Row, Span, cells, shorten, visible
from workbench.charts.figure import FIXED, Axis, ticks_of
from workbench.charts.labels import cut_middle
from workbench.charts.palette import Theme
from workbench.charts.sheet import Sheet
from workbench.charts.ticks import Tick, Ticks

_CELLS_PER_TICK = 13
_BARE_PLOT = 10
"""A plot narrower than this is worth more than its y labels."""

_NARROWEST_NAME, _READABLE_NAME = 4, 8


class Gutter(NamedTuple):
    """The y-axis: the label of each row of the plot that has one, and the width of them all."""

    labels: dict[int, str]
    width: int

    def span(self, row: int, ink: Ink) -> Span:
        """Return the gutter of one row of the plot."""
        if not self.width:
            return Span("")
        label = self.labels.get(row)
        if label is None:
            return Span(" " * (self.width - 1) + "│", ink)
        return Span(" " * (self.width - 2 - cells(label)) + label + " ┤", ink)


def gutter(axis: Axis, rows: int, width: int) -> Gutter:
    """Return the y-axis of a plot of that many rows in a chart that wide."""
    room = max(width // 3, _NARROWEST_NAME)
    labels: dict[int, str] = {}
    cut = cut_middle if axis.kind == FIXED else shorten
    for tick in _y_ticks(axis, rows):
        share = (axis.high - tick.at) / (axis.high - axis.low)
        row = min(max(round(share * (rows * 4 - 1)) // 4, 0), rows - 1)
        labels.setdefault(row, cut(visible(tick.label), room))
    size = max((cells(label) for label in labels.values()), default=-2) + 2
    return Gutter(labels, size) if width - size >= _BARE_PLOT else Gutter({}, 0)


def _y_ticks(axis: Axis, rows: int) -> Ticks:
    at_most = most_y_ticks(rows)
    found = ticks_of(axis, at_most)
    return found if len(found) > 1 or axis.kind == FIXED else ticks_of(axis, at_most + 2)


def x_marks(axis: Axis, width: int) -> tuple[Mark, ...]:
    """Return the ticks of the x-axis that have room for their labels, two at least if possible."""
    if axis.kind == FIXED:
        return _named(axis, width)
    wish = max(2, width // _CELLS_PER_TICK)
    few: tuple[Mark, ...] = ()
    for at_most in (wish, wish + 1, wish + 2, *range(wish - 1, 0, -1)):
        found = _marks(ticks_of(axis, at_most), axis, width)
        if apart(found, width):
            if len(found) > 1:
                return found
            few = few or found
    return few


def _marks(found: Ticks, axis: Axis, width: int) -> tuple[Mark, ...]:
    scale = (width * 2 - 1) / (axis.high - axis.low)
    return tuple(
        Mark(min(max(round((tick.at - axis.low) * scale) // 2, 0), width - 1), tick)
        for tick in found
    )


def _named(axis: Axis, width: int) -> tuple[Mark, ...]:
    """Return names cut to the room between them; every second, third, ... if that is too little."""
    plain = [Tick(tick.at, visible(tick.label)) for tick in axis.ticks]
    for every in range(1, len(plain) + 1):
        found = _marks(tuple(plain[::every]), axis, width)
        between = [after.cell - before.cell for before, after in pairwise(found)]
        room = min(between, default=width + 1) - 1
        widest = max(cells(mark.tick.label) for mark in found)
        if axis.whole and not apart(found, width):
            continue
        if room >= (widest if axis.whole else min(_READABLE_NAME, widest)):
            return tuple(
                Mark(mark.cell, Tick(mark.tick.at, shorten(mark.tick.label, room)))
                for mark in found
            )
    return ()


def axis_rows(axis: Axis, found: Sequence[Mark], left: int, width: int, theme: Theme) -> list[Row]:
    """Return the line under the plot with its ticks, and their labels with the axis' name."""
    names = Sheet(left + width, 1)
    end = 0
    for mark in found:
        label = shorten(mark.tick.label, width)
        start = start_of(mark, width)
        names.write(0, left + start, label, Ink(theme.muted))
        end = start + cells(label)
    name = visible(axis.label)
    if name and cells(name) < left:
        names.write(0, left - 1 - cells(name), name, Ink(theme.muted))
    elif name and end + GAP + cells(name) <= width:
        names.write(0, left + width - cells(name), name, Ink(theme.muted))
    return [(Span(baseline(found, left, width), Ink(theme.axis)),), names.rows()[0]]
