"""The runs at a path, found as everybody finds them, and those of them that were asked for."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.formats.contract import Fault, SourceReader
from workbench.formats.detect import Discovery, discover, readers
from workbench.formats.known import told as told_unread
from workbench.formats.walking import Limits
from workbench.operations.importing.identity import place_of
from workbench.operations.importing.values import Failed, Waiting

_LIMITS: Final = Limits(depth=16, entries=2_000_000, seconds=120.0)
"""A person who copies a folder waits longer than one who opens it."""


class Store(NamedTuple):
    """A folder or file of runs, and who reads it."""

    reader: SourceReader
    root: Path


class Found(NamedTuple):
    """What is at a path."""

    stores: tuple[Store, ...]
    waiting: tuple[Waiting, ...]
    failed: tuple[Failed, ...]


def found_at(path: Path, own: Path) -> Found:
    """Return the runs at and below a path, without looking into them.

    Args:
        path: A folder, or a file of runs.
        own: The workspace they are to be copied to; its own runs are none of them.

    Raises:
        NotFoundError: There is nothing there, or nothing that holds runs.
        UsageError: It is the workspace itself.
    """
    path = Path(os.path.realpath(path.expanduser()))
    if not path.exists():
        raise NotFoundError(f"{path} does not exist.", hint="Check the path.")
    if path == own or path.is_relative_to(own / "runs"):
        raise UsageError(f"{path} is in this workspace already.")
    seen = discover(path, _LIMITS)
    stores = tuple(one for one in _stores(path, seen) if one.root != own)
    if not stores:
        raise NotFoundError(f"There are no runs at {path}.", hint=_instead(seen))
    failed = [Failed(one.path, one.reason) for one in seen.faults]
    if seen.truncated:
        failed.append(Failed(str(path), "there is more below it than could be looked through"))
    waiting: list[Waiting] = []
    for store in stores:
        waiting += _waiting(store, own, failed)
    return Found(stores, tuple(waiting), tuple(failed))


def _stores(path: Path, seen: Discovery) -> Iterator[Store]:
    by_name = {reader.name: reader for reader in readers(_LIMITS)}
    for one in seen.sources:
        yield Store(by_name[one.format], Path(os.path.realpath(path / one.root)))


def _instead(seen: Discovery) -> str:
    words = told_unread(seen.known, seen.undecided)
    if words:
        return f"What is there cannot be read: {words}."
    return "`workbench formats` lists what can be read."


def _waiting(store: Store, own: Path, failed: list[Failed]) -> list[Waiting]:
    try:
        survey = store.reader.survey(store.root, None)
    except (FormatError, OSError) as problem:
        failed.append(Failed(str(store.root), said(problem)))
        return []
    failed += [Failed(told(store.root, fault), fault.reason) for fault in survey.faults]
    found = []
    for key, ref in sorted(survey.refs.items()):
        place = place_of(store.root, key)
        if not Path(place.partition("#")[0]).is_relative_to(own / "runs"):
            found.append(Waiting(store.reader, store.root, ref, place))
    return found


def told(root: Path, fault: Fault) -> str:
    """Return where something could not be read."""
    return place_of(root, fault.path) + (f":{fault.line}" if fault.line else "")


def said(problem: Exception) -> str:
    """Return what is wrong, in the words of whoever found it."""
    if isinstance(problem, FormatError):
        return problem.message
    return (problem.strerror if isinstance(problem, OSError) else None) or str(problem)


def holds_runs(path: Path) -> bool:
    """Say whether a file is one that runs are read from."""
    return path.is_file() and bool(discover(Path(os.path.realpath(path))).sources)
