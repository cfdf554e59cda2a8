"""What a chart draws of a metric, by hand."""

import numpy as np
import pytest

from workbench.operations.traces import Trace, axis_metric, placed, said, standing, valued
from workbench.runs.series import series


def trace(x: object, y: object) -> Trace:
    """Return a curve of lists."""
    return Trace(np.asarray(x, dtype=float), np.asarray(y, dtype=float))


def lists(one: Trace) -> tuple[list[float], list[float]]:
    """Return a curve as lists."""
    return one.x.tolist(), one.y.tolist()


def test_a_resumed_run_has_each_step_once():
    """Over steps what was logged last counts; over time everything was once so."""
    points = series([0, 1, 1, 2], [10, 11, 21, 22], [4, 3, 5, 2])
    assert lists(placed(points, "step")) == ([0, 1, 2], [4, 5, 2])
    assert lists(placed(points, "time")) == ([10, 11, 21, 22], [4, 3, 5, 2])
    assert placed(points, "relative").x.tolist() == [0, 1, 11, 12]


def test_any_metric_can_be_the_axis():
    """It stands at what it was at that step, or at the last one before."""
    points = series([0, 1, 2], [0, 1, 2], [4, 3, 2])
    tokens = series([0, 2], [0, 2], [100, 300])
    assert lists(placed(points, "metric:tokens", tokens)) == ([100, 100, 300], [4, 3, 2])
    assert np.isnan(placed(points, "metric:tokens").x).all()
    assert (axis_metric("metric:a/b"), axis_metric("step")) == ("a/b", "")


@pytest.mark.parametrize(
    ("values", "goal", "base", "drawn"),
    [
        ("value", "min", None, [3, 1, 2]),
        ("best", "min", None, [3, 1, 1]),
        ("best", "max", None, [3, 3, 3]),
        ("best", "", None, [3, 1, 2]),
        ("difference", "", trace([0, 2], [1, 2]), [2, 0, 0]),
        ("difference", "", None, [3, 1, 2]),
    ],
)
def test_values_best_so_far_and_differences(values, goal, base, drawn):
    """Without a goal, or without a baseline, the values stay as they are."""
    assert valued(trace([0, 1, 2], [3, 1, 2]), values, goal, base).y.tolist() == drawn


def test_a_title_says_what_is_drawn():
    """And what cannot be."""
    assert said("loss", "value", "", baseline=False) == "loss"
    assert said("loss", "best", "min", baseline=False) == "loss, best so far"
    assert said("loss", "best", "", baseline=False) == "loss (no goal, so no best)"
    assert said("loss", "difference", "", baseline=True) == "loss − baseline"
    assert said("loss", "difference", "", baseline=False) == "loss (no baseline to subtract)"


def test_a_curve_stands_at_its_last_point_before():
    """And says since where; before the first it stands nowhere."""
    found = standing(trace([10, 20, 20, 30], [1, 2, 3, np.nan]), np.asarray([5.0, 10, 25, 40]))
    assert found.values.tolist()[1:3] == [1, 3]
    assert np.isnan(found.values[[0, 3]]).all()
    assert found.since.tolist()[1:] == [10, 20, 30]
