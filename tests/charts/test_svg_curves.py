"""The chart of curves as SVG: what it shows, that names are clear of each other, any text."""

import math
from datetime import UTC
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.builders import COLORS, curve
from tests.charts.pictures import NAMES, is_on_page, labels, overlapping, read, texts
from workbench.charts.look import ENVELOPE, MODES, RAW, Look
from workbench.charts.palette import DARK, LIGHT, letters
from workbench.charts.scaling import SCALES, SYMLOG
from workbench.charts.svg_curves import curves_svg, dashes
from workbench.charts.svg_frame import stacked
from workbench.charts.ticks import TIME

RAMP = np.linspace(0.0, 1.0, 101)
HOSTILE = "<script>alert('x')</script>&\"]]>\x00\x1b[31m\u202e\ufffe\ud800"


def picture(*curves, width=1200.0, height=675.0, **chosen):
    """Return the picture of the curves, read back."""
    return read(curves_svg(curves, look=Look(**chosen), width=width, height=height))


def drawn(root, kind, color):
    """Return the elements of a kind in a colour."""
    paint = f"#{color:06x}"
    found = root.iter(f"{NAMES}{kind}")
    return [one for one in found if paint in (one.get("stroke"), one.get("fill"))]


def test_a_picture_says_what_the_screen_says():
    """Title, what is unusual, ticks, the axis' name, notes, and a name at each line's end."""
    down = 1 - RAMP
    down[80:] = math.nan
    down[3] = math.inf
    root = picture(
        curve(RAMP, label="run up", letter="a"),
        curve(down, label="run down", letter="b", color=COLORS[1]),
        title="val/auc",
        smoothing=0.5,
    )
    said = texts(root)
    assert {
        "val/auc",
        "smoothed 0.5",
        "step",
        "0",
        "20",
        "100",
        "0.2",
        "1.0",
        "a up",
        "b down",
    } <= {*said}
    assert "× 21 NaN · ▲▼ 1 infinite" in said
    assert is_on_page(root)
    assert not overlapping(root)


def test_nan_and_infinities_are_marked():
    """NaN is a cross of two strokes on the axis, an infinity a triangle at the edge."""
    values = RAMP.copy()
    plain = picture(curve(values))
    values[[20, 60]] = math.nan, -math.inf
    marked = picture(curve(values))
    count = {
        kind: len(drawn(marked, kind, COLORS[0])) - len(drawn(plain, kind, COLORS[0]))
        for kind in ("line", "polygon")
    }
    assert count == {"line": 2, "polygon": 1}
    assert len(drawn(marked, "polyline", COLORS[0])) > len(drawn(plain, "polyline", COLORS[0]))


def test_a_band_is_an_area_behind_the_line():
    """A band is a polygon that can be seen through, before the line."""
    root = picture(curve(np.full(9, 5.0), spread=2.0), title="loss")
    assert "mean ± std" in texts(root)
    area, *_ = drawn(root, "polygon", COLORS[0])
    assert float(area.get("fill-opacity")) < 0.5
    order = list(root)
    assert order.index(area) < order.index(drawn(root, "polyline", COLORS[0])[0])


def test_modes_are_three_pictures():
    """Mean, raw and envelope of a noisy curve differ."""
    noisy = curve(np.random.default_rng(0).normal(size=5000))
    assert len({curves_svg([noisy], look=Look(mode=mode)) for mode in MODES}) == 3
    assert drawn(picture(noisy, mode=ENVELOPE), "polygon", COLORS[0])
    assert drawn(picture(noisy, mode=RAW), "polyline", COLORS[0])


@pytest.mark.parametrize("count", [1, 2, 10, 24, 40, 90])
@pytest.mark.parametrize("label", ["lr={at}", "a very long name of a run with number {at} in it"])
def test_names_at_the_ends_never_overlap(count, label):
    """However many lines end in one place, their names stand apart and on the page."""
    curves = [
        curve(RAMP + at * 1e-6, label=label.format(at=at), letter=letter, color=COLORS[at % 4])
        for at, letter in enumerate(letters(count))
    ]
    root = picture(*curves, title="val/loss")
    assert not overlapping(root)
    assert is_on_page(root)
    named = " ".join(texts(root))
    assert all(f"{letter} " in f"{named} " for letter in letters(min(count, 24)))


def test_a_legend_returns_where_names_were_cut():
    """Names that fit at the ends are said once; cut ones again in the legend."""
    short = picture(curve(RAMP, label="one", letter="a"), curve(RAMP, label="two", letter="b"))
    assert texts(short).count("a one") == 1
    long = picture(curve(RAMP, label="x" * 90, letter="a"), curve(RAMP, label="two", letter="b"))
    assert "two" in texts(long)
    assert "two" not in texts(short)


def test_the_ground_is_the_theme_s():
    """A picture brings its own ground, light or dark, and text that can be read on it."""
    for theme, text in ((DARK, "#e6e6e6"), (LIGHT, "#1c1c1c")):
        root = picture(curve(RAMP), title="auc", theme=theme)
        ground = root.find(f"{NAMES}rect")
        assert ground.get("fill") == f"#{theme.background:06x}"
        title = next(one for one in root.iter(f"{NAMES}text") if one.text == "auc")
        assert title.get("fill") == text


def test_symmetric_axes_are_ruled_on_either_side_of_zero():
    """Both axes of a symmetric picture have ticks below, at and above zero."""
    signed = np.concatenate((-np.logspace(3, 0, 50), np.logspace(0, 3, 50)))
    said = texts(picture(curve(signed, signed), x_scale=SYMLOG, y_scale=SYMLOG))
    assert all(said.count(label) == 2 for label in ("-1000", "-100", "0", "100", "1000"))


def test_nothing_to_draw_is_said():
    """A picture without points is a sentence."""
    assert "No points of loss yet" in texts(picture(title="loss"))
    assert "Nothing marked" in texts(picture(title="loss", empty="Nothing marked"))


def test_a_crosshair_is_a_line_with_values():
    """Where a place is chosen, its values stand with the names."""
    root = picture(curve(RAMP, label="up", letter="a"), crosshair=0.5)
    assert "step 50" in texts(root)
    assert any(text.startswith("a up 0.5") for text in texts(root))


def test_long_curves_make_small_pictures():
    """Ten curves of 100,000 points are a picture of a few hundred kilobytes."""
    curves = [curve(np.random.default_rng(at).normal(size=100_000)) for at in range(10)]
    assert len(curves_svg(curves, look=Look("loss", smoothing=0.9))) < 400_000


def test_hostile_names_are_only_text():
    """Markup, control and steering characters in any place leave a valid picture."""
    root = picture(curve(RAMP, label=HOSTILE, letter="a"), title=HOSTILE, x_label=HOSTILE)
    assert any("<script>" in text for text in texts(root))
    assert not any(set(text) & set("\x00\x1b\u202e\ufffe") for text in texts(root))


wild = st.one_of(
    st.floats(width=64),
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, 1e308, -1e308, 5e-324]),
)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(st.tuples(wild, wild), max_size=8), st.text(max_size=60), st.booleans()),
        max_size=5,
    ),
    st.text(max_size=90),
    st.sampled_from(SCALES),
    st.sampled_from(SCALES),
    st.sampled_from(MODES),
    st.sampled_from([(1200, 675), (400, 300), (1920, 1080)]),
)
def test_any_curves_give_a_valid_picture(given_curves, title, x_scale, y_scale, mode, page):
    """Whatever the values and names: valid XML, everything on the page, names apart."""
    curves = [
        curve(
            [y for _, y in points],
            [x for x, _ in points],
            label=label,
            letter="abcde"[at],
            focused=focused,
            spread=1.0 if focused else None,
        )
        for at, (points, label, focused) in enumerate(given_curves)
    ]
    root = picture(
        *curves,
        width=page[0],
        height=page[1],
        title=title,
        x_scale=x_scale,
        y_scale=y_scale,
        mode=mode,
        x_kind=TIME,
        zone=UTC,
        clip=True,
        smoothing=0.6,
    )
    assert is_on_page(root)
    ends = [label for label in labels(root) if label.text[:2] in {f"{one} " for one in "abcde"}]
    assert not any(a.box.meets(b.box) for at, a in enumerate(ends) for b in ends[at + 1 :])


@given(st.lists(st.floats(-50, 150), max_size=9))
def test_stacked_places_are_apart_and_inside(wishes):
    """Places keep their order and their distance, and stay where they were wished if they can."""
    places = stacked(wishes, 10.0, 0.0, 100.0)
    ordered = sorted(places)
    assert all(b - a >= 10.0 - 1e-9 for a, b in pairwise(ordered))
    assert all(-1e-9 <= place <= 100.0 + 1e-9 for place in places)
    assert sorted(range(len(wishes)), key=lambda at: wishes[at]) == sorted(
        range(len(wishes)), key=lambda at: places[at]
    )


def test_lines_of_one_colour_are_dashed_differently():
    """There are eight colours: the ninth line on a slide is told from the first by its dashes."""
    assert dashes([1, 2, 1, 1, 2]) == ("", "", "12 7", "3 6", "12 7")
    root = picture(*(curve(RAMP, letter=letter, color=color) for letter, color in
                     zip("abc", (*COLORS[:2], COLORS[0]), strict=True)))  # fmt: skip
    lines = [one for one in root.iter(f"{NAMES}polyline") if one.get("stroke-opacity") is None]
    dashed = {
        one.get("stroke-dasharray") for one in lines if one in drawn(root, "polyline", COLORS[0])
    }
    assert "12 7" in dashed
    assert {one.get("stroke-dasharray") for one in drawn(root, "polyline", COLORS[1])} == {None}
