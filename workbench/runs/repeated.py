"""Whether a run that repeats another one came out the same."""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

ROUNDING = 1e-9
"""Relative difference that counts as equal where nobody gave a tolerance: sums in another order
differ by some 1e-12, and nobody decides anything by the ninth digit."""


class Repeated(NamedTuple):
    """One metric of a run and of its repetition."""

    metric: str
    then: float | None
    now: float | None
    tolerance: float
    """The largest absolute difference that counts as the same."""
    given: bool
    """A person gave the tolerance; else it is `ROUNDING` of the value."""

    @property
    def difference(self) -> float | None:
        """Return now minus then, or None where one of them is not there."""
        return None if self.then is None or self.now is None else self.now - self.then

    @property
    def holds(self) -> bool:
        """Say whether the two are the same within the tolerance; NaN is the same as NaN."""
        if self.then is None or self.now is None:
            return False
        if math.isnan(self.then) or math.isnan(self.now):
            return math.isnan(self.then) and math.isnan(self.now)
        if math.isinf(self.then) or math.isinf(self.now):
            return self.then == self.now
        return abs(self.now - self.then) <= self.tolerance


def repeated(
    metrics: Iterable[str],
    then: Mapping[str, float],
    now: Mapping[str, float],
    tolerances: Mapping[str, float],
) -> tuple[Repeated, ...]:
    """Return how the named metrics of a run came out again.

    Args:
        metrics: Which ones decide.
        then: Last values of the run by metric.
        now: Last values of its repetition.
        tolerances: Absolute tolerance by metric, where a person gave one.
    """
    return tuple(
        Repeated(
            name,
            then.get(name),
            now.get(name),
            tolerances.get(name, _rounding(then.get(name), now.get(name))),
            name in tolerances,
        )
        for name in metrics
    )


def _rounding(*values: float | None) -> float:
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value)]
    return ROUNDING * max(sizes, default=0.0)
