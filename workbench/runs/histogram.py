"""How a number is distributed over runs: counts in bins of one width."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench.runs.series import Floats, Ints

MOST_BINS = 60
"""More bins than this are noise on any screen, and one far outlier would ask for millions."""

_LARGEST = 1e300
"""The width of a wider range is no number; what lies beyond counts as infinite."""


class Histogram(NamedTuple):
    """Counts between neighbouring edges; one edge more than counts, none of either if empty.

    ``left_out`` counts what was NaN or infinite. The last bin holds its upper edge too.
    """

    edges: Floats
    counts: Ints
    left_out: int


def histogram(values: Sequence[float] | Floats, bins: int | None = None) -> Histogram:
    """Return the histogram of the finite values.

    Args:
        values: Any numbers.
        bins: How many; None asks Freedman and Diaconis, or Sturges where half of the values
            are one, and takes 60 at most.

    Source: Freedman and Diaconis (1981), On the histogram as a density estimator: L2 theory.
    """
    given = np.asarray(values, dtype=np.float64).ravel()
    finite = given[np.abs(given) <= _LARGEST]
    left_out = len(given) - len(finite)
    if not len(finite):
        return Histogram(np.empty(0), np.empty(0, dtype=np.int64), left_out)
    low, high = _range(finite)
    number = bins or _bins(finite, low, high)
    edges = np.linspace(low, high, number + 1)
    if len(np.unique(edges)) <= number:
        edges = np.array([low, high])
    counts, edges = np.histogram(finite, edges)
    return Histogram(edges, counts.astype(np.int64), left_out)


def _range(finite: Floats) -> tuple[float, float]:
    """Return the range of the values, or some range around them where all are one."""
    low, high = float(finite.min()), float(finite.max())
    room = max(abs(low) * 1e-3, 0.5) if high == low else 0.0
    return low - room, high + room


def _bins(finite: Floats, low: float, high: float) -> int:
    quarter, three = np.quantile(finite, (0.25, 0.75))
    width = 2 * (three - quarter) / np.cbrt(len(finite))
    if not width > 0:
        return min(int(np.ceil(np.log2(len(finite)) + 1)), MOST_BINS)
    if high - low >= width * MOST_BINS:  # before dividing, which may leave the range of floats
        return MOST_BINS
    return int(max(np.ceil((high - low) / width), 1))
