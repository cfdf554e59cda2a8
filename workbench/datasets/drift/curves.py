"""Distribution functions on common places, with what the stored points leave open.

A profile keeps up to 213 points of a distribution function. At a point it is exact; between two
it lies between their shares. Everything that is read of columns of numbers is read here, once, and
for many parts of the current data together: a row of every array is one part. What belongs to the
reference is one row where all parts are held against the same, and is reckoned once.
"""

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import Quantiles

Floats = NDArray[np.float64]
Places = NDArray[np.int64]

_HUGE: Final = 1e150
"""Beyond it differences and their squares would not fit into a float."""


class Curve(NamedTuple):
    """The points of one side by part; values in a unit that keeps them harmless.

    Arrays of points have the shape ``(parts, points)``: the last point stands again where a part
    has fewer. The others have the shape ``(parts, 1)``.
    """

    at: Floats
    below: Floats
    upto: Floats
    n: Floats
    within: Floats
    unit: Floats
    """Powers of two: what the values were divided by."""


class Side(NamedTuple):
    """One side at the common places, as shares; `low` and `high` hold it for certain."""

    below: Floats
    upto: Floats
    low_below: Floats
    high_below: Floats
    low_upto: Floats
    high_upto: Floats


class Curves(NamedTuple):
    """Both sides at the places of either; a place that both have stands there twice."""

    at: Floats
    a: Side
    b: Side


def unit_of(*columns: Quantiles) -> float:
    """Return what values are divided by: 1, but where they are too large or too small."""
    largest = max((max(abs(one.at[0]), abs(one.at[-1])) for one in columns if one.at), default=0.0)
    if largest == 0 or 1 / _HUGE < largest < _HUGE:
        return 1.0
    return float(2.0 ** min(max(int(np.frexp(largest)[1]), -1020), 1020))


def curve(
    points: Sequence[Quantiles],
    n: Sequence[int],
    *,
    units: Sequence[float] | None = None,
    within: Sequence[float] | None = None,
) -> Curve:
    """Return the stored points of a column in some parts as arrays.

    Args:
        points: As the profile of each part keeps them.
        n: How many values they are of.
        units: What values are divided by; None: nothing is.
        within: How far a share may be off beside what the points say; None: not at all.
    """
    unit = np.array([units or [1.0] * len(points)], np.float64).T
    more = np.array([within or [0.0] * len(points)], np.float64).T
    return Curve(
        _rows([one.at for one in points]) / unit,
        _rows([one.below for one in points]),
        _rows([one.upto for one in points]),
        np.array([n], np.float64).T,
        np.array([[one.within] for one in points], np.float64) + more,
        unit,
    )


def _rows(parts: Sequence[tuple[float, ...]]) -> Floats:
    """Return a row of each part, the last value again where one is shorter."""
    longest = max(map(len, parts))
    return np.array([one + one[-1:] * (longest - len(one)) for one in parts], np.float64)


def together(a: Curve, b: Curve, more: Floats | None = None) -> Curves:
    """Return both sides at all places of either, and at more if there are."""
    parts = [a.at, b.at] if more is None else [a.at, b.at, more]
    rows = max(len(one) for one in parts)
    wide = [np.broadcast_to(one, (rows, one.shape[1])) for one in parts]
    at = np.sort(np.concatenate(wide, axis=1), axis=1)
    return Curves(at, read(a, at), read(b, at))


def read(one: Curve, at: Floats) -> Side:
    """Return a side at some places: exact at its points, between two of them linear."""
    i = found_in(one.at, at, "right") - 1
    inside = np.maximum(i, 0)
    left, below, upto = (_taken(each, inside) for each in (one.at, one.below, one.upto))
    begun = i >= 0
    on = begun & (left == at)
    low = np.where(begun, upto, 0.0)
    high = _taken(np.append(one.below, np.ones((len(one.below), 1)), axis=1), i + 1)
    likely = low + _way(one.at, i, at, left) * (high - low)
    bounds = (
        np.where(on, below, low), np.where(on, below, high), low, np.where(on, upto, high),
    )  # fmt: skip
    return Side(
        np.where(on, below, likely), np.where(on, upto, likely), *_widened(bounds, one.within)
    )


def found_in(ordered: Floats, wanted: Floats, side: Literal["left", "right"]) -> Places:
    """Return where values belong among ascending ones, row by row; one row may serve all."""
    if len(ordered) == 1:
        return np.asarray(ordered[0].searchsorted(wanted, side))
    return np.array(
        [
            row.searchsorted(values, side)
            for row, values in zip(
                ordered, np.broadcast_to(wanted, (len(ordered), wanted.shape[1])), strict=True
            )
        ]
    )


def _taken(values: Floats, places: Places) -> Floats:
    """Return values at places, row by row; one row may serve all."""
    if len(values) == 1:
        return np.asarray(values[0][places])
    return np.asarray(np.take_along_axis(values, places, axis=1))


def _widened(bounds: tuple[Floats, ...], within: Floats) -> tuple[Floats, ...]:
    """Return lower and upper bounds, in turn, that much further apart."""
    if not within.any():
        return bounds
    low_below, high_below, low_upto, high_upto = bounds
    return (
        np.maximum(low_below - within, 0.0), np.minimum(high_below + within, 1.0),
        np.maximum(low_upto - within, 0.0), np.minimum(high_upto + within, 1.0),
    )  # fmt: skip


def _way(points: Floats, i: Places, at: Floats, left: Floats) -> Floats:
    """Return how far each place is on the way to the next point; beyond the ends 0 and 1."""
    last = points.shape[1] - 1
    width = _taken(points, np.minimum(np.maximum(i, -1) + 1, last)) - left
    share = np.divide(at - left, width, out=np.zeros_like(at), where=width > 0)
    share = np.minimum(np.maximum(share, 0.0), 1.0)
    return np.where(i >= last, 1.0, np.where(i < 0, 0.0, share))


def values_at(one: Curve, shares: Floats) -> Floats:
    """Return quantiles, linear between ranks, as numpy's; in the curve's unit, a row a part."""
    return _quantiles(one, shares, guessed=True)


def kept_at(one: Curve, shares: Floats) -> Floats:
    """Return quantiles as `values_at`, but where only the lower rank's value is kept, that one.

    How far the next value is nobody knows then, and in a tail it may be far.
    """
    return _quantiles(one, shares, guessed=False)


def _quantiles(one: Curve, shares: Floats, *, guessed: bool) -> Floats:
    place = (one.n - 1) * np.clip(shares, 0.0, 1.0)
    first = np.floor(place)
    way = place - first
    both = np.concatenate([first, np.minimum(first + 1, one.n - 1)], axis=1)
    values, known = _ranked(one, both)
    low, high = np.split(values, 2, axis=1)
    between = np.where(low == high, low, low * (1 - way) + high * way)
    if guessed:
        return between
    sure, followed = np.split(known, 2, axis=1)
    return np.where(sure & ~followed, low, between)


def values_between(one: Curve, shares: Floats) -> tuple[Floats, Floats]:
    """Return between which kept values quantiles lie, as numpy's would."""
    place = (one.n - 1) * np.clip(shares, 0.0, 1.0)
    off = np.ceil(one.within * one.n)
    last = one.n - 1
    low, i = np.clip(np.floor(place) - off, 0, last), np.clip(np.ceil(place) + off, 0, last)
    below, upto = np.rint(one.below * one.n), np.rint(one.upto * one.n)
    top = one.at.shape[1] - 1
    j = np.minimum(found_in(upto, low + 1, "left"), top)
    j = np.where(_taken(below, j) <= low, j, np.maximum(j - 1, 0))
    return _taken(one.at, j), _taken(one.at, np.minimum(found_in(upto, i + 1, "left"), top))


def _ranked(one: Curve, ranks: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the values of ranks from 0, between two points by rank; and which are kept."""
    below, upto = np.rint(one.below * one.n), np.rint(one.upto * one.n)
    i = np.minimum(found_in(upto, ranks + 1, "left"), one.at.shape[1] - 1)
    before = np.maximum(i - 1, 0)
    begins, ends, seen = _taken(below, i), _taken(upto, i), _taken(upto, before)
    on = (begins <= ranks) | (i == 0) | (ends < ranks + 1)
    way = np.clip((ranks + 1 - seen) / (np.maximum(begins - seen, 0.0) + 1), 0.0, 1.0)
    at = _taken(one.at, i)
    return np.where(on, at, _taken(one.at, before) * (1 - way) + at * way), on


def robust_scale(one: Curve) -> Floats:
    """Return the robust scale read off the points, in the curve's unit, shape ``(parts, 1)``.

    For a column whose own scale is not kept: max(IQR / 1.349, deviation of what is clipped to
    1 % and 99 %), by 400 quantiles.
    """
    values = values_at(one, (np.arange(400) + 0.5) / 400)
    low, first, third, high = np.split(
        values_at(one, np.array([0.01, 0.25, 0.75, 0.99])), 4, axis=1
    )
    spread = np.std(np.clip(values, low, high), axis=1, keepdims=True)
    return np.asarray(np.maximum((third - first) / 1.349, spread))
