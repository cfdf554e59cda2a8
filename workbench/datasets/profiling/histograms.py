"""What can be asked of a stored column: shares, quantiles, and pictures of its distribution."""

from typing import Final

import numpy as np

from workbench.datasets.profile import Column, Numbers
from workbench.datasets.profiling import grid
from workbench.datasets.profiling.grid import Floats, Grid

_INNER: Final = (0.005, 0.995)


def cdf(column: Column, x: Floats) -> Floats:
    """Return the share of finite values up to each place; NaN where nothing is known.

    Exact at the points of the grid; between two points linear, off by no more than `bound`.
    """
    points = _points(column)
    places = np.asarray(x, np.float64)
    if points is None:
        return np.full(places.shape, np.nan)
    return grid.read(points, places).upto / points.n


def bound(column: Column) -> float:
    """Return how far a share from `cdf` may be off at any place; NaN where nothing is known."""
    points = _points(column)
    return float("nan") if points is None else (grid.gap(points) + points.within) / points.n


def quantile(column: Column, q: float) -> float:
    """Return the value below which a share of the values lies; NaN without any.

    Of moments in seconds since 1970.

    Linear between ranks, as numpy's default. Exact at the quartiles, and anywhere in a column
    with up to 213 different values; else a value whose rank is off by no more than `bound`.
    """
    points = _points(column)
    if points is None:
        return float("nan")
    exact = _exact(column.numbers).get(q) if column.numbers else None
    return grid.value_at(points, q) if exact is None else exact


def _exact(found: Numbers) -> dict[float, float | None]:
    return {0.0: found.min, 0.25: found.q1, 0.5: found.median, 0.75: found.q3, 1.0: found.max}


def histogram(
    column: Column, bins: int, low: float | None = None, high: float | None = None
) -> tuple[Floats, Floats]:
    """Return edges, shape ``(bins + 1,)``, and counts between them, shape ``(bins,)``.

    Bins have one width and hold their lower edge, the last both, as numpy's. Counts are
    fractions where an edge lies between two points of the grid. Values outside the ends are
    left out.

    Args:
        column: Of numbers, or of moments in seconds since 1970; of any other there are no bins.
        bins: How many, at least 1.
        low: Where they begin; by default at the least value.
        high: Where they end; by default at the greatest.
    """
    points = _points(column)
    if points is None:
        return np.zeros(1), np.zeros(0)
    first = float(points.at[0]) if low is None else low
    last = float(points.at[-1]) if high is None else high
    if not first < last:  # as numpy does for values that are all one
        first, last = first - 0.5, first + 0.5
    edges = first * (1 - np.arange(bins + 1) / bins) + last * (np.arange(bins + 1) / bins)
    return edges, np.diff(_upto_edges(points, edges))


def _upto_edges(points: Grid, edges: Floats) -> Floats:
    """Return how many values are below each edge, below or at the last."""
    found = grid.read(points, edges)
    return np.append(found.below[:-1], found.upto[-1])


def bars(column: Column, bins: int) -> tuple[float, ...]:
    """Return shares for a tiny histogram; empty where there is nothing to draw.

    Of numbers the middle 99 % in bins of one width, with what lies further out in the first and
    last; of moments bins of one length from the first to the last; of categories the most frequent.
    """
    if column.moments is not None:
        _, rows = histogram(column, bins)
        return tuple((rows / column.n).tolist()) if column.n else ()
    if column.numbers is not None and column.type != "boolean":
        return _of_numbers(column, bins)
    counts = [count for _, count in column.top[:bins]]
    return tuple(count / column.n for count in counts) if column.n else ()


def _of_numbers(column: Column, bins: int) -> tuple[float, ...]:
    points = _points(column)
    if points is None:
        return ()
    if len(points.at) <= bins and grid.whole(points):
        return tuple(((points.upto - points.below) / points.n).tolist())
    low, high = (grid.value_at(points, share) for share in _INNER)
    _, counts = histogram(column, bins, low, high)
    outside = grid.read(points, np.array([low, high]))
    if not low < high:
        return tuple((counts / points.n).tolist())
    counts[0] += outside.below[0]
    counts[-1] += points.n - outside.upto[-1]
    return tuple((counts / points.n).tolist())


def _points(column: Column) -> Grid | None:
    found = column.numbers or column.moments
    return grid.restored(found.quantiles if found else None, column.n)
