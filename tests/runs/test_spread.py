"""Spread: what a handful of like runs says about a number."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.spread import spread


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_spread_equals_the_sample_statistics(numbers):
    """Mean and standard deviation are those of the sample, with n - 1."""
    found = spread(numbers)
    assert found.mean == pytest.approx(statistics.fmean(numbers), abs=1e-6)
    assert found.std == pytest.approx(statistics.stdev(numbers), rel=1e-6, abs=1e-6)
    assert found.n == len(numbers)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ([11.9, 12.1, 12.3, 12.5, 12.8], "12.3 ± 0.3 (n=5)"),
        ([0.941, 0.938, 0.936], "0.938 ± 0.003 (n=3)"),
        ([1500.0, 2500.0], "2000 ± 707 (n=2)"),
        ([0.5, 0.5], "0.5 ± 0 (n=2)"),
        ([0.5], "0.5 (n=1)"),
        ([], "–"),
        ([1e9, 3e9], "2e+09 ± 1e+09 (n=2)"),
    ],
)
def test_spread_reads_as_people_write_it(numbers, text):
    """The mean has no more decimals than its deviation justifies."""
    assert spread(numbers).text == text


def test_one_number_has_no_deviation():
    """A single run says nothing about spread."""
    assert spread([3.0]).std is None


def test_what_is_not_finite_is_left_out_and_counted():
    """A diverged seed does not turn the others' mean into NaN."""
    assert spread([1.0, math.nan, 3.0, math.inf])[:1] == (2.0,)
    assert spread([1.0, math.nan, 3.0, math.inf]).left_out == 2
