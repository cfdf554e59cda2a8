"""Filters over the rows of a table as polars expressions: what rules look at, and nothing else.

A row matches or it does not: what is missing never matches, NOT is plain negation. What each node
means is said in `workbench.filters.tree`. A filter finds the rows here that the database finds on
the screen, which also decides how letters are folded: each made small by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import time
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.reckoning import (
    compared,
    in_units,
    present,
    reckon,
    related,
    short_decimal,
)
from workbench.datasets.table import PER_SECOND, Column
from workbench.filters import parse_rows
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
    Op,
    Operand,
    Or,
    Relation,
    RowNode,
    Text,
    Truth,
    Value,
    Words,
)

if TYPE_CHECKING:
    import polars as pl

_DAY: Final = 86_400
_SPECIAL: Final = frozenset(r".^$*+?{}[]\|()")
_WIDEST: Final = 2**63
Schema = Mapping[str, "pl.DataType"]


def matching(text: str, columns: Sequence[Column], schema: Schema, now: float) -> "pl.Expr | None":
    """Return which rows a filter matches, true or false; None for an empty filter.

    Args:
        text: The filter.
        columns: The columns of the table.
        schema: Their types, as polars has them.
        now: The time, seconds since 1970: what ``-2d`` is counted from.

    Raises:
        FilterError: It cannot be read, or asks for what these columns do not hold.
    """
    node = parse_rows(text, columns)
    return None if node is None else _Writer(schema, now).truth(node)


def _like(pattern: str) -> str:
    """Return the regular expression of a ``LIKE`` pattern."""
    stand_ins = {"%": ".*", "_": "."}
    return f"(?s)^{''.join(stand_ins.get(letter) or _plain(letter) for letter in pattern)}$"


def _small(text: str) -> str:
    """Return a text in small letters, made so one by one: no letter becomes two."""
    return "".join("i" if letter == "İ" else letter.lower() for letter in text)


def _in_small(texts: "pl.Expr") -> "pl.Expr":
    """Return texts in small letters, as `_small` does; polars looks at what stands around them."""
    alone = texts.str.replace_all("İ", "i", literal=True).str.replace_all("Σ", "σ", literal=True)
    return alone.str.to_lowercase()


def _found(text: "pl.Expr", regex: str, *, negated: bool) -> "pl.Expr":
    found = text.str.contains(regex)
    return ~found if negated else found


def _plain(text: str) -> str:
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)


def units(column: "pl.Expr", kind: "pl.DataType") -> tuple["pl.Expr", int]:
    """Return a column of dates, moments or durations as whole numbers, and how many a second are.

    Of dates the whole numbers are seconds. A moment with a zone is counted in UTC.
    """
    import polars as pl

    if kind == pl.Date:
        return column.cast(pl.Int64) * _DAY, 1
    return column.cast(pl.Int64), PER_SECOND[str(getattr(kind, "time_unit", "us"))]


class _Number(NamedTuple):
    """Numbers, and how exact they are."""

    values: "pl.Expr"
    """Null where there is no number."""
    kind: str
    """``whole``, of 64 bits or a sum of such; ``wide``, a product; ``decimal``; ``fraction``."""


class _Writer:
    """Turns a tree into an expression over columns of these types."""

    def __init__(self, schema: Schema, now: float) -> None:
        self._schema = schema
        self._now = now

    def truth(self, node: RowNode) -> "pl.Expr":
        import polars as pl

        match node:
            case And(parts):
                return reduce(and_, map(self.truth, parts))
            case Or(parts):
                return reduce(or_, map(self.truth, parts))
            case Not(part):
                return ~self.truth(part)
            case IsNull(field, negated):
                missing = pl.col(field.name).is_null()
                return ~missing if negated else missing
        return self._leaf(node).fill_null(False)

    def _leaf(self, node: RowNode) -> "pl.Expr":
        match node:
            case Compare(field, op, value):
                return self._compared(field, op, value)
            case In(field, values, negated):
                found = [self._compared(field, "!=" if negated else "=", one) for one in values]
                return reduce(and_ if negated else or_, found)
            case Like(field, pattern, case_sensitive, negated):
                text = self._text(field.name)
                if not case_sensitive:
                    text, pattern = _in_small(text), _small(pattern)
                return _found(text, _like(pattern), negated=negated)
            case Match(field, regex, negated):
                return _found(self._text(field.name), regex, negated=negated)
            case Relation(left, op, right):
                return self._related(left, op, right)
            case Words(text):
                return self._anywhere(text)
        raise AssertionError(node)  # pragma: no cover - every node is named above

    def _text(self, name: str) -> "pl.Expr":
        import polars as pl

        return pl.col(name).cast(pl.String)

    def _anywhere(self, text: str) -> "pl.Expr":
        import polars as pl

        texts = [
            _in_small(self._text(name)).str.contains(_small(text), literal=True).fill_null(False)
            for name, kind in self._schema.items()
            if kind in (pl.String, pl.Categorical, pl.Enum)
        ]
        return reduce(or_, texts, pl.lit(False))

    def _compared(self, field: Field, op: Op, value: Value) -> "pl.Expr":
        import polars as pl

        column, kind = pl.col(field.name), self._schema[field.name]
        match value:
            case Number(number) if field.sort == "duration":
                counted, per_second = units(column, kind)
                return compared(counted, pl.Int64(), op, in_units(number, per_second))
            case Number(number):
                return compared(column, kind, op, number)
            case Instant():
                counted, per_second = units(column, kind)
                micros = round(value.at(self._now) * 1_000_000)
                return compared(counted, pl.Int64(), op, _scaled(micros, per_second))
            case Truth(truth):
                return related(column, op, pl.lit(truth))
            case Text(text) if field.sort == "clock":
                return related(column, op, pl.lit(time.fromisoformat(text)))
            case Text(text):
                return related(self._text(field.name), op, pl.lit(text))

    def _related(self, left: Operand, op: Op, right: Operand) -> "pl.Expr":
        import polars as pl

        if isinstance(left, Field) and isinstance(right, Field):
            if left.sort == "text":
                return related(self._text(left.name), op, self._text(right.name))
            if left.sort in {"truth", "clock"}:
                return related(pl.col(left.name), op, pl.col(right.name))
            if left.sort == "time":
                one, other = self._nanoseconds(left.name), self._nanoseconds(right.name)
                return related(one, op, other)
            if op in {"=", "!="}:  # polars has NaN equal to NaN, as the language does
                return related(pl.col(left.name), op, pl.col(right.name))
        return related(*_alike(self._number(left), op, self._number(right)))

    def _nanoseconds(self, name: str) -> "pl.Expr":
        import polars as pl

        counted, per_second = units(pl.col(name), self._schema[name])
        return counted.cast(pl.Int128) * (PER_SECOND["ns"] // per_second)

    def _number(self, operand: Operand) -> _Number:
        """Return an operand as numbers, null where there are none."""
        match operand:
            case Field():
                return self._column(operand)
            case Number(value):
                return _constant(value)
            case Absolute(inner):
                found = self._number(inner)
                return _Number(found.values.abs(), found.kind)
            case Arithmetic(op, first, second):
                return _reckoned(op, self._number(first), self._number(second))
        raise AssertionError(operand)  # pragma: no cover - every operand is named above

    def _column(self, field: Field) -> _Number:
        import polars as pl

        kind = self._schema[field.name]
        if field.sort == "duration":
            counted, per_second = units(pl.col(field.name), kind)
            return _Number(counted / per_second, "fraction")
        exact = "whole" if kind.is_integer() else "decimal" if kind.is_decimal() else "fraction"
        return _Number(present(pl.col(field.name), kind), exact)


def _constant(value: float) -> _Number:
    import polars as pl

    if isinstance(value, int) and abs(value) < _WIDEST:
        return _Number(pl.lit(value), "whole")
    exact = short_decimal(value)
    if exact is None:
        return _Number(pl.lit(float(value)), "fraction")
    return _Number(pl.lit(exact), "decimal")


def _reckoned(op: str, left: _Number, right: _Number) -> _Number:
    """Return what is reckoned, as exactly as both sides allow."""
    kinds = {left.kind, right.kind}
    if kinds == {"whole"} and op != "/":
        # A product of two is as wide as it gets: what goes on from there is a fraction.
        kind = "wide" if op == "*" else "whole"
        return _Number(reckon(op, left.values, right.values, whole=True), kind)
    exact = op in {"+", "-"} or (op == "*" and "whole" in kinds)
    if exact and kinds <= {"whole", "decimal"}:
        one, other = left.values, right.values
        return _Number(
            one * other if op == "*" else one + other if op == "+" else one - other, "decimal"
        )
    return _Number(reckon(op, left.values, right.values, whole=False), "fraction")


def _alike(left: _Number, op: Op, right: _Number) -> "tuple[pl.Expr, Op, pl.Expr]":
    """Return two sides so that polars compares them without losing a digit on the way."""
    import polars as pl

    if "fraction" in {left.kind, right.kind}:
        return left.values.cast(pl.Float64), op, right.values.cast(pl.Float64)
    return left.values, op, right.values


def _scaled(micros: int, per_second: int) -> float:
    """Return microseconds in a column's own unit, exactly where it has one as fine."""
    if per_second >= 1_000_000:  # noqa: PLR2004 - microseconds a second
        return micros * (per_second // 1_000_000)
    whole, rest = divmod(micros, 1_000_000 // per_second)
    return whole + 0.5 if rest else whole
