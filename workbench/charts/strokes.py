"""A reduced curve made ready to draw: its values in drawn units, then on dots."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.charts.canvas import Dots, Spread, area, band, line
from workbench.charts.look import MEAN, RAW, Look
from workbench.charts.reduction import Curve, Reduction
from workbench.charts.scale import Scale, scale_of
from workbench.charts.scaling import LOG, Scaling, scaling
from workbench.runs.series import Columns, smooth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FEW = 4
"""Up to so many curves each shows its raw values faintly; more would be one grey band."""


class Band(NamedTuple):
    """The columns in which a curve has a band, and its edges there in drawn units.

    ``low`` is minus infinity where a logarithmic axis cannot show it.
    """

    filled: Ints
    low: Floats
    high: Floats
    broken: Dots


class Stroke(NamedTuple):
    """A curve's filled columns, in drawn units."""

    curve: Curve
    columns: Columns
    filled: Ints
    line: Floats
    mean: Floats
    low: Floats
    high: Floats
    broken: Dots
    faint: bool
    """Whether the raw values are drawn behind the line."""
    band: Band | None = None


def strokes(curves: Sequence[Curve], reductions: Sequence[Reduction], look: Look) -> list[Stroke]:
    """Return the curves in the order of drawing: the focused one last, so that it wins."""
    by = scaling_of(reductions, look)
    pairs = sorted(zip(curves, reductions, strict=True), key=lambda pair: pair[0].focused)
    few = len(pairs) <= _FEW
    return [_stroke(curve, reduction, look, by, few=few) for curve, reduction in pairs]


def scaling_of(reductions: Sequence[Reduction], look: Look) -> Scaling:
    """Return how the y-axis makes drawn units of the values."""
    parts = ((one.columns.low, one.columns.high) for one in reductions)
    return scaling(look.y_scale, (values for pair in parts for values in pair))


def scale_for(drawn: Sequence[Stroke], reductions: Sequence[Reduction], look: Look) -> Scale | None:
    """Return the y-axis that holds all strokes; None if there is nothing to hold."""
    parts = (part for stroke in drawn for part in extremes(stroke, look))
    return scale_of(parts, scaling_of(reductions, look), clip=look.clip)


def _stroke(curve: Curve, reduction: Reduction, look: Look, by: Scaling, *, few: bool) -> Stroke:
    columns, own = reduction.columns, reduction.own or reduction.columns
    index = np.flatnonzero(columns.finite)
    mean, low, high = (by.drawn(part[index]) for part in (columns.mean, columns.low, columns.high))
    smoothing = 0.0 if look.mode == RAW else look.smoothing
    faint = look.mode != RAW and (few or curve.focused) and (smoothing > 0 or look.mode != MEAN)
    return Stroke(
        curve,
        columns,
        index,
        smooth(mean, smoothing),
        mean,
        low,
        high,
        _broken(own, index),
        faint,
        _band(reduction, by, smoothing) if reduction.band else None,
    )


def _band(reduction: Reduction, by: Scaling, smoothing: float) -> Band | None:
    low, high = reduction.band or (np.empty(0), np.empty(0))
    index = np.flatnonzero(np.isfinite(low) & np.isfinite(high))
    if not len(index):
        return None
    low, high = (smooth(by.drawn(part[index]), smoothing) for part in (low, high))
    return Band(index, low, high, _broken(reduction.own or reduction.columns, index))


def _broken(columns: Columns, index: Ints) -> Dots:
    """Tell between which filled columns lies one that holds nothing but NaN or infinities."""
    odd = (columns.finite == 0) & (columns.nans + columns.above + columns.below > 0)
    before = np.cumsum(odd)[index]
    return np.append(np.diff(before) > 0, False) if len(index) else np.zeros(0, dtype=np.bool_)


def extremes(stroke: Stroke, look: Look) -> tuple[Floats, ...]:
    """Return the values that the y-axis must hold."""
    around = _reach(stroke, look)
    if look.mode == MEAN:
        return (*around, stroke.line, stroke.mean) if stroke.faint else (*around, stroke.line)
    return (*around, stroke.low, stroke.high)


def _reach(stroke: Stroke, look: Look) -> tuple[Floats, ...]:
    """Return what the y-axis must hold of a band.

    On a logarithmic axis its lower edge may be near zero, decades below the line; one of
    them is enough to see where it goes.
    """
    if stroke.band is None or not len(stroke.line):
        return ()
    low = stroke.band.low
    if look.y_scale == LOG:
        low = np.maximum(low, stroke.line.min() - 1.0)
    return (low, stroke.band.high)


def unbroken(filled: Ints, broken: Dots) -> list[Ints]:
    """Return the indices into filled columns, in the parts between two breaks of the line."""
    places = np.arange(len(filled))
    return [part for part in np.split(places, np.flatnonzero(broken) + 1) if len(part)]


def on_dots(filled: Ints, columns: int, wide: int) -> tuple[Ints, Ints]:
    """Return the dot column of each filled column, and where a new dot column begins.

    There are always at least as many columns as dots, so several may share one.
    """
    dots = filled * wide // max(columns, 1)
    fresh = np.flatnonzero(np.diff(dots, prepend=-1))
    return dots[fresh], fresh


def main_line(stroke: Stroke, scale: Scale, wide: int, high: int) -> Spread:
    """Return the dots of the curve's line."""
    return _line(stroke, stroke.line, scale, wide, high)


def raw_line(stroke: Stroke, scale: Scale, wide: int, high: int) -> Spread:
    """Return the dots of the mean of each column, not smoothed."""
    return _line(stroke, stroke.mean, scale, wide, high)


def _line(stroke: Stroke, values: Floats, scale: Scale, wide: int, high: int) -> Spread:
    at, fresh = on_dots(stroke.filled, len(stroke.columns.finite), wide)
    if not len(at):
        return line(at, values, stroke.broken, wide)
    sizes = np.diff(np.append(fresh, len(values)))
    rows = scale.rows(np.add.reduceat(values, fresh) / sizes, high)
    return line(at, rows, np.logical_or.reduceat(stroke.broken, fresh), wide)


def spread_of(stroke: Stroke, scale: Scale, wide: int, high: int) -> Spread:
    """Return the dots between the extremes of each column."""
    at, fresh = on_dots(stroke.filled, len(stroke.columns.finite), wide)
    if not len(at):
        return line(at, stroke.low, stroke.broken, wide)
    top = scale.rows(np.maximum.reduceat(stroke.high, fresh), high)
    return band(at, top, scale.rows(np.minimum.reduceat(stroke.low, fresh), high), wide)


def area_of(stroke: Stroke, scale: Scale, wide: int, high: int) -> Spread:
    """Return the dots of the curve's band."""
    if stroke.band is None:
        return area(np.zeros(0, dtype=np.int64), np.empty(0), np.empty(0), stroke.broken, wide)
    at, fresh = on_dots(stroke.band.filled, len(stroke.columns.finite), wide)
    top = scale.rows(np.maximum.reduceat(stroke.band.high, fresh), high)
    bottom = scale.rows(np.minimum.reduceat(stroke.band.low, fresh), high)
    return area(at, top, bottom, np.logical_or.reduceat(stroke.band.broken, fresh), wide)


def value_at(stroke: Stroke, place: float) -> float | None:
    """Return the drawn value nearest to a place across the plot, 0 to 1; None outside the curve."""
    if not len(stroke.filled):
        return None
    column = place * (len(stroke.columns.finite) - 1)
    if not stroke.filled[0] - 1 <= column <= stroke.filled[-1] + 1:
        return None
    return float(stroke.line[np.abs(stroke.filled - column).argmin()])
