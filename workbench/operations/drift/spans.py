"""When data are from, as far as a stored profile tells it."""

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from workbench.datasets.profile import Profile

_ZONE: Final = re.compile(r"time_zone='([^']+)'")
_NANOS: Final = 1_000
_MICROS: Final = 1_000_000


class Span(NamedTuple):
    """A time from a first moment to a last one, seconds since 1970 UTC."""

    start: float
    end: float

    @property
    def middle(self) -> float:
        """Return the moment half way."""
        return (self.start + self.end) / 2


class Period(NamedTuple):
    """A day, week or month that all rows lie in."""

    label: str
    span: Span


class _Ends(NamedTuple):
    """The first and the last moment of a column, microseconds since 1970 UTC."""

    first: int
    last: int
    zone: str
    """Of the clock it is kept by; empty for UTC and where nobody knows."""
    whole: bool
    """Every row has a moment."""


def span_of(profile: "Profile", time: str) -> Span | None:
    """Return when a table's rows are from by one of its columns; None where it does not say."""
    ends = _ends(profile, time)
    return None if ends is None else Span(ends.first / _MICROS, ends.last / _MICROS)


def only_period(profile: "Profile", time: str, kind: str) -> Period | None:
    """Return the period that all rows of a table lie in; None where they do not, or may not.

    Args:
        profile: Of the table.
        time: Its column of time.
        kind: One of `workbench.datasets.drift.periods.PERIODS`.
    """
    import numpy as np  # noqa: PLC0415 - for this road alone

    from workbench.datasets.drift import periods  # noqa: PLC0415
    from workbench.datasets.drift.times import utc_of  # noqa: PLC0415

    ends = _ends(profile, time)
    if ends is None or not ends.whole:
        return None
    first, last = periods.number_of(kind, np.array(_wall(ends), dtype=np.int64)).tolist()
    if first != last:
        return None
    begin, end = (utc_of(periods.begin_of(kind, one), ends.zone) for one in (first, first + 1))
    return Period(periods.label_of(kind, first), Span(begin / _MICROS, end / _MICROS))


def _ends(profile: "Profile", time: str) -> _Ends | None:
    """Return what is kept of a column of moments; of a sensitive one only years are."""
    from workbench.datasets.profiling.moments import nanoseconds  # noqa: PLC0415 - numpy

    column = next((one for one in profile.columns if one.name == time), None)
    if column is None or column.moments is None or column.sensitive:
        return None
    if "-" not in column.moments.first[1:]:  # a time of day
        return None
    first, last = (
        nanoseconds(one) // _NANOS for one in (column.moments.first, column.moments.last)
    )
    zone = _ZONE.search(column.dtype)
    named = zone[1] if zone and zone[1] != "UTC" else ""
    return _Ends(first, last, named, column.n == column.rows)


def _wall(ends: _Ends) -> list[int]:
    """Return both ends by the clock of their zone."""
    import polars as pl

    both = [ends.first, ends.last]
    if not ends.zone:
        return both
    moments = pl.Series(both).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    local = moments.dt.convert_time_zone(ends.zone).dt.replace_time_zone(None)
    found: list[int] = local.to_physical().to_list()
    return found
