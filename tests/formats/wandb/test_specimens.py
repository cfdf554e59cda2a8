"""Folders that wandb 0.31 and 0.22 left, read as wandb's own reader reads them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import SPECIMENS, expected, folder_cards, spelled, told
from workbench.formats.contract import RunCard
from workbench.formats.wandb.reader import WandbReader
from workbench.formats.wandb.run import NO_PROJECT

READER = WandbReader()
NAMES = ["wandb_offline", "wandb_offline_0_22"]
STATUS = {"finished": "FINISHED", "failed": "FAILED", "running": "STALE"}
"""wandb's words by ours; a run without an end has shown no sign of life for years."""


def own(run: Mapping[str, Any]) -> dict[str, str]:
    """Return what is in nothing but the summary of a run that ended."""
    return {n: v for n, v in run["summary_json"].items() if n not in run["metrics"]}


@pytest.mark.parametrize("name", NAMES)
def test_everything_in_a_specimen_is_told(name: str) -> None:
    """Names, status, params, tags, every figure of every metric, files and records are the same."""
    root = SPECIMENS / name / "data"
    found = folder_cards(READER, root)
    runs = expected(name)["runs"]
    assert set(found) == {run["path"] for run in runs}
    for run in runs:
        card = found[run["path"]]
        assert (card.status, card.inferred) == (STATUS[run["status"]], run["status"] == "running")
        assert card.facts["raw_status"] == run["raw_status"]
        assert card.group == (run["group"] or None)
        assert card.params == run["params"]
        assert list(card.tags) == run["tags"]
        assert [artifact.path for artifact in card.artifacts] == run["artifacts"]
        assert card.facts.get("records", {}) == run["record_kinds"]
        assert card.facts.get("torn_tail", False) == run["torn_tail"]
        assert card.faults == ()
        check_metrics(card, run)


def check_metrics(card: RunCard, run: Mapping[str, Any]) -> None:
    """Hold curves and summary against what was expected of a run."""
    figures = told(card.metrics, run["metrics"])
    single = {metric: figures.pop(metric) for metric in own(run)}
    assert figures == run["metrics"]
    assert {metric: (one["last"], one["count"]) for metric, one in single.items()} == {
        metric: (spelled(float(value)), 1) for metric, value in own(run).items()
    }
    assert {n: spelled(card.metrics[n].last) for n in run["summary_json"]} == {
        metric: spelled(float(value)) for metric, value in run["summary_json"].items()
    }
    assert not [fact for fact in card.facts if fact.startswith("summary.")]


@pytest.mark.parametrize("name", NAMES)
def test_names_and_times_are_told(name: str) -> None:
    """A run is called as in its log; of one that wrote nothing its folder says the id.

    The expectations repeat the id of the run before for the one that was killed, whose
    log is empty: there the folder counts.
    """
    found = folder_cards(READER, SPECIMENS / name / "data")
    for run in expected(name)["runs"]:
        card = found[run["path"]]
        assert card.run_id == run["path"].rpartition("-")[2]
        if run["start_time_s"] is None:
            assert (card.name, card.experiment) == (card.run_id, NO_PROJECT)
            assert card.facts["times"] == "the folder's name"
            continue
        assert (card.run_id, card.name) == (run["id"], run["name"])
        assert card.experiment.endswith("-sgd")
        assert card.started is not None
        assert int(card.started) == run["start_time_s"]
        assert card.ended is not None
        assert 0 <= card.ended - card.started < 60
        assert "times" not in card.facts


def test_a_card_holds_the_note_and_the_machine() -> None:
    """What stands beside the numbers is there: the note, the host, wandb's own version."""
    root = SPECIMENS / "wandb_offline" / "data"
    cards = {card.name: card for card in folder_cards(READER, root).values()}
    diverged = cards["diverged, lr=1e3 (50% off) é"]
    assert diverged.note == 'multi\nline; comma, "quote" & tab\tend'
    assert (diverged.facts["host"], diverged.facts["wandb"]) == ("trainbox", "0.31.0")
    assert cards["baseline-lr0.01"].facts["python"].startswith("CPython 3.11")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_written_into_the_folder(name: str) -> None:
    """A folder holds after reading what it held before."""
    root = SPECIMENS / name / "data"

    def listing() -> list[tuple[Path, int, int]]:
        return [(p, p.stat().st_size, p.stat().st_mtime_ns) for p in sorted(root.rglob("*"))]

    before = listing()
    for key in folder_cards(READER, root):
        READER.points(root, key, None, None)
    assert listing() == before
