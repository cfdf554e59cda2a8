"""The curves of a run from all its event files, past what was handed out before."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from workbench.formats.contract import Curves, Points
from workbench.formats.points import concatenated
from workbench.formats.tensorboard.events import SCALARS
from workbench.formats.tensorboard.following import FileState, follow
from workbench.formats.tensorboard.reading import Place, name_of, places_of
from workbench.formats.walking import folder_at


class _Places(NamedTuple):
    metrics: frozenset[str] | None
    """Which ones the rest is true of."""
    states: Mapping[str, FileState]
    names: Mapping[tuple[str, str], str]
    """Of every file's tags: what they are called in the run."""
    begun: Mapping[str, str]
    """The last file that gave points of a metric."""


def read_points(root: Path, key: str, metrics: frozenset[str] | None, progress: object) -> Curves:
    """Return points past ``progress``; see `contract.Reader.points`.

    All are handed out again where a file was replaced, where one goes on after a later
    one has begun with the same metric, and where a metric got another name.
    """
    folder = folder_at(root, key)
    places = places_of(folder)
    if not places:
        raise FileNotFoundError(f"There are no event files in {folder}.")
    before = progress if isinstance(progress, _Places) and progress.metrics == metrics else None
    found = None if before is None else _past(folder, places, metrics, before)
    if found is not None:
        return found
    nothing = _Places(metrics, {}, {}, {})
    found = _past(folder, places, metrics, nothing)
    while found is None:  # replaced while it was read
        found = _past(folder, places, metrics, nothing)
    return found._replace(restarted=progress is not None)


def _past(
    folder: Path, places: list[Place], metrics: frozenset[str] | None, before: _Places
) -> Curves | None:
    """Return the points past a place; None if what was handed out before does not hold."""
    states: dict[str, FileState] = {}
    pieces: dict[tuple[str, str], list[Points]] = {}
    if not before.states.keys() <= {place.path for place in places}:
        return None
    for member, path in places:
        state = states[path] = _copied(before.states.get(path))
        wanted = metrics if not member.path else None
        for block in follow(f"{folder}/{path}", state, lambda _: None, wanted):
            if block.restarted:
                return None
            for tag, points in block.points.items():
                pieces.setdefault((path, tag), []).append(points)
    names = _names(places, states)
    if any(names.get(tag) != name for tag, name in before.names.items()):
        return None
    return _handed(places, pieces, _Places(metrics, states, names, before.begun))


def _handed(
    places: list[Place], pieces: Mapping[tuple[str, str], list[Points]], after: _Places
) -> Curves | None:
    """Return new points under their names; None if some belong before others handed out."""
    order = {place.path: number for number, place in enumerate(places)}
    begun = dict(after.begun)
    found: dict[str, list[Points]] = {}
    for (path, tag), several in pieces.items():
        name = after.names[path, tag]
        if after.metrics is not None and name not in after.metrics:
            continue
        if order[begun.get(name, path)] > order[path]:
            return None
        begun[name] = path
        found.setdefault(name, []).extend(several)
    points = {name: concatenated(several) for name, several in found.items()}
    return Curves(points, after._replace(begun=begun))


def _copied(state: FileState | None) -> FileState:
    """Return a state that may move while the one handed out stays."""
    if state is None:
        return FileState()
    return msgspec.json.decode(msgspec.json.encode(state), type=FileState)


def _names(places: list[Place], states: Mapping[str, FileState]) -> dict[tuple[str, str], str]:
    own = {
        tag: None
        for member, path in places
        if not member.path
        for tag, kind in states[path].plugins.items()
        if kind == SCALARS
    }
    return {
        (path, tag): name_of(member, tag, own)
        for member, path in places
        for tag in states[path].plugins
    }
