"""Trackio's databases as runs."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import SPECIMENS, expected, figures, store_cards, told
from tests.formats.sqlite_damage import followed_when_replaced, kept_when_replaced, survives_damage
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import RunCard
from workbench.formats.trackio.reader import TrackioReader
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


def test_a_damaged_database_is_refused_or_read(tmp_path: Path) -> None:
    """Nothing crashes, and a file that lost pages says so."""
    assert survives_damage(READER, STORE, tmp_path / "iris-sgd.db") == 0


def test_runs_stay_while_the_file_is_garbage(tmp_path: Path) -> None:
    """A database caught half copied costs nobody their runs."""
    kept_when_replaced(READER, STORE, tmp_path / "iris-sgd.db")


KEY = "#7cf46e17c93142a58111754a58357227"
NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a copy of the specimen that may be written to."""
    path = tmp_path / "iris-sgd.db"
    shutil.copyfile(STORE, path)
    return path


@pytest.fixture
def writer(store: Path) -> Iterator[sqlite3.Connection]:
    """Return a writer's connection, in the mode Trackio uses."""
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
        yield connection


def log(writer: sqlite3.Connection, step: int, said: Any, *, system: bool = False) -> None:
    """Write what a script logs."""
    text = said if isinstance(said, str) else json.dumps(said)
    table, column = ("system_metrics", "") if system else ("metrics", "step, ")
    values = (KEY[1:], "baseline-lr0.01", NOW.isoformat(), *([] if system else [step]), text)
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO {table} (run_id, run_name, timestamp, {column}metrics) VALUES "  # noqa: S608
    writer.execute(f"{statement}({marks})", values)


def test_a_writer_is_followed_and_never_held_up(store: Path, writer: sqlite3.Connection) -> None:
    """Rows still in the log beside the database are seen; whoever writes need not wait."""
    writer.execute("PRAGMA busy_timeout = 0")
    first = READER.survey(store, None)
    assert READER.survey(store, first.memory).refs is first.refs
    notes = READER.read(store, KEY, b"", 0.0).progress
    progress = READER.points(store, KEY, None, None).progress
    log(writer, 20, {"train_loss": "NaN", "nested": {"a": {"b": 1}}, "text": "x", "on": True})
    log(writer, 21, {"train_loss": "-Infinity", "picture": {"_type": "trackio.image", "n": 3}})
    log(writer, 0, {"gpu": {"0": 55}}, system=True)
    second = READER.survey(store, first.memory)
    assert {k for k in second.refs if second.refs[k].stamp != first.refs[k].stamp} == {KEY}
    assert second.refs[KEY].live
    curves = READER.points(store, KEY, None, progress)
    assert {n: repr(p.values) for n, p in curves.points.items()} == {
        "train_loss": "[nan, -inf]", "nested/a/b": "[1.0]", "system/gpu/0": "[55.0]",
    }  # fmt: skip
    now = Path(f"{store}-wal").stat().st_mtime
    card = READER.read(store, KEY, notes, now).card
    assert repr(card.metrics) == repr(READER.read(store, KEY, b"", now).card.metrics)
    assert (card.metrics["train_loss"].count, card.metrics["train_loss"].nans) == (22, 1)
    assert card.metrics["system/gpu/0"].last_step is None
    assert (card.status, card.inferred) == ("RUNNING", True)
    assert READER.read(store, KEY, b"", now + 3_600).card.status == "UNKNOWN"


def test_rows_that_are_gone_start_the_run_over(store: Path, writer: sqlite3.Connection) -> None:
    """A run that was deleted in part, or replaced, is read from its start."""
    notes = READER.read(store, KEY, b"", 0.0).progress
    progress = READER.points(store, KEY, None, None).progress
    writer.execute("DELETE FROM metrics WHERE run_id = ? AND step < 5", (KEY[1:],))
    curves = READER.points(store, KEY, None, progress)
    assert (curves.restarted, len(curves.points["train_loss"].values)) == (True, 15)
    card = READER.read(store, KEY, notes, 0.0).card
    assert (card.metrics["train_loss"].count, card.metrics["train_loss"].first_step) == (15, 5)


def test_odd_rows_are_told(store: Path, writer: sqlite3.Connection) -> None:
    """Depth, kinds and values that are none cost nothing but themselves."""
    for said in ["[" * 100_000, '{"a": ' * 100_000, "[1]", '{"a": 1e999, "b": "nan"}', "{", ""]:
        log(writer, 30, said)
    writer.execute("UPDATE configs SET config = '[[' WHERE run_id = ?", (KEY[1:],))
    card = READER.read(store, KEY, b"", 0.0).card
    assert len(card.faults) == 6
    assert card.metrics["a"].last == float("inf")
    assert "b" not in card.metrics
    assert card.params == {}
    assert card.metrics["train_loss"].count == 20


def test_alerts_and_media_are_shown(store: Path, writer: sqlite3.Connection) -> None:
    """Alerts are facts, and files a run logged are its artifacts."""
    writer.execute(
        "INSERT INTO alerts (run_id, timestamp, run_name, title, level) VALUES (?,?,?,?,?)",
        (KEY[1:], NOW.isoformat(), "baseline-lr0.01", "loss rises", "warn"),
    )
    folder = store.parent / "media" / "iris-sgd" / "baseline-lr0.01"
    (folder / "3").mkdir(parents=True)
    (folder / "3" / "a.png").write_bytes(b"123")
    card = READER.read(store, KEY, b"", 0.0).card
    assert card.facts["alerts"] == ["warn: loss rises"]
    assert [tuple(artifact) for artifact in card.artifacts] == [("3/a.png", 3)]
    assert READER.artifact(store, KEY, "3/a.png").read_bytes() == b"123"
    for path in ("../x", "/etc/passwd", "3"):
        with pytest.raises(NotFoundError):
            READER.artifact(store, KEY, path)


def test_an_older_database_knows_runs_by_name(tmp_path: Path) -> None:
    """Before runs had ids their names were what told them apart."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT,"
            " step INTEGER, metrics TEXT);"
            "CREATE TABLE configs (id INTEGER PRIMARY KEY, run_name TEXT, config TEXT,"
            " created_at TEXT);"
            "CREATE TABLE system_metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT,"
            " metrics TEXT);"
            "INSERT INTO metrics VALUES (1, '2026-01-01T00:00:00+00:00', 'a/b', 0, '{\"x\": 1}');"
        )
    folder = list_folder(tmp_path, "", [])
    assert folder is not None
    assert READER.roots(folder) == ["old.db"]
    (card,) = store_cards(READER, path).values()
    assert (card.run_id, card.name, card.params) == ("", "a/b", {})
    assert card.metrics["x"].last == 1


def test_keys_that_are_none_are_refused() -> None:
    """A key is looked up, never made into a path."""
    for key in ("", "#", "x", "#../..", "#" + "a" * 32):
        with pytest.raises(FormatError):
            READER.read(STORE, key, b"", 0.0)


def test_another_database_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """A smaller one whose rows have the numbers of the old ones leaves nothing of these."""
    statement = "DELETE FROM metrics WHERE step > 2"
    followed_when_replaced(READER, STORE, tmp_path / "iris-sgd.db", statement)
