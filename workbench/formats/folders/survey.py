"""Which folders are runs, remembered from one look to the next.

Of a folder that is settled only the time is looked at. What grows in a file leaves no
trace there: of the runs that may be going on the files are looked at every time, of
the others a part, so that what is written to an old run is seen within a few looks. Ten
thousand settled runs cost tens of milliseconds.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock
from workbench.formats.contract import Fault, Folder, RunRef, Survey
from workbench.formats.folders.grouping import Found, Run, above, grouped, ref_of, same_but_stamp
from workbench.formats.folders.listing import Node, Readers, claims_to, look_at
from workbench.formats.walking import HERE, Limits, Walk

_TURNS = 40
"""Looks after which each finished run was looked at again."""
_TURNS_OF_NAMES = 100
"""Looks after which each settled folder was listed again."""
_LEAST = 64
"""Finished runs looked at in each look at least."""


class Memory(NamedTuple):
    """What one survey leaves to the next."""

    nodes: Mapping[str, Node]
    runs: Mapping[str, Run]
    refs: Mapping[str, RunRef]
    turn: int = 0
    """Which of the finished runs are to be looked at next."""
    relisted: int = 0
    """Which of the settled folders are to be listed next, in case their times lie."""
    faults: tuple[Fault, ...] = ()
    """What the last walk could not list or left out."""
    truncated: bool = False
    """There was more than could be looked through."""
    unfinished: bool = False
    """There was no time for all: the next look goes on."""

    def is_store(self, path: str) -> bool:
        """Say whether a folder is a store: that is found in it or in a folder above."""
        nodes = (self.nodes.get(place) for place in (path, *above(path)))
        return any(path == store for node in nodes if node for _, store in node.stores)


NOTHING = Memory({}, {}, {})


def survey(
    root: Path, readers: Readers, before: Memory, clock: Clock, limits: Limits
) -> tuple[Survey, Memory]:
    """Return the runs below ``root``, and the memory that is in the survey too."""
    look = _Look(root, readers, before, clock, limits)
    if not look.is_done_at_a_glance():
        look = _Look(root, readers, before, clock, limits)
        look.walk()
    memory = look.remembered()
    return Survey(memory.refs, memory, look.faults(), look.hurried), memory


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
        self._root = root
        self._readers = readers
        self._before = before
        self._clock = clock
        self._walk = Walk(root, limits, clock, self._listed, before.nodes)
        self._nodes: dict[str, Node] = {}
        self.hurried = False
        """There was no time for all."""
        self._unseen: set[str] = set()
        """Folders that are there and cannot be listed: a drive may fail for a moment."""
        self._faults: list[Fault] = []
        self._moved: set[str] = set()
        """Folders of which a claim's stamp changed, or which were listed anew."""
        self._regrouped = not before.nodes
        number = len(before.nodes)
        self._due = _Turn(before.turn, max(_LEAST, number // _TURNS))
        self._due_names = _Turn(before.relisted, 1 + number // _TURNS_OF_NAMES)
        self._left = (before.faults, before.truncated, before.unfinished)

    def is_done_at_a_glance(self) -> bool:
        """Look at the times of the folders known; return false if folders came or went."""
        known = self._before.nodes
        if not known or self._before.unfinished:
            return False
        self._nodes = dict(known)
        prefix = f"{self._root}/"
        for path, node in known.items():
            place = f"{prefix}{path}"
            try:
                facts = os.stat(place, follow_symlinks=path == HERE)  # noqa: PTH116 - very many
                if node.is_settled(facts) and not self._due_names.comes():
                    continue
                seen = look_at(Path(place), path, node, self._readers, self._clock)
            except OSError:
                return False
            if (seen.folder.folders, seen.stores) != (node.folder.folders, node.stores):
                return False
            self._see(path, seen, node)
        for path, node in self._nodes.items():
            if (node.detecting or node.found) and not self._claimed(path, node):
                return False
        return True

    def walk(self) -> None:
        """Look at every folder."""
        for step in self._walk.steps():
            path = step.path or HERE
            node = self._nodes[path]
            for _, store in node.stores:
                self._walk.prune("" if store == HERE else store)
            if node.detecting or node.found:
                self._claimed(path, node)
                if _is_closed(self._nodes[path]):
                    self._walk.prune(step.path)
        self._keep_unreached()
        faults = (*self._walk.faults, *_left_out(self._walk))
        self.hurried = self._walk.hurried
        self._left = (faults, self._walk.truncated, self.hurried or bool(self._unseen))

    def _listed(self, place: Path, shown: str, faults: list[Fault]) -> Folder | None:
        """Return a folder's names, from memory if they cannot have changed."""
        path = shown or HERE
        known = self._before.nodes.get(path)
        try:
            facts = os.stat(place, follow_symlinks=not shown)  # noqa: PTH116 - very many
            if known is not None and known.is_settled(facts) and not self._due_names.comes():
                self._nodes[path] = known
                return known.folder
            seen = look_at(place, path, known, self._readers, self._clock)
        except OSError as problem:
            faults.append(Fault(path, f"cannot be listed: {problem.strerror}"))
            if not isinstance(problem, FileNotFoundError | NotADirectoryError):
                self._unseen.add(path)
            return None
        self._see(path, seen, known)
        return seen.folder

    def _see(self, path: str, node: Node, known: Node | None) -> None:
        """Take note of a folder that was listed now."""
        self._nodes[path] = node
        if known is None or not node.like(known) or node.changed != known.changed:
            self._moved.add(path)
        if node.stores != (known.stores if known else ()):
            self._regrouped = True

    def _claimed(self, path: str, node: Node) -> bool:
        """Ask who claims a folder, if that may have changed; false if what is below it matters."""
        live = any(claim.live for _, claim in node.found)
        if not (self._due.comes() or live or path in self._moved):
            return True
        passed = dict(node.passed)
        found = claims_to(node, path, self._readers, node.found, self._faults, passed)
        node = self._nodes[path] = node._replace(passed=passed, moving=self._moving(node, found))
        found = self._lively(node, found)
        if found == node.found:
            return True
        self._moved.add(path)
        self._regrouped = self._regrouped or not same_but_stamp(found, node.found)
        self._nodes[path] = node._replace(found=found)
        return _is_closed(node) == _is_closed(self._nodes[path])

    def _moving(self, node: Node, found: tuple[Found, ...]) -> float:
        """Return when a file of a folder was last seen to have changed."""
        stamps = {rank: claim.stamp for rank, claim in node.found}
        moved = any(stamps.get(rank, claim.stamp) != claim.stamp for rank, claim in found)
        return self._clock.steady() if moved else node.moving

    def _lively(self, node: Node, found: tuple[Found, ...]) -> tuple[Found, ...]:
        """Say of claims whether they may change at any time: what changed lately may.

        A file server's clock may be off, so what was seen to change counts as much as dates.
        """
        quiet, now = self._clock.steady() - node.moving, self._clock.now()
        return tuple(
            Found(rank, claim._replace(live=True))
            if min(now - claim.changed, quiet) < claim.live_for
            else Found(rank, claim)
            for rank, claim in found
        )

    def _keep_unreached(self) -> None:
        """Keep what is known of folders nobody could look at now: they are not gone."""
        left = self._unseen | {path or HERE for path in self._walk.left}
        for path, node in self._before.nodes.items() if left else ():
            parent = path.rpartition("/")[0] or HERE
            if path not in self._nodes and (path in left or parent in left):
                left.add(path)
                self._nodes[path] = node

    def remembered(self) -> Memory:
        """Return what was found; the very refs of the last look if nothing moved."""
        before = self._before
        notes = (self._due.next(), self._due_names.next(), *self._left)
        gone = before.nodes.keys() - self._nodes.keys()
        if not (self._regrouped or gone or self._moved):
            return Memory(self._nodes, before.runs, before.refs, *notes)
        claims = {path: node.found for path, node in self._nodes.items() if node.found}
        stores = {store for node in self._nodes.values() for _, store in node.stores}
        runs = grouped(claims, stores) if self._regrouped or gone else before.runs
        refs: dict[str, RunRef] = {}
        for key, run in runs.items():
            old = before.refs.get(key)
            if old is None or before.runs[key] != run or self._has_moved(key, run):
                node = self._nodes.get(key)
                old = ref_of(key, run, claims, node.changed if node else 0)
            refs[key] = old
        return Memory(self._nodes, runs, before.refs if refs == before.refs else refs, *notes)

    def _has_moved(self, key: str, run: Run) -> bool:
        return key in self._moved or any(path in self._moved for path, _ in run.claims)

    def faults(self) -> tuple[Fault, ...]:
        """Return what could not be read, and what was left out."""
        found = [*self._left[0], *self._faults]
        found += [fault for node in self._nodes.values() if node.faults for fault in node.faults]
        return tuple(dict.fromkeys(found))


def _is_closed(node: Node) -> bool:
    return any(claim.closed for _, claim in node.found)


def _left_out(walk: Walk) -> list[Fault]:
    """Return what a walk did not look at."""
    faults = []
    if walk.deeper is not None:
        faults.append(Fault(walk.deeper.lstrip("/"), "lies too deep; nothing below is looked at"))
    if walk.left:
        more = f"and {len(walk.left) - 1:,} more folders " if len(walk.left) > 1 else ""
        why = "not looked at yet" if walk.hurried else "not looked at: there is too much here"
        faults.append(Fault(walk.left[0] or HERE, f"{more}{why}"))
    return faults
