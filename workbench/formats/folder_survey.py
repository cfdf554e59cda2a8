"""Which folders are runs, remembered from one look to the next.

A name that appears in a folder or leaves it changes the folder's time, so a settled
folder is listed once. What grows in a file does not: of the runs that may be going on
the files are looked at every time, of the others a part, so that what is written to an
old run is seen within a few looks.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.formats.contract import (
    Claim,
    Fault,
    Folder,
    FolderReader,
    RunRef,
    StoreReader,
    Survey,
)
from workbench.formats.grouping import Found, Run, grouped, ref_of, same_but_stamp
from workbench.formats.walking import HERE, Limits, Walk, list_folder

_SETTLED_S = 2.0
"""Longer than a tick of any disk's clock: a listing older than that has missed nothing."""
_LONG_AGO_S = 3600.0
"""More than clocks differ: a folder unchanged for so long is settled at the first look."""
_TURNS = 20
"""Looks after which each finished run was looked at again."""
_TURNS_OF_NAMES = 100
"""Looks after which each settled folder was listed again."""
_LEAST = 64
"""Finished runs looked at in each look at least."""


class Node(NamedTuple):
    """A folder as it was seen."""

    inode: int
    changed: int
    since: float
    """When it was first seen like this, on the steady clock; long ago if it was settled."""
    listed: float
    folder: Folder
    stores: tuple[tuple[str, str], ...]
    """Reader's name and path of each store in it: what is there is theirs."""
    detecting: tuple[int, ...]
    faults: tuple[Fault, ...]
    found: tuple[Found, ...] = ()


class Memory(NamedTuple):
    """What one survey leaves to the next."""

    nodes: Mapping[str, Node]
    runs: Mapping[str, Run]
    refs: Mapping[str, RunRef]
    turn: int = 0
    """Which of the finished runs are to be looked at next."""
    relisted: int = 0
    """Which of the settled folders are to be listed next, in case their times lie."""
    truncated: bool = False
    """There was more than could be looked through."""


class Readers(NamedTuple):
    """Who is asked, each in order of precedence."""

    folders: Sequence[FolderReader]
    stores: Sequence[StoreReader]


NOTHING = Memory({}, {}, {})


def survey(
    root: Path, readers: Readers, before: Memory, clock: Clock, limits: Limits
) -> tuple[Survey, Memory]:
    """Return the runs below ``root``, and the memory that is in the survey too."""
    look = _Look(root, readers, before, clock, limits)
    look.walk()
    memory = look.remembered()
    return Survey(memory.refs, memory, look.faults()), memory


class _Turn:
    """Lets a part of many come in each look, so that all have come after some looks."""

    def __init__(self, first: int, share: int) -> None:
        self._first, self._last = first, first + share
        self._number = 0

    def comes(self) -> bool:
        """Say whether it is the turn of the next one."""
        self._number += 1
        return self._first < self._number <= self._last

    def next(self) -> int:
        """Return where the next look is to begin."""
        return self._last if self._last < self._number else 0


class _Look:
    """One look at a folder and all below it."""

    def __init__(
        self, root: Path, readers: Readers, before: Memory, clock: Clock, limits: Limits
    ) -> None:
        self._readers = readers
        self._before = before
        self._clock = clock
        self._walk = Walk(root, limits, clock, self._listed)
        self._nodes: dict[str, Node] = {}
        self._faults: list[Fault] = []
        self._moved: set[str] = set()
        """Folders of which a claim's stamp changed, or which were listed anew."""
        self._anew = not before.refs
        """No claim is remembered."""
        self._regrouped = self._anew
        number = len(before.nodes)
        self._due = _Turn(before.turn, max(_LEAST, number // _TURNS))
        self._due_names = _Turn(before.relisted, 1 + number // _TURNS_OF_NAMES)

    def walk(self) -> None:
        """Look at every folder."""
        for step in self._walk.steps():
            path = step.path or HERE
            node = self._nodes[path]
            for _, store in node.stores:
                self._walk.prune("" if store == HERE else store)
            if node.detecting:
                node = self._nodes[path] = self._claimed(path, node)
                if any(claim.closed for _, claim in node.found):
                    self._walk.prune(step.path)
        self._keep_unreached()

    def _listed(self, place: Path, shown: str, faults: list[Fault]) -> Folder | None:
        """Return a folder's names, from memory if they cannot have changed."""
        path = shown or HERE
        known = self._before.nodes.get(path)
        try:
            facts = os.stat(place, follow_symlinks=not shown)  # noqa: PTH116 - by the ten thousand
        except OSError as problem:
            faults.append(Fault(path, f"cannot be listed: {problem.strerror}"))
            return None
        now = self._clock.steady()
        if known is not None and (known.inode, known.changed) == (facts.st_ino, facts.st_mtime_ns):
            settled = known.listed - known.since > _SETTLED_S
            if settled and not self._due_names.comes():
                self._nodes[path] = known
                return known.folder
            since = known.since
        else:
            long_ago = self._clock.now() - facts.st_mtime > _LONG_AGO_S
            since = now - _LONG_AGO_S if long_ago else now
        said: list[Fault] = []
        folder = list_folder(place, shown, said)
        if folder is None:
            faults += said
            return None
        node = self._seen(path, folder, facts, since, now, said)
        if known is None or node._replace(since=0.0, listed=0.0) != known._replace(
            since=0.0, listed=0.0
        ):
            self._moved.add(path)
        self._nodes[path] = node
        return node.folder

    def _seen(
        self, path: str, folder: Folder, facts: os.stat_result, since: float, now: float,
        faults: list[Fault],
    ) -> Node:  # fmt: skip
        """Ask every reader about a folder that was listed now."""
        stores = stores_in(folder, self._readers.stores, path, faults)
        folder = names_left(folder, [name for _, name in stores])
        paths = tuple((reader.name, below(path, name)) for reader, name in stores)
        detecting = self._detecting(path, folder, faults)
        known = self._before.nodes.get(path)
        return Node(
            facts.st_ino, facts.st_mtime_ns, since, now, folder, paths, detecting, tuple(faults),
            known.found if known else (),
        )  # fmt: skip

    def _detecting(self, path: str, folder: Folder, faults: list[Fault]) -> tuple[int, ...]:
        ranks = []
        for rank, reader in enumerate(self._readers.folders):
            try:
                if reader.detect(folder):
                    ranks.append(rank)
            except Exception as problem:  # noqa: BLE001 - one of many must not stop the others
                faults.append(Fault(path, f"{reader.name} cannot look at it: {problem!r}"))
        return tuple(ranks)

    def _claimed(self, path: str, node: Node) -> Node:
        """Return the node with the claims to it as they are now."""
        live = any(claim.live for _, claim in node.found)
        due = self._due.comes()
        if not (live or due or self._anew or path in self._moved):
            return node
        said: list[Fault] = []
        found = claims_to(
            node.folder, path, self._readers.folders, node.detecting, node.found, said
        )
        if said:
            self._faults += said
        if found == node.found:
            return node
        self._moved.add(path)
        self._regrouped = self._regrouped or not same_but_stamp(found, node.found)
        return node._replace(found=found)

    def _keep_unreached(self) -> None:
        """Keep what is known of folders for which there was no time: they are not gone."""
        if not self._walk.left:
            return
        left = set(self._walk.left)
        for path, node in self._before.nodes.items():
            if path in self._nodes:
                continue
            parent = path.rpartition("/")[0] or HERE
            if path in left or parent in left:
                left.add(path)
                self._nodes[path] = node

    def remembered(self) -> Memory:
        """Return what was found; the very refs of the last look if nothing moved."""
        before = self._before
        claims = {path: node.found for path, node in self._nodes.items() if node.found}
        gone = any(node.found and path not in claims for path, node in before.nodes.items())
        notes = (self._due.next(), self._due_names.next(), self._walk.truncated)
        if not (self._regrouped or gone or self._moved):
            return Memory(self._nodes, before.runs, before.refs, *notes)
        runs = grouped(claims) if self._regrouped or gone else before.runs
        refs = {}
        for key, run in runs.items():
            old = before.refs.get(key)
            if old is not None and before.runs[key] == run and not self._has_moved(key, run):
                refs[key] = old
            else:
                node = self._nodes.get(key)
                refs[key] = ref_of(key, run, claims, node.changed if node else 0)
        same = refs == before.refs and list(refs) == list(before.refs)
        return Memory(self._nodes, runs, before.refs if same else refs, *notes)

    def _has_moved(self, key: str, run: Run) -> bool:
        return key in self._moved or any(path in self._moved for path, _ in run.claims)

    def faults(self) -> tuple[Fault, ...]:
        """Return what could not be read, and what was left out."""
        found = [*self._walk.faults, *self._faults]
        found += [fault for node in self._nodes.values() if node.faults for fault in node.faults]
        return (*found, *left_out(self._walk))


def left_out(walk: Walk) -> list[Fault]:
    """Return what a walk did not look at."""
    faults = []
    if walk.deeper is not None:
        faults.append(Fault(walk.deeper.lstrip("/"), "lies too deep; nothing below is looked at"))
    if walk.left:
        first = walk.left[0] or HERE
        more = f" and {len(walk.left) - 1:,} more" if len(walk.left) > 1 else ""
        faults.append(Fault(first, f"{more} not looked at: there is too much here".strip()))
    return faults


def below(path: str, name: str) -> str:
    """Return the path of what is called ``name`` in the folder at ``path``."""
    if name == HERE:
        return path
    return name if path == HERE else f"{path}/{name}"


def names_left(folder: Folder, stores: Sequence[str]) -> Folder:
    """Return a folder with the names that are no store's."""
    if HERE in stores:
        return Folder(folder.path, frozenset(), frozenset())
    return folder._replace(files=folder.files.difference(stores)) if stores else folder


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
    folder: Folder, path: str, readers: Sequence[FolderReader], ranks: Sequence[int],
    before: Sequence[Found], faults: list[Fault],
) -> tuple[Found, ...]:  # fmt: skip
    """Return what the readers that detected a folder claim of it."""
    notes = {rank: claim.memory for rank, claim in before}
    found = []
    for rank in ranks:
        try:
            claim: Claim | None = readers[rank].claim(folder, path, notes.get(rank))
        except Exception as problem:  # noqa: BLE001 - one of many must not stop the others
            faults.append(Fault(path, f"{readers[rank].name} cannot look at it: {problem!r}"))
            continue
        if claim is not None:
            found.append(Found(rank, claim))
    return tuple(found)
