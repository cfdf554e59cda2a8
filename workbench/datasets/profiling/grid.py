"""The distribution of a column as at most 213 points of its distribution function.

The points are values of the column with the exact share of values below and up to each, so
that between two neighbours less than half a percent of the values is unseen. Up to 213 different
values are all kept: then the grid is the distribution. Counts, not shares, are what is computed
with here; shares are what is handed out.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.fields import FEWEST
from workbench.datasets.profile import GRID_POINTS, Quantiles

Floats: TypeAlias = NDArray[np.float64]
Counts: TypeAlias = NDArray[np.int64]

_TAIL: Final = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 2.5e-3)
LEVELS: Final[Floats] = np.unique(
    np.concatenate([np.arange(201) / 200, _TAIL, 1 - np.array(_TAIL)])
)
"""The shares at which points are taken: every half percent, and six more at either end."""
FINE_LEVELS: Final[Floats] = np.unique(np.concatenate([np.arange(4001) / 4000, LEVELS]))
"""For the blocks of a column that is too large to be sorted at once: they are merged."""


class Grid(NamedTuple):
    """Points of a distribution function, as counts; all of one length, ascending."""

    at: Floats
    below: Counts
    """Values < at."""
    upto: Counts
    """Values <= at."""
    n: int
    within: float = 0.0
    """How far a count may be off."""


class Read(NamedTuple):
    """What a grid says at some places, as counts."""

    below: Floats
    upto: Floats
    unsure: Floats
    """How far the counts may be off because values between the points are not seen."""


# -- making ------------------------------------------------------------------------------


def of_sorted(values: NDArray[Any], distinct: int, levels: Floats = LEVELS) -> Grid | None:
    """Return the grid of finite values in ascending order; None where there is nothing to keep.

    Args:
        values: Ascending, shape ``(n,)``.
        distinct: How many different ones there are.
        levels: The shares at which points are taken.
    """
    n = len(values)
    if not n:
        return None
    if distinct <= len(levels):
        starts = np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)
        ends = np.append(starts[1:], n)
        return _ascending(values[starts].astype(np.float64), starts, ends, n)
    at = np.unique(values[np.unique(np.floor((n - 1) * levels).astype(np.int64))])
    below, upto = (np.searchsorted(values, at, side) for side in ("left", "right"))
    return _ascending(at.astype(np.float64), below, upto, n)


def _ascending(at: Floats, below: Counts, upto: Counts, n: int) -> Grid:
    """Return a grid without repeats: whole numbers beyond 2^53 may fall together as floats."""
    first = np.flatnonzero(np.append(True, at[1:] != at[:-1]))
    last = np.append(first[1:], len(at)) - 1
    return Grid(at[first] + 0.0, below[first].astype(np.int64), upto[last].astype(np.int64), n)


def moved(grid: Grid, at: Floats) -> Grid:
    """Return a grid with its points said in another unit, in the order they are in."""
    found = _ascending(at, grid.below, grid.upto, grid.n)
    return found._replace(within=grid.within)


# -- keeping -----------------------------------------------------------------------------


def stored(grid: Grid | None) -> Quantiles | None:
    """Return a grid as it stands in a profile."""
    if grid is None:
        return None
    below, upto = (tuple((counts / grid.n).tolist()) for counts in (grid.below, grid.upto))
    return Quantiles(tuple(grid.at.tolist()), below, upto, grid.within / grid.n)


def restored(quantiles: Quantiles | None, n: int) -> Grid | None:
    """Return the grid a profile holds, of ``n`` values."""
    if quantiles is None or not quantiles.at or not n:
        return None
    below, upto = (
        np.rint(np.array(shares) * n).astype(np.int64)
        for shares in (quantiles.below, quantiles.upto)
    )
    return Grid(np.array(quantiles.at, np.float64), below, upto, n, quantiles.within * n)


# -- reading -----------------------------------------------------------------------------


def read(grid: Grid, x: Floats) -> Read:
    """Return how many values are below and up to each place, exact at the points of the grid."""
    i = np.searchsorted(grid.at, x, "right") - 1
    inside = np.maximum(i, 0)
    on = (i >= 0) & (grid.at[inside] == x)
    low = np.where(i >= 0, grid.upto[inside], 0)
    high = np.append(grid.below, grid.n)[i + 1]
    likely = low + _way(grid.at, i, x) * (high - low)
    unsure = np.where(on, 0.0, np.maximum(likely - low, high - likely))
    below = np.where(on, grid.below[inside], likely)
    return Read(below, np.where(on, grid.upto[inside], likely), unsure)


def _way(at: Floats, i: Counts, x: Floats) -> Floats:
    """Return how far each place is on the way to the next point; beyond the ends 0 and 1."""
    left, right = at[np.maximum(i, 0)] / 2, at[np.minimum(i + 1, len(at) - 1)] / 2
    width = right - left
    between = (i >= 0) & (i < len(at) - 1) & (width > 0)
    share = np.divide(x / 2 - left, width, out=np.zeros_like(width), where=between)
    return np.where(i >= len(at) - 1, 1.0, np.clip(share, 0.0, 1.0))


def gap(grid: Grid) -> float:
    """Return the largest count of values that no point of the grid tells apart."""
    edges = np.append(grid.below, grid.n) - np.append(0, grid.upto)
    return float(max(edges.max(), 0))


def whole(grid: Grid) -> bool:
    """Return whether every value is a point: the grid is the distribution itself."""
    return grid.within == 0 and int((grid.upto - grid.below).sum()) == grid.n


def value_at(grid: Grid, share: float) -> float:
    """Return the value below which a share of the values lies, linear between two ranks."""
    place = (grid.n - 1) * min(max(share, 0.0), 1.0)
    first = int(np.floor(place))
    low, high = (_ranked(grid, min(first + step, grid.n - 1)) for step in (0, 1))
    return between(low, high, place - first)


def between(low: float, high: float, way: float) -> float:
    """Return what lies part of the way between two values, however large they are."""
    return low if low == high else low * (1 - way) + high * way


def _ranked(grid: Grid, rank: int) -> float:
    """Return the value of a rank from 0; between two points by rank."""
    i = int(np.searchsorted(grid.upto, rank + 1, "left"))
    if i >= len(grid.at):
        return float(grid.at[-1])
    if grid.below[i] <= rank or not i:
        return float(grid.at[i])
    unseen = int(grid.below[i] - grid.upto[i - 1])
    way = (rank + 1 - int(grid.upto[i - 1])) / (unseen + 1)
    return between(float(grid.at[i - 1]), float(grid.at[i]), way)


# -- hiding ------------------------------------------------------------------------------


def coarse(grid: Grid, levels: Floats = LEVELS) -> Grid | None:
    """Return a grid each point of which stands for five rows or more; None without any.

    A point is a value so many rows share, or the mean of as many rows with rarer values: of
    neighbours, each in one mean only. Every mean is moved by the least step of a float, so that
    no share tells whether a row has just that value.
    """
    times = grid.upto - grid.below
    rare = times < FEWEST
    means = _means(grid.at[rare], np.maximum(times[rare], 1))
    at = np.unique(np.append(grid.at[~rare], means[~np.isin(means, grid.at[rare])]))
    if not len(at):
        return None
    found = read(grid, at)
    kept = _kept(found.upto, grid.n, levels)
    within = grid.within + float(np.max(found.unsure[kept]))
    return _rounded(at[kept], found.below[kept], found.upto[kept], grid.n, within)


def _means(at: Floats, times: Counts) -> Floats:
    """Return the means of neighbours that together stand for five rows or more."""
    ends, rows = list[int](), 0
    for place, here in enumerate(times.tolist(), start=1):
        rows += here
        if rows >= FEWEST:
            ends.append(place)
            rows = 0
    if not ends:
        return at[:0]
    ends[-1] = len(at)
    starts = np.array([0, *ends[:-1]])
    share = times / np.repeat(np.add.reduceat(times, starts), np.diff([*starts, len(at)]))
    means = np.nextafter(np.add.reduceat(at * share, starts), np.inf)
    return means[np.isfinite(means)]


# -- merging -----------------------------------------------------------------------------


def merged(grids: Sequence[Grid], levels: Floats = LEVELS) -> Grid | None:
    """Return the grid of all values together.

    At each point of any grid the others are read off by interpolation; `Grid.within` says by how
    much that may be wrong. It is a bound, not an estimate.
    """
    if not grids:
        return None
    at = np.unique(np.concatenate([grid.at for grid in grids]))
    reads = [read(grid, at) for grid in grids]
    unsure = np.sum([one.unsure + grid.within for one, grid in zip(reads, grids, strict=True)], 0)
    below = np.sum([one.below for one in reads], 0)
    upto = np.sum([one.upto for one in reads], 0)
    n = sum(grid.n for grid in grids)
    kept = _kept(upto, n, levels)
    return _rounded(at[kept], below[kept], upto[kept], n, float(np.max(unsure[kept])))


def _kept(upto: Floats, n: int, levels: Floats) -> Counts:
    """Return which points are kept: all while there is room, else the first at each level."""
    if len(upto) <= len(levels):
        return np.arange(len(upto))
    ranks = np.searchsorted(upto, np.floor((n - 1) * levels) + 1, "left")
    return np.unique(np.append(np.minimum(ranks, len(upto) - 1), (0, len(upto) - 1)))


def _rounded(at: Floats, below: Floats, upto: Floats, n: int, within: float) -> Grid:
    """Return the grid in whole counts; rounding is part of what they may be off."""
    whole_below, whole_upto = np.rint(below), np.rint(upto)
    off = max(np.abs(whole_below - below).max(), np.abs(whole_upto - upto).max())
    return Grid(
        at, whole_below.astype(np.int64), whole_upto.astype(np.int64), n, within + float(off)
    )


assert len(LEVELS) == GRID_POINTS  # noqa: S101 - two modules say the same number
