"""From what somebody named to Parquet files whose rows can be read where they lie."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.catalogue.data_files import DataFiles, Source, SourceFile
from workbench.datasets.manifest import Manifest
from workbench.datasets.table import Table
from workbench.errors import UsageError
from workbench.operations.datasets.scratch import cache_of, unmade
from workbench.operations.session import Session

if TYPE_CHECKING:
    import polars as pl

HEAD_ROWS: Final = 1000
"""Shown of a file that has to be read to its end before its rows can be counted."""


class Opened(NamedTuple):
    """A table that was opened, and where its copy and its scratch may be."""

    title: str
    table: Table
    options: Mapping[str, str]
    cache: Path
    scratch: Path
    sensitive: frozenset[str]
    doubt: str = ""
    """Why these may not be the rows that were registered; empty where they are known to be."""


def open_source(
    session: Session | None, source: Manifest | Path, options: Mapping[str, str], now: float
) -> Opened:
    """Open what somebody named, and read no row of it.

    Raises:
        NotFoundError: There is nothing, or its files are away or have changed since.
        FormatError: It is no table, or cannot be read.
    """
    from workbench.datasets.reading import OPTIONS, open_table  # noqa: PLC0415 - polars

    cache = cache_of(session)
    scratch = unmade(cache, now)
    if isinstance(source, Path):
        table = open_table(source, options=options)
        return Opened(source.name, table, options, cache, scratch, frozenset())
    if session is None:
        raise UsageError("A version of a dataset is read in its workspace.")
    from workbench.operations.data_fields import fields_of  # noqa: PLC0415 - for versions alone
    from workbench.operations.datasets.standing import open_standing  # noqa: PLC0415

    said = {name: value for name, value in source.read_as.items() if name in OPTIONS}
    title = f"{source.dataset}@{source.version}"
    standing = open_standing(session, source)
    names = [column.name for column in standing.table.columns]
    sensitive = fields_of(session, source.dataset).hidden_among(names)
    return Opened(title, standing.table, said, cache, scratch, sensitive, standing.doubt)


def files_at_once(opened: Opened) -> tuple[DataFiles, bool]:
    """Return what can be shown now, and whether that is every row.

    Raises:
        FormatError: It cannot be read.
    """
    from workbench.datasets.reading import known_copy  # noqa: PLC0415 - polars

    table = opened.table
    copy = table if _parts(table) else known_copy(table, opened.options, opened.cache)
    if copy is not None:
        return DataFiles(_source(copy), opened.scratch), True
    frame = table.head(HEAD_ROWS)
    if table.columnar:  # a table in memory
        frame = next(iter(table.batches()), frame)
    complete = table.columnar or frame.height < HEAD_ROWS
    return DataFiles(_written(frame, opened.scratch / "head.parquet"), opened.scratch), complete


def files_after_copying(
    opened: Opened, on_rows: Callable[[int], None], stopped: Callable[[], bool]
) -> DataFiles:
    """Return every row of a table that had to be copied to Parquet first.

    Raises:
        FormatError: It cannot be read to its end.
        StoppedError: `stopped` said so.
    """
    from workbench.datasets.reading import copy_of  # noqa: PLC0415 - polars

    copy = copy_of(opened.table, opened.options, opened.cache, on_rows=on_rows, stopped=stopped)
    return DataFiles(_source(copy), opened.scratch)


def _parts(table: Table) -> tuple[object, ...]:
    return tuple(getattr(table, "files", ()))


def _source(table: Table) -> Source:
    """Return Parquet files as the catalogue reads them."""
    files = tuple(
        SourceFile(file.path, frozenset(file.schema), file.constants)  # type: ignore[attr-defined]
        for file in _parts(table)
    )
    return Source(files, table.columns)


def _written(frame: "pl.DataFrame", path: Path) -> Source:
    """Write a frame into the scratch, where it is read like any other file."""
    from workbench.datasets.reading import frame_columns  # noqa: PLC0415 - polars

    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_parquet(path)
    return Source((SourceFile(path, frozenset(frame.columns)),), frame_columns(frame))
