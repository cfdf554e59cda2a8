"""Opening data: a file, a folder or several files, of any format, as one table."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from workbench.datasets.reading import options as said
from workbench.datasets.reading.delimited import open_delimited
from workbench.datasets.reading.faults import missing, shown
from workbench.datasets.reading.parquet import ColumnarTable, open_parquet
from workbench.datasets.table import Table
from workbench.errors import FormatError


def open_table(
    path: Path | Sequence[Path],
    *,
    options: Mapping[str, str] | None = None,
    base: Path | None = None,
) -> Table:
    """Return a table on disk, opened and not read.

    Args:
        path: A file, a folder of files of one format, or several files.
        options: How to read it, of `workbench.datasets.reading.OPTIONS`; the rest is found out.
        base: The folder that paths are relative to.

    Raises:
        NotFoundError: There is nothing at the path.
        FormatError: It is no table, or cannot be read.
        UsageError: An option does not fit.
    """
    chosen = said.checked(options or {})
    paths = [path] if isinstance(path, Path) else list(path)
    if base is not None:
        paths = [base / one for one in paths]
    for one in paths:
        if not one.exists():
            raise missing(one)
    if paths[0].suffix == ".parquet":
        file = open_parquet(paths[0])
        return ColumnarTable((file,), file.schema)
    if paths[0].is_file():
        return open_delimited(paths, chosen)
    raise FormatError(f"{shown(paths[0])} is neither a file nor a folder.")
