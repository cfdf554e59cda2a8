"""Folders left by real tools, read as the tools' own readers read them."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from workbench.formats.contract import RunCard, SourceReader
from workbench.formats.detect import Source, discover, reader_named

SPECIMENS = Path(__file__).parent.parent / "specimens"
LATER = 1_800_000_000.0
"""A time long after every specimen was written."""


def cards(reader: SourceReader, root: Path) -> dict[str, RunCard]:
    """Return every run below ``root`` by key."""
    survey = reader.survey(root, None)
    assert survey.faults == ()
    return {key: reader.read(root, key, b"", LATER).card for key in survey.refs}


def number(value: float) -> float | str:
    """Return a number as the expectations spell it."""
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value == math.inf else value


def told(card: RunCard) -> dict[str, Any]:
    """Return the metrics of a run as the expectations spell them."""
    return {
        name: {
            "last": number(s.last), "count": s.count, "min": number(s.min), "max": number(s.max),
            "first_step": s.first_step, "last_step": s.last_step,
        }
        for name, s in card.metrics.items()
    }  # fmt: skip


def expected(name: str) -> dict[str, Any]:
    """Return what is in a specimen."""
    found: dict[str, Any] = json.loads((SPECIMENS / name / "expected.json").read_text("utf-8"))
    return found


def without_latest(metrics: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return expected metrics without MLflow's own word for the last."""
    return {n: {k: v for k, v in m.items() if k != "api_latest"} for n, m in metrics.items()}


@pytest.mark.parametrize("name", ["mlflow_file", "mlflow2_file"])
def test_an_mlflow_store_reads_as_mlflow_reads_it(name: str) -> None:
    """Every run of a store is there with all that MLflow's own client says of it."""
    root = SPECIMENS / name / "data" / "mlruns"
    found = {card.run_id: card for card in cards(reader_named("mlflow"), root).values()}
    runs = expected(name)["runs"]
    assert set(found) == {run["id"] for run in runs}
    for run in runs:
        card = found[run["id"]]
        assert (card.name, card.experiment, card.parent) == (
            run["name"], run["experiment"], run["parent"],
        )  # fmt: skip
        assert card.facts["raw_status"] == run["raw_status"]
        assert card.facts["lifecycle_stage"] == run["lifecycle_stage"]
        assert card.facts.get("deleted", False) == (run["lifecycle_stage"] == "deleted")
        assert card.status == ("STALE" if run["status"] == "running" else run["raw_status"])
        assert card.inferred == (run["status"] == "running")
        assert card.started == run["start_time_ms"] / 1000
        assert (card.ended and round(card.ended * 1000)) == run["end_time_ms"]
        assert (card.params, card.tags) == (run["params"], run["tags"])
        assert told(card) == without_latest(run["metrics"])
        for metric, said in run["metrics"].items():
            assert number(card.metrics[metric].last) == said["api_latest"]
        own = [artifact.path for artifact in card.artifacts if artifact.path[:7] != "models/"]
        assert own == run["artifacts"]
        assert card.faults == ()


def test_plain_folders_read_as_they_were_written() -> None:
    """Every plain run is there with the values that were handed to the writer."""
    root = SPECIMENS / "plain" / "data"
    found = cards(reader_named("folders"), root)
    runs = expected("plain")["runs"]
    assert set(found) == {run["path"] for run in runs}
    for run in runs:
        card = found[run["path"]]
        assert (card.name, card.experiment) == (run["name"], "experiments")
        assert (card.status.lower(), card.inferred) == (run["status"], True)
        assert (card.params, card.tags) == (run["params"], run["tags"])
        assert told(card) == run["metrics"]
        assert [artifact.path for artifact in card.artifacts] == run["artifacts"]
        assert card.faults == ()


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("mlflow_file", Source("mlflow", "data/mlruns")),
        ("mlflow2_file", Source("mlflow", "data/mlruns")),
        ("plain", Source("folders", "")),
    ],
)
def test_a_specimen_is_found_in_one_format(name: str, source: Source) -> None:
    """What lies in a folder is found by one reader and no other."""
    found = discover(SPECIMENS / name)
    assert found.sources == (source,)
    assert (found.known, found.faults, found.truncated) == ((), (), False)


@pytest.mark.parametrize("name", ["mlflow_file", "mlflow2_file", "plain"])
def test_curves_and_summaries_agree(name: str) -> None:
    """The points of a curve come to the summary of the card."""
    for source in discover(SPECIMENS / name).sources:
        reader, root = reader_named(source.format), SPECIMENS / name / source.root
        for key, card in cards(reader, root).items():
            curves = reader.points(root, key, None, None)
            assert set(curves.points) == set(card.metrics)
            for metric, points in curves.points.items():
                summary = card.metrics[metric]
                assert len(points.values) == len(points.steps) == len(points.times)
                assert len(points.values) == summary.count
                last = max(zip(points.steps, points.times, points.values, strict=True))
                assert number(last[2]) == number(summary.last)
                assert points.steps[0] == summary.first_step
