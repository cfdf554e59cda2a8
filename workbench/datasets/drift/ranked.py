"""Distances of two distribution functions that are taken on request: ranks and squares.

They are read off the stored points: between two points the values are dealt out evenly over eight
places, so each comes with a tolerance, which is stated in docs/statistics.md.
"""

from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift import rank_bounds
from workbench.datasets.drift.curves import Curves
from workbench.datasets.drift.effects import area_of_squares
from workbench.datasets.drift.report import Measure

Floats = NDArray[np.float64]

ENERGY, CRAMER_VON_MISES, ANDERSON_DARLING = "energy", "cramer_von_mises", "anderson_darling"
_PLACES: Final = 8
_ROUNDING: Final = 1e-9
_FEWEST: Final = 4
"""Values on both sides together below which T and A² have no deviation."""
_MANY: Final = 100_000
"""Rows from which on a sum over all ranks is its limit to six digits."""
_B0: Final = (0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085)
_B1: Final = (-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615)
_B2: Final = (-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154)
_LEVELS: Final = (0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001)
"""Scholz and Stephens (1987), table 1 and the fit below it, for two samples."""


def measures(curves: Curves, n1: int, n2: int, names: frozenset[str]) -> tuple[Measure, ...]:
    """Return those of the three that were asked for; the curves are of one part."""
    found = list[Measure]()
    if ENERGY in names:
        value = sqrt(2 * float(area_of_squares(curves)[0]))
        within = _off(value, rank_bounds.energy(curves))
        words = "energy distance, root of the column's unit"
        found.append(Measure(ENERGY, value, within=within, words=words))
    if not names & {CRAMER_VON_MISES, ANDERSON_DARLING} or n1 + n2 < _FEWEST:
        return tuple(found)
    one, two = _atoms(curves, n1, n2)
    cells = rank_bounds.cells(curves, n1, n2)
    if CRAMER_VON_MISES in names:
        value, p = cramer_von_mises(one, two)
        words = "Cramér and von Mises' T of two samples"
        within = _off(value, rank_bounds.cramer_von_mises(cells, n1, n2))
        found.append(Measure(CRAMER_VON_MISES, value, p=p, within=within, words=words))
    if ANDERSON_DARLING in names:
        value, p = anderson_darling(one, two)
        words = "Anderson and Darling's A² of two samples, standardised; its p from 0.001 to 0.25"
        least, most = ((end - 1) / _deviation(n1, n2) for end in rank_bounds.squared(cells, n1, n2))
        within = _off(value, (least, most))
        found.append(Measure(ANDERSON_DARLING, value, p=p, within=within, words=words))
    return tuple(found)


def _off(value: float, ends: tuple[float, float]) -> float:
    """Return how far a value may be off; what rounding leaves is nothing."""
    away = max(value - ends[0], ends[1] - value)
    return away if away > _ROUNDING * max(abs(value), 1.0) else 0.0


def _atoms(curves: Curves, n1: int, n2: int) -> tuple[Floats, Floats]:
    """Return the values of both sides as counts at common places in ascending order, each once."""
    _, once = np.unique(curves.at[0], return_index=True)
    a, b = curves.a, curves.b
    return _dealt(a.below[0, once], a.upto[0, once], n1), _dealt(
        b.below[0, once], b.upto[0, once], n2
    )


def _dealt(below: Floats, upto: Floats, n: int) -> Floats:
    """Return counts at every point, and at eight places between each and the next."""
    on = np.maximum(upto - below, 0.0)
    between = np.maximum(np.append(below[1:], upto[-1]) - upto, 0.0) / _PLACES
    return n * np.column_stack([on, *[between] * _PLACES]).ravel()


def cramer_von_mises(a: Floats, b: Floats) -> tuple[float, float]:
    """Return T and its p from counts at common places.

    With ties ranks are those of the midpoint, where scipy's T grows without bound.

    Source: Anderson (1962), On the Distribution of the Two-Sample Cramér-von Mises Criterion.
    """
    n1, n2 = float(a.sum()), float(b.sum())
    n, both = n1 + n2, a + b
    f = (np.cumsum(a) - a / 2) / n1
    g = (np.cumsum(b) - b / 2) / n2
    value = n1 * n2 / n**2 * float((both * (f - g) ** 2).sum())
    expected = (1 + 1 / n) / 6
    variance = (n + 1) / (45 * n**2) * (4 * n1 * n2 * n - 3 * (n1**2 + n2**2) - 2 * n1 * n2)
    variance /= 4 * n1 * n2
    standard = 1 / 6 + (value - expected) / sqrt(45 * variance)
    return value, 1.0 if standard < 0.003 else max(0.0, 1.0 - _cramer_von_mises_cdf(standard))  # noqa: PLR2004 - below it the series cancels out


def _cramer_von_mises_cdf(x: float) -> float:
    """Return the limiting distribution function, by a series of Bessel functions."""
    from scipy.special import gammaln, kv

    k = np.arange(20)
    y = (4 * k + 1) ** 2 / (16 * x)
    u = np.exp(gammaln(k + 0.5) - gammaln(k + 1)) / (np.pi**1.5 * sqrt(x))
    return float((u * np.sqrt(4 * k + 1) * np.exp(-y) * kv(0.25, y)).sum())


def anderson_darling(a: Floats, b: Floats) -> tuple[float, float]:
    """Return the standardised A² and its p, between 0.001 and 0.25, from counts at common places.

    Source: Scholz and Stephens (1987), K-Sample Anderson-Darling Tests, Journal of the American
    Statistical Association 82(399), equations 4 and 7.
    """
    both = a + b
    seen = both > 0
    a, b, both = a[seen], b[seen], both[seen]
    n1, n2, n = float(a.sum()), float(b.sum()), float(both.sum())
    middle = np.cumsum(both) - both / 2
    weight = middle * (n - middle) - n * both / 4
    inner = np.zeros(2)
    for k, (one, rows) in enumerate(((a, n1), (b, n2))):
        ranks = np.cumsum(one) - one / 2
        away = (n * ranks - rows * middle) ** 2
        inner[k] = np.divide(both * away, weight, out=np.zeros_like(away), where=weight > 0).sum()
    squared = (n - 1) / n**2 * float(inner[0] / n1 + inner[1] / n2)
    value = (squared - 1) / _deviation(n1, n2)
    return value, _anderson_darling_p(value)


def _deviation(n1: float, n2: float) -> float:
    """Return the standard deviation of A² of two samples without a difference."""
    n = round(n1 + n2)
    h_parts = 1 / n1 + 1 / n2
    i = np.arange(1, n) if n <= _MANY else np.arange(1, _MANY)
    harmonic = float((1 / i).sum()) if n <= _MANY else np.log(n) + np.euler_gamma
    g = float((np.cumsum(1 / i[::-1])[:-1] / i[1:]).sum()) if n <= _MANY else np.pi**2 / 6
    k = 2
    first = (4 * g - 6) * (k - 1) + (10 - 6 * g) * h_parts
    second = (2 * g - 4) * k**2 + 8 * harmonic * k
    second += (2 * g - 14 * harmonic - 4) * h_parts - 8 * harmonic + 4 * g - 6
    third = (6 * harmonic + 2 * g - 2) * k**2 + (4 * harmonic - 4 * g + 6) * k
    third += (2 * harmonic - 6) * h_parts + 4 * harmonic
    fourth = (2 * harmonic + 6) * k**2 - 4 * harmonic * k
    cubes = first * n**3 + second * n**2 + third * n + fourth
    return sqrt(max(float(cubes) / ((n - 1.0) * (n - 2.0) * (n - 3.0)), 1e-12))


def _anderson_darling_p(value: float) -> float:
    critical = np.array(_B0) + np.array(_B1) + np.array(_B2)
    if value < critical[0]:
        return _LEVELS[0]
    if value > critical[-1]:
        return _LEVELS[-1]
    fit = np.polyfit(critical, np.log(_LEVELS), 2)
    return float(np.exp(np.polyval(fit, value)))
