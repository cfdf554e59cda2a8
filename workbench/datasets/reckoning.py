"""Comparing and reckoning with columns of numbers so that no digit is lost on the way.

polars compares whole numbers with fractions as 64-bit fractions, lets sums of whole numbers run
over, and puts NaN above every number. Filters over rows and rules for data must do none of this,
so both ask here.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, inf, isfinite, isnan
from typing import TYPE_CHECKING, Any, Final

from workbench.filters.tree import Op

if TYPE_CHECKING:
    import polars as pl

NEAR: Final = 1e-9
"""Of the larger side: what was reckoned with fractions equals within this."""
_WIDEST: Final = 2**127 - 1
_LONGEST_DECIMAL: Final = 38
_LONGEST_SINGLE: Final = 3.4028234663852886e38
_RELATIONS: Final[Mapping[Op, Callable[[Any, Any], Any]]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le,
    ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def compared(column: "pl.Expr", kind: "pl.DataType", op: Op, value: float) -> "pl.Expr":
    """Return whether a column of numbers stands in a relation to a number; null where it is null.

    NaN has no order and equals only NaN.

    Args:
        column: The column.
        kind: Its type: whole numbers, fractions or decimals.
        op: The relation.
        value: A number; a whole one may be of any size.
    """
    import polars as pl

    if isnan(_float(value)):
        return _beside_nan(column, kind, op)
    if kind.is_integer() or kind.is_decimal():
        counted, per_one = counts(column, kind)
        return _whole(counted, op, scaled(value, per_one))
    if kind == pl.Float32 and (not isfinite(value) or abs(value) <= _LONGEST_SINGLE):
        # In its own precision: what was written as 0.1 is found as 0.1.
        found = related(column, op, pl.lit(_float(value), pl.Float32))
    else:
        found = related(column.cast(pl.Float64), op, pl.lit(_float(value)))
    if kind.is_float():
        nan = column.is_nan()
        return (nan | found) if op == "!=" else (~nan & found)
    return found


def _beside_nan(column: "pl.Expr", kind: "pl.DataType", op: Op) -> "pl.Expr":
    if op in {"=", "!="} and kind.is_float():
        return column.is_nan() if op == "=" else ~column.is_nan()
    return _always(column, truth=op == "!=")


def _always(column: "pl.Expr", *, truth: bool) -> "pl.Expr":
    """Return one truth for every value there is; null where there is none."""
    import polars as pl

    return pl.when(column.is_not_null()).then(truth)


def counts(column: "pl.Expr", kind: "pl.DataType") -> "tuple[pl.Expr, int]":
    """Return whole numbers or decimals as whole numbers of 128 bits, and how many of them are 1."""
    import polars as pl

    if kind.is_decimal():
        return column.to_physical().cast(pl.Int128), 10 ** int(getattr(kind, "scale", 0))
    return column.cast(pl.Int128), 1


def scaled(value: float, per_one: int) -> Fraction | float:
    """Return a number so many times, exactly; what is no decimal fraction as it is written."""
    if isinstance(value, int) or not isfinite(value):
        return value * per_one
    return Fraction(Decimal(str(value))) * per_one if per_one > 1 else value


def _whole(column: "pl.Expr", op: Op, value: Fraction | float) -> "pl.Expr":
    """Compare whole numbers with any number: with the whole numbers around a fraction."""
    import polars as pl

    endless = isinstance(value, float) and not isfinite(value)
    limit = None if endless else whole_limit(op, value)
    if limit is None or abs(limit) > _WIDEST:  # as it stands to 0 it stands to them all
        return _always(column, truth=_RELATIONS[op](0, value))
    return related(column, op, pl.lit(limit, pl.Int128))


def whole_limit(op: str, value: Fraction | float) -> int | None:
    """Return the whole number that whole numbers can be compared with instead; None for none.

    No whole number equals a fraction, and below 0.5 is below 1.
    """
    if op in {"=", "!="} and value != floor(value):
        return None
    return ceil(value) if op in {"<", ">="} else floor(value)


def in_units(seconds: float, per_second: int) -> float:
    """Return seconds in units of which so many are one, whole where they are."""
    if isinstance(seconds, int) or not isfinite(seconds):
        return seconds * per_second
    exact = Decimal(repr(seconds)) * per_second
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


def short_decimal(value: float) -> Decimal | None:
    """Return a number as it is written in decimals; None where no column holds as many digits."""
    exact = Decimal(str(value))
    digits = exact.as_tuple()
    if not isinstance(digits.exponent, int):
        return None
    before = len(digits.digits) + max(0, digits.exponent)
    return exact if max(before, -digits.exponent) <= _LONGEST_DECIMAL else None


def related(left: "pl.Expr", op: Op, right: "pl.Expr") -> "pl.Expr":
    """Return two columns in a relation, null where one of them is."""
    found: pl.Expr = _RELATIONS[op](left, right)
    return found


def nearly(left: "pl.Expr", op: Op, right: "pl.Expr") -> "pl.Expr":
    """Return two reckoned columns of fractions in a relation, equal within `NEAR`."""
    import polars as pl

    one, other = left.cast(pl.Float64), right.cast(pl.Float64)
    size = pl.max_horizontal(one.abs(), other.abs())
    same = (one == other) | ((one - other).abs() <= size * NEAR) & size.is_finite()
    match op:
        case "=":
            return same
        case "!=":
            return ~same
        case "<" | ">":
            return related(one, op, other) & ~same
    return related(one, op, other) | same


def present(column: "pl.Expr", kind: "pl.DataType") -> "pl.Expr":
    """Return a column whose missing values are all null: NaN is one of them."""
    return column.fill_nan(None) if kind.is_float() else column


def reckon(op: str, left: "pl.Expr", right: "pl.Expr", *, whole: bool) -> "pl.Expr":
    """Return what is reckoned from two columns of numbers; null where it cannot be.

    Args:
        op: One of ``+ - * /``.
        left: Numbers; null where there are none.
        right: Numbers, likewise.
        whole: Both are whole, of at most 64 bits: nothing but a division makes a fraction.
    """
    import polars as pl

    wide = pl.Int128 if whole and op != "/" else pl.Float64
    one, other = left.cast(wide), right.cast(wide)
    match op:
        case "+":
            found = one + other
        case "-":
            found = one - other
        case "*":
            found = one * other
        case _:
            found = pl.when(other != 0).then(one / other)
    return found if wide == pl.Int128 else found.fill_nan(None)
