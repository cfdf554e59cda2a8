"""The filter that finds the rows behind what drifted: a chunk's time, and the part that is new.

It is written in the language of filters, so a person sees it beside the rows and changes it.
Values that are masked are never asked for: the language refuses them, and here none is named.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from workbench.datasets.fields import MASK
from workbench.datasets.profile import MOMENT
from workbench.filters.fields import write_field
from workbench.filters.quoting import quote, reads_as_value
from workbench.filters.tree import Field

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift, Shape

_MOST: Final = 12
"""Categories that are asked for at once."""
_GREW: Final = 0.05
"""By how much the share of missing values grew before they are what is looked for."""
_TAILS: Final = (0.01, 0.05, 0.1, 0.25, 0.5)
"""Shares of the reference beyond a limit, the most telling first."""
_TWICE: Final = 2.0
_NEAR: Final = 1e-9
_SEEN: Final = 0.005
"""A share of the current rows that is worth a look."""


class Tail(NamedTuple):
    """Values on one side of a quantile of the reference."""

    above: bool
    limit: float
    before: float
    """Share of the reference there."""
    now: float
    """Share of the current values there."""


def rows_filter(
    column: "ColumnDrift | None",
    *,
    time: str = "",
    start: float | None = None,
    end: float | None = None,
    segment: str = "",
) -> str:
    """Return the filter; empty where everything is meant.

    Args:
        column: What drifted, if one column is meant.
        time: The column of time; empty if it is not known.
        start: Where the chunk begins, seconds since 1970 UTC.
        end: Where it ends, itself not part of it.
        segment: As ``origin=JFK``.
    """
    drifted = drifted_part(column) if column is not None else ""
    parts = (*_between(time, start, end), *_of_segment(segment), drifted)
    return " and ".join(part for part in parts if part)


def said_of_rows(column: "ColumnDrift") -> str:
    """Return in words which rows `drifted_part` finds; empty where it finds none by themselves."""
    found = drifted_part(column)
    if not found:
        return ""
    if found.endswith(" is null"):
        return f"Rows without a value, which became more: {found}"
    new = column.shape is not None and any(column.shape.new)
    return f"Rows with what is new: {found}" if new else f"Rows with what became more: {found}"


def drifted_part(column: "ColumnDrift") -> str:
    """Return the filter of the values that moved; empty where no filter can say it."""
    shape = column.shape
    if column.current_missing - column.reference_missing >= _GREW:
        return f"{_name(column.name)} is null"
    if shape is None or column.role == MOMENT:
        return ""
    if shape.categories:
        return _categories(column.name, shape)
    tail = tail_of(shape)
    if tail is None:
        return ""
    return f"{_name(column.name)} {'>' if tail.above else '<'} {tail.limit!r}"


def tail_of(shape: "Shape") -> Tail | None:
    """Return where the current values are far more frequent than the reference's were.

    That is the outermost tail of the reference in which twice as many lie now, else the one that
    grew most; None where none grew.
    """
    if not (shape.at and shape.reference_quantiles and shape.current_quantiles):
        return None
    found = [tail for share in _TAILS for tail in _tails(shape, share) if tail.now > tail.before]
    doubled = (tail for tail in found if tail.now >= max(_SEEN, _TWICE * tail.before))
    return next(doubled, max(found, key=lambda tail: tail.now - tail.before, default=None))


def _tails(shape: "Shape", share: float) -> Iterator[Tail]:
    """Yield the upper and the lower tail of the reference that hold about a share of it."""
    pairs = [
        one for one in zip(shape.at, shape.reference_quantiles, strict=False) if 0 < one[0] < 1
    ]
    high = next((one for one in reversed(pairs) if one[0] <= 1 - share + _NEAR), None)
    low = next((one for one in pairs if one[0] >= share - _NEAR), None)
    if high is not None:
        now = 1 - _upto(shape.current_quantiles, shape.at, high[1])
        yield Tail(True, high[1], 1 - high[0], now)
    if low is not None:
        yield Tail(False, low[1], low[0], _upto(shape.current_quantiles, shape.at, low[1]))


def _upto(values: Sequence[float], at: Sequence[float], limit: float) -> float:
    """Return the share of values up to a limit, read off quantiles."""
    below = [place for place, value in zip(at, values, strict=False) if value <= limit]
    return below[-1] if below else 0.0


def _name(name: str) -> str:
    return write_field(Field("column", name))


def _between(time: str, start: float | None, end: float | None) -> Iterator[str]:
    for sign, moment in ((">=", start), ("<", end)):
        if time and moment is not None:
            yield f"{_name(time)} {sign} {_moment(moment)}"


def _moment(at: float) -> str:
    found = datetime.fromtimestamp(at, UTC)
    whole = not (found.hour or found.minute or found.second or found.microsecond)
    return f"{found:%Y-%m-%d}" if whole else f"{found:%Y-%m-%dT%H:%M:%S}"


def _of_segment(segment: str) -> Iterator[str]:
    for part in segment.split(", ") if segment else ():
        name, sign, value = part.partition("=")
        if sign and value != MASK:
            yield f"{_name(name)} = {_value(value)}"


def _value(text: str) -> str:
    """Return a value as it is written in a filter; one that reads like a number stays bare."""
    return text if reads_as_value(text) else quote(text, "'")


def _categories(name: str, shape: "Shape") -> str:
    """Return the new categories; without any, the one that grew most."""
    new = [one for one, is_new in zip(shape.categories, shape.new, strict=False) if is_new]
    grown = sorted(
        zip(shape.categories, shape.reference_parts, shape.current_parts, strict=False),
        key=lambda one: one[1] - one[2],
    )
    wanted = new or [one for one, before, now in grown[:1] if now > before]
    shown = [_value(one) for one in wanted[:_MOST] if one != MASK]
    return f"{_name(name)} in ({', '.join(shown)})" if shown else ""
