"""How moments lie over the clock and the calendar: on request only.

A later month is no drift: current data are always later than the reference, and a chunk of a
month has one month in it. So of dates and times only the share of missing ones is judged, unless a
person gives the column the role ``datetime``; and then each calendar only where both sides are
long enough to hold all of it. Times of day have no later or earlier: their hours are always judged.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift import effects, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found
from workbench.datasets.drift.report import Shape
from workbench.datasets.profile import Column, Moments
from workbench.datasets.profiling.moments import nanoseconds
from workbench.datasets.table import TIME
from workbench.words import percent

Floats = NDArray[np.float64]

_DRAWN: Final = 12
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
    found = list(_seen(a.moments, b.moments, asked, of_day=a.type == TIME))
    if not found:
        return Found(words="no calendar is covered by both sides")
    first = max(found, key=lambda one: one.aspect.effects[0].value)
    return Found(tuple(one.aspect for one in found), shape=first.shape, words=first.words)


class _Seen(NamedTuple):
    """What one calendar shows."""

    aspect: Aspect
    shape: Shape
    words: str


def _seen(a: Moments, b: Moments, asked: Asked, *, of_day: bool) -> Iterator[_Seen]:
    days = 1.0 if of_day else min(span_days(a), span_days(b))
    for calendar in _CALENDARS:
        one, two = (np.array(getattr(side, calendar.name), np.float64) for side in (a, b))
        if days >= calendar.days and one.sum() and two.sum():
            yield _of_calendar(calendar, one, two, asked)


def _of_calendar(calendar: _Calendar, one: Floats, two: Floats, asked: Asked) -> _Seen:
    test, p = significance.contingency(one, two)
    limits = asked.thresholds
    effect = Effect(
        "tvd", float(effects.total_variation(one, two)), limits.tvd, limits.tvd_severe,
        float(effects.variation_floor(one[None], two[None])[0]), words=f"of the {calendar.name}",
    )  # fmt: skip
    old, new = one / one.sum(), two / two.sum()
    order = np.argsort(-np.abs(old - new), kind="stable")[:_DRAWN]
    shape = Shape(
        categories=tuple(calendar.names[k] for k in order),
        reference_parts=tuple(old[order].tolist()),
        current_parts=tuple(new[order].tolist()),
        new=tuple(bool(one[k] == 0) for k in order),
        reference_other=max(0.0, float(old.sum() - old[order].sum())),
        current_other=max(0.0, float(new.sum() - new[order].sum())),
    )
    k = int(order[0])
    words = f"{calendar.names[k]} {percent(float(old[k]))} → {percent(float(new[k]))}"
    rows = int(min(one.sum(), two.sum()))
    return _Seen(Aspect(f"{test} of {calendar.name}", p, rows, (effect,)), shape, words)


def span_days(moments: Moments) -> float:
    """Return how long the time between the first and the last moment is; 0 where hidden."""
    try:
        return (nanoseconds(moments.last) - nanoseconds(moments.first)) / _DAY
    except ValueError:
        return 0.0
