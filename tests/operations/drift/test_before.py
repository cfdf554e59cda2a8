"""Which earlier part a part is held against."""

from datetime import UTC, datetime

import pytest

from workbench.datasets.drift.monitor import LAST_WEEK, LAST_YEAR, PREVIOUS
from workbench.datasets.drift.part import Part
from workbench.datasets.profile import Profile
from workbench.operations.drift.before import Wanted, against, put_back

PROFILE = Profile(1, (), "")


def at(day: str) -> float:
    """Return the beginning of a day."""
    return datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=UTC).timestamp()


def part(label: str, start: str = "", end: str = "", *, there: bool = True) -> Part:
    """Return a part of some days."""
    return Part(
        label, PROFILE if there else None, at(start) if start else None, at(end) if end else None
    )


def reference(found: Part) -> tuple[str, str]:
    """Return what a part is held against, or why against nothing."""
    return found.reference_name, found.reason


def test_previous_is_the_last_one_before_that_has_a_profile() -> None:
    """One that could not be read is passed over."""
    pool = [part("a"), part("b", there=False), part("c")]
    wanted = Wanted(PREVIOUS, "file")
    assert reference(against(pool[2], pool, wanted)) == ("a", "")
    assert reference(against(pool[0], pool, wanted)) == ("", "there is no chunk before it")


def test_the_week_before_is_the_same_weekday() -> None:
    """Whatever lies in between."""
    days = [part(f"2025-03-0{n}", f"2025-03-0{n}", f"2025-03-0{n + 1}") for n in range(1, 9)]
    wanted = Wanted(LAST_WEEK, "day")
    assert reference(against(days[7], days, wanted)) == ("2025-03-01", "")
    assert reference(against(days[6], days, wanted))[1] == "there is no chunk of the week before"


@pytest.mark.parametrize(
    ("chunks", "now", "before"),
    [
        ("month", ("2025-02-01", "2025-03-01"), ("2024-02-01", "2024-03-01")),
        ("month", ("2024-02-01", "2024-03-01"), ("2023-02-01", "2023-03-01")),
        ("week", ("2024-12-30", "2025-01-06"), ("2024-01-01", "2024-01-08")),
        ("week", ("2024-09-30", "2024-10-07"), ("2023-10-02", "2023-10-09")),
        ("day", ("2024-02-29", "2024-03-01"), ("2023-02-28", "2023-03-01")),
        ("day", ("2025-03-01", "2025-03-02"), ("2024-03-01", "2024-03-02")),
    ],
)  # fmt: skip
def test_the_year_before_is_the_same_month_week_or_day(
    chunks: str, now: tuple[str, str], before: tuple[str, str]
) -> None:
    """Also in leap years, and where a year begins within a week."""
    pool = [part("before", *before), part("now", *now)]
    assert reference(against(pool[1], pool, Wanted(LAST_YEAR, chunks))) == ("before", "")


def test_of_two_that_fit_the_later_one_counts() -> None:
    """A version that was brought again replaces the one before it."""
    pool = [
        part("old", "2024-05-01", "2024-05-31"),
        part("new", "2024-05-01", "2024-05-31"),
        part("now", "2025-05-01", "2025-05-31"),
    ]
    assert reference(against(pool[2], pool, Wanted(LAST_YEAR, ""))) == ("new", "")


def test_what_has_no_time_has_no_cycle() -> None:
    """It is said what to do."""
    pool = [part("a"), part("b")]
    assert put_back(pool[1], Wanted(LAST_YEAR, "")) is None
    assert "name the column of time" in reference(against(pool[1], pool, Wanted(LAST_YEAR, "")))[1]
