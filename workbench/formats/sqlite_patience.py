"""Looking at a database that is being written: again and again, but not for ever."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from workbench.formats.sqlite_files import BusyError, reading

TRIES = 40
"""Each waits for the writer for a twentieth of a second; between two commits is always a gap."""
_T = TypeVar("_T")


def looked(path: Path, look: Callable[[sqlite3.Connection], _T], tries: int = TRIES) -> _T:
    """Return what ``look`` finds in the database at ``path``.

    Raises:
        BusyError: It was written all the time.
        FormatError: It cannot be read; see `reading`.
        OSError: It is not there, or may not be read.
    """
    while True:
        tries -= 1
        try:
            with reading(path) as connection:
                return look(connection)
        except BusyError:
            if tries <= 0:
                raise
