"""How surprising a difference would be if nothing had changed: p-values, two-sided.

Each is scipy's of the same name within what its docstring says. scipy.stats is not used: to load
it costs more than all tests of a check.
"""

from math import exp, log1p, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

FEW: Final = 5
"""Expected counts below which chi-square is not to be trusted: Cochran (1954)."""
FEW_OF_TWO: Final = 30
"""The same of a table of two by two, where the exact test costs nothing and the far tail counts."""
_FAR: Final = 2.2
"""n D² from which on twice the one-sided p is the two-sided one to more digits than matter."""
_SUMMED: Final = 500
"""Rows up to which the sum over all of them is not dear; beyond, its expansion is near enough."""
_NEAR: Final = sqrt(0.05)
"""√n D up to which the distribution function is below 1e-9."""
_TILTS: Final = np.linspace(0.02, 3.0, 150)
_SAME: Final = 1 + 1e-7
"""Tables as likely as the one seen, but for rounding, count as extreme."""
_BOTH: Final = 2
_ONE_IN_A_THOUSAND: Final = 3.29
"""Deviations of a normal variable, two-sided."""


# -- Kolmogorov and Smirnov --------------------------------------------------------------


def kolmogorov_smirnov(distance: float, n1: int, n2: int) -> float:
    """Return the p of the largest difference of two distribution functions."""
    return float(kolmogorov_smirnovs(np.array([distance]), np.array([n1]), np.array([n2]))[0])


def kolmogorov_smirnovs(distances: Floats, n1: Counts, n2: Counts) -> Floats:
    """Return the p of each largest difference of two distribution functions.

    As `scipy.stats.ks_2samp(method="asymp")`, which takes the distribution of the one-sample
    statistic at the rounded harmonic number of rows n: within 0.001 of it from 30 rows a side on.
    Where p is below 0.02 it is the same up to n = 500, and within 2 % beyond while p is above
    1e-14; further out rather too large. With ties it is too large, never too small.

    Sources: Smirnov (1939); Pelz and Good (1976), Approximating the Lower Tail-Areas of the
    Kolmogorov-Smirnov One-Sample Statistic, Journal of the Royal Statistical Society B 38(2).
    """
    from scipy.special import smirnov

    n = np.maximum(np.rint(n1.astype(np.float64) * n2 / (n1 + n2)), 1.0)
    z2 = n * distances * distances
    p = np.ones(len(n))
    far, near = z2 >= _FAR, (z2 < _FAR) & (distances > 0)
    exact, beyond = far & (n <= _SUMMED), far & (n > _SUMMED)
    p[exact] = 2 * smirnov(n[exact].astype(np.int64), np.minimum(distances[exact], 1.0))
    p[beyond] = _far_tail(n[beyond], z2[beyond])
    p[near] = 1.0 - _pelz_good(n[near], distances[near])
    return np.minimum(np.maximum(p, 0.0), 1.0)


def _far_tail(n: Floats, z2: Floats) -> Floats:
    away = 2 * z2 + (2 * np.sqrt(z2 / n) + (1 / 6 - 2 * z2) / n) / 3 + 4 * z2 * z2 / (9 * n)
    return np.asarray(2 * np.exp(-away))


_ODD: Final = (np.arange(12) + 0.5) ** 2 * pi**2
_EVEN: Final = np.arange(1, 13) ** 2 * pi**2


def _pelz_good(n: Floats, distances: Floats) -> Floats:
    """Return the distribution function of D, as a series in 1/√n to the third term."""
    z = np.maximum(np.sqrt(n) * distances, _NEAR)[:, None]
    z2, root = z * z, sqrt(2 * pi)
    o, e = np.exp(-_ODD / (2 * z2)), np.exp(-_EVEN / (2 * z2))
    k0 = root / z * o
    k1 = root / (6 * z2**2) * (_ODD - z2) * o
    k2 = (
        root / (72 * z**7)
        * ((6 * z2**3 + 2 * z2**2) + (2 * z2**2 - 5 * z2) * _ODD + (1 - 2 * z2) * _ODD**2) * o
        - root / (36 * z**3) * _EVEN * e
    )  # fmt: skip
    k3 = root / (6480 * z**10) * (
        (-30 * z2**3 - 90 * z2**4) + (135 * z2**2 - 96 * z2**3) * _ODD
        + (-60 * z2 + 212 * z2**2) * _ODD**2 + (5 - 30 * z2) * _ODD**3
    ) * o + root / (216 * z**6) * (3 * z2 * _EVEN - _EVEN**2) * e  # fmt: skip
    k0, k1, k2, k3 = (each.sum(axis=1) for each in (k0, k1, k2, k3))
    return np.where(z[:, 0] > _NEAR, k0 + k1 / np.sqrt(n) + k2 / n + k3 / n**1.5, 0.0)


# -- tables of counts --------------------------------------------------------------------


def contingency(a: Floats, b: Floats) -> tuple[str, float]:
    """Return the name and the p of the test whether two rows of counts are of one distribution.

    Chi-square of the 2 × K table without a correction; categories that are expected fewer than
    five times on either side are one, and Fisher's exact test takes over where only two remain
    and one of them is expected fewer than thirty times. 1 where one category is all there is.

    Args:
        a: Counts of the reference by category, shape ``(categories,)``.
        b: Counts of the current data over the same categories.
    """
    a, b = pooled(a, b)
    if len(a) < _BOTH:
        return "chi-square", 1.0
    share = min(a.sum(), b.sum()) / (a.sum() + b.sum())
    if len(a) == _BOTH and (a + b).min() * share < FEW_OF_TWO:
        return "fisher", fisher(int(a[0]), int(a[1]), int(b[0]), int(b[1]))
    statistic, freedom = chi_square(a, b)
    return "chi-square", chi_square_p(statistic, freedom)


def pooled(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Return counts with the rare categories as one, the last.

    Rare is what both rows together make to be expected fewer than five times in the shorter: so
    which are rare does not depend on how they differ. Where all rare ones together are still
    rare, the next rarest joins them as long as two categories remain.
    """
    both = a + b
    a, b, both = a[both > 0], b[both > 0], both[both > 0]
    share = min(a.sum(), b.sum()) / max(both.sum(), 1.0)
    order = np.argsort(-both, kind="stable")
    a, b, both = a[order], b[order], both[order]
    kept = int(np.count_nonzero(both * share >= FEW))
    if kept == len(both):
        return a, b
    while kept > 1 and both[kept:].sum() * share < FEW:
        kept -= 1
    kept = max(kept, 1) if both[max(kept, 1) :].sum() else kept
    return np.append(a[:kept], a[kept:].sum()), np.append(b[:kept], b[kept:].sum())


def chi_square(a: Floats, b: Floats) -> tuple[float, int]:
    """Return Pearson's statistic of the 2 × K table, and its degrees of freedom."""
    both = a + b
    seen = both > 0
    a, b, both = a[seen], b[seen], both[seen]
    n1, n2 = a.sum(), b.sum()
    if len(both) < _BOTH or not n1 or not n2:
        return 0.0, 0
    away = a - both * (n1 / (n1 + n2))
    return float((away * away / both).sum() * (n1 + n2) ** 2 / (n1 * n2)), len(both) - 1


def chi_square_p(statistic: float, freedom: int) -> float:
    """Return the share of the chi-square distribution beyond a value."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic)) if freedom else 1.0


def fisher(a0: int, a1: int, b0: int, b1: int) -> float:
    """Return the p of Fisher's exact test of a 2 × 2 table, as scipy's two-sided one.

    Source: Fisher (1935), The Logic of Inductive Inference, Journal of the Royal Statistical
    Society 98(1).
    """
    from scipy.special import gammaln

    if a0 + b0 > a1 + b1:
        a0, a1, b0, b1 = a1, a0, b1, b0
    rare, n1, n2 = a0 + b0, a0 + a1, b0 + b1
    first = np.arange(max(0, rare - n2), min(rare, n1) + 1, dtype=np.float64)
    logs = -(gammaln(first + 1) + gammaln(n1 - first + 1))
    logs -= gammaln(rare - first + 1) + gammaln(n2 - rare + first + 1)
    chances = np.exp(logs - logs.max())
    seen = chances[a0 - int(first[0])]
    return float(min(chances[chances <= seen * _SAME].sum() / chances.sum(), 1.0))


def proportions(a: int, n1: int, b: int, n2: int) -> float:
    """Return the p that two shares are one: Fisher's where few are expected, else the z test."""
    both, n = a + b, n1 + n2
    if not both or both == n or not n1 or not n2:
        return 1.0
    if min(both, n - both) * min(n1, n2) / n < FEW_OF_TWO:
        return fisher(a, n1 - a, b, n2 - b)
    from scipy.special import erfc

    share = both / n
    z = abs(a / n1 - b / n2) / sqrt(share * (1 - share) * (1 / n1 + 1 / n2))
    return float(erfc(z / sqrt(2)))


def share_floor(a: int, n1: int, b: int, n2: int) -> float:
    """Return the difference of two shares that two samples of the same hardly exceed."""
    share = (a + b) / (n1 + n2)
    return _ONE_IN_A_THOUSAND * sqrt(share * (1 - share) * (1 / n1 + 1 / n2))


def new_values(rows: Floats, new: NDArray[np.bool_], n1: int, n2: int) -> float:
    """Return the p of values that only the current rows have, if rows were dealt out at random.

    Dealt out so, all c rows of a value are current ones with a chance of (n2 / (n1 + n2))^c. The p
    is Chernoff's bound of the chance that values of so many rows together are: it is too large,
    never too small, also where a single value is all there is.

    Args:
        rows: Of every value on both sides together, shape ``(values,)``.
        new: Which of them the reference does not have.
        n1: Rows of the reference.
        n2: Rows of the current data.

    Source: Chernoff (1952), A Measure of Asymptotic Efficiency for Tests of a Hypothesis Based on
    the Sum of Observations, Annals of Mathematical Statistics 23(4).
    """
    if not new.any() or not n1:
        return 1.0
    away = log1p(n1 / n2)
    tilts = away * _TILTS[:, None]
    logs = np.logaddexp(np.log(-np.expm1(-away * rows)), (tilts - away) * rows).sum(axis=1)
    bound = float((logs - tilts[:, 0] * rows[new].sum()).min())
    return exp(min(bound, 0.0))
