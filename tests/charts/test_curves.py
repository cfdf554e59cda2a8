"""The chart of curves: what stands where, what is marked, what is said."""

import math
from dataclasses import replace
from datetime import UTC

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.builders import COLORS, curve, is_exactly
from workbench.charts.curves import AREA, curve_chart, draw_curves, frame_for
from workbench.charts.look import MODES, Look
from workbench.charts.palette import LIGHT, mixed
from workbench.charts.reduction import reduce_curve
from workbench.charts.scaling import LOG, SCALES
from workbench.charts.ticks import DURATION, TIME

RAMP = np.linspace(0.0, 1.0, 101)


def lines(picture):
    """Return the rows as text without the blanks at their ends."""
    return [line.rstrip() for line in picture.text.split("\n")]


def chart(*curves, width=60, height=12, **chosen):
    """Return the chart of the curves with a look of these choices."""
    return curve_chart(curves, width=width, height=height, look=Look(**chosen))


def inks(picture, color):
    """Return the text drawn in a colour."""
    return "".join(s.text for row in picture.rows for s in row if s.style.color == color)


def test_a_chart_reads_from_title_to_labels():
    """Title and legend, the plot with a letter at each line's end, axis and round ticks."""
    up = curve(RAMP, label="up", letter="a")
    down = curve(1 - RAMP, label="down", letter="b", color=COLORS[1], focused=True)
    assert lines(chart(up, down, width=48, height=9, title="val/auc")) == [
        "val/auc                            a up   b down",
        "1.0 ┤⠒⠦⠤⣄⣀⡀                             ⣀⣀⡤⠤⠖⠒a",
        "    │     ⠉⠉⠓⠲⠤⢤⣀⡀               ⣀⣀⡤⠴⠒⠋⠉⠁",
        "    │            ⠉⠉⠓⠒⠦⠤⣄⣀⡀⣀⣠⠤⠖⠒⠋⠉⠁",
        "0.5 ┤             ⣀⣀⡤⠤⠖⠒⠋⠉⠓⠒⠦⠤⣄⣀⡀",
        "    │      ⣀⣀⡤⠴⠒⠚⠉⠁             ⠉⠉⠓⠲⠤⣄⣀⡀",
        "  0 ┤⣠⠤⠖⠒⠋⠉⠁                           ⠉⠉⠓⠒⠦⠤⣄b",
        "    └┬───────────────────┬───────────────────┬",
        "step 0                  50                 100",
    ]


def test_nan_and_infinities_are_marked_and_counted():
    """NaN are crosses on the axis, infinities triangles at the edge, and the line is broken."""
    loss = np.exp(-np.arange(40.0) / 10)
    loss[25:], loss[5] = math.nan, math.inf
    assert lines(chart(curve(loss), width=40, height=9, title="loss")) == [
        "loss                             ─ run-1",
        "1 ┤⢲⣀  ▲",
        "  │ ⠈⠳⢤",
        "  │     ⠐⠦⣄⡀",
        "  │        ⠉⠙⠒⠦⢤⣀⣀⡀",
        "0 ┤               ⠉⠉⠉⠙⠒⠒⠒⠒",
        "  └┬─────────────────┬────××××××××××××××",
        "   0                20              step",
        "× 15 NaN · ▲▼ 1 infinite",
    ]


def test_a_log_axis_has_powers_of_ten():
    """A logarithmic axis is ruled by powers of ten, every second one where room is short."""
    loss = curve(10.0 ** -np.arange(0, 5, 0.1))
    assert lines(chart(loss, width=40, height=10, title="loss", y_scale=LOG)) == [
        "loss  log                        ─ run-1",
        "   1 ┤⠲⠤⣄⡀",
        "     │   ⠉⠙⠒⠦⣄⣀",
        "0.01 ┤        ⠈⠉⠓⠦⢤⣀⡀",
        "     │              ⠉⠓⠒⠦⣄⡀",
        "     │                   ⠉⠙⠒⠦⣄⣀",
        "1e-4 ┤                        ⠈⠉⠓⠲⢤⣀⡀",
        "     │                              ⠉⠙⠲⠤",
        "     └┬────────────┬─────────────┬──────",
        " step 0           20            40",
    ]


def test_a_constant_is_drawn_in_the_middle():
    """A series of one value has a range around that value."""
    assert lines(chart(curve([0.5] * 20), width=30, height=8, title="lr")) == [
        "lr                     ─ run-1",
        "0.55 ┤",
        "     │",
        "0.50 ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤",
        "     │",
        "0.45 ┤",
        "     └┬───────────┬───────────",
        " step 0          10",
    ]


def test_an_empty_chart_says_so():
    """Without points there is a frame and a sentence."""
    assert lines(chart(width=30, height=6, title="val/auc")) == [
        "val/auc",
        " │",
        " │  No points of val/auc yet",
        " │",
        " └────────────────────────────",
        "                          step",
    ]


@pytest.mark.parametrize(
    ("values", "chosen", "sentence"),
    [
        ([], {}, "No points of loss yet"),
        ([], {"empty": "Nothing marked"}, "Nothing marked"),
        ([math.nan, math.inf], {}, "Every point of loss here is NaN or infinite"),
        ([-1.0, 0.0], {"y_scale": LOG}, "No value of loss is above 0 for a log axis"),
        ([1.0, 2.0], {"window": (5, 9)}, "No points of loss in this part"),
    ],
)
def test_an_empty_chart_says_why(values, chosen, sentence):
    """The sentence in the middle names the reason there is no line."""
    assert sentence in chart(curve(values), title="loss", **chosen).text


def test_a_log_axis_says_what_it_left_out():
    """Values and steps a log axis cannot show are counted in words."""
    picture = chart(curve([1, 0, -3, 4]), width=100, y_scale=LOG, x_scale=LOG)
    assert "2 values <= 0 left out of the log axis" in picture.text
    assert "1 point at step <= 0 left out of the log axis" in picture.text


def test_points_without_a_step_are_counted():
    """A point that has no place on the axis is said to be left out."""
    assert "1 point without a step left out" in chart(curve([1, 2], [math.nan, 1])).text


def test_a_single_point_is_a_point():
    """One point is a dot that can be seen."""
    assert chart(curve([0.5])).text.count("•") == 1


def test_the_focused_curve_is_drawn_last_and_bold():
    """Where two curves run together, the focused one gives the colour, wherever it stands."""
    over = curve(RAMP, color=COLORS[1], focused=True, letter="a")
    under = curve(RAMP, color=COLORS[0], letter="b")
    picture = chart(over, under, legend=False)
    assert inks(picture, COLORS[0]) == "b"
    bold = [s for row in picture.rows for s in row if s.style.color == COLORS[1] and s.style.bold]
    assert len(bold) > 5


def test_letters_that_end_together_stand_side_by_side():
    """Each of several lines ending in one place keeps a letter of its own."""
    picture = chart(*(curve(RAMP, letter=letter) for letter in "abcd"), legend=False)
    ends = [line.rstrip()[-1:] for line in picture.text.split("\n")]
    assert set("abcd") <= set(ends)


def test_a_curve_that_ends_early_has_its_letter_there():
    """The letter stands where the line ends, not at the margin."""
    short, long = curve(RAMP[:50], letter="a"), curve(RAMP, letter="b")
    picture = chart(short, long, legend=False)
    columns = {letter: max(line.find(letter) for line in lines(picture)) for letter in "ab"}
    assert columns["a"] < columns["b"] - 20


def test_smoothing_shows_the_raw_values_faintly():
    """A smoothed curve lies over its raw values in a weaker colour."""
    noisy = curve(RAMP + np.where(np.arange(101) % 2, 0.2, -0.2))
    plain, smoothed = chart(noisy), chart(noisy, smoothing=0.9)
    colors = [{s.style.color for row in p.rows for s in row} for p in (plain, smoothed)]
    assert len(colors[1] - colors[0]) == 1
    assert "smoothed 0.9" in smoothed.text


def test_modes_differ_where_there_are_many_points():
    """Mean, raw and envelope of a noisy curve are three pictures."""
    noise = np.random.default_rng(0).normal(size=5000)
    pictures = {mode: chart(curve(noise), mode=mode) for mode in MODES}
    assert len({picture.text for picture in pictures.values()}) == 3
    assert len({picture.rows for picture in pictures.values()}) == 3


def test_an_unknown_mode_is_refused():
    """A look cannot hold a mode that no chart has."""
    with pytest.raises(ValueError, match="no such mode"):
        Look(mode="median")


def test_clipping_marks_what_it_cuts():
    """An outlier no longer sets the range; a triangle says where it is."""
    values = RAMP.copy()
    values[50] = 1000.0
    assert "1000" in chart(curve(values)).text
    clipped = chart(curve(values), clip=True)
    assert "1000" not in clipped.text
    assert "▲" in clipped.text


def test_the_crosshair_reads_off_every_curve():
    """The legend has the values at the crosshair, the title its place."""
    a, b = curve(RAMP, letter="a"), curve(RAMP[:20], letter="b", label="run-2")
    picture = chart(a, b, width=80, crosshair=0.5, title="auc")
    assert "auc  step 50" in picture.text
    assert "a run-1 0.5" in picture.text
    assert "b run-2 –" in picture.text
    assert "│" in "".join(line[10:] for line in picture.text.split("\n")[2:8])


def test_a_window_shows_its_part():
    """Zooming changes the range of both axes."""
    picture = chart(curve(RAMP), window=(20, 40))
    assert "0.4" in picture.text
    assert "1.0" not in picture.text
    assert {"20", "40"} <= set(lines(picture)[-1].split())


def test_time_axes_have_round_times():
    """Wall time is labelled by the clock, relative time by durations."""
    minutes = np.arange(101) * 60.0
    clock = chart(curve(RAMP, 1_763_683_200 + minutes), x_kind=TIME, x_label="time", zone=UTC)
    assert {"00:30", "01:00", "01:30"} <= set(lines(clock)[-1].split())
    passed = chart(curve(RAMP, minutes), x_kind=DURATION, x_label="relative")
    assert {"0", "30m", "1h", "1h30m"} <= set(lines(passed)[-1].split())


def test_names_cannot_reach_the_terminal_as_orders():
    """Control characters in titles and labels become visible signs; markup stays text."""
    evil = "\x1b[31mred\r\n[bold]x\u202e"
    picture = chart(curve(RAMP, label=evil), width=70, title=evil, x_label=evil)
    assert not set(picture.text) & set("\x1b\r\u202e")
    assert "␛[31mred␍␊[bold]x" in picture.text
    assert len(picture.text.split("\n")) == 12


def test_drawing_again_needs_no_points():
    """A reduction is enough to draw the same picture, and another smoothing of it."""
    curves, look = [curve(RAMP, letter="a")], Look("loss")
    frame = frame_for(curves, 60, look)
    reduced = [reduce_curve(one, frame) for one in curves]
    bare = [replace(one, x=np.empty(0), y=np.empty(0)) for one in curves]
    again = draw_curves(bare, reduced, frame, width=60, height=12, look=look)
    assert again == curve_chart(curves, width=60, height=12, look=look)
    assert hash(frame) == hash(frame_for(curves, 60, look))


def test_a_light_theme_has_its_own_greys():
    """Axis and labels take their colours from the theme."""
    assert inks(chart(curve(RAMP), theme=LIGHT), LIGHT.muted)


wild = st.one_of(
    st.floats(width=64),
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e308, -1e308, 5e-324]),
)
wild_curves = st.lists(
    st.tuples(st.lists(st.tuples(wild, wild), max_size=12), st.text(max_size=12), st.booleans()),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(
    wild_curves,
    st.integers(0, 70),
    st.integers(0, 14),
    st.sampled_from(SCALES),
    st.sampled_from(SCALES),
    st.sampled_from(MODES),
    st.sampled_from(["steps", "number", "time", "duration"]),
)
def test_any_curves_give_a_picture_of_the_asked_size(
    given_curves, width, height, x_scale, y_scale, mode, kind
):
    """Whatever the values, names and sizes: every row is there and no row is wider or narrower."""
    curves = [
        curve(
            [y for _, y in points],
            [x for x, _ in points],
            label=label,
            letter="abcd"[place],
            focused=focused,
        )
        for place, (points, label, focused) in enumerate(given_curves)
    ]
    look = Look(
        "τίτλος 漢字",
        x_scale=x_scale,
        y_scale=y_scale,
        mode=mode,
        x_kind=kind,
        smoothing=0.6,
        zone=UTC,
        crosshair=0.3,
        clip=True,
    )
    assert is_exactly(curve_chart(curves, width=width, height=height, look=look), width, height)


def test_a_band_is_a_faint_area_behind_its_line():
    """The area spans low to high, is weaker than the line, and the title says what it is."""
    picture = chart(curve(np.full(9, 5.0), spread=2.0), width=60, height=16, title="loss")
    assert "loss  mean ± std" in picture.text
    faint = mixed(COLORS[0], Look().theme.background, AREA)
    rows = [at for at, row in enumerate(picture.rows) if any(s.style.color == faint for s in row)]
    assert len(rows) == rows[-1] - rows[0] > 8  # one row is the line's
    assert "⣿⣿⣿⣿⣿⣿⣿⣿" in inks(picture, faint)
    assert inks(picture, COLORS[0]).count("⠤") > 40


def test_a_band_sets_the_range_it_needs():
    """Its edges are inside the y-axis; below zero of a log axis it goes to the floor."""
    assert "7" in chart(curve(np.full(9, 5.0), spread=2.0), height=16).text
    wide = chart(curve(np.full(9, 5.0), spread=6.0), height=16, y_scale=LOG)
    assert "left out" not in wide.text
    assert {line.split("┤")[0].strip() for line in lines(wide) if "┤" in line} == {"1", "10"}


def test_a_band_stops_where_there_is_none():
    """A band is drawn only from where both its edges are known."""
    one = curve(np.full(40, 5.0), spread=2.0)
    one.low[20:] = math.nan
    faint = mixed(COLORS[0], Look().theme.background, AREA)
    columns = [
        at
        for row in chart(one, legend=False).rows
        for at, color in enumerate(
            color for span in row for color in [span.style.color] * len(span.text)
        )
        if color == faint
    ]
    assert 25 < max(columns) < 36


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(wild, wild, wild, wild), max_size=12),
    st.sampled_from(SCALES),
    st.sampled_from(SCALES),
    st.sampled_from(MODES),
)
def test_any_band_gives_a_picture_of_the_asked_size(points, x_scale, y_scale, mode):
    """Whatever the edges of a band, on any axes."""
    x, y, low, high = np.asarray(points, dtype=float).reshape(-1, 4).T
    one = replace(curve(y, x), low=low, high=high)
    look = Look(x_scale=x_scale, y_scale=y_scale, mode=mode, smoothing=0.5)
    assert is_exactly(curve_chart([one], width=50, height=12, look=look), 50, 12)


def test_a_value_that_was_read_is_told_as_it_is():
    """The mean of a column is drawn; under the crosshair stands what was logged."""
    ramp = curve(range(1000))
    assert lines(chart(ramp, width=60, crosshair=0.5, title="t"))[0].endswith("495.5")
    told = replace(ramp, said="499 @999")
    assert "499 @999" in lines(chart(told, width=60, crosshair=0.5, title="t"))[0]


def test_what_is_told_elsewhere_is_not_repeated():
    """The crosshair stands in the plot; labels have the room its place and values would take."""
    a, b = curve(RAMP, letter="a"), curve(RAMP[:20], letter="b", label="run-2")
    found = chart(a, b, width=38, crosshair=0.5, title="auc", told=True)
    without = chart(a, b, width=38, title="auc")
    assert lines(found)[0] == lines(without)[0]
    assert "run-2" in lines(found)[0]
    assert found.text != without.text
