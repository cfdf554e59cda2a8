"""Optuna's SQLite storage as runs."""

import math
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.formats.checking import SPECIMENS, store_cards
from tests.formats.optuna.checking import same, wanted
from tests.formats.sqlite_damage import followed_when_replaced, kept_when_replaced, survives_damage
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import RunCard
from workbench.formats.optuna.database import OptunaDatabaseReader
from workbench.formats.walking import list_folder

READER = OptunaDatabaseReader()
STORE = SPECIMENS / "optuna" / "data" / "study.db"


@pytest.fixture(scope="module")
def cards() -> dict[str, RunCard]:
    """Return the trials of the specimen by experiment and name."""
    found = store_cards(READER, STORE)
    return {card.name: card for card in found.values()}


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


def test_curves_agree_with_summaries() -> None:
    """Reports and values are the same in both, and are handed out once."""
    for key in READER.survey(STORE, None).refs:
        card = READER.read(STORE, key, b"", 0.0).card
        curves = READER.points(STORE, key, None, None)
        assert curves.points.keys() == card.metrics.keys()
        for name, points in curves.points.items():
            assert len(points.steps) == len(points.times) == len(points.values)
            assert len(points.values) == card.metrics[name].count
            assert points.values[-1] == card.metrics[name].last
        again = READER.points(STORE, key, None, curves.progress)
        assert (again.points, again.restarted) == ({}, False)


def test_a_damaged_database_is_refused_or_read(tmp_path: Path) -> None:
    """Nothing crashes, and a file that lost pages says so."""
    assert survives_damage(READER, STORE, tmp_path / "study.db") == 0


def test_runs_stay_while_the_file_is_garbage(tmp_path: Path) -> None:
    """A database caught half copied costs nobody their runs."""
    kept_when_replaced(READER, STORE, tmp_path / "study.db")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return a copy of the specimen that may be written to."""
    path = tmp_path / "study.db"
    shutil.copyfile(STORE, path)
    return path


def change(store: Path, *statements: str) -> None:
    """Write to a database as Optuna would."""
    with closing(sqlite3.connect(store)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_trial_is_followed(store: Path) -> None:
    """What a running trial reports is seen at the next look, NaN and the infinities too."""
    key = "#000008"
    first, before = READER.survey(store, None), READER.points(store, key, None, None)
    assert first.refs[key].live
    assert READER.survey(store, first.memory).refs is first.refs
    change(store, "INSERT INTO trial_intermediate_values VALUES "
           "(900,8,0,0.5,'FINITE'),(901,8,1,NULL,'NAN'),(902,8,2,NULL,'INF_NEG')")  # fmt: skip
    second = READER.survey(store, first.memory)
    changed = {k for k in second.refs if second.refs[k] != first.refs[k]}
    assert changed == {key}
    after = READER.points(store, key, None, before.progress)
    assert repr(after.points["intermediate_value"].values) == "[0.5, nan, -inf]"
    card = READER.read(store, key, b"", store.stat().st_mtime).card
    assert card.status == "RUNNING"
    summary = card.metrics["intermediate_value"]
    assert (summary.count, summary.nans, summary.last, summary.max) == (3, 1, -math.inf, 0.5)
    change(store, "UPDATE trials SET state = 'COMPLETE' WHERE trial_id = 8",
           "INSERT INTO trial_values VALUES (900,8,0,NULL,'INF_POS')")  # fmt: skip
    ended = READER.points(store, key, None, after.progress)
    assert {name: points.values for name, points in ended.points.items()} == {"value": [math.inf]}
    assert not READER.survey(store, second.memory).refs[key].live
    assert READER.read(store, key, b"", 0.0).card.status == "FINISHED"


def test_reports_that_are_gone_start_the_curve_over(store: Path) -> None:
    """A storage that was replaced by another one is read from its start."""
    before = READER.points(store, "#000001", None, None)
    change(store, "DELETE FROM trial_intermediate_values WHERE trial_id = 1 AND step < 5")
    after = READER.points(store, "#000001", None, before.progress)
    assert after.restarted
    assert len(after.points["intermediate_value"].values) == 15


def test_several_objectives_are_several_metrics(store: Path) -> None:
    """Each has its direction, and the name the study gives it."""
    change(store, "INSERT INTO study_directions VALUES (9,'MAXIMIZE',1,1)",
           "INSERT INTO trial_values VALUES (900,1,1,0.25,'FINITE')")  # fmt: skip
    card = READER.read(store, "#000001", b"", 0.0).card
    assert card.metrics["values_1"].last == 0.25
    assert {n: r.goal for n, r in card.rules.items()} == {"values_0": "min", "values_1": "max"}
    change(store, "INSERT INTO study_system_attributes "
           """VALUES (1,1,'study:metric_names','["loss", "acc"]')""")  # fmt: skip
    card = READER.read(store, "#000001", b"", 0.0).card
    assert card.metrics["values_acc"].last == 0.25
    assert {n: r.goal for n, r in card.rules.items()} == {"values_loss": "min", "values_acc": "max"}


def test_odd_values_are_faults_of_their_trial(store: Path) -> None:
    """What is no number, no choice and no distribution is told; the other trials are whole."""
    change(store, "UPDATE trial_params SET param_value = 7 WHERE trial_id = 1 AND param_id = 3",
           "UPDATE trial_intermediate_values SET intermediate_value = 'x' WHERE trial_id = 1 "
           "AND step = 0",
           "UPDATE trial_values SET value = NULL WHERE trial_id = 1",
           "UPDATE trial_user_attributes SET value_json = '" + "[" * 100_000 + "' "
           "WHERE trial_id = 2")  # fmt: skip
    card = READER.read(store, "#000001", b"", 0.0).card
    assert [fault.reason for fault in card.faults] == [
        "trial 1, param kind, odd é: there is no choice 7 among 2",
        "trial 1: the value of objective 0 is no number",
        "trial 1: the report of step 0 is no number",
    ]
    assert (card.metrics.keys(), card.metrics["intermediate_value"].count) == (
        {"intermediate_value"}, 19,
    )  # fmt: skip
    assert READER.read(store, "#000002", b"", 0.0).card.faults == ()


def test_a_heartbeat_is_a_trials_own_sign_of_life(store: Path) -> None:
    """Where a trial has one, it counts and not what other trials write."""
    now = store.stat().st_mtime
    beat = datetime.fromtimestamp(now - 3_600, UTC).strftime("%Y-%m-%d %H:%M:%S")
    assert READER.read(store, "#000008", b"", now).card.status == "RUNNING"
    change(store, f"INSERT INTO trial_heartbeats VALUES (1, 8, '{beat}')")  # noqa: S608
    card = READER.read(store, "#000008", b"", now).card
    assert (card.status, card.inferred) == ("STALE", True)


def test_there_are_no_files_in_it() -> None:
    """Artifacts of Optuna lie elsewhere, and keys that are none are refused."""
    with pytest.raises(NotFoundError):
        READER.artifact(STORE, "#000001", "x")
    for key in ("", "#", "1", "#-1", "#1e3", "#" + "9" * 40, "#999"):
        with pytest.raises(FormatError):
            READER.read(STORE, key, b"", 0.0)


def test_columns_of_any_kind_are_no_crash(tmp_path: Path) -> None:
    """A database made by hand may hold text where numbers belong, and nothing where keys do."""
    path = tmp_path / "odd.db"
    change(
        path,
        "CREATE TABLE studies (study_id, study_name)",
        "CREATE TABLE study_directions (study_id, direction, objective)",
        "CREATE TABLE trials (trial_id, number, study_id, state, datetime_start,"
        " datetime_complete)",
        "CREATE TABLE trial_params (trial_id, param_name, param_value, distribution_json)",
        "CREATE TABLE trial_values (trial_id, objective, value, value_type)",
        "INSERT INTO studies VALUES ('a', x'ff'), (NULL, NULL)",
        "INSERT INTO study_directions VALUES ('a', 5, 'x'), (9, 9, 9)",
        "INSERT INTO trials VALUES (NULL,1,'a',1,1,1), ('x',1,'a',1,1,1)",
        "INSERT INTO trials VALUES (1,'n','a','FAIL',-1,'z'), (2,2,'nobody',3,4,5)",
        "INSERT INTO trial_params VALUES (1,'p','q','r'), (1,2,3,4), (1,NULL,NULL,NULL)",
        "INSERT INTO trial_values VALUES (1,'x',1,1), (1,0,2,'FINITE'), (1,NULL,x'00','NAN')",
    )
    survey = READER.survey(path, None)
    assert list(survey.refs) == ["#000001"]
    assert len(survey.faults) == 3
    card = READER.read(path, "#000001", b"", 0.0).card
    assert (card.status, card.params, len(card.faults)) == ("FAILED", {}, 3)
    READER.points(path, "#000001", frozenset(["value"]), None)


def test_another_database_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """A smaller one whose rows have the numbers of the old ones leaves nothing of these."""
    statement = "DELETE FROM trial_intermediate_values WHERE step > 2"
    followed_when_replaced(READER, STORE, tmp_path / "study.db", statement)
