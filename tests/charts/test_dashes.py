"""Dashed lines: as long as the line, with gaps as long as their dashes."""

import numpy as np
import pytest

from workbench.charts.dashes import dashes


def test_dashes_and_gaps_are_equally_long():
    """Three units drawn, three left out, from the first place on."""
    x, y = dashes(np.array([0.0, 11.0]), np.zeros(2), 3)
    assert x.tolist() == [0, 1, 2, 6, 7, 8]
    assert not y.any()


def test_a_corner_does_not_start_a_new_dash():
    """The length is measured along the line, whatever its direction."""
    x, y = dashes(np.array([0.0, 2.0, 2.0]), np.array([0.0, 0.0, 10.0]), 3)
    assert (x[:3].tolist(), y[:3].tolist()) == ([0, 1, 2], [0, 0, 0])
    assert y[3:6] == pytest.approx([4, 5, 6])


def test_what_has_no_place_interrupts_the_line():
    """Nothing is drawn between its neighbours."""
    x, _ = dashes(np.array([0.0, 1.0, np.nan, 50.0, 51.0]), np.zeros(5), 3)
    assert x.tolist() == [0, 1, 50, 51]
    assert len(dashes(np.array([np.nan]), np.zeros(1), 3)[0]) == 0
    assert len(dashes(np.empty(0), np.empty(0), 3)[0]) == 0


def test_a_line_of_any_length_has_few_places():
    """A line far off the picture costs no more than one across it."""
    x, _ = dashes(np.array([0.0, 1e12]), np.zeros(2), 3)
    assert len(x) < 20_000
