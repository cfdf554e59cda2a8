"""Whole columns of many runs as arrays, for charts and statistics over a population.

The runs table hands out pages; a chart of ten thousand runs needs every value of a few
columns at once. One statement per kind of column, and no Python object per cell where a
value is a number: rows come as numpy arrays and are put in their places by numpy.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.catalogue import table
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.expressions import ATTRIBUTES, NUMBER_IN_TAG, NUMERIC, metric_part
from workbench.catalogue.query import Column, ColumnFacts, RunQuery

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Objects = NDArray[np.object_]


class Everyone(NamedTuple):
    """The runs a query finds, the oldest first; arrays of one length."""

    runs: Ints
    """Their numbers in this catalogue."""
    ids: Objects
    names: Objects


class Values(NamedTuple):
    """One column over some runs, in their order.

    ``numbers`` is NaN where a run has no number there, ``texts`` None where it has no text;
    a value that reads as a number is no text. ``there`` says whether a run has any value.
    """

    numbers: Floats
    texts: Objects
    there: Flags

    @property
    def as_text(self) -> Flags:
        """Return which runs have a text there."""
        found: Flags = self.there & (self.texts != None)  # noqa: E711 - element by element
        return found


def everyone(
    catalogue: Catalogue, query: RunQuery, goals: Mapping[str, str], now: float | None = None
) -> Everyone:
    """Return the runs that match a query's filter; its order, groups and columns play no part."""
    where, bound = table.selection(query, goals, now)
    found = _fetched(
        catalogue,
        f"SELECT r.run AS run, r.run_id AS id, r.name AS name FROM runs r WHERE {where} "
        "ORDER BY r.started NULLS LAST, r.run_id, r.run",
        bound,
    )
    return Everyone(found["run"].astype(np.int64), found["id"], found["name"])


def held(
    catalogue: Catalogue, query: RunQuery, goals: Mapping[str, str], now: float | None = None
) -> tuple[ColumnFacts, ...]:
    """Return the params and metrics that the runs of a query have, by name.

    ``distinct`` is 1 or 2: whether the values differ is all that is counted.
    """
    where, bound = table.selection(query, goals, now)
    among = f"x.run IN (SELECT r.run FROM runs r WHERE {where})"
    cursor = catalogue.cursor()
    params = cursor.execute(
        "SELECT x.name, count(*), min(x.text), max(x.text), count(x.number) FROM params x "
        f"WHERE {among} GROUP BY x.name ORDER BY x.name",
        bound,
    ).fetchall()
    metrics = cursor.execute(
        "SELECT x.name, count(*), min(x.last), max(x.last) FROM metrics x "
        f"WHERE {among} GROUP BY x.name ORDER BY x.name",
        bound,
    ).fetchall()
    said = cursor.execute("SELECT metric, goal, origin FROM goals").fetchall()
    directions = {metric: (goal, origin) for metric, goal, origin in said}
    return tuple(
        ColumnFacts(Column("param", name), runs, 1 + (low != high), low, numbers == runs)
        for name, runs, low, high, numbers in params
    ) + tuple(
        ColumnFacts(
            Column("metric", name), runs, 1 + (low != high), f"{low}", numeric=True,
            goal=directions.get(name, ("", ""))[0], origin=directions.get(name, ("", ""))[1],
        )
        for name, runs, low, high in metrics
    )  # fmt: skip


def values(
    catalogue: Catalogue, runs: Ints, columns: Sequence[Column], goals: Mapping[str, str]
) -> dict[Column, Values]:
    """Return every column over ``runs``, in their order.

    Args:
        catalogue: Where from.
        runs: Numbers of runs, each once.
        columns: What is wanted of them.
        goals: Direction by metric name, for the part ``best``.
    """
    places = _places(runs)
    made = {column: _nothing(len(runs)) for column in columns}
    for kind in ("attribute", "metric", "param", "tag"):
        wanted = tuple(dict.fromkeys(column for column in columns if column.kind == kind))
        if wanted and len(runs):
            _read(catalogue, kind, wanted, places, made, goals)
    return made


def _read(
    catalogue: Catalogue,
    kind: str,
    wanted: Sequence[Column],
    places: Ints,
    made: Mapping[Column, Values],
    goals: Mapping[str, str],
) -> None:
    """Put what one statement finds of all columns of a kind into their places."""
    names = list(dict.fromkeys(column.name for column in wanted))
    if kind == "attribute":
        found = _fetched(catalogue, f"SELECT r.run AS run{_attributes(wanted)} FROM runs r", [])
        for k, column in enumerate(wanted):
            _place(made[column], places, found["run"], found.get(f"n{k}"), found.get(f"t{k}"))
        return
    number, text = {
        "metric": (_parts(wanted, goals), ""),
        "param": ("x.number AS n0", "CASE WHEN x.number IS NULL THEN x.text END"),
        "tag": (f"{NUMBER_IN_TAG} AS n0", f"CASE WHEN {NUMBER_IN_TAG} IS NULL THEN x.value END"),
    }[kind]
    also = f", {text} AS t0" if text else ""
    found = _fetched(
        catalogue,
        f"SELECT x.run AS run, list_position($1::VARCHAR[], x.name) AS which, {number}{also} "
        f"FROM {kind}s x WHERE x.name IN (SELECT unnest($1::VARCHAR[]))",
        [names],
    )
    for k, column in enumerate(wanted):
        own = found["which"] == names.index(column.name) + 1
        part = found[f"n{k if kind == 'metric' else 0}"][own]
        texts = found["t0"][own] if also else None
        _place(made[column], places, found["run"][own], part, texts)


def _attributes(wanted: Sequence[Column]) -> str:
    """Return the columns of ``runs`` that are wanted: a number as ``n0``, a text as ``t0``."""
    return "".join(
        f", ({ATTRIBUTES[column.name]})::DOUBLE AS n{k}"
        if column.name in NUMERIC
        else f", ({ATTRIBUTES[column.name]})::VARCHAR AS t{k}"
        for k, column in enumerate(wanted)
    )


def _parts(wanted: Sequence[Column], goals: Mapping[str, str]) -> str:
    return ", ".join(
        f"({metric_part(column, goals, 'x')})::DOUBLE AS n{k}" for k, column in enumerate(wanted)
    )


def _place(made: Values, places: Ints, runs: Any, numbers: Any, texts: Any) -> None:
    """Write what was read at the places of its runs; other runs are let go."""
    inside = runs < len(places)
    at = np.where(inside, places[np.where(inside, runs, 0)], -1)
    for source, target in ((numbers, made.numbers), (texts, made.texts)):
        if source is None:
            continue
        kept = (at >= 0) & ~np.ma.getmaskarray(source)
        target[at[kept]] = np.ma.getdata(source)[kept]
        made.there[at[kept]] = True


def _places(runs: Ints) -> Ints:
    """Return the place of every run by its number, -1 for the others."""
    places = np.full(int(runs.max(initial=0)) + 1, -1, dtype=np.int64)
    places[runs] = np.arange(len(runs))
    return places


def _nothing(count: int) -> Values:
    return Values(
        np.full(count, np.nan), np.full(count, None, dtype=object), np.zeros(count, dtype=np.bool_)
    )


def _fetched(catalogue: Catalogue, sql: str, bound: Sequence[Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = catalogue.cursor().execute(sql, list(bound)).fetchnumpy()
    return found
