"""By what a file is known to be the one it was: the only place where that is decided."""

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """What changes when somebody writes a file or puts another in its place."""

    size: int
    mtime_ns: int
    inode: int
    device: int


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of a file now, links followed.

    Raises:
        OSError: It is not there.
    """
    return stamped(path.stat())


def plain_stamp_of(path: Path) -> Stamp:
    """Return the stamp of a plain file now, links followed.

    Raises:
        OSError: It is not there, or a folder, a pipe or a device is in its place.
    """
    facts = path.stat()
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, "no plain file", str(path))
    return stamped(facts)


def stamped(facts: os.stat_result) -> Stamp:
    """Return the stamp that a file's facts make."""
    return Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ino, facts.st_dev)
