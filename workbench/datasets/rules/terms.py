"""Operands of an expression over columns, as polars expressions with the kind of their values."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.filter_expressions import units
from workbench.datasets.reckoning import present, reckon
from workbench.datasets.rules.watching import Context
from workbench.datasets.table import PER_SECOND
from workbench.errors import UsageError
from workbench.filters.expression_tree import Applied, ColumnName, Reckoned, Term, Totalled
from workbench.filters.tree import Number, Text, Truth
from workbench.words import visible

if TYPE_CHECKING:
    import polars as pl

_KINDS: Final[Mapping[str, str]] = {
    "integer": "number", "float": "number", "decimal": "number", "boolean": "truth",
    "text": "text", "categorical": "text", "date": "moment", "datetime": "moment",
    "duration": "number",
}  # fmt: skip
_WIDEST: Final = 2**64


class Written(NamedTuple):
    """An operand as an expression."""

    values: "pl.Expr"
    """Null where there is no value; NaN is none."""
    kind: str
    """``number``, ``truth``, ``text``, ``moment`` (microseconds since 1970), or ``other``."""
    whole: bool = False
    """Of numbers: all are whole and of at most 64 bits."""
    reckoned: bool = False
    """Fractions that came out of arithmetic: equal within `reckoning.NEAR`."""
    literal: str | float | None = None
    """What was written, exactly; beside a moment a text is one."""
    dtype: "pl.DataType | None" = None
    """Of the numbers of a column: what they are compared as."""


def column(name: str, context: Context) -> Written:
    """Return a column.

    Raises:
        UsageError: There is no such column; names close ones.
    """
    import polars as pl

    if name not in context.schema:
        close = get_close_matches(name, list(context.schema), 1)
        parts = re.split(r"[-+*/]", name)
        hint = "Put single quotes around a text."
        if len(parts) > 1 and all(part in context.schema for part in parts):
            hint = "Put a space on both sides of a sign to reckon."
        elif close:
            hint = f"Did you mean {visible(close[0])}?"
        raise UsageError(f"There is no column {visible(name)!r}.", hint=hint)
    dtype = context.schema[name]
    word = context.type_of(name)
    kind = _KINDS.get(word, "other")
    if kind == "moment":
        counted, per_second = units(pl.col(name), dtype)
        return Written(counted.cast(pl.Int128) * PER_SECOND["ns"] // per_second, kind)
    if word == "duration":
        counted, per_second = units(pl.col(name), dtype)
        return Written(counted / per_second, kind)
    values = pl.col(name).cast(pl.String) if kind == "text" else present(pl.col(name), dtype)
    return Written(values, kind, whole=dtype.is_integer(), dtype=dtype)


def write(term: Term, context: Context) -> Written:
    """Return an operand of single rows.

    Raises:
        UsageError: A column is not there, or what is asked of it cannot be.
    """
    import polars as pl

    match term:
        case ColumnName(name):
            return column(name, context)
        case Number(value):
            return _constant(value)
        case Text(text):
            return Written(pl.lit(text), "text", literal=text)
        case Truth(truth):
            return Written(pl.lit(truth), "truth")
        case Applied("length", inner):
            of = require(write(inner, context), "text", "length() is of texts")
            return Written(of.values.str.len_chars().cast(pl.Int64), "number", whole=True)
        case Applied(_, inner):
            of = require(write(inner, context), "number", "abs() is of numbers")
            values = of.values.cast(pl.Int128) if of.whole else of.values
            return of._replace(values=values.abs(), literal=None)
        case Reckoned():
            return _reckoned(term, context)
        case Totalled():
            raise UsageError(
                "An expression asks single rows or the whole table, not both.",
                hint="Write totals such as sum(...) on both sides.",
            )


def _constant(value: float) -> Written:
    import polars as pl

    if float(value).is_integer() and abs(value) < _WIDEST:
        return Written(pl.lit(int(value), pl.Int128), "number", whole=True, literal=int(value))
    return Written(pl.lit(float(value)), "number", literal=value)


def _reckoned(term: Reckoned, context: Context) -> Written:
    import polars as pl

    left, right = write(term.left, context), write(term.right, context)
    for side in (left, right):
        require(side, "number", f"{term.op!r} is of numbers")
    nested = any(isinstance(side, Reckoned) for side in (term.left, term.right))
    whole = left.whole and right.whole and (not nested or term.op in {"+", "-"})
    values = reckon(term.op, left.values, right.values, whole=whole)
    whole = whole and term.op != "/"
    dtype = pl.Int128() if whole else None
    return Written(values, "number", whole=whole, reckoned=not whole, dtype=dtype)


def require(written: Written, kind: str, what: str) -> Written:
    """Return an operand, unless it is of another kind.

    Raises:
        UsageError: It is; the message says what is asked.
    """
    if written.kind == kind:
        return written
    found = {"truth": "true or false", "moment": "a date"}.get(written.kind, written.kind)
    raise UsageError(f"{what}, and this is {found}.")
