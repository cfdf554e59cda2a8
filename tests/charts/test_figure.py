"""Figures: an axis holds what it was made of, and knows its ticks at any size."""

from datetime import UTC

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.figure import FIXED, axis_of, ticks_of
from workbench.charts.ticks import TIME


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=20))
def test_an_axis_holds_all_its_values(values):
    """Whatever the numbers are, the axis has a width, and finite ones lie on it."""
    found = axis_of(np.asarray(values, dtype=float), "x")
    assert np.isfinite(found.high - found.low)
    assert found.high > found.low
    for value in values:
        if np.isfinite(value) and abs(value) < 1e300:
            assert found.low <= value <= found.high


def test_names_have_a_place_each():
    """Categories stand at whole numbers, with half a place of room at either end."""
    found = axis_of(np.array([0.0, 2.0]), "opt", names=("adam", "lamb", "sgd"))
    assert (found.low, found.high) == (-0.5, 2.5)
    assert [(tick.at, tick.label) for tick in found.ticks] == [(0, "adam"), (1, "lamb"), (2, "sgd")]
    assert ticks_of(found, 2) == found.ticks
    assert found.kind == FIXED


def test_a_logarithmic_axis_is_ruled_in_powers():
    """Ticks of an axis in log10 read as the values themselves."""
    found = axis_of(np.log10([1e-4, 1e-1]), "lr", log=True)
    assert [tick.label for tick in found.ticks] == ["1e-4", "0.001", "0.01", "0.1"]
    assert found.ticks[0].at == pytest.approx(-4)


def test_a_time_axis_says_times():
    """Seconds since 1970 are ruled as dates and hours, and never begin at zero."""
    seconds = np.array([1.70002e9, 1.70002e9 + 7200])
    found = axis_of(seconds, "started", time=True, zone=UTC)
    assert found.kind == TIME
    assert all(":" in tick.label for tick in found.ticks)


def test_fewer_ticks_where_there_is_less_room():
    """A renderer asks for as many ticks as its size has room for."""
    found = axis_of(np.linspace(0, 100, 5), "n")
    assert len(ticks_of(found, 2)) < len(ticks_of(found, 12))
