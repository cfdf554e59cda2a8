"""Filters over the rows of a data file to SQL, with every value bound.

As in filters over runs every test is true or false, never NULL, so that NOT is plain negation and
a missing value never matches; and NaN equals NaN alone and has no order. Whole numbers and
decimals are compared exactly. A length of time is compared in seconds, a moment to the nanosecond.
"""

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from typing import Any

import duckdb

from workbench.catalogue.data_cells import Reading
from workbench.datasets.reckoning import in_units, scaled, whole_limit
from workbench.datasets.table import CATEGORICAL, DATETIME, DURATION, TEXT
from workbench.errors import FilterError
from workbench.filters.row_walk import fields_of, leaves_of
from workbench.filters.tree import (
    Absolute,
    And,
    Arithmetic,
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Like,
    Match,
    Not,
    Number,
    Operand,
    Or,
    Relation,
    RowNode,
    Text,
    Truth,
    Value,
    Words,
)

Sql = tuple[str, list[Any]]
_ORDER = frozenset(("<", "<=", ">", ">="))
_LARGEST = 2**127 - 1
_MOST_DIGITS = 38
"""Of a decimal."""
_LARGEST_FLOAT = 3.4028234e38
_FIRST_US, _LAST_US = -62_135_596_800_000_000, 253_402_300_799_999_999
"""The years 1 and 9999, in microseconds since 1970."""


class Conditions:
    """Turns trees over the columns of one data file into SQL."""

    def __init__(
        self, readings: Sequence[Reading], now: float, hidden: Collection[int] = ()
    ) -> None:
        """Know the columns.

        Args:
            readings: The columns of the file.
            now: What relative times count from, in seconds since 1970.
            hidden: Places of the columns that words do not look into.
        """
        self._readings = {reading.column.name: reading for reading in readings}
        self._hidden = hidden
        self._now = now

    def sql(self, node: RowNode) -> Sql:
        """Return SQL that is true for the rows that match, and the values it binds."""
        if isinstance(node, And | Or):
            word = " AND " if isinstance(node, And) else " OR "
            return _joined(word, [self.sql(part) for part in node.parts])
        if isinstance(node, Not):
            sql, values = self.sql(node.part)
            return f"(NOT {sql})", values
        if isinstance(node, Words):
            return self._words(node.text)
        if isinstance(node, Relation):
            return self._relation(node)
        reading = self._readings[node.field.name]
        if isinstance(node, IsNull):
            return f"({reading.sql} IS {'NOT ' if node.negated else ''}NULL)", []
        sql, values = self._test(node, reading)
        return f"coalesce({sql}, false)", values

    def places(self, node: RowNode) -> set[int]:
        """Return the columns that the SQL of a tree needs."""
        found = {self._readings[field.name].place for field in fields_of(node)}
        if any(isinstance(leaf, Words) for leaf in leaves_of(node)):
            found |= {reading.place for reading in self._texts()}
        return found

    def _texts(self) -> Iterator[Reading]:
        return (
            reading
            for reading in self._readings.values()
            if reading.column.type in (TEXT, CATEGORICAL) and reading.place not in self._hidden
        )

    def _words(self, text: str) -> Sql:
        tests = [
            (f"coalesce(contains(lower({reading.text}), lower(?)), false)", [text])
            for reading in self._texts()
        ]
        return _joined(" OR ", tests) if tests else ("false", [])

    def _test(self, node: Compare | Like | Match | In, reading: Reading) -> Sql:
        negated = "" if isinstance(node, Compare) or not node.negated else "NOT "
        if isinstance(node, Like):
            word = "LIKE" if node.case_sensitive else "ILIKE"
            return f"{reading.text} {negated}{word} ?", [node.pattern]
        if isinstance(node, Match):
            return f"{negated}regexp_matches({reading.text}, ?)", [node.regex]
        if isinstance(node, In):
            tests = [self._compare(reading, "=", value) for value in node.values]
            sql, values = _joined(" OR ", [(f"coalesce({each}, false)", v) for each, v in tests])
            there = f"{reading.sql} IS NOT NULL AND " if node.negated else ""
            return f"({there}{negated}{sql})", values
        return self._compare(reading, node.op, node.value)

    def _compare(self, reading: Reading, op: str, value: Value) -> Sql:
        match value:
            case Instant():
                return _moment(reading, op, value.at(self._now))
            case Truth(wanted):
                return f"{reading.sql} {op} ?", [wanted]
            case Text(wanted) if reading.column.type in (TEXT, CATEGORICAL):
                return f"{reading.text} {op} ?", [wanted]
            case Text(wanted):  # a time of day
                return f"{reading.sql} {op} ?::{reading.sql_type}", [wanted]
        number = value.value
        if reading.column.type == DURATION and reading.sql_type != "INTERVAL":
            number = in_units(number, reading.per_second)
        return _number(reading, op, number)

    # ------------------------------------------------------------ two sides

    def _relation(self, node: Relation) -> Sql:
        left, op, right = node.left, node.op, node.right
        if isinstance(left, Field) and isinstance(right, Field) and left.sort not in _NUMERIC:
            a, b = (self._plain(self._readings[each.name]) for each in (left, right))
            return f"coalesce({a} {op} {b}, false)", []
        exact = not any(self._readings[field.name].is_float for field in fields_of(node))
        (a, first), (b, second) = (self._operand(side, exact=exact) for side in (left, right))
        test = f"{a} {op} {b}"
        values = [*first, *second]
        if op in _ORDER and not exact:
            test = f"NOT isnan(({a})::DOUBLE) AND NOT isnan(({b})::DOUBLE) AND {test}"
            values = [*values, *values]
        return f"coalesce(TRY({test}), false)", values

    def _plain(self, reading: Reading) -> str:
        if reading.column.type in (TEXT, CATEGORICAL):
            return reading.text
        return f"epoch_us({reading.sql})" if reading.column.type == DATETIME else reading.sql

    def _operand(self, side: Operand, *, exact: bool) -> Sql:
        match side:
            case Field(name=name):
                return self._column(self._readings[name], exact=exact), []
            case Absolute(inner):
                sql, values = self._operand(inner, exact=exact)
                return f"abs({sql})", values
            case Arithmetic(op, left, right):
                (a, first), (b, second) = (self._operand(x, exact=exact) for x in (left, right))
                if op == "/":
                    return f"(({a})::DOUBLE / nullif(({b})::DOUBLE, 0))", [*first, *second]
                return f"({a} {op} {b})", [*first, *second]
            case Number(number):
                return _bound(number, exact=exact)
        raise AssertionError(side)  # pragma: no cover - the parser makes no other

    def _column(self, reading: Reading, *, exact: bool) -> str:
        if reading.column.type == DURATION:
            return f"({self._seconds(reading)})"
        if not exact:
            return f"{reading.sql}::DOUBLE"
        return f"{reading.sql}::HUGEINT" if reading.is_integer else reading.sql

    def _seconds(self, reading: Reading) -> str:
        if reading.sql_type == "INTERVAL":
            return f"epoch({reading.sql})"
        return f"{reading.sql}::DOUBLE / {reading.per_second}"


_NUMERIC = frozenset(("number", "duration"))


def require_expressions(
    node: RowNode, text: str, question: Callable[[str, list[Any]], object]
) -> None:
    """See that DuckDB understands every regular expression of a tree before any row is read.

    Raises:
        FilterError: It does not understand one; points to the column it is asked of.
    """
    for leaf in leaves_of(node):
        if not isinstance(leaf, Match):
            continue
        try:
            question("SELECT regexp_matches('', ?)", [leaf.regex])
        except duckdb.InvalidInputException as error:
            reason = str(error).partition(": ")[2].partition("\n")[0]
            raise FilterError(
                f"'{leaf.regex}' is no regular expression: {reason}.",
                text=text,
                column=leaf.field.column,
            ) from None


def _joined(word: str, parts: list[Sql]) -> Sql:
    return f"({word.join(sql for sql, _ in parts)})", [v for _, values in parts for v in values]


def _number(reading: Reading, op: str, number: float) -> Sql:
    """Return the test of a column of numbers, exact wherever both sides are."""
    sql = reading.sql
    if _is_beyond_all(number) and not reading.is_float:
        return _beyond(sql, op, number)
    if reading.is_float:
        return _float(reading, op, number)
    if isinstance(number, int) and abs(number) > _LARGEST:
        return _beyond(sql, op, math.inf if number > 0 else -math.inf)
    if reading.is_decimal:
        return _decimal(reading, op, number)
    limit = whole_limit(op, number)
    if limit is None:
        return _beyond(sql, op, math.nan)
    if abs(limit) > _LARGEST:
        return _beyond(sql, op, math.inf if limit > 0 else -math.inf)
    return f"{sql} {op} ?", [limit]


def _decimal(reading: Reading, op: str, number: float) -> Sql:
    """Return the test of a column of decimals, with a number of as many digits after the point."""
    after = reading.digits_after
    limit = whole_limit(op, scaled(number, 10**after))
    if limit is None:
        return _beyond(reading.sql, op, math.nan)
    if len(str(abs(limit))) > _MOST_DIGITS:
        return _beyond(reading.sql, op, math.inf if limit > 0 else -math.inf)
    bound = f"{'-' if limit < 0 else ''}{abs(limit) // 10**after}.{abs(limit) % 10**after:0{after}}"
    return f"{reading.sql} {op} ?::DECIMAL({_MOST_DIGITS}, {after})", [bound.rstrip(".")]


def _beyond(sql: str, op: str, number: float) -> Sql:
    """Compare with a number that no value of the column can be: NaN, or past all of them."""
    if op == "!=":
        return f"{sql} IS NOT NULL", []
    below = number > 0 and op in ("<", "<=")
    above = number < 0 and op in (">", ">=")
    return (f"{sql} IS NOT NULL", []) if below or above else ("false", [])


def _float(reading: Reading, op: str, number: float) -> Sql:
    sql = reading.sql
    if op in _ORDER and math.isnan(number):
        return "false", []
    single = reading.sql_type == "FLOAT" and abs(number) <= _LARGEST_FLOAT
    bound = "?::FLOAT" if single else "?::DOUBLE"
    test = f"{sql} {op} {bound}"
    return (f"(NOT isnan({sql}) AND {test})" if op in _ORDER else test), [_double(number)]


def _is_beyond_all(number: float) -> bool:
    """Say whether it is NaN or infinite; a whole number may be too large for a float."""
    return not isinstance(number, int) and not math.isfinite(number)


def _double(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _moment(reading: Reading, op: str, seconds: float) -> Sql:
    """Compare a moment; both sides count from 1970, on the column's own clock."""
    if reading.sql_type == "TIMESTAMP_NS":
        return f"epoch_ns({reading.sql}) {op} ?", [round(seconds * 1_000_000) * 1000]
    at = max(_FIRST_US, min(_LAST_US, round(seconds * 1_000_000)))
    if reading.is_zoned:
        return f"epoch_us({reading.sql}) {op} ?", [at]
    sql = reading.sql if reading.sql_type == "TIMESTAMP" else f"{reading.sql}::TIMESTAMP"
    return f"{sql} {op} make_timestamp(?::BIGINT)", [at]


def _bound(number: float, *, exact: bool) -> Sql:
    if not exact:
        return "?::DOUBLE", [_double(number)]
    if isinstance(number, int) and abs(number) <= _LARGEST:
        return "?::HUGEINT", [number]
    if not _is_beyond_all(number) and 1e-9 < abs(number) < 1e9:  # noqa: PLR2004
        return "?", [Decimal(repr(number))]
    return "?::DOUBLE", [_double(number)]
