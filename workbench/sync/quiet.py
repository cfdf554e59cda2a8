"""Whether files have come to rest: nobody is writing them any more, as far as can be told.

A file that is being copied looks whole to whoever reads it too early. Size and time of change
standing still for a while is all that every file system and every copying program can offer.
Told by a clock of one's own: the times of files are another machine's.
"""

import os
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from workbench.clock import Clock

QUIET_S = 10.0


class _Seen(NamedTuple):
    """A state of files, and since when it stands."""

    state: bytes
    at: float
    moving_since: float
    """Since when it has not been quiet."""


class Quiet:
    """Remembers for how long things have stood still; belongs to one thread at a time."""

    def __init__(self, clock: Clock, quiet_s: float = QUIET_S) -> None:
        self._clock = clock
        self._quiet_s = quiet_s
        self._seen: dict[str, _Seen] = {}

    def is_quiet(self, name: str, state: bytes) -> bool:
        """Say whether a thing has been in this state for long enough.

        Args:
            name: The thing.
            state: As `state_of` tells it; any other than the last one begins anew.
        """
        now = self._clock.steady()
        seen = self._seen.get(name)
        if seen is None:
            seen = _Seen(state, now, now)
        elif seen.state != state:
            was_quiet = now - seen.at >= self._quiet_s
            seen = _Seen(state, now, now if was_quiet else seen.moving_since)
        self._seen[name] = seen
        return now - seen.at >= self._quiet_s

    def moving_s(self, name: str) -> float:
        """Return for how many seconds a thing that is not quiet has been moving; 0 if unknown."""
        seen = self._seen.get(name)
        return 0.0 if seen is None else self._clock.steady() - seen.moving_since

    def forget(self, name: str) -> None:
        """Begin anew with a thing, whatever state it is in."""
        self._seen.pop(name, None)


def state_of(files: Iterable[Path]) -> bytes:
    """Return a mark that differs when a file comes, goes, grows or is written or replaced.

    Raises:
        OSError: One of them cannot be looked at.
    """
    digest = blake2b(digest_size=16)
    for file in files:
        facts = os.stat(file)  # noqa: PTH116 - one of very many
        said = f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}\0{facts.st_ino}\n"
        digest.update(said.encode("utf-8", "surrogateescape"))
    return digest.digest()
