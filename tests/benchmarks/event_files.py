"""How fast TensorBoard's event files become a table, and what a very large one costs."""

import struct
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.peers import TENSORBOARD, Missing, measured_by
from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row
from workbench.formats.tensorboard.crc32c import crc32c, masked

TAGS = ("train/loss", "train/lr", "val/loss", "val/accuracy", "grad_norm")
STEPS = 10
_NAME = "events.out.tfevents.1700000000.trainbox.77.0"
_PIECE = 2000
"""Steps of a large file that are written over and over; making them takes longer than reading."""


def rows(place: Place) -> Iterator[Row]:
    """Index runs that TensorBoard's own reader loads too, then read one file of a gigabyte."""
    yield from _runs(place)
    yield from _large(place)


def _runs(place: Place) -> Iterator[Row]:
    count = place.scale.peer_runs
    for runs, steps in ((count, STEPS), (max(count // 20, 1), STEPS * 100)):
        folder = place.workspace(
            f"event-files-{runs}-{steps}", partial(_write_runs, count=runs, steps=steps)
        )
        points = runs * steps * len(TAGS)
        ours = place.run("event_file", folder, runs)
        if ours["points"] != points:
            raise RuntimeError(f"{ours['points']} points instead of {points}")
        what = f"{runs:,} runs of event files, {len(TAGS)} metrics of {steps:,} steps, read"
        yield Row(what, ours["seconds"], "s", note="n=1; every checksum")
        yield _against_tensorboard(place, folder, points, ours["seconds"])
    folder = place.folder / f"event-files-{count}-{STEPS}"
    found = place.run("index", folder, cache="event-files")
    if found["runs"] != count or found["faults"]:
        raise RuntimeError(f"only {found['runs']} runs, {found['faults']} faults")
    yield Row(f"{count:,} of them as a table, cold", found["seconds"], "s", note="n=1")


def _against_tensorboard(place: Place, folder: Path, points: int, ours: float) -> Row:
    what = "  TensorBoard's EventMultiplexer over that"
    theirs = measured_by(place, TENSORBOARD, "peer_events", points, folder)
    if isinstance(theirs, Missing):
        return Row(what, None, note=theirs.why)
    if theirs["points"] != points:
        raise RuntimeError(f"it found {theirs['points']} points")
    note = f"{theirs['version']}: {theirs['seconds']:.1f} s, n=1"
    return Row(what, theirs["seconds"] / ours, "x", 10, note, at_least=True)


def _large(place: Place) -> Iterator[Row]:
    wanted = place.scale.event_bytes
    folder = place.folder / f"event-file-{wanted}"
    size, points = _write_large(folder, wanted)
    try:
        found = place.run("event_file", folder, 1)
    finally:
        for file in folder.glob("run-0/*"):
            file.unlink()
    if found["points"] != points:
        raise RuntimeError(f"{found['points']} points instead of {points}")
    rate = size / 1e6 / found["seconds"]
    note = f"n=1; {points:,} points, every checksum"
    yield Row(f"one event file of {size / 1e6:,.0f} MB", rate, "MB/s", None, note)
    yield Row("  memory it takes", found["grown"] / 1e6, "MB", 200, "peak, over the imports'")


def _write_runs(folder: Path, count: int, steps: int) -> None:
    for number in range(count):
        run = folder / f"run-{number}"
        run.mkdir(parents=True)
        (run / _NAME).write_bytes(_version() + b"".join(_steps(range(steps), number)))


def _write_large(folder: Path, wanted: int) -> tuple[int, int]:
    """Write a file of at least ``wanted`` bytes; return its size and how many points it holds."""
    run = folder / "run-0"
    run.mkdir(parents=True, exist_ok=True)
    records = list(_steps(range(_PIECE if wanted > 10**7 else STEPS), 0))
    piece = b"".join(records)
    times = wanted // len(piece) + 1
    with (run / _NAME).open("wb") as file:
        file.write(_version())
        for _ in range(times):
            file.write(piece)
        return file.tell(), times * len(records)


def _version() -> bytes:
    return _frame(b"\x09" + struct.pack("<d", 1.7e9) + b"\x1a\x0dbrain.Event:2")


def _steps(steps: Sequence[int], run: int) -> Iterator[bytes]:
    """Yield the frames of every step, one for each metric, as PyTorch writes them."""
    for step in steps:
        for place, tag in enumerate(TAGS):
            value = _held(0x0A, tag.encode()) + b"\x15" + struct.pack("<f", place + 1 / (step + 1))
            wall = b"\x09" + struct.pack("<d", 1.7e9 + run + step / 8)
            told = b"\x10" + _varint(step) if step else b""
            yield _frame(wall + told + _held(0x2A, _held(0x0A, value)))


def _held(sign: int, data: bytes) -> bytes:
    return bytes([sign]) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    if value < 128:
        return bytes([value])
    return bytes([value & 127 | 128]) + _varint(value >> 7)


def _frame(record: bytes) -> bytes:
    head = struct.pack("<Q", len(record))
    sums = [struct.pack("<I", masked(crc32c(part))) for part in (head, record)]
    return head + sums[0] + record + sums[1]
