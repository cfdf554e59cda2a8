"""Series: aligning, thinning and smoothing equal what a plain loop gives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.series import (
    RELATIVE,
    STEP,
    TIME,
    last_per_step,
    positions,
    positive,
    positive_x,
    series,
    smooth,
    thin,
    zoom,
)

any_value = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf, -math.inf, 1.7e308, -1.7e308])
)
points = st.lists(st.tuples(st.one_of(st.integers(-20, 120), st.floats(-20, 120)), any_value))


def naive_columns(x, values, low, high, count):
    """Sort every point into its column by a plain loop over the edges."""
    edges = np.linspace(low, high, count + 1).tolist()
    columns = [[] for _ in range(count)]
    for place, value in zip(x, values, strict=True):
        for number in range(count):
            last = number == count - 1
            inside = edges[number] <= place < edges[number + 1]
            if inside or (last and place == edges[-1]):
                columns[number].append(value)
    return columns


@given(points, st.integers(1, 17))
def test_columns_equal_a_plain_loop(given_points, count):
    """Each column holds mean, minimum, maximum and the counts of exactly its own points."""
    x = np.array([place for place, _ in given_points], dtype=float)
    values = np.array([value for _, value in given_points], dtype=float)
    found = thin(x, values, low_x=0.0, high_x=100.0, columns=count)
    for number, column in enumerate(naive_columns(x, values, 0.0, 100.0, count)):
        finite = [value for value in column if math.isfinite(value)]
        assert found.finite[number] == len(finite)
        assert found.nans[number] == sum(math.isnan(value) for value in column)
        assert found.above[number] == column.count(math.inf)
        assert found.below[number] == column.count(-math.inf)
        if not finite:
            assert math.isnan(found.mean[number])
            assert math.isnan(found.low[number])
            assert math.isnan(found.high[number])
            continue
        assert found.low[number] == min(finite)
        assert found.high[number] == max(finite)
        mean = math.fsum(value / len(finite) for value in finite)
        size = max(abs(value) for value in finite)
        assert found.mean[number] == pytest.approx(mean, rel=1e-9, abs=size * 1e-12)


def test_points_without_a_place_are_counted():
    """A point whose x is not finite is in no column and in ``unplaced``."""
    found = thin(np.array([1.0, math.nan, math.inf]), np.ones(3), low_x=0, high_x=2, columns=2)
    assert found.unplaced == 2
    assert found.finite.sum() == 1


@pytest.mark.parametrize(("low", "high", "columns"), [(1, 1, 3), (2, 1, 3), (0, 1, 0)])
def test_columns_need_a_width(low, high, columns):
    """A window without a width, or no columns at all, is refused."""
    with pytest.raises(ValueError, match="columns need"):
        thin(np.ones(1), np.ones(1), low_x=low, high_x=high, columns=columns)


def naive_average(values, factor):
    """Return the debiased moving average by a plain loop."""
    total, count, averages = 0.0, 0, []
    for value in values:
        if not math.isfinite(value):
            averages.append(value)
            continue
        count += 1
        total = factor * total + (1 - factor) * value
        averages.append(total / (1 - factor**count))
    return averages


@given(
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.sampled_from([math.nan, math.inf])), max_size=300),
    st.sampled_from([0.01, 0.3, 0.6, 0.9, 0.99]),
)
def test_smoothing_equals_a_plain_loop(values, factor):
    """The moving average skips what is not finite and leaves it in its place."""
    found = smooth(np.array(values, dtype=float), factor)
    expected = naive_average(values, factor)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("factor", [0.0, -1.0, math.nan])
def test_smoothing_by_nothing_changes_nothing(factor):
    """A factor of zero, or none, gives the values back."""
    values = np.array([1.0, math.nan, 3.0])
    np.testing.assert_array_equal(smooth(values, factor), values)


def test_smoothing_has_an_end():
    """A factor above 0.99 smooths no more than 0.99."""
    values = np.arange(50.0)
    np.testing.assert_array_equal(smooth(values, 5.0), smooth(values, 0.99))


def test_the_last_point_of_a_step_counts():
    """A run resumed from a checkpoint shows what it logged last for each step."""
    found = last_per_step(series([0, 1, 2, 1, 2], [0, 1, 2, 3, 4], [5, 6, 7, 8, 9]))
    assert found.steps.tolist() == [0, 1, 2]
    assert found.values.tolist() == [5, 8, 9]
    assert found.times.tolist() == [0, 3, 4]


def test_points_without_a_step_are_all_kept():
    """NaN is not a step that another NaN repeats."""
    found = last_per_step(series([math.nan, math.nan, 1, 1], [0, 1, 2, 3], [1, 2, 3, 4]))
    assert found.values.tolist() == [1, 2, 4]


def test_x_is_step_time_or_seconds_since_the_first_point():
    """The three axes read the same series."""
    points = series([3, 4], [1000.5, 1010.0], [1, 2])
    assert positions(points, STEP).tolist() == [3, 4]
    assert positions(points, TIME).tolist() == [1000.5, 1010.0]
    assert positions(points, RELATIVE).tolist() == [0, 9.5]


def test_order_stands_for_steps_where_there_are_none():
    """A metric logged without steps is drawn over the order of logging."""
    assert positions(series([math.nan] * 3, [1, 2, 3], [1, 2, 3]), STEP).tolist() == [0, 1, 2]


def test_an_unknown_axis_is_refused():
    """A name that is no axis raises instead of drawing something."""
    with pytest.raises(ValueError, match="no such x-axis"):
        positions(series([1], [1], [1]), "epoch")


def test_parts_of_different_length_are_no_series():
    """Three arrays that do not belong together are refused."""
    with pytest.raises(ValueError, match="differ in length"):
        series([1, 2], [1], [1])


def test_a_log_axis_counts_what_it_leaves_out():
    """Zero, negative values and minus infinity are counted; NaN stays to be marked."""
    values = np.array([1.0, 0.0, -2.0, -math.inf, math.nan, math.inf])
    found = positive(np.arange(6.0), values)
    assert found.left_out == 3
    assert found.x.tolist() == [0, 4, 5]
    assert positive_x(np.array([0.0, 1.0]), np.ones(2)).left_out == 1


def test_zoom_keeps_both_ends():
    """A window holds its own edges, and an open end holds everything."""
    x = np.arange(5.0)
    assert zoom(x, x, 1, 3).x.tolist() == [1, 2, 3]
    assert zoom(x, x, None, 1).left_out == 3
    assert zoom(x, x, None, None).x.tolist() == x.tolist()
