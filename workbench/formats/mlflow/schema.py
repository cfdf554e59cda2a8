"""The tables of an MLflow database, as far as the one at hand has them.

MLflow adds columns with nearly every release and a store is as old as whoever made
it. So columns are asked for by name, and one that is not there is NULL.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

TABLES = ("alembic_version", "experiments", "runs", "latest_metrics")
"""What every MLflow database has."""
_WANTED = (
    "experiments", "runs", "metrics", "latest_metrics", "params", "tags", "inputs", "input_tags",
    "datasets", "logged_models", "logged_model_params", "logged_model_tags",
    "logged_model_metrics", "registered_models", "registered_model_tags", "model_versions",
    "model_version_tags", "registered_model_aliases",
)  # fmt: skip
_BY_RUN = ("metrics", "params", "tags")
CHUNK = 500
"""Values that one statement is given at most."""


class Schema(NamedTuple):
    """The columns of each table that is there, and the tables that are searched by run."""

    columns: Mapping[str, frozenset[str]]
    by_run: frozenset[str]

    def has(self, table: str, *columns: str) -> bool:
        """Say whether a table is there with these columns."""
        return self.columns.get(table, frozenset()) >= set(columns) and table in self.columns

    def listed(self, table: str, columns: Sequence[str]) -> str:
        """Return columns of a table for a statement, NULL for what it does not have."""
        there = self.columns.get(table, frozenset())
        return ", ".join(f'"{name}"' if name in there else "NULL" for name in columns)


def schema_of(connection: sqlite3.Connection) -> Schema:
    """Return what of MLflow's tables is there."""
    rows = connection.execute(
        "SELECT m.name, c.name FROM sqlite_master AS m, pragma_table_info(m.name) AS c "  # noqa: S608
        f"WHERE m.type = 'table' AND m.name IN ({marks(_WANTED)})",
        _WANTED,
    ).fetchall()
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    indexed = connection.execute(
        "SELECT m.tbl_name FROM sqlite_master AS m, pragma_index_info(m.name) AS c "  # noqa: S608
        f"WHERE m.type = 'index' AND m.tbl_name IN ({marks(_BY_RUN)}) "
        "AND c.seqno = 0 AND c.name = 'run_uuid'",
        _BY_RUN,
    ).fetchall()
    return Schema(
        {table: frozenset(columns) for table, columns in found.items()},
        frozenset(table for (table,) in indexed),
    )


def marks(values: Sequence[object]) -> str:
    """Return as many places for values as there are."""
    return ",".join("?" * len(values))


def chunks(values: Sequence[str]) -> list[Sequence[str]]:
    """Return the values in pieces that fit a statement."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]
