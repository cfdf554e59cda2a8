"""The signed difference of a value to a baseline, and whether it is for the better."""

import math
from typing import NamedTuple

from workbench.runfolder import Goal

BETTER, WORSE, SAME, UNKNOWN = "better", "worse", "same", "unknown"


class Delta(NamedTuple):
    """How a value differs from a baseline's.

    ``difference`` is value minus baseline and ``ratio`` is that over the size of the baseline;
    None where the number does not exist.
    """

    difference: float | None
    ratio: float | None
    verdict: str


def delta(value: float | None, baseline: float | None, goal: str | None) -> Delta:
    """Return the difference to the baseline with its verdict.

    Args:
        value: The value; None or NaN where there is none.
        baseline: The value of the baseline, likewise.
        goal: ``min``, ``max``, or None where nobody said what is better.
    """
    if value is None or baseline is None or math.isnan(value) or math.isnan(baseline):
        return Delta(None, None, UNKNOWN)
    if value == baseline:
        return Delta(0.0, 0.0, SAME)
    difference = value - baseline
    return Delta(difference, _ratio(difference, baseline), _verdict(difference, goal))


def _ratio(difference: float, baseline: float) -> float | None:
    if baseline == 0 or not math.isfinite(difference) or not math.isfinite(baseline):
        return None
    return difference / abs(baseline)


def _verdict(difference: float, goal: str | None) -> str:
    if goal == Goal.MAX:
        return BETTER if difference > 0 else WORSE
    if goal == Goal.MIN:
        return BETTER if difference < 0 else WORSE
    return UNKNOWN
