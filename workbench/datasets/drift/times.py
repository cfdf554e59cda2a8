"""A column of times, however it is kept, as whole microseconds since 1970.

Two clocks come back. The *wall* clock is the one periods are cut by: the column's own zone where
it has one, so that a day is a day where the data were made; UTC for text that names an offset and
for seconds since 1970; and the clock as written where no zone is known. The other clock is UTC,
which chunks are dated by; where no zone is known the two are the same.
"""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.datasets import table
from workbench.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

NONE: Final = int(np.iinfo(np.int64).min)
"""No time."""
DAY: Final = 86_400_000_000
"""Microseconds."""
_FURTHEST: Final = 9_000_000_000_000_000_000
_EPOCH: Final = (
    (1e8, "s", 1_000_000.0),
    (1e11, "ms", 1_000.0),
    (1e14, "us", 1.0),
    (1e17, "ns", 1e-3),
)
"""From what size on numbers are of which unit: each begins in March 1973 and ends after 5138."""
_LARGEST_NUMBER: Final = 1e19
_CALENDAR: Final = (1600_00_00, 2400_00_00)
"""Between them a whole number may be a day, written ``20130417``."""
_TEXT: Final = (
    r"^(?<day>\d{4}-\d{2}(?:-\d{2})?)"
    r"(?:[Tt ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<part>\d{1,9}))?)?"
    r"\s*(?:(?<utc>[Zz])|(?<sign>[+-])(?<off>\d{2}):?(?<set>\d{2})?)?)?$"
)
_HINT: Final = "Name a column of dates, moments, ISO 8601 text or seconds since 1970."


class Times(NamedTuple):
    """The times of some rows, `NONE` where there is none; both of shape ``(rows,)``."""

    wall: NDArray[np.int64]
    utc: NDArray[np.int64]


class Reader:
    """Reads the times of a column, part by part."""

    def __init__(self, column: table.Column) -> None:
        """Know the column.

        Raises:
            UsageError: Its type is none of times.
        """
        self._name = words.visible(column.name)
        self.zone = ""
        """The zone of the wall clock; empty where it is UTC or nobody knows."""
        self.said = ""
        """How numbers were read, in words."""
        self._numbers: Callable[[pl.Series], Times] | None = None
        fitting = {
            table.DATE: _of_dates, table.DATETIME: self._of_moments, table.TEXT: _of_texts,
            table.CATEGORICAL: _of_texts, table.INTEGER: self._of_numbers,
            table.FLOAT: self._of_numbers, table.DECIMAL: self._of_numbers, table.NULL: _of_nothing,
        }  # fmt: skip
        if column.type not in fitting:
            raise UsageError(
                f"Column {self._name!r} is {column.type} and tells no time.", hint=_HINT
            )
        self._read: Callable[[pl.Series], Times] = fitting[column.type]

    def read(self, series: "pl.Series") -> Times:
        """Return the times of the next rows.

        Raises:
            UsageError: The numbers are no times.
        """
        return self._read(series)

    def _of_moments(self, series: "pl.Series") -> Times:
        import polars as pl

        dtype = series.dtype
        utc = _micros(series, getattr(dtype, "time_unit", "us"))
        zone = getattr(dtype, "time_zone", None)
        if zone is None or zone == "UTC":
            return Times(utc, utc)
        self.zone = str(zone)
        beyond = (utc == NONE) | (np.abs(utc) > _FURTHEST // 40)
        safe = (
            pl.Series(np.where(beyond, 0, utc)).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        )
        local = safe.dt.convert_time_zone(self.zone).dt.replace_time_zone(None)
        return Times(
            np.where(beyond, NONE, local.to_physical().to_numpy()), np.where(beyond, NONE, utc)
        )

    def _of_numbers(self, series: "pl.Series") -> Times:
        """Return numbers as times; how they are meant is told by the first ones."""
        import polars as pl

        if self._numbers is None:
            known = series.cast(pl.Float64, strict=False).drop_nulls()
            known = known.filter(known.is_finite())
            if not len(known):
                return _of_nothing(series)
            self._numbers = self._told(known)
        return self._numbers(series)

    def _told(self, known: "pl.Series") -> "Callable[[pl.Series], Times]":
        low, high = _CALENDAR
        days = known.is_between(low, high) & (known == known.floor())
        if days.all() and _of_calendar(known).wall.min() != NONE:
            self.said = "days as 20130417"
            return _of_calendar
        middle = float(known.abs().median() or 0)  # type: ignore[arg-type]
        unit = next((one for one in reversed(_EPOCH) if one[0] <= middle), None)
        if unit is None or middle >= _LARGEST_NUMBER:
            raise UsageError(f"Column {self._name!r} holds numbers that are no times.", hint=_HINT)
        self.said = f"{unit[1]} since 1970"
        return lambda series: _of_epoch(series, unit[2])


def _of_nothing(series: "pl.Series") -> Times:
    none = np.full(len(series), NONE)
    return Times(none, none)


def _of_dates(series: "pl.Series") -> Times:
    days = series.to_physical()
    near = (
        days.cast(_int64()).is_between(-_FURTHEST // DAY, _FURTHEST // DAY).fill_null(value=False)
    )
    values = days.fill_null(0).to_numpy().astype(np.int64)
    found = np.where(near.to_numpy(), values, 0) * DAY
    found = np.where(near.to_numpy(), found, NONE)
    return Times(found, found)


def _micros(series: "pl.Series", unit: str) -> NDArray[np.int64]:
    """Return moments of any unit in microseconds; what is beyond them is none."""
    values = series.to_physical().fill_null(NONE).to_numpy()
    there = values != NONE
    if unit == "ns":
        return np.where(there, values // 1000, NONE)
    if unit == "ms":
        there &= np.abs(np.where(there, values, 0)) < _FURTHEST // 1000
        return np.where(there, np.where(there, values, 0) * 1000, NONE)
    return np.where(there, values, NONE)


def _of_epoch(series: "pl.Series", micros: float) -> Times:
    import polars as pl

    if series.dtype.is_integer():
        whole = series.cast(pl.Int64, strict=False).fill_null(NONE).to_numpy()
        there = whole != NONE
        there &= np.abs(np.where(there, whole, 0)) < _FURTHEST / max(micros, 1.0)
        safe = np.where(there, whole, 0)
        found = safe * int(micros) if micros >= 1 else safe // round(1 / micros)
    else:
        values = series.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy() * micros
        there = np.abs(values) < _FURTHEST
        found = np.round(np.where(there, values, 0)).astype(np.int64)
    found = np.where(there, found, NONE)
    return Times(found, found)


def _of_calendar(series: "pl.Series") -> Times:
    """Return whole numbers such as 20130417 as days."""
    import polars as pl

    text = series.cast(pl.Int64, strict=False).cast(pl.String)
    return _of_dates(text.str.to_date("%Y%m%d", strict=False))


def _of_texts(series: "pl.Series") -> Times:
    """Return texts in ISO 8601 as times; any other text is none."""
    import polars as pl

    text = series.cast(pl.String).str.strip_chars()
    groups = text.str.extract_groups(_TEXT).struct.unnest()
    day = groups["day"]
    days = pl.select(
        pl.when(day.str.len_bytes() == len("2013-04")).then(day + "-01").otherwise(day)
    ).to_series()
    date = _of_dates(days.str.to_date("%Y-%m-%d", strict=False)).wall

    def number(name: str) -> NDArray[np.int64]:
        return groups[name].cast(pl.Int64).fill_null(0).to_numpy()

    part = groups["part"].fill_null("").str.pad_end(9, "0").cast(pl.Int64).to_numpy() // 1000
    hour, minute, second = number("hour"), number("minute"), number("second")
    there = (date != NONE) & (hour <= 23) & (minute <= 59) & (second <= 60)  # noqa: PLR2004 - a clock
    clock = ((hour * 60 + minute) * 60 + second) * 1_000_000 + part
    away = (number("off") * 60 + number("set")) * 60_000_000
    sign = np.where((groups["sign"] == "-").fill_null(value=False).to_numpy(), -1, 1)
    found = np.where(there, np.where(there, date, 0) + clock - sign * away, NONE)
    return Times(found, found)


def _int64() -> Any:
    import polars as pl

    return pl.Int64


def utc_of(wall: int, zone: str) -> int:
    """Return when the wall clock of a zone shows a moment; the first time where it does twice."""
    import polars as pl

    if not zone:
        return wall
    clock = pl.Series([wall]).cast(pl.Datetime("us"))
    for later in range(0, 4 * 3600, 1800):  # clocks put forward skip at most a few hours
        moved = clock + pl.duration(seconds=later) if later else clock
        series = moved if isinstance(moved, pl.Series) else pl.select(moved).to_series()
        found = series.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        if found.null_count() == 0:
            return int(found.to_physical()[0])
    return wall
