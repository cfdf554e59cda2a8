"""SQLite: plain tables alone, and nothing of the file is run."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.datasets.reading.files import read
from workbench.datasets.reading import open_table
from workbench.errors import FormatError, NotFoundError


def _database(path: Path, *statements: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


def test_types_are_those_of_the_values(tmp_path: Path) -> None:
    """What the schema calls a column binds nobody in SQLite."""
    path = _database(
        tmp_path / "a.db",
        "CREATE TABLE t (n TEXT, x INTEGER, code INTEGER, mixed REAL, at TEXT, raw)",
        "INSERT INTO t VALUES (1, 1, '0x7', 5, '2013-01-01 05:00:00', x'01')",
        "INSERT INTO t VALUES ('a', 2.5, 'b', 'x', '2013-01-02 05:00:00', NULL)",
    )
    frame = read(path)
    assert [str(dtype) for dtype in frame.dtypes] == [
        "String", "Float64", "String", "String", "Datetime(time_unit='us', time_zone=None)",
        "Binary",
    ]  # fmt: skip
    assert frame.drop("at").rows() == [
        ("1", 1.0, "0x7", "5.0", b"\x01"),
        ("a", 2.5, "b", "x", None),
    ]


def test_whole_numbers_of_64_bits_are_exact_and_not_mixed_with_decimal_ones(tmp_path: Path) -> None:
    """A float would change the last digits."""
    path = _database(
        tmp_path / "a.db", "CREATE TABLE t (a, b)",
        "INSERT INTO t VALUES (9223372036854775807, 9007199254740993)",
        "INSERT INTO t VALUES (1, 0.5)",
    )  # fmt: skip
    assert read(path).rows() == [(9223372036854775807, "9007199254740993"), (1, "0.5")]


def test_a_late_value_of_another_type_makes_a_column_text(tmp_path: Path) -> None:
    """Also behind the rows that told the type."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
        connection.executemany("INSERT INTO t VALUES (?)", [(k,) for k in range(20_000)])
        connection.execute("INSERT INTO t VALUES ('n/a')")
        connection.commit()
    found = read(path)["a"].to_list()
    assert (found[0], found[-1], len(found)) == ("0", "n/a", 20_001)


def test_one_of_several_tables_has_to_be_named(tmp_path: Path) -> None:
    """And is then said, with the others."""
    path = _database(tmp_path / "a.db", "CREATE TABLE t (a)", "CREATE TABLE u (b)")
    with pytest.raises(FormatError, match=r"has 2 tables: t, u\. Say .* table, such as t") as told:
        open_table(path)
    assert told.value.option == ("table", "t")
    table = open_table(path, options={"table": "u"})
    assert dict(table.said) == {"table": "u", "other tables": "t"}
    with pytest.raises(NotFoundError, match="has no table 'v'"):
        open_table(path, options={"table": "v"})


def test_views_and_computed_columns_are_left_alone(tmp_path: Path) -> None:
    """They are code, and code in a file is not run."""
    path = _database(
        tmp_path / "a.db",
        "CREATE TABLE t (a, twice GENERATED ALWAYS AS (a * 2))",
        "INSERT INTO t (a) VALUES (1)",
        "CREATE VIEW v AS SELECT a FROM t",
    )
    assert read(path).to_dicts() == [{"a": 1}]
    assert ("left out", "twice (computed by the database)") in open_table(path).said
    with pytest.raises(NotFoundError):
        open_table(path, options={"table": "v"})


def test_a_view_that_poses_as_a_table_is_not_run(tmp_path: Path) -> None:
    """Whoever can write the file can write its list of tables, too."""
    path = _database(tmp_path / "a.db", "CREATE TABLE t (a)", "CREATE VIEW v AS SELECT 1 AS a")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET type = 'table' WHERE name = 'v'")
        connection.commit()
    with pytest.raises((FormatError, NotFoundError)):
        read(path, table="v")


def test_nothing_is_written_beside_a_database(tmp_path: Path) -> None:
    """Reading must not leave traces on a drive of others."""
    path = _database(tmp_path / "a.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (1)")
    before = path.read_bytes()
    list(open_table(path).batches())
    assert [one.name for one in tmp_path.iterdir()] == ["a.db"]
    assert path.read_bytes() == before


def test_changes_that_are_not_in_the_file_yet_are_not_left_out_silently(tmp_path: Path) -> None:
    """A journal beside it holds the newest rows."""
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        connection.commit()
        with pytest.raises(FormatError, match=r"has changes that still stand in a\.db-wal"):
            open_table(path)
    assert open_table(path).columns[0].name == "a"


def test_a_cut_database_is_told(tmp_path: Path) -> None:
    """As damaged, in one sentence."""
    path = _database(
        tmp_path / "a.db", "CREATE TABLE t (a)",
        *["INSERT INTO t VALUES (hex(zeroblob(450)))"] * 30,
    )  # fmt: skip
    path.write_bytes(path.read_bytes()[:9000])
    with pytest.raises(FormatError, match=r"a\.db cannot be read as SQLite"):
        read(path)


def test_text_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    """It has no true value to be shown."""
    path = _database(
        tmp_path / "a.db", "CREATE TABLE t (a)", "INSERT INTO t VALUES (CAST(x'ff' AS TEXT))"
    )
    with pytest.raises(FormatError, match="cannot be read as SQLite"):
        read(path)


def test_names_that_are_not_text_are_told(tmp_path: Path) -> None:
    """Also where SQLite complains of them in a sentence that is no text itself."""
    path = _database(tmp_path / "a.db", "CREATE TABLE abcd (a)")
    data = path.read_bytes().replace(b"abcd", b"\xe3\xe3\xe3\xe3").replace(b"CREATE", b"CREAXE")
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"a\.db"):
        open_table(path)


def test_names_with_quotation_marks_are_names(tmp_path: Path) -> None:
    """And nothing else."""
    path = _database(
        tmp_path / "a.db",
        'CREATE TABLE "t"" x" ("a"" , b", c)',
        'INSERT INTO "t"" x" VALUES (1, 2)',
    )
    assert read(path).to_dicts() == [{'a" , b': 1, "c": 2}]
