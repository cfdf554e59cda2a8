"""What changes in an MLflow database is found, whatever it is, and damage is not believed."""

import math
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.formats.checking import LATER, SPECIMENS, store_cards
from tests.formats.sqlite_damage import followed_when_replaced, kept_when_replaced, survives_damage
from workbench.errors import FormatError
from workbench.formats.contract import Fault, RunCard, Survey
from workbench.formats.mlflow import database_metrics, database_survey
from workbench.formats.mlflow.database import MlflowDatabaseReader
from workbench.formats.points import summarise
from workbench.runfolder import STALE_AFTER

STORE = SPECIMENS / "mlflow_sqlite" / "data" / "mlflow.db"
BEGAN = 1_795_000_000_000
"""Milliseconds since 1970."""
COLUMNS = "run_uuid, name, status, start_time, lifecycle_stage, experiment_id, artifact_uri"


class Writer:
    """What a script does through MLflow, without MLflow."""

    def __init__(self, path: Path) -> None:
        shutil.copyfile(STORE, path)
        path.chmod(0o644)
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None)

    def do(self, statement: str, *values: object) -> None:
        """Commit a change."""
        self._connection.execute(statement, values)

    def start(self, run: str, status: str = "RUNNING") -> None:
        """Start a run."""
        self.do(
            f"INSERT INTO runs ({COLUMNS}) VALUES (?, ?, ?, ?, 'active', 1, '')",  # noqa: S608
            run, run, status, BEGAN,
        )  # fmt: skip

    def log(self, run: str, key: str, values: Sequence[object], first: int = 0) -> None:
        """Log points of a metric, a step each."""
        self._connection.executemany(
            "INSERT INTO metrics (run_uuid, key, value, step, timestamp, is_nan) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [
                (run, key, 0 if value != value else value, step, BEGAN + step, value != value)  # noqa: PLR0124
                for step, value in enumerate(values, first)
            ],
        )

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()


class Reader:
    """A reader that surveys as a sweep does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.reader = MlflowDatabaseReader()
        self.last: Survey = self.reader.survey(path, None)

    def changed(self) -> set[str]:
        """Look; return the runs whose stamp is not what it was, and those that are gone."""
        before = self.last.refs
        self.last = self.reader.survey(self.path, self.last.memory)
        after = self.last.refs
        return {
            key[1:] for key in before.keys() | after.keys() if before.get(key) != after.get(key)
        }

    def card(self, run: str, now: float = LATER) -> RunCard:
        """Return a run."""
        return self.reader.read(self.path, f"#{run}", b"", now).card

    def values(self, run: str, metric: str) -> list[float]:
        """Return a curve from its start."""
        points = self.reader.points(self.path, f"#{run}", frozenset([metric]), None).points
        return points[metric].values if metric in points else []


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    """Return the writer of a database with the runs of the specimen."""
    with closing(Writer(tmp_path / "mlflow.db")) as found:
        yield found


@pytest.fixture
def reader(writer: Writer) -> Reader:
    """Return a reader that has looked at it once."""
    return Reader(writer.path)


RUN = "7b615d9b10f14c2ea5739105067b2774"
CHANGES = {
    "a new name": ("UPDATE runs SET name = 'other' WHERE run_uuid = ?", {"name": "other"}),
    "a new tag": (
        "INSERT INTO tags (key, value, run_uuid) VALUES ('team', 'b', ?)", {"tags": ("team", "b")},
    ),
    "a tag set anew": (
        "UPDATE tags SET value = 'other.py' WHERE key = 'mlflow.source.name' AND run_uuid = ?",
        {"tags": ("mlflow.source.name", "other.py")},
    ),
    "a new param": (
        "INSERT INTO params (key, value, run_uuid) VALUES ('seed', '3', ?)",
        {"params": ("seed", "3")},
    ),
    "deleted": (
        "UPDATE runs SET lifecycle_stage = 'deleted' WHERE run_uuid = ?",
        {"facts": ("deleted", True)},
    ),
    "taken up again": (
        "UPDATE runs SET status = 'RUNNING' WHERE run_uuid = ?", {"status": "STALE"},
    ),
    "a parent gone": (
        "DELETE FROM tags WHERE key = 'mlflow.parentRunId' AND run_uuid = ?", {"parent": None},
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_a_finished_run_is_found(writer: Writer, reader: Reader, what: str) -> None:
    """Of this run and no other, at the next look, for it is among the few looked through."""
    statement, wanted = CHANGES[what]
    assert reader.changed() == set()
    writer.do(statement, RUN)
    assert reader.changed() == {RUN}
    card = reader.card(RUN)
    for name, value in wanted.items():
        found = getattr(card, name)
        if isinstance(value, tuple):
            assert found[value[0]] == value[1]
        else:
            assert found == value
    assert reader.changed() == set()


def test_nothing_new_is_the_very_same_answer(writer: Writer, reader: Reader) -> None:
    """A sweep then has nothing to compare; so too after a commit that changes no run."""
    first = reader.last
    reader.changed()
    assert reader.last.refs is first.refs
    writer.do("UPDATE experiments SET last_update_time = 1")
    reader.changed()
    assert reader.last.refs is first.refs


def test_an_experiment_that_is_renamed_renames_its_runs(writer: Writer, reader: Reader) -> None:
    """Its name stands in every card."""
    writer.do("UPDATE experiments SET name = 'flowers' WHERE experiment_id = 1")
    assert len(reader.changed()) == 8
    assert reader.card(RUN).experiment == "flowers"


def test_changes_of_many_finished_runs_are_found_in_turn(
    writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What leaves no new row is found when the run's turn has come."""
    monkeypatch.setattr(database_survey, "_SLICE", 3)
    for number in range(20):
        writer.start(f"run{number}", "FINISHED")
        writer.do("INSERT INTO tags (key, value, run_uuid) VALUES ('a', '1', ?)", f"run{number}")
    reader = Reader(writer.path)
    writer.do("UPDATE tags SET value = '2' WHERE run_uuid = 'run17'")
    found: set[str] = set()
    for number in range(20):
        writer.do("UPDATE experiments SET last_update_time = ?", number)
        found |= reader.changed()
    assert found == {"run17"}


def test_a_run_is_followed_from_its_start_to_its_end(writer: Writer, reader: Reader) -> None:
    """Points come one by one, and the whole is what all of them come to."""
    writer.start("new")
    assert reader.changed() == {"new"}
    assert reader.card("new").metrics == {}
    values: list[float] = []
    progress: object = None
    seen: list[float] = []
    for step in range(30):
        value = (0.1 * step, math.nan, 1.7976931348623157e308)[step % 3]
        values.append(math.inf if value > 1e308 else value)
        writer.log("new", "loss", [value], step)
        assert reader.changed() == {"new"}
        summary = reader.card("new").metrics["loss"]
        assert repr(summary) == repr(summarise(values, list(range(step + 1))))
        curves = reader.reader.points(reader.path, "#new", None, progress)
        progress = curves.progress
        assert not curves.restarted
        seen += curves.points["loss"].values
        assert repr(seen) == repr(values)
    writer.do("UPDATE runs SET status = 'FAILED', end_time = ? WHERE run_uuid = 'new'", BEGAN + 99)
    assert reader.changed() == {"new"}
    card = reader.card("new")
    assert (card.status, card.inferred, card.ended) == ("FAILED", False, (BEGAN + 99) / 1000)
    assert card.metrics["loss"].count == 30


def test_the_latest_is_the_one_mlflow_means(writer: Writer) -> None:
    """The greatest step, then the time, then the value; whether or not the run has ended."""
    for run, status in (("going", "RUNNING"), ("ended", "FINISHED")):
        writer.start(run, status)
        for step, time, value in ((3, 5, 1.0), (1, 6, 2.0), (3, 5, 9.0), (3, 4, 7.0)):
            writer.do(
                "INSERT INTO metrics (run_uuid, key, value, step, timestamp) "
                "VALUES (?, 'loss', ?, ?, ?)",
                run, value, step, time,
            )  # fmt: skip
        summary = Reader(writer.path).card(run).metrics["loss"]
        assert (summary.last, summary.last_step, summary.first, summary.count) == (9.0, 3, 1.0, 4)
        assert (summary.step_of_max, summary.step_of_min) == (3, 3)


def test_long_runs_are_read_in_pieces(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    """No statement asks for more rows than it may; what comes of it is the same."""
    for run, status in (("going", "RUNNING"), ("ended", "FINISHED")):
        writer.start(run, status)
        writer.log(run, "loss", [step / 7 for step in range(100)])
        writer.log(run, "acc", [step / 9 for step in range(100)])
    whole = Reader(writer.path)
    before = {run: repr(whole.card(run).metrics) for run in ("going", "ended")}
    monkeypatch.setattr(database_metrics, "MOST_ROWS", 7)
    pieces = Reader(writer.path)
    assert {run: repr(pieces.card(run).metrics) for run in ("going", "ended")} == before
    assert pieces.values("ended", "loss") == [step / 7 for step in range(100)]


def test_a_run_that_is_silent_is_stale_by_inference(writer: Writer) -> None:
    """MLflow says RUNNING for ever; the time of the last point and of the file tell more."""
    writer.start("new")
    writer.log("new", "loss", [0.5])
    reader = Reader(writer.path)
    last = BEGAN / 1000
    assert reader.card("new", last + STALE_AFTER - 1).status == "RUNNING"
    assert reader.card("new", last + STALE_AFTER).status == "STALE"
    writer.log("new", "loss", [0.5], 1)  # logged now, with a time of long ago
    reader.changed()
    assert reader.card("new", LATER).status == "RUNNING"
    assert reader.card("new", LATER + STALE_AFTER).inferred


def test_runs_that_are_collected_are_gone(writer: Writer, reader: Reader) -> None:
    """Whatever takes the number of their rows later is read anew."""
    writer.start("old", "FINISHED")
    writer.log("old", "loss", [1.0, 2.0])
    assert reader.changed() == {"old"}
    first = reader.reader.points(reader.path, "#old", None, None)
    for table in ("metrics", "runs"):
        writer.do(f"DELETE FROM {table} WHERE run_uuid = 'old'")  # noqa: S608
    assert reader.changed() == {"old"}
    with pytest.raises(FormatError):
        reader.card("old")
    with pytest.raises(OSError, match="no run"):
        reader.reader.points(reader.path, "#old", None, first.progress)
    writer.start("old", "FINISHED")
    writer.log("old", "loss", [3.0, 4.0])
    assert reader.changed() == {"old"}
    again = reader.reader.points(reader.path, "#old", None, first.progress)
    assert (again.restarted, again.points["loss"].values) == (True, [3.0, 4.0])


def test_a_writer_that_commits_just_now_is_asked_again(writer: Writer, reader: Reader) -> None:
    """What is known stays, and no fault flashes up; the next look finds what is new."""
    writer.start("new")
    writer.do("BEGIN EXCLUSIVE")
    assert reader.changed() == set()
    assert reader.last.faults == ()
    writer.do("COMMIT")
    assert reader.changed() == {"new"}


def test_a_run_that_changed_was_read_before_it_is_said(writer: Writer, reader: Reader) -> None:
    """So a writer that commits between the two makes nobody see half a run."""
    writer.start("new")
    writer.log("new", "loss", [1.0])
    assert reader.changed() == {"new"}
    writer.log("new", "loss", [2.0], 1)
    writer.do("BEGIN EXCLUSIVE")
    assert reader.card("new").metrics["loss"].count == 1
    writer.do("COMMIT")
    assert reader.changed() == {"new"}
    assert reader.card("new").metrics["loss"].count == 2


OLD = """
CREATE TABLE experiments (experiment_id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT,
                   end_time BIGINT, experiment_id INTEGER);
CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT,
                      is_nan BOOLEAN, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
CREATE TABLE latest_metrics (key TEXT);
CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT, PRIMARY KEY (key, run_uuid));
CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT, PRIMARY KEY (key, run_uuid));
CREATE TABLE alembic_version (version_num TEXT);
INSERT INTO experiments VALUES (0, 'Default');
INSERT INTO runs VALUES ('one', NULL, 'FINISHED', 1000, 2000, 0), ('two', '', 'KILLED', 1, 2, 7);
INSERT INTO metrics VALUES ('loss', 0.5, 1, 'one', 0, 0), ('loss', 0, 2, 'one', 1, 1);
INSERT INTO params VALUES ('lr', '0.1', 'one');
INSERT INTO tags VALUES ('mlflow.runName', 'named', 'one');
"""


def test_an_old_database_is_read(tmp_path: Path) -> None:
    """Without the tables, columns and indexes that came later."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD)
    reader = Reader(path)
    one, two = reader.card("one"), reader.card("two")
    assert (one.name, one.experiment, one.status, one.ended) == ("named", "Default", "FINISHED", 2)
    assert (one.params, one.metrics["loss"].nans) == ({"lr": "0.1"}, 1)
    assert (two.name, two.experiment, two.status) == ("two", "7", "KILLED")
    assert reader.reader.registry(path).models == ()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO metrics VALUES ('loss', 0.25, 3, 'one', 2, 0)")
    assert reader.changed() == {"one"}
    assert reader.card("one").metrics["loss"].count == 3


def test_rows_that_are_no_points_are_told(writer: Writer) -> None:
    """SQLite lets anything stand in any column."""
    writer.start("odd", "FINISHED")
    writer.log("odd", "loss", [1.0, "text", 3.0])
    writer.do(
        "INSERT INTO metrics (run_uuid, key, value, step, timestamp) VALUES ('odd', x'00', 1, 0, 0)"
    )
    writer.do(
        "INSERT INTO metrics (run_uuid, key, value, step, timestamp) VALUES ('odd', 'a', 1, 'x', 0)"
    )
    reader = Reader(writer.path)
    card = reader.card("odd")
    assert list(card.metrics) == ["loss"]
    assert (card.metrics["loss"].count, card.metrics["loss"].max) == (2, 3.0)
    assert [fault.reason for fault in card.faults] == ["3 rows of metrics of odd are no points"]
    assert reader.values("odd", "loss") == [1.0, 3.0]


def test_runs_that_cannot_be_named_are_told_and_the_others_are_there(writer: Writer) -> None:
    """A key that leads elsewhere is none."""
    for run in ("../etc", "a\nb", "", "a" * 300):
        writer.start(run)
    reader = Reader(writer.path)
    assert len(reader.last.refs) == 8
    assert len(reader.last.faults) == 4
    assert reader.changed() == set()
    for key in ("#../etc", RUN, "#", "", "#a/b"):
        with pytest.raises(FormatError):
            reader.reader.read(writer.path, key, b"", LATER)


class _Told(MlflowDatabaseReader):
    """A reader of which a survey that fails is a fault, as a sweep makes it."""

    def survey(self, root: Path, memory: object | None) -> Survey:
        try:
            return super().survey(root, memory)
        except FormatError as problem:
            return Survey({}, None, (Fault(root.name, problem.message),))


def test_damage_is_told_and_what_is_whole_again_is_read(tmp_path: Path) -> None:
    """A database cut short anywhere is refused or its loss is told."""
    assert survives_damage(_Told(), STORE, tmp_path / "mlflow.db") == 0


def test_runs_are_kept_while_the_database_is_garbage(tmp_path: Path) -> None:
    """Until it is whole again a fault says why they stand still."""
    kept_when_replaced(MlflowDatabaseReader(), STORE, tmp_path / "mlflow.db")


def test_nothing_is_left_in_the_folder(tmp_path: Path) -> None:
    """No file of SQLite's, whatever is asked."""
    path = tmp_path / "mlflow.db"
    shutil.copyfile(STORE, path)
    path.chmod(0o444)
    reader = MlflowDatabaseReader()
    for key in store_cards(reader, path):
        reader.points(path, key, None, None)
    reader.registry(path)
    assert [file.name for file in tmp_path.iterdir()] == ["mlflow.db"]
    assert path.read_bytes() == STORE.read_bytes()


def test_another_database_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """A smaller one whose rows have the numbers of the old ones leaves nothing of these."""
    statement = "DELETE FROM metrics WHERE step > 2"
    followed_when_replaced(MlflowDatabaseReader(), STORE, tmp_path / "mlflow.db", statement)
