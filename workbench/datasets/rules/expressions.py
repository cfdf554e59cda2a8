"""Expressions that every row answers: three-valued, null where a row cannot tell."""

from collections.abc import Mapping
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Final

from workbench.datasets.reckoning import compared, nearly, related
from workbench.datasets.rules.options import is_moment
from workbench.datasets.rules.terms import Written, require, write
from workbench.datasets.rules.values import microseconds, moment_of
from workbench.datasets.rules.watching import Context
from workbench.errors import UsageError
from workbench.filters.expression_tree import Expression, Listed, Missing, Patterned, Related
from workbench.filters.tree import And, Not, Op, Or

if TYPE_CHECKING:
    import polars as pl

_DAY_NS: Final = 86_400_000_000_000
_MIRRORED: Final[Mapping[Op, Op]] = {
    "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!=",
}  # fmt: skip


def truth(node: Expression, context: Context) -> "pl.Expr":
    """Return whether each row is as the expression says; null where it cannot be told.

    Raises:
        UsageError: A column is not there, or what is asked of it cannot be.
    """
    match node:
        case And(parts):
            return reduce(and_, [truth(part, context) for part in parts])
        case Or(parts):
            return reduce(or_, [truth(part, context) for part in parts])
        case Not(part):
            return ~truth(part, context)
        case Missing(of, negated):
            missing = write(of, context).values.is_null()
            return ~missing if negated else missing
        case Patterned(of, regex, negated):
            found = require(write(of, context), "text", "~ is of texts").values.str.contains(regex)
            return ~found if negated else found
        case Listed(of, values, negated):
            left = write(of, context)
            found = reduce(or_, [_related(left, "=", write(one, context)) for one in values])
            return ~found if negated else found
        case Related(left, op, right):
            return _related(write(left, context), op, write(right, context))


def _related(left: Written, op: Op, right: Written) -> "pl.Expr":
    if left.literal is not None and right.literal is None:
        left, op, right = right, _MIRRORED[op], left
    if left.kind == "moment" and isinstance(right.literal, str):
        return _beside_moment(left, op, right.literal)
    if left.kind != right.kind or left.kind == "other":
        first = _named(left)
        raise UsageError(f"{first[0].upper()}{first[1:]} cannot be compared with {_named(right)}.")
    if left.kind == "truth" and op not in {"=", "!="}:
        raise UsageError("True and false have no order.")
    if left.reckoned or right.reckoned:
        return nearly(left.values, op, right.values)
    if left.dtype is not None and isinstance(right.literal, int | float):
        return compared(left.values, left.dtype, op, right.literal)
    return related(_exact(left, right), op, _exact(right, left))


def _exact(side: Written, other: Written) -> "pl.Expr":
    """Return a side so that polars compares it exactly: whole numbers wide among themselves."""
    import polars as pl

    both_whole = side.kind == "number" and side.whole and other.whole
    return side.values.cast(pl.Int128) if both_whole else side.values


def _beside_moment(moments: Written, op: Op, text: str) -> "pl.Expr":
    import polars as pl

    if not is_moment(text):
        raise UsageError(f"{text!r} is no date; write one such as '2026-01-31'.")
    moment, whole_day = moment_of(text)
    first = microseconds(moment) * 1000
    low, after = pl.lit(first, pl.Int128), pl.lit(first + _DAY_NS, pl.Int128)
    of = moments.values
    if not whole_day:
        return related(of, op, low)
    match op:
        case "=":
            return (of >= low) & (of < after)
        case "!=":
            return (of < low) | (of >= after)
        case "<=":
            return of < after
        case ">":
            return of >= after
    return related(of, op, low)


def _named(side: Written) -> str:
    words = {"truth": "true or false", "moment": "a date", "other": "a nested value"}
    return words.get(side.kind, f"a {side.kind}")
