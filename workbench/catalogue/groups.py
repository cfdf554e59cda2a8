"""Groups of runs: which there are, who belongs to them, and what their lines say."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any

import duckdb

from workbench.catalogue.expressions import ATTRIBUTES, COMPARABLE, SPREADABLE, by_expression
from workbench.catalogue.ordering import Order
from workbench.catalogue.query import Column, RunQuery, Spread, TableView, Value, Varied
from workbench.runfolder import Goal


def key_joins(query: RunQuery) -> str:
    """Return the joins that bring the values runs are grouped by."""
    return " ".join(
        f"LEFT JOIN {column.kind}s g{n} ON g{n}.run = r.run AND g{n}.name = ?"
        for n, column in enumerate(query.group)
        if column.kind != "attribute"
    )


def key_values(query: RunQuery) -> list[str]:
    """Return what `key_joins` binds."""
    return [column.name for column in query.group if column.kind != "attribute"]


def keys(query: RunQuery) -> str:
    """Return the key of a run's group as a further column, or nothing without groups."""
    if not query.group:
        return ""
    parts = []
    for n, column in enumerate(query.group):
        if column.kind == "attribute":
            parts.append(f"coalesce({ATTRIBUTES[column.name]}::VARCHAR, '')")
        else:
            field = {"param": "text", "tag": "value", "metric": "last"}[column.kind]
            parts.append(f"coalesce(g{n}.{field}::VARCHAR, '')")
    return f", concat_ws(chr(31), {', '.join(parts)}) AS gkey"


def prepare_groups(
    cursor: duckdb.DuckDBPyConnection,
    name: str,
    ranked: str,
    bound: list[Any],
    query: RunQuery,
    order: Order,
) -> None:
    """Order groups by what their lines show; list the runs of the open ones beneath them.

    A group of one is a plain row when runs are collapsed by seed.
    """
    smallest = 2 if all(column.name == "recipe" for column in query.group) else 1
    cursor.execute(
        f"CREATE TABLE ui.{name}_members AS WITH ranked AS MATERIALIZED ({ranked}), told AS "
        f"(SELECT gkey, min(rank) AS first, count(*) AS members {order.told} "
        "FROM ranked GROUP BY gkey), placed AS (SELECT t.gkey, t.first, t.members, "
        f"row_number() OVER (ORDER BY {order.group_terms}) AS place "
        "FROM told t JOIN ranked f ON f.rank = t.first) "
        "SELECT run, rank, gkey, first, members, place FROM ranked JOIN placed USING (gkey)",
        bound,
    )
    cursor.execute(
        f"CREATE TABLE ui.{name} AS SELECT row_number() OVER (ORDER BY place, head DESC, rank) - 1 "
        "AS pos, run, gkey, members, head FROM ("
        f"SELECT *, true AS head FROM ui.{name}_members WHERE rank = first AND members >= ? "
        f"UNION ALL SELECT *, false AS head FROM ui.{name}_members "
        "WHERE members < ? OR gkey IN (SELECT unnest(?::VARCHAR[])))",
        [smallest, smallest, sorted(query.expanded)],
    )


def aggregate(
    cursor: duckdb.DuckDBPyConnection,
    view: TableView,
    heads: dict[str, dict[Column, Value]],
    goals: Mapping[str, str],
) -> None:
    """Replace the cells of group lines by mean and spread, or by the range of values."""
    groups = f"ui.{view.name}_members g"
    chosen = "WHERE g.gkey IN (SELECT unnest(?::VARCHAR[]))"
    for expression, columns in by_expression(view.query.columns, goals).items():
        kind = columns[0].kind
        number = {"metric": expression, "param": "x.number", "tag": "NULL"}.get(
            kind, expression if columns[0].name in SPREADABLE else "NULL"
        )
        number = f"CASE WHEN isfinite(({number})::DOUBLE) THEN ({number})::DOUBLE END"
        source, named, bound = f"{groups} JOIN runs r USING (run) {chosen}", "''", [list(heads)]
        if kind != "attribute":
            source = (
                f"{groups} JOIN {kind}s x USING (run) {chosen} "
                "AND x.name IN (SELECT unnest(?::VARCHAR[]))"
            )
            named, bound = "x.name", [list(heads), [column.name for column in columns]]
        rows = cursor.execute(
            f"SELECT g.gkey, {named} AS named, min({expression}), max({expression}), "
            f"avg({number}), CASE WHEN count({number}) > 1 THEN stddev_samp({number}) END, "
            f"count({number}), min({number}), max({number}), count({expression}) "
            f"FROM {source} GROUP BY g.gkey, named",
            bound,
        ).fetchall()
        for gkey, name, *told in rows:
            for column in columns:
                if kind == "attribute" or name == column.name:
                    cells = heads[gkey]
                    goal = goals.get(column.name, "") if column.part in COMPARABLE else ""
                    cells[column] = _told(column, cells.get(column), told, goal)


def _told(column: Column, first: Value, told: Sequence[Any], goal: str) -> Value:
    """Return what a group shows in a column, given its first run's value and the statistics."""
    low, high, mean, std, n, least, most, values = told
    if low == high or (isinstance(low, float) and isnan(low)):  # NaN is DuckDB's greatest number
        return low if first is None else first
    if n > 0 and (column.kind == "metric" or column.name in SPREADABLE):
        if not goal or n == 1:
            return Spread(mean, std, n)
        return Spread(mean, std, n, least if goal == Goal.MIN else most, goal)
    return Varied(least, most) if n == values else Varied(low, high)
