"""Ticks: round numbers, round times, labels that tell them apart."""

from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.numbers import counted, short
from workbench.charts.ticks import (
    clock_times,
    duration_label,
    durations,
    linear,
    logarithmic,
    place_label,
    ticks,
)


def labels(found):
    """Return only what the ticks read."""
    return [tick.label for tick in found]


@pytest.mark.parametrize(
    ("low", "high", "at_most", "expected"),
    [
        (0, 1, 5, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 168, 4, ["0", "50", "100", "150"]),
        (0, 9999, 5, ["0", "2000", "4000", "6000", "8000"]),
        (0, 100_000, 5, ["0", "20k", "40k", "60k", "80k", "100k"]),
        (10_000, 12_000, 4, ["10.0k", "10.5k", "11.0k", "11.5k", "12.0k"]),
        (-3, 3, 3, ["-2", "0", "2"]),
        (0.9411, 0.9433, 3, ["0.942", "0.943"]),
        (0, 2.5e-5, 3, ["0", "1e-5", "2e-5"]),
        (0, 3e9, 3, ["0", "1G", "2G", "3G"]),
        (0, 4e20, 2, ["0", "2e20", "4e20"]),
        (5, 5, 3, []),
    ],
)
def test_linear_ticks_are_round(low, high, at_most, expected):
    """Ticks are multiples of 1, 2 or 5, and all labels of an axis have one form."""
    assert labels(linear(low, high, at_most)) == expected


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(2, 9))
def test_ticks_are_few_distinct_and_inside(low, span, at_most):
    """No axis has more ticks than asked for, two alike, or one outside."""
    high = low + span
    if span < abs(low) * 1e-6:
        return
    found = linear(low, high, at_most)
    assert len(found) <= at_most + 1
    assert len(set(labels(found))) == len(found)
    assert all(low - span * 1e-6 <= tick.at <= high + span * 1e-6 for tick in found)


def test_steps_have_whole_ticks():
    """Three steps are not ruled by halves."""
    assert labels(ticks("steps", 0, 2, 5)) == ["0", "1", "2"]
    assert labels(ticks("number", 0, 1, 2)) == ["0", "0.5", "1.0"]


@pytest.mark.parametrize(
    ("low", "high", "at_most", "expected"),
    [
        (-3, 2, 9, ["0.001", "0.01", "0.1", "1", "10", "100"]),
        (-6, 6, 4, ["1e-4", "1", "10k"]),
        (-0.8, 0.3, 5, ["0.2", "0.5", "1"]),
        (0.0, 0.1, 3, ["1.0", "1.1", "1.2"]),
        (3, 7, 9, ["1000", "10k", "100k", "1e6", "1e7"]),
    ],
)
def test_log_ticks_are_powers_or_round(low, high, at_most, expected):
    """Powers of ten; 1, 2, 5 where few powers are in sight; round numbers where none are."""
    assert labels(logarithmic(low, high, at_most)) == expected


@pytest.mark.parametrize(
    ("high", "expected"),
    [
        (40, ["0", "10s", "20s", "30s", "40s"]),
        (300, ["0", "2m", "4m"]),
        (7200, ["0", "30m", "1h", "1h30m", "2h"]),
        (86400 * 3, ["0", "1d", "2d", "3d"]),
        (0.004, ["0", "0.001s", "0.002s", "0.003s", "0.004s"]),
        (86400 * 4000, ["0", "1000d", "2000d", "3000d", "4000d"]),
    ],
)
def test_durations_are_round(high, expected):
    """Seconds that have passed are ruled by what clocks are divided into."""
    assert labels(durations(0, high, 4)) == expected


@pytest.mark.parametrize(
    ("seconds", "label"), [(0, "0"), (90, "1m30s"), (-60, "-1m"), (90061, "1d1h"), (59.7, "1m")]
)
def test_durations_read_in_two_units(seconds, label):
    """A duration has at most its two largest units."""
    assert duration_label(seconds) == label


MIDNIGHT = 1_763_683_200  # 2025-11-21 00:00 UTC


def test_times_are_round_in_their_zone():
    """Ticks stand at whole hours where the reader lives; midnight names its day."""
    found = clock_times(MIDNIGHT - 7200, MIDNIGHT + 7200, 4, UTC)
    assert labels(found) == ["22:00", "23:00", "Nov 21", "01:00", "02:00"]
    east = timezone(timedelta(hours=5, minutes=30))
    there = clock_times(MIDNIGHT, MIDNIGHT + 4 * 3600, 4, east)
    assert labels(there) == ["06:00", "07:00", "08:00", "09:00"]
    assert there[0].at == MIDNIGHT + 1800


def test_long_times_are_days():
    """Weeks are ruled by dates, minutes by seconds."""
    days = labels(clock_times(MIDNIGHT, MIDNIGHT + 10 * 86400, 5, UTC))
    assert days[:2] == ["Nov 22", "Nov 24"]
    assert len(days) >= 5
    assert labels(clock_times(MIDNIGHT + 1, MIDNIGHT + 40, 4, UTC))[0] == "00:00:10"


def test_no_date_is_a_plain_number():
    """A time that no calendar has does not stop the chart."""
    assert labels(ticks("time", 0, 1e12, 2, UTC)) == ["0", "0.5T", "1.0T"]


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("steps", 4200, "step 4200"),
        ("number", 0.25, "step 0.25"),
        ("duration", 5400, "1h30m"),
        ("time", MIDNIGHT + 61, "00:01:01"),
    ],
)
def test_a_place_reads_like_its_axis(kind, value, said):
    """The crosshair's place is said in the words of the axis."""
    assert place_label(kind, value, "step", UTC) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.94123, "0.9412"),
        (12345.0, "12.35k"),
        (3e-5, "3e-5"),
        (0.0, "0"),
        (float("nan"), "NaN"),
        (float("-inf"), "-∞"),
        (float("inf"), "∞"),
        (-2.5e18, "-2.5e18"),
        (-1234567, "-1.235M"),
    ],
)
def test_single_numbers_are_short(value, said):
    """A value in a legend takes few characters."""
    assert short(value) == said


def test_counts_are_grouped():
    """Large counts are readable."""
    assert counted(1234567) == "1 234 567"
