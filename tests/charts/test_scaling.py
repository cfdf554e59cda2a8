"""Scales of an axis: values to drawn units and back, and the ticks of the symmetric logarithm."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.builders import curve
from workbench.charts import ticks
from workbench.charts.curves import curve_chart
from workbench.charts.look import Look
from workbench.charts.printed import printed_curves
from workbench.charts.scaling import LINEAR, LOG, SCALES, SYMLOG, Scaling, scaling

SIGNED = np.concatenate((-np.logspace(3, -1, 200), [0.0], np.logspace(-1, 3, 200)))


@pytest.mark.parametrize("kind", SCALES)
@given(st.floats(1e-6, 1e12))
def test_a_value_comes_back_from_its_drawn_place(kind, value):
    """What a crosshair reads off is what was drawn, on every scale and either side of zero."""
    for signed in (value,) if kind == LOG else (value, -value, 0.0):
        by = scaling(kind, [np.asarray([signed])])
        assert by.value(by.place(signed)) == pytest.approx(signed, rel=1e-9, abs=1e-12)


def test_the_constant_is_a_power_of_ten_near_the_small_values():
    """A few values around zero do not set the constant, nor does one at the size of dust."""
    sizes = np.linspace(0.02, 5.0, 1000)
    assert scaling(SYMLOG, [sizes, -sizes]).constant == 0.1
    assert scaling(SYMLOG, [np.append(sizes, [1e-12, math.nan, math.inf, 0])]).constant == 0.1
    assert scaling(SYMLOG, [np.asarray([1e-12, 1e3])], small=0).constant == 1e-3
    assert scaling(SYMLOG, [np.zeros(3)]).constant == 1.0


def test_order_is_kept_across_zero():
    """Larger values are drawn higher, and equal sizes lie equally far from zero."""
    by = scaling(SYMLOG, [SIGNED])
    drawn = by.drawn(SIGNED)
    assert (np.diff(drawn) > 0).all()
    assert drawn == pytest.approx(-drawn[::-1])


def test_ticks_are_the_same_on_either_side_of_zero():
    """A symmetric axis reads -1000, ..., 0, ..., 1000."""
    by = Scaling(SYMLOG, 1.0)
    found = ticks.scaled(by.place(-2000), by.place(2000), 7, by)
    assert [tick.label for tick in found] == ["-1000", "-100", "-10", "0", "10", "100", "1000"]
    assert [by.value(tick.at) for tick in found] == pytest.approx(
        [-1000, -100, -10, 0, 10, 100, 1000]
    )


def test_few_parts_leave_zero_and_the_ends():
    """With room for few ticks, powers are left out evenly and zero is kept."""
    by = Scaling(SYMLOG, 0.001)
    labels = [tick.label for tick in ticks.scaled(by.place(-20), by.place(20), 4, by)]
    assert labels == ["-10", "-0.1", "0", "0.1", "10"]
    labels = [tick.label for tick in ticks.scaled(by.place(-20), by.place(20), 2, by)]
    assert labels == ["-1", "0", "1"]


def test_a_narrow_part_far_from_zero_has_round_numbers():
    """Where no two powers are in sight, the ticks are round numbers."""
    by = Scaling(SYMLOG, 0.1)
    labels = [tick.label for tick in ticks.scaled(by.place(210), by.place(290), 4, by)]
    assert labels == ["220", "240", "260", "280"]


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300), st.integers(-300, 290))
def test_ticks_lie_in_the_range_and_rise(one, other, exponent):
    """Whatever the range and the constant, ticks are inside, ascending and not too many."""
    by = Scaling(SYMLOG, float(f"1e{exponent}"))
    low, high = sorted((by.place(one), by.place(other)))
    found = [tick.at for tick in ticks.scaled(low, high, 5, by)]
    assert found == sorted(set(found))
    assert all(low - 1e-6 <= at <= high + 1e-6 for at in found)


def test_nothing_is_left_out_on_a_symmetric_axis():
    """Zero and negative values and steps are drawn, NaN and infinities are marked as ever."""
    values = np.append(SIGNED, [math.nan, math.inf])
    places = np.append(SIGNED, [1e3, 1e3])
    look = Look("loss", x_scale=SYMLOG, y_scale=SYMLOG)
    text = curve_chart([curve(values, places)], width=100, height=20, look=look).text
    assert "left out" not in text
    assert "× 1 NaN · ▲▼ 1 infinite" in text
    assert {"-1000", "-10", "0", "10", "1000"} <= {
        line.split("┤")[0].strip() for line in text.split("\n")
    }
    assert {"-1000", "-10", "0", "10", "1000"} <= set(text.split("\n")[-2].split())


def test_a_symmetric_axis_says_where_it_is_linear():
    """The size below which the axis is not logarithmic stands beside the title, printed too."""
    look = Look("loss", y_scale=SYMLOG)
    for text in (
        curve_chart([curve(SIGNED)], width=100, height=20, look=look).text,
        printed_curves([curve(SIGNED)], width=100, height=20, look=look, color=False),
    ):
        assert text.startswith("loss  symlog · linear to ±0.1")


def test_the_crosshair_reads_values_not_drawn_units():
    """On every scale the legend has the value of the curve."""
    for kind in SCALES:
        look = Look("loss", y_scale=kind, crosshair=0.5)
        text = curve_chart([curve(np.full(9, 250.0))], width=80, height=9, look=look).text
        assert "run-1 250" in text


@pytest.mark.parametrize("axis", ["x_scale", "y_scale"])
def test_an_unknown_scale_is_refused(axis):
    """A look cannot hold a scale that no axis has."""
    with pytest.raises(ValueError, match="no such scale"):
        Look(**{axis: "cubic"})
    with pytest.raises(ValueError, match="no such scale"):
        scaling("cubic")
    assert Look(**{axis: LINEAR})
