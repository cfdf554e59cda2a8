"""Data files opened for reading rows: where each row is, what the columns are, who is asking.

DuckDB reads Parquet where it lies. The database is in memory, private to one reader, and spills to
a folder that goes with it. Rows are numbered from 0 through all files in their order.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple

import duckdb

from workbench.catalogue.data_cells import Reading, identifier, literal
from workbench.datasets.table import Column
from workbench.errors import FormatError, WorkbenchError

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


class Source(NamedTuple):
    """Parquet files that are one table."""

    paths: tuple[Path, ...]
    columns: tuple[Column, ...]
    """Those of the files in their order, and among them those that folders name."""
    constants: tuple[Mapping[str, Any], ...] = ()
    """For each file the values its folder names; empty where folders name none."""


class DataFiles:
    """Data files opened for reading rows; any thread may ask, each question on its own."""

    def __init__(self, source: Source, spill: Path, now: float) -> None:
        """Open the files.

        Args:
            source: The files.
            spill: A folder for what does not fit into memory; made when it is needed.
            now: What relative times of filters count from, in seconds since 1970.

        Raises:
            FormatError: They cannot be read.
        """
        self._source = source
        self._spill = spill
        self.now = now
        self._names = count(1)
        self._lock = Lock()
        self._asking: dict[str, set[duckdb.DuckDBPyConnection]] = {}
        self._stamps = tuple(_stamp(path) for path in source.paths)
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
        self._connection.execute("SET TimeZone = 'UTC'")
        self.file_rows = self._counted()
        self.starts = tuple(sum(self.file_rows[:k]) for k in range(len(self.file_rows)))
        self.rows = sum(self.file_rows)
        """How many there are in all files."""
        self.readings = self._described()
        """The columns in order."""

    def _counted(self) -> tuple[int, ...]:
        """Return the rows of every file, from their footers."""
        paths = [_escaped(path) for path in self._source.paths]
        found = self._connection.execute(
            "SELECT file_name, num_rows FROM parquet_file_metadata(?)", [paths]
        ).fetchall()
        by_name = {Path(name): int(rows) for name, rows in found}
        return tuple(by_name[path] for path in self._source.paths)

    def _described(self) -> tuple[Reading, ...]:
        source = self._source
        named = source.constants[0] if source.constants else {}
        found = self._connection.execute(f"DESCRIBE SELECT * FROM {self._files(None)}").fetchall()
        own = iter(found)
        readings, self._own_names = [], {}
        for place, column in enumerate(source.columns):
            if column.name in named:
                readings.append(Reading(column, place, _FOLDER_TYPES.get(column.type, "VARCHAR")))
                continue
            described = next(own, None)
            if described is None:
                raise FormatError(f"The files have no column {column.name!r} any more.")
            self._own_names[place] = described[0]
            readings.append(Reading(column, place, described[1]))
        self._keep_constants([reading for reading in readings if reading.column.name in named])
        return tuple(readings)

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
                [number, *(constants.get(reading.column.name) for reading in readings)]
                for number, constants in enumerate(self._source.constants)
            ],
        )

    # ------------------------------------------------------------ what is read from

    def new_name(self, what: str) -> str:
        """Return a name for a table that no other has."""
        return f"{what}_{next(self._names)}"

    def _files(self, numbers: Sequence[int] | None) -> str:
        """Return the SQL of some files, or of all."""
        chosen = range(len(self._source.paths)) if numbers is None else numbers
        paths = ", ".join(literal(_escaped(self._source.paths[number])) for number in chosen)
        together = ", union_by_name=true" if len(self._source.paths) > 1 else ""
        return f"read_parquet([{paths}], hive_partitioning=false{together})"

    def rows_of(self, places: Sequence[int], numbers: Sequence[int] | None = None) -> str:
        """Return the SQL of the rows of some files, with the number of each among all as ``n``."""
        chosen = range(len(self._source.paths)) if numbers is None else numbers
        starts = [self.starts[number] for number in chosen]
        base = f"{starts}[b.file_index + 1] + " if len(starts) > 1 else f"{starts[0]} + "
        wanted = [self._column(self.readings[place]) for place in dict.fromkeys(places)]
        columns = "".join(f", {column}" for column in wanted)
        join = ""
        if any(place not in self._own_names for place in places):
            which = f"{list(chosen)}[b.file_index + 1]"
            join = f" JOIN folders k ON k.f = {which}"
        return (
            f"(SELECT {base}b.file_row_number AS n, b.file_index AS f, b.file_row_number AS r"
            f"{columns} FROM {self._files(numbers)} b{join})"
        )

    def _column(self, reading: Reading) -> str:
        if reading.place not in self._own_names:
            return f"k.{reading.sql}"
        name = identifier(self._own_names[reading.place])
        cast = f"::{reading.sql_type}" if len(self._source.paths) > 1 else ""
        return f"b.{name}{cast} AS {reading.sql}"

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
        for what in tuple(self._asking):
            self.stop(what)
        self._connection.close()
        if self._spill.is_dir():
            for left in self._spill.iterdir():
                left.unlink(missing_ok=True)
            self._spill.rmdir()

    def question(self, sql: str, bound: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return the answer to a question that reads no file; what DuckDB objects to is raised."""
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql, list(bound)).fetchall()
        finally:
            cursor.close()

    @contextmanager
    def cursor(self, what: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection for one question, which `stop` can find."""
        cursor = self._connection.cursor()
        with self._lock:
            self._asking.setdefault(what, set()).add(cursor)
        try:
            with _told():
                yield cursor
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
            path = self._source.paths[number]
            if _stamp(path) != self._stamps[number]:
                raise FormatError(
                    f"{path.name} has changed since it was opened.", hint="Open it again."
                )


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


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _escaped(path: Path) -> str:
    """Return a path in which nothing is a pattern."""
    return "".join(f"[{letter}]" if letter in _GLOBS else letter for letter in str(path))
