"""Rank correlation: whether one number of runs rises with another, however crookedly.

Ranks, because params are spread over powers of ten and metrics have outliers. Correlation
is what it is: it names no cause, and params that were changed together share it.
"""

import math
from collections.abc import Sequence
from functools import cache
from itertools import permutations
from typing import NamedTuple

import numpy as np

from workbench import words
from workbench.runs.series import Floats, Ints

FEWEST = 3
"""Below it two rankings agree or disagree wholly, whatever the numbers are."""

_EXACT = 7
"""Pairs up to which every order is tried, all 5,040: t gives three agreeing pairs a p of 0."""
_SMALLEST_P = 1e-4
_DUST = 1e-9


class Correlation(NamedTuple):
    """Spearman's coefficient, its two-sided p-value, and the pairs it rests on.

    Both are NaN where fewer than three pairs are finite, or one side is always the same.
    """

    rho: float
    p: float
    n: int

    @property
    def text(self) -> str:
        """The correlation as people write it: ``ρ = 0.62, p = 0.003, n = 48``."""
        if math.isnan(self.rho):
            return f"no rank correlation, n = {words.count(self.n)}"
        p = f"p = {words.number(self.p, 2)}" if self.p >= _SMALLEST_P else "p < 0.0001"
        return f"ρ = {words.number(self.rho, 2)}, {p}, n = {words.count(self.n)}"


def rank_correlation(x: Sequence[float] | Floats, y: Sequence[float] | Floats) -> Correlation:
    """Return Spearman's rank correlation of the pairs that are finite on both sides.

    Equal values share the mean of their ranks. Up to seven pairs p is exact, the share of all
    orders that agree or disagree as much; beyond, that of Student's t with ``n - 2`` degrees of
    freedom, rough below about ten pairs.

    Args:
        x: Values, shape ``(n,)``.
        y: Values of the same things.

    Raises:
        ValueError: The lengths differ.

    Source: Spearman (1904), The Proof and Measurement of Association between Two Things.
    """
    first, second = (np.asarray(part, dtype=np.float64).ravel() for part in (x, y))
    if first.shape != second.shape:
        raise ValueError("a correlation needs two values of each thing")
    finite = np.isfinite(first) & np.isfinite(second)
    n = int(finite.sum())
    if n < FEWEST:
        return Correlation(math.nan, math.nan, n)
    ranks = _ranks(first[finite]), _ranks(second[finite])
    rho = _pearson(*ranks)
    if n <= _EXACT and not math.isnan(rho):
        return Correlation(rho, _exact(*ranks), n)
    return Correlation(rho, _two_sided(rho, n), n)


def _ranks(values: Floats) -> Floats:
    """Return ranks from 1; equal values have the mean of theirs."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts - 1) / 2)[which]
    return ranks


def _pearson(x: Floats, y: Floats) -> float:
    x, y = x - x.mean(), y - y.mean()
    size = math.sqrt(float(x @ x) * float(y @ y))
    return min(max(float(x @ y) / size, -1.0), 1.0) if size > 0 else math.nan


def _exact(x: Floats, y: Floats) -> float:
    """Return the share of all orders of ``y`` whose ranks go with those of ``x`` as much."""
    x, y = x - x.mean(), y - y.mean()
    agreement = np.abs(y[_orders(len(y))] @ x)
    return float((agreement >= abs(float(x @ y)) - _DUST).mean())


@cache
def _orders(n: int) -> Ints:
    return np.array(list(permutations(range(n))), dtype=np.int64)


def _two_sided(rho: float, n: int) -> float:
    if math.isnan(rho) or abs(rho) == 1:
        return math.nan if math.isnan(rho) else 0.0
    from scipy.special import stdtr

    t = rho * math.sqrt((n - 2) / ((1 - rho) * (1 + rho)))
    return 2 * float(stdtr(n - 2, -abs(t)))
