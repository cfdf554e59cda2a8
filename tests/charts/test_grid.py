"""The grid: places for many charts."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.grid import grid


@given(
    st.integers(1, 60),
    st.integers(1, 220),
    st.integers(1, 60),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_places_never_overlap_and_stay_inside(charts, width, height, columns, rows):
    """Each chart has cells of its own within the space, and every chart has a page."""
    found = grid(charts, width, height, columns=columns, rows=rows)
    taken = set()
    for box in found.boxes:
        assert box.left + box.width <= width
        assert box.top + box.height <= height
        cells = {
            (x, y)
            for x in range(box.left, box.left + box.width)
            for y in range(box.top, box.top + box.height)
        }
        assert cells
        assert not cells & taken
        taken |= cells
    assert found.per_page * found.pages >= charts
    assert len(found.boxes) == min(charts, found.per_page)


def test_shapes_suit_the_space():
    """One chart has it all; six stand in twos and threes; many go on to a next page."""
    assert grid(1, 80, 24)[:2] == (1, 1)
    assert grid(6, 160, 50)[:2] == (2, 3)
    assert grid(6, 80, 40)[:2] == (2, 3)
    assert grid(100, 80, 24).pages > 1
    assert grid(6, 160, 50, columns=3)[:2] == (3, 2)
    assert grid(6, 20, 50, columns=3).columns == 1


def test_nothing_needs_no_place():
    """Without charts or without space there is an empty page."""
    assert grid(0, 80, 24).boxes == ()
    assert grid(4, 0, 24).boxes == ()
