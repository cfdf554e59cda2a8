"""The grid: how many charts stand side by side and above each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.grid import SMALLEST_HEIGHT, SMALLEST_WIDTH, grid


@given(
    st.integers(1, 60),
    st.integers(1, 220),
    st.integers(1, 60),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_charts_stay_readable_and_each_has_a_page(charts, width, height, columns, rows):
    """A chart is never narrower than it may be, unless it is the only one there is room for."""
    found = grid(charts, width, height, columns=columns, rows=rows)
    assert found.columns == 1 or (width + 2) // found.columns - 2 >= SMALLEST_WIDTH
    assert found.rows == 1 or height // found.rows >= SMALLEST_HEIGHT
    on_a_page = found.columns * found.rows
    assert (found.pages - 1) * on_a_page < charts <= found.pages * on_a_page


@pytest.mark.parametrize(
    ("charts", "width", "height", "chosen", "shape"),
    [
        (1, 80, 24, {}, (1, 1, 1)),
        (6, 160, 50, {}, (2, 3, 1)),
        (6, 80, 40, {}, (2, 3, 1)),
        (2, 160, 16, {}, (2, 1, 1)),
        (100, 80, 24, {}, (2, 3, 17)),
        (6, 160, 50, {"columns": 3}, (3, 2, 1)),
        (6, 20, 50, {"columns": 3}, (1, 6, 1)),
        (6, 160, 50, {"rows": 1}, (4, 1, 2)),
        (6, 160, 50, {"columns": 1, "rows": 1}, (1, 1, 6)),
        (6, 160, 50, {"columns": 2, "rows": 9}, (2, 6, 1)),
    ],
)
def test_shapes_suit_the_space(charts, width, height, chosen, shape):
    """One chart has it all; six stand in twos and threes; many go on to a next page."""
    assert grid(charts, width, height, **chosen) == shape


def test_nothing_needs_no_place():
    """Without charts or without space there is an empty page."""
    assert grid(0, 80, 24) == grid(4, 0, 24) == (0, 0, 0)
