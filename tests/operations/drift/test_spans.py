"""When data are from, by a stored profile alone."""

from datetime import date

import polars as pl
import pytest

from workbench.datasets.drift.chunking import parse_chunks, parts_of
from workbench.datasets.fields import Fields
from workbench.datasets.profile import Profile
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame
from workbench.operations.drift.spans import only_period, span_of


def profiled(values: pl.Series, fields: Fields = Fields()) -> Profile:  # noqa: B008 - frozen
    """Return the profile of a table with one column of time."""
    return profile(of_frame(pl.DataFrame({"when": values})), fields=fields, correlations=False)


def moments(zone: str | None, *texts: str) -> pl.Series:
    """Return moments by the clock of a zone."""
    series = pl.Series(texts * 10).str.to_datetime("%Y-%m-%d %H:%M", time_unit="ms")
    return series if zone is None else series.dt.replace_time_zone(zone)


@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_a_period_is_the_one_that_rows_are_cut_by(zone: str | None, kind: str) -> None:
    """Whatever the zone: the last evening of a month is in it by its own clock."""
    values = moments(zone, "2025-03-31 00:00", "2025-03-31 23:30")
    found = only_period(profiled(values), "when", kind)
    (part,) = parts_of(of_frame(pl.DataFrame({"when": values})), parse_chunks(kind), time="when")
    assert found is not None
    assert (found.label, found.span.start, found.span.end) == (part.label, part.start, part.end)


def test_rows_of_two_periods_are_of_none() -> None:
    """They have to be read."""
    found = profiled(moments(None, "2025-03-31 23:30", "2025-04-01 00:00"))
    assert only_period(found, "when", "month") is None
    assert only_period(found, "when", "week") is not None


def test_a_row_without_a_time_is_in_no_period() -> None:
    """So the profile of all rows is not that of the period."""
    values = moments(None, "2025-03-31 23:30")
    assert (
        only_period(profiled(values.extend(pl.Series([None], dtype=values.dtype))), "when", "day")
        is None
    )


def test_days_are_moments_too() -> None:
    """From the first to the last."""
    found = profiled(pl.Series([date(2025, 3, 1), date(2025, 3, 31)] * 10))
    span = span_of(found, "when")
    assert span is not None
    assert span.end - span.start == 30 * 86_400
    period = only_period(found, "when", "month")
    assert period is not None
    assert period.label == "2025-03"


@pytest.mark.parametrize(
    "found",
    [
        profiled(moments(None, "2025-03-31 23:30"), Fields(sensitive=("when",))),
        profiled(pl.Series([1.0, 2.0])),
        profiled(pl.Series(["2025-03-31", "2025-04-01"])),
    ],
    ids=["sensitive", "numbers", "texts"],
)  # fmt: skip
def test_what_is_kept_of_other_columns_says_no_time(found: Profile) -> None:
    """Of a sensitive one only years are kept."""
    assert span_of(found, "when") is None
    assert only_period(found, "when", "month") is None
    assert span_of(found, "nothing of the name") is None
