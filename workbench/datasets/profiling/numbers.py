"""Facts of numbers: moments, robust scale and grid of a sorted column, and of parts together.

A column is sorted once, in place of a sketch: at a million values the sort is cheaper than any
binning, and everything else follows from it exactly.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import fsum, inf, isfinite, sqrt
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workbench.datasets.profile import Numbers
from workbench.datasets.profiling import grid
from workbench.datasets.profiling.grid import Counts, Floats, Grid

_TO_DEVIATIONS: Final = 1.349
"""The interquartile range of a normal distribution in standard deviations."""
_CLIPPED: Final = (0.01, 0.99)
_CANCELLED: Final = 1e-6
"""Share of a sum of squares below which a difference of sums has lost too many digits."""
_PIECE: Final = 8_192
"""Values looked at together: they stay in the cache, and no product of them is worth a thread."""
_LARGE: Final = 2.0**300
"""Powers of values beyond this, or below its inverse, would leave what a float can hold."""


class Sorted(NamedTuple):
    """The finite values of a column in ascending order, and what was set aside."""

    values: NDArray[Any]
    distinct: int = 0
    """How many different values there are."""
    nans: int = 0
    plus_infinities: int = 0
    minus_infinities: int = 0

    def runs(self) -> "Runs":
        """Return where each different value begins and how often it is there."""
        starts = np.append(0, np.flatnonzero(self.values[1:] != self.values[:-1]) + 1)
        starts = starts[: self.distinct]
        return Runs(starts, np.diff(np.append(starts, len(self.values))))

    def repeated(self) -> "Runs":
        """Return the same of values that are there twice or more; cheap where few are."""
        if self.distinct < len(self.values) // 2:
            runs = self.runs()
            often = runs.times > 1
            return Runs(runs.starts[often], runs.times[often])
        same = np.flatnonzero(self.values[1:] == self.values[:-1])
        first = np.flatnonzero(np.append(True, np.diff(same) > 1)[: len(same)])
        return Runs(same[first], np.diff(np.append(first, len(same))) + 1)


class Runs(NamedTuple):
    """Stretches of equal values in a sorted column; both of one shape."""

    starts: Counts
    times: Counts


def ordered(values: NDArray[Any]) -> Sorted:
    """Sort values in place; return them, with NaN and the infinities counted and set aside."""
    values.sort()
    end, nans, plus, minus = len(values), 0, 0, 0
    if values.dtype.kind == "f":
        nans = end - int(np.searchsorted(values, np.nan, "left"))
        minus = int(np.searchsorted(values, -inf, "right"))
        end -= nans
        first_infinity = int(np.searchsorted(values[:end], inf, "left"))
        plus, end = end - first_infinity, first_infinity
        values = values[minus:end]
    distinct = int(np.count_nonzero(values[1:] != values[:-1])) + bool(len(values))
    return Sorted(values, distinct, nans, plus, minus)


def is_rising(values: NDArray[Any]) -> bool:
    """Return whether no value is less than the one before it; NaN is never in order."""
    few = values[:1000]
    if not np.all(few[1:] >= few[:-1]):
        return False
    return bool(len(values) and np.all(values[1:] >= values[:-1]) and values[0] == values[0])


def facts(found: Sorted, levels: Floats = grid.LEVELS) -> Numbers:
    """Return the facts of a sorted column."""
    values = found.values
    points = grid.of_sorted(values, found.distinct, levels)
    zero, above = (int(np.searchsorted(values, 0, side)) for side in ("left", "right"))
    signs = Numbers(zeros=above - zero, negatives=zero)
    if points is None:
        return signs
    spread = _moments(found)
    q1, median, q3 = (_quantile(values, share) for share in (0.25, 0.5, 0.75))
    return Numbers(
        float(values[0]) + 0.0, float(values[-1]) + 0.0, spread.mean, spread.std(), spread.skew(),
        spread.scale, signs.zeros, signs.negatives, q1, median, q3, grid.stored(points),
    )  # fmt: skip


def _quantile(values: NDArray[Any], share: float) -> float:
    place = (len(values) - 1) * share
    first = int(place)
    low, high = float(values[first]), float(values[min(first + 1, len(values) - 1)])
    return grid.between(low, high, place - first)


# -- moments -----------------------------------------------------------------------------


class Moments(NamedTuple):
    """Sums of powers of the distances from the mean, in a unit that keeps them in range."""

    n: int
    mean: float
    second: float
    """Of squares, in units squared."""
    third: float
    """Of cubes, in units cubed."""
    unit: float
    scale: float = 0.0
    """The robust scale, in the values' own unit."""

    def std(self) -> float | None:
        """Return the standard deviation of the sample; None for one value or on overflow."""
        if self.n < 2:  # noqa: PLR2004 - of one value there is no spread
            return None
        found = sqrt(self.second / (self.n - 1)) * self.unit
        return found if isfinite(found) else None

    def skew(self) -> float | None:
        """Return the Fisher-Pearson skewness, biased; None where nothing differs.

        Source: scipy.stats.skew with its defaults, including what counts as no difference.
        """
        if not self.n:
            return None
        variance = self.second / self.n
        if (
            not isfinite(variance)
            or variance <= (np.finfo(np.float64).eps * abs(self.mean / self.unit)) ** 2
        ):
            return None
        return float(self.third / self.n / variance**1.5)


class Sums(NamedTuple):
    """Of powers of distances from a place, over a stretch of sorted values."""

    n: int
    first: float
    second: float
    third: float


def _moments(found: Sorted) -> Moments:
    """Return the moments of sorted values, in two passes, and their robust scale.

    The second pass goes over the tails and the middle by themselves: the robust scale needs the
    sums of the middle.
    """
    values, n = found.values, len(found.values)
    unit = _unit(max(abs(float(values[0])), abs(float(values[-1]))))
    if found.distinct == 1:  # a mean of equal values would be off by a rounding
        return Moments(n, float(values[0]) + 0.0, 0.0, 0.0, unit)
    if unit != 1.0:
        values = values.astype(np.float64) / unit
    mean = float(values.mean(dtype=np.float64))
    low, high = (_quantile(values, share) for share in _CLIPPED)
    cuts = 0, *np.searchsorted(values, (low, high), "left").tolist(), n
    tails = [_sums(values[a:b], mean) for a, b in pairwise(cuts)]
    first, second, third = (fsum(part[k] for part in tails) for k in (1, 2, 3))
    quarter, three = (_quantile(values, share) for share in (0.25, 0.75))
    clipped = _clipped(values, cuts, (low, high), tails[1], mean)
    scale = max((three - quarter) / _TO_DEVIATIONS, clipped) * unit
    return Moments(n, mean * unit, second - first * first / n, third, unit, _finite(scale))


def _sums(values: NDArray[Any], about: float) -> Sums:
    """Return the sums over a stretch, a piece at a time that stays in the processor's cache."""
    first = second = third = 0.0
    for start in range(0, len(values), _PIECE):
        away = values[start : start + _PIECE].astype(np.float64) - about
        squares = away * away
        first += float(away.sum())
        second += float(squares.sum())
        third += float(squares @ away)
    return Sums(len(values), first, second, third)


def _clipped(
    values: NDArray[Any],
    cuts: tuple[int, ...],
    ends: tuple[float, float],
    middle: Sums,
    about: float,
) -> float:
    """Return the standard deviation of values clipped to two ends, from the sums between them.

    Where the place the sums are about lies too far off for that, as far outliers draw the mean,
    the middle is gone over again.
    """
    n = len(values)
    low, high = ends[0] - about, ends[1] - about
    below, above = cuts[1], n - cuts[2]
    mean = (below * low + middle.first + above * high) / n
    squares = below * low**2 + middle.second + above * high**2
    variance = squares - n * mean**2
    if variance <= _CANCELLED * squares and ends[0] < ends[1]:
        centre = ends[0] / 2 + ends[1] / 2
        if about == centre:
            return 0.0
        return _clipped(values, cuts, ends, _sums(values[cuts[1] : cuts[2]], centre), centre)
    return sqrt(max(variance, 0.0) / (n - 1))


def _finite(scale: float) -> float:
    return scale if isfinite(scale) else float(np.finfo(np.float64).max)


def _unit(largest: float) -> float:
    """Return a power of two by which values come near 1; 1 where their cubes fit as they are."""
    if largest == 0 or 1 / _LARGE < largest < _LARGE:
        return 1.0
    return float(2.0 ** min(max(np.frexp(largest)[1], -1021), 1023))


# -- parts together ----------------------------------------------------------------------


class Part(NamedTuple):
    """The facts of a part, and how many values they are of."""

    numbers: Numbers
    n: int


def merged(parts: Sequence[Part], levels: Floats = grid.LEVELS) -> Numbers | None:
    """Return the facts of all parts together; None where no part has any.

    What one part does not say of its values, nothing says of all.
    """
    if not parts:
        return None
    signs = Numbers(
        zeros=sum(p.numbers.zeros for p in parts), negatives=sum(p.numbers.negatives for p in parts)
    )
    parts = [part for part in parts if part.n]
    points = _points(parts, levels)
    if points is None:
        return signs
    q1, median, q3 = (grid.value_at(points, share) for share in (0.25, 0.5, 0.75))
    lows, highs = [p.numbers.min for p in parts], [p.numbers.max for p in parts]
    found = replace(
        signs, min=_all(min, lows), max=_all(max, highs), scale=_scale_of(points),
        q1=q1, median=median, q3=q3, quantiles=grid.stored(points),
    )  # fmt: skip
    if any(part.numbers.mean is None for part in parts):
        return found
    spread = _together(parts)
    return replace(found, mean=spread.mean, std=spread.std(), skew=spread.skew())


def _points(parts: Sequence[Part], levels: Floats) -> Grid | None:
    """Return the grid of all parts; values of those without one may lie anywhere."""
    grids = [grid.restored(part.numbers.quantiles, part.n) for part in parts]
    points = grid.merged([one for one in grids if one is not None], levels)
    if points is None:
        return None
    n = sum(part.n for part in parts)
    return points._replace(n=n, within=points.within + n - points.n)


def _all(least: Callable[[list[float]], float], ends: Sequence[float | None]) -> float | None:
    known = [end for end in ends if end is not None]
    return least(known) if len(known) == len(ends) else None


def _together(parts: Sequence[Part]) -> Moments:
    """Return the moments of all parts.

    Source: Pébay (2008), Formulas for Robust, One-Pass Parallel Computation of Covariances and
    Arbitrary-Order Statistical Moments, equations 2.1 and 2.2, about the common mean.
    """
    means = [part.numbers.mean or 0.0 for part in parts]
    spreads = [part.numbers.std or 0.0 for part in parts]
    unit = _unit(max(*map(abs, means), *spreads))
    n = sum(part.n for part in parts)
    mean = fsum(part.n / n * (at / unit) for part, at in zip(parts, means, strict=True))
    second, third = 0.0, 0.0
    for part, at, deviation in zip(parts, means, spreads, strict=True):
        away = at / unit - mean
        own = (deviation / unit) ** 2 * (part.n - 1)
        if part.n > 1 and part.numbers.std is None:  # too large to be said of a part
            own = inf
        cubes = (part.numbers.skew or 0.0) * part.n * (own / part.n) ** 1.5
        second += own + part.n * away**2
        third += cubes + 3 * away * own + part.n * away**3
    return Moments(n, mean * unit, second, third, unit)


def _scale_of(points: Grid) -> float:
    """Return the robust scale read off a grid: values between two points lie evenly."""
    unit = _unit(max(abs(float(points.at[0])), abs(float(points.at[-1]))))
    scaled = points._replace(at=points.at / unit)
    quarter, three, low, high = (grid.value_at(scaled, s) for s in (0.25, 0.75, *_CLIPPED))
    at = np.clip(scaled.at, low, high)
    mass = (points.upto - points.below).astype(np.float64)
    even = np.maximum(points.below[1:] - points.upto[:-1], 0)
    middle, width = (at[1:] + at[:-1]) / 2, at[1:] - at[:-1]
    total = mass.sum() + even.sum()
    mean = float(mass @ at + even @ middle) / total
    squares = float(mass @ (at - mean) ** 2 + even @ ((middle - mean) ** 2 + width**2 / 12))
    deviation = sqrt(squares / max(total - 1, 1))
    return _finite(max((three - quarter) / _TO_DEVIATIONS, deviation) * unit)
