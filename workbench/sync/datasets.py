"""The versions of all datasets, kept up with in the catalogue.

A version never changes once it is there, so the time of a dataset's folder says whether any came
or went, and only manifests that are new are opened. With many datasets those that changed last
are looked at every time and the rest in turn: on a network drive every look costs a round trip.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from workbench.catalogue import data_versions as stored
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.data_versions import Found, KnownDataset, KnownVersion
from workbench.clock import Clock
from workbench.datasets.manifest import FOLDER, MANIFEST
from workbench.datasets.versions.folder import (
    Entry,
    entries,
    names,
    read_deleted,
    read_manifest,
    version_folder,
)
from workbench.errors import WorkbenchError
from workbench.formats.contract import Fault
from workbench.sync.declarations import Declarations
from workbench.sync.turns import RESTLESS_S, Turns
from workbench.words import visible

_ALL: Final = ""
"""The folder of all datasets; no dataset can be called so."""
_BATCH: Final = 1000
_SECOND: Final = 1_000_000_000


class Looked(NamedTuple):
    """What a part of a look brought."""

    datasets: frozenset[str]
    """Those of which versions came, went or can be read now, or of which the settings changed."""
    waiting: int = 0
    """Versions seen but not yet read."""


class _Wanted(NamedTuple):
    """What is to be done about a dataset."""

    name: str
    stamp: int
    read: tuple[Entry, ...]
    gone: tuple[int, ...]


class DataVersions:
    """Brings the datasets' part of one catalogue up to date; belongs to one thread at a time."""

    def __init__(
        self, workspace: Path, catalogue: Catalogue, clock: Clock, disk_time: Callable[[], float]
    ) -> None:
        self._root = workspace
        self._catalogue = catalogue
        self._disk_time = disk_time
        """The time on the workspace's disk, by which its folders are as old as they say."""
        self._known: dict[str, KnownDataset] = stored.known_datasets(catalogue)
        self._names: Sequence[str] = ()
        self._turns = Turns(clock)
        for name, one in self._known.items():
            if one.stamp:
                self._turns.knew(name, one.stamp)
        self._broken: dict[str, tuple[Fault, ...]] = {
            name: broken for name, one in self._known.items() if (broken := _broken(name, one))
        }
        self._folders: dict[str, str] = {}
        self._lost: dict[str, str] = {}
        """Why a folder cannot be listed, by its path."""
        self._declarations = Declarations(workspace)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what is misspelt, cannot be listed, and every manifest that cannot be read."""
        lost = (Fault(path, reason) for path, reason in sorted(self._lost.items()))
        broken = (fault for _, faults in sorted(self._broken.items()) for fault in faults)
        return (*self._declarations.faults, *lost, *broken)

    def folders(self) -> list[Path]:
        """Return the folders in which something may appear, the most telling first."""
        if not self._names:
            return []
        newest = [self._root / FOLDER / name for name in self._turns.newest()]
        return [self._root / FOLDER, *newest]

    def do_over(self) -> None:
        """Let the next look be at every dataset, however long it takes."""
        self._turns.do_over()

    def look(self) -> Iterator[Looked]:
        """Find versions that came or went and store them; tell when more is said of them."""
        if self._declarations.look():  # what is said of any of them may be another
            yield Looked(frozenset(self._known))
        self._list()
        gone = frozenset(self._known) - set(self._names)
        wanted = self._wanted()
        waiting = sum(len(one.read) for one in wanted)
        if gone:
            self._forget(gone)
            yield Looked(gone, waiting)
        for batch in _batches(wanted):
            waiting -= sum(len(one.read) for one in batch)
            changed = self._take_in(batch)
            if changed or waiting:
                yield Looked(changed, waiting)

    # -- looking -------------------------------------------------------------------------

    def _list(self) -> None:
        """List the datasets again if one may have come or gone."""
        try:
            stamp = os.stat(self._root / FOLDER).st_mtime_ns  # noqa: PTH116 - one of many
        except FileNotFoundError:
            self._names = ()
            self._turns.lose(_ALL)
            self._lost.pop(FOLDER, None)
            return
        except OSError as error:  # out of reach is not gone
            self._keep_names(f"cannot be read: {error.strerror or error}.")
            return
        if self._turns.is_settled(_ALL, stamp) and not self._turns.everything:
            return
        try:
            self._names = names(self._root)
        except OSError as error:
            self._keep_names(f"cannot be listed: {error.strerror or error}.")
            return
        self._lost.pop(FOLDER, None)
        if not self._names and not (self._root / FOLDER).is_dir():
            self._lost[FOLDER] = "is not a folder."
        self._turns.saw(_ALL, stamp)

    def _keep_names(self, why: str) -> None:
        self._names = self._names or tuple(self._known)
        self._lost[FOLDER] = why

    def _wanted(self) -> list[_Wanted]:
        """Return what is to be done, the datasets that changed last first."""
        found = (self._of(name) for name in self._turns.of(self._names))
        return sorted((one for one in found if one), key=lambda one: -one.stamp)

    def _of(self, name: str) -> _Wanted | None:
        """Return what is to be done about a dataset; None where nothing moved."""
        try:
            stamp = os.stat(self._folder_of(name)).st_mtime_ns  # noqa: PTH116 - the hot path
        except OSError:
            return None  # out of reach, or gone: the folder above says so
        again = name in self._broken and self._turns.to_try_again(name)
        if self._turns.is_settled(name, stamp) and not again:
            return None
        known, path = self._known.get(name), f"{FOLDER}/{name}"
        try:
            there = entries(self._root, name)
        except OSError as error:
            self._lost[path] = f"cannot be listed: {error.strerror or error}."
            return None
        self._lost.pop(path, None)
        versions = known.versions if known else {}
        moved = self._turns.stamp(name) != stamp
        read = tuple(one for one in there if self._is_new(name, one, versions, moved, again))
        gone = tuple(versions.keys() - {one.number for one in there})
        if not read and not gone and known is not None and not moved:
            self._turns.saw(name, stamp)
            return None
        return _Wanted(name, stamp, read, gone)

    def _folder_of(self, name: str) -> str:
        """Return the folder of a dataset; made once, for there may be a thousand."""
        found = self._folders.get(name)
        if found is None:
            found = self._folders[name] = str(self._root / FOLDER / name)
        return found

    def _is_new(
        self,
        name: str,
        entry: Entry,
        versions: Mapping[int, KnownVersion],
        moved: bool,
        again: bool,
    ) -> bool:
        """Say whether a version is to be read."""
        known = versions.get(entry.number)
        if known is None or entry.deleted != bool(known.deleted) or (again and known.fault):
            return True
        return moved and not entry.deleted and known.stamp != self._stamp(name, entry.number)

    def _stamp(self, name: str, number: int) -> int:
        """Return the time of a version's manifest, or of its folder; 0 where there is none."""
        folder = version_folder(self._root, name, number)
        for path in (folder / MANIFEST, folder):
            try:
                return os.stat(path).st_mtime_ns  # noqa: PTH116 - one of very many
            except OSError:
                continue
        return 0

    # -- taking in -----------------------------------------------------------------------

    def _take_in(self, batch: Sequence[_Wanted]) -> frozenset[str]:
        """Read and store some datasets; return those that are not as they were."""
        found = [self._found(one.name, entry) for one in batch for entry in one.read]
        gone = [(one.name, number) for one in batch for number in one.gone]
        now = self._disk_time()
        stamps = {
            one.name: one.stamp if now - one.stamp / _SECOND > RESTLESS_S else 0 for one in batch
        }
        try:
            stored.store(self._catalogue, found, gone=gone, stamps=stamps)
        except Exception:  # noqa: BLE001 - one of many must not stop the others
            found = [self._stored_alone(one) for one in found]
            stored.store(self._catalogue, [], gone=gone, stamps=stamps)
        if gone:
            stored.drop_unused_schemas(self._catalogue)
        return self._remember(batch, found)

    def _remember(self, batch: Sequence[_Wanted], found: Sequence[Found]) -> frozenset[str]:
        read: dict[str, dict[int, KnownVersion]] = {}
        for one in found:
            read.setdefault(one.dataset, {})[one.number] = stored.known(one)
        changed = set()
        for wanted in batch:
            self._turns.saw(wanted.name, wanted.stamp)
            before = self._known.get(wanted.name)
            kept = {
                number: one
                for number, one in (before.versions if before else {}).items()
                if number not in wanted.gone
            }
            after = kept | read.get(wanted.name, {})
            if before is None or before.versions != after:
                changed.add(wanted.name)
                self._turns.changed(wanted.name)
            self._known[wanted.name] = now = KnownDataset(wanted.stamp, after)
            self._broken.pop(wanted.name, None)
            if broken := _broken(wanted.name, now):
                self._broken[wanted.name] = broken
        return frozenset(changed)

    def _found(self, name: str, entry: Entry) -> Found:
        """Read one version; one that cannot be read is a version that says why."""
        number = entry.number
        self._turns.tried(name)
        stamp = self._stamp(name, number)
        try:
            if entry.deleted:
                return self._deleted(name, number, stamp)
            return Found(name, number, stamp, read_manifest(self._root, name, number))
        except Exception as error:  # noqa: BLE001 - one of many must not stop the others
            return Found(name, number, stamp, None, fault=_reason(error))

    def _deleted(self, name: str, number: int, stamp: int) -> Found:
        marker = read_deleted(self._root, name, number)
        actor, reason = (marker.actor, marker.reason) if marker else ("", "")
        said = visible(f"{actor or 'somebody'}{f': {reason}' if reason else ''}")
        return Found(name, number, stamp, None, deleted=said, hash=marker.hash if marker else "")

    def _stored_alone(self, one: Found) -> Found:
        """Store one version; one that cannot be stored is a version that says why."""
        try:
            stored.store(self._catalogue, [one])
        except Exception as error:  # noqa: BLE001
            one = Found(one.dataset, one.number, one.stamp, None, fault=_reason(error))
            stored.store(self._catalogue, [one])
        return one

    def _forget(self, gone: frozenset[str]) -> None:
        numbers = [(name, number) for name in gone for number in self._known[name].versions]
        stored.store(self._catalogue, [], gone=numbers, stamps=dict.fromkeys(gone))
        stored.drop_unused_schemas(self._catalogue)
        for name in gone:
            self._turns.forget(name)
            for remembered in (self._known, self._broken, self._folders):
                remembered.pop(name, None)
            self._lost.pop(f"{FOLDER}/{name}", None)


def _broken(name: str, dataset: KnownDataset) -> tuple[Fault, ...]:
    """Return what of a dataset cannot be read, in order of number."""
    return tuple(
        Fault(f"{FOLDER}/{name}/{number}/{MANIFEST}", one.fault)
        for number, one in sorted(dataset.versions.items())
        if one.fault
    )


def _batches(wanted: Sequence[_Wanted]) -> Iterator[list[_Wanted]]:
    """Yield datasets together until there are enough versions to read."""
    batch: list[_Wanted] = []
    for one in wanted:
        batch.append(one)
        if sum(len(each.read) for each in batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _reason(error: Exception) -> str:
    if isinstance(error, WorkbenchError):
        return error.message
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}."
    return visible(str(error).partition("\n")[0]) or type(error).__name__
