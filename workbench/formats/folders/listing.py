"""A folder as it was seen, and whether it must be looked at again.

A name that appears in a folder or leaves it changes the folder's time, so a settled folder
is listed once. Times can lie on a network drive, so now and then it is listed all the same.
"""

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.formats.broken_stores import broken_in
from workbench.formats.contract import Claim, Fault, Folder, FolderReader, Passed, StoreReader
from workbench.formats.folders.grouping import Found
from workbench.formats.walking import HERE, list_folder

_SETTLED_S = 2.0
"""Longer than a tick of any disk's clock: a listing older than that has missed nothing."""
_LONG_AGO_S = 3600.0
"""More than clocks differ: a folder unchanged for so long is settled at the first look."""


class Node(NamedTuple):
    """A folder as it was seen."""

    inode: int
    changed: int
    """Its time of change, in nanoseconds."""
    since: float
    """When it was first seen like this, on the steady clock; long ago if it was settled."""
    listed: float
    folder: Folder
    stores: tuple[tuple[str, str], ...]
    """Reader's name and path of each store in it: what is there is theirs."""
    detecting: tuple[int, ...]
    """The ranks of the readers of folders that may know something of it."""
    faults: tuple[Fault, ...]
    found: tuple[Found, ...] = ()
    passed: Mapping[int, object] = {}
    """What readers noted that claim nothing, by rank."""
    moving: float = -math.inf
    """When a file in it was last seen to have changed, on the steady clock."""

    def is_settled(self, facts: os.stat_result) -> bool:
        """Say whether the names in it are still those that were listed."""
        same = (self.inode, self.changed) == (facts.st_ino, facts.st_mtime_ns)
        return same and self.listed - self.since > _SETTLED_S

    def like(self, other: "Node") -> bool:
        """Say whether nothing is seen that was not seen then, whatever happened to the times."""
        return self[4:8] == other[4:8]


class Looked(NamedTuple):
    """Whose a folder is, by the names in it."""

    folder: Folder
    """With the names that are no store's."""
    stores: tuple[tuple[str, str], ...]
    """Reader's name and path of each store in it."""
    detecting: tuple[int, ...]
    """The ranks of the readers of folders that may know something of it."""


class Readers(NamedTuple):
    """Who is asked, each in order of precedence."""

    folders: Sequence[FolderReader]
    stores: Sequence[StoreReader]


def look_at(place: Path, path: str, known: Node | None, readers: Readers, clock: Clock) -> Node:
    """Return a folder as it is now, with the claims that were made to it before.

    Raises:
        OSError: It cannot be listed.
    """
    facts = os.stat(place, follow_symlinks=path == HERE)  # noqa: PTH116 - by the ten thousand
    if known is not None and (known.inode, known.changed) == (facts.st_ino, facts.st_mtime_ns):
        since = known.since
    else:
        long_ago = clock.now() - facts.st_mtime > _LONG_AGO_S
        since = clock.steady() - (_LONG_AGO_S if long_ago else 0.0)
    listed, faults = clock.steady(), list[Fault]()
    folder = list_folder(place, path, faults)
    if folder is None:
        raise OSError(0, faults[-1].reason.removeprefix("cannot be listed: "))
    seen = looked(folder, path, readers, faults)
    return Node(
        facts.st_ino, facts.st_mtime_ns, since, listed, *seen, tuple(faults),
        known.found if known else (), known.passed if known else {},
        known.moving if known else -math.inf,
    )  # fmt: skip


def looked(folder: Folder, path: str, readers: Readers, faults: list[Fault]) -> Looked:
    """Return whose a folder is, which everybody who asks finds out here.

    Args:
        folder: All names in it.
        path: Where it is below what was opened, `HERE` for that itself.
        readers: Who is asked.
        faults: Grows by what went wrong.
    """
    stores = stores_in(folder, readers.stores, path, faults)
    folder = _names_left(folder, [name for _, name in stores])
    faults.extend(broken_in(folder, path))
    if path != HERE:
        folder = _without_other_files(folder, readers.stores, path, faults)
    return Looked(
        folder,
        tuple((reader.name, below(path, name)) for reader, name in stores),
        _detecting(folder, path, readers.folders, faults),
    )


def _detecting(
    folder: Folder, path: str, readers: Sequence[FolderReader], faults: list[Fault]
) -> tuple[int, ...]:
    ranks = []
    for rank, reader in enumerate(readers):
        try:
            if reader.detect(folder):
                ranks.append(rank)
        except Exception as problem:  # noqa: BLE001 - one of many must not stop the others
            faults.append(Fault(path, f"{reader.name} cannot look at it: {problem!r}"))
    return tuple(ranks)


def below(path: str, name: str) -> str:
    """Return the path of what is called ``name`` in the folder at ``path``."""
    if name == HERE:
        return path
    return name if path == HERE else f"{path}/{name}"


def _names_left(folder: Folder, stores: Sequence[str]) -> Folder:
    """Return a folder with the names that are no store's."""
    if HERE in stores:
        return Folder(folder.path, frozenset(), frozenset())
    return folder._replace(files=folder.files.difference(stores)) if stores else folder


def _without_other_files(
    folder: Folder, readers: Sequence[StoreReader], path: str, faults: list[Fault]
) -> Folder:
    """Return a folder without the folders that hold files of a store's runs, and no runs."""
    for reader in readers:
        asked = getattr(reader, "files_of_runs", None)  # of `HoldsFiles`, asked very often
        try:
            names = asked(folder) if asked else ()
        except Exception as problem:  # noqa: BLE001 - one of many must not stop the others
            faults.append(Fault(path, f"{reader.name} cannot look at it: {problem!r}"))
            continue
        if names:
            folder = folder._replace(folders=folder.folders.difference(names))
    return folder


def stores_in(
    folder: Folder, readers: Sequence[StoreReader], path: str, faults: list[Fault]
) -> list[tuple[StoreReader, str]]:
    """Return the stores in a folder and who reads them, each name once."""
    found: dict[str, StoreReader] = {}
    for reader in readers:
        try:
            for name in reader.roots(folder):
                found.setdefault(name, reader)
        except Exception as problem:  # noqa: BLE001 - one of many must not stop the others
            faults.append(Fault(path, f"{reader.name} cannot look at it: {problem!r}"))
        if HERE in found:
            return [(found[HERE], HERE)]
    return [(reader, name) for name, reader in found.items()]


def claims_to(
    seen: "Looked | Node",
    path: str,
    readers: Readers,
    before: Sequence[Found],
    faults: list[Fault] | None = None,
    passed: dict[int, object] | None = None,
) -> tuple[Found, ...]:
    """Return what the readers that detected a folder claim of it.

    Args:
        seen: The folder.
        path: Where it is below what was opened.
        readers: Who was asked.
        before: What was claimed at the last look.
        faults: Grows by what went wrong.
        passed: What readers noted that claimed nothing, by rank; becomes what they note now.
    """
    notes = {**(passed or {}), **{rank: claim.memory for rank, claim in before}}
    if passed is not None:
        passed.clear()
    found = []
    for rank in seen.detecting:
        reader = readers.folders[rank]
        try:
            claim: Claim | Passed | None = reader.claim(seen.folder, path, notes.get(rank))
        except Exception as problem:  # noqa: BLE001 - one of many must not stop the others
            if faults is not None:
                faults.append(Fault(path, f"{reader.name} cannot look at it: {problem!r}"))
            continue
        if isinstance(claim, Passed):
            if passed is not None:
                passed[rank] = claim.memory
        elif claim is not None:
            found.append(Found(rank, claim))
    return tuple(found)
