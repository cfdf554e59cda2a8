"""The digits sample trains for real and logs what its README promises."""

from __future__ import annotations

import csv
import json
import math

import pytest

TINY = ("--epochs", "2")


@pytest.mark.parametrize("family", ["sgd", "mlp", "softmax", "forest"])
def test_family_finishes_with_a_curve_that_learns(run_sample, family):
    """Each family ends FINISHED, reads most digits after three epochs, and has a point an epoch."""
    outcome = run_sample("digits", "train.py", "--model", family, "--epochs", "3")
    assert outcome.code == 0, outcome.talk
    (run,) = outcome.runs
    assert run.end["status"] == "FINISHED"
    assert run.card["params"]["model"]["family"] == family
    assert [step for step, _ in run.series("val/loss")] == [0, 1, 2]
    assert run.end["metrics"]["val/accuracy"]["last"] > 0.7


def test_perceptron_has_accuracy_but_no_loss(run_sample):
    """A model without probabilities logs accuracy alone and never a made-up loss."""
    (run,) = run_sample("digits", "train.py", "--model", "perceptron", *TINY).runs
    assert set(run.end["metrics"]) >= {"train/accuracy", "val/accuracy"}
    assert not {"train/loss", "val/loss"} & set(run.end["metrics"])


def test_same_seed_gives_the_same_curve_and_another_seed_another(run_sample):
    """The seed alone decides the curve."""
    for seed in ("3", "3", "4"):
        outcome = run_sample("digits", "train.py", "--model", "sgd", "--seed", seed, *TINY)
    first, again, other = (run.series("val/loss") for run in outcome.runs)
    assert first == again
    assert first != other


def test_too_long_steps_diverge_to_infinity_and_then_to_nan(run_sample):
    """With a learning rate of 40 the loss grows past every number, and the run still finishes."""
    outcome = run_sample(
        "digits", "train.py", "--model", "softmax", "--learning-rate", "40", "--l2", "0.1",
        "--batch-size", "32",
    )  # fmt: skip
    (run,) = outcome.runs
    assert run.end["status"] == "FINISHED"
    losses = [float(value) for _, value in run.series("train/loss")]
    assert math.isfinite(losses[0])
    assert losses[0] < losses[1]
    assert math.inf in losses
    assert math.isnan(losses[-1])


def test_default_softmax_stays_finite(run_sample):
    """The diverging run diverges by its settings, not by the model."""
    (run,) = run_sample("digits", "train.py", "--model", "softmax", *TINY).runs
    assert all(math.isfinite(float(value)) for _, value in run.series("train/loss"))


def test_batch_that_shrinks_to_nothing_crashes_midway(run_sample):
    """A batch size halved to 0 ends the run FAILED, with the points before it and the reason."""
    outcome = run_sample("digits", "train.py", "--batch-size", "4", "--shrink-batch", "0.5")
    assert outcome.code != 0
    (run,) = outcome.runs
    assert run.end["status"] == "FAILED"
    assert [step for step, _ in run.series("val/accuracy")] == [0, 1, 2]
    assert "ValueError" in "\n".join(run.end["error"])


def test_report_is_kept_as_artifacts(run_sample):
    """The confusion matrix counts every validation image once, and the text report is beside it."""
    (run,) = run_sample("digits", "train.py", *TINY).runs
    header, *rows = csv.reader(run.artifact("confusion.csv").splitlines())
    assert len(header) == 11
    assert sum(int(cell) for row in rows for cell in row[1:]) == 450
    assert "weighted avg" in run.artifact("report.txt")


def test_training_data_is_recorded(run_sample):
    """The run says which data it was trained on."""
    (run,) = run_sample("digits", "train.py", *TINY).runs
    (dataset,) = run.end["datasets"]
    assert (dataset["name"], dataset["role"], dataset["rows"]) == ("digits", "training", 1797)


def test_sweep_is_a_parent_with_six_children(run_sample):
    """The search logs the best score so far, and every child names it as its parent."""
    outcome = run_sample("digits", "sweep.py", *TINY)
    assert outcome.code == 0, outcome.talk
    (parent,) = (run for run in outcome.runs if run.card.get("parent") is None)
    children = [run for run in outcome.runs if run is not parent]
    assert len(children) == 6
    assert {child.card["parent"] for child in children} == {parent.card["id"]}
    assert all(child.end["datasets"][0]["name"] == "digits" for child in children)
    best = max(child.end["metrics"]["val/accuracy"]["last"] for child in children)
    assert parent.end["metrics"]["best/accuracy"]["last"] == best
    assert json.loads(parent.artifact("points.json"))[0]["val/accuracy"] == best
    assert parent.end["tags"]["best_run"] in {child.card["id"] for child in children}
