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
from workbench.datasets.profiling.hiding import hide

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


@given(st.lists(st.integers(0, 30) | st.floats(-1e300, 1e300), max_size=80))
def test_no_stored_number_is_that_of_fewer_than_five_rows(values: list[float]) -> None:
    """Neither in the grid nor at its ends; the shares at the points are exact all the same."""
    column = hidden(values, pl.Float64)
    numbers = column.numbers
    assert (numbers.min, numbers.max) == (None, None)
    assert all(count >= 5 for _, count in column.top)
    assert all(count == 0 or count >= 5 for count in (numbers.zeros, numbers.negatives))
    if len(values) < 5:
        assert (numbers.quantiles, numbers.mean, numbers.median) == (None, None, None)
    if numbers.quantiles is None:
        return
    ordered = np.sort(values)
    for at, below, upto in zip(*msgspec.structs.astuple(numbers.quantiles)[:3], strict=True):
        assert below == pytest.approx(np.mean(ordered < at))
        assert upto == pytest.approx(np.mean(ordered <= at))
        same = round((upto - below) * len(values))
        assert same == 0 or same >= 5


@pytest.mark.parametrize("n", [6, 51, 200])
def test_single_values_cannot_be_reckoned_back(n: int) -> None:
    """There is a point for every five rows and no more: no two means share a row."""
    values = np.random.default_rng(n).normal(50_000, 9_000, n)
    numbers = hidden(values).numbers
    points = numbers.quantiles.at
    assert 1 <= len(points) <= n // 5
    fives = np.sort(values)[: n // 5 * 5].reshape(-1, 5)
    means = [*fives[:-1].mean(axis=1), np.sort(values)[n // 5 * 5 - 5 :].mean()]
    assert points == pytest.approx(means)


def test_a_mean_that_is_somebodys_value_is_still_a_point() -> None:
    """Five ages in a row have the middle one as mean; no share tells that somebody has it."""
    points = hidden(list(range(1, 101))).numbers.quantiles
    assert points.at == pytest.approx(range(3, 101, 5))
    assert points.below == points.upto


def test_one_value_beside_many_equal_ones_cannot_be_reckoned_back() -> None:
    """A mean of 99 zeros and one income is the income."""
    numbers = hidden([0.0] * 99 + [81_234.5]).numbers
    assert (numbers.mean, numbers.std, numbers.skew, numbers.scale) == (None,) * 4
    assert numbers.quantiles.at == (0.0,)
    assert hidden([0.0] * 99 + list(range(1, 41))).numbers.mean is not None


@pytest.mark.parametrize(
    "values",
    [
        [*range(100), *[7] * 20],
        [k / 7 for k in range(900)],
        [dt.date(1931, 5, 2) + dt.timedelta(days=400 * k) for k in range(30)],
        [f"person {k}" for k in range(40)] + ["nobody"] * 9,
        [True] * 3 + [False] * 8,
    ],
    ids=["few", "many", "days", "texts", "booleans"],
)
def test_a_column_said_to_be_sensitive_later_shows_no_more(values: list[object]) -> None:
    """What was stored before is looked at through the same rule."""
    open_, made = summary(pl.DataFrame({"x": values})), hidden(values)
    late = hide(open_, ["x"]).columns[0]
    assert (late.top, late.other, late.sensitive) == (made.top, made.other, True)
    assert (late.lengths, late.moments) == (made.lengths, made.moments)
    if made.numbers is None:
        return
    ends = late.numbers.min, late.numbers.max, late.numbers.zeros, late.numbers.negatives
    assert ends == (None, None, made.numbers.zeros, made.numbers.negatives)
    single = {float(one) for one in values if values.count(one) < 5}
    assert not single & {*late.numbers.quantiles.at, late.numbers.median, late.numbers.q1}
    assert late.numbers.quantiles.at[-1] < max(values) or values.count(max(values)) >= 5


def test_pairs_of_few_rows_are_not_told_of_a_sensitive_column() -> None:
    """Ten rows beside an open column are ten people."""
    table = pl.DataFrame({"x": np.arange(10.0) ** 2, "y": np.arange(10.0), "z": np.ones(10)})
    assert summary(table).pairs
    assert not hide(summary(table), ["x"]).pairs


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
    assert hidden([dt.time(4, k) for k in range(5)]).moments.first == "00:00:00"


def test_no_month_or_hour_stands_for_fewer_than_five_rows() -> None:
    """One moment alone is nowhere; a month of one row is not given away by what is left over."""
    assert hidden([dt.datetime(1931, 5, 2, 7, tzinfo=dt.UTC)]).moments is None
    months = [3] * 9 + [4] * 6 + [5] * 7 + [6]
    found = hidden([dt.datetime(2020, month, 2, 7, tzinfo=dt.UTC) for month in months]).moments
    assert found.months == (0, 0, 9, 0, 7, 0, 0, 0, 0, 0, 0, 0)
    assert found.hours == (*[0] * 7, 23, *[0] * 16)


def test_lengths_are_not_those_of_one_text() -> None:
    """The ends are widened to powers of two, and a rare text beside frequent ones has none."""
    names = ["x" * size for size in range(9, 42)]
    assert (hidden(names).lengths.min, hidden(names).lengths.max) == (8, 64)
    assert hidden(["a"] * 50 + ["bc"]).lengths is None
    assert hidden(["abc"]).lengths is None


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


def test_a_mean_one_part_hides_is_not_made_of_the_others() -> None:
    """The mean of all is not that of the part that says one."""
    large, small = (summary(pl.DataFrame({"x": np.arange(n)}), fields=SENSITIVE) for n in (90, 3))
    numbers = merge(large, small).columns[0].numbers
    assert (numbers.mean, numbers.std) == (None, None)
    assert numbers.quantiles.within >= 3 / 93
