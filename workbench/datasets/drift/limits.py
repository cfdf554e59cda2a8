"""What each limit of a check is of, and what it may be: settings, options and pages read it here.

The defaults stand in `workbench.datasets.drift.thresholds`, their sources in docs/statistics.md.
"""

import math
from typing import Any, Final, NamedTuple


class Kind(NamedTuple):
    """What a limit may be."""

    words: str
    most: float
    whole: bool = False
    zero: bool = False
    """Whether it may be 0, which is then a word of its own."""

    def holds(self, value: float) -> bool:
        """Say whether a finite number is one."""
        least = value >= 0 if self.zero else value > 0
        return least and value <= self.most and (isinstance(value, int) or not self.whole)


SHARE: Final = Kind("above 0 and at most 1", 1.0)
SIZE: Final = Kind("above 0", math.inf)
AGE: Final = Kind("0 or above", math.inf, zero=True)
COUNT: Final = Kind("a whole number from 0 up", math.inf, whole=True, zero=True)


class Limit(NamedTuple):
    """One limit."""

    kind: Kind
    meaning: str


LIMITS: Final[dict[str, Limit]] = {
    "q": Limit(
        SHARE, "false discovery rate: the share of chance among all that is called significant"
    ),
    "wasserstein": Limit(SIZE, "mean distance of quantiles, in robust scales: drift"),
    "wasserstein_severe": Limit(SIZE, "mean distance of quantiles, in robust scales: severe"),
    "psi": Limit(SIZE, "population stability index: drift (never below its noise floor)"),
    "psi_severe": Limit(SIZE, "population stability index: severe"),
    "tvd": Limit(SHARE, "share of rows in other categories: drift"),
    "tvd_severe": Limit(SHARE, "share of rows in other categories: severe"),
    "cohens_h": Limit(SIZE, "change of the share of one category or far tail, as Cohen's h: drift"),
    "cohens_h_severe": Limit(
        SIZE, "change of the share of one category or far tail, as Cohen's h: severe"
    ),
    "missing": Limit(SHARE, "change of the share of missing values: drift"),
    "missing_severe": Limit(SHARE, "change of the share of missing values: severe"),
    "new_category": Limit(SHARE, "share of rows in new categories"),
    "out_of_range": Limit(SHARE, "share of rows outside the reference's range"),
    "duplicates": Limit(SHARE, "growth of the share of repeated rows"),
    "age_days": Limit(AGE, "age of the newest row in days; 0: any age"),
    "score": Limit(SHARE, "importance-weighted effects of a whole chunk"),
    "auc": Limit(SHARE, "lower limit of the domain classifier's AUC"),
    "fewest": Limit(COUNT, "rows on either side below which nothing is judged"),
    "top": Limit(COUNT, "most important columns of which a severe one alarms alone"),
}
"""By the names of `workbench.datasets.drift.thresholds.Thresholds`, in their order."""


def no_limit(name: str, value: Any) -> str:
    """Return what a limit must be; empty where this is one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "a number"
    kind = LIMITS[name].kind
    return "" if kind.holds(value) else kind.words


def limit_of(name: str, value: float) -> float:
    """Return a limit as it is kept: counted ones are whole."""
    return int(value) if LIMITS[name].kind.whole else float(value)
