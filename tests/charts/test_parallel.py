"""Parallel coordinates: few enough lines to be read, and said how few."""

import math

import numpy as np
import pytest

from tests.charts.figures import marked, values
from workbench.charts.figure import Boxes, Dots, Note, Path
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.figure_printed import printed_figure
from workbench.charts.parallel import MOST_BRIGHT, MOST_DIM, parallel
from workbench.charts.placing import values_of

RNG = np.random.default_rng(8)


def columns(n):
    """Return three columns of n runs."""
    return [
        values(10 ** RNG.uniform(-4, -1, n), "lr", log=True),
        values_of(RNG.choice(["adam", "sgd"], n).tolist(), "opt"),
        values(RNG.uniform(size=n)),
    ]


def lines(figure, *, bright):
    """Return the dim or the bright lines of a figure."""
    return [one for one in figure.layers if isinstance(one, Path) and one.bright is bright]


def test_of_many_runs_forty_are_drawn_and_said():
    """Dim lines are spread over the whole last column, bright ones are eight at most."""
    found = columns(5051)
    figure = parallel(found, bright=marked(*range(10)))
    assert len(lines(figure, bright=False)) == MOST_DIM
    assert len(lines(figure, bright=True)) == MOST_BRIGHT
    assert figure.aside == "48 of 5,051 drawn"
    ends = sorted(line.y[-1] for line in lines(figure, bright=False))
    assert ends[0] < 0.01
    assert ends[-1] > 0.99
    assert max(np.diff(ends)) < 0.05


def test_every_run_of_a_few_is_drawn():
    """Up to forty runs all have their line, and their number is said."""
    figure = parallel(columns(30))
    assert len(lines(figure, bright=False)) == 30
    assert figure.aside == "30 runs"


def test_axes_say_their_name_and_their_ends():
    """Each column has an upright axis, its name below, its low and high value at the ends."""
    found = [values([1, 5], "depth"), values_of(["adam", "sgd"], "opt")]
    figure = parallel(found)
    assert figure.verticals == (0.0, 1.0)
    assert [tick.label for tick in figure.x.ticks] == ["depth", "opt"]
    notes = {(note.x, note.y > 0.5): note.text for note in figure.layers if isinstance(note, Note)}
    assert notes == {(0, True): "5", (0, False): "1", (1, True): "sgd", (1, False): "adam"}


def test_a_range_filters_and_is_seen():
    """Runs outside a range fall away, and the range is a bar on its axis."""
    found = [values(range(10), "depth"), values(range(10))]
    figure = parallel(found, brushes={0: (3.0, 6.0)}, bright=marked(0, 4))
    assert figure.aside == "4 of 10 runs"
    assert len(lines(figure, bright=False)) == 3
    assert [dots.sign for dots in figure.layers if isinstance(dots, Dots)] == ["b"]
    (box,) = [layer for layer in figure.layers if isinstance(layer, Boxes)]
    assert box.y0[0] == 3 / 9
    assert box.y1[0] == 6 / 9
    assert "█" in draw_figure(figure, width=60, height=16).text


def test_the_axis_under_the_cursor_is_marked_without_colour():
    """Its name has a pointer, and its line is heavier than the others."""
    figure = parallel(columns(5), cursor=1)
    text = draw_figure(figure, width=60, height=16).text
    assert "▸opt" in text
    assert text.count("┃") > 5
    assert "│" in text


def test_a_missing_value_interrupts_the_line():
    """A run without a value on an axis has no line there, and is counted."""
    found = [
        values([1, 2], "a"),
        values([1, math.nan], "b"),
        values([1, 2], "c"),
        values([1, 2], "d"),
    ]
    figure = parallel(found)
    assert any(np.isnan(line.y).any() for line in lines(figure, bright=False))
    assert figure.notes == "1 run has no b"


def test_nothing_to_draw_is_said():
    """Too few columns, no runs, or none within the ranges: each is said."""
    assert parallel([values([1, 2])]).empty == "Choose two columns at least"
    assert parallel([values([]), values([])]).empty == "No runs yet"
    found = [values([1, 2]), values([1, 2], "b")]
    assert parallel(found, brushes={0: (5.0, 6.0)}).empty == "No run lies in every range"


def test_letters_stand_at_the_right_end():
    """Bright lines are named where they end, so that colour is never needed."""
    figure = parallel(columns(20), bright=marked(1, 2))
    rows = draw_figure(figure, width=80, height=20).text.split("\n")
    ends = "".join(row[-5:] for row in rows[1:-2])
    assert "a" in ends
    assert "b" in ends


@pytest.mark.parametrize(
    ("names", "height", "said"),
    [
        (("adam", "adamw", "sgd"), 11, ("adam", "adamw", "sgd")),
        (tuple(f"kind{at:02}" for at in range(12)), 40, tuple(f"kind{at:02}" for at in range(12))),
        (tuple(f"kind{at:02}" for at in range(12)), 8, ("kind00", "kind11")),
    ],
)
@pytest.mark.parametrize("draw", [draw_figure, printed_figure])
def test_categories_between_the_ends_are_named_where_there_are_rows(names, height, said, draw):
    """A line that meets an axis half way up says nothing without the name that stands there."""
    found = [values(range(len(names))), values_of(list(names), "kind"), values(range(len(names)))]
    drawn = draw(parallel(found), width=70, height=height)
    text = drawn if isinstance(drawn, str) else drawn.text
    assert all(name in text for name in said)
    assert sum(name in text for name in names) <= max(len(said), height)
