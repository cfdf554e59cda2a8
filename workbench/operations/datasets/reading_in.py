"""A dataset's files read as a table for its version: columns, rows and profile."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.fields import Fields
from workbench.datasets.manifest import SchemaColumn
from workbench.datasets.profile import Profile
from workbench.datasets.table import Table
from workbench.datasets.versions.finding import FILE, FOLDER, Found
from workbench.operations.datasets.named_columns import OF_COLUMNS, named
from workbench.words import visible

Progress = Callable[[int, int, str], None]
"""Told how much is done, of how much (0: nobody knows), and of what."""

MOST_ROWS: Final = 5_000_000
MOST_CELLS: Final = 200_000_000
"""Of a table whose repeated rows are counted: some seconds and 120 MB, beside its profile."""


class Read(NamedTuple):
    """What a table turned out to be."""

    reader: str
    read_as: Mapping[str, str]
    columns: tuple[SchemaColumn, ...]
    rows: int
    profile: Profile
    said: tuple[str, ...]
    """What a person should know of how it was read."""


def read_in(
    found: Found,
    options: Mapping[str, str],
    fields: Fields,
    cache: Path,
    on_progress: Progress,
    stopped: Callable[[], bool],
) -> Read:
    """Return what is in files, read once and in bounded memory.

    Raises:
        FormatError: They are no table, or cannot be read to their end.
        StoppedError: `stopped` said so.
    """
    from workbench.datasets.reading import cached_copy  # noqa: PLC0415 - with polars

    def on_rows(rows: int) -> None:
        on_progress(rows, 0, "rows read")

    target, base = meant(found)
    table = cached_copy(target, options, cache, base=base, on_rows=on_rows, stopped=stopped)
    return of_table(table, fields, on_progress, stopped)


def meant(found: Found) -> tuple[Path | tuple[Path, ...], Path | None]:
    """Return what is opened as a table: a file, a folder, or names below a folder."""
    if found.kind in (FILE, FOLDER):
        return found.path, None
    return tuple(Path(name) for name in found.names), found.base


def of_table(
    table: Table, fields: Fields, on_progress: Progress, stopped: Callable[[], bool]
) -> Read:
    """Return what a table is of which columns can be read alone."""
    from workbench.datasets.profiling import profile  # noqa: PLC0415 - numpy
    from workbench.datasets.reading import OPTIONS, read_as  # noqa: PLC0415 - with polars

    made = profile(
        table,
        fields=fields,
        duplicates=_is_countable(table),
        on_column=lambda done, total: on_progress(done, total, "columns"),
        stopped=stopped,
    )
    notes = tuple(
        f"{name.capitalize()}: {value}." for name, value in table.said if name not in OPTIONS
    )
    return Read(
        table.format,
        read_as(table),
        tuple(SchemaColumn(*column) for column in table.columns),
        made.rows,
        made,
        (*notes, *_unknown_columns(fields, {column.name for column in table.columns})),
    )


def _is_countable(table: Table) -> bool:
    """Say whether repeated rows of a table are counted: not where that takes long or much room."""
    rows = table.rows
    return rows is not None and rows <= MOST_ROWS and rows * len(table.columns) <= MOST_CELLS


def _unknown_columns(fields: Fields, there: set[str]) -> tuple[str, ...]:
    """Return sentences about columns that are said to be something and are not there."""
    return tuple(
        f"There is no column {visible(column)!r}, which is said to be {OF_COLUMNS[field]}."
        for field, column in named(fields)
        if column not in there
    )
