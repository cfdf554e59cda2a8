"""Folders that writers make beside a run's own, and whose runs they are."""

import math
from pathlib import Path

from tests.formats.checking import claimed
from tests.formats.tensorboard.encoding import (
    event,
    hparams,
    points,
    scalar,
    session_end,
    tensor,
    write,
)
from workbench.formats.tensorboard.reader import TensorboardReader

READER = TensorboardReader()


def session(folder: Path, process: str = "77.1", **metrics: float) -> None:
    """Write what ``add_hparams`` does into a folder of its own."""
    write(
        folder,
        event(1e9 + 50, 0, *hparams({"lr": 0.1})),
        event(1e9 + 50, 0, session_end(1)),
        *(event(1e9 + 50, 0, scalar(tag, value)) for tag, value in metrics.items()),
        process=process,
    )


def runs(root: Path) -> list[str]:
    """Return the keys of the runs below ``root``."""
    return list(dict.fromkeys(claimed(READER, root)))


def test_the_only_session_below_a_run_is_its_own(tmp_path: Path) -> None:
    """Params, end and final metrics stand with the curves they belong to."""
    write(tmp_path / "a", *points("loss", [1.0, 2.0]))
    session(tmp_path / "a" / "1700000050.1", final=0.5, loss=9.0)
    assert runs(tmp_path) == ["a"]
    card = READER.read(tmp_path, "a", b"", 1.9e9).card
    assert (card.params, card.status, card.inferred) == ({"lr": 0.1}, "FINISHED", False)
    counts = {name: summary.count for name, summary in card.metrics.items()}
    assert counts == {"loss": 2, "final": 1, "1700000050.1/loss": 1}
    assert set(READER.points(tmp_path, "a", None, None).points) == set(counts)


def test_two_sessions_are_two_trials(tmp_path: Path) -> None:
    """A search writes a session for each trial below one writer; each is a run."""
    write(tmp_path / "a", *points("loss", [1.0]))
    session(tmp_path / "a" / "1", final=0.5)
    session(tmp_path / "a" / "2", process="77.2", final=0.6)
    assert runs(tmp_path) == ["a", "a/1", "a/2"]
    assert READER.read(tmp_path, "a", b"", 1.9e9).card.params == {}
    assert READER.read(tmp_path, "a/2", b"", 1.9e9).card.status == "FINISHED"


def test_a_writer_of_nothing_but_trials_is_no_run(tmp_path: Path) -> None:
    """An empty file above trials is not listed; one that has just begun is."""
    write(tmp_path / "a")
    assert runs(tmp_path) == ["a"]
    session(tmp_path / "a" / "1", final=0.5)
    assert runs(tmp_path) == ["a"]
    session(tmp_path / "a" / "2", process="77.2", final=0.6)
    assert runs(tmp_path) == ["a/1", "a/2"]


def test_what_another_process_wrote_stands_alone(tmp_path: Path) -> None:
    """A stray event file above makes no run of those below."""
    write(tmp_path, *points("loss", [1.0]), process="12.0")
    session(tmp_path / "trial", final=0.5)
    write(tmp_path / "loss_a", *points("loss", [1.0]), process="13.0")
    assert sorted(runs(tmp_path)) == [".", "loss_a", "trial"]


def test_curves_drawn_together_are_metrics_of_the_run(tmp_path: Path) -> None:
    """``add_scalars`` makes a folder for each curve, named by tag and curve, in two ways."""
    write(tmp_path / "a", *points("other", [1.0]))
    write(tmp_path / "a" / "loss_all_train", *points("loss/all", [1.0, 2.0]), process="77.1")
    write(tmp_path / "a" / "loss_all_val", *points("loss/all", [3.0]), process="77.2")
    write(tmp_path / "a" / "x" / "y" / "b", *points("x/y", [5.0]), process="77.3")
    assert runs(tmp_path) == ["a"]
    counts = {
        name: summary.count
        for name, summary in READER.read(tmp_path, "a", b"", 1.9e9).card.metrics.items()
    }
    assert counts == {"other": 1, "loss/all/train": 2, "loss/all/val": 1, "x/y/b": 1}
    curves = READER.points(tmp_path, "a", frozenset(["loss/all/val"]), None).points
    assert {name: found.values for name, found in curves.items()} == {"loss/all/val": [3.0]}


def test_a_folder_that_holds_more_is_a_run(tmp_path: Path) -> None:
    """A name that looks like a curve's is not enough."""
    write(tmp_path / "a", *points("other", [1.0]))
    more = [*points("loss", [1.0]), *points("acc", [1.0])]
    write(tmp_path / "a" / "loss_train", *more, process="77.1")
    write(tmp_path / "a" / "eval", *points("loss", [1.0]), process="77.2")
    assert runs(tmp_path) == ["a", "a/eval", "a/loss_train"]


def test_the_splits_of_one_training_are_one_run(tmp_path: Path) -> None:
    """Keras writes training and validation into two folders with the same tags."""
    one = b"\x08\x01\x12\x00\x22\x04\x00\x00\x80\x3f"
    for split in ("train", "validation"):
        write(
            tmp_path / "fit" / split, event(1e9, 1, tensor("epoch_loss", one, "scalars")), end=".v2"
        )
    assert runs(tmp_path) == ["fit"]
    card = READER.read(tmp_path, "fit", b"", 1.9e9).card
    assert {name: summary.last for name, summary in card.metrics.items()} == {
        "train/epoch_loss": 1.0,
        "validation/epoch_loss": 1.0,
    }
    assert set(READER.points(tmp_path, "fit", None, None).points) == set(card.metrics)


def test_a_split_of_another_writer_stays_a_run(tmp_path: Path) -> None:
    """Only TensorFlow's own writers are known to do so."""
    write(tmp_path / "train", *points("loss", [1.0]))
    assert runs(tmp_path) == ["train"]


def test_the_opened_folder_may_itself_be_the_run(tmp_path: Path) -> None:
    """A session below the root is a part of the root."""
    write(tmp_path, *points("loss", [math.inf]))
    session(tmp_path / "hp", final=0.5)
    assert runs(tmp_path) == ["."]
    assert READER.read(tmp_path, ".", b"", 1.9e9).card.params == {"lr": 0.1}


def test_a_damaged_session_stays_where_it_was(tmp_path: Path) -> None:
    """A record that does not fit its checksum makes no run of its own, and is told."""
    write(tmp_path / "a", *points("loss", [1.0, 2.0]))
    session(tmp_path / "a" / "hp", final=0.5)
    assert runs(tmp_path) == ["a"]
    (file,) = (tmp_path / "a" / "hp").iterdir()
    data = bytearray(file.read_bytes())
    data[14] ^= 0xFF
    file.write_bytes(data)
    assert runs(tmp_path) == ["a"]
    card = READER.read(tmp_path, "a", b"", 1.9e9).card
    assert (card.params, card.metrics["final"].last) == ({"lr": 0.1}, 0.5)
    assert [fault.path for fault in card.faults] == [f"a/hp/{file.name}"]
