"""The slow half of a chart: curves of any length reduced to a few columns each.

Reduce once per (data, frame) and keep the result; drawing it again with another colour,
smoothing, height or focus costs a few milliseconds. The frame is hashable for that reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from workbench.charts.scaling import EDGE, LINEAR, LOG, SYMLOG, Scaling, scaling
from workbench.runs.alignment import counted
from workbench.runs.series import Columns, Floats, Ints, positive, positive_x, thin

_COLUMNS_PER_CELL = 2

_NOTHING = 1e-290
"""Sizes below this are drawn as zero: a tick between them could not be computed."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve to draw, in the order of logging.

    ``letter`` names it at the end of its line, so that colour is never needed. ``low`` and
    ``high`` are a band around it, one of each for every point.
    """

    label: str
    x: Floats
    y: Floats
    color: int
    letter: str = ""
    focused: bool = False
    low: Floats | None = None
    high: Floats | None = None
    said: str = ""
    """Its value under the crosshair as it was logged; without, what is drawn there is told."""
    members: tuple[tuple[Floats, Floats], ...] = ()
    """The curves it is the mean of, whose NaN and infinities are marked though none is in it."""

    @property
    def banded(self) -> bool:
        """Whether there is a band around the curve."""
        return self.low is not None and self.high is not None


class Frame(NamedTuple):
    """The part of the x-axis that is shown and how finely, in the drawn units of ``x``."""

    low: float
    high: float
    columns: int
    x: Scaling
    y_scale: str


class Reduction(NamedTuple):
    """A curve reduced to the columns of a frame, with what could not be placed."""

    columns: Columns
    not_positive: int
    """Values that a logarithmic y-axis cannot show."""
    not_positive_x: int
    points: int
    band: tuple[Floats, Floats] | None = None
    """Low and high of the curve's band in each column, NaN where there is none."""
    own: Columns | None = None
    """The columns of a mean alone, where ``columns`` counts what is odd in its members."""
    n: tuple[Floats, Ints] | None = None
    """Where the number of curves in a mean changes, and what it is from there on."""

    @property
    def odd(self) -> int:
        """How many values are NaN or infinite."""
        columns = self.columns
        return int(columns.nans.sum() + columns.above.sum() + columns.below.sum())


def frame_of(
    curves: Sequence[Curve],
    width: int,
    *,
    x_scale: str = LINEAR,
    y_scale: str = LINEAR,
    window: tuple[float | None, float | None] = (None, None),
) -> Frame:
    """Return the frame that holds all curves, or the window's part of them, at a width in cells."""
    x = scaling(x_scale, (curve.x for curve in curves), small=0.0)
    low, high = _windowed(*_extent(curves, x), window, x)
    return Frame(*widened(low, high), max(width, 1) * _COLUMNS_PER_CELL, x, y_scale)


def _extent(curves: Sequence[Curve], x: Scaling) -> tuple[float, float]:
    lows, highs = [], []
    for curve in curves:
        shown = curve.x[np.isfinite(curve.x) & ((curve.x > 0) | (x.kind != LOG))]
        if len(shown):
            lows.append(float(shown.min()))
            highs.append(float(shown.max()))
    if not lows:
        return (0.0, 1.0)
    return x.place(min(lows)), x.place(max(highs))


def _windowed(
    low: float, high: float, window: tuple[float | None, float | None], x: Scaling
) -> tuple[float, float]:
    left, right = window
    if left is not None and (left > 0 or x.kind != LOG):
        low = x.place(left)
    if right is not None and (right > 0 or x.kind != LOG):
        high = x.place(right)
    return min(low, high), max(low, high)


def widened(low: float, high: float) -> tuple[float, float]:
    """Return a range that has a width that is a number, even where all values are one."""
    low, high = max(low, -EDGE), min(high, EDGE)
    low, high = min(low, EDGE), max(high, -EDGE)
    size = max(abs(low), abs(high))
    if high - low > max(size * 1e-12, _NOTHING):
        return low, high
    room = size * 0.1 if size > _NOTHING else 0.5
    return low - room, high + room


def reduce_curve(curve: Curve, frame: Frame) -> Reduction:
    """Return the curve reduced to the columns of the frame."""
    x, y, not_positive_x = curve.x, curve.y, 0
    if frame.x.kind == LOG:
        x, y, not_positive_x = positive_x(x, y)
    x, y, not_positive = positive(x, y) if frame.y_scale == LOG else (x, y, 0)
    columns = _thinned(x, y, frame)
    band = _band(curve, frame) if curve.banded else None
    found = Reduction(columns, not_positive, not_positive_x, len(curve.y), band)
    if not curve.members:
        return found
    return found._replace(
        columns=_with_odd_of(curve, columns, frame), own=columns, n=counted(curve.members)
    )


def _with_odd_of(curve: Curve, columns: Columns, frame: Frame) -> Columns:
    """Return the columns of a mean with the NaN and infinities of what it is the mean of."""
    log = frame.x.kind == LOG
    placed = (positive_x(*one)[:2] if log else one for one in curve.members)
    found = [_thinned(x, values, frame) for x, values in placed]
    return replace(
        columns,
        nans=np.sum([one.nans for one in found], axis=0),
        above=np.sum([one.above for one in found], axis=0),
        below=np.sum([one.below for one in found], axis=0),
        unplaced=sum(one.unplaced for one in found),
    )


def _thinned(x: Floats, values: Floats, frame: Frame) -> Columns:
    x = _placed(x, frame.x) if frame.x.kind != LINEAR else x
    return thin(x, values, low_x=frame.low, high_x=frame.high, columns=frame.columns)


def _placed(x: Floats, by: Scaling) -> Floats:
    """Return x in drawn units; an infinite x has no place, and keeps none."""
    drawn = by.drawn(x)
    return np.where(np.isfinite(x), drawn, x) if by.kind == SYMLOG else drawn


def _band(curve: Curve, frame: Frame) -> tuple[Floats, Floats]:
    """Return low and high of the band per column, where the curve itself can be shown."""
    kept = np.isfinite(curve.y)
    kept &= (curve.x > 0) | (frame.x.kind != LOG)
    kept &= (curve.y > 0) | (frame.y_scale != LOG)
    low, high = (
        _thinned(curve.x[kept], part[kept], frame).mean
        for part in (curve.low, curve.high)
        if part is not None
    )
    return low, high
