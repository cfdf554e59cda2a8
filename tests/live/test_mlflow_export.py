"""What MLflow itself reads of an export, as files and moved to its database."""

import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, forget_start, write_run
from tests.live.libraries import python_of
from workbench.cli.main import run as workbench
from workbench.operations.mlflow_export.naming import experiment_id

_READ = """
import json, sys
from mlflow import MlflowClient
client = MlflowClient(tracking_uri=sys.argv[1], registry_uri=sys.argv[1])
experiments = {one.experiment_id: one.name for one in client.search_experiments()}
runs = {}
for one in client.search_runs(list(experiments), max_results=1000):
    history = {
        key: [
            [p.step, p.timestamp, repr(p.value)]
            for p in client.get_metric_history(one.info.run_id, key)
        ]
        for key in one.data.metrics
    }
    runs[one.info.run_id] = {
        "name": one.info.run_name, "experiment": experiments[one.info.experiment_id],
        "status": one.info.status, "start": one.info.start_time, "end": one.info.end_time,
        "user": one.info.user_id, "params": one.data.params, "tags": one.data.tags,
        "metrics": {k: sorted(v) for k, v in history.items()},
        "last": {k: repr(v) for k, v in one.data.metrics.items()},
        "artifacts": [f.path for f in client.list_artifacts(one.info.run_id)],
    }
models = {}
for model in client.search_registered_models():
    found = client.search_model_versions(f"name = '{model.name}'")
    models[model.name] = {
        "aliases": {k: int(v) for k, v in dict(model.aliases).items()},
        "versions": {int(v.version): [v.run_id, v.source, dict(v.tags)] for v in found},
    }
print("READ " + json.dumps({"runs": runs, "models": models}))
"""
_BROKEN = [(0, BEGIN, {"loss": 1.5}), (1, BEGIN + 1, {"loss": math.nan, "val/auc": 0.5}),
           (2, BEGIN + 2.25, {"loss": math.inf, "val/auc": -math.inf})]  # fmt: skip


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "MLFLOW_ALLOW_FILE_STORE": "true", "HOME": str(folder)}


def _read(uri: str, folder: Path) -> dict[str, Any]:
    """Return what MLflow's own client reads."""
    done = subprocess.run(
        [python_of("mlflow"), "-c", _READ, uri],
        cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = [line for line in done.stdout.splitlines() if line.startswith("READ ")]
    assert lines, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(lines[-1].removeprefix("READ "))
    return found


def _migrated(store: Path, folder: Path) -> str:
    """Return the database that MLflow made of the store."""
    database = folder / "moved.db"
    done = subprocess.run(
        [python_of("mlflow"), "-m", "mlflow", "migrate-filestore", "--source", str(store),
         "--target", f"sqlite:///{database}"],
        cwd=folder, env=_environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return f"sqlite:///{database}"


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A store of runs and a model, exported."""
    python_of("mlflow")
    root = tmp_path / "ws"
    ids = _fill(root)
    (root / "model.bin").write_bytes(b"weights")
    model = str(root / "model.bin")
    assert workbench(["register", model, "churn", "--files", "-w", str(root)]) == 0
    promote = ["promote", "churn@1", "--stage", "production", "--reason", "good", "-w", str(root)]
    assert workbench(promote) == 0
    assert workbench(["export", "--mlflow", str(tmp_path / "store"), "-w", str(root)]) == 0
    (tmp_path / "ids.json").write_text(json.dumps(ids))
    return tmp_path


def _fill(root: Path) -> dict[str, str]:
    """Write runs that an MLflow store has trouble with; return their ids."""
    parent = write_run(
        root, number=1, name="sweep", note="a note", params={"lr": 0.1, "deep": {"er": [1, 2]}},
        artifacts={"report.txt": b"fine"}, metrics=_BROKEN,
    )  # fmt: skip
    unsaid: list[Any] = [(None, None, {"acc": 0.5}), (None, None, {"acc": 0.5})]
    child = write_run(
        root, number=2, name="child", parent=parent.run_id, status="FAILED",
        error=["ValueError: no"], params={"long": "x" * 7000}, metrics=unsaid,
    )  # fmt: skip
    odd = write_run(
        root, number=3, name="odd", status="KILLED", experiment="other, one",
        params={"a": 1, "a/b": 2, "50%": 3},
        metrics=[(0, BEGIN, {"a": 1.0, "a/b": 2.0, "précision µ": 3.0, "50%": 4.0})],
    )  # fmt: skip
    bare = write_run(root, number=4, name="bare", metrics=unsaid)
    forget_start(bare)
    return {
        "parent": parent.run_id, "child": child.run_id, "odd": odd.run_id, "bare": bare.run_id,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["files", "database"])
def test_mlflow_reads_what_was_exported(exported: Path, kind: str) -> None:
    """Names, times, statuses, every point, params, parents, files and aliases are as they were."""
    store = exported / "store"
    uri = store.as_uri() if kind == "files" else _migrated(store, exported)
    found = _read(uri, exported)
    ids = json.loads((exported / "ids.json").read_text())
    runs = found["runs"]
    assert runs.keys() == set(ids.values())
    _check_parent(runs[ids["parent"]], kind)
    child = runs[ids["child"]]
    assert (child["status"], child["tags"]["mlflow.parentRunId"]) == ("FAILED", ids["parent"])
    assert len(child["params"]["long"]) == 6000
    assert [step for step, _, _ in child["metrics"]["acc"]] == [0, 1]
    assert child["artifacts"] == ["workbench"]
    odd = runs[ids["odd"]]
    assert (odd["status"], odd["experiment"]) == ("KILLED", "other, one")
    assert sorted(odd["last"].values()) == ["1.0", "2.0", "3.0", "4.0"]
    assert sorted(odd["params"].values()) == ["1", "2", "3"]
    assert odd["tags"]["workbench.name.metric.50_"] == "50%"
    assert runs[ids["bare"]]["start"] == runs[ids["bare"]]["end"]
    assert runs[ids["bare"]]["tags"]["workbench.start"] == "the end"
    assert found["models"]["churn"]["aliases"] == {"production": 1}
    source = found["models"]["churn"]["versions"]["1"][1]
    assert (Path(source.removeprefix("file://")) / "model.bin").read_bytes() == b"weights"
    assert experiment_id("other, one") in {path.name for path in store.iterdir()}


def _check_parent(run: dict[str, Any], kind: str) -> None:
    largest = "inf" if kind == "files" else "1.7976931348623157e+308"
    assert (run["name"], run["status"], run["start"]) == ("sweep", "FINISHED", round(BEGIN * 1000))
    assert run["end"] >= run["start"]
    assert run["params"] == {"lr": "0.1", "deep.er": "[1, 2]"}
    assert run["tags"]["mlflow.note.content"] == "a note"
    assert run["artifacts"] == ["report.txt"]
    begin = round(BEGIN * 1000)
    assert run["metrics"]["loss"] == [
        [0, begin, "1.5"], [1, begin + 1000, "nan"], [2, begin + 2250, largest]
    ]  # fmt: skip
    assert [value for _, _, value in run["metrics"]["val/auc"]] == ["0.5", f"-{largest}"]
