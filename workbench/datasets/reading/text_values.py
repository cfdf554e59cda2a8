"""Numbers, dates and truth values written as text: taken as such only where nothing is lost.

A whole number is one if writing it back gives the same text: ``007``, ``+49``, ``-0`` and what
is beyond 64 bits stay text. A decimal number has no zeros in front, does not overflow, and a
whole number beside decimal ones must be exact as a float. Dates are ISO 8601; other ways of
writing them leave day and month open. Only ``true`` and ``false`` are truth values: ``yes``
and ``no`` are two categories and lose nothing as such.
"""

import re
from typing import TYPE_CHECKING, Final

from workbench.datasets.reading.kinds import EXACT, Kind, dtype_of

if TYPE_CHECKING:
    import polars as pl

_DAY: Final = r"^\d{4}-\d{2}-\d{2}"
_CLOCK: Final = _DAY + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_SHAPES: Final = {
    Kind.DATE: _DAY + "$",
    Kind.DATETIME: "(" + _CLOCK + "$)|(" + _DAY + "$)",
    Kind.DATETIME_NS: "(" + _DAY + r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?$)|(" + _DAY + "$)",
    Kind.INSTANT: _CLOCK + r"(Z|[+-]\d{2}:?\d{2})$",
}
_NO_DECIMAL: Final = r"^[+-]?0\d|^\+\d+$"
"""Zeros in front are of codes, a plus before a whole number is of telephone numbers."""
_NANOSECOND_YEARS: Final = (1678, 2261)
_FIRST_TRIES: Final = (
    (re.compile(r"(?i)[+-]?([\d.,]|inf|nan)"), (Kind.INTEGER, Kind.LONG, Kind.FLOAT)),
    (re.compile(r"\d{4}-"), (Kind.DATE, Kind.DATETIME, Kind.DATETIME_NS, Kind.INSTANT)),
    (re.compile(r"true|false", re.IGNORECASE), (Kind.BOOLEAN,)),
)  # fmt: skip


def kind_of(texts: "pl.Series", decimal: str = ".") -> Kind:
    """Return the narrowest kind that holds all these texts; null is no value."""
    first = next(iter(texts.drop_nulls().head(1)), None)
    if first is None:
        return Kind.NOTHING
    for shape, kinds in _FIRST_TRIES:
        if shape.match(first.strip()):
            for kind in kinds:
                if converted(texts, kind, decimal) is not None:
                    return kind
    return Kind.TEXT


def converted(texts: "pl.Series", kind: Kind, decimal: str = ".") -> "pl.Series | None":
    """Return texts as values of a kind, or None if one of them is none of that kind."""
    if kind is Kind.TEXT:
        return texts
    if kind is Kind.NOTHING:
        return texts if texts.null_count() == len(texts) else None
    made = _as(texts, kind, decimal)
    if made is not None:
        return made
    stripped = texts.str.strip_chars(" \t")
    return None if stripped.equals(texts) else _as(stripped, kind, decimal)


def _as(texts: "pl.Series", kind: Kind, decimal: str) -> "pl.Series | None":
    if kind in (Kind.INTEGER, Kind.LONG):
        return _whole(texts, kind)
    if kind is Kind.FLOAT:
        return _decimal(texts, decimal)
    if kind is Kind.BOOLEAN:
        return _truth(texts)
    return _moment(texts, kind)


def _whole(texts: "pl.Series", kind: Kind) -> "pl.Series | None":
    import polars as pl

    made = texts.cast(pl.Int64, strict=False)
    if made.null_count() != texts.null_count() or not (made.cast(pl.String) == texts).all():
        return None
    return None if kind is Kind.INTEGER and _beyond_floats(made) else made


def _beyond_floats(numbers: "pl.Series") -> bool:
    low, high = numbers.min(), numbers.max()
    return isinstance(low, int) and isinstance(high, int) and (low <= -EXACT or high >= EXACT)


def _decimal(texts: "pl.Series", decimal: str) -> "pl.Series | None":
    import polars as pl

    if decimal == ",":
        if texts.str.contains(".", literal=True).any():
            return None
        texts = texts.str.replace(",", ".", literal=True)
    made = texts.cast(pl.Float64, strict=False)
    if made.null_count() != texts.null_count() or texts.str.contains(_NO_DECIMAL).any():
        return None
    return None if _inexact(texts, made) else made


def _inexact(texts: "pl.Series", numbers: "pl.Series") -> bool:
    """Say whether a number overflows, vanishes, or is whole and no longer exact."""
    endless = texts.filter(numbers.is_infinite())
    if len(endless) and not endless.str.contains(r"(?i)^[+-]?inf(inity)?$").all():
        return True
    nought = texts.filter(numbers == 0)
    if len(nought) and nought.str.contains(r"^[^eE]*[1-9]").any():
        return True
    large = texts.filter(numbers.abs() >= EXACT)
    return bool(len(large) and large.str.contains(r"^-?\d+$").any())


def _truth(texts: "pl.Series") -> "pl.Series | None":
    lower = texts.str.to_lowercase()
    if not lower.is_in(["true", "false"]).all():
        return None
    return lower == "true"


def _moment(texts: "pl.Series", kind: Kind) -> "pl.Series | None":
    import polars as pl

    shape = _SHAPES.get(kind)
    if shape is None or not texts.str.contains(shape).all():
        return None
    made = _day(texts) if kind is Kind.DATE else _clock(texts, kind)
    if made.null_count() != texts.null_count():
        return None
    if kind is Kind.DATETIME_NS and not _in_nanoseconds(texts):
        return None
    return (
        made.cast(dtype_of(kind))
        if kind is not Kind.INSTANT
        else made.cast(pl.Datetime("us", "UTC"))
    )


def _day(texts: "pl.Series") -> "pl.Series":
    return texts.str.to_date("%Y-%m-%d", strict=False)


def _in_nanoseconds(texts: "pl.Series") -> bool:
    """Say whether 64 bits of nanoseconds reach the years; beyond them they wrap around."""
    import polars as pl

    return bool(texts.str.head(4).cast(pl.Int32).is_between(*_NANOSECOND_YEARS).all())


def _clock(texts: "pl.Series", kind: Kind) -> "pl.Series":
    """Return dates with times; what was left out of the time is zero."""
    import polars as pl

    column = pl.col(texts.name).str.replace("T", " ", literal=True)
    unit: str = "ns" if kind is Kind.DATETIME_NS else "us"
    if kind is Kind.INSTANT:
        column = column.str.replace(r"Z$", "+0000").str.replace(r":(\d\d)$", "$1")
        column = column.str.replace(r"^(.{16})([+-])", "$1:00$2")
        made = column.str.to_datetime("%Y-%m-%d %H:%M:%S%.f%z", time_unit="us", strict=False)
    else:
        day, minute = len("2026-01-01"), len("2026-01-01 00:00")
        length = column.str.len_bytes()
        column = (
            pl.when(length == day).then(column + " 00:00:00")
            .when(length == minute).then(column + ":00").otherwise(column)
        )  # fmt: skip
        made = column.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit=unit, strict=False)  # type: ignore[arg-type]
    return texts.to_frame().select(made.alias(texts.name)).to_series()
