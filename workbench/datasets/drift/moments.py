"""How moments lie over the clock and the calendar: on request only.

A later month is no drift: current data are always later than the reference, and a chunk of a
month has one month in it. So of dates and times only the share of missing ones is judged, unless a
person gives the column the role ``datetime``; and then each calendar only where both sides are
long enough to hold all of it.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from workbench.datasets.drift import effects, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found
from workbench.datasets.drift.report import Shape
from workbench.datasets.profile import Column, Moments
from workbench.datasets.profiling.moments import nanoseconds
from workbench.words import percent

_DAY: Final = 86_400_000_000_000
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_HOURS: Final = tuple(f"{hour:02d}:00" for hour in range(24))
UNASKED: Final = "later moments are no drift: only missing ones are judged"


class _Calendar(NamedTuple):
    name: str
    names: tuple[str, ...]
    days: int
    """That both sides must span: less, and the calendar differs because the periods do."""


_CALENDARS: Final = (
    _Calendar("hours", _HOURS, 1),
    _Calendar("weekdays", _WEEKDAYS, 7),
    _Calendar("months", _MONTHS, 365),
)


def compared(a: Column, b: Column, asked: Asked) -> Found:
    """Return what the calendars of two columns of moments show, where both are long enough."""
    if a.moments is None or b.moments is None:
        return Found()
    found = list(_aspects(a.moments, b.moments, asked))
    if not found:
        return Found(words="neither calendar is covered by both sides")
    aspect, shape, words = max(found, key=lambda one: one[0].effects[0].value)
    del aspect
    return Found(aspects=tuple(one[0] for one in found), shape=shape, words=words)


def _aspects(a: Moments, b: Moments, asked: Asked) -> Iterator[tuple[Aspect, Shape, str]]:
    days = min(span_days(a), span_days(b))
    for calendar in _CALENDARS:
        one, two = (np.array(getattr(side, calendar.name), np.float64) for side in (a, b))
        if days < calendar.days or not one.sum() or not two.sum():
            continue
        test, p = significance.contingency(one, two)
        effect = Effect(
            "tvd", effects.total_variation(one, two), asked.thresholds.tvd,
            asked.thresholds.tvd_severe, effects.variation_floor(one, two),
            words=f"of the {calendar.name}",
        )  # fmt: skip
        p1, p2 = one / one.sum(), two / two.sum()
        order = np.argsort(-np.abs(p1 - p2), kind="stable")[:12]
        k = int(order[0])
        shape = Shape(
            categories=tuple(calendar.names[i] for i in order),
            reference_parts=tuple(p1[order].tolist()),
            current_parts=tuple(p2[order].tolist()),
            new=tuple(bool(one[i] == 0) for i in order),
            reference_other=max(0.0, float(1 - p1[order].sum())),
            current_other=max(0.0, float(1 - p2[order].sum())),
        )
        words = f"{calendar.names[k]} {percent(p1[k])} → {percent(p2[k])}"
        yield (
            Aspect(f"{test} of {calendar.name}", p, int(min(one.sum(), two.sum())), (effect,)),
            shape,
            words,
        )


def span_days(moments: Moments) -> float:
    """Return how long the time between the first and the last moment is; 0 where hidden."""
    try:
        return (nanoseconds(moments.last) - nanoseconds(moments.first)) / _DAY
    except ValueError:
        return 0.0
