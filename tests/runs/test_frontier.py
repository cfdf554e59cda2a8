"""Frontiers: exactly the rows that no other row beats."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.frontier import pareto


def beats(one, other, goals):
    """Tell by the definition whether a row is as good everywhere and better somewhere."""
    signs = [-1 if goal == "max" else 1 for goal in goals]
    pairs = [(a * sign, b * sign) for a, b, sign in zip(one, other, signs, strict=True)]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


@given(
    st.lists(st.tuples(*[st.integers(0, 6) | st.just(math.inf)] * 4), max_size=30),
    st.tuples(*[st.sampled_from(["min", "max"])] * 4),
    st.integers(1, 4),
)
def test_the_front_is_what_the_definition_says(rows, goals, columns):
    """A row is on the front if and only if no other row beats it."""
    rows, goals = [row[:columns] for row in rows], goals[:columns]
    values = np.array(rows, dtype=float).reshape(len(rows), columns)
    expected = [not any(beats(other, row, goals) for other in rows) for row in rows]
    assert pareto(values, goals).tolist() == expected


@pytest.mark.parametrize("columns", [2, 3])
def test_a_front_of_all_runs_is_found_without_comparing_each_with_each(columns):
    """Where two goals wholly conflict every run is on the front, of a hundred thousand too."""
    one = np.linspace(0.0, 1.0, 100_000)
    values = np.column_stack([one, one, one[::-1]][:columns])
    assert pareto(values, ["max", "min", "max"][:columns]).all()


def test_rows_with_nan_are_not_on_the_front():
    """What was not measured neither wins nor beats anybody."""
    values = np.array([[math.nan, 0.0], [1.0, 1.0], [2.0, 0.5], [2.0, 2.0]])
    assert pareto(values, ["min", "min"]).tolist() == [False, True, True, False]


def test_equal_rows_are_on_the_front_together():
    """Two runs with the same best values are both among the best."""
    assert pareto(np.array([[1.0, 2.0], [1.0, 2.0], [3.0, 3.0]]), ["min", "min"]).tolist() == [
        True,
        True,
        False,
    ]


def test_no_rows_have_no_front():
    """Without runs there is nothing on the front, and nothing goes wrong."""
    assert pareto(np.empty((0, 2)), ["min", "max"]).tolist() == []


def test_each_column_needs_a_goal():
    """A front over columns of unknown goals is refused."""
    with pytest.raises(ValueError, match="goal"):
        pareto(np.ones((3, 2)), ["min"])
