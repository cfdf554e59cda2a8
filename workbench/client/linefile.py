"""A file this process alone appends whole lines to.

Unbuffered: one ``os.write`` a call, so that a reader sees a line at once and
whole, and a killed process loses nothing it has logged. Opened for reading too,
so that the lines can be saved when somebody deletes the file under us.
"""

import os
from pathlib import Path

from workbench.durable import write_all

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)


class LineFile:
    """An append-only file of whole lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = os.open(path, _FLAGS, 0o664)
        self.size = os.fstat(self.fd).st_size
        self.torn = False
        self.unsynced = False

    def append(self, line: bytes) -> None:
        """Write whole lines; after half a line, begin on a new one.

        Raises:
            OSError: They could not be written, or not wholly.
        """
        if self.torn:
            line = b"\n" + line
        written = os.write(self.fd, line)
        self.size += written
        self.unsynced = True
        if written != len(line):
            self._rest(line[written:])
        self.torn = False

    def _rest(self, rest: bytes) -> None:
        """Write what a short write left over; the file is torn until it is there."""
        self.torn = True
        try:
            write_all(self.fd, rest)
        finally:
            self.size = os.fstat(self.fd).st_size

    def sync(self) -> None:
        """Flush to the disk what has been appended since the last time."""
        if self.unsynced:
            self.unsynced = False
            os.fsync(self.fd)

    def is_in_place(self) -> bool:
        """Say whether the name still leads to the file that is open here."""
        try:
            there, here = os.stat(self.path), os.fstat(self.fd)  # noqa: PTH116 - both in one form
        except OSError:
            return False
        return os.path.samestat(there, here)

    def content(self) -> bytes | None:
        """Return all whole lines, also of a deleted file; None if they are out of reach."""
        try:
            with open(os.dup(self.fd), "rb") as file:  # noqa: PTH123 - by number, not by name
                file.seek(0)
                data = file.read()
        except OSError:
            return None
        return data[: data.rfind(b"\n") + 1]

    def close(self) -> None:
        """Let go of the file; the last thing done to it."""
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)
