"""The flights in production: models are kept as versions, one is refused, one is rolled back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

SETTINGS = Path(__file__).parents[2] / "sample_projects" / "demo-workbench.toml"


def events(workspace: Path) -> list[dict[str, object]]:
    """Return the journal of the model, oldest event first."""
    files = sorted((workspace / "registry/late-flights/events").glob("*.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


def test_a_training_keeps_its_model_and_what_it_predicts(run_sample, tmp_path):
    """With --register the pipeline becomes a version, with columns, example and predictions."""
    outcome = run_sample(
        "flights", "train.py", "--model", "sgd", "--epochs", "1", "--fraction", "0.1", "--register"
    )
    assert outcome.code == 0, outcome.talk
    (event,) = events(tmp_path / "workspace")
    details = event["details"]
    assert (details["format"], details["run"]["id"]) == ("skops", outcome.runs[0].card["id"])
    assert [one["name"] for one in details["signature"]["columns"]][:2] == ["carrier", "origin"]
    assert len(details["example"]["input"]) == 5
    assert list((tmp_path / "workspace/predictions/late-flights").rglob("*.parquet"))


def test_the_baseline_is_nothing_to_register(run_sample):
    """A table of rates is no estimator, and the script says so."""
    outcome = run_sample("flights", "train.py", "--model", "baseline", "--register")
    assert (outcome.code, "nothing to register" in outcome.talk) == (2, True)


@pytest.mark.slow
def test_release_ends_with_the_first_model_in_production(run_sample, tmp_path):
    """Two are promoted, the one with a column too many goes to staging, one is rolled back."""
    for more in (("sgd",), ("hgb",), ("hgb", "--features", "gate")):
        outcome = run_sample("flights", "train.py", "--register", "--model", *more)
        assert outcome.code == 0, outcome.talk
    (tmp_path / "workspace/workbench.toml").write_bytes(SETTINGS.read_bytes())
    outcome = run_sample("flights", "release.py")
    assert outcome.code == 0, outcome.talk
    assert "Column dep_delay is new." in outcome.talk
    kinds = [event["kind"] for event in events(tmp_path / "workspace")]
    assert kinds == ["registered"] * 3 + ["promoted"] * 3 + ["rolled-back"]
    assert events(tmp_path / "workspace")[-1]["version"] == 1
