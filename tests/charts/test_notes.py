"""What the note under a chart says of means of several runs."""

import numpy as np
import pytest

from workbench.charts.curves import curve_chart
from workbench.charts.look import Look
from workbench.charts.notes import notes
from workbench.charts.reduction import Curve, frame_of, reduce_curve
from workbench.charts.svg_curves import curves_svg
from workbench.runs.alignment import band

STEPS = np.arange(200.0)


def mean(*ys, letter="A"):
    """Return the mean of runs with these values at 0, 1, 2, ..."""
    members = tuple((np.arange(float(len(y))), np.asarray(y, dtype=float)) for y in ys)
    made = band(members)
    return Curve(
        "lr=1", made.x, made.mean, 0x56B4E9, letter, low=made.low, high=made.high, members=members
    )


def dying(at, value=np.nan):
    """Return 200 values that turn NaN at a step."""
    return np.where(at > STEPS, 1 / (STEPS + 1), value)


def said(*curves):
    """Return the note under curves."""
    frame = frame_of(curves, 60)
    return notes(curves, [reduce_curve(one, frame) for one in curves], Look())


GOOD = 2 / (STEPS + 1)


@pytest.mark.parametrize(
    ("members", "note"),
    [
        ((GOOD, GOOD), ""),
        ((GOOD, GOOD, GOOD, dying(121)), "× 79 NaN · n falls to 3 at 121"),
        ((GOOD, dying(121, np.inf)), "▲▼ 79 infinite · n falls to 1 at 121"),
        ((GOOD, dying(121), dying(150)), "× 129 NaN · n falls to 2 at 121, to 1 at 150"),
        ((GOOD, GOOD[:50]), "n falls to 1 at 50"),
        ((GOOD, np.where(STEPS < 9, np.nan, GOOD)), "× 9 NaN · n rises to 2 at 9"),
    ],
)
def test_the_note_says_of_how_many_a_mean_is(members, note):
    """What is odd in the runs of a mean is counted, and where they become fewer is told once."""
    assert said(mean(*members)) == note


def test_of_several_means_letters_say_whose_runs_become_fewer():
    """Those of which the same is true are told together."""
    curves = [mean(GOOD, dying(121), letter="A"), mean(GOOD, dying(121), letter="B"),
              mean(GOOD, GOOD, letter="C")]  # fmt: skip
    assert said(*curves) == "× 158 NaN · A B n falls to 1 at 121"


def test_a_mean_of_very_many_points_says_the_very_step():
    """Its places are thinned; what is said of it is not."""
    y = np.ones(100_000)
    died = np.where(np.arange(100_000) < 54_321, 1.0, np.nan)
    assert said(mean(y, died)).endswith("n falls to 1 at 54321")


def test_the_nan_of_a_run_are_marks_on_the_axis_of_its_group():
    """The line of the mean goes on above them, in the chart and in the picture."""
    chart = curve_chart([mean(GOOD, dying(121))], width=80, height=20)
    assert "×" in chart.text
    assert "79 NaN" in curves_svg([mean(GOOD, dying(121))], look=Look())
    frame = frame_of([mean(GOOD, dying(121))], 60)
    reduced = reduce_curve(mean(GOOD, dying(121)), frame)
    assert reduced.columns.finite[-1]
    assert reduced.columns.nans[-1]
