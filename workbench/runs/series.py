"""Arithmetic on the series of a metric: align, thin, smooth.

Every curve on a screen, in a printed chart or in a report comes through here, so
that the same points never look different in two places. Pure: arrays in, arrays
out. NaN and infinities are never dropped in silence; they are counted by column.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STEP, TIME, RELATIVE = "step", "time", "relative"
"""What can stand on the x-axis: the step, the wall time, the seconds since the first point."""

HIGHEST_FACTOR = 0.99
"""Above this a smoothed line no longer says anything about the curve it is drawn over."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The points of one metric in the order of logging; three arrays of one length.

    A point logged without a step has NaN in ``steps``. ``times`` are seconds since 1970.
    """

    steps: Floats
    times: Floats
    values: Floats

    def __post_init__(self) -> None:
        if not self.steps.shape == self.times.shape == self.values.shape:
            raise ValueError("steps, times and values differ in length")

    def __len__(self) -> int:
        return len(self.values)


def series(steps: object, times: object, values: object) -> Series:
    """Return a series of anything numpy can turn into floats."""
    return Series(*(np.asarray(part, dtype=np.float64).ravel() for part in (steps, times, values)))


EMPTY = series([], [], [])


def last_per_step(points: Series) -> Series:
    """Return the series with the last logged point of each step, still in the order of logging.

    A run resumed from a checkpoint logs steps again; what it logged last counts.
    Points without a step are all kept.
    """
    steps = points.steps
    if len(steps) == 0 or bool(np.all(steps[1:] > steps[:-1])):
        return points
    _, from_the_end = np.unique(steps[::-1], return_index=True, equal_nan=False)
    keep = np.sort(len(steps) - 1 - from_the_end)
    return Series(steps[keep], points.times[keep], points.values[keep])


def positions(points: Series, axis: str) -> Floats:
    """Return the x of every point: step, wall time, or seconds since the run's first point.

    Where no point has a step, the place in the order of logging stands for it.
    """
    if axis == STEP:
        return _counted(points.steps)
    if axis == TIME:
        return points.times
    if axis == RELATIVE:
        finite = points.times[np.isfinite(points.times)]
        return points.times - (finite.min() if len(finite) else 0.0)
    raise ValueError(f"no such x-axis: {axis!r}")


def _counted(steps: Floats) -> Floats:
    return np.arange(len(steps), dtype=np.float64) if bool(np.isnan(steps).all()) else steps


class Cut(NamedTuple):
    """Points that are left, and how many were taken away."""

    x: Floats
    values: Floats
    left_out: int


def zoom(x: Floats, values: Floats, low: float | None, high: float | None) -> Cut:
    """Return the points whose x is between ``low`` and ``high``, both included; None is open."""
    inside = np.ones(len(x), dtype=np.bool_)
    if low is not None:
        inside &= x >= low
    if high is not None:
        inside &= x <= high
    return _cut(x, values, inside)


def positive(x: Floats, values: Floats) -> Cut:
    """Return the points a logarithmic y-axis can show; NaN stays, it is shown as a mark."""
    return _cut(x, values, ~(values <= 0))


def positive_x(x: Floats, values: Floats) -> Cut:
    """Return the points a logarithmic x-axis can show."""
    return _cut(x, values, ~(x <= 0))


def _cut(x: Floats, values: Floats, keep: Flags) -> Cut:
    left_out = len(keep) - int(np.count_nonzero(keep))
    return Cut(x[keep], values[keep], left_out) if left_out else Cut(x, values, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A curve reduced to columns of equal width between ``low_x`` and ``high_x``.

    ``mean``, ``low`` and ``high`` are over the finite values of a column, NaN where it has
    none. ``finite``, ``nans``, ``above`` (plus infinity) and ``below`` (minus infinity) count
    the values of each column; ``unplaced`` those whose x is not finite.
    """

    low_x: float
    high_x: float
    mean: Floats
    low: Floats
    high: Floats
    finite: Ints
    nans: Ints
    above: Ints
    below: Ints
    unplaced: int

    @property
    def centres(self) -> Floats:
        """The x in the middle of each column."""
        count = len(self.mean)
        width = (self.high_x - self.low_x) / count
        return self.low_x + (np.arange(count, dtype=np.float64) + 0.5) * width

    @property
    def blank(self) -> bool:
        """Whether no column holds a finite value."""
        return not bool(self.finite.any())


def thin(x: Floats, values: Floats, *, low_x: float, high_x: float, columns: int) -> Columns:
    """Return the curve reduced to a fixed number of columns, exactly.

    A column holds the points from its left edge up to its right edge; the last one holds
    its right edge too. Points outside are not counted.

    Raises:
        ValueError: ``low_x`` is not below ``high_x``, or ``columns`` is not positive.
    """
    if not low_x < high_x or columns < 1:
        raise ValueError("columns need a positive number and a low_x below high_x")
    x, values, unplaced = _in_order(x, values)
    starts = _starts(x, np.linspace(low_x, high_x, columns + 1))
    finite = np.isfinite(values)
    if finite.all():
        none = np.zeros(columns, dtype=np.int64)
        return Columns(low_x, high_x, *_folded(values, starts), none, none, none, unplaced)
    odd = (_tally(np.isnan(values), starts), _tally(values == np.inf, starts))
    below = _tally(values == -np.inf, starts)
    starts = _running(finite)[starts]
    return Columns(low_x, high_x, *_folded(values[finite], starts), *odd, below, unplaced)


def _in_order(x: Floats, values: Floats) -> Cut:
    cut = _cut(x, values, np.isfinite(x))
    if bool(np.all(cut.x[1:] >= cut.x[:-1])):
        return cut
    order = np.argsort(cut.x, kind="stable")
    return Cut(cut.x[order], cut.values[order], cut.left_out)


def _starts(x: Floats, edges: Floats) -> Ints:
    starts = np.searchsorted(x, edges, side="left")
    starts[-1] = np.searchsorted(x, edges[-1], side="right")
    return starts.astype(np.int64)


def _running(flags: Flags) -> Ints:
    return np.concatenate(([0], np.cumsum(flags, dtype=np.int64)))


def _tally(flags: Flags, starts: Ints) -> Ints:
    return np.diff(_running(flags)[starts])


def _folded(values: Floats, starts: Ints) -> tuple[Floats, Floats, Floats, Ints]:
    """Return mean, low, high and count of the values between the starts."""
    counts = np.diff(starts)
    full = counts > 0
    inner = values[: starts[-1]]
    at = starts[:-1][full]

    def spread_out(found: Floats) -> Floats:
        column = np.full(len(counts), np.nan)
        column[full] = found
        return column

    if not len(at):
        blank = spread_out(np.empty(0))
        return blank, blank, blank, counts
    return (
        spread_out(_means(inner, at, counts[full])),
        spread_out(np.minimum.reduceat(inner, at)),
        spread_out(np.maximum.reduceat(inner, at)),
        counts,
    )


def _means(values: Floats, at: Ints, counts: Ints) -> Floats:
    """Return the means of the parts; a sum too large for a double is taken in parts instead."""
    with np.errstate(over="ignore", invalid="ignore"):
        means = np.add.reduceat(values, at) / counts
    if np.isfinite(means).all():
        return means
    shares = np.zeros(len(values))
    shares[at[0] :] = values[at[0] :] / np.repeat(counts, counts)
    return np.add.reduceat(shares, at)


def smooth(values: Floats, factor: float) -> Floats:
    """Return the exponential moving average, debiased so that it starts at the first value.

    Values that are not finite have no weight and stay where they are.

    Args:
        values: The values in order.
        factor: Weight of the past, 0 (nothing changes) to 0.99.
    """
    factor = min(factor, HIGHEST_FACTOR)
    if not factor > 0:
        return values
    kept = np.isfinite(values)
    counting = np.arange(1, int(np.count_nonzero(kept)) + 1)
    smoothed = values.copy()
    smoothed[kept] = _decayed(values[kept], factor) / -np.expm1(counting * math.log(factor))
    return smoothed


def _decayed(values: Floats, factor: float) -> Floats:
    """Return ``y[i] = factor * y[i-1] + (1 - factor) * values[i]``, from ``y[-1] = 0``.

    A loop over the values would cost a tenth of a second at 100,000 of them. So: blocks
    short enough for one triangular matrix, and the carries between them are such a
    series again.
    """
    size = min(len(values), 64)
    if size == 0:
        return values
    blocks = -(-len(values) // size)
    padded = np.zeros(blocks * size)
    padded[: len(values)] = values
    age = np.subtract.outer(np.arange(size), np.arange(size))
    weights = np.where(age >= 0, (1.0 - factor) * np.power(factor, np.maximum(age, 0)), 0.0)
    inside = padded.reshape(blocks, size) @ weights.T
    if blocks > 1:
        carry = _carried(inside[:, -1], factor**size)
        inside[1:] += carry[:-1, None] * np.power(factor, np.arange(1, size + 1))
    return inside.ravel()[: len(values)]


def _carried(ends: Floats, factor: float) -> Floats:
    """Return ``y[i] = factor * y[i-1] + ends[i]``."""
    carried = ends.tolist()
    for place in range(1, len(carried)):
        carried[place] += factor * carried[place - 1]
    return np.asarray(carried)
