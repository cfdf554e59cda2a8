"""Any events somebody might write, any harm that might come to them."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.tensorboard.encoding import (
    event,
    frame,
    held,
    hparams,
    metadata,
    number,
    scalar,
    session_end,
    single,
    tensor,
    text,
    version,
)
from workbench.formats.contract import Points
from workbench.formats.tensorboard import following
from workbench.formats.tensorboard.reader import TensorboardReader

READER = TensorboardReader()
FILE = "events.out.tfevents.1700000000.trainbox.77.0"
TAGS = st.sampled_from(["a", "b", "loss", "lass", "val/acc", "é", "tag of some length"])
STEPS = st.one_of(st.integers(0, 300), st.integers(-(2**53), 2**53))
WALLS = st.floats(1e8, 3e9)
FLOATS = st.floats(width=32)


@pytest.fixture(autouse=True, scope="module")
def _large() -> Iterator[None]:
    """Have files of some hundred records read as those of many thousands are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "MANY", 60)
        yield


class One(NamedTuple):
    """An event as it is written and what it says."""

    data: bytes
    tag: str = ""
    point: tuple[float, float, float] = (0.0, 0.0, 0.0)


def _torch(wall: float, step: int, tag: str, value: float) -> One:
    return One(event(wall, step, scalar(tag, value)), tag, (float(step), wall, value))


def _second(wall: float, step: int, tag: str, value: float) -> One:
    packed = number(1, 1) + held(2, b"") + held(4, struct.pack("<f", value))
    data = event(wall, step, tensor(tag, packed, "scalars"))
    return One(data, tag, (float(step), wall, value))


def _double(wall: float, step: int, tag: str, value: float) -> One:
    data = event(wall, step, tensor(tag, number(1, 2) + held(6, struct.pack("<d", value)),
                                    "scalars"))  # fmt: skip
    return One(data, tag, (float(step), wall, value))


def _other(wall: float, step: int, tag: str, value: float) -> One:
    kinds = [
        [text(tag + " text", "words " * 3)],
        [held(1, tag + " picture") + held(4, number(1, 8) + held(4, b"\x89PNG" * 20))],
        [held(1, tag + " bars") + held(5, single(1, value))],
        hparams({"lr": 0.1, "net": "cnn", "deep": True}),
        [session_end(1)],
        [held(1, tag + " curve") + held(8, number(1, 1)) + metadata("pr_curves", b"x")],
    ]
    return One(event(wall, step, *kinds[step % len(kinds)]))


ONES = st.one_of(
    st.builds(_torch, WALLS, STEPS, TAGS, FLOATS),
    st.builds(_torch, WALLS, STEPS, TAGS, FLOATS),
    st.builds(_second, WALLS, STEPS, TAGS.map("2 {}".format), FLOATS),
    st.builds(_double, WALLS, STEPS, TAGS.map("d {}".format), st.floats()),
    st.builds(_other, WALLS, STEPS, TAGS, FLOATS),
)
FEW = st.lists(ONES, min_size=1, max_size=12)
TIMES = st.sampled_from([1, 1, 40])
"""How often the few are written over and over: large files are read another way."""


def _told(ones: list[One]) -> dict[str, list[tuple[float, ...]]]:
    told: dict[str, list[tuple[float, ...]]] = {}
    for one in ones:
        if one.tag:
            told.setdefault(one.tag, []).append(one.point)
    return told


def _read(folder: Path) -> tuple[dict[str, list[tuple[float, ...]]], bool]:
    """Return the points of a run and whether there was a fault; card and curves agree."""
    card = READER.read(folder, "run", b"", 1.9e9).card
    curves = READER.points(folder, "run", None, None).points
    assert {name: one.count for name, one in card.metrics.items()} == {
        name: len(points.values) for name, points in curves.items()
    }
    return {name: list(zip(*points, strict=True)) for name, points in curves.items()}, bool(
        card.faults
    )


def _same(one: object, other: object) -> bool:
    return repr(one) == repr(other)  # NaN is NaN


@settings(deadline=None, max_examples=60)
@given(FEW, TIMES)
def test_what_is_written_is_read(few: list[One], times: int) -> None:
    """Every number comes back as it was written, step and time too, in the order of writing."""
    ones = few * times
    with TemporaryDirectory() as name:
        run = Path(name) / "run"
        run.mkdir()
        (run / FILE).write_bytes(b"".join(map(frame, [version(1e9), *(o.data for o in ones)])))
        found, faults = _read(Path(name))
    assert not faults
    assert _same(dict(sorted(found.items())), dict(sorted(_told(ones).items())))


@settings(deadline=None, max_examples=80)
@given(FEW, TIMES, st.data())
def test_harm_costs_points_and_never_makes_any(
    few: list[One], times: int, data: st.DataObject
) -> None:
    """Cut, flipped, with bytes put in or taken out: what is shown was written, or is a fault."""
    ones = few * times
    whole = b"".join(map(frame, [version(1e9), *(one.data for one in ones)]))
    at = data.draw(st.integers(0, len(whole)))
    harm = data.draw(st.sampled_from(["cut", "flip", "insert", "delete"]))
    some = data.draw(st.binary(min_size=1, max_size=30))
    harmed = {
        "cut": whole[:at],
        "flip": whole[:at] + bytes([(whole[at : at + 1] or b"\0")[0] ^ some[0]]) + whole[at + 1 :],
        "insert": whole[:at] + some + whole[at:],
        "delete": whole[:at] + whole[at + len(some) :],
    }[harm]
    with TemporaryDirectory() as name:
        run = Path(name) / "run"
        run.mkdir()
        (run / FILE).write_bytes(harmed)
        found, faults = _read(Path(name))
    told = _told(ones)
    for tag, points in found.items():
        there = iter(map(repr, told[tag]))
        assert all(repr(point) in there for point in points), tag
    lost = sum(map(len, told.values())) - sum(map(len, found.values()))
    assert harm == "cut" or not lost or faults or len(harmed) - at < 400
    assert harm != "cut" or not faults


@settings(deadline=None, max_examples=40)
@given(FEW, TIMES, st.lists(st.floats(0, 1), max_size=4))
def test_pieces_come_to_the_whole(few: list[One], times: int, cuts: list[float]) -> None:
    """Read while it grows, a file gives the same card and the same curves as at the end."""
    ones = few * times
    whole = b"".join(map(frame, [version(1e9), *(one.data for one in ones)]))
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "run").mkdir()
        notes, place = b"", None
        curves: dict[str, Points] = {}
        for end in [*sorted(int(cut * len(whole)) for cut in cuts), len(whole)]:
            with (folder / "run" / FILE).open("ab") as file:
                file.write(whole[file.tell() : end])
            reading = READER.read(folder, "run", notes, 1.9e9)
            news = READER.points(folder, "run", None, place)
            notes, place = reading.progress, news.progress
            assert not news.restarted
            for tag, points in news.points.items():
                before = curves.setdefault(tag, Points([], [], []))
                for column, more in zip(before, points, strict=True):
                    column.extend(more)
        at_once = READER.read(folder, "run", b"", 1.9e9).card
        assert _same(sorted(reading.card.metrics.items()), sorted(at_once.metrics.items()))
        assert reading.card.params == at_once.params
        again = READER.points(folder, "run", None, None).points
        assert _same(sorted(curves.items()), sorted(again.items()))


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=400))
def test_any_record_is_read_or_a_fault(record: bytes) -> None:
    """A frame in order may hold anything at all."""
    with TemporaryDirectory() as name:
        run = Path(name) / "run"
        run.mkdir()
        (run / FILE).write_bytes(frame(version(1e9)) + frame(record))
        found, _ = _read(Path(name))
    assert all(math.isfinite(float(len(points))) for points in found.values())
