"""What goes into the catalogue: twice is once, gone is gone, and nothing is half stored."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.catalogue.storing import arrival, curve, put, run_card, shelf, stored
from workbench.catalogue import columns, ingest
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.faults import fault_count, faults
from workbench.catalogue.finding import every
from workbench.catalogue.query import Column
from workbench.formats.contract import Artifact, Dataset, Fault, Rule

TABLES = ("runs", "params", "metrics", "tags", "datasets", "faults", "sources", "goals")
FULL = run_card(
    7,
    name="näme [bold]",
    experiment="churn",
    parent="run001",
    group="grid",
    params={"lr": 0.1, "deep.list": [1, {"a": None}], "none": None, "big": 10**400, "nan": math.nan,
            "flag": False, "text": "0.10"},
    tags={"team": "risk", "": "empty"},
    note="two\nlines",
    metrics={"loss": curve(math.nan, math.inf, -1.5), "val/auc": curve(0.5)},
    rules={"val/auc": Rule("max", "best", "epoch")},
    artifacts=[Artifact("a/b.png", 10), Artifact("c", 2**40)],
    datasets=[Dataset("flights", "training", "d.csv", "sha256:1", 10, (("hour", "int"),)),
              Dataset("plain")],
    facts={"host": "h", "user": "ana", "command": "train.py", "commit": "9f3c", "branch": "main",
           "dirty": True, "gpus": ["A100"], "diff_bytes": 10},
    error=["Traceback", "ValueError: no"],
    faults=[Fault("f", "torn", 3), Fault("g", "missing")],
)  # fmt: skip


def contents(catalogue: Catalogue) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row there is."""
    cursor = catalogue.cursor()
    return {name: sorted(cursor.execute(f"FROM {name}").fetchall(), key=repr) for name in TABLES}


def record(catalogue: Catalogue, run: int = 1) -> RunRecord:
    """Return one whole record."""
    (found,) = cards(catalogue, [run])
    return found


def test_a_run_comes_back_as_it_went_in() -> None:
    """Every field of a card survives, NaN, infinities and odd letters included."""
    found = record(stored(FULL))
    for name in ("run_id", "name", "experiment", "parent", "group", "started", "ended", "note",
                 "status", "tags", "rules"):  # fmt: skip
        assert getattr(found, name) == getattr(FULL, name)
    for name in ("artifacts", "datasets", "error", "faults"):
        assert getattr(found, name) == tuple(getattr(FULL, name))
    assert repr(found.metrics) == repr(FULL.metrics)
    assert found.params == {**FULL.params, "nan": "nan"}
    assert (found.host, found.user, found.commit, found.branch, found.dirty) == (
        "h", "ana", "9f3c", "main", True,
    )  # fmt: skip
    assert found.facts == {"gpus": ["A100"], "diff_bytes": 10}
    assert (found.size, found.duration) == (10 + 2**40, 60)


def test_a_number_no_column_can_hold_is_none() -> None:
    """Steps, lines, rows and times may be anything in a file; the rest of the run is shown."""
    beyond = 2**63
    card = run_card(
        1,
        metrics={"loss": curve(0.5)._replace(last=10**400, last_step=beyond, step_of_min=-beyond)},
        started=10**400,
        datasets=[Dataset("plain", rows=beyond)],
        faults=[Fault("f", "torn", beyond)],
        artifacts=[Artifact("a", beyond)],
    )
    found = record(stored(card))
    loss = found.metrics["loss"]
    assert (loss.last, loss.last_step, loss.step_of_min, loss.min) == (None, None, None, 0.5)
    assert (found.started, found.datasets[0].rows, found.faults[0].line) == (None, beyond, None)
    assert found.size == beyond - 1


def test_storing_twice_changes_nothing() -> None:
    """The second time the same rows stand there under the same number."""
    catalogue = shelf()
    first = put(catalogue, [arrival(FULL), arrival(run_card(1))])
    before = contents(catalogue)
    assert put(catalogue, [arrival(FULL), arrival(run_card(1))]) == first
    assert repr(contents(catalogue)) == repr(before)


def test_a_run_stored_again_is_replaced() -> None:
    """Nothing of what it said before is left."""
    catalogue = stored(FULL)
    put(catalogue, [arrival(run_card(7, name="new", params={"x": 1}))])
    found = record(catalogue)
    assert (found.name, found.params, found.tags) == ("new", {"x": 1}, {})
    assert (found.metrics, found.faults, found.datasets) == ({}, (), ())


def test_forgetting_leaves_nothing_of_a_run() -> None:
    """Neither its rows in any table nor its faults stay."""
    catalogue = stored(FULL, run_card(1))
    ingest.forget(catalogue, [1])
    left = contents(catalogue)
    assert [row[0] for row in left["runs"]] == [2]
    assert not any(left[name] for name in TABLES if name not in ("runs", "sources"))


def test_numbers_are_never_used_again() -> None:
    """A run that takes the place of one that is gone has a number of its own."""
    catalogue = stored(run_card(0), run_card(1))
    ingest.forget(catalogue, [1, 2])
    after = put(catalogue, [arrival(run_card(0))])
    assert [known.run for known in after.values()] == [3]


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "\udcff"},
        {"tags": {"t": "\ud800"}},
        {"metrics": {"m": curve(1.0)._replace(count=2**70)}},
    ],
)
def test_what_cannot_be_stored_leaves_what_was_there(bad: dict[str, Any]) -> None:
    """A run no row can hold is refused whole, and the catalogue goes on at once."""
    catalogue = stored(run_card(0), run_card(1))
    before = contents(catalogue)
    worse = [arrival(run_card(1, name="half")), arrival(replace(run_card(2), **bad))]
    with pytest.raises(Exception) as refusal:  # noqa: PT011 - DuckDB's, or Python's own
        put(catalogue, worse)
    assert contents(catalogue) == before
    put(catalogue, [arrival(run_card(1, name="whole"))])
    assert record(catalogue, 2).name == "whole"
    del refusal


def test_sources_keep_their_numbers_and_take_their_runs_with_them() -> None:
    """A source that is no longer followed leaves nothing behind."""
    catalogue = shelf()
    found = ingest.set_sources(catalogue, [("native", "."), ("mlflow", "old/mlruns")])
    assert found == {("native", "."): 0, ("mlflow", "old/mlruns"): 1}
    put(catalogue, [arrival(run_card(0))])
    ingest.store(catalogue, [arrival(run_card(1), source=1)], {}, 1)
    ingest.set_faults(catalogue, 1, [Fault("x", "torn")])
    assert ingest.set_sources(catalogue, [("native", ".")]) == {("native", "."): 0}
    assert every(catalogue) == (1,)
    assert fault_count(catalogue) == 0


def test_faults_of_folders_are_replaced_and_those_of_runs_stay() -> None:
    """Both are told with where they were found; those of no run come first."""
    catalogue = stored(FULL)
    ingest.set_faults(catalogue, 0, [Fault("old", "gone")])
    ingest.set_faults(catalogue, 0, [Fault("runs/x", "no permission")])
    told = [(line.path, line.line, line.run_id) for line in faults(catalogue)]
    assert told == [("runs/x", None, ""), ("f", 3, "run007"), ("g", None, "run007")]
    assert [line.path for line in faults(catalogue, 1)] == ["f", "g"]


def test_a_fault_with_letters_no_row_can_hold_is_told_all_the_same() -> None:
    """The name of a file may be any bytes; one such file must not stop the rest."""
    catalogue = shelf()
    ingest.set_faults(catalogue, 0, [Fault("edits/\udcff.json", "bad \udcfe"), Fault("x", "torn")])
    assert [line.path for line in faults(catalogue)] == [r"edits/\udcff.json", "x"]


def test_a_direction_is_the_newest_word_of_a_script() -> None:
    """A rule without a goal says nothing about it."""
    catalogue = stored(
        run_card(1, rules={"m": Rule("max"), "n": Rule("min")}),
        run_card(0, rules={"m": Rule("min"), "o": Rule(None, "best")}),
    )
    assert ingest.said_goals(catalogue) == {"m": "max", "n": "min"}
    ingest.set_goals(catalogue, {"m": ("max", "script")})
    ingest.set_goals(catalogue, {"loss": ("min", "guessed")})
    assert columns.goals_of(catalogue) == {"loss": "min"}


def test_columns_say_what_is_in_them() -> None:
    """A param is constant if it has one value, numeric if every value is a number."""
    catalogue = stored(
        run_card(0, params={"lr": 0.1, "m": "x", "k": 1}, metrics={"a": curve(1.0)},
                 tags={"t": "1"}),
        run_card(1, params={"lr": "0.2", "m": "x", "k": "z"}, metrics={"a": curve(2.0)}),
    )  # fmt: skip
    ingest.set_goals(catalogue, {"a": ("max", "settings")})
    found = {facts.column: facts for facts in columns.columns(catalogue)}
    told = {c.name: (f.runs, f.distinct > 1, f.numeric) for c, f in found.items()}
    assert told == {"lr": (2, True, True), "m": (2, False, False), "k": (2, True, False),
                    "a": (2, True, True), "t": (1, False, False)}  # fmt: skip
    assert (found[Column("metric", "a")].goal, found[Column("metric", "a")].origin) == (
        "max", "settings",
    )  # fmt: skip
    assert columns.values_of(catalogue, Column("param", "m")) == ("x",)
    assert columns.values_of(catalogue, Column("attribute", "status")) == ("FINISHED",)
    assert columns.values_of(catalogue, Column("attribute", "no such")) == ()
