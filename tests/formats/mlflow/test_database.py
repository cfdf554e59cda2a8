"""MLflow's SQLite store, read beside whoever writes it."""

import math
from typing import Any

from tests.formats.checking import SPECIMENS, expected, figures, store_cards, told
from workbench.formats.contract import Folder
from workbench.formats.mlflow.database import MlflowDatabaseReader
from workbench.formats.points import summarise

ROOT = SPECIMENS / "mlflow_sqlite" / "data" / "mlflow.db"
LARGEST = 1.7976931348623157e308


def _infinite(metrics: dict[str, Any]) -> dict[str, Any]:
    """Return expectations with the infinities the script logged: MLflow stores a number for them.

    Its client hands that number out, which no script means.
    """
    return {
        name: {k: "Infinity" if v == LARGEST else v for k, v in figures_.items()}
        for name, figures_ in metrics.items()
    }


def test_a_database_is_found_by_its_tables() -> None:
    """Whatever it is called; the folder beside it holds its files and no runs."""
    names = frozenset(["mlflow.db", "other.db"])
    folder = Folder(ROOT.parent, names, frozenset(["mlruns"]))
    assert MlflowDatabaseReader().roots(folder) == ["mlflow.db"]


def test_the_specimen_reads_as_mlflow_reads_it() -> None:
    """Every run is there with all that MLflow's own client says of it."""
    found = {card.run_id: card for card in store_cards(MlflowDatabaseReader(), ROOT).values()}
    wanted = expected("mlflow_sqlite")
    assert set(found) == {run["id"] for run in wanted["runs"]}
    for run in wanted["runs"]:
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
        metrics = _infinite(figures(run["metrics"]))
        assert told(card.metrics, metrics) == metrics
        own = [artifact.path for artifact in card.artifacts if artifact.path[:7] != "models/"]
        assert own == run["artifacts"]
        assert card.faults == ()


def test_curves_and_summaries_agree() -> None:
    """The points of a curve come to the summary of the card."""
    reader = MlflowDatabaseReader()
    for key, card in store_cards(reader, ROOT).items():
        curves = reader.points(ROOT, key, None, None)
        assert set(curves.points) == set(card.metrics)
        for name, points in curves.points.items():
            steps = [int(step) for step in points.steps]
            assert repr(summarise(points.values, steps)) == repr(card.metrics[name])
            assert all(math.isfinite(time) for time in points.times)
        assert reader.points(ROOT, key, None, curves.progress).points == {}
