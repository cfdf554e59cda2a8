"""Paired differences: the figures are scipy's, the words say no more than they do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.paired import (
    NONE,
    PAIRED,
    WELCH,
    difference,
    paired_interval,
    welch_interval,
)

A = {1: 0.912, 2: 0.907, 3: 0.921, 4: 0.899, 5: 0.915}
B = {1: 0.921, 2: 0.922, 3: 0.931, 4: 0.917, 5: 0.923}
C = {11: 0.930, 12: 0.918, 13: 0.944}
keys = st.integers(0, 5)
values = st.one_of(st.floats(), st.sampled_from([0.5, 0.25, math.nan, None, "x", 10**400, True]))


def test_a_paired_difference_equals_scipy():
    """Mean, interval and p-value are those of the paired t-test."""
    from scipy.stats import ttest_rel

    found = difference(A, B)
    truth = ttest_rel(list(B.values()), list(A.values()))
    interval = truth.confidence_interval(0.95)
    assert found.method == PAIRED
    assert found.n == 5
    assert found.mean == pytest.approx(np.mean([B[seed] - A[seed] for seed in A]), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert found.p == pytest.approx(truth.pvalue, rel=1e-9)
    assert found.distinguishable


def test_an_unpaired_difference_equals_scipy():
    """With no seeds in common it is Welch's t-test, with unequal variances and numbers."""
    from scipy.stats import ttest_ind

    found = difference(A, C)
    truth = ttest_ind(list(C.values()), list(A.values()), equal_var=False)
    interval = truth.confidence_interval(0.95)
    assert found.method == WELCH
    assert found.n == 8
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert found.p == pytest.approx(truth.pvalue, rel=1e-9)


@pytest.mark.parametrize("level", [0.5, 0.9, 0.99])
def test_intervals_of_any_confidence_equal_scipy(level):
    """The level is the level of the interval, not of one of its sides."""
    from scipy.stats import ttest_ind, ttest_rel

    a, b = np.array(list(A.values())), np.array(list(B.values()))
    paired = paired_interval(float((b - a).mean()), float((b - a).std(ddof=1)), 5, level)
    truth = ttest_rel(b, a).confidence_interval(level)
    assert paired[:2] == pytest.approx((truth.low, truth.high), rel=1e-9)
    stds = float(a.std(ddof=1)), float(b[:3].std(ddof=1))
    welch = welch_interval(float(b[:3].mean() - a.mean()), stds, (5, 3), level)
    truth = ttest_ind(b[:3], a, equal_var=False).confidence_interval(level)
    assert welch[:2] == pytest.approx((truth.low, truth.high), rel=1e-9)


def test_the_words_of_a_difference():
    """What is said has the difference, its interval, the method and n."""
    assert difference(A, B).words == "B − A = +0.012 [0.00666, 0.0173], paired t, n=5"


def test_the_words_of_no_difference():
    """An interval over zero is said first, with the interval that shows it."""
    found = difference({1: 0.90, 2: 0.92, 3: 0.91}, {1: 0.91, 2: 0.92, 3: 0.90})
    assert found.distinguishable is False
    assert found.words == "not distinguishable, n=3 (B − A = 0 [-0.0248, 0.0248], paired t)"


def test_one_seed_in_common_is_no_pair():
    """One shared seed does not make a paired test; both groups do Welch's."""
    found = difference({1: 0.9, 2: 0.8}, {1: 0.5, 3: 0.4, 4: 0.45})
    assert found.method == WELCH
    assert "n=2 and 3" in found.words


def test_only_what_is_shared_is_paired():
    """Seeds one side lacks, or diverged in, are not in the figures."""
    more = {**A, 6: 0.1, 7: math.nan}
    other = {**B, 7: 0.2, 8: 0.3, 9: math.inf}
    assert difference(more, other) == difference(A, B)


@pytest.mark.parametrize(
    ("a", "b", "n"),
    [
        ({}, {}, 0),
        ({1: 0.9}, {1: 0.8}, 2),
        ({1: 0.9}, {2: 0.8, 3: 0.7}, 3),
        ({1: math.nan, 2: 0.9}, {1: 0.8, 2: math.inf}, 2),
        ({1: None, 2: "?"}, {1: 10**400}, 0),
    ],
)
def test_too_few_values_are_said_to_be_too_few(a, b, n):
    """Without repetition there is no interval, and no word on whether it is chance."""
    found = difference(a, b)
    assert (found.method, found.n, found.distinguishable) == (NONE, n, None)
    assert math.isnan(found.low)
    assert math.isnan(found.p)
    assert found.words.startswith("cannot tell, n=")


def test_repeats_that_change_nothing_give_no_certainty():
    """Equal differences would give an interval of no width; it is said that there is no spread."""
    for a, b, method in (
        ({1: 0.90, 2: 0.90}, {1: 0.91, 2: 0.91}, PAIRED),
        ({1: 0.1, 2: 0.2, 3: 0.3}, {1: 0.2, 2: 0.3, 3: 0.4}, PAIRED),
        ({1: 0.90, 2: 0.90}, {3: 0.91, 4: 0.91}, WELCH),
    ):
        found = difference(a, b)
        assert (found.method, found.distinguishable) == (method, None)
        assert math.isnan(found.low)
        assert "without any spread" in found.words


def test_runs_that_are_the_same_are_not_distinguishable():
    """No difference in any pair is no difference, whatever the formula says of 0/0."""
    assert difference(A, A).distinguishable is False
    assert difference(A, A).words == "not distinguishable, n=5 (no difference at all)"


@given(st.dictionaries(keys, values), st.dictionaries(keys, values))
def test_a_difference_turned_round_is_its_negative(a, b):
    """Whatever the values are, A and B are treated alike."""
    one, other = difference(a, b), difference(b, a)
    assert (one.method, one.n, one.distinguishable) == (
        other.method,
        other.n,
        other.distinguishable,
    )
    for figure, turned in ((one.mean, other.mean), (one.low, other.high), (one.high, other.low)):
        assert figure == pytest.approx(-turned, nan_ok=True)
    assert one.p == pytest.approx(other.p, nan_ok=True)
    if one.distinguishable is not None and not math.isnan(one.low):
        assert one.low <= one.mean <= one.high
        assert one.distinguishable == (one.p < 1 - one.level)
