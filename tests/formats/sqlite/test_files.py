"""Databases are read as they are, while somebody writes them, and no file is left behind."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.formats.checking import damaged
from workbench.errors import FormatError
from workbench.formats.sqlite.files import (
    BusyError,
    asked,
    columns,
    holds_tables,
    reading,
    tables,
)

_ROWS = [(1, "a"), (2, "b")]


def _connected(path: Path, journal: str = "delete") -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    return connection


def _made(path: Path, journal: str = "delete") -> sqlite3.Connection:
    """Return the writer of a new database with two rows."""
    connection = _connected(path, journal)
    connection.execute("CREATE TABLE runs (number INTEGER, name TEXT)")
    connection.execute("CREATE TABLE metrics (key TEXT)")
    connection.executemany("INSERT INTO runs VALUES (?, ?)", _ROWS)
    return connection


def _rows(path: Path) -> list[tuple[int, str]]:
    with reading(path) as connection:
        return connection.execute("SELECT number, name FROM runs ORDER BY number").fetchall()


def _listing(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _copied(path: Path, folder: Path, *suffixes: str) -> Path:
    folder.mkdir()
    for suffix in suffixes:
        shutil.copyfile(f"{path}{suffix}", folder / f"store.db{suffix}")
    return folder / "store.db"


def _closed(folder: Path) -> Path:
    _made(folder / "store.db").close()
    return folder / "store.db"


def _closed_wal(folder: Path) -> Path:
    _made(folder / "store.db", "wal").close()
    return folder / "store.db"


def _died_in_wal(folder: Path) -> Path:
    """The writer died; its ``-shm`` is there."""
    with closing(_made(folder / "live.db", "wal")):
        return _copied(folder / "live.db", folder / "dead", "", "-wal", "-shm")


def _moved_in_wal(folder: Path) -> Path:
    """Somebody copied a database with its ``-wal`` alone."""
    with closing(_made(folder / "live.db", "wal")):
        return _copied(folder / "live.db", folder / "moved", "", "-wal")


def _died_in_transaction(folder: Path) -> Path:
    """The writer died while rows it never committed stood in the file."""
    with closing(_made(folder / "live.db")) as writer:
        writer.execute("PRAGMA cache_size = 1")
        writer.execute("BEGIN")
        writer.execute("DELETE FROM runs")
        filler = [(number, "x" * 500) for number in range(3000)]
        writer.executemany("INSERT INTO runs VALUES (?, ?)", filler)
        return _copied(folder / "live.db", folder / "dead", "", "-journal")


_WAYS = [_closed, _closed_wal, _died_in_wal, _moved_in_wal, _died_in_transaction]


@pytest.mark.parametrize("made", _WAYS)
def test_whatever_the_writer_left_is_read(tmp_path: Path, made: Callable[[Path], Path]) -> None:
    """What was committed is there, what was not is not, and the folder is as it was."""
    path = made(tmp_path)
    before = _listing(path.parent) if path.parent != tmp_path else _listing(tmp_path)
    assert _rows(path) == _ROWS
    assert holds_tables(path, ["runs", "metrics"])
    assert _listing(path.parent) == before


@pytest.mark.parametrize("made", _WAYS)
def test_a_folder_that_cannot_be_written_is_read(
    tmp_path: Path, made: Callable[[Path], Path]
) -> None:
    """As a share that was mounted for reading only."""
    path = made(tmp_path)
    try:
        path.chmod(0o444)
        path.parent.chmod(0o555)
        assert _rows(path) == _ROWS
    finally:
        path.parent.chmod(0o755)


@pytest.fixture(params=["delete", "truncate", "persist", "wal"])
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Return a writer that stays there."""
    with closing(_made(tmp_path / "store.db", request.param)) as connection:
        yield connection


def test_a_live_writer_is_followed(writer: sqlite3.Connection, tmp_path: Path) -> None:
    """Each commit is seen by the next look, and the writer's own files alone are there."""
    before = sorted(_listing(tmp_path))
    for number in range(3, 30):
        writer.execute("INSERT INTO runs VALUES (?, 'more')", (number,))
        assert len(_rows(tmp_path / "store.db")) == number
    assert sorted(_listing(tmp_path)) == before


def test_an_open_transaction_is_not_seen_nor_disturbed(
    writer: sqlite3.Connection, tmp_path: Path
) -> None:
    """Readers see what was committed; the writer commits whenever it likes."""
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO runs VALUES (3, 'c')")
    with reading(tmp_path / "store.db") as connection:
        statement = "SELECT number, name FROM runs"
        assert connection.execute(statement).fetchall() == _ROWS
        writer.execute("COMMIT")
        assert connection.execute(statement).fetchall() == [*_ROWS, (3, "c")]


def test_a_writer_that_commits_just_now_is_busy(tmp_path: Path) -> None:
    """That is no damage: the next look will do."""
    with closing(_made(tmp_path / "store.db")) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError):
            _rows(tmp_path / "store.db")
        writer.execute("COMMIT")
        assert _rows(tmp_path / "store.db") == _ROWS


def test_a_writer_that_comes_while_nobody_was_there_is_noticed(tmp_path: Path) -> None:
    """Without locks nothing keeps it away, so what was read then is not believed."""
    path = _closed_wal(tmp_path)
    with pytest.raises(BusyError), reading(path), closing(_connected(path, "wal")) as writer:
        writer.execute("INSERT INTO runs VALUES (3, 'c')")
    assert len(_rows(path)) == 3


def test_nothing_can_be_written(tmp_path: Path) -> None:
    """Not even by a statement that means to."""
    path = _closed(tmp_path)
    with pytest.raises(FormatError), reading(path) as connection:
        connection.execute("DELETE FROM runs")
    other = tmp_path / "other.db"
    with pytest.raises(FormatError), reading(path) as connection:
        connection.execute("ATTACH ? AS other", (str(other),))
    assert not other.exists()


def test_tables_that_only_a_writer_knows_are_found(tmp_path: Path) -> None:
    """A database just made holds its schema in the ``-wal`` for a while."""
    with closing(_made(tmp_path / "store.db", "wal")):
        assert holds_tables(tmp_path / "store.db", ["runs"])
        assert not holds_tables(tmp_path / "store.db", ["runs", "params"])


def test_a_view_is_no_table(tmp_path: Path) -> None:
    """A view can stand for an endless computation."""
    with closing(_made(tmp_path / "store.db")) as writer:
        writer.execute("CREATE VIEW params AS SELECT * FROM runs")
    assert not holds_tables(tmp_path / "store.db", ["params"])
    with reading(tmp_path / "store.db") as connection:
        assert tables(connection) == {"runs", "metrics"}
        assert columns(connection, "runs") == ("number", "name")
        assert columns(connection, "none") == ()


@pytest.mark.parametrize("data", [b"", b"SQLite", b"SQLite format 3\0" + b"\0" * 84, b"x" * 5000])
def test_what_is_no_database_is_said(tmp_path: Path, data: bytes) -> None:
    """A file may be called as it likes."""
    (tmp_path / "store.db").write_bytes(data)
    assert not holds_tables(tmp_path / "store.db", ["runs"])
    with pytest.raises(FormatError):
        _rows(tmp_path / "store.db")


def test_a_link_a_folder_and_nothing_are_no_database(tmp_path: Path) -> None:
    """Links lead away from what was opened."""
    path = _closed(tmp_path)
    (tmp_path / "link.db").symlink_to(path)
    for other in (tmp_path / "link.db", tmp_path, tmp_path / "none.db"):
        assert not holds_tables(other, ["runs"])
        with pytest.raises((FormatError, OSError)):
            _rows(other)


def test_text_that_is_not_utf8_is_read(tmp_path: Path) -> None:
    """Bytes that are none become signs."""
    with closing(_made(tmp_path / "store.db")) as writer:
        writer.execute("INSERT INTO runs VALUES (3, CAST(x'ff41' AS TEXT))")
    assert _rows(tmp_path / "store.db")[2] == (3, "�A")


def test_damage_is_an_error_of_ours(tmp_path: Path) -> None:
    """A cut or a flipped byte anywhere gives rows, or says that there are none to be had."""
    data = _closed(tmp_path).read_bytes()
    path = tmp_path / "damaged.db"
    for _, less in damaged(data, 32):
        path.write_bytes(less)
        try:
            rows = _rows(path)
        except FormatError:
            continue
        assert all(len(row) == 2 for row in rows)
    assert sorted(_listing(tmp_path)) == ["damaged.db", "store.db"]


def test_a_writer_that_never_ends_is_not_waited_for(tmp_path: Path) -> None:
    """After so many tries it is said that the database is busy."""
    path = _closed(tmp_path)
    with closing(_connected(path)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError):
            asked(path, tables, tries=2)


def test_it_is_asked_again(tmp_path: Path) -> None:
    """What was busy at the first look is read at the next one."""
    looks = []

    def look(connection: sqlite3.Connection) -> frozenset[str]:
        looks.append(connection)
        if len(looks) == 1:
            raise BusyError
        return tables(connection)

    assert asked(_closed(tmp_path), look) == {"runs", "metrics"}
    assert len(looks) == 2
