"""Opening data: a file, a folder or several files, of any format, as one table."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from workbench import words
from workbench.datasets.reading import options as options_of
from workbench.datasets.reading.arrow import open_arrow
from workbench.datasets.reading.delimited import open_delimited
from workbench.datasets.reading.excel import open_excel
from workbench.datasets.reading.faults import shown
from workbench.datasets.reading.formats import (
    ARROW,
    CSV,
    EXCEL,
    JSON_LINES,
    PARQUET,
    Found,
    format_of,
)
from workbench.datasets.reading.gathering import Gathered, gathered, partition_of
from workbench.datasets.reading.json_lines import open_json_lines
from workbench.datasets.reading.kinds import dtype_of
from workbench.datasets.reading.parquet import ColumnarTable, open_parquet, table_of
from workbench.datasets.reading.sqlite import open_sqlite
from workbench.datasets.reading.text_values import converted, kind_of
from workbench.datasets.table import Table
from workbench.errors import FormatError

_NAMED = 5
"""Of files that are left out, how many are named."""


def open_table(
    path: Path | Sequence[Path],
    *,
    options: Mapping[str, str] | None = None,
    base: Path | None = None,
) -> Table:
    """Return a table on disk, opened and not read.

    Args:
        path: A file, a folder of files of one format, a pattern with ``*``, or several of them.
        options: How to read it, of `workbench.datasets.reading.OPTIONS`; the rest is found out.
        base: The folder that paths are relative to.

    Raises:
        NotFoundError: There is nothing at the path.
        FormatError: It is no table, or cannot be read.
        UsageError: An option does not fit.
    """
    chosen = options_of.checked(options or {})
    paths = [path] if isinstance(path, Path) else list(path)
    found = gathered([base / one for one in paths] if base is not None else paths)
    if base is not None and len(found.files) > 1:
        found = found._replace(folder=base)  # its folders name columns though all files be in one
    word, notes = _one_format(found, chosen.get("format", ""))
    if found.left_out:
        named = ", ".join(found.left_out[:_NAMED])
        more = len(found.left_out) - _NAMED
        notes.append(("left out", f"{named} and {more:,} more" if more > 0 else named))
    return _opened(word, found, chosen, tuple(notes))


def _opened(
    word: str, found: Gathered, options: Mapping[str, str], notes: tuple[tuple[str, str], ...]
) -> Table:
    if word == PARQUET:
        return _parquet(found, notes)
    named = {name for path in found.files for name in partition_of(path, found.folder)}
    if named:
        listed = words.visible(", ".join(sorted(named)))
        notes = (*notes, ("left out", f"{listed}, which only folders name (read in Parquet)"))
    if word == CSV:
        return open_delimited(found.files, options, notes)
    if word == JSON_LINES:
        return open_json_lines(found.files, options, notes)
    if word == ARROW:
        return open_arrow(found.files, notes)
    if len(found.files) > 1:
        raise FormatError(f"These are {len(found.files):,} {word} files.", hint="Name one of them.")
    opened = open_excel if word == EXCEL else open_sqlite
    return opened(found.files[0], options, notes)


def _one_format(found: Gathered, chosen: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the format all files have, and what is odd about them.

    Raises:
        FormatError: They have several.
    """
    first: tuple[Path, Found] | None = None
    notes = []
    for path in found.files:
        one = format_of(path, chosen)
        if first is None:
            first = path, one
        if one.format != first[1].format:
            raise FormatError(
                f"{shown(first[0])} is {first[1].format}, and {shown(path)} is {one.format}; "
                "a table is of one format.",
                hint="Name the files that belong together.",
            )
        if one.note:
            notes.append(("named", one.note))
    assert first is not None  # noqa: S101 - gathered() gives at least one
    return first[1].format, notes[:1]


def _parquet(found: Gathered, notes: tuple[tuple[str, str], ...]) -> ColumnarTable:
    partitions, values = _partitions(found)
    files = [open_parquet(path, values[k]) for k, path in enumerate(found.files)]
    if partitions:
        notes = (*notes, ("from folders", ", ".join(map(words.visible, partitions))))
    return table_of(files, partitions, notes)


def _partitions(found: Gathered) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the types of columns that folders name, and their value for each file."""
    import polars as pl

    raw = [partition_of(path, found.folder) for path in found.files]
    names = dict.fromkeys(name for one in raw for name in one)
    types: dict[str, Any] = {}
    columns: dict[str, list[Any]] = {}
    for name in names:
        texts = pl.Series(name, [one.get(name) for one in raw], dtype=pl.String)
        kind = kind_of(texts)
        made = converted(texts, kind)
        types[name] = dtype_of(kind)
        columns[name] = (texts if made is None else made).to_list()
    return types, [{name: columns[name][k] for name in names} for k in range(len(raw))]
