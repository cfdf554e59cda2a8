"""The lines of a run folder: metrics and updates, whole buffers at a time.

A buffer is decoded at once. If any line of it is wrong, all of them are decoded
one by one, so that the wrong ones become faults and the others count.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, Struct, UnsetType

from workbench.formats.contract import Fault, Points
from workbench.formats.native.records import MOST_FAULTS, Number, Update, Whole
from workbench.formats.points import numbers
from workbench.runfolder import decode_number


class _Step(Struct, gc=False):
    metrics: dict[str, Number]
    step: Whole | None = None
    time: float | None = None


_STEPS = msgspec.json.Decoder(_Step)
_UPDATES = msgspec.json.Decoder(Update)
_MANY = 24
"""Above this many metrics a line is cheaper to decode whole than by name."""
_BLOCK_BYTES = 1 << 19
"""Decoded in about 15 ms, which nobody at the keys feels."""


class LineFaults:
    """Faults of one file: the first ones told, the rest counted."""

    def __init__(self, path: str, before: int = 0) -> None:
        self.path = path
        self.count = before
        self.told: list[Fault] = []

    def add(self, line: int, reason: str) -> None:
        """Note that a line is wrong."""
        self.count += 1
        if self.count <= MOST_FAULTS:
            self.told.append(Fault(self.path, reason, line))


class Column(NamedTuple):
    """Points of a metric in a buffer."""

    steps: list[int | None]
    times: list[float | None]
    values: list[float]


def lines_in(data: bytes) -> int:
    """Return how many lines whole ``data`` holds."""
    return data.count(b"\n")


def decode_updates(data: bytes, line: int, faults: LineFaults) -> list[Update]:
    """Return the updates in ``data``, whose first line has number ``line``."""
    whole = _at_once(_UPDATES, data)
    if whole is not None:
        return whole
    found = []
    for number, text in _lines(data, line):
        try:
            found.append(_UPDATES.decode(text))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            faults.add(number, _said(problem))
    return found


def decode_columns(data: bytes, line: int, faults: LineFaults) -> dict[str, Column]:
    """Return the points in ``data`` by metric, whose first line has number ``line``."""
    columns: dict[str, Column] = {}
    steps = _at_once(_STEPS, data)
    if steps is None:
        steps = [step for _, step in _one_by_one(data, line, faults)]
    for step in steps:
        at, time = step.step, step.time
        for name, value in step.metrics.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = Column([], [], [])
            column.steps.append(at)
            column.times.append(time)
            column.values.append(value if type(value) is float else decode_number(value))
    return columns


def decode_points(data: bytes, metrics: frozenset[str] | None) -> dict[str, Points]:
    """Return the points in ``data`` of the metrics named, or of all."""
    if metrics is not None and 0 < len(metrics) <= _MANY and all(map(_is_plain, metrics)):
        found = _by_name(data, tuple(sorted(metrics)))
        if found is not None:
            return found
    every: dict[str, Points] = {}
    for block in _blocks(data):
        for name, column in decode_columns(block, 1, LineFaults("")).items():
            if metrics is None or name in metrics:
                known = every.setdefault(name, Points([], [], []))
                known.steps.extend(numbers(column.steps))
                known.times.extend(numbers(column.times))
                known.values.extend(column.values)
    return every


def _blocks(data: bytes) -> Iterator[bytes]:
    """Return the lines of ``data`` in parts: no other thread runs while one of them is decoded."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + _BLOCK_BYTES) + 1 or len(data)
        yield data[start:end]
        start = end


def _is_plain(name: str) -> bool:
    """Say whether a decoder can be made for ``name``: it takes none that JSON has to escape."""
    return name.isprintable() and '"' not in name and "\\" not in name


def _by_name(data: bytes, metrics: tuple[str, ...]) -> dict[str, Points] | None:
    """Decode nothing but the metrics named; None if a line is wrong."""
    decoder, fields = _decoder(metrics)
    rows = _at_once(decoder, data)
    if rows is None:
        return None
    steps = numbers([row.step for row in rows])
    times = numbers([row.time for row in rows])
    found = {}
    for name, field in zip(metrics, fields, strict=True):
        points = _picked(steps, times, [getattr(row.metrics, field) for row in rows])
        if points is None:
            return None
        if points.values:
            found[name] = points
    return found


def _picked(steps: list[float], times: list[float], values: list[Any]) -> Points | None:
    """Return the points that are there; None if a text stands for no number."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return Points(steps[:], times[:], values)
    if UnsetType in kinds:
        at = [index for index, value in enumerate(values) if value is not UNSET]
        steps, times = [steps[i] for i in at], [times[i] for i in at]
        values = [values[i] for i in at]
    try:
        return Points(steps[:], times[:], [decode_number(value) for value in values])
    except ValueError:
        return None


@lru_cache(maxsize=64)
def _decoder(metrics: tuple[str, ...]) -> tuple["msgspec.json.Decoder[Any]", tuple[str, ...]]:
    """Return a decoder that makes values of these metrics only, and its field names."""
    fields = tuple(f"m{index}" for index in range(len(metrics)))
    picked = msgspec.defstruct(
        "Picked",
        [(field, Number | UnsetType, UNSET) for field in fields],
        rename=dict(zip(fields, metrics, strict=True)),
        gc=False,
    )
    row = msgspec.defstruct(
        "Row",
        [("metrics", picked), ("step", Whole | None, None), ("time", float | None, None)],
        gc=False,
    )
    return msgspec.json.Decoder(row), fields


def _at_once(decoder: "msgspec.json.Decoder[Any]", data: bytes) -> list[Any] | None:
    """Return one record for each line, or None if it must be looked at line by line."""
    try:
        rows: list[Any] = decoder.decode_lines(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    # A newline is a space to the decoder, so make sure that each one ends a record.
    lines = data.count(b"\n")
    if len(rows) != lines or data.count(b"}\n{") != lines - 1:
        return None
    if rows and isinstance(rows[0], _Step) and not all(map(_numbers, rows)):
        return None
    return rows


def _numbers(step: _Step) -> bool:
    return all(
        type(value) is float or value in ("NaN", "Infinity", "-Infinity")
        for value in step.metrics.values()
    )


def _lines(data: bytes, line: int) -> Iterator[tuple[int, bytes]]:
    for number, text in enumerate(data.split(b"\n")[:-1], line):
        if text.strip():
            yield number, text


def _one_by_one(data: bytes, line: int, faults: LineFaults) -> Iterator[tuple[int, _Step]]:
    for number, text in _lines(data, line):
        try:
            step = _STEPS.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            mended = _mended(text, number, faults, _said(problem))
            if mended is not None:
                yield number, mended
            continue
        yield number, _without_words(step, number, faults)


def _without_words(step: _Step, number: int, faults: LineFaults) -> _Step:
    """Return the step without the values that are no numbers."""
    if _numbers(step):
        return step
    return _kept(step.metrics, step.step, step.time, number, faults)


def _mended(text: bytes, number: int, faults: LineFaults, reason: str) -> _Step | None:
    """Return what is right in a line that is not right in all, or None."""
    try:
        found = msgspec.json.decode(text)
        step = msgspec.convert(_whole(found["step"]) if "step" in found else None, Whole | None)
        time = msgspec.convert(found.get("time"), float | None)
        metrics = dict(found["metrics"])
    except (msgspec.MsgspecError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        faults.add(number, reason)
        return None
    return _kept(metrics, step, time, number, faults)


def _whole(step: object) -> object:
    """Return 3 for 3.0, because other languages write whole numbers so."""
    return int(step) if isinstance(step, float) and step.is_integer() else step


def _kept(
    metrics: Mapping[str, Any],
    step: int | None,
    time: float | None,
    number: int,
    faults: LineFaults,
) -> _Step:
    kept: dict[str, Number] = {}
    for name, value in metrics.items():
        try:
            kept[name] = decode_number(value)
        except (ValueError, OverflowError) as problem:
            faults.add(number, f"{name}: {str(problem)[:200]}")
    return _Step(kept, step, time)


def _said(problem: Exception) -> str:
    return f"does not decode: {problem}"
