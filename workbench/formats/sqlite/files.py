"""SQLite databases of other tools, read while those tools may be writing.

Whoever opens one of them in the ordinary way holds locks a trainer waits for, and
leaves a ``-shm`` or a ``-wal`` in a folder that is not ours. So this is the only
place that opens one: read-only, in the mode its files allow, outside any
transaction. Whoever reads fetches all rows of a statement at once, because locks
are held while rows are outstanding.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from workbench.errors import FormatError
from workbench.formats.signs import facts_of
from workbench.opening import is_plain_file

_T = TypeVar("_T")
MAGIC = b"SQLite format 3\0"
_WAL = 2
"""What byte 19 of a database says whose readers must look into the ``-wal`` too."""
_PATIENCE = 0.05
"""Seconds to wait for a writer that commits just now; a later look will do as well."""
TRIES = 40
"""Each waits for the writer for a twentieth of a second; between two commits is always a gap."""
_LONGEST_VALUE = 64 << 20
_LARGEST_COPY = 2 << 30
"""Bytes of a database that is copied where there is no other way to read it."""
_COPIES_TRIED = 3
_NOT_IN_PLACE = frozenset([
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY_ROLLBACK, sqlite3.SQLITE_READONLY_RECOVERY,
    sqlite3.SQLITE_READONLY_CANTINIT, sqlite3.SQLITE_READONLY_CANTLOCK,
])  # fmt: skip
"""What SQLite says of a database whose writer died, and which only a writer could mend."""
_WAIT = frozenset([sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL])


class BusyError(BlockingIOError):
    """A writer holds the database just now; look again later."""


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that can only read, and leaves no trace in the database's folder.

    Text that is not UTF-8 comes with replacement signs. Errors of SQLite inside the block
    become these:

    Raises:
        FormatError: This is no database, it is damaged, or what was asked for is not in it.
        BusyError: A writer has it just now, or changed it meanwhile.
        OSError: It cannot be read.
    """
    try:
        with _opened(path) as connection:
            yield connection
    except sqlite3.Error as problem:
        if _code(problem) & 0xFF in _WAIT:
            raise BusyError(f"A writer holds the database now: {problem}.") from None
        raise FormatError(f"This database cannot be read: {problem}.") from None
    except UnicodeDecodeError:  # Python's own, of SQLite's message about a name that is damaged
        raise FormatError("This database cannot be read: its schema is damaged.") from None


def asked(path: Path, question: Callable[[sqlite3.Connection], _T], tries: int = TRIES) -> _T:
    """Return what ``question`` finds out, asking again while a writer commits.

    Raises:
        FormatError: As `reading`.
        BusyError: A writer had it every time.
        OSError: As `reading`.
    """
    while True:
        tries -= 1
        try:
            with reading(path) as connection:
                return question(connection)
        except BusyError:
            if tries <= 0:
                raise


def holds_tables(path: Path, names: Collection[str]) -> bool:
    """Say whether ``path`` is a database with all these tables; views do not count."""
    try:
        if not _is_database(path):
            return False
        if set(names) <= _tables_in_file(path):
            return True
        if not (facts_of(f"{path}-wal") or facts_of(f"{path}-journal")):
            return False
        with reading(path) as connection:
            return set(names) <= tables(connection)
    except (FormatError, OSError):
        return False


def tables(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the names of the tables there are."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return frozenset(str(name) for (name,) in found)


def columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Return the names of a table's columns; none if there is no such table."""
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()
    return tuple(str(name) for (name,) in found)


def fetched(
    connection: sqlite3.Connection, statement: str, values: Sequence[object] = ()
) -> list[Any]:
    """Return all rows of a statement, as `reading` gives them but much faster.

    Nearly all text is what it should be, which SQLite's own decoder finds out in no time.
    """
    connection.text_factory = str
    try:
        return connection.execute(statement, values).fetchall()
    except sqlite3.OperationalError as problem:
        if "decode" not in str(problem):
            raise
    finally:
        connection.text_factory = _text
    return connection.execute(statement, values).fetchall()


def files_seen(path: Path) -> tuple[object, ...]:
    """Return what changes whenever anything is written to the database: facts of its files."""
    return tuple(facts_of(f"{path}{suffix}") for suffix in ("", "-journal", "-wal"))


def _is_database(path: Path) -> bool:
    return _header(path).startswith(MAGIC)


def _header(path: Path) -> bytes:
    """Return the first 20 bytes.

    Raises:
        FormatError: This is no plain file.
        OSError: It cannot be read.
    """
    if not is_plain_file(str(path)):
        if facts_of(str(path)) is None:
            raise FileNotFoundError(f"There is no file {path.name}.")
        raise FormatError("This is not a plain file.")
    with path.open("rb", buffering=0) as file:
        return file.read(20)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    header = _header(path)
    if not header.startswith(MAGIC):
        raise FormatError("This is no SQLite database.")
    mode = _mode(path, in_wal=header[19:20] == bytes([_WAL]))
    before = files_seen(path)
    connection = _in_place(path, mode) if mode else None
    if connection is None:
        with _copied(path) as connection:
            yield connection
        return
    with closing(connection):
        yield connection
    if mode == _UNSEEN and files_seen(path) != before:
        raise BusyError("The database was written while it was read.")


_UNSEEN = "mode=ro&immutable=1"
"""No locks and no look at other files: true only while nobody writes, so it is checked after."""
_LOCKED = "mode=ro"
_SHARED = "mode=ro&readonly_shm=1"
"""Locks in the ``-shm`` that is there; it is never made, nor written to."""


def _mode(path: Path, *, in_wal: bool) -> str:
    """Return how to open a database in place; empty if that would leave a file behind."""
    if not in_wal:
        return _LOCKED
    if facts_of(f"{path}-shm"):
        return _SHARED
    wal = facts_of(f"{path}-wal")
    return "" if wal and wal[1] else _UNSEEN


def _in_place(path: Path, mode: str) -> sqlite3.Connection | None:
    """Return a connection to the very file; None if it cannot be read where it is."""
    connection = _connected(path, mode)
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as problem:
        connection.close()
        if isinstance(problem, sqlite3.Error) and _code(problem) in _NOT_IN_PLACE:
            return None
        raise
    return connection


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection that runs nothing the database brings along."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=_PATIENCE,
        isolation_level=None, check_same_thread=False,
    )  # fmt: skip
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.text_factory = _text
        for setting in ("query_only = 1", "trusted_schema = 0", "mmap_size = 0"):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _tables_in_file(path: Path) -> frozenset[str]:
    """Return the tables the file itself holds, whatever is yet to be put into it."""
    try:
        with closing(_connected(path, _UNSEEN)) as connection:
            return tables(connection)
    except (sqlite3.Error, UnicodeDecodeError):
        return frozenset()


@contextmanager
def _copied(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a copy, with what a writer that died left beside it."""
    with tempfile.TemporaryDirectory(prefix="workbench-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "copy.db"
        _copy(path, copy)
        with closing(_connected(copy, "mode=rw")) as connection:
            yield connection


def _copy(path: Path, copy: Path) -> None:
    """Copy the files of a database as they are at one moment.

    Raises:
        FormatError: They are too large.
        BusyError: They keep changing.
    """
    for _ in range(_COPIES_TRIED):
        before = files_seen(path)
        size = sum(facts[1] for facts in before if isinstance(facts, tuple))
        if size > _LARGEST_COPY:
            raise FormatError(
                f"This database has {size:,} bytes and must be recovered to be read.",
                hint="Open it once with the tool that wrote it.",
            )
        for suffix in ("", "-journal", "-wal"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)
            if is_plain_file(f"{path}{suffix}"):
                with suppress(FileNotFoundError):
                    shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        if files_seen(path) == before:
            return
    raise BusyError("The database is being written and cannot be copied now.")


def _code(problem: sqlite3.Error) -> int:
    return getattr(problem, "sqlite_errorcode", None) or 0
