"""Questions in SQL by people: read-only, over the documented views, with nothing to reach outside.

The file is opened anew for them. The connection that holds it for writing has to be
closed first: opening it twice in a process drops DuckDB's lock.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from workbench.catalogue.connection import Catalogue
from workbench.errors import UsageError, WorkbenchError

VIEWS: Mapping[str, str] = {
    "runs": "one row a run; duration in seconds, size in bytes, path relative to its source",
    "params": "one row a run and param; value as text, number where it reads as one",
    "metrics": "one row a run and metric: the summary of its curve",
    "tags": "one row a run and tag",
    "datasets": "one row a run and dataset it used",
    "models": "one row a registered model",
    "versions": "one row a version; stages are those it holds now, run is the id of its run",
    "version_metrics": "one row a version and metric: the summary when it was registered",
    "version_datasets": "one row a version and dataset it was made from",
    "stages": "one row each time a stage changed hands; until is empty while it lasts",
    "history": "one row an event of the registry; was is what held the stage before",
    "data_versions": "one row a version of a dataset; fault says why it cannot be read",
    "data_columns": "one row a version of a dataset and column",
    "data_files": "one row a version of a dataset and file",
    "data_uses": "one row a version of a dataset and what used it; part is the one file used",
    "drift_reports": "one row a report of a drift check; fault says why it cannot be read",
    "drift_chunks": "one row a report and chunk; newest is false where a later report counts",
    "drift_columns": "one row a report, chunk and column: verdict, effect, where it moved",
    "drift_findings": "one row a report, chunk and fact that is no test: new categories, say",
    "alert_records": "one row each time somebody acknowledged, muted, or took that back",
    "faults": "what could not be read; id is empty where it belongs to no run",
}
"""The views and what they hold. Their names stay; what is beneath may change."""
_PAGE = 1000
_CONFIG = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
    "memory_limit": "1GB",
    "threads": "2",
}


_SETTINGS = (
    "SET search_path = 'shown'",
    "SET TimeZone = 'UTC'",
    "SET lock_configuration = true",
)
_ZONED = "TIMESTAMP WITH TIME ZONE"


class ViewColumn(NamedTuple):
    """A column of a documented view."""

    view: str
    name: str
    type: str


class Answer(NamedTuple):
    """What a question gave; rows come as they are read."""

    columns: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def view_columns(catalogue: Catalogue) -> tuple[ViewColumn, ...]:
    """Return every column of every documented view."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE schema_name = 'shown' ORDER BY list_position(?, table_name), column_index",
            [list(VIEWS)],
        )
        .fetchall()
    )
    return tuple(ViewColumn(*row) for row in rows)


def ask(path: Path, question: str) -> Answer:
    """Answer a question from a catalogue that nobody has open; only reading is possible.

    Raises:
        UsageError: The question cannot be understood, or would change or reach something.
        WorkbenchError: The catalogue is held by another program.
    """
    try:
        connection = duckdb.connect(str(path), read_only=True, config=dict(_CONFIG))
    except duckdb.Error as error:
        raise WorkbenchError(
            f"The catalogue cannot be read: {_first(error)}", hint="Try again."
        ) from None
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
        *before, last = connection.extract_statements(question)
        for statement in before:
            connection.execute(statement)
        connection.execute(last)
        columns = connection.description or []
        if any(kind == _ZONED for _, kind, *_ in columns):
            _as_text(connection, last.query)
    except (duckdb.Error, ValueError) as error:
        connection.close()
        raise _refused(error) from None
    return Answer(tuple(name for name, *_ in columns), _rows(connection))


def _as_text(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Ask again with times as text: handing them over as objects needs one more library."""
    relation = connection.sql(query)
    columns = zip(relation.columns, relation.types, strict=True)
    parts = [_quoted(name) + ("::VARCHAR" if kind == _ZONED else "") for name, kind in columns]
    connection.execute(relation.project(", ".join(parts)).sql_query())


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _rows(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    try:
        while rows := connection.fetchmany(_PAGE):
            yield from rows
    except duckdb.InvalidInputException as error:
        if "result" not in str(error):
            raise _refused(error) from None  # else the statement simply has none
    except duckdb.Error as error:
        raise _refused(error) from None
    finally:
        connection.close()


def _refused(error: Exception) -> UsageError:
    return UsageError(
        f"The query was refused: {_first(error)}",
        hint="See the views and their columns with: workbench sql",
    )


def _first(error: Exception) -> str:
    """Return the first sentence of DuckDB's message, without the name of its error class."""
    line = str(error).strip().partition("\n")[0]
    return line.partition("Error: ")[2] or line
