"""The palette: stable colours, letters for those who see none."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.palette import DARK, LIGHT, colors, letters, mixed

ids = st.lists(st.text(max_size=8), unique=True)


@given(ids)
def test_up_to_eight_runs_have_colours_of_their_own(run_ids):
    """No two of eight share a colour, and beyond that all are used alike."""
    found = list(colors(run_ids).values())
    uses = [found.count(color) for color in DARK.series]
    assert sum(uses) == len(run_ids)
    assert max(uses) - min(uses) <= 1


@given(ids, st.text(max_size=8))
def test_one_more_run_recolours_none(run_ids, another):
    """Runs marked before keep their colour when another is marked, even before them."""
    held = colors(run_ids)
    after = colors([another, *run_ids], held=held)
    assert {run: after[run] for run in run_ids} == held


def test_a_run_alone_has_the_same_colour_everywhere():
    """The colour comes from the id, not from the place in a list."""
    first = colors(["run-04994"])["run-04994"]
    assert colors(["run-04994", "a", "b"])["run-04994"] == first


def test_colours_are_told_apart_on_both_backgrounds():
    """Within a theme no two series are nearly one colour, nor the background's."""
    for theme in (DARK, LIGHT):
        for one, other in itertools.combinations((*theme.series, theme.background), 2):
            shifts = (16, 8, 0)
            distance = sum(abs((one >> s & 255) - (other >> s & 255)) for s in shifts)
            assert distance > 60


def test_letters_go_on_after_z():
    """There is a name for any number of curves."""
    assert letters(3) == ("a", "b", "c")
    assert letters(28)[25:] == ("z", "aa", "ab")


def test_mixing_goes_from_background_to_colour():
    """A faint colour lies between the background and itself."""
    assert mixed(0xFF8000, 0x000000, 0.5) == 0x804000
    assert mixed(0x123456, 0xFFFFFF, 1.0) == 0x123456
    assert mixed(0x123456, 0xFFFFFF, 0.0) == 0xFFFFFF
