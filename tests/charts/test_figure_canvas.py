"""Figures in cells: exactly as large as asked for, readable without colour, nothing unsaid."""

import math
import unicodedata
from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.builders import is_exactly
from tests.charts.figures import every_kind, marked, values
from workbench.charts.figure import FIXED, Axis, Boxes, Bright, Dots, Figure, Note, Path, axis_of
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.figure_printed import printed_figure
from workbench.charts.scatter import scatter
from workbench.charts.svg_figure import figure_svg
from workbench.charts.ticks import Tick

NUMBERS = st.floats() | st.sampled_from([0.0, 1.0, 1e-300, -1e308, 5.0])
NAMES = st.none() | st.text(max_size=6) | st.integers() | st.booleans()
RUNS = st.lists(st.tuples(NUMBERS, NUMBERS, NAMES), max_size=12)
RNG = np.random.default_rng(3)


@settings(max_examples=40, deadline=None)
@given(RUNS, st.text(max_size=8), st.integers(0, 70), st.integers(0, 24))
def test_a_figure_has_exactly_its_size(runs, label, width, height):
    """Whatever the runs are and are called, rows are exactly as wide, and obey nobody."""
    xs, ys, names = ([run[side] for run in runs] for side in range(3))
    for figure in every_kind(xs, ys, names, label):
        picture = draw_figure(figure, width=width, height=height)
        assert is_exactly(picture, width, height)
        found = {unicodedata.category(char) for char in picture.text.replace("\n", "")}
        assert not found & {"Cc", "Cf", "Zl", "Zp", "Cs"}


@pytest.mark.parametrize(("width", "height"), [(40, 10), (80, 24), (120, 40), (200, 60)])
def test_ten_thousand_points_are_dots_and_the_marked_ones_letters(width, height):
    """A dense cloud is braille; its marked points are read as letters at any size."""
    x, y = RNG.uniform(size=10_000), RNG.uniform(size=10_000)
    figure = scatter(values(x, "lr"), values(y), bright=marked(5, 9))
    picture = draw_figure(figure, width=width, height=height)
    assert is_exactly(picture, width, height)
    assert sum("\u2801" <= char <= "\u28ff" for char in picture.text) > width * height / 4
    plot = "\n".join(picture.text.split("\n")[2:-2])
    assert "a" in plot
    assert "b" in plot
    assert "n = 10,000" in picture.text


def test_a_few_points_are_signs():
    """One dot of a braille cell is easily missed, so that a few points are written."""
    figure = scatter(values([1, 2, 3], "lr"), values([1, 2, 3]))
    assert draw_figure(figure, width=60, height=16).text.count("•") == 3


def test_a_point_that_is_read_off_keeps_its_whole_name():
    """However many runs are marked: in a tall chart it has a row of its own."""
    numbers = list(range(20))
    bright = [Bright(at, "abcdefghijklmnopqrst"[at], 1, f"run number {at}") for at in numbers]
    figure = scatter(values(numbers, "lr"), values(numbers), bright=bright, cursor=3,
                     cursor_label="sgd-warmup-seed-0")  # fmt: skip
    picture = draw_figure(figure, width=60, height=20)
    assert "◉ sgd-warmup-seed-0 3, 3" in picture.text
    assert is_exactly(picture, 60, 20)


def plain(*layers, x=(0.0, 10.0), y=(0.0, 10.0)):
    """Return a figure of these layers on plain axes."""
    return Figure("", "", Axis("", *x), Axis("", *y), layers)


def test_a_point_stands_where_its_values_are():
    """Lowest left is the bottom left cell, highest right the top right one."""
    dots = Dots(np.array([0.0, 10.0]), np.array([0.0, 10.0]), 1)
    text = draw_figure(plain(dots), width=30, height=12).text.split("\n")
    assert text[0].endswith("•")
    assert text[9].split("│")[-1].split("┤")[-1].startswith("•")


def test_marked_points_in_one_cell_are_all_read():
    """Letters at one place make way for each other, the last keeps it."""
    layers = [Dots(np.array([5.0]), np.array([5.0]), 1, letter, bright=True) for letter in "abcde"]
    text = draw_figure(plain(*layers), width=30, height=12).text
    assert all(letter in text for letter in "abcde")


def test_a_line_of_steps_goes_across_first():
    """A frontier has its corner at the old value and the new place."""
    path = Path(np.array([0.0, 10.0]), np.array([10.0, 0.0]), 1, bright=True, steps=True)
    rows = draw_figure(plain(path), width=30, height=12).text.split("\n")
    assert sum("\u2801" <= char <= "\u28ff" for char in rows[0]) > 15
    assert all("\u2801" <= row[-1] <= "\u28ff" for row in rows[:10])


def test_a_line_is_interrupted_by_nan():
    """What was not measured is not joined."""
    path = Path(np.array([0.0, 4.0, 5.0, 6.0, 10.0]), np.array([5, 5, math.nan, 5, 5]), 1)
    text = draw_figure(plain(path), width=40, height=8).text
    row = next(row for row in text.split("\n") if "\u2801" <= max(row) <= "\u28ff")
    plot = row.lstrip(" 0123456789┤│")
    assert " " in plot.strip()


def test_a_dashed_line_has_gaps_on_every_road():
    """In cells, printed and as a picture it is told from a whole one without colour."""
    ends = np.array([0.0, 10.0]), np.array([5.0, 5.0])
    whole, dashed = plain(Path(*ends, 1)), plain(Path(*ends, 1, dashed=True))
    for drawn in (
        lambda figure: draw_figure(figure, width=60, height=8).text,
        lambda figure: printed_figure(figure, width=60, height=10, color=False),
    ):
        dots = [sum("\u2801" <= char <= "\u28ff" for char in drawn(one)) for one in (whole, dashed)]
        assert 0.5 < dots[1] / dots[0] < 0.9
    assert "stroke-dasharray" in figure_svg(dashed)
    assert "stroke-dasharray" not in figure_svg(whole)


@pytest.mark.parametrize("width", range(20, 90, 7))
def test_labels_that_are_whole_are_rather_left_out_than_cut(width):
    """Half a number is a wrong one."""
    ticks = tuple(Tick(float(at), f"{at}.123456789") for at in range(11))
    figure = plain(Path(np.array([0.0, 10.0]), np.array([0.0, 10.0]), 1))
    figure = replace(figure, x=Axis("", 0.0, 10.0, ticks, FIXED, whole=True))
    labels = draw_figure(figure, width=width, height=10).text.split("\n")[-1].split()
    assert labels
    assert set(labels) <= {tick.label for tick in ticks}


def test_names_that_differ_at_their_ends_are_told_apart():
    """A name without room loses its middle."""
    ticks = tuple(Tick(at + 0.5, f"https://example.org/pages/{at}") for at in range(5))
    figure = replace(plain(), y=Axis("", 0.0, 5.0, ticks, FIXED))
    text = draw_figure(figure, width=40, height=9).text
    assert all(f"/{at} ┤" in text for at in range(5))


def test_a_box_is_read_without_colour():
    """The shade says what the colour says, and the text stands in the middle."""
    side = np.array([0.0, 5.0]), np.array([5.0, 10.0])
    boxes = Boxes(
        *side, np.zeros(2), np.full(2, 10.0), (0x440154, 0xFDE725), ("0.1 n=1", "0.9 n=2"), (0.0, 1)
    )
    picture = draw_figure(plain(boxes), width=41, height=10)
    assert "░" in picture.text
    assert "█" in picture.text
    assert "0.1" in picture.text
    assert "n=2" in picture.text
    inks = {span.style for row in picture.rows for span in row if "0.9" in span.text}
    assert inks
    assert all(ink.back == 0xFDE725 for ink in inks)


def test_a_line_over_a_block_keeps_its_colour_behind():
    """A median over a column is seen, and the column too."""
    boxes = Boxes(*(np.array([end]) for end in (0.0, 10.0, 0.0, 10.0)), (0x56B4E9,))
    path = Path(np.array([5.0, 5.0]), np.array([0.0, 10.0]), 0xE69F00, bright=True)
    picture = draw_figure(plain(boxes, path), width=30, height=10)
    over = [span for row in picture.rows for span in row if "\u2801" <= span.text[0] <= "\u28ff"]
    assert over
    assert all((span.style.color, span.style.back) == (0xE69F00, 0x56B4E9) for span in over)


@pytest.mark.parametrize("anchor", ["start", "middle", "end"])
def test_a_note_stays_on_the_plot(anchor):
    """A text at the edge is moved as far as it has to be to be read whole."""
    notes = (Note(x, 5.0, "quite long", 1, anchor) for x in (0.0, 10.0))
    text = draw_figure(plain(*notes), width=40, height=10).text
    assert text.count("quite long") == 2


def test_an_empty_figure_says_why():
    """Where there is nothing to draw stands the reason, and no ticks are invented."""
    figure = Figure(
        "auc", "", axis_of(np.array([]), "lr"), axis_of(np.array([]), "auc"), empty="None yet"
    )
    text = draw_figure(figure, width=40, height=10).text
    assert "None yet" in text
    assert "┬" not in text
    assert "┤" not in text


def test_names_in_wide_characters_do_not_move_the_frame():
    """Characters that take two cells are counted as two."""
    figure = scatter(values([0, 1], "漢字", names=("日本", "b")), values([0, 1], names=("漢", "x")))
    picture = draw_figure(figure, width=50, height=12)
    assert is_exactly(picture, 50, 12)
    assert "日本" in picture.text
    assert "漢 ┤" in picture.text


def test_what_stands_beside_a_long_title_is_never_lost():
    """Where there is no room beside the title, the numbers are said below the chart."""
    figure = scatter(values(range(9), "learning_rate"), values(range(9), "validation/auc"))
    text = draw_figure(figure, width=40, height=10).text
    assert "ρ = 1" in text


def test_times_on_an_axis_are_times():
    """Seconds since 1970 read as times of day in the zone of the axis."""
    seconds = np.array([1.70002e9, 1.70002e9 + 7200])
    axis = axis_of(seconds, "started", time=True, zone=UTC)
    figure = Figure("", "", axis, Axis("", 0, 1), (Dots(seconds, np.array([0.0, 1.0]), 1),))
    assert "04:00" in draw_figure(figure, width=60, height=10).text


def noted(notes, aside="n = 9", title="loss"):
    """Return a figure of a few points with something said of it."""
    x = np.array([0.0, 10.0])
    return Figure(title, aside, axis_of(x, ""), axis_of(x, ""), (Dots(x, x, 1),), notes=notes)


@pytest.mark.parametrize(
    ("height", "said"),
    [
        (7, []),
        (11, ["3 runs have no loss · …"]),
        (12, ["3 runs have no loss · a very long", "sentence of something else · last"]),
    ],
)
def test_notes_are_whole_or_counted_out(height, said):
    """A higher chart has two lines of notes; a lower one the first of them, and says so."""
    figure = noted("3 runs have no loss · a very long sentence of something else · last")
    rows = draw_figure(figure, width=36, height=height).text.split("\n")
    assert [row.strip() for row in rows if "runs" in row or "sentence" in row] == said


def test_the_title_is_cut_last():
    """What stands beside it goes below, or is cut where nothing stands below."""
    figure = noted("", aside="out-of-bag R² 0.58, n=40", title="importance for val/auc")
    rows = draw_figure(figure, width=40, height=12).text.split("\n")
    assert rows[0].strip() == "importance for val/auc"
    assert rows[-1].strip() == "out-of-bag R² 0.58, n=40"
    rows = draw_figure(figure, width=40, height=7).text.split("\n")
    assert rows[0].rstrip() == "importance for val/auc  out-of-bag R² 0…"


@pytest.mark.parametrize(("width", "counts"), [(50, 2), (24, 0)])
def test_boxes_say_all_or_the_same_part_of_it(width, counts):
    """A count in some of the cells would look as if the others had none."""
    side = np.array([0.0, 5.0]), np.array([5.0, 10.0])
    texts = ("0.1 n=1", "0.90123 n=12")
    boxes = Boxes(*side, np.zeros(2), np.full(2, 1.0), (0x440154, 0xFDE725), texts)
    axis = Axis("", 0.0, 10.0, (), "fixed")
    figure = Figure("", "", axis, Axis("", 0.0, 1.0, (), "fixed"), (boxes,))
    text = draw_figure(figure, width=width, height=1).text
    assert text.count("n=") == counts
    assert "0.1" in text
    assert "0.90123" in text
