"""Printed charts: plotext where there is one, our canvas where there is none."""

import math
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from tests.charts.builders import COLORS, curve
from workbench.charts.curves import AREA, curve_chart
from workbench.charts.drawing import cells
from workbench.charts.look import MODES, Look
from workbench.charts.palette import mixed
from workbench.charts.printed import ansi, printed_curves

RAMP = np.linspace(0.0, 1.0, 101)
ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def curves():
    """Return two curves, one of which diverges."""
    down = 1 - RAMP
    down[80:] = math.nan
    return [
        curve(RAMP, label="up", letter="a"),
        curve(down, label="down", letter="b", color=COLORS[1]),
    ]


def printed(**chosen):
    """Return the printed chart of the two curves."""
    color = chosen.pop("color", False)
    return printed_curves(curves(), width=70, height=16, look=Look("auc", **chosen), color=color)


def test_a_printed_chart_says_what_the_screen_says():
    """Title, legend, ticks, letters, the marks of NaN and their number are all there."""
    text = printed()
    lines = text.split("\n")
    assert lines[0].startswith("auc")
    assert lines[0].endswith("a up   b down")
    assert {"0", "50", "100"} <= set(lines[-3].split())
    assert "0.5" in text
    assert "×" in text
    assert lines[-1] == "× 21 NaN"
    assert re.search(r"[\u2801-\u28ff]", text)
    assert any(line.endswith("a") for line in lines[1:])


@pytest.mark.parametrize("mode", MODES)
def test_a_printed_chart_keeps_to_its_size(mode):
    """No line is wider and there are no more lines than asked for, whatever the terminal."""
    lines = printed(mode=mode, smoothing=0.5).split("\n")
    assert len(lines) <= 16
    assert max(map(cells, lines)) <= 70


def test_colour_is_a_choice():
    """With colour the text has escape sequences, without it none, and reads the same."""
    plain, colored = printed(), printed(color=True)
    assert "\x1b" not in plain
    assert "38;2;86;180;233" in colored
    bare = [line.rstrip() for line in ESCAPES.sub("", colored).split("\n")]
    assert bare == plain.split("\n")


def test_without_plotext_our_canvas_draws(monkeypatch):
    """Where plotext cannot be imported the chart is the one of the screen."""
    monkeypatch.setitem(sys.modules, "plotext", None)
    look = Look("auc")
    expected = ansi(curve_chart(curves(), width=70, height=16, look=look), color=False)
    assert printed() == expected


def test_nothing_to_draw_is_said():
    """A chart without points is the sentence that says so."""
    assert "No points of val/auc yet" in printed_curves([], look=Look("val/auc"), color=False)


def test_charts_printed_at_once_do_not_mix():
    """Threads that print together each get the chart they get alone."""

    def one(number):
        values = curve(RAMP * (number + 1), label=f"run-{number}")
        return printed_curves([values], width=60, height=14, look=Look(f"m{number}"), color=False)

    alone = [one(number) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(8))) == alone


def test_names_are_printed_without_orders():
    """Control characters in names do not reach the terminal through a printed chart."""
    evil = "\x1b[2Jx\x07"
    text = printed_curves([curve(RAMP, label=evil)], look=Look(evil, x_label=evil), color=False)
    assert not set(text) & set("\x1b\x07")


def test_the_focused_curve_is_printed_last():
    """Where two curves run together, the focused one gives the colour, wherever it stands."""
    over = curve(RAMP, color=COLORS[1], focused=True)
    text = printed_curves([over, curve(RAMP)], width=60, height=14)
    plot = text.split("\n", 1)[1]
    assert "38;2;230;159;0" in plot
    assert "38;2;86;180;233" not in plot


def test_a_band_is_printed_behind_its_line():
    """With colour it is a filled area, without it two edges, and the line is over it."""
    one = curve(np.full(9, 5.0), spread=2.0)
    text = printed_curves([one], width=60, height=16, look=Look("loss"))
    faint = mixed(COLORS[0], Look().theme.background, AREA)
    codes = ";".join(str(faint >> shift & 0xFF) for shift in (16, 8, 0))
    assert len([line for line in text.split("\n") if f"38;2;{codes}" in line]) > 7
    assert any("38;2;86;180;233" in line for line in text.split("\n")[4:])
    plain = printed_curves([one], width=60, height=16, look=Look("loss"), color=False)
    rows = [line for line in plain.split("\n") if re.search("[\u2801-\u28ff]{30}", line)]
    assert len(rows) == 3
    assert plain.startswith("loss  mean ± std")
