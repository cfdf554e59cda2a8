"""Printed figures: plotext where there is one, our canvas where there is none."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from tests.charts.figures import every_kind, marked, values
from workbench.charts.drawing import cells
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.figure_printed import printed_figure
from workbench.charts.printed import ansi
from workbench.charts.scatter import scatter

RNG = np.random.default_rng(6)
XS, YS = RNG.uniform(1, 9, 30).tolist(), RNG.uniform(1, 9, 30).tolist()
NAMES = RNG.choice(["adam", "sgd", "lamb"], 30).tolist()
FIGURES = every_kind(XS, YS, NAMES, "label")
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("kind", range(len(FIGURES)))
@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (121, 40)])
def test_a_printed_figure_keeps_to_its_size(kind, width, height):
    """No line is wider and there are no more lines than asked for, whatever is drawn."""
    lines = printed_figure(FIGURES[kind], width=width, height=height, color=False).split("\n")
    assert max(map(cells, lines)) <= width
    assert len(lines) <= height


def test_a_printed_figure_says_what_the_screen_says():
    """Title, correlation, legend, letters, ticks and notes are all there."""
    figure = scatter(values([*XS, np.nan], "lr"), values([*YS, 1.0]), bright=marked(3, 4))
    text = printed_figure(figure, width=90, height=24, color=False)
    assert text.startswith("auc by lr  ρ = ")
    assert "a run-3" in text
    assert "b" in "\n".join(text.split("\n")[1:-3])
    assert text.endswith("1 run has no lr")
    assert re.search(r"[\u2801-\u28ff]", text)
    assert "┤" in text


def test_what_the_side_shows_is_said_once():
    """Beside the title, as plotext has no place for it; not where the title says it."""
    figure = scatter(values([1, 2, 3]), values([4, 5, 6], "loss"), title="all runs")
    assert "loss" in printed_figure(figure, width=80, height=20, color=False).splitlines()[0]
    named = replace(figure, title="loss of all runs")
    head = printed_figure(named, width=80, height=20, color=False).splitlines()[0]
    assert head.count("loss") == 1


def test_colour_is_a_choice():
    """With colour the text has escape sequences, without it none, and reads the same."""
    plain = printed_figure(FIGURES[0], color=False)
    colored = printed_figure(FIGURES[0])
    assert "\x1b" not in plain
    assert "38;2;230;159;0" in colored
    bare = [line.rstrip() for line in ESCAPES.sub("", colored).split("\n")]
    assert bare == plain.split("\n")


def test_without_plotext_our_canvas_draws(monkeypatch):
    """Where plotext cannot be imported the figure is the one of the screen."""
    monkeypatch.setitem(sys.modules, "plotext", None)
    expected = ansi(draw_figure(FIGURES[0], width=70, height=16), color=False)
    assert printed_figure(FIGURES[0], width=70, height=16, color=False) == expected


def test_wide_characters_go_to_our_canvas():
    """Plotext would count them as one cell and break the lines."""
    figure = scatter(values([0, 1], "opt", names=("漢字", "b")), values([1, 2]))
    expected = ansi(draw_figure(figure, width=70, height=16), color=False)
    assert printed_figure(figure, width=70, height=16, color=False) == expected


def test_nothing_to_draw_is_said():
    """A figure without points is the sentence that says so."""
    assert "No runs yet" in printed_figure(scatter(values([]), values([])), color=False)


def test_figures_printed_at_once_do_not_mix():
    """Threads that print together each get the figure they get alone."""

    def one(kind):
        return printed_figure(FIGURES[kind], width=60, height=14, color=False)

    alone = [one(kind) for kind in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(8))) == alone


def test_names_are_printed_without_orders():
    """Control characters in names do not reach the terminal through a printed figure."""
    for figure in every_kind(XS, YS, ["\x1b[2J", "\x07", "b"] * 10, "\x1b[2Jx\x07"):
        assert not set(printed_figure(figure, color=False)) & set("\x1b\x07")
