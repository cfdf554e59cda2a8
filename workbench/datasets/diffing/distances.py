"""How far the summaries of two columns lie apart, by measures that all run from 0 to 1.

The distances are descriptions, no tests: each comes with the size that chance alone reaches in one
of twenty cases if both columns were samples of the same thing, so that a small table does not look
as if it had changed.
"""

from math import erfc, sqrt
from typing import Final, NamedTuple

import numpy as np

from workbench.datasets.fields import MASK
from workbench.datasets.profile import Column
from workbench.datasets.profiling import bound, cdf
from workbench.words import number, percent

_KS_95: Final = 1.358
"""Asymptotic 95 % point of Kolmogorov's distribution: Smirnov (1948), table."""
_LEVEL: Final = 0.05
_HOLDS_WORDS: Final = frozenset({"text", "categorical", "boolean"})


class Distance(NamedTuple):
    """One measure of how far two columns lie apart."""

    measure: str
    """``KS D``, ``TVD``, ``missing``, ``infinite``, ``length``, ``months TVD``, ``hours TVD``."""
    size: float
    """0 to 1; 0 means alike."""
    chance: bool
    """Samples of the same thing would often lie as far apart."""
    words: str
    """What it is of, old → new."""
    least: bool = False
    """The size is a lower bound: values that are not kept one by one were taken as alike."""
    within: float = 0.0
    """How far the size may be off, because of values between the points that are kept."""


def distances(a: Column, b: Column, *, masked: bool = False) -> tuple[Distance, ...]:
    """Return every measure that both summaries allow, the largest first.

    Args:
        a: The old column.
        b: The new column.
        masked: Name no value and no moment in them.
    """
    found = [_missing(a, b), _infinite(a, b), _kolmogorov(a, b), _total_variation(a, b, masked)]
    found += [_length(a, b), *_moments(a, b, masked)]
    return tuple(sorted((one for one in found if one), key=lambda one: (-one.size, one.measure)))


def _missing(a: Column, b: Column) -> Distance | None:
    if not a.rows or not b.rows:
        return None
    counts = a.nulls + a.nans, b.nulls + b.nans
    return _shares("missing", counts, (a.rows, b.rows))


def _infinite(a: Column, b: Column) -> Distance | None:
    counts = tuple(one.plus_infinities + one.minus_infinities for one in (a, b))
    if not any(counts) or not a.rows or not b.rows:
        return None
    return _shares("infinite", (counts[0], counts[1]), (a.rows, b.rows))


def _shares(measure: str, counts: tuple[int, int], rows: tuple[int, int]) -> Distance:
    old, new = counts[0] / rows[0], counts[1] / rows[1]
    said = f"{percent(old)} → {percent(new)} {measure}"
    return Distance(measure, abs(new - old), _by_chance(counts, rows), said)


def _by_chance(counts: tuple[int, int], rows: tuple[int, int]) -> bool:
    """Return whether two shares may differ by chance: the pooled two-proportion z test."""
    share = sum(counts) / sum(rows)
    error = sqrt(share * (1 - share) * (1 / rows[0] + 1 / rows[1]))
    if error == 0:
        return True
    z = abs(counts[0] / rows[0] - counts[1] / rows[1]) / error
    return erfc(z / sqrt(2)) > _LEVEL


# -- numbers -----------------------------------------------------------------------------


def _kolmogorov(a: Column, b: Column) -> Distance | None:
    """Return the largest difference of the distribution functions: the Kolmogorov-Smirnov D."""
    points = [one.numbers.quantiles.at for one in (a, b) if one.numbers and one.numbers.quantiles]
    if len(points) < 2 or a.type == "boolean" or b.type == "boolean":  # noqa: PLR2004 - both
        return None
    at = np.unique(np.concatenate([np.array(one, np.float64) for one in points]))
    places = np.unique(np.concatenate([at, np.nextafter(at, -np.inf)]))
    apart = float(np.max(np.abs(cdf(a, places) - cdf(b, places))))
    floor = _KS_95 * sqrt((a.n + b.n) / (a.n * b.n))
    within = bound(a) + bound(b)
    return Distance("KS D", apart, apart < floor, _middles(a, b), within=within)


def _middles(a: Column, b: Column) -> str:
    medians = [one.numbers.median if one.numbers else None for one in (a, b)]
    return f"median {number(medians[0])} → {number(medians[1])}"


# -- categories --------------------------------------------------------------------------


def _total_variation(a: Column, b: Column, masked: bool) -> Distance | None:
    """Return half the sum of the differences of the shares: the total variation distance.

    Values that one side keeps and the other may have among its rare ones are taken as alike.
    """
    if not a.n or not b.n or not (a.top and b.top):
        return None
    if not {a.type, b.type} <= _HOLDS_WORDS and a.type != b.type:
        return None
    if a.other == a.n or b.other == b.n or (a.numbers and a.type != "boolean" and a.other):
        return None
    old, new, pooled = paired(a, b)
    apart = sum(abs(old[name] / a.n - new[name] / b.n) for name in old)
    apart = (apart + abs((a.n - sum(old.values())) / a.n - (b.n - sum(new.values())) / b.n)) / 2
    said = _moved_most(old, new, (a.n, b.n), masked)
    chance = _chi_square(list(old.values()), list(new.values()), a.n, b.n)
    return Distance("TVD", apart, chance, said, least=pooled)


def paired(a: Column, b: Column) -> tuple[dict[str, int], dict[str, int], bool]:
    """Return the counts of the values whose count is known on both sides, and whether all are."""
    tops = dict(a.top), dict(b.top)
    old, new = dict[str, int](), dict[str, int]()
    pooled = False
    for name in dict.fromkeys((*tops[0], *tops[1])):
        unknown = (name not in tops[0] and a.other) or (name not in tops[1] and b.other)
        if unknown:
            pooled = True
            continue
        old[name], new[name] = tops[0].get(name, 0), tops[1].get(name, 0)
    return old, new, pooled


def _moved_most(
    old: dict[str, int], new: dict[str, int], rows: tuple[int, int], masked: bool
) -> str:
    from workbench.datasets.cells import cell  # noqa: PLC0415 - only where there are categories

    if not old:
        return "no value in common"
    name = max(old, key=lambda one: abs(old[one] / rows[0] - new[one] / rows[1]))
    shown = MASK if masked else f"'{cell(name)}'"
    return f"{shown} {percent(old[name] / rows[0])} → {percent(new[name] / rows[1])}"


def _chi_square(old: list[int], new: list[int], n_old: int, n_new: int) -> bool:
    """Return whether two rows of counts may differ by chance: the contingency test.

    Values expected fewer than five times on a side are pooled, as the test asks for.
    """
    from scipy.special import chdtrc

    counts = np.array([[*old, n_old - sum(old)], [*new, n_new - sum(new)]], np.float64)
    totals = counts.sum(0)
    expected = totals * min(n_old, n_new) / (n_old + n_new)
    rare = expected < 5  # noqa: PLR2004 - Cochran's rule
    counts = np.column_stack([counts[:, ~rare], counts[:, rare].sum(1)])
    counts = counts[:, counts.sum(0) > 0]
    if counts.shape[1] < 2:  # noqa: PLR2004 - one value is one value
        return True
    expected = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return float(chdtrc(counts.shape[1] - 1, statistic)) > _LEVEL


# -- texts and moments -------------------------------------------------------------------


def _length(a: Column, b: Column) -> Distance | None:
    """Return by what share of the longer the mean length changed; no chance is known for it."""
    if a.lengths is None or b.lengths is None:
        return None
    old, new = a.lengths.mean, b.lengths.mean
    longer = max(old, new)
    size = abs(new - old) / longer if longer else 0.0
    return Distance("length", size, False, f"mean length {number(old)} → {number(new)}")


def _moments(a: Column, b: Column, masked: bool) -> list[Distance]:
    if a.moments is None or b.moments is None:
        return []
    found = []
    for measure, old, new in (
        ("months TVD", a.moments.months, b.moments.months),
        ("hours TVD", a.moments.hours, b.moments.hours),
    ):
        if sum(old) and sum(new) and len(old) == len(new):
            shares = np.array(old) / sum(old), np.array(new) / sum(new)
            apart = float(np.abs(shares[0] - shares[1]).sum() / 2)
            chance = _chi_square(list(old), list(new), sum(old), sum(new))
            found.append(Distance(measure, apart, chance, _spans(a, b, masked)))
    return found


def _spans(a: Column, b: Column, masked: bool) -> str:
    if masked:
        return f"{MASK} → {MASK}"
    spans = [f"{one.moments.first} to {one.moments.last}" for one in (a, b) if one.moments]
    return " → ".join(spans)
