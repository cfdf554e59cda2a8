"""Finding out what lies in a folder: which readers there are, and which runs they see."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, cast

from workbench.clock import Clock
from workbench.errors import NotFoundError
from workbench.formats import known
from workbench.formats.contract import (
    Fault,
    Folder,
    FolderReader,
    Reader,
    SourceReader,
    StoreReader,
)
from workbench.formats.folders.grouping import above
from workbench.formats.folders.listing import Node, Readers, claims_to, looked, stores_in
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.folders.survey import Memory
from workbench.formats.foreign import held
from workbench.formats.native.reader import NativeReader
from workbench.formats.plain import PlainReader, is_undecided
from workbench.formats.walking import HERE, Limits, list_folder

NATIVE = NativeReader()


ENTRY_POINTS = "workbench.formats"
"""The group under which others add readers: a class that can be called without arguments."""
_NEEDED = ("name", "title", "live", "verified", "read", "points", "artifact", "texts")
_NEEDED_OF_STORES = ("roots", "survey")
_NEEDED_OF_FOLDERS = ("detect", "claim", "lists_files")


class Source(NamedTuple):
    """A folder of runs and who reads it."""

    format: str
    root: str
    """A folder or a file, relative to the folder looked through, with ``/``; empty for that
    folder itself."""


class Discovery(NamedTuple):
    """What a folder holds."""

    sources: tuple[Source, ...]
    known: tuple[tuple[str, int], ...]
    """What was understood but cannot be read: title and how many."""
    faults: tuple[Fault, ...] = ()
    truncated: bool = False
    """There was more than could be looked through."""
    undecided: int = 0
    """Folders of tables that may be runs: a person says it with ``workbench formats answer``."""


class Installed(NamedTuple):
    """The readers there are, those that count most first, and those that do not work."""

    stores: tuple[StoreReader, ...]
    folders: tuple[FolderReader, ...]
    faults: tuple[Fault, ...]

    @property
    def formats(self) -> tuple[Reader, ...]:
        """Return the reader of every format."""
        return (*self.stores, *self.folders)


class _Several(NamedTuple):
    stores: list[StoreReader]
    folders: list[FolderReader]
    faults: list[Fault]


@cache
def installed() -> Installed:
    """Return the readers of this program and of the packages installed beside it."""
    from workbench.formats import tools as own  # noqa: PLC0415 - a tenth of a second

    added, stores, tools = _Several([], [], []), (NATIVE, *own.STORES), own.FOLDERS
    names = {reader.name for reader in (*stores, *tools)} | {FoldersReader.name, PlainReader.name}
    for point in metadata.entry_points(group=ENTRY_POINTS):
        try:
            reader = point.load()()
            reason = _objection(reader, names)
            reader = reader if reason else held(reader)
        except (Exception, SystemExit) as problem:  # noqa: BLE001 - must not stop ours
            added.faults.append(Fault(point.value, f"does not load: {problem!r}"))
            continue
        if reason:
            added.faults.append(Fault(point.value, reason))
            continue
        names.add(reader.name)
        (added.stores if hasattr(reader, "survey") else added.folders).append(reader)
    tools = (*tools, *added.folders)
    return Installed((*stores, *added.stores), (*tools, PlainReader(tools)), tuple(added.faults))


def _objection(reader: object, names: set[str]) -> str:
    """Return why something is no reader, or nothing."""
    kind = _NEEDED_OF_STORES if hasattr(reader, "survey") else _NEEDED_OF_FOLDERS
    wanting = [name for name in (*_NEEDED, *kind) if not hasattr(reader, name)]
    if wanting:
        return f"is no reader: it has no {wanting[0]}"
    name = getattr(reader, "name", "")
    return f"calls itself {name!r}, which is taken" if name in names else ""


@cache
def folders_reader(limits: Limits | None = None) -> FoldersReader:
    """Return the reader of all folders; it remembers what it saw within its limits."""
    there = installed()
    return FoldersReader(there.folders, there.stores, limits=limits)


@cache
def readers(limits: Limits | None = None) -> tuple[SourceReader, ...]:
    """Return the readers of sources: every store's, and the one of all folders.

    Args:
        limits: How much of a walk is enough; give those that `discover` was given.
    """
    return (*installed().stores, folders_reader(limits))


def reader_named(name: str) -> SourceReader:
    """Return the reader of a source.

    Raises:
        NotFoundError: There is none of that name.
    """
    if name == NATIVE.name:
        return NATIVE
    for reader in readers():
        if reader.name == name:
            return reader
    there = ", ".join(reader.name for reader in readers())
    raise NotFoundError(f"There is no reader for {name!r}.", hint=f"Choose one of {there}.")


def discover(root: Path, limits: Limits | None = None, clock: Clock | None = None) -> Discovery:
    """Return the sources at and below ``root``, and what is known but cannot be read."""
    there = installed()
    if root.is_file():
        return _of_file(root)
    reader = folders_reader(limits)
    if clock:
        reader = FoldersReader(there.folders, there.stores, clock, limits)
    found = reader.survey(root, None)
    memory = cast("Memory", found.memory)
    order = {one.name: number for number, one in enumerate(there.stores)}
    stores = [
        Source(name, "" if path == HERE else path)
        for node in memory.nodes.values()
        for name, path in node.stores
    ]
    stores.sort(key=lambda source: order[source.format])
    everywhere = [Source(FoldersReader.name, "")] if memory.runs else []
    faults = (*found.faults, *there.faults)
    return Discovery(
        (*stores, *everywhere), _counted(memory), faults, memory.truncated, _undecided(memory)
    )


def holds_a_run(folder: Path) -> bool:
    """Say whether a folder is a run itself, or a part of one."""
    listed = list_folder(folder, "", [])
    if listed is None:
        return False
    asked = Readers(installed().folders, installed().stores)
    return bool(claims_to(looked(listed, HERE, asked, []), HERE, asked, ()))


def _of_file(path: Path) -> Discovery:
    """Return the store that a file is, if it is one."""
    folder, faults = Folder(path.parent, frozenset([path.name]), frozenset()), list[Fault]()
    stores = stores_in(folder, installed().stores, HERE, faults)
    found = [Source(reader.name, "") for reader, name in stores if name == path.name]
    return Discovery(tuple(found), (), (*faults, *installed().faults))


def unclaimed(memory: Memory) -> Iterator[tuple[str, Node]]:
    """Yield the folders that are no run and in none; all are in the one that was opened."""
    for path, node in memory.nodes.items():
        inside = any(
            folder != HERE and folder in memory.nodes and memory.nodes[folder].found
            for folder in above(path)
        )
        if not node.found and not inside:
            yield path, node


def _counted(memory: Memory) -> tuple[tuple[str, int], ...]:
    """Return what is known but cannot be read: title and how many."""
    counts = Counter(
        title
        for node in memory.nodes.values()
        if not node.found
        for title in known.titles_in(node.folder)
    )
    return tuple(sorted(counts.items()))


def _undecided(memory: Memory) -> int:
    """Return how many folders have tables of which a person must say what they are."""
    plain = len(installed().folders) - 1
    return sum(is_undecided(node.passed.get(plain)) for _, node in unclaimed(memory))
