"""Days, ISO weeks and months."""

from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.datasets.drift.periods import (
    DAYS,
    MONTHS,
    PERIODS,
    WEEKS,
    begin_of,
    label_of,
    number_of,
)
from workbench.datasets.drift.times import DAY

_FIRST = date(1970, 1, 1)


@given(st.dates(date(1, 1, 2), date(9999, 12, 1)), st.integers(0, DAY - 1))
def test_periods_are_those_of_the_calendar(day: date, within: int) -> None:
    """Each moment lies in the day, the ISO week and the month the standard library says."""
    wall = np.array([(day - _FIRST).days * DAY + within])
    year, week, _ = day.isocalendar()
    said = {
        DAYS: day.isoformat(), WEEKS: f"{year:04d}-W{week:02d}", MONTHS: day.isoformat()[:7],
    }  # fmt: skip
    for kind in PERIODS:
        number = int(number_of(kind, wall)[0])
        assert label_of(kind, number) == said[kind]
        assert begin_of(kind, number) <= wall[0] < begin_of(kind, number + 1)


def test_labels_are_in_the_order_of_time() -> None:
    """Sorted as text they are sorted by time, over the turn of a year as well."""
    days = [date(2012, 12, 1) + timedelta(days=k) for k in range(500)]
    wall = np.array([(day - _FIRST).days * DAY for day in days])
    for kind in PERIODS:
        labels = [label_of(kind, number) for number in number_of(kind, wall).tolist()]
        assert labels == sorted(labels)
