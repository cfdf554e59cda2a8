"""The file, the lock and the settings of a catalogue.

DuckDB lets one process hold a file. So every process takes the first catalogue of
the workspace nobody holds; DuckDB's own lock says busy in milliseconds. The file
must never be opened, copied or hashed by the process that holds it: closing such
a second handle drops the lock, and rows vanish silently.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Event, Lock

import duckdb

from workbench.errors import WorkbenchError

SCHEMA = 12
"""Raised with every change of the schema; a catalogue of another number is rebuilt."""
_MOST_CATALOGUES = 32
_CLOSING_TRIES = 50
_HEADERS, _BLOCK = 3 * 4096, 1 << 18
"""Sizes of DuckDB's headers and blocks, in bytes."""
_HELD = ("Could not set lock on file", "being used by another process")
"""What DuckDB says of a file somebody else has open: on POSIX, and on Windows."""
_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "threads": "2",
}


_HERE: set[Path] = set()
"""Files this process holds. DuckDB's lock does not keep a process from itself: a second
connect would hand out the same database again, and closing one would close both."""
_TAKING = Lock()


class Catalogue:
    """One person's index on one machine; hand every thread its own `cursor`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._connection = connection
        self._making = Lock()
        self.path = path
        self.fresh = False
        """Nothing was in it when it was opened."""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for the calling thread; sharing one raises."""
        with self._making:
            return self._connection.cursor()

    def interrupt(self) -> None:
        """Stop whatever the first connection is doing."""
        self._connection.interrupt()

    def condemn(self) -> None:
        """Leave word that the file is damaged; whoever opens it next sets it aside."""
        if self.path is not None:
            _word(self.path).touch()

    def close(self) -> None:
        """Let go of the file, so that the next process can have it.

        A query still running in another thread is stopped first; one that does not
        stop in time is left to the end of the process.
        """
        with self._making:
            for _ in range(_CLOSING_TRIES):
                try:
                    self._connection.interrupt()
                    self._connection.close()
                except duckdb.Error:  # busy with another call: DuckDB refuses instead of waiting
                    Event().wait(0.02)
                else:
                    self._give_back()
                    return

    def _give_back(self) -> None:
        if self.path is not None:
            with _TAKING:
                _HERE.discard(self.path)


@contextmanager
def telling_damage(catalogue: Catalogue) -> Iterator[None]:
    """Turn a damaged file, which may show only when it is read, into a sentence.

    Raises:
        WorkbenchError: It is damaged, or the disk it lies on is; the next start makes it anew.
    """
    try:
        yield
    except (
        duckdb.IOException, duckdb.InternalException, duckdb.FatalException,
        duckdb.SerializationException,
    ) as error:  # fmt: skip
        catalogue.condemn()
        raise WorkbenchError(
            f"The local index cannot be read or written: {error}.",
            hint="Start again; the index is made anew from the folder.",
        ) from None


def open_catalogue(folder: Path | None) -> Catalogue:
    """Return the first catalogue in ``folder`` that nobody holds, with the current schema.

    Args:
        folder: A folder on a local disk, or None for a catalogue in memory.

    Raises:
        WorkbenchError: No catalogue can be opened there.
    """
    if folder is None:
        return _ready(duckdb.connect(":memory:", config=dict(_CONFIG)), None)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_MOST_CATALOGUES):
        path = folder / f"catalogue-{number}.duckdb"
        try:
            catalogue = _open_if_free(path)
            if catalogue is not None:
                return catalogue
        except duckdb.IOException as error:
            if not _is_held(error):
                raise WorkbenchError(
                    f"The catalogue {path} cannot be opened: {error}.",
                    hint="Delete it; it is only an index and is rebuilt.",
                ) from None
    raise WorkbenchError(
        f"{_MOST_CATALOGUES} programs already hold a catalogue in {folder}.",
        hint="Close one of them.",
    )


def _open_if_free(path: Path) -> Catalogue | None:
    """Open one file unless this very process holds it."""
    with _TAKING:
        if path in _HERE:
            return None
        catalogue = _open_at(path)
        _HERE.add(path)
        return catalogue


def _open_at(path: Path) -> Catalogue:
    """Open one file; set it aside when it is damaged or of another schema."""
    try:
        if _word(path).exists() or _is_cut(path):
            duckdb.connect(str(path), config=dict(_CONFIG)).close()  # raises if somebody holds it
            _set_aside(path)
        connection = duckdb.connect(str(path), config=dict(_CONFIG))
    except duckdb.IOException as error:
        if _is_held(error):
            raise
        _set_aside(path)
        connection = duckdb.connect(str(path), config=dict(_CONFIG))
    except duckdb.Error:
        _set_aside(path)
        connection = duckdb.connect(str(path), config=dict(_CONFIG))
    try:
        return _ready(connection, path)
    except duckdb.Error:
        connection.close()
        _set_aside(path)
        return _ready(duckdb.connect(str(path), config=dict(_CONFIG)), path)


def _is_held(error: duckdb.IOException) -> bool:
    """Say whether another program has the file open; the path in the message proves nothing."""
    return any(words in str(error) for words in _HELD)


def _is_cut(path: Path) -> bool:
    """Say whether a file ends within a block: a copy or a full disk cut it.

    DuckDB opens such a file and fails later, when somebody asks for what is missing.
    """
    return path.exists() and (path.stat().st_size - _HEADERS) % _BLOCK != 0


def _word(path: Path) -> Path:
    return path.with_name(path.name + ".damaged")


def _set_aside(path: Path) -> None:
    _word(path).unlink(missing_ok=True)
    for name in (path, path.with_name(path.name + ".wal")):
        if name.exists():
            name.replace(name.with_name(name.name + ".bad"))


def _ready(connection: duckdb.DuckDBPyConnection, path: Path | None) -> Catalogue:
    """Bring the schema up to date and attach the memory database for views."""
    catalogue = Catalogue(connection, path)
    if _schema_of(connection) != SCHEMA:
        _rebuild(connection)
        catalogue.fresh = True
    connection.execute("ATTACH ':memory:' AS ui")
    return catalogue


def _schema_of(connection: duckdb.DuckDBPyConnection) -> int:
    found = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'catalogue' AND NOT internal"
    ).fetchone()
    if not found or not found[0]:
        return 0
    number = connection.execute("SELECT schema FROM catalogue").fetchone()
    return int(number[0]) if number else 0


def _rebuild(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what is there and make every table anew."""
    connection.execute("BEGIN")
    for kind, schema, name in connection.execute(
        "SELECT 'VIEW', schema_name, view_name FROM duckdb_views() WHERE NOT internal "
        "UNION ALL SELECT 'TABLE', schema_name, table_name FROM duckdb_tables() "
        "WHERE NOT internal "
        "UNION ALL SELECT 'SEQUENCE', schema_name, sequence_name FROM duckdb_sequences()"
    ).fetchall():
        connection.execute(f'DROP {kind} IF EXISTS "{schema}"."{name}" CASCADE')
    for script in sorted(
        (
            item
            for item in files("workbench.catalogue.schema").iterdir()
            if item.name.endswith(".sql")
        ),
        key=lambda item: item.name,
    ):
        connection.execute(script.read_text(encoding="utf-8"))
    connection.execute("CREATE TABLE catalogue (schema INTEGER)")
    connection.execute("INSERT INTO catalogue VALUES (?)", [SCHEMA])
    connection.execute("COMMIT")
