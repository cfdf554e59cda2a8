"""How far two distributions lie apart, and how far chance alone would put them.

Distances of numbers are read off two curves, those of categories off two rows of counts. To each
belongs a floor: what two samples of one and the same thing hardly ever exceed at these sizes.
"""

from math import log, sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift.curves import Curve, Curves, values_at

Floats = NDArray[np.float64]

_LEVEL: Final = 0.999
"""The share of samples without any change that stay below a floor."""
_DEVIATIONS: Final = 3.09
"""The same in deviations of a normal variable."""
_HALF_NORMAL: Final = sqrt(2 / np.pi)
"""The mean of the absolute value of a standard normal variable."""
_FEW_CATEGORIES: Final = 50
CLIPPED: Final = (0.001, 0.999)
"""Shares of the reference that values are clipped to before their distance is judged."""
DECILES: Final = np.arange(1, 10) / 10


class Gap(NamedTuple):
    """The largest difference of two distribution functions."""

    likely: float
    certain: float
    """No value between the points can make it less."""
    most: float
    at: float
    """Where it is, in the curves' unit."""

    @property
    def within(self) -> float:
        """Return how far the likely one may be off."""
        return max(self.likely - self.certain, self.most - self.likely)


def largest_gap(curves: Curves) -> Gap:
    """Return Kolmogorov's distance, with what it is at the least and at the most."""
    a, b = curves.a, curves.b
    upto, below = np.abs(a.upto - b.upto), np.abs(a.below - b.below)
    apart = np.maximum(upto, below)
    certain = max(
        0.0,
        *(
            float(np.max(low - high))
            for low, high in (
                (a.low_upto, b.high_upto), (b.low_upto, a.high_upto),
                (a.low_below, b.high_below), (b.low_below, a.high_below),
            )
        ),
    )  # fmt: skip
    most = max(
        float(np.max(high - low))
        for high, low in (
            (a.high_upto, b.low_upto), (b.high_upto, a.low_upto),
            (a.high_below, b.low_below), (b.high_below, a.low_below),
            (np.append(a.high_below, 1.0), np.append(0.0, b.low_upto)),
            (np.append(b.high_below, 1.0), np.append(0.0, a.low_upto)),
        )
    )  # fmt: skip
    likely = float(apart.max())
    where = float(curves.at[int(apart.argmax())])
    return Gap(likely, min(certain, likely), max(min(most, 1.0), likely), where)


# -- areas -------------------------------------------------------------------------------


def area(curves: Curves, low: float = -np.inf, high: float = np.inf) -> float:
    """Return the area between two distribution functions from one place to another.

    That is Wasserstein's distance of the values, all beyond the two places moved onto them.
    """
    left, right, width = _pieces(curves, low, high)
    one, two = np.abs(left), np.abs(right)
    crossing = left * right < 0
    sums = one + two
    squares = np.divide(one**2 + two**2, sums, out=np.zeros_like(sums), where=crossing)
    return float((width * np.where(crossing, squares, sums)).sum() / 2)


def area_of_squares(curves: Curves) -> float:
    """Return the area under the squared difference of two distribution functions."""
    left, right, width = _pieces(curves, -np.inf, np.inf)
    return float((width * (left**2 + left * right + right**2)).sum() / 3)


def _pieces(curves: Curves, low: float, high: float) -> tuple[Floats, Floats, Floats]:
    """Return the difference at both ends of every piece, and how wide the piece is.

    The two places must be among those of the curves.
    """
    width = np.diff(np.clip(curves.at, low, high))
    left = (curves.a.upto - curves.b.upto)[:-1]
    right = (curves.a.below - curves.b.below)[1:]
    return left, right, width


def area_within(one: Curve, low: float, high: float) -> float:
    """Return how far the area may be off, as the values between two points may lie anywhere."""
    unseen = np.maximum(one.below[1:] - one.upto[:-1], 0.0)
    width = np.diff(np.clip(one.at, low, high))
    return float((unseen * width).sum() / 2 + one.within * width.sum())


_CELLS: Final = 64
_MIDDLES: Final = (np.arange(_CELLS) + 0.5) / _CELLS


def _bridge() -> tuple[Floats, Floats]:
    """Return mean and covariance of the absolute value of a Brownian bridge at 64 shares."""
    s = np.minimum.outer(_MIDDLES, _MIDDLES)
    t = np.maximum.outer(_MIDDLES, _MIDDLES)
    deviation = np.sqrt(_MIDDLES * (1 - _MIDDLES))
    both = np.outer(deviation, deviation)
    rho = np.clip(s * (1 - t) / both, -1.0, 1.0)
    return _HALF_NORMAL * deviation, _of_absolutes(rho) * both


def _of_absolutes(rho: Floats) -> Floats:
    """Return the covariance of the absolute values of standard normals that correlate so."""
    return np.asarray((2 / np.pi) * (rho * np.arcsin(rho) + np.sqrt(1 - rho**2) - 1))


_MEAN, _SPREAD = _bridge()


def area_floor(a: Curve, b: Curve, low: float, high: float) -> float:
    """Return the area that two samples of the same hardly exceed.

    The difference of two empirical distribution functions is √(1/n₁ + 1/n₂) times a Brownian
    bridge; mean and deviation of the area under its absolute value follow from the widths of 64
    cells of equal share. The floor is 3.09 deviations above the mean.
    """
    shares = np.arange(_CELLS + 1) / _CELLS
    weight = a.n / (a.n + b.n)
    ends = weight * values_at(a, shares) + (1 - weight) * values_at(b, shares)
    width = np.diff(np.clip(ends, low, high))
    deviation = sqrt(max(float(width @ _SPREAD @ width), 0.0))
    return sqrt(1 / a.n + 1 / b.n) * (float(width @ _MEAN) + _DEVIATIONS * deviation)


# -- bins and categories -----------------------------------------------------------------


def decile_edges(reference: Curve) -> Floats:
    """Return the reference's deciles without repeats: inner edges of up to ten bins."""
    return np.unique(values_at(reference, DECILES))


def smoothed(counts: Floats) -> Floats:
    """Return shares of counts, half a row added to each, so that none is zero."""
    return np.asarray((counts + 0.5) / (counts.sum() + 0.5 * len(counts)))


def stability_index(a: Floats, b: Floats) -> float:
    """Return the population stability index of two rows of counts, in nats; 0 means no shift.

    Source: Yurdakul (2018), Statistical Properties of Population Stability Index.
    """
    p, q = smoothed(a), smoothed(b)
    return float(((q - p) * np.log(q / p)).sum())


def stability_within(a: Floats, b: Floats, unsure_a: Floats, unsure_b: Floats) -> float:
    """Return how far the index may be off where counts may be, to the first order.

    Args:
        a: Counts of the reference by bin.
        b: Counts of the current data.
        unsure_a: By how many rows each count may be off.
        unsure_b: The same of the current data.
    """
    p, q = smoothed(a), smoothed(b)
    logs = np.abs(np.log(q / p))
    of_a = (logs + np.abs(q / p - 1)) * unsure_a / a.sum()
    of_b = (logs + np.abs(1 - p / q)) * unsure_b / b.sum()
    return float(of_a.sum() + of_b.sum())


def stability_floor(bins: int, n1: int, n2: int) -> float:
    """Return the index that two samples of the same exceed once in a thousand times.

    Without drift, the index over (1/n₁ + 1/n₂) is chi-square with one degree of freedom less than
    there are bins (Yurdakul, 2018).
    """
    from scipy.special import chdtri

    return float(chdtri(bins - 1, 1 - _LEVEL) * (1 / n1 + 1 / n2)) if bins > 1 else 0.0


def total_variation(a: Floats, b: Floats) -> float:
    """Return half the sum of the differences of the shares, 0 to 1."""
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)


def largest_difference(a: Floats, b: Floats) -> float:
    """Return the largest difference of the shares of a category, 0 to 1."""
    return float(np.abs(a / a.sum() - b / b.sum()).max())


def variation_floor(a: Floats, b: Floats) -> float:
    """Return the total variation distance that two samples of the same hardly exceed.

    Half the sum of half-normal differences: its mean, and 3.09 of its deviations above. Of more
    than 50 categories the differences count as independent, which they nearly are.
    """
    n1, n2 = a.sum(), b.sum()
    share = (a + b) / (n1 + n2)
    deviation = np.sqrt(share * (1 - share) * (1 / n1 + 1 / n2))
    mean = _HALF_NORMAL * deviation.sum() / 2
    if len(share) > _FEW_CATEGORIES:
        variance = (1 - 2 / np.pi) * float((deviation**2).sum())
    else:
        odds = np.sqrt(share / np.maximum(1 - share, 1e-12))
        rho = np.clip(-np.outer(odds, odds), -1.0, 1.0)
        np.fill_diagonal(rho, 1.0)
        variance = float(deviation @ _of_absolutes(rho) @ deviation)
    return float(mean + _DEVIATIONS * sqrt(max(variance, 0.0)) / 2)


def jensen_shannon(a: Floats, b: Floats) -> float:
    """Return the Jensen-Shannon distance, base 2, 0 to 1: the root of the divergence."""
    p, q = a / a.sum(), b / b.sum()
    middle = (p + q) / 2
    return sqrt(max((_relative(p, middle) + _relative(q, middle)) / 2, 0.0))


def _relative(p: Floats, q: Floats) -> float:
    seen = p > 0
    return float((p[seen] * np.log(p[seen] / q[seen])).sum()) / log(2)


def hellinger(a: Floats, b: Floats) -> float:
    """Return Hellinger's distance, 0 to 1."""
    overlap = float(np.sqrt((a / a.sum()) * (b / b.sum())).sum())
    return sqrt(max(1 - overlap, 0.0))
