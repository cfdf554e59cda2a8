"""Optuna's SQLite storage as runs."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.formats.checking import SPECIMENS, store_cards
from tests.formats.optuna.checking import same, wanted
from workbench.formats.contract import RunCard
from workbench.formats.optuna.database import OptunaDatabaseReader
from workbench.formats.walking import list_folder

READER = OptunaDatabaseReader()
STORE = SPECIMENS / "optuna" / "data" / "study.db"


@pytest.fixture(scope="module")
def cards() -> dict[str, RunCard]:
    """Return the trials of the specimen by experiment and name."""
    found = store_cards(READER, STORE)
    return {f"{card.experiment}/{card.name}": card for card in found.values()}


def test_trials_are_what_optuna_says(cards: dict[str, RunCard]) -> None:
    """Every trial has the state, params, attributes, values and reports Optuna reads."""
    assert cards.keys() == wanted("sqlite").keys()
    for name, run in wanted("sqlite").items():
        same(cards[name], run)


def test_times_are_the_writers_local_ones(cards: dict[str, RunCard]) -> None:
    """Times without a zone are taken for this machine's."""
    for name, run in wanted("sqlite").items():
        assert cards[name].started == datetime.fromisoformat(run["start"]).timestamp()
        ended = None if run["end"] == "None" else datetime.fromisoformat(run["end"]).timestamp()
        assert cards[name].ended == ended


def test_finds_its_files_by_what_is_in_them(tmp_path: Path) -> None:
    """A database is a root when it holds the tables of a storage."""
    (tmp_path / "study.db").write_bytes(STORE.read_bytes())
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0")
    folder = list_folder(tmp_path, "", [])
    assert folder is not None
    assert READER.roots(folder) == ["study.db"]
