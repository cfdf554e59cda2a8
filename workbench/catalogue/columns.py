"""What columns there are, and what is in them."""

from collections.abc import Mapping

from workbench.catalogue.connection import Catalogue
from workbench.catalogue.expressions import ATTRIBUTES
from workbench.catalogue.query import Column, ColumnFacts

_MOST_VALUES = 200


def columns(catalogue: Catalogue) -> tuple[ColumnFacts, ...]:
    """Return every param, metric and tag any run has, with how many values it takes."""
    cursor = catalogue.cursor()
    facts = []
    for name, runs, distinct, sample, numbers, longest in cursor.execute(
        # An approximate count will do, but constant or not must be exact.
        "SELECT name, count(*), CASE WHEN min(text) = max(text) THEN 1 "
        "ELSE greatest(2, approx_count_distinct(text)) END, min(text), count(number), "
        "max(length(text)) FROM params GROUP BY name ORDER BY name"
    ).fetchall():
        column, numeric = Column("param", name), numbers == runs
        facts.append(ColumnFacts(column, runs, distinct, sample, numeric, longest=longest))
    goals = _goals(catalogue)
    for name, runs, low, high in cursor.execute(
        "SELECT name, count(*), min(last), max(last) FROM metrics GROUP BY name ORDER BY name"
    ).fetchall():
        goal, origin = goals.get(name, ("", ""))
        distinct = 1 if low == high else 2
        column = Column("metric", name)
        facts.append(ColumnFacts(column, runs, distinct, f"{low}", True, goal, origin))
    for name, runs, distinct, sample in cursor.execute(
        "SELECT name, count(*), count(DISTINCT value), min(value) FROM tags "
        "GROUP BY name ORDER BY name"
    ).fetchall():
        facts.append(ColumnFacts(Column("tag", name), runs, distinct, sample, False))
    return tuple(facts)


def goals_of(catalogue: Catalogue) -> dict[str, str]:
    """Return the direction of every metric that has one."""
    return {name: goal for name, (goal, _) in _goals(catalogue).items()}


def names(catalogue: Catalogue) -> dict[str, frozenset[str]]:
    """Return the names of params, metrics and tags, to tell what a bare name means."""
    cursor = catalogue.cursor()
    return {
        table: frozenset(
            name for (name,) in cursor.execute(f"SELECT DISTINCT name FROM {table}").fetchall()
        )
        for table in ("params", "metrics", "tags")
    }


def formats(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the formats the runs are in, in order of name."""
    sql = f"SELECT DISTINCT {ATTRIBUTES['format']} AS f FROM runs r ORDER BY f"
    return tuple(name for (name,) in catalogue.cursor().execute(sql).fetchall())


def values_of(catalogue: Catalogue, column: Column) -> tuple[str, ...]:
    """Return the commonest values of a column, for completion."""
    cursor = catalogue.cursor()
    if column.kind == "attribute":
        expression = ATTRIBUTES.get(column.name)
        if expression is None:
            return ()
        sql, bound = f"SELECT {expression}::VARCHAR AS v FROM runs r", []
    else:
        field = {"param": "text", "tag": "value", "metric": "last::VARCHAR"}[column.kind]
        sql = f"SELECT {field} AS v FROM {column.kind}s WHERE name = ?"
        bound = [column.name]
    rows = cursor.execute(
        f"SELECT v FROM ({sql}) WHERE v IS NOT NULL GROUP BY v ORDER BY count(*) DESC, v "
        f"LIMIT {_MOST_VALUES}",
        bound,
    ).fetchall()
    return tuple(value for (value,) in rows)


def _goals(catalogue: Catalogue) -> Mapping[str, tuple[str, str]]:
    rows = catalogue.cursor().execute("SELECT metric, goal, origin FROM goals").fetchall()
    return {metric: (goal, origin) for metric, goal, origin in rows}
