"""Narrowing, widening and moving what is let through, as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.figure import Axis, Figure
from workbench.operations.many import Asked, Picture
from workbench.operations.runs_table import Column
from workbench.tui.plot.brush import Extent, moved, narrowed, next_of

LR, AUC = Column("param", "lr"), Column("metric", "auc")


def picture(asked: Asked, *extents: tuple[Column, float, float]) -> Picture:
    """Return a picture with these axes and nothing on them."""
    axis = Axis("", 0.0, 1.0)
    blank = Figure("", "", axis, axis)
    return Picture(blank, (), (), (), asked, 0, 0, None, "", (), extents)


def again(asked: Asked, change, times: int, *extents) -> Asked:
    """Press a key some times."""
    for _ in range(times):
        asked = change(picture(asked, *extents))
    return asked


def test_narrowing_leaves_less_at_both_ends():
    """A step is a twentieth of the axis."""
    asked = narrowed(picture(Asked("parallel"), (LR, 0.0, 20.0)), 0, 1)
    assert asked.brush == ((LR, 1.0, 19.0),)


def test_an_axis_of_many_powers_is_walked_by_factors():
    """Equal steps are equal factors where an axis spans them."""
    asked = narrowed(picture(Asked("parallel"), (LR, 1e-4, 1.0)), 0, 5)
    ((_, low, high),) = asked.brush
    assert low == pytest.approx(1e-3)
    assert high == pytest.approx(1e-1)


def test_widening_to_the_ends_takes_the_brush_off():
    """What lets every run through is no brush."""
    asked = again(Asked("parallel"), lambda one: narrowed(one, 0, 1), 3, (LR, 0.0, 1.0))
    asked = again(asked, lambda one: narrowed(one, 0, -1), 3, (LR, 0.0, 1.0))
    assert asked.brush == ()


def test_a_brush_never_closes():
    """However often it is narrowed, something may get through."""
    asked = again(Asked("parallel"), lambda one: narrowed(one, 0, 1), 50, (LR, 0.0, 1.0))
    ((_, low, high),) = asked.brush
    assert high - low > 0.04


def test_moving_keeps_the_width_and_stops_at_the_end():
    """Past the end there is nothing to let through."""
    asked = again(Asked("parallel"), lambda one: narrowed(one, 0, 1), 5, (LR, 0.0, 1.0))
    asked = again(asked, lambda one: moved(one, 0, 1), 30, (LR, 0.0, 1.0))
    ((_, low, high),) = asked.brush
    assert high == 1.0
    assert low == pytest.approx(0.5)


def test_the_axis_pointed_at_is_the_one_that_changes():
    """Brushes of other axes stay as they are."""
    axes = ((LR, 0.0, 1.0), (AUC, 0.5, 1.0))
    asked = narrowed(picture(Asked("parallel"), *axes), 0, 1)
    asked = narrowed(picture(asked, *axes), 1, 1)
    assert {column for column, _, _ in asked.brush} == {LR, AUC}


def test_an_axis_that_is_not_there_changes_nothing():
    """A cursor past the last axis is not an error."""
    asked = Asked("parallel")
    assert narrowed(picture(asked, (LR, 0.0, 1.0)), 3, 1) == asked
    assert moved(picture(asked), 0, 1) == asked


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9), st.floats(0, 1))
def test_a_share_comes_back(low, width, share):
    """A place on an axis and its share of the way are the same thing said twice."""
    extent = Extent(LR, low, low + width)
    assert extent.low <= extent.place(share) <= extent.high
    if width > 1:
        assert extent.share(extent.place(share)) == pytest.approx(share, abs=1e-5)


def test_names_are_gone_through_in_a_circle():
    """After the last comes the first; what is not among them begins there too."""
    assert next_of(["a", "b"], "b", 1) == "a"
    assert next_of(["a", "b"], "a", -1) == "b"
    assert next_of(["a", "b"], "gone", 1) == "a"
