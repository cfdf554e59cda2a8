"""The false discovery rate: p-values of many tests, corrected for their being many."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def adjusted(p: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values after Benjamini and Hochberg: the least rate at which each is a discovery.

    Args:
        p: Of all tests of one check, 0 to 1, shape ``(tests,)``.

    Source: Benjamini and Hochberg (1995), Controlling the False Discovery Rate, Journal of the
    Royal Statistical Society B 57(1).
    """
    values = np.asarray(p, np.float64)
    tests = len(values)
    if not tests:
        return values
    order = np.argsort(values, kind="stable")
    raised = values[order] * tests / np.arange(1, tests + 1)
    found = np.empty(tests)
    found[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return found
