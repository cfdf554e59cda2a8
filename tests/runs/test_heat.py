"""Heat maps: the mean of every cell, by pandas' reckoning, and nothing lost unseen."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.heat import heat


def test_cells_are_the_means_of_a_pivot_table():
    """Means and counts on fixed data are those of pandas."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"lr": rng.choice([0.1, 0.01], 60), "opt": rng.choice(["a", "b", "c"], 60)}
    )
    frame["auc"] = rng.normal(size=60)
    found = heat(frame["lr"].tolist(), frame["opt"].tolist(), frame["auc"].tolist())
    assert (found.x, found.y) == ((0.01, 0.1), ("a", "b", "c"))
    for how, ours in (("mean", found.mean), ("count", found.n)):
        theirs = frame.pivot_table(values="auc", index="opt", columns="lr", aggfunc=how)
        np.testing.assert_allclose(ours, theirs.to_numpy())
    assert not found.binned


def test_many_numbers_are_cut_at_their_quantiles():
    """Each bin holds about as many runs, and says from where to where it goes."""
    xs = np.arange(1200.0)
    found = heat(xs, np.zeros(1200), xs, most=12)
    assert found.binned
    assert len(found.x) == 12
    assert found.x[0] == "0 … 100"
    assert found.n.sum() == 1200
    assert found.n.max() - found.n.min() <= 2
    assert found.mean[0].tolist() == sorted(found.mean[0].tolist())


def test_of_many_texts_the_commonest_are_kept():
    """Texts beyond the most there may be are counted as left out."""
    xs = ["common"] * 5 + ["second"] * 3 + [f"x{at}" for at in range(6)]
    found = heat(xs, [1] * 14, [1.0] * 14, most=2)
    assert found.x == ("common", "second")
    assert found.left_out == 6


def test_a_cell_without_a_run_is_empty():
    """A combination nobody tried has no mean and no runs."""
    found = heat([1, 2], [1, 2], [0.5, 0.7])
    assert math.isnan(found.mean[0, 1])
    assert found.n.tolist() == [[1, 0], [0, 1]]


def test_true_is_not_one():
    """Booleans are values of their own beside the number that equals them."""
    found = heat([True, 1, 1.0], [0, 0, 0], [1.0, 2.0, 4.0])
    assert found.n.sum(axis=0).tolist() == [2, 1]


VALUES = st.none() | st.floats() | st.integers() | st.booleans() | st.text(max_size=3)


@given(st.lists(st.tuples(VALUES, VALUES, st.floats()), max_size=40), st.integers(1, 5))
def test_every_run_is_in_a_cell_or_counted(rows, most):
    """Whatever stands on the sides, counts and what was left out make up all runs."""
    xs, ys, values = ([row[side] for row in rows] for side in range(3))
    found = heat(xs, ys, values, most=most)
    assert found.n.sum() + found.left_out == len(rows)
    assert found.mean.shape == found.n.shape == (len(found.y), len(found.x))
    assert len(found.x) <= most
    assert (np.isnan(found.mean) == (found.n == 0)).all() or any(abs(v) > 1e307 for v in values)


def test_the_places_must_match_the_values():
    """Sides of different lengths are refused."""
    with pytest.raises(ValueError, match="two places"):
        heat([1], [1, 2], [1, 2])
