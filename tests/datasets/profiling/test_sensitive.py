"""Of a sensitive column nothing is stored that stands for fewer than five rows."""

import datetime as dt

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.profiling.tables import summary
from workbench.datasets.fields import Fields
from workbench.datasets.profile import Column
from workbench.datasets.profiling import bound, cdf, encode, histogram, merge, quantile

SENSITIVE = Fields(sensitive=("x",))


def hidden(values: object, dtype: object = None) -> Column:
    """Return the profile of a sensitive column."""
    table = pl.DataFrame({"x": pl.Series(values, dtype=dtype)})
    return summary(table, fields=SENSITIVE).columns[0]


def test_rare_values_are_not_kept_and_counted_with_the_others() -> None:
    """Four of a kind may be a family; five are kept."""
    column = hidden(["Ann"] * 4 + ["Bo"] * 5 + ["Cy"])
    assert column.sensitive
    assert (column.top, column.other, column.distinct) == ((("Bo", 5),), 5, 3)


@given(st.lists(st.integers(0, 30), max_size=80))
def test_no_stored_number_is_that_of_fewer_than_five_rows(values: list[int]) -> None:
    """Neither in the grid nor at its ends; the shares at the points are exact all the same."""
    column = hidden(values, pl.Int64)
    numbers = column.numbers
    assert (numbers.min, numbers.max) == (None, None)
    assert all(count >= 5 for _, count in column.top)
    if len(values) < 5:
        assert (numbers.quantiles, numbers.mean, numbers.median) == (None, None, None)
        return
    ordered = np.sort(values)
    for at, below, upto in zip(*msgspec.structs.astuple(numbers.quantiles)[:3], strict=True):
        assert below == pytest.approx(np.mean(ordered < at))
        assert upto == pytest.approx(np.mean(ordered <= at))
        if upto - below:
            fives = np.convolve(ordered, np.ones(5) / 5, "valid")
            assert values.count(int(at)) >= 5 or np.isclose(fives, at).any()


def test_drift_can_still_be_measured() -> None:
    """Shares stay within the bound, which the hidden ends are part of."""
    values = np.random.default_rng(8).lognormal(10, 1, 4_000)
    column = hidden(values)
    at = np.quantile(values, np.linspace(0, 1, 300))
    true = np.searchsorted(np.sort(values), at, "right") / len(values)
    assert np.abs(cdf(column, at) - true).max() <= bound(column) + 1e-12
    assert bound(column) < 0.01
    assert quantile(column, 0.5) == pytest.approx(np.median(values), rel=0.02)
    assert values.max() not in column.numbers.quantiles.at
    assert histogram(column, 10)[1].sum() > 0.99 * len(values)


def test_a_birthday_is_widened_to_its_year() -> None:
    """The ends of moments are ends of years, and no gap points at a day."""
    found = hidden([dt.date(1931, 5, 2)] + [dt.date(1980 + k, 2, 3) for k in range(20)]).moments
    assert (found.first, found.last) == ("1931-01-01", "1999-12-31")
    assert (found.gap_s, found.gap_from) == (None, None)
    assert hidden([dt.time(4, 5)]).moments.first == "00:00:00"


def test_what_is_written_names_nobody() -> None:
    """The rare values are nowhere in the bytes."""
    import gzip

    table = pl.DataFrame({"x": [f"person {k}" for k in range(50)], "y": range(50)})
    assert b"person" not in gzip.decompress(encode(summary(table, fields=SENSITIVE)))


def test_merging_hides_what_one_part_hides() -> None:
    """A column that is sensitive in one part is sensitive in all."""
    table = pl.DataFrame({"x": ["a"] * 9 + ["b"] * 2})
    one, two = summary(table, fields=SENSITIVE), summary(table)
    column = merge(one, two).columns[0]
    assert (column.sensitive, column.top) == (True, (("a", 18),))
    assert column.other == 4
    numbers = pl.DataFrame({"x": np.arange(100.0)})
    merged = merge(summary(numbers, fields=SENSITIVE), summary(numbers, fields=SENSITIVE))
    assert (merged.columns[0].numbers.min, merged.columns[0].top) == (None, ())
