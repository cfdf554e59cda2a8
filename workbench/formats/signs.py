"""Signs that files changed, and what may be concluded from when they did.

Most tools leave no word on how a run ended. What is concluded here is marked as
concluded by whoever uses it.
"""

import os
from collections.abc import Iterable
from hashlib import blake2b

from workbench.runfolder import RUNNING, UNKNOWN


def stamp(seen: object) -> int:
    """Return a number that changes with what was seen, never 0."""
    text = repr(seen).encode("utf-8", "surrogateescape")
    return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") or 1


def facts_of(path: str) -> tuple[int, int, int] | None:
    """Return inode, size in bytes and time of change in nanoseconds; None if nothing is there."""
    try:
        facts = os.stat(path, follow_symlinks=False)  # noqa: PTH116 - counted in microseconds
    except OSError:
        return None
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def changed_at(paths: Iterable[str]) -> float:
    """Return when any of the files last changed in seconds since 1970; 0.0 if none is there."""
    found = (facts_of(path) for path in paths)
    return max((facts[2] / 1e9 for facts in found if facts), default=0.0)


def status_by(changed: float, now: float, within: float) -> str:
    """Return the status of a run that says none: going on if its files changed lately.

    Args:
        changed: When they last did, in seconds since 1970.
        now: The time on their file system.
        within: How long a script of this kind may be silent, in seconds.
    """
    return RUNNING if now - changed < within else UNKNOWN
