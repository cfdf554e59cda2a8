"""A profile in words."""

import datetime as dt

import polars as pl
import pytest

from workbench.datasets.profile import Column
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame
from workbench.operations.datasets.summary import column_facts, column_sections, type_words, value


@pytest.mark.parametrize(
    ("type_", "dtype", "said"),
    [
        ("datetime", "Datetime(time_unit='ms', time_zone=None)", "datetime, ms"),
        ("datetime", "Datetime(time_unit='us', time_zone='UTC')", "datetime, us, UTC"),
        ("duration", "Duration(time_unit='ns')", "duration, ns"),
        ("decimal", "Decimal(precision=38, scale=2)", "decimal, precision 38, scale 2"),
        ("date", "Date", "date"),
        ("integer", "Int64", "integer (Int64)"),
        ("list", "List(Int64)", "list (List(Int64))"),
        ("categorical", "Enum(categories=['a long name', 'another'])", "categorical (Enum(…))"),
    ],
)
def test_a_type_is_said_in_words(type_: str, dtype: str, said: str) -> None:
    """Nothing of it is cut in the middle."""
    assert type_words(Column("x", type_, dtype)) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (2026, "2026"), (2_999_999.0, "2,999,999"), (-12_345.5, "-12,346"), (0.25, "0.25"),
        (1e300, "1e300"), (float("inf"), "∞"), (float("nan"), "NaN"),
    ],
)  # fmt: skip
def test_values_have_their_thousands_apart(number: float, said: str) -> None:
    """As the counts beside them have; a year stays a year."""
    assert value(number) == said


def test_ends_and_counts_of_a_column_read_alike() -> None:
    """A maximum and the number of different values are written one way."""
    column = profile(of_frame(pl.DataFrame({"x": range(30_000)}))).columns[0]
    facts = column_facts(column, 30_000)
    assert (facts.max, facts.distinct) == ("29,999", "30,000")


@pytest.mark.parametrize(
    ("values", "dtype", "low", "high"),
    [
        ([0.125678, 200_000.5], pl.Float64, "0.125678", "200,000.5"),
        ([0.1, 16.3], pl.Float32, "0.1", "16.3"),
        ([0.1 + 0.2, 1e300], pl.Float64, "0.3", "1e300"),
    ],
)
def test_ends_are_shown_with_the_digits_they_have(
    values: list[float], dtype: type[pl.DataType], low: str, high: str
) -> None:
    """In the line of the column and among its numbers: no value lies beyond what is shown."""
    found = profile(of_frame(pl.DataFrame({"x": pl.Series(values, dtype=dtype)})))
    facts = column_facts(found.columns[0], 2)
    assert (facts.min, facts.max) == (low, high)
    numbers = next(
        one for one in column_sections(found.columns[0], found) if one.title == "numbers"
    )
    assert numbers.rows[:2] == (("min", low), ("max", high))


def test_a_skew_that_is_but_rounding_is_none() -> None:
    """Figures of a symmetric column show no skew."""
    found = profile(of_frame(pl.DataFrame({"x": [0.1 * k for k in range(-50, 51)]})))
    column = found.columns[0]
    assert column.numbers.skew != 0
    rows = [row for one in column_sections(column, found) for row in one.rows]
    assert ("skew", "0") in rows


def test_moments_are_said_in_their_order() -> None:
    """The first, the last, and the longest gap."""
    days = [dt.date(2026, 1, 1), dt.date(2026, 1, 9)]
    found = profile(of_frame(pl.DataFrame({"x": days})))
    rows = [row for one in column_sections(found.columns[0], found) for row in one.rows]
    assert ("first", "2026-01-01") in rows
    assert ("role", "datetime: by its type, date") in rows
