"""Data files opened for reading rows: where each row is, what the columns are, who is asking.

DuckDB reads Parquet where it lies. The database is in memory, private to one reader, and spills to
a folder that goes with it. Rows are numbered from 0 through all files in their order.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from shutil import rmtree
from threading import Event, Lock
from typing import Any, Final, NamedTuple

import duckdb

from workbench.catalogue.data_cells import Reading, identifier, literal
from workbench.datasets.stamp import Stamp, stamp_of
from workbench.datasets.table import BINARY, Column
from workbench.errors import FormatError, StoppedError, WorkbenchError

_NAMES: Final = count(1)
STOPPABLE: Final = frozenset(("arrange", "count", "export"))
"""What somebody may stop and go on; a page is stopped only by closing the files."""
_CLOSING_TRIES: Final = 50
_GLOBS: Final = frozenset("[*?")
_CONFIG: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "1GB",
    "threads": "2",
    "max_temp_directory_size": "20GB",
}
_FOLDER_TYPES: Final = {
    "integer": "BIGINT",
    "float": "DOUBLE",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}


class SourceFile(NamedTuple):
    """A Parquet file of a table."""

    path: Path
    names: frozenset[str]
    """Of the columns it has itself; the others are null in it, or named by its folder."""
    constants: Mapping[str, Any] = {}
    """Values its folder names, by column."""


class Source(NamedTuple):
    """Parquet files that are one table."""

    files: tuple[SourceFile, ...]
    columns: tuple[Column, ...]
    """Those of the files in their order, and after them those that only folders name."""


class DataFiles:
    """Data files opened for reading rows; any thread may ask, each question on its own."""

    def __init__(self, source: Source, spill: Path) -> None:
        """Open the files.

        Args:
            source: The files.
            spill: A folder for what does not fit into memory; made when it is needed.

        Raises:
            FormatError: They cannot be read.
        """
        self._source = source
        self._spill = spill
        self._lock = Lock()
        self._asking: dict[str, set[duckdb.DuckDBPyConnection]] = {}
        self._paths = tuple(file.path for file in source.files)
        self._stamps = tuple(_stamp(path) for path in self._paths)
        self._connection = duckdb.connect(
            ":memory:", config={**_CONFIG, "temp_directory": str(spill)}
        )
        try:
            with _told():
                self._begin()
        except WorkbenchError:
            self._connection.close()
            raise

    def _begin(self) -> None:
        self._connection.execute("SET enable_progress_bar = false")  # it would print
        self._connection.execute("SET TimeZone = 'UTC'")
        self.file_rows = self._counted()
        self.starts = tuple(sum(self.file_rows[:k]) for k in range(len(self.file_rows)))
        self.rows = sum(self.file_rows)
        """How many there are in all files."""
        self.readings = self._described()
        """The columns in order."""

    def _counted(self) -> tuple[int, ...]:
        """Return the rows of every file, from their footers."""
        paths = [_escaped(path) for path in self._paths]
        found = self._connection.execute(
            "SELECT file_name, num_rows FROM parquet_file_metadata(?)", [paths]
        ).fetchall()
        by_name = {Path(name): int(rows) for name, rows in found}
        return tuple(by_name[path] for path in self._paths)

    def _described(self) -> tuple[Reading, ...]:
        """Return the columns with the types DuckDB gives them, by their place among all."""
        source = self._source
        in_files = {name for file in source.files for name in file.names}
        own = [place for place, column in enumerate(source.columns) if column.name in in_files]
        chosen = self._files(range(len(self._paths)))
        found = self._connection.execute(f"DESCRIBE SELECT * FROM {chosen}").fetchall()
        if len(found) != len(own):
            raise FormatError(
                "The files cannot be read together: columns differ only in the case of letters.",
                hint="Open one of them alone.",
            )
        self._own_names = {place: row[0] for place, row in zip(own, found, strict=True)}
        types = {place: row[1] for place, row in zip(own, found, strict=True)}
        readings = tuple(
            _reading(column, place, types.get(place) or _FOLDER_TYPES.get(column.type, "VARCHAR"))
            for place, column in enumerate(source.columns)
        )
        self._keep_constants([one for one in readings if one.place not in self._own_names])
        return readings

    def _keep_constants(self, readings: Sequence[Reading]) -> None:
        """Keep what the folders name in a table, by the number of the file."""
        if not readings:
            return
        columns = ", ".join(f"{reading.sql} {reading.sql_type}" for reading in readings)
        self._connection.execute(f"CREATE TABLE folders (f UBIGINT, {columns})")
        marks = ", ".join("?" for _ in range(len(readings) + 1))
        self._connection.executemany(
            f"INSERT INTO folders VALUES ({marks})",
            [
                [number, *(file.constants.get(reading.column.name) for reading in readings)]
                for number, file in enumerate(self._source.files)
            ],
        )

    # ------------------------------------------------------------ what is read from

    def new_name(self, what: str) -> str:
        """Return a name for a table that no other has."""
        return f"{what}_{next(_NAMES)}"

    def _files(self, numbers: Sequence[int]) -> str:
        """Return the SQL of some files."""
        paths = ", ".join(literal(_escaped(self._paths[number])) for number in numbers)
        together = ", union_by_name=true" if len(self._paths) > 1 else ""
        return f"read_parquet([{paths}], hive_partitioning=false{together})"

    def rows_of(self, places: Sequence[int], numbers: Sequence[int] | None = None) -> str:
        """Return the SQL of the rows of some files, with the number of each among all as ``n``."""
        chosen = range(len(self._paths)) if numbers is None else numbers
        starts = [self.starts[number] for number in chosen]
        base = _by_file(starts) if len(starts) > 1 else f"{starts[0]}"
        there = {name for number in chosen for name in self._source.files[number].names}
        wanted = [self._column(self.readings[place], there) for place in dict.fromkeys(places)]
        join = ""
        if self.asks_folders(places):
            join = f" JOIN folders k ON k.f = {_by_file(chosen)}"
        return (
            f"(SELECT {base} + b.file_row_number AS n, b.file_index AS f, b.file_row_number AS r"
            f"{''.join(f', {column}' for column in wanted)} FROM {self._files(chosen)} b{join})"
        )

    def asks_folders(self, places: Sequence[int]) -> bool:
        """Say whether any of these columns is named by folders alone."""
        return any(place not in self._own_names for place in places)

    def _column(self, reading: Reading, there: Collection[str]) -> str:
        """Return the SQL of a column in files that have the columns ``there``."""
        if reading.place not in self._own_names:
            return f"k.{reading.sql}"
        name = f"b.{identifier(self._own_names[reading.place])}"
        value = name if reading.column.name in there else "NULL"
        if len(self._paths) > 1:
            value = f"{value}::{reading.sql_type}"
        # Statistics in Parquet leave NaN out, and DuckDB takes them at their word: it finds no NaN
        # where they speak of numbers alone, and sorts it as a number. A CASE is opaque to that.
        if reading.is_float:
            value = f"CASE WHEN {value} IS NULL THEN NULL ELSE {value} END"
        return f"{value} AS {reading.sql}"

    def locate(self, number: int) -> tuple[int, int]:
        """Return which file a row is in, and which row of it."""
        file = bisect_right(self.starts, number) - 1
        return file, number - self.starts[file]

    # ------------------------------------------------------------ asking and stopping

    def stop(self, what: str) -> None:
        """Stop the questions of one sort that are under way: ``arrange``, ``count`` or ``page``."""
        with self._lock:
            for cursor in self._asking.get(what, ()):
                cursor.interrupt()

    def close(self) -> None:
        """Stop everything and let go of the files."""
        for _ in range(_CLOSING_TRIES):
            for what in tuple(self._asking):
                self.stop(what)
            try:
                with self._lock:
                    self._connection.close()
                break
            except duckdb.Error:  # busy with another call: DuckDB refuses instead of waiting
                Event().wait(0.02)
        rmtree(self._spill, ignore_errors=True)

    def question(self, sql: str, bound: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the answer to a question that reads no file; what DuckDB objects to is raised."""
        cursor = self._made()
        try:
            return cursor.execute(sql, list(bound)).fetchall()
        finally:
            cursor.close()

    def _made(self) -> duckdb.DuckDBPyConnection:
        """Return a connection for one question; making two at once raises."""
        with self._lock, _told():
            return self._connection.cursor()

    @contextmanager
    def cursor(self, what: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection for one question, which `stop` can find."""
        cursor = self._made()
        with self._lock:
            self._asking.setdefault(what, set()).add(cursor)
        try:
            with _told():
                yield cursor
        except duckdb.InterruptException:
            if what in STOPPABLE:
                raise
            raise StoppedError("The files were closed.") from None
        finally:
            with self._lock:
                self._asking[what].discard(cursor)
            cursor.close()

    def require_same(self, numbers: Iterable[int]) -> None:
        """See that some files are as they were when they were opened.

        Raises:
            FormatError: One has changed, or is gone.
        """
        for number in numbers:
            path = self._paths[number]
            if _stamp(path) != self._stamps[number]:
                raise FormatError(
                    f"{path.name} has changed since it was opened.", hint="Open it again."
                )


def _reading(column: Column, place: int, sql_type: str) -> Reading:
    """Return a column as DuckDB reads it; bytes it cannot take for numbers stay bytes."""
    known = column._replace(type=BINARY) if sql_type == "BLOB" else column
    return Reading(known, place, sql_type)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what DuckDB says of files into a sentence.

    Raises:
        FormatError: A file cannot be read.
    """
    try:
        yield
    except duckdb.InterruptException:
        raise
    except duckdb.OutOfMemoryException as error:
        raise WorkbenchError(
            f"There is not enough memory or disk for this: {_first_line(error)}.",
            hint="Filter first, or sort by a narrower column.",
        ) from None
    except duckdb.Error as error:
        raise FormatError(f"The data cannot be read: {_first_line(error)}.") from None


def _by_file(values: Iterable[int]) -> str:
    """Return the SQL of a number that each file of a question has."""
    return f"({list(values)}::BIGINT[])[b.file_index::BIGINT + 1]"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _stamp(path: Path) -> Stamp | None:
    try:
        return stamp_of(path)
    except OSError:
        return None


def _escaped(path: Path) -> str:
    """Return a path in which nothing is a pattern."""
    return "".join(f"[{letter}]" if letter in _GLOBS else letter for letter in str(path))
