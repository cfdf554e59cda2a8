"""Columns of times, however they are kept."""

from datetime import UTC, date, datetime, time

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from workbench.datasets.drift.times import NONE, Reader, utc_of
from workbench.datasets.reading import of_frame
from workbench.errors import UsageError

_SPRING = datetime(2013, 4, 17, 6, 30)  # noqa: DTZ001 - what no zone is known of


def read(values: pl.Series) -> tuple[list[str], list[str], Reader]:
    """Return both clocks of a column as ISO texts, "" for none, and who read them."""
    reader = Reader(of_frame(pl.DataFrame({"t": values})).columns[0])
    found = reader.read(values)
    return _texts(found.wall), _texts(found.utc), reader


def _texts(moments: NDArray[np.int64]) -> list[str]:
    return ["" if one == NONE else str(np.datetime64(int(one), "us"))[:19] for one in moments]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (pl.Series([date(2013, 4, 17), None]), "2013-04-17T00:00:00"),
        (pl.Series([_SPRING, None]).cast(pl.Datetime("ms")), "2013-04-17T06:30:00"),
        (pl.Series([_SPRING, None]).cast(pl.Datetime("us")), "2013-04-17T06:30:00"),
        (pl.Series([_SPRING, None]).cast(pl.Datetime("ns")), "2013-04-17T06:30:00"),
        (pl.Series(["2013-04-17T06:30", None]), "2013-04-17T06:30:00"),
        (pl.Series(["2013-04-17 06:30:00.25", "noon"]), "2013-04-17T06:30:00"),
        (pl.Series(["2013-04-17T06:30:00Z", ""]), "2013-04-17T06:30:00"),
        (pl.Series(["2013-04-17T08:30:00+02:00", "2013-02-30"]), "2013-04-17T06:30:00"),
        (pl.Series(["2013-04-17T02:00:00-0430", "2013-04-17T25:00"]), "2013-04-17T06:30:00"),
        (pl.Series(["2013-04-17", "17.04.2013"]), "2013-04-17T00:00:00"),
        (pl.Series(["2013-04", "2013-13"]), "2013-04-01T00:00:00"),
        (pl.Series(["2013-04-17", None], dtype=pl.Categorical), "2013-04-17T00:00:00"),
        (pl.Series([1_366_180_200, None]), "2013-04-17T06:30:00"),
        (pl.Series([1_366_180_200.25, float("nan")]), "2013-04-17T06:30:00"),
        (pl.Series([1_366_180_200.0, float("inf")]), "2013-04-17T06:30:00"),
        (pl.Series([1_366_180_200_000, None]), "2013-04-17T06:30:00"),
        (pl.Series([1_366_180_200_000_000, None]), "2013-04-17T06:30:00"),
        (pl.Series([1_366_180_200_000_000_000, None], dtype=pl.UInt64), "2013-04-17T06:30:00"),
        (pl.Series([20130417, None]), "2013-04-17T00:00:00"),
    ],
)
def test_times_are_read_from_any_type(values: pl.Series, told: str) -> None:
    """Dates, moments of any unit, ISO texts and numbers are times; other values have none."""
    wall, utc, _ = read(values)
    assert wall == utc == [told, ""]


def test_a_day_is_one_of_the_columns_own_zone() -> None:
    """Periods are cut by the clock of the zone, chunks are dated in UTC."""
    late = pl.Series([datetime(2013, 5, 1, 3, tzinfo=UTC)]).dt.convert_time_zone("America/New_York")
    wall, utc, reader = read(late)
    assert wall == ["2013-04-30T23:00:00"]
    assert utc == ["2013-05-01T03:00:00"]
    assert reader.zone == "America/New_York"


@pytest.mark.parametrize(
    "values",
    [pl.Series([2013, 2014]), pl.Series([1e30]), pl.Series([True]), pl.Series([time(1)])],
)
def test_what_tells_no_time_is_refused(values: pl.Series) -> None:
    """A year, a truth value and a time of day are no moment, and are not taken for one."""
    with pytest.raises(UsageError, match="'t'"):
        read(values)


def test_how_numbers_were_read_is_said() -> None:
    """Milliseconds and days written as numbers are a guess that a person can see."""
    assert read(pl.Series([1_366_180_200_000]))[2].said == "ms since 1970"
    assert read(pl.Series([20130417]))[2].said == "days as 20130417"


def test_moments_beyond_any_calendar_do_no_harm() -> None:
    """The ends of 64 bits have a time or none, and nothing overflows."""
    ends = pl.Series([-(2**63) + 1, 2**63 - 1, 0])
    for unit in ("ms", "us", "ns"):
        for zone in (None, "Europe/Berlin"):
            wall, _, _ = read(ends.cast(pl.Datetime(unit, zone)))
            assert wall[2].startswith("1970-01-01T0")
    wall, _, _ = read(pl.Series([-(2**31), 2**31 - 1, 0], dtype=pl.Int32).cast(pl.Date))
    assert wall == ["", "", "1970-01-01T00:00:00"]


def test_a_moment_that_a_clock_skips_is_the_next_there_is() -> None:
    """In a night when clocks are put forward, and in one when they are put back."""
    skipped, twice = (int(np.datetime64(one, "us").astype(int)) for one in (
        "2013-03-10T02:30", "2013-11-03T01:30",
    ))  # fmt: skip
    zone = "America/New_York"
    assert str(np.datetime64(utc_of(skipped, zone), "us"))[:19] == "2013-03-10T07:00:00"
    assert str(np.datetime64(utc_of(twice, zone), "us"))[:19] == "2013-11-03T05:30:00"
