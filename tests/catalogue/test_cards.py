"""Whole records come back as they were stored."""

import math

import pytest

from workbench.catalogue.cards import cards
from workbench.catalogue.connection import open_catalogue
from workbench.catalogue.ingest import Arrival, set_sources, store
from workbench.formats.contract import Artifact, Dataset, Fault, Rule, RunCard, RunRef
from workbench.runfolder import Summary

CARD = RunCard(
    "abc", "näme", "exp", "FAILED", inferred=True, parent="p", group="g", started=1.5, ended=4.0,
    params={"lr": 0.1, "layers": [1, 2], "flag": None, "text": "0.1"}, tags={"team": "risk"},
    note="a\nb", metrics={"loss": Summary.of(math.inf, 3)}, rules={"loss": Rule("min")},
    artifacts=(Artifact("a/b.txt", 3), Artifact("c", 4)),
    datasets=(Dataset("d", "training", None, "sha256:1", 5, (("x", "int"),)),),
    facts={"host": "h", "user": "u", "command": ["train.py", "1"], "gpus": ["a"], "dirty": True},
    error=("last", "lines"), faults=(Fault("metrics.jsonl", "broken", 7),),
)  # fmt: skip


def test_every_field_comes_back() -> None:
    """JSON values, summaries, rules, datasets and facts are decoded."""
    catalogue = open_catalogue(None)
    set_sources(catalogue, [("native", "../other/.")])
    ref = RunRef("runs/exp/abc", 1, live=False)
    known = store(catalogue, [Arrival(0, ref, CARD, b"", contested=("name", "note"))], {}, 1)
    number = known[ref.key].run
    assert cards(catalogue, [number + 1]) == cards(catalogue, []) == ()
    (record,) = cards(catalogue, [number, number + 1])
    for name in ("run_id", "name", "experiment", "status", "inferred", "parent", "group", "started",
                 "ended", "params", "tags", "note", "metrics", "rules", "artifacts", "datasets",
                 "error", "faults"):  # fmt: skip
        assert getattr(record, name) == getattr(CARD, name), name
    assert (record.host, record.user, record.command) == ("h", "u", "train.py 1")
    assert record.dirty is True
    assert record.facts == {"gpus": ["a"]}
    assert record.contested == ("name", "note")
    assert (record.size, record.duration) == (7, 2.5)
    assert record.path == "../other/runs/exp/abc"
    catalogue.close()


def test_records_come_in_the_order_asked() -> None:
    """Each once, whatever was stored first."""
    catalogue = open_catalogue(None)
    set_sources(catalogue, [("native", ".")])
    arrivals = [
        Arrival(0, RunRef(name, 1, live=False), RunCard(name, name, "e"), b"") for name in "abc"
    ]
    runs = {key: one.run for key, one in store(catalogue, arrivals, {}, 1).items()}
    asked = [runs["c"], runs["a"], runs["c"]]
    assert [one.name for one in cards(catalogue, asked)] == ["c", "a"]
    catalogue.close()


@pytest.mark.parametrize(
    ("root", "key", "path"),
    [
        (".", "a/b", "a/b"), ("runs", "a/b", "runs/a/b"), ("../other/.", "a", "../other/a"),
        ("a/study.db", "#000001", "a/study.db#000001"), ("a/run.zip", ".", "a/run.zip"),
        (".", ".", "."), ("../other/.", ".", "../other"),
    ],
)  # fmt: skip
def test_a_runs_path_is_told_from_what_was_opened(root: str, key: str, path: str) -> None:
    """One of the runs in a file has its sign after the file's name; a file may be the run."""
    catalogue = open_catalogue(None)
    set_sources(catalogue, [("native", root)])
    known = store(catalogue, [Arrival(0, RunRef(key, 1, live=False), CARD, b"")], {}, 1)
    (record,) = cards(catalogue, [known[key].run])
    assert record.path == path
    catalogue.close()
