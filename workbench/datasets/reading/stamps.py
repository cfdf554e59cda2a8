"""Whether a file is still the one that was opened."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from workbench.datasets.reading.faults import shown, vanished
from workbench.errors import FormatError


class Stamp(NamedTuple):
    """What changes when somebody writes a file or puts another in its place."""

    path: Path
    size: int
    mtime_ns: int
    inode: int


def stamp(path: Path) -> Stamp:
    """Return a file's stamp.

    Raises:
        OSError: It is not there.
    """
    facts = path.stat()
    return Stamp(path, facts.st_size, facts.st_mtime_ns, facts.st_ino)


def require_same(stamps: Iterable[Stamp]) -> None:
    """Refuse what was read of files that changed meanwhile.

    Raises:
        FormatError: One is gone, or is another by now.
    """
    for old in stamps:
        try:
            new = stamp(old.path)
        except OSError:
            raise vanished(old.path) from None
        if new != old:
            raise FormatError(
                f"{shown(old.path)} changed while it was read.",
                hint="Read it again once nobody writes it.",
            )
