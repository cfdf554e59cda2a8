"""How far two distributions lie apart, and how far chance alone would put them.

Distances of numbers are read off two curves, those of categories off two rows of counts; of many
parts at once, a row each. To each belongs a floor: what two samples of one and the same thing
hardly ever exceed at these sizes.
"""

from math import log, sqrt
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift.curves import Curve, Curves, values_at

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

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
    """The largest difference of two distribution functions, by part: shape ``(parts,)``."""

    likely: Floats
    certain: Floats
    """No value between the points can make it less."""
    most: Floats
    at: Floats
    """Where it is, in the curves' unit."""

    @property
    def within(self) -> Floats:
        """Return how far the likely one may be off."""
        return np.maximum(self.likely - self.certain, self.most - self.likely)


def largest_gap(curves: Curves) -> Gap:
    """Return Kolmogorov's distance, with what it is at the least and at the most."""
    a, b = curves.a, curves.b
    apart = np.maximum(np.abs(a.upto - b.upto), np.abs(a.below - b.below))
    certain = _greatest(
        (a.low_upto, b.high_upto), (b.low_upto, a.high_upto),
        (a.low_below, b.high_below), (b.low_below, a.high_below),
    )  # fmt: skip
    most = _greatest(
        (a.high_upto, b.low_upto), (b.high_upto, a.low_upto),
        (a.high_below, b.low_below), (b.high_below, a.low_below),
        (a.high_below[:, 1:], b.low_upto[:, :-1]), (b.high_below[:, 1:], a.low_upto[:, :-1]),
    )  # fmt: skip
    first = np.maximum(a.high_below[:, 0], b.high_below[:, 0])
    last = np.maximum(1 - a.low_upto[:, -1], 1 - b.low_upto[:, -1])
    most = np.maximum(most, np.maximum(first, last))
    likely = apart.max(axis=1)
    where = curves.at[np.arange(len(apart)), apart.argmax(axis=1)]
    certain = np.minimum(np.maximum(certain, 0.0), likely)
    return Gap(likely, certain, np.maximum(np.minimum(most, 1.0), likely), where)


def _greatest(*pairs: tuple[Floats, Floats]) -> Floats:
    """Return by how much a first one exceeds its second one at the most, row by row."""
    return np.asarray(
        np.array([(one - two).max(axis=1) for one, two in pairs if one.size]).max(axis=0)
    )


# -- areas -------------------------------------------------------------------------------


def area(curves: Curves, low: Floats | float = -np.inf, high: Floats | float = np.inf) -> Floats:
    """Return the area between two distribution functions from one place to another, by part.

    That is Wasserstein's distance of the values, all beyond the two places moved onto them.
    """
    left, right, width = _pieces(curves, low, high)
    return np.asarray((width * _heights(left, right)).sum(axis=1) / 2)


def areas(curves: Curves, *between: tuple[Floats, Floats]) -> tuple[Floats, ...]:
    """Return the areas from one place to another, for some pairs of places."""
    left, right, _ = _pieces(curves, -np.inf, np.inf)
    heights = _heights(left, right)
    return tuple(
        np.asarray((np.diff(np.clip(curves.at, low, high), axis=1) * heights).sum(axis=1) / 2)
        for low, high in between
    )


def area_of_squares(curves: Curves) -> Floats:
    """Return the area under the squared difference of two distribution functions, by part."""
    left, right, width = _pieces(curves, -np.inf, np.inf)
    return np.asarray((width * (left**2 + left * right + right**2)).sum(axis=1) / 3)


def _heights(left: Floats, right: Floats) -> Floats:
    """Return twice the mean of the absolute value of lines from one end to the other."""
    one, two = np.abs(left), np.abs(right)
    sums = one + two
    crossing = left * right < 0
    squares = np.divide(one**2 + two**2, sums, out=np.zeros_like(sums), where=crossing)
    return np.where(crossing, squares, sums)


def _pieces(
    curves: Curves, low: Floats | float, high: Floats | float
) -> tuple[Floats, Floats, Floats]:
    """Return the difference at both ends of every piece, and how wide the piece is.

    The two places must be among those of the curves.
    """
    width = np.diff(np.clip(curves.at, low, high), axis=1)
    left = (curves.a.upto - curves.b.upto)[:, :-1]
    right = (curves.a.below - curves.b.below)[:, 1:]
    return left, right, width


def area_within(one: Curve, low: Floats | float, high: Floats | float) -> Floats:
    """Return how far the area may be off, as the values between two points may lie anywhere."""
    unseen = np.maximum(one.below[:, 1:] - one.upto[:, :-1], 0.0)
    whole = np.diff(one.at, axis=1)
    width = np.diff(np.clip(one.at, low, high), axis=1)
    part = np.divide(width, whole, out=np.zeros_like(width), where=whole > 0)
    off = unseen * width * (1 - part / 2)
    return np.asarray(off.sum(axis=1) + one.within[:, 0] * width.sum(axis=1))


CELLS: Final = 64
_MIDDLES: Final = (np.arange(CELLS) + 0.5) / CELLS


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


def area_floor(a: Curve, b: Curve, low: Floats, high: Floats) -> Floats:
    """Return the area that two samples of the same hardly exceed, by part.

    The difference of two empirical distribution functions is √(1/n₁ + 1/n₂) times a Brownian
    bridge; mean and deviation of the area under its absolute value follow from the widths of 64
    cells of equal share. The floor is 3.09 deviations above the mean.
    """
    shares = np.arange(CELLS + 1) / CELLS
    weight = a.n / (a.n + b.n)
    ends = weight * values_at(a, shares) + (1 - weight) * values_at(b, shares)
    width = np.diff(np.clip(ends, low, high), axis=1)
    deviation = np.sqrt(np.maximum(((width @ _SPREAD) * width).sum(axis=1), 0.0))
    return np.asarray(np.sqrt(1 / a.n + 1 / b.n)[:, 0] * (width @ _MEAN + _DEVIATIONS * deviation))


# -- bins and categories -----------------------------------------------------------------


class Counts(NamedTuple):
    """Rows of both sides by bin or category, shape ``(parts, bins)``.

    A part with fewer bins than the others has some that are not real and hold nothing.
    """

    a: Floats
    b: Floats
    real: Truths
    unsure_a: Floats
    """By how many rows a count may be off."""
    unsure_b: Floats


def counts_of(a: Floats, b: Floats) -> Counts:
    """Return counts all of which are real and sure."""
    sure = np.zeros(a.shape)
    return Counts(a, b, sure == 0, sure, sure)


def decile_edges(reference: Curve) -> tuple[Floats, Truths]:
    """Return the reference's deciles, inner edges of ten bins, and which of them are no repeats."""
    edges = np.sort(values_at(reference, DECILES), axis=1)
    new = np.ones(edges.shape, np.bool_)
    new[:, 1:] = edges[:, 1:] > edges[:, :-1]
    return edges, new


def smoothed(counts: Floats, real: Truths) -> Floats:
    """Return shares of counts, half a row added to each, so that none is zero."""
    whole = counts.sum(axis=1, keepdims=True) + 0.5 * real.sum(axis=1, keepdims=True)
    return np.asarray((counts + 0.5) / whole)


def stability_index(counts: Counts) -> Floats:
    """Return the population stability index by part, in nats; 0 means no shift.

    Source: Yurdakul (2018), Statistical Properties of Population Stability Index.
    """
    return np.asarray(stability_parts(counts).sum(axis=1))


def stability_parts(counts: Counts) -> Floats:
    """Return what each bin adds to the stability index."""
    p, q = smoothed(counts.a, counts.real), smoothed(counts.b, counts.real)
    return np.asarray(np.where(counts.real, (q - p) * np.log(q / p), 0.0))


def stability_within(counts: Counts) -> Floats:
    """Return how far the index may be off where counts may be, to the first order."""
    p, q = smoothed(counts.a, counts.real), smoothed(counts.b, counts.real)
    logs = np.abs(np.log(q / p))
    of_a = (logs + np.abs(q / p - 1)) * counts.unsure_a / counts.a.sum(axis=1, keepdims=True)
    of_b = (logs + np.abs(1 - p / q)) * counts.unsure_b / counts.b.sum(axis=1, keepdims=True)
    return np.asarray(np.where(counts.real, of_a + of_b, 0.0).sum(axis=1))


def stability_floor(bins: int, n1: float, n2: float) -> float:
    """Return the index that two samples of the same exceed once in a thousand times.

    Without drift, the index over (1/n₁ + 1/n₂) is chi-square with one degree of freedom less than
    there are bins (Yurdakul, 2018).
    """
    from scipy.special import chdtri

    return float(chdtri(bins - 1, 1 - _LEVEL) * (1 / n1 + 1 / n2)) if bins > 1 else 0.0


def total_variation(a: Floats, b: Floats) -> Floats:
    """Return half the sum of the differences of the shares by part, 0 to 1."""
    return np.asarray(np.abs(_shares(a) - _shares(b)).sum(axis=-1) / 2)


def largest_difference(a: Floats, b: Floats) -> Floats:
    """Return the largest difference of the shares of a category by part, 0 to 1."""
    return np.asarray(np.abs(_shares(a) - _shares(b)).max(axis=-1))


def shares(*sides: Floats) -> tuple[Floats, ...]:
    """Return the shares of counts, side by side."""
    return tuple(_shares(one) for one in sides)


def _shares(counts: Floats) -> Floats:
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))


def cohens_h(a: Floats | float, b: Floats | float) -> Floats:
    """Return the difference of shares on the arcsine scale, 0 to π, where chance is alike for all.

    Source: Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, chapter 6.
    """
    low, high = (np.arcsin(np.sqrt(np.clip(one, 0.0, 1.0))) for one in (a, b))
    return np.asarray(2 * np.abs(high - low))


def rate_floor(n1: float, n2: float, shares: int = 1) -> float:
    """Return the greatest h of some shares that two samples of the same hardly show.

    Of each, h is normal with a variance of 1/n₁ + 1/n₂; the level is divided by how many they are.
    """
    from scipy.special import ndtri

    return float(ndtri(1 - (1 - _LEVEL) / (2 * shares)) * sqrt(1 / n1 + 1 / n2))


def new_floor(rows: Floats, n1: int, n2: int) -> float:
    """Return the share of current rows in new values that chance hardly exceeds.

    If rows are dealt out at random, all c rows of a value are current ones with a chance of
    (n₂ / (n₁ + n₂))ᶜ: mean and deviation of the sum over all values follow.

    Args:
        rows: Of every value on both sides together, shape ``(values,)``.
        n1: Rows of the reference.
        n2: Rows of the current data.
    """
    chance = (n2 / (n1 + n2)) ** rows
    spread = float((rows**2 * chance * (1 - chance)).sum())
    return float((rows * chance).sum() + _DEVIATIONS * sqrt(spread)) / n2


def variation_floor(a: Floats, b: Floats) -> Floats:
    """Return the total variation distance that two samples of the same hardly exceed, by part.

    Half the sum of half-normal differences: its mean, and 3.09 of its deviations above. Of more
    than 50 categories the differences count as independent, which they nearly are.
    """
    n1, n2 = a.sum(axis=1, keepdims=True), b.sum(axis=1, keepdims=True)
    share = (a + b) / (n1 + n2)
    deviation = np.sqrt(share * (1 - share) * (1 / n1 + 1 / n2))
    mean = _HALF_NORMAL * deviation.sum(axis=1) / 2
    if share.shape[1] > _FEW_CATEGORIES:
        variance = (1 - 2 / np.pi) * (deviation**2).sum(axis=1)
    else:
        odds = np.sqrt(share / np.maximum(1 - share, 1e-12))
        rho = np.clip(-odds[:, :, None] * odds[:, None, :], -1.0, 1.0)
        rho[:, *np.diag_indices(share.shape[1])] = 1.0
        both = _of_absolutes(rho) @ deviation[:, :, None]
        variance = (deviation * both[:, :, 0]).sum(axis=1)
    return np.asarray(mean + _DEVIATIONS * np.sqrt(np.maximum(variance, 0.0)) / 2)


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
