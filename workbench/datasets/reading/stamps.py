"""Whether a file is still the one that was opened."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from workbench.datasets.reading.faults import shown, vanished
from workbench.datasets.stamp import Stamp, stamp_of
from workbench.errors import FormatError


class FileStamp(NamedTuple):
    """A file, and what it was when it was opened."""

    path: Path
    stamp: Stamp


def stamp(path: Path) -> FileStamp:
    """Return a file with its stamp.

    Raises:
        OSError: It is not there.
    """
    return FileStamp(path, stamp_of(path))


def require_same(stamps: Iterable[FileStamp]) -> None:
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
