"""Curves of any reader as the lines of a run folder, without holding all of them at once."""

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

import msgspec

from workbench.errors import FormatError, StoppedError
from workbench.formats.contract import Points
from workbench.formats.points import summarise
from workbench.operations.importing.values import Stop, Waiting
from workbench.runfolder import Summary, encode_number

_AT_ONCE: Final = 1_000_000
"""Points held in memory; a run with more is read once for each such part of its metrics."""
_MOST_NAMES: Final = 100
"""Metrics on one line."""
_LARGEST_STEP: Final = 2**63 - 1


class Curved(NamedTuple):
    """What was written of a run's curves."""

    summaries: Mapping[str, Summary]
    """As the written points have them, by the source's names."""
    points: int
    size: int
    """Bytes."""
    no_step: int
    """Points for which the source gave no step."""
    no_time: int
    fractions: int
    """Steps that were no whole numbers; the points are kept without."""


def parts(metrics: Mapping[str, Summary]) -> Iterator[frozenset[str] | None]:
    """Yield names of metrics to be read together; None for all there are."""
    if sum(one.count for one in metrics.values()) <= _AT_ONCE:
        yield None
        return
    held: list[str] = []
    points = 0
    for name in sorted(metrics):
        if held and points + metrics[name].count > _AT_ONCE:
            yield frozenset(held)
            held, points = [], 0
        held.append(name)
        points += metrics[name].count
    yield frozenset(held)


def write(
    path: Path,
    waiting: Waiting,
    metrics: Mapping[str, Summary],
    names: Mapping[str, str],
    stop: Stop,
) -> Curved:
    """Write all points of a run as lines.

    Args:
        path: The file to make.
        waiting: The run.
        metrics: What its card says of them: how many points to expect.
        names: What a metric is called here, where it is called otherwise.
        stop: Whether to end.

    Raises:
        FormatError: The run cannot be read.
        OSError: The file cannot be written.
        StoppedError: A person asked for the end.
    """
    counts = _Counts()
    with path.open("xb") as file:
        for wanted in parts(metrics):
            for points in _read(waiting, wanted):
                _write_group(file, points, names, counts)
                if stop():
                    raise StoppedError("Stopped.")
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    return Curved(
        counts.summaries, counts.points, size, counts.no_step, counts.no_time, counts.fractions
    )


def _read(waiting: Waiting, wanted: frozenset[str] | None) -> Iterator[dict[str, Points]]:
    """Yield metrics that were logged together, together."""
    try:
        found = waiting.reader.points(waiting.root, waiting.ref.key, wanted, None).points
    except OSError as problem:
        raise FormatError(f"its curves cannot be read: {problem.strerror or problem}") from None
    together: dict[tuple[object, ...], list[dict[str, Points]]] = {}
    for name, points in found.items():
        alike = together.setdefault((len(points.values), *_ends(points)), [])
        for group in alike:
            if len(group) < _MOST_NAMES and _same_rows(next(iter(group.values())), points):
                group[name] = points
                break
        else:
            alike.append({name: points})
    yield from (group for alike in together.values() for group in alike)


def _ends(points: Points) -> tuple[str, ...]:
    """Return something that is the same of columns that are the same, and cheap to look at."""
    columns = points.steps, points.times
    return tuple(repr((column[:1], column[-1:])) for column in columns)


def _same_rows(one: Points, other: Points) -> bool:
    """Say whether two metrics have the same steps and times; no number is like no number."""
    return all(
        a == b or (a != a and b != b)  # noqa: PLR0124
        for a, b in zip(chain(one.steps, one.times), chain(other.steps, other.times), strict=True)
    )


class _Counts:
    """What was written so far."""

    def __init__(self) -> None:
        self.summaries: dict[str, Summary] = {}
        self.points = self.no_step = self.no_time = self.fractions = 0


def _write_group(
    file: BinaryIO, group: Mapping[str, Points], names: Mapping[str, str], counts: _Counts
) -> None:
    """Write metrics of the same steps and times, one line for each step."""
    first = next(iter(group.values()))
    steps = [_step(step) for step in first.steps]
    missing = sum(step is None for step in steps)
    unknown = sum(math.isnan(step) for step in first.steps)
    counts.no_step += unknown * len(group)
    counts.fractions += (missing - unknown) * len(group)
    counts.no_time += sum(math.isnan(time) for time in first.times) * len(group)
    for name, points in group.items():
        if points.values:
            counts.summaries[name] = summarise(points.values, steps)
            counts.points += len(points.values)
    columns = [(names.get(name, name), points.values) for name, points in group.items()]
    file.writelines(_batched(_lines(steps, first.times, columns)))


def _lines(
    steps: Sequence[int | None],
    times: Sequence[float],
    columns: Sequence[tuple[str, Sequence[float]]],
) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode  # finite or named by now, and five times as fast
    for row, (step, time) in enumerate(zip(steps, times, strict=True)):
        metrics = {name: encode_number(float(values[row])) for name, values in columns}
        known = time if math.isfinite(time) else None
        yield encode({"step": step, "time": known, "metrics": metrics}) + b"\n"


def _batched(lines: Iterable[bytes]) -> Iterator[bytes]:
    held, size = [], 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > 1 << 20:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def _step(step: float) -> int | None:
    """Return a step as lines hold it; None where there is none, or it is no whole number."""
    if not math.isfinite(step) or step != int(step) or abs(step) > _LARGEST_STEP:
        return None
    return int(step)
