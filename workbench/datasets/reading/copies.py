"""Parquet copies of other formats, kept in the local cache and never in a workspace."""

from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.datasets.reading.columnar import columnar
from workbench.datasets.reading.frames import FrameTable
from workbench.datasets.reading.parquet import ColumnarTable
from workbench.datasets.reading.tables import open_table


def cached_copy(
    path: Path,
    options: Mapping[str, str],
    cache: Path,
    *,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> ColumnarTable | FrameTable:
    """Return a table as Parquet, from the cache where it is there already."""
    table = open_table(path, options=options)
    return columnar(table, cache / "x", on_rows=on_rows, stopped=stopped)
