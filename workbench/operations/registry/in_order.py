"""What this session found in order, so that looking again costs next to nothing.

Kept in memory, never written: another process finds out for itself.
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from workbench.errors import SettingsError
from workbench.operations.session import Session
from workbench.registry.checks import Policy
from workbench.registry.policy import read_policy
from workbench.settings import SETTINGS

Stamp = tuple[int, int, int] | None
"""Inode, time of change in nanoseconds and size of a file; None where there is none."""
_FIRST_WAIT: Final = 15.0
_LONGEST_WAIT: Final = 600.0


class Seen(NamedTuple):
    """What was looked at when a model was found in order."""

    next_event: str
    """Path of the event that was not there yet."""
    stamps: tuple[tuple[str, Stamp], ...]
    """Every pointer of the model, as it was before it was read."""
    settings: str
    """Hash of the settings that said where to deploy to."""


@dataclass(slots=True)
class Memory:
    """What one session remembers."""

    seen: dict[str, Seen] = field(default_factory=dict)
    waits: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    """By model and stage: when to try again by the steady clock, and how long the wait was."""
    settings: tuple[Stamp, Policy | None] | None = None

    def policy(self, root: Path) -> Policy | None:
        """Return the settings, read when the file is another one; None if they cannot be read."""
        now = stamp(root / SETTINGS)
        if self.settings is None or self.settings[0] != now:
            try:
                self.settings = (now, read_policy(root))
            except SettingsError:
                self.settings = (now, None)
        return self.settings[1]

    def in_order(self, model: str, policy: Policy | None) -> bool:
        """Say whether nothing changed since a model was found in order."""
        seen = self.seen.get(model)
        return (
            seen is not None
            and seen.settings == settings_of(policy)
            and not os.path.lexists(seen.next_event)
            and all(stamp(path) == before for path, before in seen.stamps)
        )

    def keep(self, model: str, seen: Seen | None) -> None:
        """Remember that a model is in order, or that it is not."""
        if seen is None:
            self.seen.pop(model, None)
        else:
            self.seen[model] = seen

    def tried(self, model: str, stage: str, *, done: bool, now: float) -> None:
        """Remember that a repair went through, or wait longer each time before the next."""
        key = (model, stage)
        if done:
            self.waits.pop(key, None)
            return
        wait = min(2 * self.waits[key][1], _LONGEST_WAIT) if key in self.waits else _FIRST_WAIT
        self.waits[key] = (now + wait, wait)

    def is_early(self, model: str, stage: str, now: float) -> bool:
        """Say whether a repair failed too short a while ago to be tried again."""
        return (model, stage) in self.waits and now < self.waits[model, stage][0]


_SESSIONS: WeakKeyDictionary[Session, Memory] = WeakKeyDictionary()


def memory_of(session: Session) -> Memory:
    """Return what a session remembers; it is forgotten with the session."""
    return _SESSIONS.setdefault(session, Memory())


def settings_of(policy: Policy | None) -> str:
    """Return the hash of settings; one of their own for settings that cannot be read."""
    return policy.settings_hash if policy else "cannot be read"


def stamp(path: str | Path) -> Stamp:
    """Return what tells a file from the one that is put in its place."""
    try:
        facts = os.stat(path)  # noqa: PTH116 - the hot path
    except OSError:
        return None
    return facts.st_ino, facts.st_mtime_ns, facts.st_size
