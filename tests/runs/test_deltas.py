"""Deltas: how far a value is from the baseline, and whether that is good."""

import math

import pytest

from workbench.runs.deltas import BETTER, SAME, UNKNOWN, WORSE, Delta, delta


@pytest.mark.parametrize(
    ("value", "baseline", "goal", "verdict"),
    [
        (0.9, 0.8, "max", BETTER),
        (0.7, 0.8, "max", WORSE),
        (0.7, 0.8, "min", BETTER),
        (0.9, 0.8, "min", WORSE),
        (0.8, 0.8, "min", SAME),
        (0.8, 0.8, None, SAME),
        (0.9, 0.8, None, UNKNOWN),
        (math.inf, 0.8, "min", WORSE),
        (math.inf, math.inf, "min", SAME),
    ],
)
def test_the_direction_decides_what_is_better(value, baseline, goal, verdict):
    """The same difference is better for one goal, worse for the other, unknown without."""
    assert delta(value, baseline, goal).verdict == verdict


@pytest.mark.parametrize(("value", "baseline"), [(None, 1.0), (1.0, None), (math.nan, 1.0)])
def test_without_two_numbers_there_is_no_difference(value, baseline):
    """A missing value is not worse than the baseline; nothing is known."""
    assert delta(value, baseline, "max") == Delta(None, None, UNKNOWN)


def test_the_ratio_is_over_the_size_of_the_baseline():
    """A rise from a negative baseline is a positive ratio, and zero has none."""
    assert delta(-1.0, -2.0, "max") == Delta(1.0, 0.5, BETTER)
    assert delta(1.0, 0.0, "max").ratio is None
    assert delta(1.0, 0.0, "max").difference == 1.0
