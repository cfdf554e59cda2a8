"""From what size on a change counts: the numbers that make a verdict of a test and an effect.

A field stands under its name in ``[monitor.X.thresholds]`` of the settings; where each default
comes from is in docs/statistics.md.
"""

import msgspec


class Thresholds(msgspec.Struct, frozen=True):
    """The limits of one check; the defaults hold false alarms below 2 % of runs.

    Written out whole: what was judged by a default is judged by it still when that is another.
    """

    q: float = 0.01
    """Of the p-values, after Benjamini and Hochberg over all columns and chunks of the check."""
    wasserstein: float = 0.1
    """Distance over the robust scale of the reference."""
    wasserstein_severe: float = 0.5
    psi: float = 0.1
    """Population stability index on the reference's deciles, smoothed; never below its own noise
    floor at these numbers of rows."""
    psi_severe: float = 0.25
    tvd: float = 0.1
    """Total variation distance of the shares of categories."""
    tvd_severe: float = 0.25
    cohens_h: float = 0.2
    """Of the share of one category, or of the values in a far tail: where half the rows have it,
    0.2 is a change by 10 points, where 1 % have it, one by 3."""
    cohens_h_severe: float = 0.5
    missing: float = 0.05
    """By how much the share of missing values may change."""
    missing_severe: float = 0.25
    new_category: float = 0.01
    """The share of rows in categories the reference does not have."""
    out_of_range: float = 0.01
    """The share of rows below the reference's least or above its greatest value."""
    duplicates: float = 0.01
    """By how much the share of repeated rows may grow."""
    age_days: float = 0.0
    """How many days old the newest row may be; 0: as old as it likes."""
    score: float = 0.3
    """Of the whole: importance-weighted effects, each at most 1."""
    auc: float = 0.55
    """The lower 95 % limit of the domain classifier's AUC."""
    fewest: int = 30
    """Rows on either side below which nothing is judged."""
    top: int = 5
    """How many of the most important columns are enough to alarm when one of them is severe."""


def changed(thresholds: Thresholds) -> dict[str, float]:
    """Return the limits that are not the defaults, by name: written out or not, they are one."""
    usual = Thresholds()
    names = Thresholds.__struct_fields__
    return {
        name: getattr(thresholds, name)
        for name in names
        if getattr(thresholds, name) != getattr(usual, name)
    }
