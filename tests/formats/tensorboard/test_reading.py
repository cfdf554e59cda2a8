"""Events as the various writers make them, and what becomes of a run's card."""

import math
import os
import struct
from pathlib import Path

import pytest

from tests.formats.tensorboard.encoding import (
    append,
    double,
    event,
    frame,
    held,
    hparams,
    number,
    points,
    scalar,
    session_end,
    single,
    tensor,
    text,
    version,
    write,
)
from workbench.formats.contract import RunCard
from workbench.formats.tensorboard import following
from workbench.formats.tensorboard.reader import TensorboardReader

READER = TensorboardReader()
LATER = 1.9e9


def card(root: Path, now: float = LATER) -> RunCard:
    """Return the card of the run in ``root/run``."""
    return READER.read(root, "run", b"", now).card


def packed(kind: int, field: int, data: bytes) -> bytes:
    """Return a tensor with a list of numbers."""
    return number(1, kind) + held(field, data)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (packed(1, 4, struct.pack("<f", 0.1)), struct.unpack("<f", struct.pack("<f", 0.1))[0]),
        (packed(1, 5, struct.pack("<f", 1.5)), 1.5),
        (number(1, 1) + single(5, -2.5), -2.5),
        (packed(2, 4, struct.pack("<d", 0.1)), 0.1),
        (packed(2, 6, struct.pack("<d", math.pi)), math.pi),
        (number(1, 2) + double(6, 2.25), 2.25),
        (packed(9, 4, struct.pack("<q", -7)), -7),
        (packed(9, 10, b"\x05"), 5),
        (packed(3, 7, b"\xff" * 9 + b"\x01"), -1),
        (packed(3, 4, struct.pack("<i", 12)), 12),
        (packed(19, 4, struct.pack("<e", 0.5)), 0.5),
        (packed(19, 13, b"\x80\x70"), 0.5),
        (packed(14, 4, b"\xc0\x3f"), 1.5),
        (packed(10, 11, b"\x01"), 1),
    ],
)
def test_numbers_of_every_type(tmp_path: Path, data: bytes, value: float) -> None:
    """TensorFlow 2 keeps scalars in tensors, of whatever type the script had."""
    write(tmp_path / "run", event(1e9, 3, tensor("loss", data, "scalars")))
    assert card(tmp_path).metrics["loss"].last == value


def test_a_tensor_is_a_scalar_by_what_its_first_value_said(tmp_path: Path) -> None:
    """The plugin may be named once; a tensor that never said so is no metric."""
    one = packed(1, 4, struct.pack("<f", 1.0))
    file = write(
        tmp_path / "run",
        event(1e9, 1, tensor("loss", one, "scalars")),
        event(1e9, 2, tensor("loss", one)),
        event(1e9, 2, tensor("weights", one)),
    )
    reading = READER.read(tmp_path, "run", b"", LATER)
    assert {n: s.count for n, s in reading.card.metrics.items()} == {"loss": 2}
    assert reading.card.facts["other_tags"] == {"tensors": ["weights"]}
    append(file, event(1e9, 3, tensor("loss", one)))
    again = READER.read(tmp_path, "run", reading.progress, LATER).card
    assert again.metrics["loss"].count == 3


def test_several_numbers_are_no_scalar(tmp_path: Path) -> None:
    """A tensor with two numbers says nothing by itself."""
    two = packed(1, 4, struct.pack("<ff", 1.0, 2.0))
    write(tmp_path / "run", event(1e9, 1, tensor("pair", two, "scalars")))
    assert card(tmp_path).metrics == {}


def test_one_event_may_hold_many_values(tmp_path: Path) -> None:
    """TensorFlow 1 puts a whole step into one event."""
    write(tmp_path / "run", event(1e9, 7, scalar("a", 1.0), scalar("b", math.nan)))
    found = card(tmp_path).metrics
    assert found["a"].last_step == found["b"].last_step == 7
    assert math.isnan(found["b"].last)


def test_steps_may_be_large_and_negative(tmp_path: Path) -> None:
    """A step is a signed number of 64 bits."""
    write(tmp_path / "run", *(event(1e9, step, scalar("a", 1.0)) for step in (-5, 2**40)))
    assert READER.points(tmp_path, "run", None, None).points["a"].steps == [-5.0, 2.0**40]


def test_params_group_and_user_come_from_the_session(tmp_path: Path) -> None:
    """What the plugin for hyperparameters keeps is the run's params, by dotted names."""
    values = hparams({"lr": 0.1, "net/width": 4.0, "name": "é", "deep": True, "bad": math.nan})
    write(tmp_path / "run", event(1e9, 0, *values))
    assert card(tmp_path).params == {
        "lr": 0.1, "net.width": 4.0, "name": "é", "deep": True, "bad": "NaN",
    }  # fmt: skip


def test_the_arguments_of_a_trainer_are_params(tmp_path: Path) -> None:
    """The Hugging Face trainer logs all it was started with as one text."""
    said = text("args/text_summary", '{"learning_rate": 0.01, "fsdp": {"min": 1}, "x": NaN}')
    write(tmp_path / "run", event(1e9, 0, said, text("note/text_summary", "hello")))
    found = card(tmp_path)
    assert found.params == {"learning_rate": 0.01, "fsdp.min": 1, "x": "NaN"}
    assert found.facts["text/note"] == "hello"


@pytest.mark.parametrize("status", [(1, "FINISHED"), (2, "FAILED")])
def test_an_end_counts_if_nothing_came_after(tmp_path: Path, status: tuple[int, str]) -> None:
    """The session's word is taken, but not when scalars follow it: it was said too early."""
    file = write(tmp_path / "run", *points("loss", [1.0, 2.0]))
    append(file, event(1e9 + 5, 0, session_end(status[0])))
    found = card(tmp_path)
    assert (found.status, found.inferred) == (status[1], False)
    append(file, *points("loss", [3.0], wall=1e9 + 9))
    found = card(tmp_path)
    assert (found.status, found.inferred) == ("UNKNOWN", True)


def test_an_end_before_the_training_is_not_believed(tmp_path: Path) -> None:
    """Lightning says the end at the start; a file that changed a moment ago is going on."""
    file = write(tmp_path / "run", event(1e9, 0, *hparams({"lr": 1.0}), session_end(1)))
    os.utime(file, (1e9, 1e9))
    assert card(tmp_path, now=1e9 + 10).status == "RUNNING"
    assert card(tmp_path, now=1e9 + 1000).status == "FINISHED"


def test_a_run_goes_on_while_its_file_changes(tmp_path: Path) -> None:
    """Writers are silent for two minutes, so three are no sign of an end."""
    file = write(tmp_path / "run", *points("loss", [1.0]))
    os.utime(file, (1e9, 1e9))
    assert card(tmp_path, now=1e9 + 170).status == "RUNNING"
    found = card(tmp_path, now=1e9 + 190)
    assert (found.status, found.inferred, found.ended) == ("UNKNOWN", True, 1.7e9)


def test_files_follow_each_other_in_time(tmp_path: Path) -> None:
    """A resumed run keeps the points of both files, and says where the second began."""
    write(tmp_path / "run", *points("loss", [9.0, 8.0], first=2), at=1_700_000_100, process="9.10")
    write(tmp_path / "run", *points("loss", [1.0, 2.0, 3.0, 4.0]), at=1_700_000_100, process="9.9")
    found = card(tmp_path)
    assert found.metrics["loss"].count == 6
    assert found.metrics["loss"].last == 8.0
    assert found.facts["overlap"] == "resumed at step 2 after step 3; points of both are shown"
    curve = READER.points(tmp_path, "run", None, None).points["loss"]
    assert curve.steps == [0, 1, 2, 3, 2, 3]


def test_an_earlier_file_that_goes_on_starts_the_curve_over(tmp_path: Path) -> None:
    """Curves are in the order of files, so what comes late in the first cannot be put behind."""
    first = write(tmp_path / "run", *points("loss", [1.0]), at=1_700_000_000)
    write(tmp_path / "run", *points("loss", [2.0], first=1), at=1_700_000_100)
    place = READER.points(tmp_path, "run", None, None).progress
    append(first, *points("acc", [0.5]))
    news = READER.points(tmp_path, "run", None, place)
    assert (news.restarted, list(news.points)) == (False, ["acc"])
    append(first, *points("loss", [3.0], first=2))
    news = READER.points(tmp_path, "run", None, news.progress)
    assert news.restarted
    assert news.points["loss"].values == [1.0, 3.0, 2.0]
    assert card(tmp_path).metrics["loss"].last == 2.0


def test_a_metric_can_be_asked_for_alone(tmp_path: Path) -> None:
    """Only what was asked for is handed out, and a change of the question starts over."""
    write(tmp_path / "run", *points("loss", [1.0] * 500), *points("acc", [2.0] * 500))
    some = READER.points(tmp_path, "run", frozenset(["acc"]), None)
    assert list(some.points) == ["acc"]
    both = READER.points(tmp_path, "run", None, some.progress)
    assert both.restarted
    assert set(both.points) == {"loss", "acc"}


def test_after_a_broken_head_the_next_record_is_found(tmp_path: Path) -> None:
    """One flipped bit in a length costs one record, and says where."""
    file = write(tmp_path / "run", *points("loss", [1.0, 2.0, 3.0, 4.0]))
    data = bytearray(file.read_bytes())
    at = data.index(frame(points("loss", [1.0, 2.0])[1]))
    data[at] ^= 1
    file.write_bytes(bytes(data))
    found = card(tmp_path)
    assert found.metrics["loss"].count == 3
    (fault,) = found.faults
    assert fault.path == f"run/{file.name}"
    assert fault.reason.startswith(f"at byte {at:,}: ")


def test_a_tail_of_zeros_is_a_fault_until_it_is_filled(tmp_path: Path) -> None:
    """What a crash or a network drive leaves is told, and read when it comes after all."""
    file = write(tmp_path / "run", *points("loss", [1.0]))
    whole = file.read_bytes()
    more = frame(points("loss", [2.0], first=1)[0])
    file.write_bytes(whole + b"\0" * len(more))
    reading = READER.read(tmp_path, "run", b"", LATER)
    assert reading.card.metrics["loss"].count == 1
    assert reading.card.faults[0].reason.startswith(f"at byte {len(whole):,}: the last ")
    file.write_bytes(whole + more + more)
    again = READER.read(tmp_path, "run", reading.progress, LATER).card
    assert again.metrics["loss"].count == 3
    assert again.faults == ()


def test_a_file_written_over_is_read_anew(tmp_path: Path) -> None:
    """The same length with another content is another file."""
    file = write(tmp_path / "run", *points("loss", [1.0]))
    os.utime(file, (1e9, 1e9))
    reading = READER.read(tmp_path, "run", b"", LATER)
    place = READER.points(tmp_path, "run", None, None).progress
    write(tmp_path / "run", *points("loss", [2.0]))
    assert READER.read(tmp_path, "run", reading.progress, LATER).card.metrics["loss"].first == 2.0
    news = READER.points(tmp_path, "run", None, place)
    assert (news.restarted, news.points["loss"].values) == (True, [2.0])


def test_a_longer_file_in_its_place_is_read_anew(tmp_path: Path) -> None:
    """What was written over in place is known by how it begins."""
    file = write(tmp_path / "run", *points("loss", [1.0]))
    reading = READER.read(tmp_path, "run", b"", LATER)
    other = [frame(version(1_700_000_009)), *map(frame, points("loss", [2.0, 3.0, 4.0]))]
    file.write_bytes(b"".join(other))
    again = READER.read(tmp_path, "run", reading.progress, LATER).card
    assert (again.metrics["loss"].first, again.metrics["loss"].count) == (2.0, 3)


@pytest.mark.parametrize("many", [1, 10**6])
def test_every_byte_of_a_record_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Whichever byte of a record changes, it costs that point and is told."""
    monkeypatch.setattr(following, "MANY", many)
    events = points("loss", [k / 7 for k in range(40)], first=1)
    file = write(tmp_path / "run", *events)
    whole = file.read_bytes()
    record = frame(events[20])
    start = whole.index(record)
    for at in range(start + 12, start + len(record)):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        found = card(tmp_path)
        assert found.faults[0].reason == f"at byte {start}: the record does not fit its checksum"
        steps = READER.points(tmp_path, "run", None, None).points["loss"].steps
        assert steps == [*range(1, 21), *range(22, 41)]


def test_a_record_larger_than_a_block_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces are as large as they have to be, and no larger than they may be."""
    monkeypatch.setattr(following, "BLOCK", 1 << 12)
    monkeypatch.setattr(following, "LARGEST", 1 << 14)
    picture = held(1, "p") + held(4, b"x" * 6000)
    huge = held(1, "q") + held(4, b"x" * 20_000)
    curve = points("loss", [1.0] * 200)
    write(tmp_path / "run", event(1e9, 1, picture), event(1e9, 2, huge), *curve)
    found = card(tmp_path)
    assert found.metrics["loss"].count == 200
    assert found.facts["other_tags"] == {"images": ["p"]}
    assert found.facts["records_too_large"] == 1
    assert found.faults == ()


def test_metrics_named_by_their_step_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script that puts the step into the tag does not fill the memory, and is told of."""
    monkeypatch.setattr(following, "MOST_TAGS", 5)
    write(tmp_path / "run", *(event(1e9, k, scalar(f"loss {k}", 1.0)) for k in range(9)))
    found = card(tmp_path)
    assert len(found.metrics) == 5
    assert found.faults[0].reason == "has more than 5 metrics; 4 points are left out"


def test_a_purge_is_told_of(tmp_path: Path) -> None:
    """A writer may ask to forget what is past a step; nothing is hidden, and the wish is noted."""
    restart = event(1e9, 5, rest=held(7, number(1, 1)))
    write(tmp_path / "run", *points("loss", [1.0] * 7), restart)
    found = card(tmp_path)
    assert found.metrics["loss"].count == 7
    assert found.facts["begun_again_at"] == [5]


def test_an_event_of_nonsense_is_a_fault(tmp_path: Path) -> None:
    """A record with a right checksum and no event in it is told of and passed by."""
    wrong = event(1e9, 1, held(1, "loss") + double(2, 1.0))
    file = write(tmp_path / "run", b"\x0a\xff\xff", *points("loss", [1.0]), wrong)
    found = card(tmp_path)
    assert len(found.faults) == 2
    assert found.metrics["loss"].count == 1
    at = len(frame(version(1_700_000_000)))
    assert found.faults[0].reason.startswith(f"at byte {at}: it is no event")
    assert found.faults[0].path == f"run/{file.name}"


def test_notes_of_another_version_are_no_notes(tmp_path: Path) -> None:
    """Progress that does not decode is a reading from the start."""
    write(tmp_path / "run", *points("loss", [1.0]))
    assert READER.read(tmp_path, "run", b"{}x", LATER).card.metrics["loss"].count == 1
