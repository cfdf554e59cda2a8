"""The slow half of a chart: curves of any length reduced to a few columns each.

Reduce once per (data, frame) and keep the result; drawing it again with another colour,
smoothing, height or focus costs a few milliseconds. The frame is hashable for that reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from workbench.runs.series import Columns, Floats, positive, positive_x, thin

_COLUMNS_PER_CELL = 2

_NOTHING = 1e-290
"""Sizes below this are drawn as zero: a tick between them could not be computed."""

EDGE = 1e300
"""What lies beyond is drawn at the edge: the width of a wider range is no number."""


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve to draw, in the order of logging.

    ``letter`` names it at the end of its line, so that colour is never needed.
    """

    label: str
    x: Floats
    y: Floats
    color: int
    letter: str = ""
    focused: bool = False


class Frame(NamedTuple):
    """The part of the x-axis that is shown and how finely; x are log10 if ``log_x``."""

    low: float
    high: float
    columns: int
    log_x: bool
    log_y: bool


class Reduction(NamedTuple):
    """A curve reduced to the columns of a frame, with what could not be placed."""

    columns: Columns
    not_positive: int
    """Values that a logarithmic y-axis cannot show."""
    not_positive_x: int
    points: int

    @property
    def odd(self) -> int:
        """How many values are NaN or infinite."""
        columns = self.columns
        return int(columns.nans.sum() + columns.above.sum() + columns.below.sum())


def frame_of(
    curves: Sequence[Curve],
    width: int,
    *,
    log_x: bool = False,
    log_y: bool = False,
    window: tuple[float | None, float | None] = (None, None),
) -> Frame:
    """Return the frame that holds all curves, or the window's part of them, at a width in cells."""
    low, high = _extent(curves, log_x=log_x)
    low, high = _windowed(low, high, window, log_x=log_x)
    return Frame(*widened(low, high), max(width, 1) * _COLUMNS_PER_CELL, log_x, log_y)


def _extent(curves: Sequence[Curve], *, log_x: bool) -> tuple[float, float]:
    lows, highs = [], []
    for curve in curves:
        shown = curve.x[np.isfinite(curve.x) & ((curve.x > 0) | (not log_x))]
        if len(shown):
            lows.append(float(shown.min()))
            highs.append(float(shown.max()))
    if not lows:
        return (0.0, 1.0)
    return (_scaled(min(lows), log_x=log_x), _scaled(max(highs), log_x=log_x))


def _windowed(
    low: float, high: float, window: tuple[float | None, float | None], *, log_x: bool
) -> tuple[float, float]:
    left, right = window
    if left is not None and (left > 0 or not log_x):
        low = _scaled(left, log_x=log_x)
    if right is not None and (right > 0 or not log_x):
        high = _scaled(right, log_x=log_x)
    return min(low, high), max(low, high)


def _scaled(value: float, *, log_x: bool) -> float:
    return float(np.log10(value)) if log_x else value


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
    x, y, not_positive_x = positive_x(curve.x, curve.y) if frame.log_x else (curve.x, curve.y, 0)
    x, y, not_positive = positive(x, y) if frame.log_y else (x, y, 0)
    if frame.log_x:
        x = np.log10(x)
    columns = thin(x, y, low_x=frame.low, high_x=frame.high, columns=frame.columns)
    return Reduction(columns, not_positive, not_positive_x, len(curve.y))
