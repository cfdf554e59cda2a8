"""The runs table: sort and filter once into memory, then hand out pages.

`prepare` writes the row numbers of a query into the attached memory database
``ui``; a page is then a range of positions, whatever the order. A page reads
attributes, metrics, params and tags in one statement each and puts them side by
side in Python: a pivot in SQL would cost every page what only 200 rows need.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import duckdb

from workbench.catalogue.connection import Catalogue
from workbench.catalogue.expressions import (
    ATTRIBUTES,
    COMPARABLE,
    PARTS,
    by_expression,
    metric_part,
)
from workbench.catalogue.groups import aggregate, key_joins, key_values, keys, prepare_groups
from workbench.catalogue.ordering import order_of
from workbench.catalogue.query import (
    Column,
    Head,
    RunQuery,
    RunRow,
    TableView,
    Value,
)

_PARAM = "text, CASE WHEN starts_with(json, chr(34)) THEN NULL ELSE number END"
"""A param that was given as text is shown as it was given: 007 is not 7."""
_serial = count()
_MOST_DIGITS = 300
"""Python refuses to read whole numbers of more than 4,300 digits; beyond 308 a float is inf."""


def prepare(
    catalogue: Catalogue, query: RunQuery, goals: Mapping[str, str], now: float | None = None
) -> TableView:
    """Answer ``query`` into memory and return the view to page through.

    Args:
        catalogue: Where from.
        query: Which runs and in which order.
        goals: Direction by metric name, for the part ``best``.
        now: What relative times count from, in seconds since 1970; default the clock's.
    """
    cursor = catalogue.cursor()
    name = f"view_{next(_serial)}"
    order = order_of(query.sort, goals)
    where, wanted = selection(query, goals, now)
    ranked = (
        f"SELECT r.run AS run, row_number() OVER (ORDER BY {order.terms}) AS rank "
        f"{keys(query)} {order.keys if query.group else ''} "
        f"FROM runs r {order.joins} {key_joins(query)} WHERE {where}"
    )
    bound = [*order.bound, *key_values(query), *wanted]
    if query.group:
        prepare_groups(cursor, name, ranked, bound, query, order)
    else:
        cursor.execute(
            f"CREATE TABLE ui.{name} AS SELECT rank - 1 AS pos, run, NULL::VARCHAR AS gkey, "
            f"0 AS members, false AS head FROM ({ranked})",
            bound,
        )
    rows = _one(cursor, f"SELECT count(*) FROM ui.{name}")
    matching = _one(cursor, f"SELECT count(*) FROM ui.{name}_members") if query.group else rows
    among, asked = _among(query)
    total = _one(cursor, f"SELECT count(*) FROM runs r WHERE {among}", asked)
    return TableView(name, query, rows, matching, total)


def count_matching(
    catalogue: Catalogue, query: RunQuery, goals: Mapping[str, str], now: float | None = None
) -> int:
    """Return how many runs match, without ordering them."""
    where, values = selection(query, goals, now)
    return _one(catalogue.cursor(), f"SELECT count(*) FROM runs r WHERE {where}", values)


def drop(catalogue: Catalogue, view: TableView) -> None:
    """Let go of a view's memory."""
    cursor = catalogue.cursor()
    cursor.execute(f"DROP TABLE IF EXISTS ui.{view.name}")
    cursor.execute(f"DROP TABLE IF EXISTS ui.{view.name}_members")


def position(catalogue: Catalogue, view: TableView, run: int) -> int | None:
    """Return the line a run stands on, or None; in a closed group, the group's line."""
    cursor = catalogue.cursor()
    found = cursor.execute(
        f"SELECT pos FROM ui.{view.name} WHERE run = ? ORDER BY head LIMIT 1",
        [run],
    ).fetchone()
    if not found and view.query.group:
        found = cursor.execute(
            f"SELECT v.pos FROM ui.{view.name} v JOIN ui.{view.name}_members m USING (gkey) "
            "WHERE m.run = ? AND v.head",
            [run],
        ).fetchone()
    return int(found[0]) if found else None


def runs_in(catalogue: Catalogue, view: TableView) -> tuple[int, ...]:
    """Return every matching run in the order of the view."""
    source = f"ui.{view.name}_members" if view.query.group else f"ui.{view.name}"
    order = "rank" if view.query.group else "pos"
    rows = catalogue.cursor().execute(f"SELECT run FROM {source} ORDER BY {order}").fetchall()
    return tuple(run for (run,) in rows)


def members(catalogue: Catalogue, view: TableView, gkey: str) -> tuple[int, ...]:
    """Return the runs of one group in the order of the view."""
    rows = (
        catalogue.cursor()
        .execute(
            f"SELECT run FROM ui.{view.name}_members WHERE gkey = ? ORDER BY rank",
            [gkey],
        )
        .fetchall()
    )
    return tuple(run for (run,) in rows)


def page(
    catalogue: Catalogue, view: TableView, start: int, stop: int, goals: Mapping[str, str]
) -> tuple[RunRow, ...]:
    """Return the lines ``start`` to ``stop`` (exclusive) of a view; none if it was let go."""
    cursor = catalogue.cursor()
    try:
        return _page(cursor, view, start, stop, goals)
    except duckdb.CatalogException:
        if _is_there(cursor, view):
            raise
        return ()


def _is_there(cursor: duckdb.DuckDBPyConnection, view: TableView) -> bool:
    asked = "SELECT count(*) FROM duckdb_tables() WHERE database_name = 'ui' AND table_name = ?"
    return _one(cursor, asked, [view.name]) > 0


def _page(
    cursor: duckdb.DuckDBPyConnection,
    view: TableView,
    start: int,
    stop: int,
    goals: Mapping[str, str],
) -> tuple[RunRow, ...]:
    columns = view.query.columns
    chosen = [column for column in columns if column.kind == "attribute"]
    extra = "".join(f", {ATTRIBUTES[column.name]}" for column in chosen)
    lines = cursor.execute(
        f"SELECT v.run, v.gkey, v.members, v.head, r.run_id, r.status, r.inferred, r.faults, "
        f"r.contested {extra} FROM ui.{view.name} v JOIN runs r ON r.run = v.run "
        "WHERE v.pos >= ? AND v.pos < ? ORDER BY v.pos",
        [start, stop],
    ).fetchall()
    cells = _cells(cursor, [line[0] for line in lines], columns, goals)
    for line in lines:
        cells[line[0]].update(zip(chosen, line[9:], strict=True))
    heads = {line[1]: dict(cells[line[0]]) for line in lines if line[3]}
    if heads:
        aggregate(cursor, view, heads, goals)
    return tuple(_row(line, columns, cells, heads, view.query.expanded) for line in lines)


def best_values(
    catalogue: Catalogue, view: TableView, goals: Mapping[str, str]
) -> dict[Column, float]:
    """Return the best value of every metric column whose direction is known, over a view's runs."""
    wanted = [
        column
        for column in view.query.columns
        if column.kind == "metric" and column.name in goals and column.part in COMPARABLE
    ]
    runs = f"ui.{view.name}_members" if view.query.group else f"ui.{view.name}"
    best: dict[Column, float] = {}
    for expression, columns in by_expression(wanted, goals).items():
        finite = f"CASE WHEN isfinite({expression}) THEN {expression} END"
        rows = (
            catalogue.cursor()
            .execute(
                f"SELECT x.name, min({finite}), max({finite}) "
                f"FROM metrics x JOIN {runs} v USING (run) "
                "WHERE x.name IN (SELECT unnest(?::VARCHAR[])) GROUP BY x.name",
                [[column.name for column in columns]],
            )
            .fetchall()
        )
        for name, low, high in rows:
            value = low if goals[name] == "min" else high
            if value is not None:
                best.update((column, value) for column in columns if column.name == name)
    return best


def rows_of(
    catalogue: Catalogue, runs: Sequence[int], columns: Sequence[Column], goals: Mapping[str, str]
) -> dict[int, tuple[Value, ...]]:
    """Return the cells of the given runs, whether or not any view shows them."""
    cursor = catalogue.cursor()
    chosen = [column for column in columns if column.kind == "attribute"]
    extra = "".join(f", {ATTRIBUTES[column.name]}" for column in chosen)
    lines = cursor.execute(
        f"SELECT r.run {extra} FROM runs r WHERE r.run IN (SELECT unnest(?::INTEGER[]))",
        [list(runs)],
    ).fetchall()
    cells = _cells(cursor, list(runs), columns, goals)
    for line in lines:
        cells[line[0]].update(zip(chosen, line[1:], strict=True))
    return {line[0]: tuple(cells[line[0]].get(column) for column in columns) for line in lines}


def _one(cursor: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> int:
    found = cursor.execute(sql, list(values)).fetchone()
    return int(found[0]) if found else 0


def selection(
    query: RunQuery, goals: Mapping[str, str], now: float | None = None
) -> tuple[str, list[Any]]:
    """Return the condition a query sets, on the alias ``r`` of ``runs``, and what it binds."""
    where, values = _among(query)
    if query.filter is not None:
        from workbench.catalogue.filtering import condition  # noqa: PLC0415 - where one filters

        sql, more = condition(query.filter, goals, now)
        where, values = f"{where} AND ({sql})", [*values, *more]
    return where, values


def _among(query: RunQuery) -> tuple[str, list[Any]]:
    """Return which runs a query looks at: all where its filter speaks of ``archived`` itself."""
    if query.filter is not None:
        from workbench.catalogue.filtering import mentions  # noqa: PLC0415 - where one filters

        if mentions(query.filter, "archived"):
            return "true", []
    return "r.archived = ?", [query.archived]


def _cells(
    cursor: duckdb.DuckDBPyConnection,
    runs: Sequence[int],
    columns: Sequence[Column],
    goals: Mapping[str, str],
) -> dict[int, dict[Column, Value]]:
    """Return the metric, param and tag cells of the given runs."""
    cells: dict[int, dict[Column, Value]] = {run: {} for run in runs}
    for kind, fields in (("metric", ""), ("param", _PARAM), ("tag", "value")):
        wanted = [column for column in columns if column.kind == kind]
        if not wanted or not runs:
            continue
        names = sorted({column.name for column in wanted})
        listed = fields or ", ".join(sorted(PARTS))
        rows = cursor.execute(
            f"SELECT run, name, {listed} FROM {kind}s "
            "WHERE run IN (SELECT unnest(?::INTEGER[])) AND name IN (SELECT unnest(?::VARCHAR[]))",
            [list(runs), names],
        ).fetchall()
        by_name: dict[str, list[Column]] = {}
        for column in wanted:
            by_name.setdefault(column.name, []).append(column)
        order = sorted(PARTS)
        for run, name, *found in rows:
            for column in by_name[name]:
                cells[run][column] = _cell(column, found, order, goals)
    return cells


def _cell(
    column: Column, found: Sequence[Any], order: Sequence[str], goals: Mapping[str, str]
) -> Value:
    if column.kind == "metric":
        part = metric_part(column, goals, "m").removeprefix("m.")
        return found[order.index(part)]  # type: ignore[no-any-return]
    if column.kind == "param" and found[1] is not None:
        return float(found[1]) if not _is_whole(found[0]) else int(found[0])
    return found[0]  # type: ignore[no-any-return]


def _is_whole(text: str) -> bool:
    """Say whether a number reads as a whole one that is short enough to be shown as such."""
    return len(text) <= _MOST_DIGITS and text.lstrip("-").isdigit() and text.isascii()


def _row(
    line: Sequence[Any],
    columns: Sequence[Column],
    cells: Mapping[int, Mapping[Column, Value]],
    heads: Mapping[str, Mapping[Column, Value]],
    expanded: frozenset[str],
) -> RunRow:
    run, gkey, size, is_head, run_id, status, inferred, faults, contested = line[:9]
    values = heads[gkey] if is_head else cells[run]
    head = Head(gkey, size, gkey in expanded) if is_head else None
    shown = tuple(values.get(column) for column in columns)
    return RunRow(run, run_id, status, inferred, faults, contested, shown, head)
