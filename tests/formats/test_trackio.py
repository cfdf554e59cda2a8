"""Trackio's databases as runs."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from tests.formats.checking import SPECIMENS, expected, figures, store_cards, told
from workbench.formats.contract import RunCard
from workbench.formats.trackio import TrackioReader
from workbench.formats.walking import list_folder

READER = TrackioReader()
FOLDER = SPECIMENS / "trackio" / "data" / "trackio"
STORE = FOLDER / "iris-sgd.db"


@pytest.fixture(scope="module")
def cards() -> dict[str, RunCard]:
    """Return the runs of the specimen by name."""
    return {card.name: card for card in store_cards(READER, STORE).values()}


def test_runs_are_what_trackio_says(cards: dict[str, RunCard]) -> None:
    """Every run has the configuration and the metrics Trackio's own storage reads."""
    runs = {run["name"]: run for run in expected("trackio")["runs"]}
    assert cards.keys() == runs.keys()
    for name, run in runs.items():
        card = cards[name]
        assert (card.status, card.inferred) == ("UNKNOWN", True)
        assert card.experiment == "iris-sgd"
        assert card.params == run["params"]
        assert card.tags == run["tags"]
        assert told(card.metrics, run["metrics"]) == figures(run["metrics"])
        assert card.artifacts == ()
        assert card.faults == ()
        assert card.group == run["params"]["_Group"]
        assert card.started == datetime.fromisoformat(run["params"]["_Created"]).timestamp()
        assert len(card.run_id) == 32


def test_curves_are_what_the_summaries_say() -> None:
    """Points and summaries come from the same rows."""
    for key in READER.survey(STORE, None).refs:
        card = READER.read(STORE, key, b"", 0.0).card
        curves = READER.points(STORE, key, None, None)
        assert curves.points.keys() == card.metrics.keys()
        for name, points in curves.points.items():
            summary = card.metrics[name]
            assert len(points.values) == summary.count
            assert repr(points.values[-1]) == repr(summary.last)
            assert points.steps[0] == summary.first_step
        again = READER.points(STORE, key, None, curves.progress)
        assert (again.points, again.restarted) == ({}, False)


def test_leaves_nothing_behind(tmp_path: Path) -> None:
    """Reading makes no file beside the database."""
    shutil.copytree(FOLDER, tmp_path / "trackio")
    folder = list_folder(tmp_path / "trackio", "", [])
    assert folder is not None
    before = sorted((tmp_path / "trackio").iterdir())
    assert READER.roots(folder) == ["iris-sgd.db"]
    store_cards(READER, tmp_path / "trackio" / "iris-sgd.db")
    assert sorted((tmp_path / "trackio").iterdir()) == before
