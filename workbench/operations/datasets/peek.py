"""What files would be as a dataset, before anybody registers them: nothing is written."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from workbench.datasets.table import Column
from workbench.datasets.versions import folder
from workbench.datasets.versions.finding import FILE, FOLDER, find
from workbench.operations.registry.register import near_name
from workbench.operations.session import Session

_MOST_ENDINGS = 2
"""As in ``census.csv.gz``."""


class Peek(NamedTuple):
    """What files look like at first sight."""

    files: int
    size: int
    """Bytes."""
    format: str
    said: tuple[tuple[str, str], ...]
    """How they would be read: separator, encoding, decimal, sheet."""
    columns: tuple[Column, ...]
    rows: int | None
    """None where they have to be counted."""


def peek(path: Path, options: Mapping[str, str]) -> Peek:
    """Return what files would be read as.

    Args:
        path: A file, a folder or a pattern.
        options: How to read them, where that is not to be found out.

    Raises:
        NotFoundError: There is nothing there.
        FormatError: It is no table.
        UsageError: An option cannot be.
    """
    from workbench.datasets.reading import open_table  # noqa: PLC0415 - polars

    found = find(path)
    size = sum(file.stat().st_size for file in found.files)
    table = open_table(found.path if found.kind in (FILE, FOLDER) else found.files, options=options)
    return Peek(len(found.names), size, table.format, table.said, table.columns, table.rows)


def name_for(path: Path) -> str:
    """Return the name a dataset of this file, folder or pattern would have."""
    stem = path.name
    for _ in range(_MOST_ENDINGS):
        stem = stem.rpartition(".")[0] or stem
    plain = stem.strip("*?[]._- ") or path.parent.name
    return near_name(plain) if plain else ""


def next_version(session: Session, name: str) -> int:
    """Return the number that the next version of a dataset would get; 1 where there is none."""
    entries = folder.entries(session.root, name)
    return entries[-1].number + 1 if entries else 1
