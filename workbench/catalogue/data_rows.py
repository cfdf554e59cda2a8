"""The rows of data files, any number of them, a page at a time and in any order.

Rows in the order of the files are found by the number of the row alone, which skips every row
group but one. A view is a table of row numbers in memory; a page of it is joined back to the
files, which decodes only what holds its rows (0.2 s for 1,000 scattered rows of 10 million; a list
of numbers instead of a join takes twice that).
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import duckdb

from workbench.catalogue import data_cells
from workbench.catalogue.data_files import DataFiles
from workbench.catalogue.data_views import View
from workbench.errors import FormatError

LONGEST_VALUE: Final = 1_000_000
"""Letters of one value that are read when somebody wants it whole."""
_SAMPLED: Final = 20_000


class Wanted(NamedTuple):
    """Which values of a row are read."""

    places: tuple[int, ...]
    """Of the columns, in the order they are wanted."""
    masked: frozenset[int] = frozenset()
    """Those of them whose values stay in the file."""
    mask: str = ""
    """What stands for a value that is masked."""
    letters: int = data_cells.LETTERS_SHOWN
    """Of each text; one letter more says that it was cut."""


def page(
    files: DataFiles, view: View | None, start: int, stop: int, wanted: Wanted
) -> list[tuple[Any, ...]]:
    """Return rows of a view: the number of each among all rows from 0, and its values.

    Args:
        files: The data.
        view: What was arranged; None for all rows in their order.
        start: The first row of the view.
        stop: The row after the last.
        wanted: Which values.

    Raises:
        FormatError: The files cannot be read any more, or have changed.
    """
    stop = min(stop, files.rows if view is None else view.rows)
    if start >= stop:
        return []
    with files.cursor("page") as cursor:
        if view is None or not view.table:
            return _plain(files, cursor, start, stop, wanted)
        found = cursor.execute(
            f"SELECT n FROM {view.table} WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
            [start, stop - 1],
        ).fetchall()
        return _gathered(files, cursor, [number for (number,) in found], wanted)


def _plain(
    files: DataFiles,
    cursor: duckdb.DuckDBPyConnection,
    start: int,
    stop: int,
    wanted: Wanted,
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for number in range(bisect_right(files.starts, start) - 1, len(files.starts)):
        first = files.starts[number]
        if first >= stop:
            break
        low, high = max(start - first, 0), min(stop - first, files.file_rows[number]) - 1
        if low > high:
            continue
        files.require_same([number])
        sql = (
            f"SELECT n{_shown(files, wanted)} FROM {files.rows_of(wanted.places, [number])} "
            "WHERE r BETWEEN ? AND ? ORDER BY r LIMIT ?"
        )
        rows += cursor.execute(sql, [low, high, high - low + 1]).fetchall()
    if len(rows) != stop - start:
        raise FormatError("The files hold fewer rows than they say.")
    return rows


def _gathered(
    files: DataFiles,
    cursor: duckdb.DuckDBPyConnection,
    numbers: Sequence[int],
    wanted: Wanted,
) -> list[tuple[Any, ...]]:
    """Return the rows of these numbers, in that order."""
    located = [files.locate(number) for number in numbers]
    touched = sorted({file for file, _ in located})
    files.require_same(touched)
    among = {file: k for k, file in enumerate(touched)}
    index = files.new_name("wanted")
    cursor.execute(
        f"CREATE TEMP TABLE {index} AS SELECT unnest(?::BIGINT[]) AS p, "
        "unnest(?::UBIGINT[]) AS f, unnest(?::BIGINT[]) AS r",
        [list(range(len(numbers))), [among[f] for f, _ in located], [r for _, r in located]],
    )
    same_file = " AND s.f = i.f" if len(touched) > 1 else ""
    rows = cursor.execute(
        f"SELECT s.n{_shown(files, wanted)} FROM {files.rows_of(wanted.places, touched)} s "
        f"JOIN {index} i ON s.r = i.r{same_file} ORDER BY i.p"
    ).fetchall()
    if len(rows) != len(numbers):
        raise FormatError("The files hold fewer rows than they say.")
    return rows


def _shown(files: DataFiles, wanted: Wanted) -> str:
    shown = [
        f"CASE WHEN c{place} IS NOT NULL THEN {data_cells.literal(wanted.mask)} END"
        if place in wanted.masked
        else data_cells.shown(files.readings[place], wanted.letters)
        for place in wanted.places
    ]
    return "".join(f", {value}" for value in shown)


def whole(files: DataFiles, number: int, wanted: Wanted) -> tuple[Any, ...]:
    """Return values of one row, by its number among all.

    Raises:
        FormatError: The files cannot be read any more, or have changed.
    """
    file, row = files.locate(number)
    files.require_same([file])
    with files.cursor("page") as cursor:
        found = cursor.execute(
            f"SELECT n{_shown(files, wanted)} "
            f"FROM {files.rows_of(wanted.places, [file])} WHERE r = ?",
            [row],
        ).fetchone()
    if found is None:
        raise FormatError("The files hold fewer rows than they say.")
    return tuple(found[1:])


def values(files: DataFiles, place: int, most: int = 50) -> list[str]:
    """Return the most frequent values among the first rows, as text."""
    text = files.readings[place].text
    with files.cursor("count") as cursor:
        found = cursor.execute(
            f"SELECT {text} AS v FROM (SELECT * FROM {files.rows_of([place])} "
            f"LIMIT {_SAMPLED}) s WHERE {files.readings[place].sql} IS NOT NULL "
            f"AND length({text}) < 80 GROUP BY v ORDER BY count(*) DESC, v LIMIT ?",
            [most],
        ).fetchall()
    return [value for (value,) in found]
