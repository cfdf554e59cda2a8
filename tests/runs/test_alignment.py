"""Alignment: values at a place, against a baseline, and many curves as one band."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.alignment import (
    MOST_PLACES,
    against,
    at,
    band,
    band_at,
    best_so_far,
    counted,
    held,
    minus,
)
from workbench.runs.series import series

NAN, INF = math.nan, math.inf
numbers = st.one_of(st.floats(-1e3, 1e3), st.sampled_from([NAN, INF, -INF]))
points = st.lists(st.tuples(st.one_of(st.integers(-5, 5), numbers), numbers), max_size=12)


def curve(*pairs):
    """Return x and values of these points."""
    array = np.array(pairs, dtype=float).reshape(len(pairs), 2)
    return array[:, 0], array[:, 1]


def naive_at(given_points, place):
    """Return the value last logged at the largest x not beyond the place, by a plain loop."""
    reached, value = -INF, NAN
    for x, one in given_points:
        if math.isfinite(x) and reached <= x <= place:
            reached, value = x, one
    return value


@given(points, st.one_of(st.integers(-6, 6), numbers))
def test_a_value_at_a_place_equals_a_plain_loop(given_points, place):
    """The last logged value at or before a place, in whatever order points come."""
    found = at(*curve(*given_points), place)
    assert found == pytest.approx(naive_at(given_points, place), nan_ok=True, rel=0, abs=0)


def test_before_the_first_point_there_is_nothing():
    """A run says nothing about steps it had not reached, and keeps its last value after."""
    x, values = curve((10, 0.5), (20, 0.4))
    assert math.isnan(at(x, values, 9.99))
    assert [at(x, values, place) for place in (10, 19, 20, 10**9)] == [0.5, 0.5, 0.4, 0.4]
    assert math.isnan(at(*curve(), 5))
    assert math.isnan(at(x, values, NAN))


def test_of_a_step_logged_twice_the_last_counts():
    """A run resumed from a checkpoint goes back in its steps."""
    assert at(*curve((1, 0.9), (2, 0.8), (1, 0.7)), 1) == 0.7


@pytest.mark.parametrize(
    ("goal", "best"),
    [("min", [NAN, 3.0, 3.0, 1.0, 1.0, 1.0, 1.0]), ("max", [NAN, 3.0, 3.0, 3.0, 3.0, 5.0, 5.0])],
)
def test_the_best_so_far(goal, best):
    """NaN and infinities are no best values."""
    values = np.array([NAN, 3.0, INF, 1.0, -INF, 5.0, NAN])
    np.testing.assert_array_equal(best_so_far(values, goal), best)


def test_the_best_of_nothing():
    """No points stay no points; a goal nobody knows is refused."""
    assert len(best_so_far(np.empty(0), "max")) == 0
    with pytest.raises(ValueError, match="no such goal"):
        best_so_far(np.empty(0), "")


def test_difference_to_a_baseline():
    """Each value is against what the baseline had then; NaN before it had any."""
    x, values = curve((0, 1.0), (5, 2.0), (12, 3.0), (99, INF))
    base_x, base_values = curve((3, 0.5), (10, 0.25), (99, INF))
    np.testing.assert_array_equal(minus(x, values, base_x, base_values), [NAN, 1.5, 2.75, NAN])
    assert np.isnan(minus(x, values, *curve())).all()
    assert len(minus(*curve(), base_x, base_values)) == 0


@given(points)
def test_a_curve_differs_nowhere_from_itself(given_points):
    """A baseline minus itself is zero wherever it is a finite number, each x logged once."""
    x, values = curve(*{x: (x, value) for x, value in given_points}.values())
    found = minus(x, values, x, values)
    assert (found[np.isfinite(x) & np.isfinite(values)] == 0).all()


def test_another_metric_as_the_axis():
    """A point's x is the other metric at its step, or at the last step before."""
    loss = series([0, 5, 10, 12], [0, 1, 2, 3], [0.9, 0.8, 0.7, 0.6])
    epoch = series([5, 10], [9, 9], [1, 2])
    np.testing.assert_array_equal(against(loss, epoch), [NAN, 1, 2, 2])


def test_by_time_where_there_are_no_steps():
    """Without steps on either side the wall time says what goes with what."""
    none = [NAN, NAN]
    loss = series([1, 2], [10, 30], [0.9, 0.8])
    bare = series(none, [10, 30], [0.9, 0.8])
    tokens, timed = series([1, 2], [20, 40], [1e6, 2e6]), series(none, [20, 29], [1e6, 2e6])
    np.testing.assert_array_equal(against(loss, timed), [NAN, 2e6])
    np.testing.assert_array_equal(against(bare, tokens), [NAN, 1e6])
    np.testing.assert_array_equal(against(bare, timed), [NAN, 2e6])


def test_a_point_without_a_step_among_others_goes_by_time():
    """One point logged without its step does not lose its place."""
    loss = series([1, NAN, 2], [10, 20, 30], [3, 2, 1])
    tokens = series([1, 2], [5, 15], [100, 200])
    np.testing.assert_array_equal(against(loss, tokens), [100, 200, 200])


def test_an_axis_without_points():
    """A run that never logged the other metric has no place on its axis."""
    empty = series([], [], [])
    assert np.isnan(against(series([1], [1], [1]), empty)).all()
    assert len(against(empty, series([1], [1], [1]))) == 0


def naive_band(curves, x):
    """Return mean, deviation and count at x by a plain loop over the curves."""
    inside = []
    for one in curves:
        known = [place for place, _ in one if math.isfinite(place)]
        if known and min(known) <= x <= max(known) and math.isfinite(naive_at(one, x)):
            inside.append(naive_at(one, x))
    mean = statistics.fmean(inside) if inside else NAN
    return mean, statistics.stdev(inside) if len(inside) > 1 else NAN, len(inside)


@given(st.lists(points, max_size=4))
def test_a_band_equals_a_plain_loop(curves):
    """Mean, deviation and count at every place are those of the curves that reach it."""
    found = band([curve(*one) for one in curves])
    assert sorted({x for one in curves for x, _ in one if math.isfinite(x)}) == list(found.x)
    for place, x in enumerate(found.x):
        mean, deviation, n = naive_band(curves, x)
        assert found.n[place] == n
        assert found.mean[place] == pytest.approx(mean, nan_ok=True, abs=1e-9)
        assert found.high[place] == pytest.approx(mean + deviation, nan_ok=True, abs=1e-9)
        assert found.low[place] == pytest.approx(mean - deviation, nan_ok=True, abs=1e-9)


def test_curves_of_different_lengths():
    """Where only the longer one is left, there is a mean of one and no band."""
    found = band([curve((0, 1), (1, 2)), curve((0, 3), (1, 4), (2, 5))])
    np.testing.assert_array_equal(found.mean, [2, 3, 5])
    np.testing.assert_array_equal(found.n, [2, 2, 1])
    np.testing.assert_allclose(found.high - found.mean, [math.sqrt(2), math.sqrt(2), NAN])


@given(st.lists(points, max_size=4))
def test_where_the_count_of_a_band_changes(curves):
    """What is said to hold from a place on is what the band has at every place of it."""
    curves = [curve(*one) for one in curves]
    places, n = counted(curves)
    found = band(curves)
    assert (np.diff(n, prepend=0) != 0).all()
    assert (np.diff(places) > 0).all()
    inside = np.nan_to_num(held(places, n, found.x))
    np.testing.assert_array_equal(inside, found.n)


def test_a_band_at_places_is_the_band_there():
    """Also where no curve has a point."""
    curves = [curve((0, 1), (10, 3)), curve((0, 3), (5, NAN), (10, 7))]
    found = band_at(curves, np.array([2.0, 7.0, 10.0, 11.0]))
    np.testing.assert_array_equal(found.mean, [2, 1, 5, NAN])
    np.testing.assert_array_equal(found.n, [2, 1, 2, 0])


def test_a_seed_that_diverged_does_not_take_the_others_along():
    """NaN and infinities are not counted, and the count says so."""
    found = band([curve((0, 1), (1, NAN)), curve((0, 3), (1, INF)), curve((0, 5), (1, 7))])
    np.testing.assert_array_equal(found.mean, [3, 7])
    np.testing.assert_array_equal(found.n, [3, 1])


def test_bands_of_next_to_nothing():
    """No curves, empty curves, one point: no error, and nothing made up."""
    for curves in ([], [curve()], [curve(), curve((NAN, 1))]):
        assert {len(part) for part in band(curves)} == {0}
    one = band([curve((3, 4)), curve()])
    assert (one.x[0], one.mean[0], one.n[0]) == (3, 4, 1)
    assert np.isnan(one.low[0])


def test_a_band_of_huge_values_does_not_overflow():
    """The mean of numbers near the largest there are is a number."""
    found = band([curve((0, 1.7e308)), curve((0, 1.7e308))])
    assert found.mean[0] == 1.7e308
    assert found.high[0] == 1.7e308


def test_a_long_band_is_thinned_between_its_ends():
    """Many points come down to a fixed number of places, the first and last among them."""
    x = np.arange(10_000.0)
    found = band([(x, x), (x + 0.5, x)])
    assert len(found.x) == MOST_PLACES
    assert (found.x[0], found.x[-1]) == (0.0, 9_999.5)
    assert (np.diff(found.x) > 0).all()
    np.testing.assert_array_equal(
        found.mean[1:-1], (held(x, x, found.x) + held(x + 0.5, x, found.x))[1:-1] / 2
    )
