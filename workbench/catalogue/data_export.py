"""The rows of a view written to a file by DuckDB itself, whole values and any number of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb

from workbench.catalogue.data_cells import Reading, identifier, literal, written
from workbench.catalogue.data_files import DataFiles
from workbench.catalogue.data_rows import Wanted
from workbench.catalogue.data_views import View
from workbench.errors import NotAllowedError
from workbench.words import defused

Form = Literal["csv", "parquet"]


def export(files: DataFiles, view: View, path: Path, wanted: Wanted, form: Form = "csv") -> bool:
    """Write a view to a new file; False where it was stopped, and then nothing is left of it.

    Args:
        files: The data.
        view: Which rows, in which order.
        path: The file, whole or not there at all.
        wanted: Which columns, and which of them are masked.
        form: CSV, in which no text or name is a formula for a spreadsheet; or Parquet, as the
            data is.

    Raises:
        FormatError: The data cannot be read, or there is no room for the file.
        NotAllowedError: The file cannot be written there.
    """
    draft = path.with_name(f".{path.name}.new")
    named = [_named(files.readings[place], form, wanted) for place in wanted.places]
    options = "FORMAT csv, HEADER" if form == "csv" else "FORMAT parquet, COMPRESSION zstd"
    files.require_same(range(len(files.starts)))
    try:
        draft.touch()  # what cannot be written would be told as data that cannot be read
        with files.cursor("export") as cursor:
            cursor.execute(
                f"COPY (SELECT {', '.join(named)} FROM {_rows(files, view, wanted.places)}) "
                f"TO {literal(str(draft))} ({options})"
            )
        draft.replace(path)
    except duckdb.InterruptException:
        return False
    except OSError as error:
        raise NotAllowedError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Start the workbench in a folder you may write to.",
        ) from None
    finally:
        draft.unlink(missing_ok=True)
    return True


def _rows(files: DataFiles, view: View, places: Sequence[int]) -> str:
    rows = f"{files.rows_of(places)} s"
    if not view.table:
        return f"{rows} ORDER BY s.n" if len(files.starts) > 1 else rows
    return f"{rows} JOIN (SELECT rowid AS p, n FROM {view.table}) i ON s.n = i.n ORDER BY i.p"


def _named(reading: Reading, form: Form, wanted: Wanted) -> str:
    name = reading.column.name
    heading = defused(name) if form == "csv" else name
    return f"{_value(reading, form, wanted)} AS {identifier(heading)}"


def _value(reading: Reading, form: Form, wanted: Wanted) -> str:
    """Return the SQL of a column as it is written, or of what stands for its values."""
    if reading.place in wanted.masked:
        return f"CASE WHEN {reading.sql} IS NOT NULL THEN {literal(wanted.mask)} END"
    return written(reading) if form == "csv" else reading.sql
