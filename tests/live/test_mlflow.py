"""MLflow itself logging to each of its stores while the workbench looks on."""

import json
import math
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live.libraries import started
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.formats.detect import reader_named
from workbench.operations.session import Session, open_session

STORES = {
    "mlflow-sqlite": ("sqlite:///mlflow.db", "mlflow.db"),
    "mlflow": ("file:mlruns", "mlruns"),
}
STEPS = 40
WRITER = """
import json, math, os, threading
os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", MLFLOW_DISABLE_TELEMETRY="true",
                  GIT_PYTHON_REFRESH="quiet")
import mlflow
mlflow.set_tracking_uri(ADDRESS)
mlflow.set_experiment("live")
with mlflow.start_run(run_name="followed") as run:
    mlflow.log_params({"lr": 0.1, "net/depth": 3})
    for step in range(STEPS):
        mlflow.log_metrics({"loss": 1 / (step + 3), "val/acc": step / 7}, step=step)
        mlflow.log_metric("odd", (math.nan, math.inf, -math.inf, 0.5)[step % 4], step=step // 2)
        threading.Event().wait(0.05)  # as long as a batch takes
        if step % 10 == 0:
            mlflow.set_tag("at", str(step))
    mlflow.log_text("hello", "notes/a b.txt")
client = mlflow.MlflowClient()
seen = client.get_run(run.info.run_id)
print("FOUND", json.dumps({
    "id": run.info.run_id, "params": seen.data.params, "tags": seen.data.tags,
    "last": {k: repr(v) for k, v in seen.data.metrics.items()},
    "points": {k: [[m.step, m.timestamp, repr(m.value)]
                   for m in client.get_metric_history(run.info.run_id, k)]
               for k in seen.data.metrics},
}))
"""
ENDLESS = {math.inf: "1.7976931348623157e+308", -math.inf: "-1.7976931348623157e+308"}
"""How a database of MLflow says what is endless."""


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session on a folder that is only looked at."""
    with open_session(tmp_path) as opened:
        yield opened


def _count(session: Session) -> int:
    """Look, and return how many points of the loss are known."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    found = list(cards(session.catalogue, every(session.catalogue)))
    assert len(found) <= 1
    return max((card.metrics["loss"].count for card in found if "loss" in card.metrics), default=0)


def _spelled(value: float, name: str) -> str:
    return ENDLESS.get(value, repr(value)) if name == "mlflow-sqlite" else repr(value)


def _found(output: str) -> dict[str, Any]:
    """Return what MLflow's own client says is in the store."""
    lines = [line for line in output.splitlines() if line.startswith("FOUND ")]
    assert lines, output
    found: dict[str, Any] = json.loads(lines[0].removeprefix("FOUND "))
    return found


@pytest.mark.parametrize("name", STORES)
def test_a_run_is_followed_while_it_is_logged(session: Session, tmp_path: Path, name: str) -> None:
    """Looks every 50 ms keep nobody from writing, and miss no point; nothing of ours is left."""
    address, place = STORES[name]
    script = WRITER.replace("ADDRESS", repr(address)).replace("STEPS", str(STEPS))
    process = started(name.partition("-")[0], script, tmp_path)
    output: list[str] = []
    talk = threading.Thread(target=lambda: output.append(process.communicate()[0]))
    talk.start()
    counts = []
    while talk.is_alive():
        counts.append(_count(session))
        talk.join(0.05)
    wanted = _found(output[0])
    assert process.returncode == 0, output[0]
    assert "locked" not in output[0]
    assert counts == sorted(counts)
    assert len({*counts} - {0, STEPS}) > 1, counts
    assert _count(session) == STEPS
    _check(tmp_path / place, name, wanted)
    ours = [path.name for path in tmp_path.rglob("*") if path.suffix in {".db-shm", ".db-wal"}]
    assert ours == []


def _check(root: Path, name: str, wanted: dict[str, Any]) -> None:
    """Hold what is read of the store against what MLflow's client says."""
    reader = reader_named(name)
    (key,) = reader.survey(root, None).refs
    card = reader.read(root, key, b"", 1.9e9).card
    assert (card.run_id, card.name, card.experiment) == (wanted["id"], "followed", "live")
    assert (card.status, card.inferred) == ("FINISHED", False)
    assert (card.params, card.tags) == (wanted["params"], wanted["tags"])
    last = {metric: _spelled(summary.last, name) for metric, summary in card.metrics.items()}
    assert last == wanted["last"]
    assert [artifact.path for artifact in card.artifacts] == ["notes/a b.txt"]
    points = reader.points(root, key, None, None).points
    ours = {
        metric: sorted(
            [int(step), round(time * 1000), _spelled(value, name)]
            for step, time, value in zip(*found, strict=True)
        )
        for metric, found in points.items()
    }
    assert ours == {metric: sorted(found) for metric, found in wanted["points"].items()}
