"""What was meant to be gone long ago: temporary files, and runs half put together."""

from pathlib import Path
from typing import NamedTuple

from workbench.operations.disk import entries_of, folders_of, measure, newest
from workbench.operations.session import Session
from workbench.runfolder import NEW_PREFIX, RUNS, TEMPORARY

LEFTOVER_AFTER = 24 * 3600.0
"""Seconds after which a temporary file has no owner any more."""


class Leftover(NamedTuple):
    """A file or folder that was meant to be gone long ago."""

    path: str
    """Relative to the workspace."""
    bytes: int


def leftovers(session: Session) -> tuple[Leftover, ...]:
    """Return temporary files, and runs half put together, that are older than a day."""
    if session.workspace is None:
        return ()
    root, before = session.root, session.disk_time() - LEFTOVER_AFTER
    found = [*entries_of(root / TEMPORARY)]
    for experiment in folders_of(root / RUNS):
        found.extend(e for e in entries_of(experiment) if e.name.startswith(NEW_PREFIX))
    old = []
    for entry in found:
        try:
            if newest(Path(entry.path)) < before:
                size, _ = measure(Path(entry.path))
                old.append(Leftover(Path(entry.path).relative_to(root).as_posix(), size))
        except OSError:
            continue  # its owner took it away just now
    return tuple(old)
