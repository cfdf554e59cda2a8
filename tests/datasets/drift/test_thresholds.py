"""The limits as the manual lists them."""

import re
from pathlib import Path

import pytest

from workbench.datasets.drift.limits import LIMITS, no_limit
from workbench.datasets.drift.thresholds import Thresholds

MANUAL = Path(__file__).parents[3] / "docs" / "statistics.md"


def test_the_manual_lists_every_limit_with_its_default() -> None:
    """A limit that is added or changed is added or changed there."""
    listed = MANUAL.read_text("utf-8").partition("### The limits by name")[2].partition("\n### ")[0]
    found = dict[str, float]()
    for names, defaults in re.findall(r"^\| (`.*?) \| ([\d., ]+) \|", listed, re.MULTILINE):
        pairs = zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=True)
        found |= {name: float(default) for name, default in pairs}
    usual = Thresholds()
    assert found == {name: getattr(usual, name) for name in Thresholds.__struct_fields__}


def test_every_limit_says_what_it_is_of_and_its_default_may_be() -> None:
    """One table has the names, the ranges and the meanings, in the order of the limits."""
    usual = Thresholds()
    assert tuple(LIMITS) == Thresholds.__struct_fields__
    assert [name for name in LIMITS if no_limit(name, getattr(usual, name))] == []
    assert all(one.meaning for one in LIMITS.values())


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("age_days", 0, ""),
        ("age_days", -1, "0 or above"),
        ("missing_severe", 1.0, ""),
        ("missing_severe", 5, "above 0 and at most 1"),
        ("tvd_severe", 1.1, "above 0 and at most 1"),
        ("psi_severe", 5, ""),
        ("fewest", 0, ""),
        ("fewest", 2.0, "a whole number from 0 up"),
        ("q", 0, "above 0 and at most 1"),
        ("psi", float("inf"), "a number"),
        ("psi", True, "a number"),
    ],
)
def test_a_limit_is_within_its_range(name: str, value: float, fault: str) -> None:
    """Shares are at most 1, ages may be 0, and counted limits are whole."""
    assert no_limit(name, value) == fault
