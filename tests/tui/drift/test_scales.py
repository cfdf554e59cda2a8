"""Which chunks are in sight, and how wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tui.drift.scales import bounded, window


def test_few_chunks_are_as_wide_as_there_is_room() -> None:
    """Twelve months in sixty cells have four each, and all are in sight."""
    seen = window(12, 60, 0)
    assert (seen.wide, seen.per, seen.steps) == (4, 1, 12)
    assert seen.seen == range(12)


def test_a_thousand_chunks_have_a_cell_each_and_the_cursor_stays_in_sight() -> None:
    """Without being asked no chunk shares its cell with another."""
    seen = window(1000, 60, 999)
    assert (seen.wide, seen.per, seen.steps) == (1, 1, 60)
    assert seen.seen == range(940, 1000)


def test_zooming_out_lets_chunks_share_a_cell_until_all_are_in_sight() -> None:
    """At sixteen a cell 960 chunks fit in sixty; the last step is shorter."""
    seen = window(950, 60, 949, zoom=-4)
    assert (seen.per, seen.steps, seen.first) == (16, 60, 0)
    assert seen.chunks(59) == range(944, 950)


def test_the_window_moves_no_further_than_the_cursor_needs() -> None:
    """A cursor inside the window leaves it where it is."""
    assert window(1000, 60, 500, before=470).first == 470
    assert window(1000, 60, 530, before=470).first == 473


@given(
    total=st.integers(1, 3000), room=st.integers(1, 200), at=st.integers(0, 2999),
    zoom=st.integers(-20, 20), before=st.integers(0, 3000),
)  # fmt: skip
def test_the_cursor_is_always_in_sight(
    total: int, room: int, at: int, zoom: int, before: int
) -> None:
    """Whatever the sizes, the step of the cursor is one that is drawn, within the room."""
    here = min(at, total - 1)
    seen = window(total, room, here, zoom=zoom, before=before)
    assert 0 <= seen.step_of(here) < seen.steps
    assert seen.steps * seen.wide <= max(room, seen.wide)
    assert here in seen.chunks(seen.step_of(here))
    assert seen.chunks(seen.steps - 1).stop <= total


@pytest.mark.parametrize(("zoom", "kept"), [(50, 5), (-50, -5), (1, 1)])
def test_a_zoom_without_a_scale_is_not_remembered(zoom: int, kept: int) -> None:
    """After too many presses one press back does something."""
    assert bounded(zoom, 1000, 60) == kept
