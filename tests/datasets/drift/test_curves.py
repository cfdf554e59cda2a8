"""Areas and gaps of two distribution functions that can be reckoned by hand."""

import numpy as np
import pytest

from workbench.datasets.drift.curves import Curve, curve, robust_scale, together, unit_of, values_at
from workbench.datasets.drift.effects import area, area_of_squares, area_within, largest_gap
from workbench.datasets.profile import Quantiles

EVEN = Quantiles((0.0, 1.0), (0.0, 1.0), (0.0, 1.0))
"""Evenly from 0 to 1, and nothing at either end."""
ENDS = Quantiles((0.0, 1.0), (0.0, 0.75), (0.25, 1.0))
"""A quarter at either end, a half evenly between."""
POINT = Quantiles((0.5,), (0.0,), (1.0,))
ROWS = 1_000


def one(points: Quantiles, *, rows: int = ROWS, within: float = 0.0) -> Curve:
    """Return the curve of one part."""
    return curve([points], [rows], within=[within])


def test_areas_of_functions_that_cross_are_on_both_sides() -> None:
    """|x - (1 + 2 x) / 4| from 0 to 1 is an eighth, its square a forty-eighth."""
    found = together(one(EVEN), one(ENDS))
    assert area(found) == pytest.approx(1 / 8)
    assert area_of_squares(found) == pytest.approx(1 / 48)
    point = together(one(EVEN), one(POINT))
    assert area(point) == pytest.approx(1 / 4)
    clipped = together(one(EVEN), one(POINT), np.array([[0.25, 0.75]]))
    assert area(clipped, 0.25, 0.75) == pytest.approx(2 * (0.25 + 0.5) / 2 * 0.25)


def test_a_gap_is_likely_certain_and_at_most() -> None:
    """Values between two points may lie anywhere between: nothing of D is certain there."""
    found = largest_gap(together(one(EVEN), one(ENDS)))
    assert (found.likely, found.certain) == (0.25, 0.25)
    assert found.most == 0.75
    loose = largest_gap(together(one(EVEN, within=0.1), one(ENDS)))
    assert loose.certain == pytest.approx(0.15)
    point = largest_gap(together(one(EVEN), one(POINT)))
    assert (point.likely, point.certain, point.most, point.at) == (0.5, 0, 1, 0.5)
    assert point.within == 0.5


def test_an_area_says_how_far_it_may_be_off() -> None:
    """A half of the values between 0 and 1 may each be half the way off."""
    assert area_within(one(ENDS), -np.inf, np.inf) == pytest.approx(0.25)
    assert area_within(one(POINT), -np.inf, np.inf) == 0
    assert area_within(one(ENDS, within=0.1), 0.0, 0.5) == pytest.approx(0.2375)


def test_quantiles_are_numpys_where_every_value_is_kept() -> None:
    """Between ranks too, and with repeats."""
    values = np.sort(np.random.default_rng(1).integers(0, 40, 300)).astype(float)
    at = np.unique(values)
    below, upto = (np.searchsorted(values, at, side) / 300 for side in ("left", "right"))
    points = Quantiles(tuple(at), tuple(below), tuple(upto))
    shares = np.linspace(0, 1, 77)
    assert values_at(one(points, rows=300), shares)[0] == pytest.approx(np.quantile(values, shares))


def test_a_scale_is_read_off_the_points_where_none_is_kept() -> None:
    """Of values evenly from 0 to 1 the quarters are half apart."""
    assert robust_scale(one(EVEN)) == pytest.approx(0.5 / 1.349, abs=0.002)


@pytest.mark.parametrize(
    ("largest", "unit"),
    [(1.0, 1.0), (1e149, 1.0), (0.0, 1.0), (1e300, 2.0**997), (1e-300, 2.0**-996)],
)
def test_units_are_powers_of_two_where_values_are_extreme(largest: float, unit: float) -> None:
    """Ordinary values stay what they are."""
    assert unit_of(Quantiles((0.0, largest), (0.0, 0.5), (0.5, 1.0))) == unit
