"""The frame of a chart: the gutter with the y labels, the x-axis and its labels."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import NamedTuple

from workbench.charts import ticks
from workbench.charts.drawing import Ink, Span, cells, clip, visible
from workbench.charts.reduction import Frame
from workbench.charts.scale import Scale
from workbench.charts.scaling import LINEAR
from workbench.charts.ticks import Tick, Ticks

_ROWS_PER_TICK = 3
_MOST_Y_TICKS = 7
_CELLS_PER_TICK = 13
GAP = 2
_BARE_PLOT = 8
"""A plot narrower than this is worth more than its y labels."""


class Side(NamedTuple):
    """The y-axis: its label per row of the plot, and the width of the labels."""

    labels: dict[int, str]
    width: int

    def span(self, row: int, ink: Ink) -> Span:
        """Return the gutter of one row of the plot."""
        if not self.width:
            return Span("")
        label = self.labels.get(row)
        text = " " * (self.width - 1) + "│" if label is None else f"{label:>{self.width - 2}} ┤"
        return Span(text, ink)


def side(scale: Scale | None, rows: int, width: int) -> Side:
    """Return the y-axis of a plot of that many rows in a chart that wide."""
    found = _row_labels(scale, rows) if scale else {}
    gutter = max((cells(label) for label in found.values()), default=0) + 2
    if width - gutter < _BARE_PLOT:
        return Side({}, 0)
    return Side(found, gutter)


def _row_labels(scale: Scale, rows: int) -> dict[int, str]:
    at_most = most_y_ticks(rows)
    labels: dict[int, str] = {}
    for tick in y_ticks(scale, at_most):
        share = (scale.high - tick.at) / (scale.high - scale.low)
        labels.setdefault(round(share * (rows * 4 - 1)) // 4, tick.label)
    return labels


def most_y_ticks(rows: int) -> int:
    """Return into how many parts the y-axis of so many rows may be cut."""
    return max(2, min(_MOST_Y_TICKS, rows // _ROWS_PER_TICK + 1))


def y_ticks(scale: Scale, at_most: int) -> Ticks:
    """Return the ticks of the y-axis, at least two: one number gives no scale."""
    found = ticks.scaled(scale.low, scale.high, at_most, scale.by)
    if len(found) > 1:
        return found
    return ticks.scaled(scale.low, scale.high, at_most + 2, scale.by)


class Mark(NamedTuple):
    """A tick of the x-axis: the cell it stands in, and its label."""

    cell: int
    tick: Tick


def marks(frame: Frame, kind: str, width: int, zone: tzinfo | None) -> tuple[Mark, ...]:
    """Return ticks that have room for their labels; two at least, where two have room."""
    wish = max(2, width // _CELLS_PER_TICK)
    few: tuple[Mark, ...] = ()
    for at_most in (wish, wish + 1, wish + 2, *range(wish - 1, 0, -1)):
        found = _marks(_ticks(frame, kind, at_most, zone), frame, width)
        if apart(found, width):
            if len(found) > 1:
                return found
            few = few or found
    return few


def _ticks(frame: Frame, kind: str, at_most: int, zone: tzinfo | None) -> Ticks:
    if frame.x.kind != LINEAR:
        return ticks.scaled(frame.low, frame.high, at_most, frame.x)
    return ticks.ticks(kind, frame.low, frame.high, at_most, zone)


def _marks(found: Ticks, frame: Frame, width: int) -> tuple[Mark, ...]:
    scale = (width * 2 - 1) / (frame.high - frame.low)
    return tuple(Mark(round((tick.at - frame.low) * scale) // 2, tick) for tick in found)


def apart(found: Sequence[Mark], width: int) -> bool:
    """Tell whether no label stands too near the one before it."""
    end = -GAP
    for mark in found:
        start = start_of(mark, width)
        if start < end + GAP:
            return False
        end = start + cells(mark.tick.label)
    return True


def start_of(mark: Mark, width: int) -> int:
    """Return the cell where a centred label starts, kept inside the plot."""
    size = cells(mark.tick.label)
    return max(0, min(mark.cell - size // 2, width - size))


def baseline(found: Sequence[Mark], gutter: int, width: int) -> str:
    """Return the line under the plot with its ticks."""
    cell = ["─"] * width
    for mark in found:
        if 0 <= mark.cell < width:
            cell[mark.cell] = "┬"
    corner = " " * (gutter - 1) + "└" if gutter else ""
    return corner + "".join(cell)


def label_row(found: Sequence[Mark], gutter: int, width: int, name: str) -> str:
    """Return the labels under their ticks, and the name of the axis where there is room for it.

    In the gutter if it fits there, else at the right end if that is free.
    """
    row = [" "] * width
    for mark in found:
        label = clip(mark.tick.label, width)
        start = start_of(mark, width)
        row[start : start + len(label)] = label
    name = visible(name)
    if name and cells(name) < gutter:
        return f"{name:>{gutter - 1}} " + "".join(row)
    free = width - len("".join(row).rstrip())
    if name and cells(name) + GAP <= free:
        row[width - cells(name) :] = name
    return " " * gutter + "".join(row)
