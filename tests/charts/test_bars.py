"""Bars: names, lengths, spreads, and words where there is too little to say."""

import math

import numpy as np
import pytest

from workbench.charts.bars import Bar, bars, importances
from workbench.charts.figure import Boxes, Note, Path
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.figure_printed import printed_figure
from workbench.runs.correlation import Correlation
from workbench.runs.importance import Importance, Ranking

ROWS = [Bar("lr", 1.0, 0.2, "1 ±0.2"), Bar("opt", 0.5, 0.1, "0.5 ±0.1"), Bar("seed", -0.01)]


def figure(rows=ROWS, **chosen):
    """Return a few bars."""
    return bars(rows, title="importance", label="drop in R²", **chosen)


def test_bars_stand_in_the_order_given():
    """The first row is the uppermost; each says its name and its number."""
    rows = draw_figure(figure(), width=70, height=16).text.split("\n")
    at = {
        name: next(i for i, row in enumerate(rows) if name in row[:6])
        for name in ("lr", "opt", "seed")
    }
    assert at["lr"] < at["opt"] < at["seed"]
    assert "1 ±0.2" in rows[at["lr"]]
    assert rows[at["lr"]].count("█") > rows[at["opt"]].count("█")


def test_the_spread_reaches_to_either_side():
    """Whiskers go from the mean less the deviation to the mean and the deviation."""
    paths = [layer for layer in figure().layers if isinstance(layer, Path)]
    ends = [end for path in paths[:2] for end in path.x.tolist()]
    assert np.allclose(ends, [0.8, 1.0, 1.0, 1.2])
    assert len(paths) == 4


def test_rows_without_room_are_counted():
    """A small chart shows the first bars and says how many there are."""
    rows = [Bar(f"p{at}", 30.0 - at) for at in range(30)]
    text = draw_figure(figure(rows), width=60, height=12).text
    assert "p0" in text
    assert "p29" not in text
    assert "8 of 30 shown" in text


def test_a_bar_below_zero_goes_left():
    """A param that only adds noise is drawn below zero, not as nothing."""
    (boxes,) = [
        one for one in figure([Bar("a", 1.0), Bar("b", -0.5)]).layers if isinstance(one, Boxes)
    ]
    assert boxes.x1.tolist() == [1.0, -0.5]
    text = draw_figure(figure([Bar("a", 1.0), Bar("b", -0.5)]), width=60, height=12).text
    below = [row for row in text.split("\n") if row.strip().startswith("b ┤")]
    assert "█" in below[0]


PAIRS = [Bar("a", 60.0, before=20.0, said="20 → 60"), Bar("b", 5.0, before=80.0, said="80 → 5")]


def test_a_pair_is_a_line_over_the_bar_of_what_it_was():
    """The bar is as long as the number before, the line as the number now; words stand behind."""
    found = figure(PAIRS)
    (boxes,) = [one for one in found.layers if isinstance(one, Boxes)]
    lines = [one for one in found.layers if isinstance(one, Path)]
    assert boxes.x1.tolist() == [20.0, 80.0]
    assert [line.x[-1] for line in lines] == [60.0, 5.0]
    assert all(line.bright for line in lines)
    assert boxes.colors[0] != lines[0].color
    ends = [one.x for one in found.layers if isinstance(one, Note)]
    assert ends[0] > 60
    assert ends[1] > 80


@pytest.mark.parametrize("height", [9, 12, 18])
def test_a_printed_bar_stands_on_the_row_of_its_name(height):
    """Also where rows are few: no bar is printed beside another's name."""
    lines = printed_figure(figure(PAIRS), width=80, height=height, color=False).splitlines()
    rows = {line.split("┤")[0].strip(): line for line in lines if "→" in line}
    assert "20 → 60" in rows["a"]
    assert "80 → 5" in rows["b"]
    assert rows["b"].count("█") > 20


def ranking(words="", *, known=True):
    """Return a ranking of two params, with importances or only correlations."""
    value = 0.3 if known else math.nan
    rows = (
        Importance("lr", value, 0.02, Correlation(-0.62, 0.003, 48), 9),
        Importance("opt", value, 0.01, None, 3),
    )
    return Ranking(rows, 48 if known else 12, 0.8 if known else math.nan, words, "the method")


def test_importance_is_labelled_as_what_it_is():
    """Method, score, number of runs and correlation all stand in the chart."""
    figure = importances(ranking(), metric="auc")
    assert figure.title == "importance for auc"
    assert figure.aside == "out-of-bag R² = 0.8, n = 48"
    assert figure.notes == "the method"
    assert figure.x.label == "drop in R² when shuffled"
    notes = [layer.text for layer in figure.layers if isinstance(layer, Note)]
    assert notes == ["0.3 ±0.02  ρ = -0.62", "0.3 ±0.01"]


def test_too_few_runs_show_correlations_and_say_so():
    """Without a forest the bars are rank correlations, named as such."""
    words = "too few runs: 12, at least 20 are needed"
    figure = importances(ranking(words, known=False), metric="auc")
    assert figure.notes == f"{words}: only rank correlations"
    assert figure.x.label == "|ρ|"
    assert [tick.label for tick in figure.y.ticks] == ["lr"]


def test_no_rows_say_why():
    """A ranking of nothing is the sentence that says so."""
    nothing = Ranking((), 3, math.nan, "too few runs: 3, at least 20 are needed", "")
    assert importances(nothing, metric="auc").empty.startswith("too few runs: 3")
    assert bars([], title="x", label="y").empty == "Nothing to show"


@pytest.mark.parametrize("height", range(9, 20))
def test_every_bar_has_its_own_words_on_a_small_screen(height):
    """In no chart do the words of one bar stand beside the name of another."""
    rows = [Bar(name, value, 0.1, f"said of {name}") for name, value in
            (("first", 0.8), ("second", 0.1), ("third", 0.05))]  # fmt: skip
    text = draw_figure(figure(rows), width=78, height=height).text
    lines = [line for line in text.split("\n") if "┤" in line]
    assert len(lines) == 3
    assert all(line.split("said of ")[1].split()[0] == line.split()[0] for line in lines)
