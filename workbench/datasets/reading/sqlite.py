"""SQLite: one table of a database, read without letting the file do anything.

A database can hold code in its schema: views, triggers, generated columns. Only plain tables
are read, with an authorizer that lets nothing but reading their columns happen, and read-only.
SQLite's columns have no types, their values do; so the type is told from all values.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Final

from workbench import words
from workbench.datasets.reading.faults import reason, shown
from workbench.datasets.reading.kinds import Kind
from workbench.datasets.reading.names import unique
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.reading.stamps import FileStamp, stamp
from workbench.datasets.reading.value_block import ValueBlock
from workbench.errors import FormatError, NotFoundError

_SAMPLE: Final = 5_000
_CELLS: Final = 500_000
"""Values in memory at once."""
_LONGEST: Final = 64 << 20
"""Bytes of one value."""
_NAMED: Final = 10


@dataclass(frozen=True)
class SqliteSource:
    """One table of a database."""

    stamps: tuple[FileStamp, ...]
    table: str
    names: tuple[str, ...]
    said: tuple[tuple[str, str], ...]
    format: str = "sqlite"

    @property
    def rows(self) -> None:
        """Counting reads the whole table."""
        return

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of the first rows."""
        for block in self._read(self.names, _SAMPLE):
            return {name: block.kind(name) for name in self.names}
        return dict.fromkeys(self.names, Kind.NOTHING)

    def blocks(self, columns: Sequence[str] | None = None) -> Iterator[ValueBlock]:
        """Yield the rows."""
        names = self.names if columns is None else tuple(columns)
        yield from self._read(names, max(1, _CELLS // max(1, len(names))))

    def _read(self, names: Sequence[str], rows: int) -> Iterator[ValueBlock]:
        listed = ", ".join(map(_quoted, names)) or "NULL"
        path = self.stamps[0].path
        with _opened(path) as connection:
            cursor = connection.execute(f"SELECT {listed} FROM {_quoted(self.table)}")  # noqa: S608 - names are quoted
            for start in count(1, rows):
                found = cursor.fetchmany(rows)
                if not found:
                    return
                columns = dict(zip(names, zip(*found, strict=True), strict=False))
                places = range(start, start + len(found))
                yield ValueBlock(columns, len(found), places, "row")


def open_sqlite(
    path: Path, options: Mapping[str, str], notes: tuple[tuple[str, str], ...] = ()
) -> RowTable:
    """Return one table of a database.

    Raises:
        NotFoundError: There is no such table.
        FormatError: It is no database, is damaged, or has several tables and none is named.
    """
    before = stamp(path)
    _require_settled(path)
    with _opened(path) as connection:
        tables = _tables(connection)
        table = _chosen(path, tables, options.get("table", ""))
        names, left_out = _columns(connection, table)
    notes = (*notes, ("table", table))
    others = [name for name in tables if name != table]
    if others:
        notes = (*notes, ("other tables", _listed(others)))
    if left_out:
        notes = (*notes, ("left out", f"{_listed(left_out)} (computed by the database)"))
    return RowTable(SqliteSource((before,), table, names, notes))


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the plain tables; virtual ones would load what implements them."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    return sorted(
        str(name)
        for name, sql in rows
        if not str(name).startswith("sqlite_")
        and not str(sql).lstrip().upper().startswith("CREATE VIRTUAL")
    )


def _chosen(path: Path, tables: Sequence[str], wanted: str) -> str:
    if wanted:
        if wanted not in tables:
            raise NotFoundError(
                f"{shown(path)} has no table {wanted!r}.", hint=f"Use {_listed(tables)}."
            )
        return wanted
    if not tables:
        raise FormatError(f"{shown(path)} has no tables.", hint="Check the path.")
    if len(tables) > 1:
        raise FormatError(
            f"{shown(path)} has {len(tables):,} tables: {_listed(tables)}.",
            hint=f"Say the option table, such as {words.visible(tables[0])}.",
            option=("table", tables[0]),
        )
    return tables[0]


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    listed = ", ".join(words.visible(name)[:60] for name in names[:_NAMED])
    return f"{listed} and {more:,} more" if more > 0 else listed


def _columns(connection: sqlite3.Connection, table: str) -> tuple[tuple[str, ...], list[str]]:
    """Return a table's own columns, and those that are computed."""
    rows = connection.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall()
    own = [str(row[1]) for row in rows if row[6] == 0]
    return unique(own)[0], [str(row[1]) for row in rows if row[6] != 0]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _require_settled(path: Path) -> None:
    """Refuse a database whose newest rows stand in a journal beside it.

    Reading them would mean writing files there.
    """
    for ending, most in (("-wal", 32), ("-journal", 512)):
        beside = path.with_name(path.name + ending)
        try:
            size = beside.stat().st_size
        except OSError:
            continue
        if size > most:
            raise FormatError(
                f"{shown(path)} has changes that still stand in {shown(beside)}.",
                hint="Close the program that writes it.",
            )


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for reading alone; nothing is locked, written or run."""
    try:
        with closing(
            sqlite3.connect(_address(path), uri=True, check_same_thread=False)
        ) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.text_factory = _text
            connection.set_authorizer(_authorized)
            yield connection
    except UnicodeError:  # SQLite's own sentence quotes names that are no text
        raise FormatError(
            f"{shown(path)} is damaged: its names are no text.", hint="Check what wrote it."
        ) from None
    except (sqlite3.Error, OverflowError) as error:
        raise FormatError(
            f"{shown(path)} cannot be read as SQLite: {reason(error)}.",
            hint="Check what wrote it.",
        ) from None


def _address(path: Path) -> str:
    """Return a database's address for reading; one on a Windows share needs two more slashes."""
    plain = path.resolve().as_uri()
    if not plain.startswith("file:///"):
        plain = plain.replace("file://", "file:////", 1)
    return f"{plain}?mode=ro&immutable=1"


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise sqlite3.DataError("a text is not UTF-8") from None


def _authorized(action: int, one: str | None, _two: Any, _database: Any, within: Any) -> int:
    """Allow reading columns of tables and asking for their names; deny all else."""
    reading = action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ)
    asking = action == sqlite3.SQLITE_PRAGMA and one == "table_xinfo"
    return sqlite3.SQLITE_OK if (reading or asking) and not within else sqlite3.SQLITE_DENY
