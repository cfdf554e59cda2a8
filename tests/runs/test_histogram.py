"""Histograms: numpy's bins where there are not too many, nothing lost without being counted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.histogram import MOST_BINS, histogram


def test_the_bins_are_those_of_freedman_and_diaconis():
    """Edges and counts on fixed data are numpy's for the same rule."""
    values = np.random.default_rng(7).normal(size=400)
    found = histogram(values)
    counts, edges = np.histogram(values, bins="fd")
    np.testing.assert_allclose(found.edges, edges)
    assert found.counts.tolist() == counts.tolist()


def test_sturges_cuts_where_most_values_are_one():
    """Without a spread between the quartiles the number of bins is that of Sturges."""
    values = np.append(np.ones(90), np.arange(10.0))
    assert len(histogram(values).counts) == len(np.histogram_bin_edges(values, "sturges")) - 1


def test_a_far_outlier_does_not_ask_for_a_million_bins():
    """There are at most sixty bins, whatever the rule says."""
    values = np.append(np.random.default_rng(1).normal(size=500), 1e9)
    assert len(histogram(values).counts) == MOST_BINS


@given(st.lists(st.floats(), max_size=50), st.none() | st.integers(1, 60))
def test_every_value_is_in_a_bin_or_counted(values, bins):
    """Counts and what was left out make up all values, and edges rise."""
    found = histogram(values, bins)
    assert found.counts.sum() + found.left_out == len(values)
    assert found.left_out == sum(not abs(value) <= 1e300 for value in values)
    if len(found.edges):
        assert len(found.edges) == len(found.counts) + 1
        assert (np.diff(found.edges / 2) > 0).all()


@pytest.mark.parametrize("value", [0.0, 3.5, -1e12])
def test_one_value_has_one_full_bin(value):
    """Runs that all reached the same have a histogram too."""
    found = histogram([value] * 4)
    assert found.counts.max() == 4
    assert found.edges[0] < value < found.edges[-1]


def test_a_range_too_wide_to_be_divided_has_the_most_bins():
    """The number of bins is decided without leaving the range of floats."""
    found = histogram(np.array([0.0] * 6 + [1e-50, 3e258]))
    assert len(found.counts) == MOST_BINS
    assert found.counts.sum() == 8
