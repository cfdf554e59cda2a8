"""Whether two recipes really differ, said with an interval or not said at all.

Two runs differ in everything, chance included. Where a recipe was repeated over seeds
or folds, the mean difference gets a confidence interval: paired where both were run
with the same seeds, because what a seed does to both cancels; Welch's otherwise.
"""

from collections.abc import Hashable, Mapping
from math import hypot, nan, sqrt
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.runs.spread import Spread, spread

LEVEL: Final = 0.95
"""The confidence of every interval here; people expect it and it is never turned down."""

PAIRED, WELCH, NONE = "paired t", "Welch t", "none"

_ROUNDING: Final = 1e-12
"""Below this share of the values themselves a deviation is the rounding of doubles."""
_SMALLEST, _LARGEST = 1e-150, 1e150
"""Between these sizes no square, sum or quotient leaves the range of doubles."""

Number = TypeVar("Number", float, NDArray[np.float64])


class Difference(NamedTuple):
    """The mean of B minus the mean of A, and how sure that is.

    ``low`` to ``high`` covers the true difference in ``level`` of all such comparisons;
    both are NaN where there is no interval. ``n`` counts pairs, for Welch's interval the
    runs of both. ``p`` is two-sided. ``distinguishable`` is None where nothing can be said.
    """

    mean: float
    low: float
    high: float
    level: float
    n: int
    method: str
    p: float
    distinguishable: bool | None
    words: str


class Interval(NamedTuple):
    """A confidence interval and the two-sided p-value of zero; numbers or arrays of them."""

    low: Any
    high: Any
    p: Any


def paired_interval(mean: Number, std: Number, n: int, level: float = LEVEL) -> Interval:
    """Return the t interval of the mean of ``n`` differences.

    Args:
        mean: The mean difference; a number, or an array for many experiments at once.
        std: The sample standard deviation of the differences, with ``n - 1``; above 0.
        n: The number of pairs, at least 2.
        level: The confidence, between 0 and 1.

    Source: Student (1908), The Probable Error of a Mean, Biometrika 6(1).
    """
    return _t_interval(mean, std / sqrt(n), n - 1, level)


def welch_interval(
    mean: Number, stds: tuple[Number, Number], ns: tuple[int, int], level: float = LEVEL
) -> Interval:
    """Return the t interval of the difference of two means whose variances may differ.

    Args:
        mean: The mean of B minus the mean of A; a number or an array.
        stds: The sample standard deviations of A and B, not both 0.
        ns: How many values A and B have, each at least 2.
        level: The confidence, between 0 and 1.

    Source: Welch (1947), The generalization of "Student's" problem when several different
    population variances are involved, Biometrika 34(1-2); degrees of freedom after
    Satterthwaite (1946).
    """
    errors = stds[0] / sqrt(ns[0]), stds[1] / sqrt(ns[1])
    error = np.hypot(*errors)
    shares = (errors[0] / error) ** 4 / (ns[0] - 1), (errors[1] / error) ** 4 / (ns[1] - 1)
    return _t_interval(mean, error, 1.0 / (shares[0] + shares[1]), level)


def _t_interval(mean: Any, error: Any, freedom: Any, level: float) -> Interval:
    from scipy.special import stdtr, stdtrit

    reach = stdtrit(freedom, (1 + level) / 2) * error
    return Interval(mean - reach, mean + reach, 2 * stdtr(freedom, -np.abs(mean / error)))


def difference(a: Mapping[Hashable, float], b: Mapping[Hashable, float]) -> Difference:
    """Return how much B's values differ from A's, and whether that is more than chance.

    Paired over the keys both have, if there are two or more; else between the two
    groups, if each has two or more; else without an interval. Values that are not
    finite numbers are left out.

    Args:
        a: The value of a metric by seed or fold, of the first recipe.
        b: Likewise of the second.
    """
    a, b = _finite(a), _finite(b)
    pairs = spread(b[key] - a[key] for key in a if key in b)
    if pairs.n > 1:
        scale = max(map(abs, (*a.values(), *b.values())))
        return _paired(pairs, scale)
    return _unpaired(spread(a.values()), spread(b.values()))


def _finite(values: Mapping[Hashable, Any]) -> dict[Hashable, float]:
    """Return the values that are numbers to reckon with; a file may hold anything."""
    found = {}
    for key, value in values.items():
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            continue
        if abs(number) < _LARGEST:
            found[key] = number
    return found


def _noise(scale: float) -> float:
    return max(_SMALLEST, _ROUNDING * scale)


def _paired(pairs: Spread, scale: float) -> Difference:
    std = pairs.std or 0.0
    said = f"n={pairs.n}"
    if not std > _noise(scale):
        return _without_spread(pairs.mean, pairs.n, PAIRED, scale, said)
    return _with(pairs.mean, paired_interval(pairs.mean, std, pairs.n), pairs.n, PAIRED, said)


def _unpaired(a: Spread, b: Spread) -> Difference:
    mean = b.mean - a.mean
    said = f"n={a.n} and {b.n}"
    if a.std is None or b.std is None:
        text = (
            f"cannot tell, {said}: at least 2 with each, or 2 seeds or folds in common, are needed"
        )
        return Difference(mean, nan, nan, LEVEL, a.n + b.n, NONE, nan, None, text)
    scale = max(abs(a.mean), abs(b.mean))
    if not hypot(a.std, b.std) > _noise(scale):
        return _without_spread(mean, a.n + b.n, WELCH, scale, said)
    interval = welch_interval(mean, (a.std, b.std), (a.n, b.n))
    return _with(mean, interval, a.n + b.n, WELCH, said)


def _with(mean: float, interval: Interval, n: int, method: str, said: str) -> Difference:
    low, high, p = map(float, interval)
    apart = low > 0 or high < 0
    shown = f"B − A = {_signed(mean)} [{words.number(low, 3)}, {words.number(high, 3)}]"
    text = (
        f"{shown}, {method}, {said}"
        if apart
        else f"not distinguishable, {said} ({shown}, {method})"
    )
    return Difference(mean, low, high, LEVEL, n, method, p, apart, text)


def _signed(mean: float) -> str:
    """Return a difference behind an equals sign, where none is a number too."""
    return words.delta(mean) if mean else "0"


def _without_spread(mean: float, n: int, method: str, scale: float, said: str) -> Difference:
    """Return what can be said where repeating changed nothing: a difference of unknown noise.

    The formula would give an interval without width and certainty from two runs.
    Runs that ignore their seed and metrics rounded to few digits look like this.
    """
    if not abs(mean) > _noise(scale):
        text = f"not distinguishable, {said} (no difference at all)"
        return Difference(0.0, nan, nan, LEVEL, n, method, nan, False, text)
    text = f"cannot tell, {said}: B − A = {_signed(mean)} without any spread"
    return Difference(mean, nan, nan, LEVEL, n, method, nan, None, text)
