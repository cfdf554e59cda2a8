"""Histograms: columns of eighths, the median, and the marked runs above their column."""

import math

import numpy as np

from tests.charts.figures import marked, values
from workbench.charts.figure import Boxes, Dots, Path
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.histogram import distribution
from workbench.charts.placing import values_of

NUMBERS = np.random.default_rng(4).normal(size=300)


def test_all_finite_values_are_in_the_columns():
    """The columns add up to the runs that are drawn, the others are counted."""
    figure = distribution(values([*NUMBERS, math.nan, math.inf]))
    (boxes,) = [layer for layer in figure.layers if isinstance(layer, Boxes)]
    assert boxes.y1.sum() == 300
    assert figure.aside == "n = 300"
    assert figure.notes == "1 run has no auc · 1 run has an infinite auc"


def test_the_median_is_drawn_and_said():
    """An upright line stands at the median, whose value is in the legend."""
    figure = distribution(values(NUMBERS))
    (line,) = [layer for layer in figure.layers if isinstance(layer, Path)]
    assert line.x[0] == line.x[1] == np.median(NUMBERS)
    assert figure.entries[0].label.startswith("median ")


def test_a_marked_run_stands_above_its_column():
    """Letters are above the column the run is in."""
    figure = distribution(values([1.0] * 9 + [5.0]), bins=4, bright=marked(9))
    (boxes,) = [layer for layer in figure.layers if isinstance(layer, Boxes)]
    (dots,) = [layer for layer in figure.layers if isinstance(layer, Dots)]
    assert dots.x[0] == 5.0
    assert boxes.y1[-1] < dots.y[0] < boxes.y1[-1] + 1


def test_a_rare_value_is_seen():
    """A column of one run among thousands is an eighth of a cell at least."""
    figure = distribution(values([*np.zeros(5000), 10.0]), bins=10)
    rows = draw_figure(figure, width=60, height=16).text.split("\n")
    assert "▁" in rows[-3]


def test_categories_are_counted():
    """Names have a column each, apart from each other, and no median."""
    figure = distribution(values_of(["a", "b", "a", None], "opt"), bright=marked(1))
    (boxes,) = [layer for layer in figure.layers if isinstance(layer, Boxes)]
    assert boxes.y1.tolist() == [2, 1]
    assert boxes.x1[0] < boxes.x0[1]
    assert [entry.letter for entry in figure.entries] == ["a"]
    assert figure.notes == "1 run has no opt"


def test_a_log_axis_has_bins_in_powers():
    """On a logarithmic axis bins are of one width as they are drawn."""
    figure = distribution(values([0.001, 0.01, 0.1, 1.0], "lr", log=True), bins=3)
    assert (figure.x.low, figure.x.high) == (-3, 0)
    assert "0.01" in [tick.label for tick in figure.x.ticks]


def test_nothing_to_draw_is_said():
    """An empty histogram says why it is empty."""
    assert distribution(values([])).empty == "No runs yet"
    assert distribution(values([math.nan])).empty == "No run has auc"
