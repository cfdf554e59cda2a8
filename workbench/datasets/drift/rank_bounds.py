"""How far measures of ranks and squares may be off, as values between two points may lie anywhere.

The places of both sides cut the values into cells: each place is one, and so is what lies between
it and the next. Within a cell the difference of the distribution functions is between two bounds,
and so is how many values the cell holds. A sum over values is then least and greatest where
differences are, and changes with the number of values in a cell by no more than its terms differ
from those of the neighbours.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift.curves import Curves, Side

Floats = NDArray[np.float64]


class Cells(NamedTuple):
    """Cells in ascending order; arrays of shape ``(cells,)``."""

    rows: Floats
    """Likely, of both sides."""
    least: Floats
    """Of the difference of the distribution functions, without its sign."""
    most: Floats
    before: Floats
    """Values below the cell, at the least."""
    upto: Floats
    """Values below the next one, at the most."""
    loose: Floats
    """By how many values each boundary of two cells may be off, shape ``(cells - 1,)``."""
    tied: NDArray[np.bool_]
    """All of its values are one, and known to be so many."""


def cells(curves: Curves, n1: int, n2: int) -> Cells:
    """Return the cells of one part."""
    _, once = np.unique(curves.at[0], return_index=True)
    a, b = (Side(*(one[0, once] for one in side)) for side in (curves.a, curves.b))
    least, most = _differences(a, b)
    ends = [_boundaries(side) for side in (a, b)]
    likely, low, high = (n1 * one + n2 * two for one, two in zip(*ends, strict=True))
    loose = np.maximum(high - likely, likely - low)
    tied = np.append((loose[0:-1:2] == 0) & (loose[1::2] == 0), np.zeros(0, np.bool_))
    exact = np.zeros(len(likely) - 1, np.bool_)
    exact[0::2] = tied
    return Cells(
        np.maximum(np.diff(likely), 0.0), least, most, low[:-1], high[1:], loose[1:-1], exact
    )


def _boundaries(side: Side) -> tuple[Floats, Floats, Floats]:
    """Return the shares below and up to each place in turn: likely, least and greatest."""
    return (
        _turns(side.below, side.upto),
        _turns(side.low_below, side.low_upto),
        _turns(side.high_below, side.high_upto),
    )


def _turns(below: Floats, upto: Floats) -> Floats:
    return np.column_stack([below, upto]).ravel()


def _differences(a: Side, b: Side) -> tuple[Floats, Floats]:
    """Return the least and greatest difference at each place, in its middle, and to the next."""
    low_a, high_a = _inside(a)
    low_b, high_b = _inside(b)
    apart = np.maximum(low_a - high_b, low_b - high_a)
    return np.maximum(apart, 0.0), np.maximum(high_a - low_b, high_b - low_a)


def _inside(side: Side) -> tuple[Floats, Floats]:
    low, high = (side.low_below + side.low_upto) / 2, (side.high_below + side.high_upto) / 2
    return (
        _turns(low, np.append(side.low_upto[:-1], 0.0))[:-1],
        _turns(high, np.append(side.high_below[1:], 0.0))[:-1],
    )


def _sums(found: Cells, low: Floats, high: Floats) -> tuple[float, float]:
    """Return the least and the greatest sum over all values of a term that each cell bounds."""
    least = (found.rows * low).sum() - (found.loose * np.abs(np.diff(low))).sum()
    most = (found.rows * high).sum() + (found.loose * np.abs(np.diff(high))).sum()
    return max(float(least), 0.0), float(most)


def energy(curves: Curves) -> tuple[float, float]:
    """Return the least and the greatest energy distance."""
    _, once = np.unique(curves.at[0], return_index=True)
    a, b = (Side(*(one[0, once] for one in side)) for side in (curves.a, curves.b))
    least, most = (one[1::2] for one in _differences(a, b))
    width = np.diff(curves.at[0, once])
    low, high = (float((width * one**2).sum()) for one in (least, most))
    return sqrt(2 * low), sqrt(2 * high)


def cramer_von_mises(found: Cells, n1: int, n2: int) -> tuple[float, float]:
    """Return the least and the greatest T."""
    low, high = _sums(found, found.least**2, found.most**2)
    factor = n1 * n2 / (n1 + n2) ** 2
    return factor * low, factor * high


def squared(found: Cells, n1: int, n2: int) -> tuple[float, float]:
    """Return the least and the greatest A², before it is standardised."""
    light, heavy = _weights(found, n1 + n2)
    low = np.divide(found.least**2, heavy, out=np.zeros_like(heavy), where=heavy > 0)
    none = np.where(found.most > 0, np.inf, 0.0)
    high = np.divide(found.most**2, light, out=none, where=light > 0)
    high = np.where(found.rows + np.append(found.loose, 0) + np.append(0, found.loose) > 0, high, 0)
    factor = n1 * n2 * (n1 + n2 - 1) / (n1 + n2)
    least, most = _sums(found, low, high)
    return factor * least, factor * most


def _weights(found: Cells, n: int) -> tuple[Floats, Floats]:
    """Return the least and the greatest m (n - m) - n l / 4 of l equal values in a cell.

    Their ranks run from s to e, m is in the middle: n (3 s + e) / 4 - (s + e)² / 4, concave in
    both, so it is least at a corner of what is possible.
    """
    first, last = (
        np.floor(found.before),
        np.maximum(np.ceil(found.upto), np.floor(found.before) + 1),
    )

    def weight(s: Floats, e: Floats) -> Floats:
        return np.asarray(n * (3 * s + e) / 4 - (s + e) ** 2 / 4)

    whole = weight(first, last)
    light = np.minimum.reduce([whole, weight(first, first + 1), weight(last - 1, last)])
    middle = np.clip(n / 2, first, last)
    heavy = np.maximum(middle * (n - middle), whole)
    return np.where(found.tied, whole, light), np.where(found.tied, whole, heavy)
