"""Orders and selections of the rows of data files, each answered once as a table of row numbers.

10 million rows are filtered in 0.05 s and sorted by a number in 0.7 s; a page of them is then found
by its place. What takes longer is stopped by `DataFiles.stop`.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import duckdb

from workbench.catalogue import data_cells
from workbench.catalogue.data_files import DataFiles
from workbench.catalogue.data_filtering import Conditions, require_expressions
from workbench.filters.tree import RowNode

Only = Literal["", "duplicates", "nulls"]


class SortBy(NamedTuple):
    """A column that rows are ordered by."""

    place: int
    descending: bool = False


class Arrangement(NamedTuple):
    """Which rows are wanted, and in which order."""

    where: RowNode | None = None
    sort: tuple[SortBy, ...] = ()
    only: Only = ""
    places: tuple[int, ...] = ()
    """Of the columns that `only` is about; all where there are none."""
    text: str = ""
    """The filter as it was written, for errors to point into."""
    now: float = 0.0
    """What relative times count from, in seconds since 1970."""
    hidden: frozenset[int] = frozenset()
    """Places of the columns that words do not look into."""


class View(NamedTuple):
    """An arrangement that was answered."""

    table: str
    """Empty for all rows in the order of the files."""
    rows: int


class _Where(NamedTuple):
    """The condition of an arrangement in SQL, with its keyword."""

    sql: str
    bound: list[Any]
    places: list[int]
    """Of the columns it needs."""


def arrange(files: DataFiles, wanted: Arrangement) -> View | None:
    """Answer an arrangement; None where it was stopped.

    Raises:
        FilterError: A regular expression is none for DuckDB.
        FormatError: The files cannot be read any more, or have changed.
    """
    where = _where(files, wanted)
    if not where.sql and not wanted.sort and not wanted.only:
        return View("", files.rows)
    files.require_same(range(len(files.starts)))
    table = files.new_name("view")
    try:
        with files.cursor("arrange") as cursor:
            if wanted.only == "duplicates":
                _duplicates(files, cursor, table, wanted, where)
            else:
                _selection(files, cursor, table, wanted, where)
            (rows,) = cursor.execute(f"SELECT count(*) FROM {table}").fetchone() or (0,)
    except duckdb.InterruptException:
        return None
    return View(table, int(rows))


def _selection(
    files: DataFiles,
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    wanted: Arrangement,
    where: _Where,
) -> None:
    """Make the view of rows that match, in the order that is wanted."""
    places = [*where.places, *(key.place for key in wanted.sort)]
    # A scan keeps the order of the files; what is joined to it may not.
    order = _order(files, wanted.sort, "n" if files.asks_folders(places) else "")
    cursor.execute(
        f"CREATE TABLE {table} AS SELECT n::{_number_type(files)} AS n "
        f"FROM {files.rows_of(places)} s{where.sql}{order}",
        where.bound,
    )


def _duplicates(
    files: DataFiles,
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    wanted: Arrangement,
    where: _Where,
) -> None:
    """Make the view of rows that repeat another: by a hash first, then by their values."""
    places = list(wanted.places or range(len(files.readings)))
    same = ", ".join(f"c{place}" for place in places)
    hashed = files.new_name("hashed")
    cursor.execute(
        f"CREATE TEMP TABLE {hashed} AS SELECT n, hash({same}) AS h "
        f"FROM {files.rows_of([*places, *where.places])} s{where.sql}",
        where.bound,
    )
    keys = [key.place for key in wanted.sort]
    columns = "".join(f", c{place}" for place in dict.fromkeys(keys))
    cursor.execute(
        f"CREATE TABLE {table} AS SELECT n::{_number_type(files)} AS n FROM ("
        f"SELECT n{columns}, count(*) OVER w AS k, min(n) OVER w AS first "
        f"FROM {files.rows_of([*places, *keys])} s "
        f"WHERE n IN (SELECT n FROM {hashed} WHERE h IN "
        f"(SELECT h FROM {hashed} GROUP BY h HAVING count(*) > 1)) "
        f"WINDOW w AS (PARTITION BY {same})) WHERE k > 1{_order(files, wanted.sort, 'first')}"
    )


def _where(files: DataFiles, wanted: Arrangement) -> _Where:
    tests: list[str] = []
    bound: list[Any] = []
    places: set[int] = set()
    if wanted.where is not None:
        require_expressions(wanted.where, wanted.text, files.question)
        conditions = Conditions(files.readings, wanted.now, wanted.hidden)
        sql, bound = conditions.sql(wanted.where)
        tests.append(sql)
        places = conditions.places(wanted.where)
    if wanted.only == "nulls":
        asked = wanted.places or range(len(files.readings))
        tests.append("(" + " OR ".join(f"c{place} IS NULL" for place in asked) + ")")
        places |= set(asked)
    return _Where(f" WHERE {' AND '.join(tests)}" if tests else "", bound, sorted(places))


def _order(files: DataFiles, sort: Sequence[SortBy], first: str) -> str:
    """Return the ORDER BY; rows that are equal in it keep the order of the files."""
    keys = [data_cells.order(files.readings[key.place], descending=key.descending) for key in sort]
    keys = keys or ([first] if first else [])
    return f" ORDER BY {', '.join(dict.fromkeys([*keys, 'n']))}" if keys else ""


def _number_type(files: DataFiles) -> str:
    return "UINTEGER" if files.rows < 1 << 32 else "BIGINT"


def count(files: DataFiles, wanted: Arrangement) -> int | None:
    """Return how many rows match a filter; None where it was stopped.

    Raises:
        FilterError: A regular expression is none for DuckDB.
        FormatError: The files cannot be read any more.
    """
    condition = _where(files, wanted)
    try:
        with files.cursor("count") as cursor:
            sql = f"SELECT count(*) FROM {files.rows_of(condition.places)} s{condition.sql}"
            (rows,) = cursor.execute(sql, condition.bound).fetchone() or (0,)
    except duckdb.InterruptException:
        return None
    return int(rows)


def position(files: DataFiles, view: View, number: int) -> int | None:
    """Return where a row, by its number among all, stands in a view."""
    if not view.table:
        return number if 0 <= number < files.rows else None
    with files.cursor("page") as cursor:
        found = cursor.execute(
            f"SELECT rowid FROM {view.table} WHERE n = ? LIMIT 1", [number]
        ).fetchone()
    return int(found[0]) if found else None


def drop(files: DataFiles, view: View) -> None:
    """Forget a view."""
    if view.table:
        with files.cursor("page") as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {view.table}")
