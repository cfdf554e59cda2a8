"""Walking through folders nobody prepared: bounded, and never out of the one opened."""

import math
import os
from collections import deque
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.clock import SYSTEM, Clock
from workbench.errors import FormatError
from workbench.formats.contract import Fault, Folder
from workbench.opening import printable

MOST_NAMES = 50_000
"""Names looked at in one folder; more are data."""
_NEVER = frozenset(
    ["node_modules", "venv", "env", "site-packages", "__pycache__", "__MACOSX", "trash"]
)
"""Names below which nobody keeps runs, and much else."""


HERE = "."
"""The path of the folder a walk begins in, and the key of a run that is this folder."""


class Limits(NamedTuple):
    """How much of a walk is enough."""

    depth: int = 8
    entries: int = 200_000
    seconds: float = 10.0


class Step(NamedTuple):
    """A folder met on a walk."""

    path: str
    """Relative to the root with ``/``; empty for the root itself."""
    folder: Folder


class Walk:
    """One walk, breadth first; ``prune`` a folder to leave out what is below it."""

    def __init__(
        self,
        root: Path,
        limits: Limits,
        clock: Clock = SYSTEM,
        listed: Callable[[Path, str, list[Fault]], Folder | None] | None = None,
        known: Container[str] = (),
    ) -> None:
        """Prepare a walk.

        Args:
            root: Where it begins.
            limits: How much is enough.
            clock: The time.
            listed: Lists a folder; default `list_folder`.
            known: Paths that cost no time any more: it counts from the first other one, so
                that every walk gets further than the one before.
        """
        self.root = root
        self.faults: list[Fault] = []
        self.truncated = False
        self.left: tuple[str, ...] = ()
        """The folders not reached: there was too much, or no time."""
        self.hurried = False
        """There was no time."""
        self.deeper: str | None = None
        """The first folder that lies too deep."""
        self._listed = listed or list_folder
        self._limits = limits
        self._clock = clock
        self._pruned: set[str] = set()
        self._known = known
        self._until = math.inf

    def prune(self, path: str) -> None:
        """Leave out what is below ``path``."""
        self._pruned.add(path)

    def steps(self) -> Iterator[Step]:
        """Yield every folder, the root first, those above before those below."""
        seen, waiting = 0, deque([("", 0)])
        while waiting:
            self.hurried = self._is_late(waiting[0][0])
            if self.hurried or seen > self._limits.entries:
                self.truncated, self.left = True, tuple(path for path, _ in waiting)
                return
            path, depth = waiting.popleft()
            if path in self._pruned:
                continue
            folder = self._listed(self.root / path, path, self.faults)
            if folder is None:
                continue
            seen += len(folder.files) + len(folder.folders) + 1
            yield Step(path, folder)
            if path in self._pruned:
                continue
            below = sorted(name for name in folder.folders if may_hold_runs(name))
            if depth == self._limits.depth and below:
                self.truncated = True
                self.deeper = self.deeper or f"{path}/{below[0]}"
                continue
            waiting.extend((f"{path}/{name}" if path else name, depth + 1) for name in below)

    def _is_late(self, path: str) -> bool:
        """Say whether there is no time for a folder."""
        if self._until == math.inf and (path or HERE) not in self._known:
            self._until = self._clock.steady() + self._limits.seconds
            return False
        return self._clock.steady() > self._until


def may_hold_runs(name: str) -> bool:
    """Say whether a folder of this name is worth looking into."""
    return not name.startswith(".") and name not in _NEVER


def folder_at(root: Path, key: str) -> Path:
    """Return the folder of a run that is a folder, from its key.

    Raises:
        FormatError: The key leads elsewhere: out of the root, over a link, or nowhere.
    """
    parts = () if key == HERE else tuple(key.split("/"))
    if any(not part or not may_hold_runs(part) or os.sep in part for part in parts):
        raise FormatError(f"{key!r} is not the key of a run.")
    folder = root.joinpath(*parts)
    if os.path.realpath(folder) != os.path.join(os.path.realpath(root), *parts):  # noqa: PTH118
        raise FormatError(f"{key!r} is not the key of a run.")
    return folder


def list_folder(path: Path, shown: str, faults: list[Fault]) -> Folder | None:
    """Return the names in a folder without its links; None and a fault if it cannot be listed."""
    files, folders, wrong = set[str](), set[str](), list[str]()
    place = shown or HERE
    try:
        with os.scandir(path) as entries:
            for number, entry in enumerate(entries):
                if number == MOST_NAMES:
                    reason = f"holds more than {MOST_NAMES:,} names; others are not looked at"
                    faults.append(Fault(place, reason))
                    break
                if printable(entry.name) != entry.name:
                    wrong.append(printable(entry.name))
                elif entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.add(entry.name)
    except OSError as problem:
        faults.append(Fault(place, f"cannot be listed: {problem.strerror}"))
        return None
    if wrong:
        more = f" and {len(wrong) - 1:,} more" if len(wrong) > 1 else ""
        name = min(wrong) if place == HERE else f"{place}/{min(wrong)}"
        faults.append(Fault(name, f"a name that is not UTF-8{more}; left out"))
    return Folder(path, frozenset(files), frozenset(folders))
