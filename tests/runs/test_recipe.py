"""Which runs are the same but for the seed, and which way a metric is good."""

from typing import Any

import pytest

from workbench.runs.recipe import Code, code_of, guessed_goal, recipe

SEEDS = ("seed", "random_state")


def of(params: dict[str, Any], experiment: str = "churn", run_id: str = "1") -> str:
    """Return a run's recipe."""
    return recipe(experiment, params, SEEDS, run_id)


def test_runs_that_differ_in_the_seed_alone_have_one_recipe() -> None:
    """Wherever the seed stands, and whatever the order of the params."""
    assert of({"lr": 0.1, "seed": 1}) == of({"seed": 2, "lr": 0.1}, run_id="2")
    assert of({"lr": 0.1, "model.random_state": 1}) == of({"lr": 0.1})


@pytest.mark.parametrize("other", [{"lr": 0.2}, {"lr": "0.1"}, {"lr": 0.1, "x": 1}, {"seeds": 1}])
def test_runs_that_differ_otherwise_have_another(other: dict[str, Any]) -> None:
    """Another value, another type, another param or another experiment is another recipe."""
    assert of({"lr": 0.1}) != of(other)
    assert of({"lr": 0.1}) != of({"lr": 0.1}, experiment="fraud")


def test_a_run_without_other_params_is_like_no_other() -> None:
    """Runs nobody described are not taken for repetitions of each other."""
    assert of({"seed": 1}, run_id="1") != of({"seed": 2}, run_id="2")
    assert of({}) == "1"


def test_odd_values_have_a_recipe_too() -> None:
    """NaN, lists and letters that are none do not break it."""
    odd = {"a": float("nan"), "b": [1, {"c": None}], "\ud800": "\udfff", "d": 10**400}
    assert of(odd) == of(dict(reversed(odd.items())))


@pytest.mark.parametrize(
    ("metric", "goal"),
    [
        ("loss", "min"), ("val/loss", "min"), ("train_loss", "min"), ("rmse", "min"),
        ("Test Error", "min"), ("val_losses", None), ("accuracy", "max"), ("val/acc", "max"),
        ("val_auc", "max"), ("roc_auc", "max"), ("f1", "max"), ("mAP", "max"), ("r2", "max"),
        ("score", "max"), ("gloss", None), ("accident", None), ("lr", None), ("epoch", None),
        ("system/gpu/error", None), ("", None), ("f1_loss", "min"),
    ],
)  # fmt: skip
def test_a_direction_is_guessed_from_whole_words(metric: str, goal: str | None) -> None:
    """A loss is to be low and a score high; a name that says nothing has no direction."""
    assert guessed_goal(metric) == goal


CLEAN = Code("9f3c", dirty=False)


@pytest.mark.parametrize(
    "other",
    [
        Code("82aa", dirty=False), Code("9f3c", dirty=True, changes="a1"), Code(),
        Code("9f3c", dirty=False, repeats="01kb"),
    ],
)  # fmt: skip
def test_other_code_is_another_recipe(other: Code) -> None:
    """A commit, an uncommitted change or a repetition tells runs apart as a param does."""
    params = {"lr": 0.1}
    assert recipe("churn", params, SEEDS, "1", CLEAN) != recipe("churn", params, SEEDS, "2", other)
    assert recipe("churn", params, SEEDS, "1", CLEAN) == recipe("churn", params, SEEDS, "2", CLEAN)


def test_code_is_read_from_facts_and_tags() -> None:
    """The hash of the changes counts, of older runs their size, and only where there are any."""
    assert code_of("9f", {"diff_hash": "a1", "diff_bytes": 3}, {}, dirty=True).changes == "a1"
    assert code_of("9f", {"diff_bytes": 3}, {}, dirty=True).changes == 3
    assert code_of("9f", {"diff_bytes": 3}, {}, dirty=False).changes is None
    assert code_of(None, {"diff_hash": ["odd"]}, {}, dirty=True).changes is None
    assert code_of(None, {}, {"reproduces": "01kb"}, dirty=None).repeats == "01kb"
