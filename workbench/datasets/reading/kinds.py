"""What the values of a column are, told from all of them: the narrowest type that loses nothing.

The order is a lattice: what fits two types that do not go together is text. A late row can
only widen a column, so a file is read at most twice, whatever is in it.
"""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import polars as pl

EXACT: Final = 1 << 53
"""Whole numbers below this are exact as 64-bit floats; from it on one float means several."""


class Kind(Enum):
    """A type a column of a row format can have."""

    NOTHING = "nothing"
    """No value so far."""
    BOOLEAN = "boolean"
    INTEGER = "integer"
    """Whole numbers below 2**53: they may become floats without loss."""
    LONG = "long"
    """Whole numbers of 64 bits."""
    FLOAT = "float"
    DATE = "date"
    DATETIME = "datetime"
    DATETIME_NS = "datetime in nanoseconds"
    INSTANT = "instant"
    """A date and time with its zone; kept in UTC."""
    TIME = "time of day"
    DURATION = "duration"
    BINARY = "binary"
    TEXT = "text"


_WIDER: Final = {
    frozenset((Kind.INTEGER, Kind.LONG)): Kind.LONG,
    frozenset((Kind.INTEGER, Kind.FLOAT)): Kind.FLOAT,
    frozenset((Kind.DATE, Kind.DATETIME)): Kind.DATETIME,
    frozenset((Kind.DATE, Kind.DATETIME_NS)): Kind.DATETIME_NS,
    frozenset((Kind.DATETIME, Kind.DATETIME_NS)): Kind.DATETIME_NS,
}


def joined(one: Kind, other: Kind) -> Kind:
    """Return the narrowest kind that holds the values of both."""
    if one is other or other is Kind.NOTHING:
        return one
    if one is Kind.NOTHING:
        return other
    return _WIDER.get(frozenset((one, other)), Kind.TEXT)


def has_header(top: Sequence[Kind], below: Sequence[Kind]) -> bool:
    """Say whether a first row names the columns: over numbers a number is a value, not a name.

    Args:
        top: The kind of each cell of the first row.
        below: The kind of each column without it.
    """
    told = False
    for mine, others in zip(top, below, strict=False):
        if others in (Kind.TEXT, Kind.NOTHING):
            continue
        if mine in (Kind.TEXT, Kind.NOTHING):
            return True
        told = True
    return not told


def dtype_of(kind: Kind) -> "pl.DataType":
    """Return the polars type a kind is kept in; a column of nothing is text without values."""
    import polars as pl

    return {
        Kind.NOTHING: pl.String(), Kind.BOOLEAN: pl.Boolean(), Kind.INTEGER: pl.Int64(),
        Kind.LONG: pl.Int64(), Kind.FLOAT: pl.Float64(), Kind.DATE: pl.Date(),
        Kind.DATETIME: pl.Datetime("us"), Kind.DATETIME_NS: pl.Datetime("ns"),
        Kind.INSTANT: pl.Datetime("us", "UTC"), Kind.TIME: pl.Time(),
        Kind.DURATION: pl.Duration("us"), Kind.BINARY: pl.Binary(), Kind.TEXT: pl.String(),
    }[kind]  # fmt: skip
