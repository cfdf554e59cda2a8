"""Hashes of files by their size, time and inode, so that what did not change is not read again.

One small database in the cache of this machine, never in the workspace; it may be deleted at any
time, and where it cannot be used every file is simply read. A file that changed within the last
moments is not remembered: it may change again within one tick of its file system's clock.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Self

_NAME: Final = "stamps.sqlite"
_WAIT_S: Final = 2.0
_SETTLED_S: Final = 3.0
"""The coarsest clock of a file system in use ticks every 2 seconds."""
_MOST: Final = 1_000_000
"""Files remembered; then the cache begins anew."""
_AT_ONCE: Final = 500
_LOOK: Final = (
    "SELECT sha256, md5 FROM stamps "
    "WHERE path = ? AND size = ? AND mtime_ns = ? AND inode = ? AND device = ?"
)
_KEEP: Final = "INSERT OR REPLACE INTO stamps VALUES (?, ?, ?, ?, ?, ?, ?)"
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS stamps (path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER, "
    "inode TEXT, device TEXT, sha256 TEXT, md5 TEXT) WITHOUT ROWID"
)


class Stamp(NamedTuple):
    """By what a file is known not to have changed."""

    size: int
    mtime_ns: int
    inode: int
    device: int


class Digest(NamedTuple):
    """Hashes of a file, hex digits."""

    sha256: str
    md5: str = ""
    """Empty where nobody asked for it."""


def stamp_of(path: Path) -> Stamp:
    """Return the stamp of a file now, links followed.

    Raises:
        OSError: It is not there.
    """
    return stamped(path.stat())


def stamped(facts: os.stat_result) -> Stamp:
    """Return the stamp that a file's facts make."""
    return Stamp(facts.st_size, facts.st_mtime_ns, facts.st_ino, facts.st_dev)


class Stamps:
    """The hashes this machine remembers, for one use in one thread; written when it is left."""

    def __init__(self, cache: Path | None) -> None:
        self._path = None if cache is None else cache / _NAME
        self._opened: sqlite3.Connection | None = None
        self._new: list[tuple[str | int, ...]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._write()
        self._close()

    def get(self, path: Path, stamp: Stamp) -> Digest | None:
        """Return the hashes of a file that has not changed since; None where that is not known."""
        try:
            connection = self._connection()
            row = connection.execute(_LOOK, _key(path, stamp)).fetchone() if connection else None
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            return None
        return Digest(*row) if row else None

    def put(self, path: Path, stamp: Stamp, digest: Digest, now: float) -> None:
        """Remember the hashes of a file, unless it changed just now.

        Args:
            path: The file.
            stamp: Taken before it was read, and the same after.
            digest: Its hashes.
            now: Seconds since 1970 when reading began.
        """
        if self._path is None or stamp.mtime_ns / 1e9 > now - _SETTLED_S:
            return
        self._new.append((*_key(path, stamp), *digest))
        if len(self._new) >= _AT_ONCE:
            self._write()

    def _write(self) -> None:
        new, self._new = self._new, []
        if not new or self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as database:
                database.execute(_TABLE)
                if database.execute("SELECT count(*) FROM stamps").fetchone()[0] >= _MOST:
                    database.execute("DELETE FROM stamps")
                database.executemany(_KEEP, new)
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)

    def _connection(self) -> sqlite3.Connection | None:
        if self._opened is None and (self._path is None or not self._path.exists()):
            return None
        return self._open()

    def _open(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = sqlite3.connect(str(self._path), timeout=_WAIT_S)
        return self._opened

    def _give_up(self, error: Exception) -> None:
        """Go on without; what is damaged is taken away, what is merely in use stays."""
        self._close()
        damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(
            error, sqlite3.OperationalError
        )
        if damaged and self._path is not None:
            with suppress(OSError):
                self._path.unlink()
        self._path = None

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
        self._opened = None


def _key(path: Path, stamp: Stamp) -> tuple[str, int, int, str, str]:
    """Return what a file is looked up by; inodes of some systems need more than 63 bits."""
    place = os.path.realpath(path).encode("utf-8", "surrogateescape").hex()
    return place, stamp.size, stamp.mtime_ns, str(stamp.inode), str(stamp.device)
