"""Filter trees to SQL, with every value bound.

A condition is about the alias ``r`` of table ``runs``. Every leaf is true or false,
never NULL, so that NOT is plain negation and a missing value never matches.
DuckDB orders NaN above every number; the language does not, so order tests leave
NaN out.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import duckdb

from workbench.catalogue.connection import Catalogue
from workbench.catalogue.expressions import NUMBER_IN_TAG
from workbench.catalogue.places import FORMAT
from workbench.clock import SYSTEM
from workbench.errors import FilterError
from workbench.filters.tree import (
    And,
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Like,
    Match,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truth,
    Value,
    Words,
)

Sql = tuple[str, list[Any]]

_TEXTS: Mapping[str, str] = {
    "id": "r.run_id",
    "name": "r.name",
    "experiment": "r.experiment",
    "status": "r.status",
    "user": 'r."user"',
    "host": "r.host",
    "command": "r.command",
    "git": "r.commit_id",
    "branch": "r.branch",
    "group": 'r."group"',
    "parent": "r.parent",
    "note": "r.note",
    "path": "r.key",
    "artifact_uri": "r.key",
    "error": "r.error",
    "format": FORMAT,
    "source": "(SELECT s.root FROM sources s WHERE s.source = r.source)",
}
_NUMBERS: Mapping[str, str] = {
    "started": "r.started",
    "ended": "r.ended",
    "duration": "(r.ended - r.started)",
    "size": "r.size",
    "faults": "r.faults",
}
_TRUTHS: Mapping[str, str] = {
    "archived": "r.archived",
    "dirty": "r.dirty",
    "inferred": "r.inferred",
}
_DATASET = {"name": "x.name", "hash": "x.hash", "digest": "x.hash", "role": "x.role",
            "context": "x.role", "path": "x.path"}  # fmt: skip
_TIMES = frozenset(("started", "ended"))
_EMPTY_IS_MISSING = frozenset(("note", "error"))
"""Every run has these texts; an empty one is what others call none."""
_MILLISECONDS_FROM = 1e11
_ORDER = frozenset(("<", "<=", ">", ">="))


def condition(node: Node, goals: Mapping[str, str], now: float | None = None) -> Sql:
    """Return SQL that is true for the runs that match, and the values it binds.

    Args:
        node: A resolved tree.
        goals: Direction by metric name, for ``best(...)``.
        now: What relative times count from, in seconds since 1970; default the clock's.
    """
    at = SYSTEM.now() if now is None else now
    if isinstance(node, And | Or):
        word = " AND " if isinstance(node, And) else " OR "
        parts = [condition(part, goals, at) for part in node.parts]
        return f"({word.join(sql for sql, _ in parts)})", [v for _, values in parts for v in values]
    if isinstance(node, Not):
        sql, values = condition(node.part, goals, at)
        return f"(NOT {sql})", values
    if isinstance(node, Words):
        return _words(node.text)
    return _leaf(node, goals, at)


def mentions(node: Node | None, attribute: str) -> bool:
    """Say whether a tree asks about an attribute of the run."""
    if node is None or isinstance(node, Words):
        return False
    if isinstance(node, And | Or):
        return any(mentions(part, attribute) for part in node.parts)
    if isinstance(node, Not):
        return mentions(node.part, attribute)
    return node.field.kind == "attribute" and node.field.name == attribute


def check_expressions(catalogue: Catalogue, node: Node, text: str) -> None:
    """See that DuckDB understands every regular expression in a tree, before any run is asked.

    Raises:
        FilterError: It does not understand one; points to the field it is asked of.
    """
    if isinstance(node, And | Or):
        for part in node.parts:
            check_expressions(catalogue, part, text)
    elif isinstance(node, Not):
        check_expressions(catalogue, node.part, text)
    elif isinstance(node, Match):
        try:
            catalogue.cursor().execute("SELECT regexp_matches('', ?)", [node.regex]).fetchall()
        except duckdb.InvalidInputException as error:
            reason = str(error).partition(": ")[2].partition("\n")[0]
            raise FilterError(
                f"'{node.regex}' is no regular expression: {reason}.",
                text=text,
                column=node.field.column,
            ) from None


def _words(text: str) -> Sql:
    # Both sides are folded by DuckDB: Python folds some letters to two, and nothing would match.
    sql = (
        "(contains(lower(r.name), lower(?)) OR contains(lower(r.note), lower(?)) OR r.run IN "
        "(SELECT x.run FROM tags x WHERE contains(lower(x.value), lower(?))))"
    )
    return sql, [text, text, text]


def _leaf(node: Compare | Like | Match | In | IsNull, goals: Mapping[str, str], at: float) -> Sql:
    """Return the test of one field, wherever the field is kept."""
    kind, name = node.field.kind, node.field.name
    if kind == "attribute":
        return _attribute(node, name, at)
    table, where, bound = f"{kind}s", "x.name = ?", [name]
    if kind == "dataset":
        where, bound = "true", []
    if isinstance(node, IsNull):
        word = "IN" if node.negated else "NOT IN"
        there = f"{_stored_value(node.field, goals)} IS NOT NULL"
        return f"(r.run {word} (SELECT x.run FROM {table} x WHERE {where} AND {there}))", bound
    test, values = _stored(node, goals, at)
    sql = f"(r.run IN (SELECT x.run FROM {table} x WHERE {where} AND coalesce({test}, false)))"
    return sql, [*bound, *values]


def _stored(node: Compare | Like | Match | In, goals: Mapping[str, str], at: float) -> Sql:
    """Return the test on a row of metrics, params, tags or datasets, alias ``x``."""
    field = node.field
    if field.kind == "metric":
        return _test(node, None, _metric(field, goals), at)
    if field.kind == "param":
        return _test(node, "x.text", "x.number", at)
    if field.kind == "dataset":
        return _test(node, _DATASET.get(field.name, "x.name"), None, at)
    return _test(node, "x.value", NUMBER_IN_TAG, at)


def _stored_value(field: Field, goals: Mapping[str, str]) -> str:
    """Return the column of a row of metrics, params, tags or datasets that holds the value."""
    if field.kind == "metric":
        return _metric(field, goals)
    if field.kind == "dataset":
        return _DATASET.get(field.name, "x.name")
    return "x.text" if field.kind == "param" else "x.value"


def _metric(field: Field, goals: Mapping[str, str]) -> str:
    part = field.part or "last"
    if part == "best":
        part = goals.get(field.name, "last")  # type: ignore[assignment]
    return f"x.{part}"


def _attribute(node: Compare | Like | Match | In | IsNull, name: str, at: float) -> Sql:
    """Return the test of a column of ``runs``."""
    text, number, truth = _TEXTS.get(name), _NUMBERS.get(name), _TRUTHS.get(name)
    column = text or number or truth or "NULL"
    if isinstance(node, IsNull):
        if name in _EMPTY_IS_MISSING:
            column = f"nullif({column}, '')"
        return f"({column} IS {'NOT ' if node.negated else ''}NULL)", []
    if truth and isinstance(node, Compare):
        return _truth(truth, node.op, node.value)
    if truth and isinstance(node, In):
        return _truth_in(truth, node)
    if name == "status":
        node = _upper(node)
    if name == "format":
        node = _any_part(node)
    if name in _TIMES:
        node = _seconds(node)
    number = number or (f"TRY_CAST({text} AS DOUBLE)" if text else None)
    sql, values = _test(node, text, number, at)
    return f"coalesce({sql}, false)", values


def _truth(column: str, op: str, value: Value) -> Sql:
    wanted = value.value if isinstance(value, Truth) else str(value).lower() in ("true", "1")
    if isinstance(value, Number):
        wanted = value.value != 0
    if isinstance(value, Text):
        wanted = value.value.lower() in ("true", "1", "yes")
    return f"coalesce({column} {'!=' if op == '!=' else '='} ?, false)", [wanted]


def _truth_in(column: str, node: In) -> Sql:
    tests = [_truth(column, "=", value) for value in node.values]
    sql = " OR ".join(test for test, _ in tests)
    sql = f"({column} IS NOT NULL AND NOT ({sql}))" if node.negated else f"({sql})"
    return sql, [value for _, values in tests for value in values]


def _upper(node: Compare | Like | Match | In) -> Compare | Like | Match | In:
    """Compare states in any case of letters."""
    if isinstance(node, Compare) and isinstance(node.value, Text):
        return Compare(node.field, node.op, Text(node.value.value.upper()))
    if isinstance(node, In):
        values = tuple(Text(v.value.upper()) if isinstance(v, Text) else v for v in node.values)
        return In(node.field, values, node.negated)
    if isinstance(node, Like):
        return Like(node.field, node.pattern, False, node.negated)
    return node


def _any_part(node: Compare | Like | Match | In) -> Compare | Like | Match | In:
    """Have each of the tools that wrote a run stand for it: `lightning` for `lightning+hydra`."""
    values: tuple[Value, ...]
    if isinstance(node, Compare) and node.op in ("=", "!="):
        values, negated = (node.value,), node.op == "!="
    elif isinstance(node, In):
        values, negated = node.values, node.negated
    else:
        return node
    names = [re.escape(value.value) for value in values if isinstance(value, Text)]
    if len(names) < len(values):
        return node
    return Match(node.field, rf"(?:^|\+)(?:{'|'.join(names)})(?:\+|$)", negated)


def _seconds(node: Compare | Like | Match | In) -> Compare | Like | Match | In:
    """Read large numbers as milliseconds since 1970, as MLflow writes them."""
    if isinstance(node, Compare) and isinstance(node.value, Number):
        value = node.value.value
        if abs(value) > _MILLISECONDS_FROM:
            return Compare(node.field, node.op, Number(value / 1000))
    return node


def _test(
    node: Compare | Like | Match | In, text: str | None, number: str | None, at: float
) -> Sql:
    """Return the test on a text expression, a number expression, or both."""
    if isinstance(node, Like):
        word = "LIKE" if node.case_sensitive else "ILIKE"
        word = f"NOT {word}" if node.negated else word
        return f"({text or f'{number}::VARCHAR'} {word} ?)", [node.pattern]
    if isinstance(node, Match):
        word = "NOT " if node.negated else ""
        return f"({word}regexp_matches({text or f'{number}::VARCHAR'}, ?))", [node.regex]
    if isinstance(node, In):
        parts = [_compare("=", value, text, number, at) for value in node.values]
        sql = " OR ".join(f"coalesce({part}, false)" for part, _ in parts)
        there = f"({text or number}) IS NOT NULL"
        sql = f"({there} AND NOT ({sql}))" if node.negated else f"({sql})"
        return sql, [v for _, values in parts for v in values]
    return _compare(node.op, node.value, text, number, at)


def _compare(op: str, value: Value, text: str | None, number: str | None, at: float) -> Sql:
    if isinstance(value, Instant):
        value = Number(value.at(at))
    if isinstance(value, Truth):
        return _compare_text(op, str(value.value).lower(), f"lower({text})" if text else None)
    if isinstance(value, Text):
        if text is None:
            return _compare_number(op, _number(value.value), number, None)
        return _compare_text(op, value.value, text)
    return _compare_number(op, value.value, number, text)


def _compare_text(op: str, value: str, text: str | None) -> Sql:
    return ("false", []) if text is None else (f"({text} {op} ?)", [value])


def _compare_number(op: str, value: float | None, number: str | None, text: str | None) -> Sql:
    if value is None or number is None:
        return "false", []
    if op in _ORDER:
        if math.isnan(value):
            return "false", []
        return f"(NOT isnan({number}) AND {number} {op} ?)", [value]
    if op == "!=" and text is not None:
        return f"({text} IS NOT NULL AND {number} IS DISTINCT FROM ?)", [value]
    return f"({number} {op} ?)", [value]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
