"""Parquet: one file, or many of the same columns; folders named ``key=value`` become columns.

A part is a few row groups of one file. The column types of all files are brought together only
where nothing is lost (``Int32`` and ``Int64``, nulls and anything); else the file is named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench import words
from workbench.datasets.reading.faults import shown, told
from workbench.datasets.reading.frames import column_of
from workbench.datasets.reading.parquet_footer import read_footer
from workbench.datasets.reading.parts import Stretch, finer, stretches
from workbench.datasets.reading.stamps import FileStamp, require_same, stamp
from workbench.datasets.table import Column
from workbench.errors import FormatError, NotFoundError

if TYPE_CHECKING:
    import polars as pl


_MOST_KEPT: Final = 64
"""Files whose description stays in memory."""


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """One file of a table."""

    stamp: FileStamp
    schema: "dict[str, pl.DataType]"
    """What the file itself has."""
    parts: tuple[Stretch, ...]
    rows: int
    constants: dict[str, Any] = field(default_factory=dict)
    """Columns its folder names, the same in every row."""

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.stamp.path


@dataclass(frozen=True)
class ColumnarTable:
    """A table in Parquet files, of which any column can be read alone."""

    files: tuple[ParquetFile, ...]
    schema: "dict[str, pl.DataType]"
    format: str = "parquet"
    said: tuple[tuple[str, str], ...] = ()
    columnar: bool = True

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Names and types."""
        return tuple(column_of(name, dtype) for name, dtype in self.schema.items())

    @property
    def rows(self) -> int:
        """How many rows."""
        return sum(one.rows for one in self.files)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, in order."""
        return tuple(one.path for one in self.files)

    @property
    def part_rows(self) -> tuple[int, ...]:
        """Rows of each part of a column."""
        return tuple(part.rows for one in self.files for part in one.parts)

    def batches(self, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Yield the rows in order; large parts in several batches.

        Raises:
            FormatError: A part cannot be read, or a file changed meanwhile.
        """
        names = tuple(self.schema) if columns is None else tuple(columns)
        for one in self.files:
            for part in one.parts:
                for stretch in finer(part, len(names)) if part.rows else ():
                    yield self._read(one, stretch, names)
        if not self.files or not any(self.part_rows):
            yield self.head(0)
        require_same(one.stamp for one in self.files)

    def head(self, rows: int) -> "pl.DataFrame":
        """Return the first rows."""
        import polars as pl

        found, names = [], tuple(self.schema)
        for one in self.files:
            if rows <= 0:
                break
            take = min(rows, one.rows)
            found.append(self._read(one, Stretch(0, take), names))
            rows -= take
        return pl.concat(found) if found else pl.DataFrame(schema=self.schema)

    def _read(self, one: ParquetFile, part: Stretch, names: Sequence[str]) -> "pl.DataFrame":
        for name in names:
            if name not in self.schema:
                raise NotFoundError(f"There is no column {name!r}.")
        own = [name for name in names if name in one.schema]
        with told(one.path, f"rows {part.start + 1:,} to {part.start + part.rows:,}"):
            frame = self._lazy(one.path).select(own).slice(part.start, part.rows).collect()
        if own and frame.height != part.rows:
            raise FormatError(f"{shown(one.path)} has fewer rows than it says.")
        found = frame.schema
        if len(own) == len(names) and all(found[name] == self.schema[name] for name in own):
            return frame
        constant = {name: one.constants.get(name) for name in names if name not in one.schema}
        return _completed(frame, part.rows, {name: self.schema[name] for name in names}, constant)

    @cached_property
    def _lazies(self) -> "dict[Path, pl.LazyFrame]":
        return {}

    def _lazy(self, path: Path) -> "pl.LazyFrame":
        """Return a file to be read; of thousands of columns its description takes 10 ms."""
        import polars as pl

        known = self._lazies.get(path)
        if known is None:
            if len(self._lazies) >= _MOST_KEPT:
                self._lazies.clear()
            known = pl.scan_parquet(path, glob=False, hive_partitioning=False)
            self._lazies[path] = known
        return known


def _completed(
    frame: "pl.DataFrame", rows: int, schema: "dict[str, pl.DataType]", constants: dict[str, Any]
) -> "pl.DataFrame":
    """Return a file's rows with the columns and types of the whole table."""
    import polars as pl

    made = []
    for name, dtype in schema.items():
        if name in constants:
            made.append(pl.Series(name, [constants[name]], dtype=dtype).new_from_index(0, rows))
        else:
            made.append(frame.get_column(name).cast(dtype))
    return pl.DataFrame(made)


def open_parquet(path: Path, constants: Mapping[str, Any] | None = None) -> ParquetFile:
    """Return one Parquet file, opened: its types and where its parts are.

    Raises:
        FormatError: It is no Parquet file, is cut off or damaged.
    """
    import polars as pl

    with told(path):
        before = stamp(path)
        footer = read_footer(path)
        schema = dict(pl.read_parquet_schema(path))
    parts = stretches(footer.groups, footer.rows)
    return ParquetFile(before, schema, parts, footer.rows, dict(constants or {}))


def table_of(
    files: Sequence[ParquetFile],
    partitions: "Mapping[str, pl.DataType] | None" = None,
    said: tuple[tuple[str, str], ...] = (),
) -> ColumnarTable:
    """Return Parquet files as one table; a column that one does not have is null there.

    Raises:
        FormatError: A column has types that do not go together without loss.
    """
    schema: dict[str, pl.DataType] = {}
    lacking: dict[str, int] = {}
    for one in files:
        for name, dtype in one.schema.items():
            schema[name] = _wider(schema[name], dtype, name, one) if name in schema else dtype
    for name in schema:
        if count := sum(name not in one.schema for one in files):
            lacking[name] = count
    notes = [
        ("missing", f"{words.visible(name)}, in {count:,} of {len(files):,} files")
        for name, count in lacking.items()
    ]
    own = {name: dtype for name, dtype in (partitions or {}).items() if name not in schema}
    return ColumnarTable(tuple(files), schema | own, said=(*said, *notes))


def _wider(one: "pl.DataType", other: "pl.DataType", name: str, file: ParquetFile) -> "pl.DataType":
    """Return the type that holds both without loss."""
    import polars as pl

    if one == other or other == pl.Null():
        return one
    if one == pl.Null():
        return other
    if one.is_integer() and other.is_integer():
        return _whole(one, other)
    if {one, other} == {pl.Float32(), pl.Float64()}:
        return pl.Float64()
    if {type(one), type(other)} <= {pl.String, pl.Categorical, pl.Enum}:
        return pl.String()
    if isinstance(one, pl.Datetime) and isinstance(other, pl.Datetime):
        zones = {one.time_zone, other.time_zone}
        if len(zones) == 1 and {one.time_unit, other.time_unit} == {"ms", "us"}:
            return pl.Datetime("us", one.time_zone)
    raise FormatError(
        f"Column {words.visible(name)!r} is {other} in {shown(file.path)}, and {one} before it.",
        hint="Write the files with the same types.",
    )


def _whole(one: "pl.DataType", other: "pl.DataType") -> "pl.DataType":
    import polars as pl

    signed = one.is_signed_integer() or other.is_signed_integer()
    for dtype in (pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64(), pl.Int128()):
        if all(_holds(dtype, each) for each in (one, other)) and signed:
            return dtype
    return max((one, other), key=_bits)


def _bits(dtype: "pl.DataType") -> int:
    return int("".join(sign for sign in str(dtype) if sign.isdigit()))


def _holds(dtype: "pl.DataType", other: "pl.DataType") -> bool:
    """Say whether a signed type holds all values of a whole-number type."""
    return _bits(dtype) >= _bits(other) + (not other.is_signed_integer())
