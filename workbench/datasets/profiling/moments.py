"""Facts of dates and times: range, the longest gap, and how rows lie over the clock and calendar.

Everything is computed from the whole numbers a moment is stored as, so moments in a time zone
are in UTC, and years no calendar library knows do no harm.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import Moments, Quantiles
from workbench.datasets.profiling import grid
from workbench.datasets.profiling.grid import Floats
from workbench.datasets.profiling.numbers import Sorted
from workbench.datasets.table import PER_SECOND

if TYPE_CHECKING:
    import polars as pl

_HOUR, _DAY = 3_600, 86_400
_THURSDAY: Final = 3
"""1 January 1970, counted from Monday."""
_PIECE: Final = 65_536
_CALENDARS: Final = ("hours", "weekdays", "months")


class Clock(NamedTuple):
    """How whole numbers are read as moments."""

    unit: str
    """``D`` for days, ``ms``, ``us`` or ``ns``."""
    zoned: bool = False
    of_day: bool = False
    """Times of day, without a date."""

    @property
    def seconds(self) -> float:
        """Return how long one step is."""
        return float(_DAY) if self.unit == "D" else 1 / PER_SECOND[self.unit]

    def steps(self, seconds: int) -> int:
        """Return how many steps a number of seconds is; of days, whole days."""
        return seconds // _DAY if self.unit == "D" else seconds * PER_SECOND[self.unit]

    def moments(self, values: NDArray[Any]) -> NDArray[np.datetime64]:
        """Return whole numbers as moments."""
        return values.astype(np.int64).astype(f"datetime64[{self.unit}]")

    def text(self, value: Any) -> str:
        """Return a moment in ISO 8601, without a fraction of a second that is zero."""
        text = str(self.moments(np.array([value]))[0])
        if self.unit == "D":
            return text
        whole, _, part = text.partition(".")
        part = part.rstrip("0")
        text = f"{whole}.{part}" if part else whole
        return text.partition("T")[2] if self.of_day else text + "Z" * self.zoned


def clock_of(dtype: "pl.DataType") -> Clock:
    """Return how the whole numbers of a polars type are read."""
    import polars as pl

    if isinstance(dtype, pl.Datetime):
        return Clock(dtype.time_unit, dtype.time_zone is not None)
    return Clock("ns", of_day=True) if isinstance(dtype, pl.Time) else Clock("D")


def facts(found: Sorted, clock: Clock, levels: Floats = grid.LEVELS) -> Moments | None:
    """Return the facts of sorted moments; None where there are none."""
    values = found.values
    if not len(values):
        return None
    hours, weekdays, months = _calendar(values, clock)
    gap, at = _gap(values)
    points = _over_time(found, clock, levels)
    first, last = clock.text(values[0]), clock.text(values[-1])
    if not gap:
        return Moments(first, last, None, None, hours, weekdays, months, points)
    return Moments(
        first, last, gap * clock.seconds, clock.text(at), hours, weekdays, months, points
    )


def _over_time(found: Sorted, clock: Clock, levels: Floats) -> Quantiles | None:
    """Return where moments lie, in seconds."""
    points = grid.of_sorted(found.values, found.distinct, levels)
    if points is None:
        return None
    at = points.at * _DAY if clock.unit == "D" else points.at / PER_SECOND[clock.unit]
    return grid.stored(grid.moved(points, at))


def _pieces(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Yield stretches that are small enough to be worked on without weight."""
    for start in range(0, len(values), _PIECE):
        yield values[start : start + _PIECE + 1]


def _gap(values: NDArray[Any]) -> tuple[int, int]:
    """Return the longest distance of neighbours and where it begins; of equal ones the first."""
    longest, at = 0, int(values[0])
    for piece in _pieces(values):  # each overlaps the next by one
        apart = np.diff(piece.astype(np.int64))
        if len(apart) and int(apart.max()) > longest:
            k = int(np.argmax(apart))
            longest, at = int(apart[k]), int(piece[k])
    return longest, at


def _calendar(
    values: NDArray[Any], clock: Clock
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return rows by hour of the day, by weekday and by month."""
    hours, weekdays, months = (np.zeros(places, np.int64) for places in (24, 7, 12))
    for piece in _pieces(values):
        own = piece[:_PIECE].astype(np.int64)
        if clock.unit != "D":
            hours += np.bincount(own // clock.steps(_HOUR) % 24, minlength=24)
        if not clock.of_day:
            days = own // clock.steps(_DAY)
            weekdays += np.bincount((days + _THURSDAY) % 7, minlength=7)
            of_year = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
            months += np.bincount(of_year, minlength=12)
    return (
        () if clock.unit == "D" else tuple(hours.tolist()),
        () if clock.of_day else tuple(weekdays.tolist()),
        () if clock.of_day else tuple(months.tolist()),
    )


# -- parts together ----------------------------------------------------------------------


class Part(NamedTuple):
    """The facts of a part, and how many moments they are of."""

    moments: Moments
    n: int


def merged(parts: Sequence[Part], levels: Floats = grid.LEVELS) -> Moments | None:
    """Return the facts of all parts together.

    The longest gap is known only where the parts lie one after the other in time; where they
    overlap, rows of one may lie in the gap of another.
    """
    if not parts:
        return None
    found = [part.moments for part in parts]
    ranked = sorted(found, key=lambda part: (nanoseconds(part.first), nanoseconds(part.last)))
    last = max(ranked, key=lambda part: nanoseconds(part.last)).last
    hours, weekdays, months = (_sum([getattr(one, name) for one in found]) for name in _CALENDARS)
    points = _points_of(parts, levels)
    return Moments(ranked[0].first, last, *_gap_of(ranked), hours, weekdays, months, points)


def _points_of(parts: Sequence[Part], levels: Floats) -> Quantiles | None:
    grids = [grid.restored(part.moments.quantiles, part.n) for part in parts]
    known = [one for one in grids if one is not None]
    return grid.stored(grid.merged(known, levels)) if len(known) == len(grids) else None


def nanoseconds(text: str) -> int:
    """Return a moment as it stands in a profile as a number, of times of day since midnight."""
    if ":" in text and "T" not in text:
        text = f"1970-01-01T{text}"
    whole, _, part = text.removesuffix("Z").partition(".")
    seconds = int(np.datetime64(whole, "s").astype(np.int64))
    return seconds * PER_SECOND["ns"] + int(part.ljust(9, "0")[:9])


def at_second(like: Moments, seconds: float) -> str:
    """Return a place among moments in words, to the second: as a day, a time of day, or both."""
    day, _, time = str(np.datetime64(int(np.floor(seconds)), "s")).partition("T")
    if ":" not in like.first:
        return day
    return f"{day} {time}" if "T" in like.first else time


def _gap_of(ranked: Sequence[Moments]) -> tuple[float | None, str | None]:
    """Return the longest gap of parts in order of time; nothing where it cannot be known."""
    if any(part.gap_s is None and part.first != part.last for part in ranked):
        return None, None
    gaps = [(part.gap_s, part.gap_from) for part in ranked if part.gap_s and part.gap_from]
    for one, following in pairwise(ranked):
        apart = nanoseconds(following.first) - nanoseconds(one.last)
        if apart < 0:
            return None, None
        if apart:
            gaps.append((apart / PER_SECOND["ns"], one.last))
    return max(gaps, key=lambda gap: (gap[0], -nanoseconds(gap[1])), default=(None, None))


def _sum(tallies: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*tallies, strict=True)) if all(tallies) else ()
