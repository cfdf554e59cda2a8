"""Importance: scikit-learn's numbers, honest about noise, and about too few runs."""

import math

import numpy as np
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import permutation_importance

from workbench.runs.importance import FEWEST_RUNS, TREES, importance


def runs(n=60):
    """Return params and a metric that hangs on two of them only."""
    rng = np.random.default_rng(5)
    lr, noise = rng.uniform(-4, -1, n), rng.normal(size=n)
    opt = rng.choice(["adam", "lamb", "sgd"], n)
    metric = lr + np.array([{"adam": 0.0, "lamb": 1.0, "sgd": 3.0}[one] for one in opt])
    params = {"lr": lr.tolist(), "noise": noise.tolist(), "opt": opt.tolist(), "fixed": [1] * n}
    return params, metric


def test_what_counts_comes_first_and_noise_is_near_zero():
    """The params the metric was made of lead, the others are about nothing."""
    params, metric = runs()
    found = importance(params, metric)
    assert [row.name for row in found.rows] == ["opt", "lr", "noise"]
    assert found.rows[1].importance > 10 * abs(found.rows[2].importance)
    assert abs(found.rows[2].importance) < 0.05
    assert found.rows[0].rho is None
    assert found.rows[1].rho is not None
    assert (found.n, found.words) == (60, "")


def test_score_and_importance_agree_with_scikit_learn():
    """The out-of-bag R² is the forest's own; importances rank and size as scikit-learn's."""
    rng = np.random.default_rng(2)
    matrix = rng.normal(size=(120, 4))
    metric = matrix @ np.array([3.0, 1.0, 0.3, 0.0])
    names = [f"p{at}" for at in range(4)]
    params = {name: column.tolist() for name, column in zip(names, matrix.T, strict=True)}
    found = importance(params, metric, seed=4)
    forest = RandomForestRegressor(
        TREES, random_state=4, min_samples_leaf=2, max_features=0.5, oob_score=True
    ).fit(matrix.astype(np.float32), metric)
    assert found.score == pytest.approx(forest.oob_score_, abs=1e-6)
    fresh = rng.normal(size=(2000, 4))
    theirs = permutation_importance(
        forest, fresh, fresh @ np.array([3.0, 1.0, 0.3, 0.0]), n_repeats=5, random_state=0
    )
    order = [names[at] for at in np.argsort(-theirs.importances_mean)]
    ours = {row.name: row.importance for row in found.rows}
    assert [row.name for row in found.rows] == order
    assert ours["p0"] == pytest.approx(theirs.importances_mean[0], rel=0.25)
    assert ours["p1"] == pytest.approx(theirs.importances_mean[1], rel=0.5)


def test_the_same_seed_gives_the_same_ranking():
    """Nothing depends on anything but the runs and the seed."""
    params, metric = runs()
    assert importance(params, metric, seed=3) == importance(params, metric, seed=3)


def test_too_few_runs_are_said_and_correlations_remain():
    """Below the stated number there is no forest, only the rank correlations."""
    params, metric = runs(12)
    found = importance(params, metric)
    assert found.words == f"too few runs: 12, at least {FEWEST_RUNS} are needed"
    assert found.n == 12
    assert math.isnan(found.score)
    assert all(math.isnan(row.importance) for row in found.rows)
    assert found.rows[0].rho is not None


def test_a_metric_that_hangs_on_nothing_is_said():
    """A forest that foretells nothing says that its ranking means nothing."""
    rng = np.random.default_rng(9)
    found = importance({"a": rng.normal(size=80).tolist()}, rng.normal(size=80))
    assert found.words.startswith("the params explain nothing of it (R² = ")


def test_missing_values_and_odd_numbers_are_no_obstacle():
    """None, NaN, infinities and huge numbers in params, and a metric some runs lack."""
    params, metric = runs()
    params["lr"][0] = None
    params["noise"][1] = math.nan
    params["noise"][2] = 10**400
    params["opt"][3] = None
    metric[4:6] = math.nan
    found = importance(params, metric)
    assert found.n == 58
    assert {row.name for row in found.rows} == {"lr", "noise", "opt"}


@pytest.mark.parametrize(
    ("params", "metric", "words"),
    [
        ({"a": [1] * 30}, list(range(30)), "no param differs between the runs"),
        ({"a": list(range(30))}, [1.0] * 30, "every run has the same value"),
        ({}, list(range(30)), "no param differs between the runs"),
    ],
)
def test_nothing_to_explain_is_said(params, metric, words):
    """Params that never change, and a metric that never does, have no importance."""
    assert importance(params, metric).words == words


def test_many_params_are_narrowed_and_said():
    """Of very many params those the forest uses most are shuffled, and the method says so."""
    rng = np.random.default_rng(1)
    params = {f"p{at}": rng.normal(size=40).tolist() for at in range(60)}
    found = importance(params, np.array(params["p17"]) * 3)
    assert found.rows[0].name == "p17"
    assert len(found.rows) == 30
    assert "30 params it uses most of 60" in found.method
