"""When values of two columns are equal, although their types may differ.

Equal means equal: NaN is NaN, null is null, -0.0 is 0.0, and nothing is rounded. Where two types
have no common ground the values are not compared, and that is said instead.
"""

from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.filter_expressions import units
from workbench.datasets.table import PER_SECOND

if TYPE_CHECKING:
    import polars as pl

_WIDEST: Final = 2.0**127
NOISE: Final = 1e-12
"""Of the larger side: below this two fractions differ by what reckoning leaves."""


class Ground(NamedTuple):
    """What two columns are compared as."""

    kind: str
    """``same``, ``whole``, ``fraction``, ``short fraction``, ``mixed``, ``text``, ``moment``,
    ``written`` or ``empty``; nothing where they cannot be compared."""
    said: str = ""
    """What a reader should know of it; why they cannot be compared."""


def ground(a: "pl.DataType", b: "pl.DataType") -> Ground:
    """Return what columns of two types are compared as."""
    import polars as pl

    if a == b or (a.is_decimal() and b.is_decimal()):
        return Ground("same")
    if pl.Null in (a.base_type(), b.base_type()):
        return Ground("empty")
    if a.is_integer() and b.is_integer():
        return Ground("whole")
    if a.is_float() and b.is_float():
        return Ground("short fraction", f"compared as {_shorter(a, b)}, the shorter type")
    if a.is_numeric() and b.is_numeric():
        if a.is_decimal() or b.is_decimal():
            return Ground("fraction", "compared as Float64")
        return Ground("mixed")
    if _is_text(a) and _is_text(b):
        return Ground("text")
    if a.is_temporal() and b.is_temporal() and _moments(a, b):
        return Ground("moment")
    return Ground("", f"{a} and {b} cannot be compared")


def key_ground(a: "pl.DataType", b: "pl.DataType") -> Ground:
    """Return what two columns of a key are compared as: a number beside a text as it is written."""
    found = ground(a, b)
    pair = {"text" if _is_text(one) else _plainly(one) for one in (a, b)}
    if found.kind or pair not in ({"text", "integer"}, {"text", "date"}):
        return found
    return Ground("written", f"{a} in the old and {b} in the new table, compared as text")


def _plainly(dtype: "pl.DataType") -> str:
    import polars as pl

    if dtype.is_integer():
        return "integer"
    return "date" if dtype == pl.Date else "other"


def _shorter(a: "pl.DataType", b: "pl.DataType") -> str:
    return min(str(a), str(b), key=lambda name: int(name.removeprefix("Float")))


def _is_text(dtype: "pl.DataType") -> bool:
    import polars as pl

    return dtype.base_type() in {pl.String, pl.Categorical, pl.Enum}


def _moments(a: "pl.DataType", b: "pl.DataType") -> bool:
    """Say whether two types count the same thing: moments both with or both without a zone."""
    import polars as pl

    kinds = {a.base_type(), b.base_type()}
    if kinds == {pl.Duration}:
        return True
    if not kinds <= {pl.Datetime, pl.Date}:
        return False
    zones = [bool(getattr(one, "time_zone", None)) for one in (a, b)]
    return zones[0] == zones[1]


def likened(name: str, dtype: "pl.DataType", of: Ground, short: "pl.DataType") -> "pl.Expr":
    """Return a column on the common ground, so that equal values are one value.

    Args:
        name: Of the column.
        dtype: Its type.
        of: The common ground.
        short: What `shorter` says of both types.
    """
    import polars as pl

    column = pl.col(name)
    match of.kind:
        case "whole":
            return column.cast(pl.Int128)
        case "fraction":
            return column.cast(pl.Float64) + 0.0
        case "mixed":
            return _written(column, dtype)
        case "short fraction":
            return column.cast(short) + 0.0
        case "empty":
            return column.cast(short)
        case "text" | "written":
            return column.cast(pl.String)
        case "moment":
            counted, per_second = units(column, dtype)
            return counted.cast(pl.Int128) * (PER_SECOND["ns"] // per_second)
    return column + 0.0 if dtype.is_float() else column


def _written(column: "pl.Expr", dtype: "pl.DataType") -> "pl.Expr":
    """Return numbers as text: no type of number holds both whole ones and fractions exactly."""
    import polars as pl

    if not dtype.is_float():
        return column.cast(pl.String)
    wide = column.cast(pl.Float64)
    whole = (wide == wide.floor()) & (wide.abs() < _WIDEST)
    digits = wide.cast(pl.Int128, strict=False).cast(pl.String)
    return pl.when(whole).then(digits).otherwise(wide.cast(pl.String))


def equal(a: str, b: str, kinds: "tuple[pl.DataType, pl.DataType]", of: Ground) -> "pl.Expr":
    """Return whether two columns of one frame are equal, row by row; never null."""
    import polars as pl

    if of.kind == "empty":
        return pl.col(a).is_null() & pl.col(b).is_null()
    if of.kind == "mixed":
        return _mixed_equal(a, b, kinds)
    short = shorter(*kinds)
    left, right = likened(a, kinds[0], of, short), likened(b, kinds[1], of, short)
    return left.eq_missing(right)


def _mixed_equal(a: str, b: str, kinds: "tuple[pl.DataType, pl.DataType]") -> "pl.Expr":
    """Return whether whole numbers equal fractions: as fractions, and as whole numbers too."""
    import polars as pl

    same = pl.col(a).cast(pl.Float64).eq_missing(pl.col(b).cast(pl.Float64))
    whole_a, whole_b = (pl.col(one).cast(pl.Int128, strict=False) for one in (a, b))
    fractional = pl.col(b if kinds[1].is_float() else a)
    exact = fractional.is_nan() | fractional.is_null() | whole_a.eq_missing(whole_b)
    return same & exact


def shorter(a: "pl.DataType", b: "pl.DataType") -> "pl.DataType":
    """Return the shorter of two types of fractions, the one with values, or the first."""
    import polars as pl

    if a == pl.Null:
        return b
    if a.is_float() and b.is_float() and str(b) == _shorter(a, b):
        return b
    return a


def within(
    a: str, b: str, kinds: "tuple[pl.DataType, pl.DataType]", tolerance: float
) -> "pl.Expr | None":
    """Return whether two numbers differ by no more than a share of the larger; None of others.

    Args:
        a: The name of one column.
        b: The name of the other.
        kinds: Their types.
        tolerance: The share; of numbers below 1 it is the difference itself.
    """
    import polars as pl

    if not all(kind.is_numeric() for kind in kinds) or not any(kind.is_float() for kind in kinds):
        return None
    left, right = pl.col(a).cast(pl.Float64), pl.col(b).cast(pl.Float64)
    size = pl.max_horizontal(left.abs(), right.abs(), pl.lit(1.0))
    close = (left - right).abs() <= size * tolerance
    return (close & size.is_finite()).fill_null(False)
