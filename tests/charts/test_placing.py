"""Values of runs as places on an axis: numbers as numbers, anything else as categories."""

import math

import numpy as np
import pytest

from tests.charts.figures import values
from workbench.charts.placing import OTHER, drawn, lacking, say, values_of


def test_numbers_stay_numbers():
    """None has no place, an integer beyond all floats is infinite."""
    found = values_of([1, None, 2.5, 10**400, -(10**400), math.nan], "x")
    assert not found.names
    np.testing.assert_array_equal(found.places, [1, math.nan, 2.5, math.inf, -math.inf, math.nan])


def test_anything_else_makes_categories():
    """One text, or true and false, make every value a name."""
    found = values_of(["b", 1, True, None], "x")
    assert found.names == ("1", "b", "true")
    np.testing.assert_array_equal(found.places, [1, 0, 2, math.nan])


def test_of_many_categories_the_rare_ones_are_one():
    """The commonest keep their names, the rest are other."""
    found = values_of(["a"] * 3 + [f"x{at:02}" for at in range(20)], "x")
    assert len(found.names) == 13
    assert found.names[-1] == OTHER
    assert (found.places == 12).sum() == 9


def test_what_has_no_place_is_nan():
    """NaN, infinities, and what a log axis cannot show are not drawn."""
    found = drawn(values([1, 100, 0, -1, math.inf, math.nan], log=True))
    np.testing.assert_array_equal(found, [0, 2, *[math.nan] * 4])


@pytest.mark.parametrize(
    ("found", "place", "text"),
    [
        (values([1, 2]), 1.5, "1.5"),
        (values([1, 2], log=True), -2.0, "0.01"),
        (values([0, 1], names=("adam", "sgd")), 1.1, "sgd"),
    ],
)
def test_a_place_is_said_in_words(found, place, text):
    """Drawn units are said as the values they stand for."""
    assert say(found, place) == text


def test_nothing_is_said_where_nothing_is_lacking():
    """Runs that all have a value need no note."""
    assert lacking(values([1, 2]), "run") == ()
