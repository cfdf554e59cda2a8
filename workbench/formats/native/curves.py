"""The curves of a run folder, from its lines, over all its writers."""

import os
from collections.abc import Mapping
from typing import NamedTuple

from workbench.formats.contract import Curves, Points
from workbench.formats.native.lines import decode_points
from workbench.formats.native.run import writers_of
from workbench.formats.points import concatenated
from workbench.opening import is_plain_file
from workbench.runfolder import METRICS, WRITERS
from workbench.tail import START, Place, read_tail


class _Places(NamedTuple):
    metrics: frozenset[str] | None
    """Which ones the places are true of."""
    writers: Mapping[int, Place]


def read_points(folder: str, metrics: frozenset[str] | None, progress: object) -> Curves:
    """Return the points of the run at ``folder``; see `contract.Reader.points`."""
    known = progress if isinstance(progress, _Places) else None
    if not os.path.isdir(folder):  # noqa: PTH112 - strings all along
        raise FileNotFoundError(f"There is no run at {folder}.")
    if known is not None and known.metrics == metrics:
        found = _past(folder, metrics, known.writers)
        if found is not None:
            return found
    again = _past(folder, metrics, {})
    while again is None:  # replaced while we read it
        again = _past(folder, metrics, {})
    return again._replace(restarted=known is not None)


def _past(
    folder: str, metrics: frozenset[str] | None, places: Mapping[int, Place]
) -> Curves | None:
    """Return the points past ``places``; None if one of the files is not the one it was."""
    pieces: dict[str, list[Points]] = {}
    after: dict[int, Place] = {}
    numbers = writers_of(folder)
    if not places.keys() <= set(numbers):
        return None
    for number in numbers:
        path = f"{folder}/{WRITERS}/{number}/{METRICS}"
        place, more = places.get(number, START), is_plain_file(path)
        if not more and place != START:
            return None
        while more:
            tail = read_tail(path, place)
            if tail.restarted:
                return None
            place, more = tail.place, tail.more
            if tail.data:
                for name, points in decode_points(tail.data, metrics).items():
                    pieces.setdefault(name, []).append(points)
        after[number] = place
    return Curves(
        {name: concatenated(found) for name, found in pieces.items()}, _Places(metrics, after)
    )
