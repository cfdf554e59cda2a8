"""Which runs are best in a metric."""

import math
from typing import Any

from workbench.runs.comparing import Fact


def best(fact: Fact) -> frozenset[int]:
    """Return the runs nobody beats; none where all are alike or no direction is known."""
    if fact.goal not in ("min", "max"):
        return frozenset()
    values = {run: value for run, value in enumerate(fact.values) if _counts(value)}
    if not values:
        return frozenset()
    top = (max if fact.goal == "max" else min)(values.values())
    winners = frozenset(run for run, value in values.items() if value == top)
    return winners if len(winners) < len(fact.values) else frozenset()


def _counts(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and math.isfinite(value)
