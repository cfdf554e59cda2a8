"""Days, ISO weeks and months as numbers: which one a moment lies in, its name, where it begins.

A period is counted from that of 1 January 1970; the days before it have numbers below zero.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift.times import DAY

DAYS, WEEKS, MONTHS = "day", "week", "month"
PERIODS: Final = (DAYS, WEEKS, MONTHS)
_THURSDAY: Final = 3
"""1 January 1970, counted from Monday."""
_UNITS: Final = {DAYS: "D", MONTHS: "M"}


def number_of(kind: str, wall: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the period each moment lies in."""
    days = wall // DAY
    if kind == WEEKS:
        return (days + _THURSDAY) // 7
    if kind == MONTHS:
        return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return days


def begin_of(kind: str, number: int) -> int:
    """Return when a period begins, in microseconds of the wall clock."""
    if kind == WEEKS:
        return (number * 7 - _THURSDAY) * DAY
    first = np.int64(number).astype(f"datetime64[{_UNITS[kind]}]").astype("datetime64[D]")
    return int(first.astype(np.int64)) * DAY


def label_of(kind: str, number: int) -> str:
    """Return the name of a period in ISO 8601: ``2013-04-01``, ``2013-W14``, ``2013-04``."""
    if kind == WEEKS:
        thursday = np.int64(number * 7).astype("datetime64[D]")
        year = thursday.astype("datetime64[Y]")
        week = int((thursday - year.astype("datetime64[D]")).astype(np.int64)) // 7 + 1
        return f"{year}-W{week:02d}"
    return str(np.int64(number).astype(f"datetime64[{_UNITS[kind]}]"))
