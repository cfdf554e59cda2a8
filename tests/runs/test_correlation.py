"""Rank correlation: what scipy says, of what is finite, and silent where nothing can be said."""

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata, spearmanr

from workbench.runs.correlation import Correlation, rank_correlation

X = np.array([1e-4, 3e-4, 1e-3, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1e-1, 3e-1])
Y = np.array([0.71, 0.74, 0.78, 0.77, 0.85, 0.91, 0.90, 0.86, 0.82, 0.40])


def test_it_is_what_scipy_says():
    """Coefficient and p-value on fixed data with ties are those of scipy."""
    found, expected = rank_correlation(X, Y), spearmanr(X, Y)
    assert found.rho == pytest.approx(expected.statistic, abs=1e-12)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.n == 10


@given(st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5)), min_size=3, max_size=40))
def test_it_is_what_scipy_says_with_many_ties(pairs):
    """Coefficient and p-value are those of scipy, whatever is equal; of few pairs p is exact."""
    x, y = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    found = rank_correlation(x, y)
    if len(set(x)) < 2 or len(set(y)) < 2:
        assert math.isnan(found.rho)
        assert math.isnan(found.p)
        return
    expected = spearmanr(x, y)
    assert found.rho == pytest.approx(expected.statistic, abs=1e-9)
    if len(pairs) > 7:
        assert found.p == pytest.approx(expected.pvalue, abs=1e-6)
        return
    assert found.p == pytest.approx(_share_of_orders(x, y, abs(expected.statistic)))


def _share_of_orders(x, y, least):
    """Return how many of all orders of the ranks go together at least as much."""
    ranks = np.array(list(permutations(rankdata(y))))
    ranks = (ranks - ranks.mean()) / ranks[0].std()
    fixed = rankdata(x)
    rhos = ranks @ ((fixed - fixed.mean()) / fixed.std()) / len(x)
    return np.mean(np.abs(rhos) >= least - 1e-9)


def test_few_pairs_that_agree_wholly_prove_little():
    """Of three pairs a third of all orders agree or disagree wholly, and p says so."""
    assert rank_correlation([1, 2, 3], [1, 2, 3]).text == "ρ = 1, p = 0.33, n = 3"
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]).p == pytest.approx(2 / 24)
    assert rank_correlation([1, 2, 3, 4, 5], [1, 2, 3, 5, 4]).p == pytest.approx(10 / 120)


def test_what_is_not_finite_is_left_out_in_pairs():
    """A NaN or an infinity on either side takes its pair away, and n says so."""
    x = np.append(X, [math.nan, 1.0, math.inf])
    y = np.append(Y, [0.5, math.nan, 0.5])
    assert rank_correlation(x, y) == rank_correlation(X, Y)


def test_nothing_is_said_of_too_few_or_of_one_value():
    """Two pairs, or a side that never changes, have no rank correlation."""
    assert math.isnan(rank_correlation([1, 2], [3, 4]).rho)
    assert math.isnan(rank_correlation([1, 1, 1, 1], [1, 2, 3, 4]).rho)
    assert rank_correlation([1, 1, 1], [1, 2, 3]).text == "no rank correlation, n = 3"


def test_a_whole_agreement_is_one():
    """Values that rise together, however crookedly, correlate wholly."""
    found = rank_correlation([1, 10, 100, 1000], [1, 2, 3, 3.5])
    assert (found.rho, found.p) == (1.0, pytest.approx(2 / 24))


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (Correlation(0.6204, 0.00312, 48), "ρ = 0.62, p = 0.0031, n = 48"),
        (Correlation(-1.0, 0.0, 5051), "ρ = -1, p < 0.0001, n = 5,051"),
    ],
)
def test_it_is_said_as_people_write_it(found, text):
    """Coefficient, p-value and number of pairs stand in one line."""
    assert found.text == text


def test_both_sides_need_a_value_of_each_thing():
    """Lists of different lengths are refused."""
    with pytest.raises(ValueError, match="two values"):
        rank_correlation([1, 2, 3], [1, 2])
