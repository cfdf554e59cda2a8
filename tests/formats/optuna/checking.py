"""Holding trials against what Optuna itself says of the specimen."""

from typing import Any

from tests.formats.checking import expected, figures, spelled, told
from workbench.formats.contract import RunCard


def wanted(store: str) -> dict[str, dict[str, Any]]:
    """Return the expected trials of a store by experiment and name."""
    return {run["name"]: run for run in expected("optuna")["runs"] if run["store"] == store}


def objective_values(card: RunCard) -> list[Any] | None:
    """Return the objective values as the expectations have them."""
    found = [spelled(s.last) for name, s in card.metrics.items() if name.startswith("value")]
    return found or None


def reports(card: RunCard) -> dict[str, Any]:
    """Return the metrics that were reported step by step."""
    return {name: s for name, s in card.metrics.items() if not name.startswith("value")}


def same(card: RunCard, run: dict[str, Any]) -> None:
    """Hold a card against everything that is expected of it."""
    words = {"finished": "FINISHED", "failed": "FAILED", "pruned": "KILLED", "running": "STALE"}
    assert card.status == words[run["status"]]
    assert card.inferred == (run["status"] == "running")
    assert card.facts["raw_status"] == run["raw_status"]
    assert card.params == run["params"]
    assert card.tags == run["tags"]
    assert objective_values(card) == run["values"]
    assert told(reports(card), run["metrics"]) == figures(run["metrics"])
    assert card.artifacts == ()
    assert card.faults == ()
