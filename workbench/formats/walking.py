"""Walking through folders nobody prepared: bounded, and never out of the one opened."""

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from workbench.clock import SYSTEM, Clock
from workbench.formats.contract import Fault, Folder
from workbench.opening import printable

_NEVER = frozenset(
    ["node_modules", "venv", "env", "site-packages", "__pycache__", "__MACOSX", "trash"]
)
"""Names below which nobody keeps runs, and much else."""


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

    def __init__(self, root: Path, limits: Limits, clock: Clock = SYSTEM) -> None:
        self.root = root
        self.faults: list[Fault] = []
        self.truncated = False
        self._limits = limits
        self._clock = clock
        self._pruned: set[str] = set()

    def prune(self, path: str) -> None:
        """Leave out what is below ``path``."""
        self._pruned.add(path)

    def steps(self) -> Iterator[Step]:
        """Yield every folder, the root first, those above before those below."""
        until = self._clock.steady() + self._limits.seconds
        seen, waiting = 0, deque([("", 0)])
        while waiting:
            path, depth = waiting.popleft()
            if seen > self._limits.entries or self._clock.steady() > until:
                self.truncated = True
                return
            folder = list_folder(self.root / path, path, self.faults)
            if folder is None:
                continue
            seen += len(folder.files) + len(folder.folders) + 1
            yield Step(path, folder)
            if path in self._pruned:
                continue
            below = sorted(name for name in folder.folders if may_hold_runs(name))
            if depth == self._limits.depth:
                self.truncated = self.truncated or bool(below)
                continue
            waiting.extend((f"{path}/{name}" if path else name, depth + 1) for name in below)


def may_hold_runs(name: str) -> bool:
    """Say whether a folder of this name is worth looking into."""
    return not name.startswith(".") and name not in _NEVER


def list_folder(path: Path, shown: str, faults: list[Fault]) -> Folder | None:
    """Return the names in a folder without its links; None and a fault if it cannot be listed."""
    files, folders = set(), set()
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if printable(entry.name) != entry.name:
                    faults.append(
                        Fault(f"{shown}/{printable(entry.name)}", "a name that is not UTF-8")
                    )
                elif entry.is_dir(follow_symlinks=False):
                    folders.add(entry.name)
                elif entry.is_file(follow_symlinks=False):
                    files.add(entry.name)
    except OSError as problem:
        faults.append(Fault(shown or ".", f"cannot be listed: {problem.strerror}"))
        return None
    return Folder(path, frozenset(files), frozenset(folders))
