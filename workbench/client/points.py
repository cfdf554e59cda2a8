"""Metric lines and running summaries, on the hot path of `Run.log`.

The lines and the summaries are those of `workbench.runfolder`, made by hand
because a call of ``json.dumps`` and a new tuple per value would cost more than
the write itself; the tests hold both to the contract's own.
"""

import json
from collections.abc import Iterable
from typing import Any

from workbench.runfolder import Summary, checked_name, encode_summary

Point = tuple[str, float]


def metric_key(name: object) -> str:
    """Return a metric's name as it stands in a line, colon included.

    Raises:
        UsageError: A metric may not have that name.
    """
    return json.dumps(checked_name(name, "metric"), ensure_ascii=False) + ":"


def metric_line(fields: Iterable[str], step: int | None, time: float) -> bytes:
    """Return a line of metrics from its encoded fields."""
    at = "null" if step is None else step
    return f'{{"step":{at},"time":{time:.3f},"metrics":{{{",".join(fields)}}}}}\n'.encode()


def metric_fields(points: Iterable[Point]) -> list[str]:
    """Return values as a line holds them, by name.

    Raises:
        UsageError: A metric may not have that name.
    """
    return [
        metric_key(name) + (repr(value) if value - value == 0.0 else unusual(value))
        for name, value in points
    ]


def unusual(value: float) -> str:
    """Return NaN or an infinity as a line holds it."""
    if value != value:  # noqa: PLR0124 - the fastest NaN test there is
        return '"NaN"'
    return '"Infinity"' if value > 0 else '"-Infinity"'


class Series:
    """The running summary of one metric: `Summary.add` without a new tuple per value."""

    __slots__ = (
        "count", "first", "first_step", "last", "last_step", "max", "min", "nans",
        "step_of_max", "step_of_min",
    )  # fmt: skip

    def __init__(self, value: float, step: int | None) -> None:
        one = Summary.of(value, step)
        self.last, self.min, self.max, self.first = one.last, one.min, one.max, one.first
        self.count, self.nans = one.count, one.nans
        self.step_of_min, self.step_of_max = one.step_of_min, one.step_of_max
        self.first_step, self.last_step = one.first_step, one.last_step

    def add(self, value: float, step: int | None) -> None:
        """Take one more value, in the order of writing."""
        self.last = value
        self.last_step = step
        self.count += 1
        if value != value:  # noqa: PLR0124 - the fastest NaN test there is
            self.nans += 1
            return
        if not value >= self.min:  # also when the least so far is NaN
            self.min, self.step_of_min = value, step
        if not value <= self.max:
            self.max, self.step_of_max = value, step

    def summary(self) -> Summary:
        """Return what is kept of the metric."""
        return Summary(*(getattr(self, field) for field in Summary._fields))

    def encoded(self) -> dict[str, Any]:
        """Return the summary as the end card holds it."""
        return encode_summary(self.summary())
