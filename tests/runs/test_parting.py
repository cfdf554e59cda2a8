"""Parting: where two curves go apart for good, and when nobody can say so."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.parting import parting

STEPS = np.arange(100.0)
values = st.one_of(st.floats(-1e3, 1e3), st.sampled_from([math.nan, math.inf, -math.inf, 1.7e308]))
points = st.lists(st.tuples(st.one_of(st.integers(0, 30), values), values), max_size=30)


def noisy(seed, size=0.02, count=100):
    """Return a falling curve with noise of its own."""
    steps = np.arange(float(count))
    noise = np.random.default_rng(seed).standard_normal(count)
    return np.exp(-3 * steps / count) + size * noise


def curve(pairs):
    """Return x and values of these points."""
    array = np.array(pairs, dtype=float).reshape(len(pairs), 2)
    return array[:, 0], array[:, 1]


@pytest.mark.parametrize("seed", range(10))
def test_curves_of_one_recipe_do_not_part(seed):
    """Two seeds that differ by noise alone are never said to part."""
    assert parting((STEPS, noisy(seed)), (STEPS, noisy(seed + 100))) is None


def test_equal_curves_of_noise_part_as_rarely_as_is_said():
    """Of pairs that differ by chance alone at most one in a hundred parts, at any length."""
    for count in (5, 10, 100):
        steps = np.arange(float(count))
        parted = sum(
            parting((steps, noisy(seed, count=count)), (steps, noisy(seed + 1000, count=count)))
            is not None
            for seed in range(300)
        )
        assert parted <= 3


@pytest.mark.parametrize("seed", range(5))
def test_the_step_where_curves_part_is_found_through_noise(seed):
    """A drop that stays is found within half the smoothing of its step, with its size."""
    dropped = noisy(seed + 100) - np.where(STEPS >= 60, 0.3, 0.0)
    found = parting((STEPS, noisy(seed)), (STEPS, dropped))
    assert 55 <= found.x <= 65
    assert found.noise < abs(found.size)
    assert found.size < 0


def test_without_noise_the_step_is_exact():
    """Runs of one seed that follow each other bit by bit part where the first bit differs."""
    a = np.exp(-STEPS / 30)
    b = a + np.where(STEPS >= 40, 0.01 * (STEPS - 39), 0.0)
    found = parting((STEPS, a), (STEPS, b))
    assert found.x == 40
    assert found.size == pytest.approx(0.01)


def test_curves_that_part_at_once():
    """A difference from the first common step on is a parting there."""
    found = parting((STEPS, noisy(1)), (STEPS, noisy(2) + 1))
    assert found.x == 0
    assert found.size == pytest.approx(1, abs=0.1)


def test_curves_that_cross_part_after_the_crossing():
    """A lead that was lost again is no parting; the one that lasts is."""
    b = noisy(2) + np.where(STEPS < 50, 1.0, -1.0)
    found = parting((STEPS, noisy(1)), (STEPS, b))
    assert 47 <= found.x <= 53
    assert found.size < 0


def test_curves_that_meet_again_do_not_part():
    """What is apart in the middle only is together at the end."""
    b = noisy(2) + np.where((STEPS > 20) & (STEPS < 80), 1.0, 0.0)
    assert parting((STEPS, noisy(1)), (STEPS, b)) is None


def test_a_last_jump_is_no_parting():
    """One odd point at the end does not part two curves."""
    b = noisy(2)
    b[-1] += 5
    assert parting((STEPS, noisy(1)), (STEPS, b)) is None


def test_a_difference_too_new_to_last_is_no_parting():
    """Four of a hundred points are fewer than the smoothing needs to tell them from a jump."""
    a, b = noisy(1), noisy(2)
    assert parting((STEPS, a), (STEPS, b + np.where(STEPS >= 96, 5.0, 0.0))) is None
    assert parting((STEPS, a), (STEPS, b + np.where(STEPS >= 90, 5.0, 0.0))).x == 90


def test_points_that_are_not_finite_are_left_out():
    """NaN and infinities neither part curves nor hide that they part."""
    a, b = noisy(1), noisy(2) - np.where(STEPS >= 60, 0.5, 0.0)
    clean = parting((STEPS, a), (STEPS, b))
    b[[3, 70, 99]] = [math.nan, math.inf, -math.inf]
    assert parting((STEPS, a), (STEPS, b)).x == pytest.approx(clean.x, abs=2)
    assert parting((STEPS, a), (STEPS, np.full(100, math.nan))) is None


@pytest.mark.parametrize("common", [0, 1, 4])
def test_too_few_common_points_say_nothing(common):
    """One point, or four, have no noise to be seen beyond."""
    x = STEPS[:common]
    assert parting((x, x), (x, x + 1)) is None


def test_curves_of_other_steps_are_compared_where_both_are():
    """A curve logged ten times as often and twice as long is compared on the common part."""
    often = np.arange(0, 200, 0.1)
    a = np.random.default_rng(1).standard_normal(len(often)) * 0.01
    seldom = np.arange(50.0, 150.0)
    b = np.random.default_rng(2).standard_normal(100) * 0.01 + np.where(seldom >= 100, 1.0, 0.0)
    assert parting((often, a), (seldom, b)).x == pytest.approx(100, abs=3)
    assert parting((often, a), (often + 300, a)) is None


def test_long_curves_part_at_the_same_place_as_short_ones():
    """A hundred thousand points are averaged down without losing the place."""
    count = 100_000
    b = noisy(2, count=count) + np.where(np.arange(count) >= 70_000, 0.05, 0.0)
    found = parting((np.arange(float(count)), noisy(1, count=count)), (np.arange(float(count)), b))
    assert found.x == pytest.approx(70_000, rel=0.02)


@given(points, points)
def test_a_parting_turned_round_is_its_negative(a, b):
    """Whatever the points are, A and B are treated alike, and what is said holds."""
    one, other = parting(curve(a), curve(b)), parting(curve(b), curve(a))
    assert (one is None) == (other is None)
    if one and other:
        assert (one.x, one.size, one.noise) == (other.x, -other.size, other.noise)
        assert abs(one.size) > one.noise >= 0


@given(points)
def test_a_curve_never_parts_from_itself(given_points):
    """There is nothing between a curve and itself."""
    assert parting(curve(given_points), curve(given_points)) is None
