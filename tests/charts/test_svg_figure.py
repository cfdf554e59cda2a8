"""Figures as SVG: every layer is drawn, everything is on the page, any text is only text."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.pictures import NAMES, is_on_page, labels, overlapping, read, texts
from workbench.charts.figure import FIXED, Axis, Boxes, Bright, Dots, Figure, Note, Path, axis_of
from workbench.charts.heat import heat_map
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, LIGHT
from workbench.charts.parallel import parallel
from workbench.charts.placing import values_of
from workbench.charts.scatter import scatter
from workbench.charts.svg_figure import figure_svg
from workbench.charts.ticks import Tick
from workbench.runs.heat import heat

RED, BLUE = 0xFF0000, 0x0000FF
HOSTILE = "<script>alert('x')</script>&\"]]>\x00\x1b[31m\u202e\ufffe\ud800"
ONE = np.array([1.0])


def figure(*layers, x=None, y=None, **more):
    """Return a figure of these layers between 0 and 10."""
    sides = (axis_of(np.array([0.0, 10.0]), name) for name in ("width", "height"))
    across, up = sides
    return Figure(more.pop("title", "title"), "n = 9", x or across, y or up, layers, **more)


def elements(root, kind, paint):
    """Return the elements of a kind in a colour."""
    return [
        one for one in root.iter(f"{NAMES}{kind}") if paint in (one.get("stroke"), one.get("fill"))
    ]


def test_a_figure_has_its_words():
    """Title, aside, legend, names of both axes, ticks and notes are all there."""
    entries = (Entry("a", "lr=0.01", RED, focused=False), Entry("b", "lr=0.1", BLUE, focused=True))
    root = read(figure_svg(figure(entries=entries, notes="3 runs left out")))
    said = texts(root)
    assert {"title", "n = 9", "a", "lr=0.01", "b", "lr=0.1", "width", "height"} <= {*said}
    assert {"3 runs left out", "0", "10"} <= {*said}
    assert is_on_page(root)
    assert not overlapping(root)


def test_long_notes_and_asides_are_wrapped_and_not_cut():
    """The words that say what to make of a chart stand below its title, all of them."""
    aside = " · ".join(f"permutation importance number {number}" for number in range(4))
    notes = " ".join(f"word{number}" for number in range(36))
    root = read(figure_svg(replace(figure(title="importance", notes=notes), aside=aside)))
    said = " ".join(texts(root))
    assert aside in said
    assert all(f"word{number}" in said for number in range(36))
    assert is_on_page(root)
    assert not overlapping(root)
    heads = {one.text: one for one in labels(root)}
    title = heads["importance"]
    rest = [one for one in labels(root) if one != title]
    assert all(one.y > title.y + title.size / 2 for one in rest)


def test_points_are_dots_and_bright_ones_letters():
    """A cloud is one element with a dot for each point; a marked one is a disc with its letter."""
    cloud = Dots(np.array([1.0, 2.0, math.nan, 4.0]), np.array([1.0, 2.0, 3.0, math.inf]), RED)
    root = read(figure_svg(figure(cloud, Dots(ONE, ONE, BLUE, "a", bright=True))))
    (dots,) = elements(root, "path", "#ff0000")
    assert dots.get("d").count("M") == 2
    assert len(elements(root, "circle", "#0000ff")) == 1
    assert "a" in texts(root)


def test_a_path_is_broken_where_it_has_no_place():
    """NaN interrupts a line; a lone point between two of them is a dot; steps go across first."""
    y = np.array([1.0, 2.0, math.nan, 4.0, math.nan, 6.0, 7.0])
    root = read(figure_svg(figure(Path(np.arange(7.0), y, RED))))
    assert len(elements(root, "polyline", "#ff0000")) == 2
    assert len(elements(root, "circle", "#ff0000")) == 1
    steps = read(figure_svg(figure(Path(np.arange(3.0), np.arange(3.0), RED, steps=True))))
    (line,) = elements(steps, "polyline", "#ff0000")
    points = [tuple(map(float, pair.split(","))) for pair in line.get("points").split()]
    assert len(points) == 5
    assert points[0][1] == points[1][1]
    assert points[1][0] == points[2][0]


def test_boxes_have_their_texts_inside():
    """A box is a rectangle with its text in it, all texts of one size; no room, no text."""
    boxes = Boxes(
        np.array([0.0, 5.0, 9.0]), np.array([5.0, 9.0, 9.05]), np.zeros(3), np.full(3, 10.0),
        (RED, BLUE, RED), ("0.941 n=3", "0.9", "0.123"),
    )  # fmt: skip
    root = read(figure_svg(figure(boxes)))
    assert len(elements(root, "rect", "#ff0000")) == 2
    said = texts(root)
    assert "0.941 n=3" in said
    assert "0.123" not in said
    sizes = {label.size for label in labels(root) if label.text.startswith("0.9")}
    assert len(sizes) == 1


def test_nothing_to_draw_is_said():
    """An empty figure is its title and its sentence."""
    root = read(figure_svg(figure(empty="No runs yet")))
    assert texts(root) == ["title", "n = 9", "No runs yet"]


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_real_figures_are_on_the_page(theme):
    """Scatter, parallel axes and a heat map of 300 runs lie on the page, texts apart."""
    rng = np.random.default_rng(0)
    rate, depth = 10 ** rng.uniform(-4, -1, 300), rng.integers(1, 8, 300)
    score = rng.normal(size=300)
    x, y = values_of(rate, "params.lr", log=True), values_of(score, "val/auc")
    bright = [Bright(3, "a", RED, "lr=0.01"), Bright(9, "b", BLUE, "lr=0.1")]
    found = heat(rate, depth, score)
    heated = heat_map(found, x_label="lr", y_label="depth", value_label="auc", theme=theme)
    for one in (
        scatter(x, y, bright=bright, cursor=5, cursor_label="here", theme=theme),
        parallel([x, values_of(depth, "depth"), y], bright=bright, cursor=1, theme=theme),
        heated,
    ):
        root = read(figure_svg(one, theme=theme))
        assert is_on_page(root)
        assert not [pair for pair in overlapping(root) if len(min(pair, key=len)) > 1]


def test_ten_thousand_points_make_a_small_picture():
    """A cloud of 10,000 runs is a few hundred kilobytes, not megabytes."""
    rng = np.random.default_rng(0)
    cloud = Dots(rng.uniform(0, 10, 10_000), rng.uniform(0, 10, 10_000), RED)
    assert len(figure_svg(figure(cloud))) < 400_000


def test_hostile_text_is_only_text():
    """Markup and control characters anywhere leave a valid picture."""
    axis = Axis(HOSTILE, -0.5, 1.5, (Tick(0.0, HOSTILE), Tick(1.0, HOSTILE)), FIXED)
    boxes = Boxes(ONE * 0, ONE, ONE * 0, ONE, (RED,), (HOSTILE,))
    layers = (Note(0.5, 0.5, HOSTILE, RED), Dots(ONE, ONE, RED, HOSTILE, bright=True), boxes)
    entries = (Entry(HOSTILE, HOSTILE, RED, focused=False, value=HOSTILE),)
    root = read(
        figure_svg(Figure(HOSTILE, HOSTILE, axis, axis, layers, entries=entries, notes=HOSTILE))
    )
    assert is_on_page(root)
    assert any("<script>" in text for text in texts(root))


wild = st.one_of(st.floats(width=64), st.sampled_from([math.nan, math.inf, -math.inf, 1e308]))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(wild, wild), max_size=8),
    st.text(max_size=80),
    st.lists(st.text(max_size=50), max_size=20),
    st.booleans(),
)
def test_any_figure_gives_a_valid_picture(points, title, names, steps):
    """Whatever the places and the words: valid XML, and everything on the page."""
    x, y = np.asarray(points, dtype=float).reshape(-1, 2).T
    across, up = axis_of(x, title), axis_of(y, title, names=names)
    boxes = Boxes(x, np.roll(x, 1), y, np.roll(y, 1), (RED,) * len(x), (title,) * len(x))
    finite = np.isfinite(np.concatenate((x, y))).all()
    layers = (
        Path(x, y, RED, steps=steps),
        Dots(x, y, BLUE),
        Dots(x, y, BLUE, "ab", bright=True),
        *((boxes,) if finite else ()),
    )
    entries = tuple(Entry(name[:1], name, RED, focused=steps) for name in names)
    drawn = Figure(title, title, across, up, layers, entries=entries, notes=title)
    for page in ((1200, 675), (320, 240)):
        assert is_on_page(read(figure_svg(drawn, width=page[0], height=page[1])))
