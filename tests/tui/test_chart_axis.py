"""The x-axis of charts: places, windows, and words for them."""

import math

import numpy as np
import pytest

from workbench.charts.curves import frame_for
from workbench.charts.palette import DARK
from workbench.charts.reduction import Curve, Frame
from workbench.charts.scaling import Scaling
from workbench.tui.chart_axis import (
    beside,
    crosshair,
    look_of,
    middle,
    place_words,
    wanted_place,
    window,
)
from workbench.tui.chart_settings import ChartSettings

HUNDRED = Frame(0.0, 100.0, 200, Scaling(), "linear")
DECADES = Frame(0.0, 4.0, 200, Scaling("log"), "linear")
CURVE = Curve("a", np.asarray([1.0, 10.0, 10_000.0]), np.asarray([1.0, 2.0, 3.0]), 0)


@pytest.mark.parametrize(
    ("frame", "at", "share"),
    [
        (HUNDRED, 25.0, 0.25),
        (HUNDRED, 0.0, 0.0),
        (HUNDRED, 101.0, None),
        (HUNDRED, None, None),
        (DECADES, 100.0, 0.5),
        (DECADES, 0.0, None),
    ],
)
def test_a_place_stands_somewhere_or_out_of_sight(frame, at, share):
    """On a logarithmic axis halfway is the middle power; zero has no place there."""
    assert crosshair(frame, at) == share


@pytest.mark.parametrize(
    ("at", "by", "place"), [(50.0, 1, 51.0), (50.0, -1, 49.0), (100.0, 1, 100.0), (120.0, -1, 99.0)]
)
def test_the_crosshair_moves_by_cells_and_whole_steps(at, by, place):
    """Never beyond what is seen."""
    assert beside(HUNDRED, at, by, 101, "step") == place


def test_on_a_short_axis_every_press_is_a_step():
    """A cell is a tenth of a step there."""
    few = Frame(0.0, 10.0, 200, Scaling(), "linear")
    assert beside(few, 3.0, 1, 101, "step") == 4
    assert beside(few, 3.0, 1, 101, "relative") == pytest.approx(3.1)
    assert middle(few, "step") == 5
    assert middle(DECADES, "metric:tokens") == pytest.approx(100)


@pytest.mark.parametrize(
    ("zoom", "pan", "low", "high"), [(1, 0.5, 10, 1000), (2, 1 / 8, 1, 10), (0, 0.3, None, None)]
)
def test_what_is_seen_is_halved_in_powers_of_ten_on_a_log_axis(zoom, pan, low, high):
    """The same number of presses shows the same share of the picture on every scale."""
    look = look_of(ChartSettings(x_scale="log"), DARK)
    seen = window([CURVE], look, zoom, pan)
    assert seen == ((None, None) if low is None else pytest.approx((low, high)))
    assert frame_for([CURVE], 100, look).low == 0


@pytest.mark.parametrize(
    ("text", "x", "place"),
    [
        ("1,000", "step", 1000),
        (" step 20 ", "step", 20),
        ("1e3", "metric:tokens", 1000),
        ("5m", "relative", 300),
        ("90", "relative", 90),
        ("5m", "step", None),
        ("nan", "step", None),
        ("inf", "step", None),
        ("soon", "step", None),
    ],
)
def test_a_place_that_is_typed(text, x, place):
    """Digits may be grouped; minutes are for the axis of seconds."""
    assert wanted_place(text, x) == place


def test_places_in_words():
    """A step is a whole number; a metric's place names the metric."""
    assert place_words(12_000.0, "step") == "step 12,000"
    assert place_words(0.25, "metric:epoch") == "epoch 0.25"
    assert place_words(5400.0, "relative") == "1h 30m"
    assert math.isfinite(len(place_words(1e300, "time")))
