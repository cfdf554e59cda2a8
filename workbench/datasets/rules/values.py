"""What makes one value of a column right: that it is there, within limits, listed, well-formed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any, Final

from workbench.datasets.filter_expressions import units
from workbench.datasets.reckoning import compared, counts, present, scaled, whole_limit
from workbench.datasets.rules.by_row import ByRow
from workbench.datasets.rules.observing import Absent, Extent, Offending
from workbench.datasets.rules.options import is_moment
from workbench.datasets.rules.rule import Rule
from workbench.datasets.rules.watching import Context
from workbench.errors import UsageError
from workbench.filters.tree import Op
from workbench.words import visible

if TYPE_CHECKING:
    import polars as pl

_OPS: Final[Mapping[str, Op]] = {"min": ">=", "max": "<=", "above": ">", "below": "<"}
_TEXTS: Final = frozenset({"text", "categorical"})
_NUMBERS: Final = frozenset({"integer", "float", "decimal"})
_MOMENTS: Final = frozenset({"date", "datetime"})
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_US: Final = 1_000_000
_DAY_US: Final = 86_400 * _US
_WIDEST: Final = 2**127


def not_null(rule: Rule, context: Context) -> ByRow:
    """Watch that a column has a value in every row; NaN is none."""
    import polars as pl

    name = rule.columns[0]
    context.require(name)
    truth = present(pl.col(name), context.schema[name]).is_not_null()
    return ByRow(rule, truth, (name,), context, observer=Absent())


def within(rule: Rule, context: Context) -> ByRow:
    """Watch that values lie between limits."""
    name = rule.columns[0]
    kind = context.type_of(name)
    if kind not in _NUMBERS | _MOMENTS:
        raise UsageError(f"{visible(name)} is {kind}: a range is of numbers, dates or moments.")
    asked = [
        _limited(name, context, kind, _OPS[key], limit)
        for key, limit in rule.options.items()
        if key in _OPS
    ]
    return ByRow(rule, reduce(and_, asked), (name,), context, observer=Extent())


def _limited(name: str, context: Context, kind: str, op: Op, limit: Any) -> "pl.Expr":
    import polars as pl

    dtype = context.schema[name]
    number = isinstance(limit, int | float)
    if number != (kind in _NUMBERS):
        what = "a number" if number else "a date"
        raise UsageError(f"{visible(name)} is {kind}, and its limit is {what}.")
    if number:
        return compared(present(pl.col(name), dtype), dtype, op, limit)
    return compared_moment(pl.col(name), dtype, op, limit)


def compared_moment(column: "pl.Expr", dtype: "pl.DataType", op: Op, limit: Any) -> "pl.Expr":
    """Return whether dates or moments stand in a relation to one.

    A moment without a zone is on the clock of the column, of one with a zone in UTC. A day is its
    first moment, but at most a day means until its end.
    """
    import polars as pl

    moment, whole_day = moment_of(limit)
    counted, per_second = units(column, dtype)
    micros = microseconds(moment)
    if whole_day and op in {"<=", ">"}:
        micros += _DAY_US
        op = "<" if op == "<=" else ">="
    return compared(counted.cast(pl.Int128) * _US, pl.Int128(), op, micros * per_second)


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970, exactly."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(limit: Any) -> tuple[datetime, bool]:
    """Return a limit as a moment with a zone, and whether it is a whole day."""
    said = limit
    if isinstance(said, str):
        whole_day = len(said.strip()) == len("2026-01-31")
        said = datetime.fromisoformat(said.strip())
    else:
        whole_day = not isinstance(said, datetime)
    if not isinstance(said, datetime):
        said = datetime.combine(said, time())
    return (said if said.tzinfo else said.replace(tzinfo=UTC)), whole_day


def listed(rule: Rule, context: Context) -> ByRow:
    """Watch that values are among those named."""
    import polars as pl

    name, values = rule.columns[0], rule.options["values"]
    kind, dtype = context.type_of(name), context.schema[name]
    _require_kind(name, kind, values)
    column = present(pl.col(name), dtype)
    if kind in _TEXTS:
        truth = column.cast(pl.String).is_in(pl.lit(pl.Series(values)).implode())
    elif kind == "boolean":
        truth = column.is_in(pl.lit(pl.Series(values)).implode())
    elif kind in _NUMBERS:
        truth = _any_of(column, dtype, values)
    else:
        counted, per_second = units(column, dtype)
        stamps = [microseconds(moment_of(one)[0]) * per_second for one in values]
        wanted = pl.lit(pl.Series(stamps, dtype=pl.Int128)).implode()
        truth = (counted.cast(pl.Int128) * _US).is_in(wanted)
    return ByRow(rule, truth, (name,), context, observer=Offending())


def _any_of(column: "pl.Expr", dtype: "pl.DataType", values: Sequence[float]) -> "pl.Expr":
    """Return whether numbers are among those named; whole ones and decimals exactly."""
    import polars as pl

    if dtype.is_float():  # in its own precision: what was written as 0.1 is found as 0.1
        wanted = pl.lit(pl.Series([float(one) for one in values]).cast(dtype)).implode()
        return column.is_in(wanted)
    counted, per_one = counts(column, dtype)
    limits = [whole_limit("=", scaled(one, per_one)) for one in values]
    whole = [one for one in limits if one is not None and abs(one) < _WIDEST]
    return counted.is_in(pl.lit(pl.Series(whole, dtype=pl.Int128)).implode())


def _require_kind(name: str, kind: str, values: Sequence[Any]) -> None:
    first = values[0]
    if isinstance(first, bool):
        fits, what = kind == "boolean", "true and false"
    elif isinstance(first, int | float):
        fits, what = kind in _NUMBERS, "numbers"
    elif isinstance(first, str):
        dates = kind in _MOMENTS and all(map(is_moment, values))
        fits, what = kind in _TEXTS or dates, "texts"
    else:
        fits, what = kind in _MOMENTS, "dates"
    if not fits:
        raise UsageError(f"{visible(name)} is {kind}, and its values are {what}.")


def fitting(rule: Rule, context: Context) -> ByRow:
    """Watch that texts fit a regular expression."""
    import polars as pl

    name, pattern = rule.columns[0], rule.options["pattern"]
    kind = context.type_of(name)
    if kind not in _TEXTS:
        raise UsageError(f"{visible(name)} is {kind}: a regular expression is of texts.")
    column = pl.col(name).cast(pl.String)
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.PolarsError:
        raise UsageError("This regular expression is not understood here.") from None
    return ByRow(rule, column.str.contains(pattern), (name,), context, observer=Offending())
