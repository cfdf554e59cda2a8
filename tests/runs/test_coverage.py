"""Coverage: the intervals hold the truth as often as they say, on what they assume."""

import numpy as np
import pytest

from tests.benchmarks.coverage import NUMBERS, coverage, table
from workbench.runs.paired import LEVEL, difference, paired_interval, welch_interval

ERRORS = 4
"""Standard errors of the simulation a share may be off; chance does that 1 time in 16,000."""


@pytest.mark.parametrize("n", NUMBERS)
def test_paired_intervals_cover_what_they_say(n):
    """For normal noise 95 % hold the truth, within the error of the simulation."""
    found = coverage("paired t", "normal", n)
    assert abs(found.share - LEVEL) < ERRORS * found.error


@pytest.mark.parametrize("n", [5, 10])
def test_welch_intervals_cover_what_they_say(n):
    """With variances that differ fourfold 95 % hold the truth."""
    found = coverage("Welch t", "normal", n)
    assert abs(found.share - LEVEL) < ERRORS * found.error


@pytest.mark.parametrize("n", [2, 3])
def test_welch_intervals_of_very_few_runs_err_on_the_safe_side(n):
    """Two or three runs each give intervals that are somewhat too wide, never too narrow."""
    found = coverage("Welch t", "normal", n)
    assert LEVEL - ERRORS * found.error < found.share < 0.98


@pytest.mark.parametrize("method", ["paired t", "Welch t"])
@pytest.mark.parametrize("n", NUMBERS)
def test_skewed_noise_costs_a_few_percent_at_most(method, n):
    """The manual says how far off skewed noise puts them: between 92 and 98 %."""
    assert 0.92 < coverage(method, "skewed", n).share < 0.98


def test_what_is_simulated_is_what_is_computed():
    """The simulation's arithmetic, on many experiments at once, is that of a comparison."""
    chance = np.random.default_rng(7)
    a, b = chance.normal(size=(50, 4)), chance.normal(size=(50, 4))
    gaps, stds = b - a, (a.std(axis=1, ddof=1), b.std(axis=1, ddof=1))
    paired = paired_interval(gaps.mean(axis=1), gaps.std(axis=1, ddof=1), 4)
    welch = welch_interval(gaps.mean(axis=1), stds, (4, 4))
    for row in range(50):
        first, second = dict(enumerate(a[row])), dict(enumerate(b[row]))
        apart = {seed + 10: value for seed, value in second.items()}
        for found, many in ((difference(first, second), paired), (difference(first, apart), welch)):
            assert found[1:3] == pytest.approx((many.low[row], many.high[row]))
            assert found.p == pytest.approx(many.p[row])


def test_the_table_has_a_line_for_every_case():
    """What is printed names method, noise, n and share."""
    lines = list(table(50, 0))
    assert len(lines) == 2 + 2 * 2 * len(NUMBERS)
    assert all("%" in line for line in lines[2:])
