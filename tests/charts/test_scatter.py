"""Clouds, progress and fronts: what is drawn, what is said, and what is left out is counted."""

import math

import numpy as np
import pytest

from tests.charts.figures import marked, values
from workbench.charts.figure import Bright, Dots, Path
from workbench.charts.placing import Values, values_of
from workbench.charts.scatter import FRONT, HERE, pareto, progress, scatter


def paths(figure):
    """Return the lines of a figure."""
    return [layer for layer in figure.layers if isinstance(layer, Path)]


def members_of(figure):
    """Return the members of the front."""
    dots = [layer for layer in figure.layers if isinstance(layer, Dots)]
    return next(layer for layer in dots if layer.sign == FRONT)


def test_the_rank_correlation_is_said():
    """Coefficient, p-value and number of runs stand beside the title."""
    figure = scatter(values([1, 2, 3, 4], "lr"), values([1, 3, 2, 4]))
    assert figure.aside == "ρ = 0.8, p = 0.33, n = 4"
    assert figure.title == "auc by lr"


def test_categories_have_no_rank_correlation():
    """On an axis of names only the number of runs is said, and their dots stand apart."""
    figure = scatter(values_of(["a", "b", "a"], "opt"), values([1, 2, 3]))
    assert figure.aside == "n = 3"
    assert [tick.label for tick in figure.x.ticks] == ["a", "b"]
    first, second, third = figure.layers[0].x
    assert first != third
    assert abs(first) < 0.5
    assert abs(third) < 0.5
    assert second == 1


def test_who_is_left_out_is_counted():
    """Runs without a value, with an infinite one, or none a log axis can show, are in the notes."""
    x = values([1, math.nan, math.inf, -1, 0, 3], "lr", log=True)
    figure = scatter(x, values([1, 2, 3, 4, 5, math.nan]))
    assert figure.notes == (
        "1 run has no lr · 1 run has an infinite lr · "
        "2 runs have lr <= 0, left out of the log axis · 1 run has no auc"
    )
    assert len(figure.layers[0].x) == 1


def test_marked_runs_are_letters_and_the_pointed_one_a_ring():
    """Letters and the ring are bright points with a line in the legend each."""
    figure = scatter(
        values([1, 2, 3], "lr"),
        values([1, 2, 3]),
        bright=marked(0, 2),
        cursor=1,
        cursor_label="here",
    )
    bright = [layer for layer in figure.layers if isinstance(layer, Dots) and layer.bright]
    assert [(dots.sign, float(dots.x[0])) for dots in bright] == [("a", 1), ("b", 3), (HERE, 2)]
    assert [(entry.letter, entry.label) for entry in figure.entries] == [
        (HERE, "here"),
        ("a", "run-0"),
        ("b", "run-2"),
    ]
    assert figure.entries[0].value == "2, 2"


def test_a_marked_run_without_a_place_is_not_drawn():
    """A letter needs both values; the notes say who has none."""
    figure = scatter(values([1, math.nan], "lr"), values([1, 2]), bright=marked(1), cursor=1)
    assert not [layer for layer in figure.layers if layer.bright]
    assert "1 run has no lr" in figure.notes


@pytest.mark.parametrize(
    ("x", "y", "why"),
    [
        ([], [], "No runs yet"),
        ([1, math.nan], [math.nan, 1], "No run has both lr and auc"),
    ],
)
def test_nothing_to_draw_is_said(x, y, why):
    """An empty cloud says why it is empty."""
    assert scatter(values(x, "lr"), values(y)).empty == why
    assert progress(values(x, "lr"), values(y), "max").empty == why
    assert pareto(values(x, "lr"), values(y), ("min", "max")).empty == why


def test_progress_steps_up_to_the_best():
    """The line holds the best so far in the order of time and reaches the edge."""
    figure = progress(values([30, 10, 20], "started", time=True), values([3, 1, 2]), "max")
    (line,) = paths(figure)
    assert line.steps
    assert line.y.tolist() == [1, 2, 3, 3]
    assert line.x.tolist()[:3] == [10, 20, 30]
    assert line.x[-1] == figure.x.high
    assert figure.aside == "n = 3, best 3"


def test_without_a_goal_there_is_no_best():
    """Where nobody said what is better, no line claims to know."""
    figure = progress(values([1, 2], "started", time=True), values([1, 2]), "")
    assert not paths(figure)
    assert "no goal is set for auc" in figure.notes


@pytest.mark.parametrize("goals", [("min", "min"), ("min", "max"), ("max", "min"), ("max", "max")])
def test_the_front_bounds_what_is_beaten(goals):
    """No corner of the line of steps is better in both than any member of the front."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(size=(2, 50))
    figure = pareto(values(x, "cost"), values(y), goals)
    (line,) = paths(figure)
    members = next(
        layer for layer in figure.layers if isinstance(layer, Dots) and layer.sign == FRONT
    )
    assert sorted(members.x.tolist()) == sorted(line.x.tolist())
    signs = [-1 if goal == "max" else 1 for goal in goals]
    corners = zip(line.x[1:] * signs[0], line.y[:-1] * signs[1], strict=True)
    for corner in corners:
        beaten = (members.x * signs[0] <= corner[0]) & (members.y * signs[1] <= corner[1])
        assert beaten.sum() >= 2


def test_a_marked_run_on_the_front_has_both_signs():
    """Its letter says which it is, the diamond that no other beats it; one behind has none."""
    bright = (Bright(0, "a", 7, "first"), Bright(2, "b", 8, "last"))
    figure = pareto(values([1, 2, 3], "cost"), values([1, 2, 3]), ("min", "min"), bright=bright)
    signs = [layer.sign for layer in figure.layers if isinstance(layer, Dots)]
    assert signs[-2:] == ["a" + FRONT, "b"]
    assert [one.letter for one in figure.entries] == [FRONT, "a", "b"]


def test_a_front_of_three_has_members_but_no_line():
    """A run that is best in a third metric is on the front though it is beaten in the others."""
    third = Values(np.array([5.0, 5.0, 1.0]), "latency")
    figure = pareto(
        values([1, 2, 3], "cost"), values([1, 2, 3]), ("min", "min", "min"), third=third
    )
    assert not paths(figure)
    members = next(
        layer for layer in figure.layers if isinstance(layer, Dots) and layer.sign == FRONT
    )
    assert members.x.tolist() == [1, 3]
    assert figure.aside == "2 of 3 runs, less cost, less auc, less latency"
