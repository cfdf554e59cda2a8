"""Keras' logs: known by their header alone, with gaps and vectors."""

from pathlib import Path

import pytest

from tests.formats.checking import LATER
from tests.formats.following import looked_at
from workbench.formats.detect import reader_named
from workbench.formats.trainers.keras import KerasReader, is_log

READER = KerasReader()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_gaps_and_vectors_are_no_numbers(tmp_path: Path, separator: str) -> None:
    """`NA` is absent, NaN is a value, and a vector is told as a fact."""
    rows = [
        ["epoch", "accuracy", "loss", "vec"],
        ["0", "0.5", "nan", '"""[1.0, 2.0]"""'],
        ["1", "NA", "0.25", '"""[3.0, 4.0]"""'],
    ]
    text = "".join(separator.join(row) + "\r\n" for row in rows)
    (tmp_path / "history of it.txt").write_bytes(text.encode())
    card, curves = looked_at(READER, tmp_path)
    assert {n: (s.count, s.nans) for n, s in card.metrics.items()} == {
        "accuracy": (1, 0), "loss": (2, 1),
    }  # fmt: skip
    assert curves.points["loss"].steps == [0, 1]
    assert card.facts["non_scalar_columns"] == {"vec": '"[1.0, 2.0]"'}
    assert card.faults == ()


@pytest.mark.parametrize(
    ("text", "log"),
    [
        ("epoch,loss\n0,1\n", True),
        ("epoch,acc,loss,val_loss\n", True),
        ("epoch,loss,acc\n0,1,2\n", False),
        ("epoch,acc\n0,1\n", False),
        ("epoch,loss,step\n0,1,0\n", False),
        ("step,loss\n0,1\n", False),
        ("epoch,loss", False),
        ("", False),
        ("\0" * 100_000, False),
    ],
)
def test_only_what_the_callback_writes_is_a_log(tmp_path: Path, text: str, log: bool) -> None:
    """The epoch first and the rest in order of name, a loss among it."""
    (tmp_path / "x.csv").write_bytes(text.encode())
    assert is_log((tmp_path / "x.csv").read_bytes()) is log


def test_what_else_lies_beside_a_log_is_read_once(tmp_path: Path) -> None:
    """A script's own lines join the run; the log's metrics come once and by their names."""
    (tmp_path / "training.csv").write_text("epoch,loss\n0,1\n", "utf-8")
    (tmp_path / "metrics.jsonl").write_text('{"step": 1, "f1": 0.5}\n', "utf-8")
    reader = reader_named("folders")
    card = reader.read(tmp_path, ".", b"", LATER).card
    assert (set(card.metrics), card.format) == ({"loss", "f1"}, "keras+plain")


def test_a_log_is_found_among_data(tmp_path: Path) -> None:
    """Of a folder full of tables those are opened first that are called like a log."""
    for number in range(100):
        (tmp_path / f"data_{number:03}.csv").write_text("age,sex\n1,2\n", "utf-8")
    (tmp_path / "training.log").write_text("epoch,loss\n0,1\n", "utf-8")
    assert set(reader_named("folders").survey(tmp_path, None).refs) == {"."}
    assert READER.read(tmp_path, ".", b"", LATER).card.metrics["loss"].count == 1


def test_two_logs_keep_their_names_apart(tmp_path: Path) -> None:
    """A second log in the folder, as of fine-tuning, is told from the first."""
    for name in ("head", "all"):
        (tmp_path / f"{name}.csv").write_text("epoch,loss\n0,1\n", "utf-8")
    card, _ = looked_at(READER, tmp_path)
    assert set(card.metrics) == {"all/loss", "head/loss"}


def test_a_log_is_looked_into_once(tmp_path: Path) -> None:
    """While it grows it stays a log, and a folder that was none becomes one."""
    reader = reader_named("folders")
    (tmp_path / "a.csv").write_text("x,y\n1,2\n", "utf-8")
    survey = reader.survey(tmp_path, None)
    assert survey.refs == {}
    (tmp_path / "b.csv").write_text("epoch,loss\n0,1\n", "utf-8")
    survey = reader.survey(tmp_path, survey.memory)
    before = survey.refs["."]
    with (tmp_path / "b.csv").open("a") as file:
        file.write("1,2\n")
    after = reader.survey(tmp_path, survey.memory).refs["."]
    assert (before.live, before.stamp == after.stamp) == (True, False)


def test_logs_that_may_be_left_out_are_told(tmp_path: Path) -> None:
    """Of a folder with very many logs the first are read, with one fault for the others."""
    for number in range(16):
        (tmp_path / f"log{number:02}.csv").write_text("epoch,loss\n0,1\n")
    assert READER.read(tmp_path, ".", b"", LATER).card.faults == ()
    (tmp_path / "log16.csv").write_text("epoch,loss\n0,1\n")
    card = READER.read(tmp_path, ".", b"", LATER).card
    assert len(card.metrics) == 16
    assert ["more may be there" in fault.reason for fault in card.faults] == [True]
