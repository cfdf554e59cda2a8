"""Looking at a database while it is written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from workbench.formats.sqlite_files import BusyError
from workbench.formats.sqlite_patience import looked


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a database with a table."""
    with closing(sqlite3.connect(tmp_path / "a.db")) as connection:
        connection.execute("CREATE TABLE a (b)")
    return tmp_path / "a.db"


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables."""
    return [name for (name,) in connection.execute("SELECT name FROM sqlite_master").fetchall()]


def test_a_writer_that_never_ends_is_not_waited_for(path: Path) -> None:
    """After so many tries it is said that the database is busy."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyError):
            looked(path, tables, tries=2)


def test_it_is_looked_again(path: Path) -> None:
    """What was busy at the first look is read at the next one."""
    looks = []

    def look(connection: sqlite3.Connection) -> list[str]:
        looks.append(connection)
        if len(looks) == 1:
            raise BusyError
        return tables(connection)

    assert looked(path, look) == ["a"]
    assert len(looks) == 2
