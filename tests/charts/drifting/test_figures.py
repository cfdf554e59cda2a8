"""What the plots of a column say, and that every column can be drawn."""

import itertools

import numpy as np
import pytest
from msgspec.structs import replace

from tests.charts import pictures
from tests.charts.drifting.columns import column, named, numbers
from workbench.charts.drifting import (
    KINDS,
    Point,
    Promotion,
    categories,
    cumulative,
    distributions,
    figure_of,
    kinds_for,
    over_time,
    quantile_shift,
    table,
)
from workbench.charts.drifting.curves import gap_of
from workbench.charts.drifting.shifting import shift_of
from workbench.charts.figure import Boxes, Note, Path
from workbench.charts.figure_canvas import draw_figure
from workbench.charts.figure_printed import printed_figure
from workbench.charts.palette import DARK, LIGHT
from workbench.charts.svg_figure import figure_svg
from workbench.datasets.drift.report import Measure, Shape

SIZES = ((40, 8), (80, 10), (150, 30))
GENERATOR = np.random.default_rng(6)
NORMAL = GENERATOR.normal(0, 1, 2000)
DAY = 86_400.0


def text(figure, width=80, height=16):
    """Return a figure in cells, without colour."""
    return draw_figure(figure, width=width, height=height).text


def layer(figure, kind):
    """Return the first layer of a kind."""
    return next(one for one in figure.layers if isinstance(one, kind))


def bright(figure):
    """Return the bright line: the current data."""
    return next(one for one in figure.layers if isinstance(one, Path) and one.bright)


def test_a_reference_is_a_tenth_in_each_of_its_deciles():
    """The reference is flat, and what rises above it is where the current data went."""
    figure = distributions(numbers(NORMAL, NORMAL + 1))
    assert layer(figure, Boxes).y1 == pytest.approx(np.full(10, 10.0), abs=0.1)
    line = bright(figure)
    assert line.y[-2] > 35
    assert line.y[0] < 2
    assert line.y[:-1].sum() == pytest.approx(100)


def test_bins_at_the_ends_are_open():
    """No number stands at the outer ends, but an arrow; all bins are as wide as each other."""
    figure = distributions(numbers(NORMAL, NORMAL))
    assert [figure.x.ticks[0].label, figure.x.ticks[-1].label] == ["←", "→"]
    widths = layer(figure, Boxes).x1 - layer(figure, Boxes).x0
    assert set(widths.tolist()) == {1.0}
    assert "← → are open" in text(figure)


def test_edges_are_told_apart_and_never_cut():
    """Edges that differ far behind the point have as many digits as that takes."""
    figure = distributions(numbers(1e6 + NORMAL / 1000, 1e6 + NORMAL / 1000))
    labels = [tick.label for tick in figure.x.ticks]
    assert len(set(labels)) == 11
    for width, _ in SIZES:
        assert "…" not in text(figure, width, 16).splitlines()[-2]


def test_a_side_without_values_leaves_the_other_to_be_seen():
    """Where every current value is missing the reference is drawn, and the share is said."""
    shape = Shape(edges=(1.0,), reference_shares=(0.5, 0.5))
    figure = distributions(column(shape, current_missing=1.0))
    assert not figure.empty
    assert "missing 0% → 100%" in text(figure)


def test_the_gap_stands_at_its_place_with_its_size():
    """Its line is as long as D, lies between the curves, and its words name both."""
    found = numbers(NORMAL, NORMAL + 1)
    gap = gap_of(found)
    figure = cumulative(found)
    lines = [one for one in figure.layers if isinstance(one, Path) and one.bright]
    assert lines[-1].x.tolist() == [found.shape.gap_at] * 2
    assert np.diff(lines[-1].y) == pytest.approx(100 * found.measures[0].value)
    exact = [float((side <= gap.at).mean()) for side in (NORMAL + 1, NORMAL)]
    assert [gap.low, gap.high] == pytest.approx(exact, abs=0.02)
    assert "D 0.394" in text(figure)


def test_a_gap_says_how_far_it_may_be_off():
    """What lies between stored points is said with the number."""
    found = numbers(NORMAL, NORMAL + 1)
    loose = column(found.shape, measures=(Measure("ks", 0.38, within=0.005),))
    assert "D 0.38 ±0.005" in text(cumulative(loose))


def test_curves_keep_to_where_most_values_are():
    """One far value does not hide all others, and what is left out is said."""
    figure = cumulative(numbers([*NORMAL, 1e9], NORMAL))
    assert figure.x.high < 10
    assert "the outer hundredths not shown" in figure.notes
    assert "outer" not in cumulative(numbers(NORMAL, NORMAL)).notes


def test_curves_of_few_values_are_stairs():
    """Between two values there are none: no slope says otherwise."""
    few = GENERATOR.integers(0, 4, 1000)
    assert bright(cumulative(numbers(few, few))).steps
    assert not bright(cumulative(numbers(NORMAL, NORMAL))).steps


def test_where_it_moved_is_told_in_robust_scales():
    """A move of one scale is 1 at every quantile; lines stand at 0 and at the limit."""
    found = numbers(NORMAL, NORMAL)
    moved = numbers(NORMAL, NORMAL + found.shape.scale)
    assert shift_of(moved).by == pytest.approx(np.ones(101))
    figure = quantile_shift(moved)
    levels = {float(one.y[0]) for one in figure.layers if isinstance(one, Path) and not one.bright}
    assert levels == {0.0, 0.1, -0.1}
    assert "higher now" in text(figure)


def test_a_shift_that_was_not_measured_has_no_limit():
    """Where a report has no mean distance no default is drawn for it."""
    found = replace(numbers(NORMAL, NORMAL + 1), measures=())
    assert shift_of(found).limit is None
    assert "limit ±" not in text(quantile_shift(found))


def test_where_there_is_no_spread_the_shift_has_its_own_unit():
    """A constant that changed has no scale: no line pretends to be its limit."""
    figure = quantile_shift(numbers([3.0] * 50, [5.0] * 50))
    assert shift_of(numbers([3.0] * 50, [5.0] * 50)).by == pytest.approx(np.full(101, 2.0))
    assert "no spread" in figure.notes
    assert "limit ±" not in text(figure)


def test_new_and_gone_categories_are_marked_by_a_word():
    """No colour is needed to see that a category was not there."""
    shown = text(categories(named({"a": 0.5, "b": 0.5}, {"a": 0.9, "z": 0.1})))
    rows = {line.split("┤")[0].strip(): line for line in shown.splitlines() if "┤" in line}
    assert "0% → 10%  new" in rows["z"]
    assert "50% → 0%  gone" in rows["b"]
    assert "new" not in rows["a"]


def test_all_other_categories_do_not_hide_those_that_moved():
    """Where the rest is most of all rows, it is told in words and has no bar."""
    rare = named({"a": 0.03, "b": 0.02}, {"a": 0.01, "b": 0.05}, other=(0.95, 0.94))
    figure = categories(rare)
    assert layer(figure, Boxes).x1.max() == pytest.approx(3)
    assert "95% → 94%, no bar" in text(figure)
    many = categories(named({"a": 0.6}, {"a": 0.5}, other=(0.4, 0.5)))
    assert layer(many, Boxes).x1.tolist() == [60.0, 40.0]
    assert "no bar" not in text(many)


def test_categories_that_differ_at_their_ends_are_told_apart():
    """Long names lose their middles."""
    names = {f"https://example.org/a/very/long/path/to/page-{n}": 0.1 for n in range(10)}
    shown = text(categories(named(names, names)), 60, 16)
    assert all(f"page-{n}" in shown for n in range(10))


def test_effects_over_time_have_their_verdicts_letter_and_promotions():
    """Each chunk's sign, the limit, and who was promoted when."""
    points = [Point(n * DAY, f"day-{n}", n / 2, "drift" if n > 2 else "stable") for n in range(8)]
    points[5] = Point(5 * DAY, "day-5", 0.0, "too few")
    promoted = [Promotion(3.5 * DAY, "v2 production"), Promotion(900 * DAY, "v9 far away")]
    figure = over_time(points, promotions=promoted)
    shown = text(figure, 100, 20)
    assert shown.count("D") >= 4
    assert "?" in shown
    assert "▼v2 production" in shown
    assert "v9" not in shown
    assert "1 chunk not judged" in shown
    assert [tick.label for tick in figure.x.ticks] == [point.label for point in points]


def test_chunks_without_a_moment_stand_in_their_order():
    """Promotions have no place there, and none is made up."""
    points = [Point(None, f"part {n}", 0.5, "stable") for n in range(3)]
    figure = over_time(points, promotions=[Promotion(1.0, "v2")])
    assert [tick.at for tick in figure.x.ticks] == [0.0, 1.0, 2.0]
    assert not any(isinstance(one, Note) for one in figure.layers)


def test_a_huge_effect_does_not_hide_the_limit():
    """Beyond twenty limits the axis is logarithmic, and says so."""
    points = [Point(None, str(n), effect, "drift") for n, effect in enumerate((0.5, 1e12, np.inf))]
    figure = over_time(points)
    assert figure.y.log
    assert "logarithmic" in figure.aside
    assert len(text(figure).splitlines()) == 16


def test_which_plots_a_column_has():
    """Numbers have three, names one, what nothing is kept of none."""
    assert kinds_for(numbers(NORMAL, NORMAL)) == ("distributions", "cumulative", "quantile shift")
    assert kinds_for(named({"a": 1.0}, {"a": 1.0})) == ("categories",)
    assert kinds_for(column()) == ()


def test_missing_values_that_moved_most_are_shown_first():
    """Both shares beside each other; a column that misses none has no such plot."""
    moved = column(shape=named({"a": 1.0}, {"a": 1.0}).shape, measure="missing",
                   current_missing=0.6)  # fmt: skip
    assert kinds_for(moved) == ("missing", "categories")
    assert "0% → 60%" in text(figure_of(moved, "missing"))
    assert table(moved, "missing").rows[0] == ("missing", "0%", "60%", "+60 pp")
    none = named({"a": 1.0}, {"a": 1.0})
    assert "missing" not in kinds_for(none)
    said = "No value is missing on either side."
    assert figure_of(none, "missing").empty == said
    assert table(none, "missing").rows == ((said,),)


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_tiny_and_huge_values_are_drawn_as_others_are(size):
    """No number is taken for zero, and none for the end of all numbers; the axis has a unit."""
    plain, sized = (numbers(NORMAL * one, NORMAL * one + one) for one in (1.0, size))
    assert shift_of(sized).by == pytest.approx(shift_of(plain).by, rel=1e-6)
    assert gap_of(sized).low == pytest.approx(gap_of(plain).low, abs=1e-6)
    curves = [bright(cumulative(one)).x for one in (plain, sized)]
    assert np.ptp(curves[1]) == pytest.approx(np.ptp(curves[0]), rel=0.01)
    labels = [float(tick.label) for tick in cumulative(sized).x.ticks]
    assert labels == pytest.approx([tick.at * size for tick in cumulative(sized).x.ticks])
    moved = numbers([3 * size] * 50, [5 * size] * 50)
    top = quantile_shift(moved).y.ticks[-1]
    assert float(top.label) == pytest.approx(top.at * size)
    assert shift_of(moved).by[0] * shift_of(moved).unit == pytest.approx(2 * size)


def test_far_ends_do_not_hide_where_the_rest_moved():
    """One outlier is told in words, and all others are seen."""
    figure = quantile_shift(numbers(NORMAL, [*(NORMAL + 0.2), 5e3, 6e3, 7e3]))
    assert figure.y.high < 1
    assert "the outer hundredths, up to +" in figure.notes


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "missing"])
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"reason": "fewer than 30 rows"}, "Fewer than 30 rows."),
        ({"current_missing": 1.0}, "It has no values in the current data."),
        ({"reference_missing": 1.0}, "It has no values in the reference."),
        ({"reference_missing": 1.0, "current_missing": 1.0}, "It has no values on either side."),
        ({}, "The report keeps nothing of it to draw."),
        ({"shape": Shape()}, "The report keeps nothing of it to draw."),
    ],
)
def test_what_cannot_be_drawn_says_why(kind, more, words):
    """An empty figure with its reason, and the same sentence as a table."""
    figure = figure_of(column(**more), kind)
    assert figure.empty == words
    assert table(column(**more), kind).rows == ((words,),)


def test_no_chunk_is_said():
    """Nothing over time is a sentence, too."""
    assert over_time([]).empty == "No chunk was checked yet."


nan, inf = float("nan"), float("inf")
ODD = {
    "one value": numbers([5.0], [5.0]),
    "one value that changed": numbers([5.0] * 40, [7.0] * 40),
    "tiny": numbers(NORMAL * 1e-300, NORMAL * 1e-300 + 1e-299),
    "huge": numbers(NORMAL * 1e300, NORMAL * 1e300),
    "both ends": numbers([-1.7e308, 0.0, 1.7e308], [-1.7e308, 1.0, 1.7e308]),
    "far away": numbers(NORMAL + 1e15, NORMAL + 1e15),
    "infinite": column(
        Shape(
            edges=(-inf, 0.0, inf), reference_shares=(0.0, 0.5, 0.5, 0.0),
            current_shares=(nan, 0.5, 0.5, inf), at=(0.0, 0.5, 1.0),
            reference_quantiles=(-inf, nan, inf), current_quantiles=(-inf, 0.0, inf),
            scale=inf, gap_at=inf,
        )
    ),
    "no number": column(
        Shape(at=(nan, 0.5), reference_quantiles=(nan, nan), current_quantiles=(nan, nan),
              gap_at=nan, scale=nan),
        measures=(Measure("ks", nan), Measure("wasserstein", nan, limit=nan)),
    ),
    "zero scale": column(
        Shape(at=(0.0, 1.0), reference_quantiles=(1.0, 1.0), current_quantiles=(1.0, 2.0),
              scale=0.0, gap_at=1.0)
    ),
    "uneven": column(
        Shape(edges=(1.0, 2.0, 3.0), reference_shares=(0.5,), at=(0.0, 0.2, 1.0),
              reference_quantiles=(1.0,), current_quantiles=(1.0, 2.0, 3.0),
              categories=("a", "b"), reference_parts=(0.2,), current_parts=())
    ),
    "one category": named({"only": 1.0}, {"only": 1.0}),
    "odd names": named(
        {f"{n}\x1b[31m\x00\n\u202e{'long ' * 40}": 1 / 12 for n in range(12)},
        {f"{n}漢字\t<script>{'x' * 300}": 1 / 12 for n in range(12)},
    ),
    "shares of nothing": named({"a": nan, "b": inf}, {"a": 1.0, "b": nan}, other=(nan, 0.0)),
    "a name to escape": numbers(NORMAL, NORMAL + 2, name="<b>\x1b[2Jx & 'y'\u202e"),
}  # fmt: skip


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("kind", KINDS)
def test_any_column_is_drawn_at_any_size_or_said_not_to_be(case, kind):
    """In cells, printed, as a picture and as a table: nothing breaks, nothing steers a terminal."""
    figure = figure_of(ODD[case], kind)
    for width, height in SIZES:
        drawn = text(figure, width, height)
        assert [len(line) <= width for line in drawn.splitlines()] == [True] * height
        printed = printed_figure(figure, width=width, height=height, color=False)
        assert not set(drawn + printed) & set("\x1b\x00\x07\u202e")
    for theme in (DARK, LIGHT):
        assert pictures.is_on_page(pictures.read(figure_svg(figure, theme=theme)))
    assert all(isinstance(cell, str) for row in table(ODD[case], kind).rows for cell in row)


@pytest.mark.parametrize("case", ODD)
def test_a_plot_that_is_offered_shows_something(case):
    """What a column is said to have is never an empty figure, save where nothing is a number."""
    if case == "no number":
        assert cumulative(ODD[case]).empty == "None of its quantiles is a number."
        return
    if case == "infinite":
        assert quantile_shift(ODD[case]).empty == "None of its quantiles is a number."
        return
    for kind in kinds_for(ODD[case]):
        assert not figure_of(ODD[case], kind).empty


@pytest.mark.parametrize(
    "points",
    [
        [Point(0.0, "only", 0.2, "stable")],
        [Point(1.0, "a", nan, "error"), Point(1.0, "b", None, "too few")],
        [Point(nan, "a", -inf, "drift"), Point(inf, "\x1b[2J" * 30, inf, "unheard of")],
        [Point(float(n), f"{n}", n % 7 / 3, "stable") for n in range(2000)],
        [Point(1e300, "late", 1e300, "severe"), Point(-1e300, "early", 0.0, "stable")],
    ],
)
def test_any_chunks_are_drawn(points):
    """One, none that is judged, moments of no calendar, thousands."""
    figure = over_time(points, promotions=[Promotion(1.0, "v2"), Promotion(inf, "v3")])
    for width, height in SIZES:
        assert len(text(figure, width, height).splitlines()) == height
        assert printed_figure(figure, width=width, height=height, color=False)
    assert pictures.is_on_page(pictures.read(figure_svg(figure)))


def test_both_sides_are_told_apart_without_colour():
    """Filled or dashed against a whole line, in the legend and in the drawing."""
    figures = [distributions(ODD["far away"]), cumulative(ODD["far away"]),
               categories(ODD["one category"])]  # fmt: skip
    for figure in figures:
        signs = [entry.letter for entry in figure.entries]
        assert len(set(signs)) == len(signs)
    lines = [one for one in cumulative(ODD["far away"]).layers if isinstance(one, Path)]
    assert [line.dashed for line in lines[:2]] == [True, False]
    shown = [text(figure) for figure in figures]
    assert all(one != other for one, other in itertools.combinations(shown, 2))
