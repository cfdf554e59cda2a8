"""Hugging Face trainers: the newest state counts, checkpoints are parts, pickles stay shut."""

import json
import math
import os
from pathlib import Path
from typing import Any

from tests.formats.checking import LATER, SPECIMENS
from tests.formats.following import looked_at
from workbench.formats.detect import reader_named
from workbench.formats.trainers.huggingface import HuggingFaceReader

READER = HuggingFaceReader()
EVENTS = SPECIMENS / "hf_trainer/data/out/crash-at-7/runs"


def state(path: Path, steps: int, most: int = 10, last: dict[str, Any] | None = None) -> Path:
    """Write a state after ``steps`` steps."""
    path.parent.mkdir(parents=True, exist_ok=True)
    history: list[dict[str, Any]] = [
        {"epoch": n / 4, "loss": 1 / (n + 1), "step": n} for n in range(1, steps + 1)
    ]
    found = {
        "global_step": steps, "max_steps": most, "epoch": steps / 4, "best_metric": None,
        "log_history": history + ([last] if last else []),
    }  # fmt: skip
    path.write_text(json.dumps(found), "utf-8")
    return path


def test_checkpoints_are_parts_of_their_run(tmp_path: Path) -> None:
    """A run with checkpoints and event files is one run, wherever the files lie."""
    for steps in (2, 10, 4):
        state(tmp_path / f"out/checkpoint-{steps}/trainer_state.json", steps)
    events = tmp_path / "out/runs/Nov21_02-12-43_box"
    events.mkdir(parents=True)
    for file in EVENTS.iterdir():
        (events / file.name).write_bytes(file.read_bytes())
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {"out"}
    card = reader.read(tmp_path, "out", b"", LATER).card
    assert (card.name, card.status, card.inferred) == ("out", "FINISHED", True)
    assert card.facts["trainer_state"] == "checkpoint-10/trainer_state.json"
    assert card.metrics["loss"].count == 10
    assert "train/loss" not in card.metrics  # the same curve, in half as many digits
    assert set(reader.points(tmp_path, "out", None, None).points) == set(card.metrics)


def test_a_checkpoint_opened_by_itself_is_a_run(tmp_path: Path) -> None:
    """Where nothing is above it, it is what there is."""
    state(tmp_path / "checkpoint-4/trainer_state.json", 4)
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path / "checkpoint-4", None).refs) == {"."}
    assert set(reader.survey(tmp_path, None).refs) == {"."}


def test_the_newest_state_counts(tmp_path: Path) -> None:
    """By the step it got to: the folder's own, or the latest checkpoint's."""
    state(tmp_path / "checkpoint-4/trainer_state.json", 4)
    own = state(tmp_path / "trainer_state.json", 6)
    assert looked_at(READER, tmp_path)[0].facts["trainer_state"] == "trainer_state.json"
    state(own, 2)  # that of a training before
    card, _ = looked_at(READER, tmp_path)
    assert (card.metrics["loss"].count, card.facts["global_step"]) == (4, 4)


def test_a_step_beyond_all_steps_is_none(tmp_path: Path) -> None:
    """The values of a history are shown, whatever it says of where they were."""
    path = tmp_path / "trainer_state.json"
    history = [{"loss": 0.5, "step": step} for step in (2**63, 10**400, -(2**70))]
    path.write_text(json.dumps({"global_step": 2**70, "log_history": history}), "utf-8")
    loss = looked_at(READER, tmp_path)[0].metrics["loss"]
    assert (loss.last, loss.count, loss.first_step, loss.last_step) == (0.5, 3, None, None)


def test_a_newer_state_goes_on_and_another_training_starts_over(tmp_path: Path) -> None:
    """Points are handed out once, unless the history is not the one they were of."""
    path = state(tmp_path / "trainer_state.json", 4)
    first = READER.points(tmp_path, ".", None, None)
    state(path, 6)
    more = READER.points(tmp_path, ".", None, first.progress)
    assert (more.restarted, more.points["loss"].steps) == (False, [5, 6])
    state(path, 3)
    other = READER.points(tmp_path, ".", None, more.progress)
    assert (other.restarted, other.points["loss"].steps) == (True, [1, 2, 3])


def test_a_state_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    """A chart that is looked at asks every second; other metrics are read when asked for."""
    path = state(tmp_path / "trainer_state.json", 4)
    facts = path.stat()
    first = READER.points(tmp_path, ".", frozenset(["loss"]), None)
    path.write_bytes(b"x" * facts.st_size)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    again = READER.points(tmp_path, ".", frozenset(["loss"]), first.progress)
    assert (again.points, again.restarted) == ({}, False)
    state(path, 4)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    more = READER.points(tmp_path, ".", None, again.progress)
    assert (set(more.points), more.restarted) == ({"epoch"}, False)


def test_half_a_state_leaves_the_one_before(tmp_path: Path) -> None:
    """A checkpoint that is being written, or was never finished, hides no other."""
    state(tmp_path / "checkpoint-4/trainer_state.json", 4)
    torn = state(tmp_path / "checkpoint-6/trainer_state.json", 6)
    torn.write_bytes(torn.read_bytes()[:100])
    os.utime(torn, (1000, 1000))
    writing = READER.read(tmp_path, ".", b"", 1002).card
    left = READER.read(tmp_path, ".", b"", 2000).card
    assert (writing.metrics["loss"].count, writing.faults) == (4, ())
    assert (left.metrics["loss"].count, len(left.faults)) == (4, 1)


def test_the_last_words_of_a_training_are_facts(tmp_path: Path) -> None:
    """They stand in the folder's own state, at the step of the last checkpoint."""
    state(tmp_path / "checkpoint-10/trainer_state.json", 10)
    last = {"epoch": 2.5, "step": 10, "train_runtime": 9.5, "train_loss": math.nan}
    state(tmp_path / "trainer_state.json", 10, last=last)
    card, _ = looked_at(READER, tmp_path)
    assert (card.facts["train_runtime"], card.facts["train_loss"]) == (9.5, "NaN")
    assert (card.facts["epoch"], set(card.metrics)) == (2.5, {"epoch", "loss"})


def test_bare_nan_is_a_value(tmp_path: Path) -> None:
    """What JSON does not have and Python writes is read; words and flags are no numbers."""
    path = state(tmp_path / "trainer_state.json", 1)
    found = json.loads(path.read_text())
    found["log_history"] = [
        {"step": 1, "loss": math.nan, "grad_norm": math.inf, "ok": True, "name": "x"},
        "nonsense",
        {"step": None, "loss": 2},
    ]
    path.write_text(json.dumps(found), "utf-8")
    card, curves = looked_at(READER, tmp_path)
    assert repr(curves.points["loss"]) == (
        "Points(steps=[1.0, nan], times=[nan, nan], values=[nan, 2.0])"
    )
    assert (card.metrics["loss"].nans, set(card.metrics)) == (1, {"loss", "grad_norm"})


def test_a_training_is_seen_before_its_first_checkpoint(tmp_path: Path) -> None:
    """Its event files begin as a trainer's do; those of others stay runs by themselves."""
    for name, mark in (("hf", True), ("mine", False)):
        folder = tmp_path / name / "runs" / "Nov21_02-12-43_box"
        folder.mkdir(parents=True)
        for file in EVENTS.iterdir():
            data = file.read_bytes()
            data = data if mark else b""
            (folder / file.name).write_bytes(data)
    refs = reader_named("folders").survey(tmp_path, None).refs
    assert set(refs) == {"hf", "mine/runs/Nov21_02-12-43_box"}


def test_a_pickle_is_listed_and_never_opened(tmp_path: Path) -> None:
    """The arguments' pickle may be anything: a folder with it is read all the same."""
    state(tmp_path / "trainer_state.json", 2)
    (tmp_path / "training_args.bin").write_bytes(b"cos\nsystem\n(S'touch harm'\ntR.")
    (tmp_path / "training_args.bin").chmod(0)
    card = reader_named("folders").read(tmp_path, ".", b"", LATER).card
    assert [a.path for a in card.artifacts] == ["trainer_state.json", "training_args.bin"]
    assert card.faults == ()


def test_a_state_without_end_is_a_fault(tmp_path: Path) -> None:
    """A file of gigabytes is not read, and not a mapping is no state."""
    state(tmp_path / "checkpoint-2/trainer_state.json", 2)
    with (tmp_path / "trainer_state.json").open("wb") as file:
        file.truncate(3 << 30)
    card, _ = looked_at(READER, tmp_path)
    assert ([f.path for f in card.faults], card.metrics["loss"].count) == (
        ["trainer_state.json"], 2,
    )  # fmt: skip
    for text in ("[]", '{"log_history": {}}', "[" * 100_000):
        (tmp_path / "trainer_state.json").write_text(text, "utf-8")
        card, _ = looked_at(READER, tmp_path)
        assert (len(card.faults), card.metrics["loss"].count) == (1, 2)
