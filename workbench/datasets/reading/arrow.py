"""Arrow IPC files and streams (Feather): read a stretch of rows at a time."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench import words
from workbench.datasets.reading.faults import shown, told
from workbench.datasets.reading.frames import column_of
from workbench.datasets.reading.parts import SMALL, Stretch, finer
from workbench.datasets.reading.stamps import FileStamp, require_same, stamp
from workbench.datasets.table import Column
from workbench.errors import FormatError, NotFoundError

if TYPE_CHECKING:
    import polars as pl

_MAGIC: Final = b"ARROW1"
_END: Final = b"\xff\xff\xff\xff\0\0\0\0"
_LARGEST_STREAM: Final = 2 << 30
"""Bytes of a stream: it has no index, so that it is read whole."""


@dataclass(frozen=True)
class ArrowTable:
    """Arrow files of the same columns, one after the other."""

    stamps: tuple[FileStamp, ...]
    schema: "Mapping[str, pl.DataType]"
    counts: tuple[int, ...]
    said: tuple[tuple[str, str], ...] = ()
    format: str = "arrow"
    columnar: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Names and types."""
        return tuple(column_of(name, dtype) for name, dtype in self.schema.items())

    @property
    def rows(self) -> int:
        """How many rows."""
        return sum(self.counts)

    def batches(self, columns: Sequence[str] | None = None) -> "Iterator[pl.DataFrame]":
        """Yield the rows in order.

        Raises:
            FormatError: They cannot be read, or a file changed meanwhile.
        """
        names = tuple(self.schema) if columns is None else tuple(columns)
        for name in names:
            if name not in self.schema:
                raise NotFoundError(f"There is no column {name!r}.")
        for one, rows in zip(self.stamps, self.counts, strict=True):
            lazy = _lazy(one.path)
            for start in range(0, max(rows, 1), SMALL):
                for part in finer(Stretch(start, min(SMALL, rows - start)), len(names)):
                    with told(one.path, f"rows from {part.start + 1:,} on"):
                        yield lazy.select(names).slice(part.start, part.rows).collect()
        if not self.rows:
            yield self.head(0)
        require_same(self.stamps)

    def head(self, rows: int) -> "pl.DataFrame":
        """Return the first rows."""
        import polars as pl

        found = []
        for one, held in zip(self.stamps, self.counts, strict=True):
            take = min(rows, held)
            with told(one.path):
                found.append(_lazy(one.path).select(list(self.schema)).head(take).collect())
            rows -= take
            if rows <= 0:
                break
        return pl.concat(found)


def open_arrow(paths: Sequence[Path], notes: tuple[tuple[str, str], ...] = ()) -> ArrowTable:
    """Return Arrow files as one table.

    Raises:
        FormatError: They are cut off or damaged, or have other columns than the first.
    """
    stamps, counts, endless = [], [], 0
    first: dict[str, pl.DataType] = {}
    for path in paths:
        with told(path):
            stamps.append(stamp(path))
            schema, rows = _looked_at(path)
            endless += not _ended(path)
        counts.append(rows)
        first = first or schema
        if schema != first:
            odd = next(iter(dict(schema.items() ^ first.items())))
            raise FormatError(
                f"{shown(path)} has other columns than {shown(paths[0])}: {words.visible(odd)!r}.",
                hint="Put files of the same columns together.",
            )
    if endless:
        files = words.plural(endless, "stream")
        notes = (*notes, ("end", f"{files} without an end mark: rows may be missing"))
    return ArrowTable(tuple(stamps), first, tuple(counts), notes)


def _looked_at(path: Path) -> "tuple[dict[str, pl.DataType], int]":
    """Return a file's types and how many rows it has."""
    import polars as pl

    try:
        lazy = _lazy(path)
        return dict(lazy.collect_schema()), int(lazy.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        if getattr(error, "errno", None) is not None:  # the system's, not the library's
            raise
        raise FormatError(
            f"{shown(path)} is cut off or damaged, and no whole Arrow data.",
            hint="Wait until it is whole, or write it again.",
        ) from None


def _ended(path: Path) -> bool:
    """Say whether a file ends as it should; a stream that was cut between batches reads well."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) == _MAGIC:
            return True
        file.seek(-len(_END), os.SEEK_END)
        return file.read() == _END


def _lazy(path: Path) -> "pl.LazyFrame":
    """Return a file to be read; a stream is read at once, as it has no index."""
    import polars as pl

    with path.open("rb") as file:
        indexed = file.read(len(_MAGIC)) == _MAGIC
    if indexed:
        return pl.scan_ipc(path, glob=False)
    if path.stat().st_size > _LARGEST_STREAM:
        raise FormatError(
            f"{shown(path)} is an Arrow stream of more than {words.size(_LARGEST_STREAM)}.",
            hint="Write it as an Arrow file or as Parquet.",
        )
    return pl.read_ipc_stream(path).lazy()
