"""The difference of a metric between two versions and its interval, or why there is none."""

from math import nan, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np

from workbench import words
from workbench.datasets.resampling import affordable, resample
from workbench.datasets.scoring import Answers, Metric, Numbers, score

LEVEL: Final = 0.95
"""The confidence of every interval here, as of those between runs."""
FEWEST_ROWS: Final = 20
FEWEST_OF_A_CLASS: Final = 10
"""Of each class, for metrics defined by class. With fewer, resamples often have almost none."""
_MOST_UNDEFINED: Final = 0.01
"""Share of resamples in which a metric may be undefined."""
_ROUNDING: Final = 1e-12
"""Below this share of the values themselves a difference is the rounding of doubles."""


class Measured(NamedTuple):
    """A metric of both versions, and the interval of challenger minus champion."""

    champion: float
    challenger: float
    low: float = nan
    high: float = nan
    """NaN where there is no interval."""
    error: float = nan
    """The standard error of the difference."""
    resamples: int = 0
    why_not: str = ""
    """Why there is no interval, as a sentence."""
    times: float = nan
    """How many times the rows would be enough, where too few are why; else NaN."""
    same: bool = False
    """Both versions answered every row alike, as far as the metric sees."""

    @property
    def difference(self) -> float:
        """Return challenger minus champion."""
        return self.challenger - self.champion


class _Lack(NamedTuple):
    why: str
    times: float = nan
    defined: bool = True
    """The metric itself has a value all the same."""


def measure(
    champion: Answers, challenger: Answers, metric: Metric, resamples: int, seed: int
) -> Measured:
    """Return the metric of both on the same rows, and a paired bootstrap interval.

    Expanded percentiles of 2,000 resamples; of more rows than those can be afforded for, the
    normal interval with the standard error of fewer.

    Args:
        champion: Answers of the one.
        challenger: Answers of the other to the same rows.
        metric: Which.
        resamples: How many, if they can be afforded.
        seed: Of the bootstrap.

    Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapters 6 and 13.
    """
    found = points(champion, challenger, metric)
    if found.why_not:
        return found
    return _with_interval(found, champion, challenger, metric, resamples, seed)


def points(champion: Answers, challenger: Answers, metric: Metric) -> Measured:
    """Return the metric of both without an interval; ``why_not`` if there cannot be one."""
    lack = _lack(champion, metric)
    if lack is not None and not lack.defined:
        return Measured(nan, nan, why_not=lack.why, times=lack.times)
    values = score(metric, champion), score(metric, challenger)
    if lack is not None:
        return Measured(*values, why_not=lack.why, times=lack.times)
    if _alike(champion, challenger, metric):
        why = f"Both versions answer all {words.count(len(champion.label))} rows alike."
        return Measured(*values, why_not=why, same=True)
    return Measured(*values)


def _alike(champion: Answers, challenger: Answers, metric: Metric) -> bool:
    """Say whether what the metric looks at is the same in every row."""
    if metric.needs in ("classes", "numbers"):
        return bool(np.array_equal(champion.prediction, challenger.prediction))
    return bool(np.array_equal(champion.scores, challenger.scores))


def _lack(answers: Answers, metric: Metric) -> _Lack | None:
    """Return what the rows lack for an interval, None if nothing."""
    n = len(answers.label)
    if metric.needs == "numbers":
        if metric.name == "r2" and bool(np.ptp(answers.label) == 0):
            return _Lack("All labels are the same number, so r2 is not defined.", defined=False)
    else:
        lack = _lack_of_classes(answers, metric)
        if lack is not None:
            return lack
    if n < FEWEST_ROWS:
        few = f"{words.plural(n, 'row')} {'is' if n == 1 else 'are'} too few"
        return _Lack(f"{few}: at least {FEWEST_ROWS} are needed.", FEWEST_ROWS / n)
    return None


def _lack_of_classes(answers: Answers, metric: Metric) -> _Lack | None:
    there, sizes = np.unique(answers.label, return_counts=True)
    if len(there) == 1:
        name = words.visible(answers.classes[int(there[0])])
        return _Lack(f"All labels are {name!r}: of other classes nothing is known.", defined=False)
    least = int(sizes.argmin())
    if metric.by_class and sizes[least] < FEWEST_OF_A_CLASS:
        name = words.visible(answers.classes[int(there[least])])
        return _Lack(
            f"Class {name!r} has {words.plural(int(sizes[least]), 'row')}: "
            f"at least {FEWEST_OF_A_CLASS} are needed.",
            FEWEST_OF_A_CLASS / float(sizes[least]),
        )
    return None


def _with_interval(
    found: Measured,
    champion: Answers,
    challenger: Answers,
    metric: Metric,
    resamples: int,
    seed: int,
) -> Measured:
    count = affordable(metric, champion, resamples)
    drawn = resample(metric, champion, challenger, count, np.random.default_rng(seed))
    differences = drawn.challenger - drawn.champion
    defined = differences[np.isfinite(differences)]
    if len(defined) < (1 - _MOST_UNDEFINED) * count:
        why = f"{metric.name} is not defined in many resamples: the labels hardly differ."
        return found._replace(why_not=why)
    error = float(defined.std(ddof=1))
    if not error > _ROUNDING * max(1e-300, abs(found.champion), abs(found.challenger)):
        return _without_spread(found, metric, count)
    if count < resamples:
        reach = normal_quantile((1 + LEVEL) / 2) * error
        low, high = found.difference - reach, found.difference + reach
    else:
        low, high = _percentiles(defined, _fewest(champion, metric))
    return found._replace(low=low, high=high, error=error, resamples=count)


def _without_spread(found: Measured, metric: Metric, resamples: int) -> Measured:
    """Return the point that the interval is where every resample has the same difference.

    Where that is none, the rows say only that they never saw one.
    """
    difference = found.difference
    if abs(difference) > _ROUNDING * max(abs(found.champion), abs(found.challenger)):
        return found._replace(low=difference, high=difference, error=0.0, resamples=resamples)
    why = f"Both versions have the same {metric.name} whichever of the rows are drawn."
    return found._replace(challenger=found.champion, why_not=why, same=True)


def _percentiles(differences: Numbers, n: int) -> tuple[float, float]:
    """Return the expanded percentile interval.

    Plain percentiles are as much too narrow as a t interval would be with the normal quantile
    and a variance divided by n; for 20 rows that is a tenth.

    Source: Hesterberg (2015), What Teachers Should Know About the Bootstrap, The American
    Statistician 69(4), section 4.3.
    """
    from scipy.special import stdtrit

    t = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * sqrt(n / (n - 1))
    tail = 1 - NormalDist().cdf(t)
    low, high = np.quantile(differences, [tail, 1 - tail])
    return float(low), float(high)


def _fewest(answers: Answers, metric: Metric) -> int:
    """Return how many rows the interval rests on: of the smallest class, if it goes by class."""
    if not metric.by_class:
        return len(answers.label)
    return int(np.unique(answers.label, return_counts=True)[1].min())


def normal_quantile(share: float) -> float:
    """Return the value that a standard normal variable stays below with probability ``share``."""
    return NormalDist().inv_cdf(share)


def mcnemar(champion: Answers, challenger: Answers) -> float:
    """Return the two-sided mid-p that both versions are right equally often; 1 without discord.

    Only rows count that one version gets right and the other wrong.

    Source: McNemar (1947), Psychometrika 12(2); mid-p after Fagerland, Lydersen and Laake
    (2013), The McNemar test for binary matched-pairs data, BMC Medical Research Methodology 13.
    """
    from scipy.stats import binom

    one = champion.prediction == champion.label
    other = challenger.prediction == challenger.label
    only_one, only_other = int((one & ~other).sum()), int((other & ~one).sum())
    few, discord = min(only_one, only_other), only_one + only_other
    if discord == 0:
        return 1.0
    at = float(binom.pmf(few, discord, 0.5))
    if only_one == only_other:
        return 1.0 - 0.5 * at
    return 2.0 * float(binom.cdf(few, discord, 0.5)) - at
