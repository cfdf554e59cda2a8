"""The files of a table as tables of their own, so that each can be a chunk."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench import words
from workbench.datasets.reading.arrow import ArrowTable
from workbench.datasets.reading.parquet import ColumnarTable, ParquetFile
from workbench.datasets.reading.rows import RowTable
from workbench.datasets.table import Table
from workbench.errors import UsageError


def files_of(source: Table) -> tuple[tuple[str, Table], ...]:
    """Return each file of a table with its name, in the order they are read.

    A column that a file does not have is missing there, not empty: its table is without it.

    Raises:
        UsageError: The table is of no files.
    """
    if isinstance(source, ColumnarTable):
        return _named(source.paths, [_parquet(source, one) for one in source.files])
    if isinstance(source, ArrowTable):
        each: list[Table] = [
            replace(source, stamps=(stamp,), counts=(rows,))
            for stamp, rows in zip(source.stamps, source.counts, strict=True)
        ]
        return _named([stamp.path for stamp in source.stamps], each)
    if isinstance(source, RowTable):
        paths = [stamp.path for stamp in source.stamps]
        if len(paths) == 1:
            return _named(paths, [source])
        return _named(paths, [_of_rows(source, place) for place in range(len(paths))])
    raise UsageError("A table in memory has no files.", hint="Cut it by time or by rows.")


def _parquet(source: ColumnarTable, one: ParquetFile) -> ColumnarTable:
    own = {n: t for n, t in source.schema.items() if n in one.schema or n in one.constants}
    return ColumnarTable((one,), own)


def _of_rows(source: RowTable, place: int) -> RowTable:
    """Return one file of a table of rows; its types are told from its own first rows."""
    stamps = (source.stamps[place],)
    return RowTable(replace(source.source, stamps=stamps))  # type: ignore[type-var]


def _named(paths: Sequence[Path], each: Sequence[Table]) -> tuple[tuple[str, Table], ...]:
    """Return tables with the names of their files; with folders where names repeat."""
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        folder = os.path.commonpath([path.parent for path in paths])
        names = [Path(os.path.relpath(path, folder)).as_posix() for path in paths]
    return tuple((words.visible(name), one) for name, one in zip(names, each, strict=True))
