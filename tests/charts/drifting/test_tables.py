"""The plots as tables: the numbers that are drawn, in words."""

import numpy as np
import pytest

from tests.charts.drifting.columns import named, numbers
from workbench.charts.drifting import Point, Promotion, over_time_table, table

NORMAL = np.random.default_rng(6).normal(0, 1, 2000)


def test_bins_have_their_edges_and_both_shares():
    """The outer ones have one edge; a change is told in percentage points."""
    found = table(numbers([1, 2, 3, 4] * 25, [4] * 100), "distributions")
    assert found.heads == ("above", "up to", "reference", "current", "change")
    assert found.rows == (
        ("", "1", "25%", "0%", "-25 pp"),
        ("1", "2", "25%", "0%", "-25 pp"),
        ("2", "3", "25%", "0%", "-25 pp"),
        ("3", "", "25%", "100%", "+75 pp"),
    )


def test_curves_are_quantiles_under_the_gap():
    """The gap with its size and place stands first."""
    found = table(numbers(NORMAL, NORMAL + 1), "cumulative")
    assert found.rows[0][0].startswith("greatest gap D = 0.394 at ")
    assert len(found.rows) == 1 + 103
    half = next(row for row in found.rows if row[0] == "50%")
    assert float(half[2]) - float(half[1]) == pytest.approx(1, abs=1e-4)


def test_a_shift_is_signed_and_in_the_unit_its_head_says():
    """Both quantiles and by how much they moved, in robust scales or in their own unit."""
    found = table(numbers([3.0] * 50, [5.0] * 50), "quantile shift")
    assert found.heads[-1] == "moved, in its own unit"
    assert {row[1:] for row in found.rows} == {("3", "5", "+2")}
    assert table(numbers(NORMAL, NORMAL), "quantile shift").heads[-1] == "moved, in robust scales"


def test_categories_say_which_are_new():
    """With the word that stands in the plot."""
    found = table(named({"a": 1.0}, {"a": 0.75, "z\x1b": 0.25}), "categories")
    assert found.rows == (("a", "100%", "75%", "-25 pp", ""), ("z␛", "0%", "25%", "+25 pp", "new"))


def test_promotions_stand_between_the_chunks():
    """Each before the first chunk that began after it."""
    points = [Point(0.0, "one", 0.5, "stable"), Point(86_400.0, "two", None, "error")]
    found = over_time_table(points, [Promotion(1e6, "v3"), Promotion(3600.0, "v2")])
    assert found.rows == (
        ("one", "0.5", "stable", ""),
        ("1970-01-01", "", "", "v2"),
        ("two", "—", "error", ""),
        ("1970-01-12", "", "", "v3"),
    )
