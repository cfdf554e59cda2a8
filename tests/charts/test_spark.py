"""Sparklines: a series in a few cells."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.spark import sparkline


@pytest.mark.parametrize(
    ("values", "width", "drawn"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7], 8, "▁▂▃▄▅▆▇█"),
        ([1, 2, 3, math.nan, 5, math.inf, -math.inf], 8, "▁▃▅×█▲▼ "),
        ([3, 3, 3], 3, "▄▄▄"),
        ([math.nan], 2, "× "),
        ([], 3, "   "),
        ([1, 2], 0, ""),
        (np.repeat([1.0, 2.0, 1.0], 1000), 3, "▁█▁"),
        ([1e308, -1e308], 2, "█▁"),
    ],
)
def test_sparklines_are_drawn_from_lowest_to_highest(values, width, drawn):
    """Bars rise with the values; what is no number is a sign of its own."""
    assert sparkline(values, width) == drawn


@given(st.lists(st.floats()), st.integers(0, 20))
def test_sparklines_are_exactly_as_wide_as_asked(values, width):
    """Whatever the values, a sparkline fills its cell of the table."""
    assert len(sparkline(values, width)) == width
