"""Two distribution functions on common places, with what the stored points leave open.

A profile keeps up to 213 points of a distribution function. At a point it is exact; between two
it lies between their shares. Everything that is read of two columns of numbers is read here, once.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import Quantiles

Floats = NDArray[np.float64]

_HUGE: Final = 1e150
"""Beyond it differences and their squares would not fit into a float."""


class Curve(NamedTuple):
    """The points of one side; values in a unit that keeps them harmless."""

    at: Floats
    below: Floats
    upto: Floats
    n: int
    within: float
    unit: float
    """A power of two: what the values were divided by."""


class Side(NamedTuple):
    """One side at the common places, as shares; `low` and `high` hold it for certain."""

    below: Floats
    upto: Floats
    low_below: Floats
    high_below: Floats
    low_upto: Floats
    high_upto: Floats


class Curves(NamedTuple):
    """Both sides at the places of either."""

    at: Floats
    a: Side
    b: Side


def unit_of(*columns: Quantiles) -> float:
    """Return what values are divided by: 1, but where they are too large or too small."""
    largest = max((max(abs(one.at[0]), abs(one.at[-1])) for one in columns if one.at), default=0.0)
    if largest == 0 or 1 / _HUGE < largest < _HUGE:
        return 1.0
    return float(2.0 ** min(max(int(np.frexp(largest)[1]), -1020), 1020))


def curve(points: Quantiles, n: int, *, unit: float = 1.0, within: float = 0.0) -> Curve:
    """Return the stored points of a column as arrays.

    Args:
        points: As a profile keeps them.
        n: How many values they are of.
        unit: What values are divided by.
        within: How far a share may be off beside what the points say.
    """
    at, below, upto = (np.array(one, np.float64) for one in (points.at, points.below, points.upto))
    return Curve(at / unit, below, upto, n, points.within + within, unit)


def together(a: Curve, b: Curve, more: Floats | None = None) -> Curves:
    """Return both sides at all places of either, and at more if there are."""
    parts = [a.at, b.at] if more is None else [a.at, b.at, more]
    at = np.unique(np.concatenate(parts))
    return Curves(at, read(a, at), read(b, at))


def read(one: Curve, at: Floats) -> Side:
    """Return a side at some places: exact at its points, between two of them linear."""
    i = np.searchsorted(one.at, at, "right") - 1
    inside = np.maximum(i, 0)
    on = (i >= 0) & (one.at[inside] == at)
    low = np.where(i >= 0, one.upto[inside], 0.0)
    high = np.append(one.below, 1.0)[i + 1]
    likely = low + _way(one.at, i, at) * (high - low)
    below, upto = np.where(on, one.below[inside], likely), np.where(on, one.upto[inside], likely)
    bounds = (
        np.where(on, below, low), np.where(on, below, high),
        np.where(on, upto, low), np.where(on, upto, high),
    )  # fmt: skip
    return Side(below, upto, *(np.clip(share, 0.0, 1.0) for share in _widened(bounds, one.within)))


def _widened(
    bounds: tuple[Floats, Floats, Floats, Floats], within: float
) -> tuple[Floats, Floats, Floats, Floats]:
    low_below, high_below, low_upto, high_upto = bounds
    return low_below - within, high_below + within, low_upto - within, high_upto + within


def _way(points: Floats, i: NDArray[np.int64], at: Floats) -> Floats:
    """Return how far each place is on the way to the next point; beyond the ends 0 and 1."""
    last = len(points) - 1
    left = points[np.clip(i, 0, last)]
    width = points[np.clip(i + 1, 0, last)] - left
    share = np.divide(at - left, width, out=np.zeros_like(at), where=width > 0)
    return np.where(i >= last, 1.0, np.where(i < 0, 0.0, np.clip(share, 0.0, 1.0)))


def values_at(one: Curve, shares: Floats) -> Floats:
    """Return quantiles, linear between ranks, as numpy's; in the curve's unit."""
    place = (one.n - 1) * np.clip(shares, 0.0, 1.0)
    first = np.floor(place)
    way = place - first
    low = _ranked(one, first)
    high = _ranked(one, np.minimum(first + 1, one.n - 1))
    return np.where(low == high, low, low * (1 - way) + high * way)


def _ranked(one: Curve, ranks: Floats) -> Floats:
    """Return the values of ranks from 0; between two points by rank."""
    below, upto = np.rint(one.below * one.n), np.rint(one.upto * one.n)
    i = np.minimum(np.searchsorted(upto, ranks + 1, "left"), len(one.at) - 1)
    before = np.maximum(i - 1, 0)
    on = (below[i] <= ranks) | (i == 0) | (upto[i] < ranks + 1)
    unseen = np.maximum(below[i] - upto[before], 0.0)
    way = np.clip((ranks + 1 - upto[before]) / (unseen + 1), 0.0, 1.0)
    between = one.at[before] * (1 - way) + one.at[i] * way
    return np.where(on, one.at[i], between)


def robust_scale(one: Curve) -> float:
    """Return the robust scale read off the points, in the curve's unit.

    For a column whose own scale is not kept: max(IQR / 1.349, deviation of what is clipped to
    1 % and 99 %), by 400 quantiles.
    """
    values = values_at(one, (np.arange(400) + 0.5) / 400)
    low, first, third, high = values_at(one, np.array([0.01, 0.25, 0.75, 0.99]))
    return float(max((third - first) / 1.349, np.std(np.clip(values, low, high))))
