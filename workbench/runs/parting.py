"""The place where two curves part: from there on their difference is more than noise.

It is one fact about two runs, not about two recipes: that another seed would part at
the same place, or at all, does not follow from it.
"""

from typing import Final, NamedTuple

import numpy as np

from workbench.runs.alignment import held, ordered
from workbench.runs.series import Floats

FEWEST: Final = 5
"""Common places below which noise cannot be told from a difference."""
_MOST: Final = 2_000
"""Places the differences are averaged down to; a screen shows no more."""
_SHARE, _WIDEST = 10, 51
"""The smoothing looks at a tenth of the places, at no fewer than FEWEST: short curves need
it to see past their noise. More than 51 would only put a sudden parting too early."""
_SIGMAS: Final = 4.0
"""How many standard errors are outside the noise. In simulations of equal curves of 5 to 500
points at most 1 in 100 pairs parted by chance; with three it was 1 in 40, and with noise
that is correlated by one half between neighbours 1 in 20 instead of 1 in 11."""
_MAD: Final = 1.4826
"""The standard deviation of normal noise over its median absolute deviation."""
_MEDIAN: Final = 1.2533
"""The standard error of a median over that of a mean, for normal noise."""
_MOST_ALIKE: Final = 0.9
"""Neighbours more alike than this are a trend; the error is not widened any further."""
_ROUNDING: Final = 1e-12
"""Below this share of the largest difference one is the rounding of doubles."""
_LARGEST: Final = 1e150
"""A value beyond it counts as infinite, so that no sum or square here becomes so."""


class Parting(NamedTuple):
    """Where two curves part, by how much they differ there, and what was taken for noise."""

    x: float
    size: float
    """The smoothed B minus A at ``x``."""
    noise: float
    """What the size of the difference exceeds from there to the end."""


def parting(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> Parting | None:
    """Return the first x from which B minus A stays outside the noise to the end, on one side.

    Both curves are taken as step functions where both have begun and neither has ended,
    and subtracted at every x of either; more than 2,000 differences are averaged in
    neighbouring groups. They are smoothed by a centred running median over a tenth of
    them, at least 5 and at most 51: it puts a sudden parting at most half of that early.

    The noise at a place is four standard errors of that median. They come from the
    scatter of single differences: 1.4826 times the median absolute deviation of what
    smoothing took away or, where larger, of the bends from neighbour to neighbour over
    the root of 6, which no trend is in. The scatter is widened where neighbours are alike
    by ``sqrt((1 + r) / (1 - r))`` with their correlation ``r``, and divided by the root
    of the number of differences under the median.

    None where the curves never part, where they part for less than half a window, or where
    fewer than 5 places are common to both. Points that are not finite are left out.

    Args:
        a: x and values of a curve.
        b: x and values of the one it is compared with.
    """
    x, gaps = _gaps(a, b)
    if len(x) < FEWEST:
        return None
    half = min(_WIDEST, max(FEWEST, len(x) // _SHARE)) // 2
    smoothed, counts = _running_median(gaps, half)
    noise = _noise(gaps, smoothed, counts)
    outside = (np.abs(smoothed) > noise) & (np.sign(smoothed) == np.sign(smoothed[-1]))
    inside = np.flatnonzero(~outside)
    first = int(inside[-1]) + 1 if len(inside) else 0
    if len(x) - first <= half:
        return None
    return Parting(float(x[first]), float(smoothed[first]), float(noise[first]))


def _gaps(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return the places both curves have, and B minus A there."""
    a, b = _finite(*a), _finite(*b)
    if not len(a[0]) or not len(b[0]):
        return np.empty(0), np.empty(0)
    x = np.union1d(a[0], b[0])
    x = x[(x >= max(a[0][0], b[0][0])) & (x <= min(a[0][-1], b[0][-1]))]
    gaps = held(*b, x) - held(*a, x)
    if len(x) <= _MOST:
        return x, gaps
    starts = np.arange(0, len(x), -(-len(x) // _MOST))
    sizes = np.diff(np.append(starts, len(x)))
    return x[starts], np.add.reduceat(gaps / np.repeat(sizes, sizes), starts)


def _finite(x: Floats, values: Floats) -> tuple[Floats, Floats]:
    there = np.abs(values) < _LARGEST
    return ordered(x[there], values[there])


def _running_median(gaps: Floats, half: int) -> tuple[Floats, Floats]:
    """Return the median of each difference and ``half`` on either side, and of how many it is."""
    padded = np.pad(gaps, half, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    counts = np.count_nonzero(~np.isnan(windows), axis=1).astype(np.float64)
    return np.nanmedian(windows, axis=1), counts


def _noise(gaps: Floats, smoothed: Floats, counts: Floats) -> Floats:
    taken = gaps - smoothed
    bends = np.diff(gaps, 2) / np.sqrt(6)
    scatter = _MAD * max(float(np.median(np.abs(taken))), float(np.median(np.abs(bends))))
    alike = _alike(taken)
    error = _MEDIAN * scatter * np.sqrt((1 + alike) / (1 - alike)) / np.sqrt(counts)
    return np.asarray(np.maximum(_SIGMAS * error, _ROUNDING * np.abs(gaps).max()))


def _alike(taken: Floats) -> float:
    """Return the correlation of neighbours, from none to ``_MOST_ALIKE``."""
    size = np.abs(taken).max()
    if size == 0:
        return 0.0
    shares = taken / size
    return float(np.clip((shares[1:] @ shares[:-1]) / (shares @ shares), 0.0, _MOST_ALIKE))
