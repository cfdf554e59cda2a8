"""What is asked of a stored column: shares, quantiles, pictures."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.profiling.tables import of
from workbench.datasets.fields import Fields
from workbench.datasets.profiling import bars, bound, cdf, histogram, quantile

moment = dt.datetime.fromisoformat
NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=600)


def test_shares_are_exact_at_values_that_are_there() -> None:
    """Up to a value counts the value; between two values nothing lies."""
    column = of([1.0, 2.0, 2.0, 4.0])
    assert cdf(column, np.array([0.0, 1.0, 2.0, 4.0, 9.0])).tolist() == [0, 0.25, 0.75, 1, 1]
    assert cdf(column, np.array([3.0, -np.inf, np.inf])).tolist() == [0.75, 0, 1]
    assert bound(column) == 0


def test_nothing_is_known_of_a_column_without_numbers() -> None:
    """A text, and a number that is never there, have no shares."""
    for column in (of(["a"]), of([None], pl.Float64)):
        assert np.isnan(cdf(column, np.array([0.0]))).all()
        assert np.isnan(quantile(column, 0.5))
        assert np.isnan(bound(column))
        assert len(histogram(column, 5)[1]) == 0
    assert bars(of([None], pl.Float64), 5) == ()


def test_between_two_points_less_than_half_a_percent_is_unseen() -> None:
    """However heavy the tails are; and the 213 points are all a column needs."""
    for values in (
        np.random.default_rng(0).standard_t(1, 100_000), np.arange(100_000) ** 3,
        np.random.default_rng(0).lognormal(0, 4, 54_321),
    ):  # fmt: skip
        column = of(values)
        assert len(column.numbers.quantiles.at) <= 213
        assert bound(column) < 0.005
        true = np.searchsorted(np.sort(values), values[:500], "right") / len(values)
        assert np.abs(cdf(column, values[:500]) - true).max() <= bound(column)


@given(NUMBERS)
def test_quantiles_are_numpys_while_the_grid_holds_all(values: list[float]) -> None:
    """Up to 213 values it is the distribution; beyond, ranks are off by the bound at most."""
    column, shares = of(values), np.array([0, 0.01, 0.1, 0.25, 0.5, 0.77, 0.99, 1])
    read = [quantile(column, share) for share in shares]
    if column.distinct <= 213:
        assert read == pytest.approx(np.quantile(values, shares).tolist(), abs=1e-9)
        return
    ordered, n = np.sort(values), len(values)
    slack = bound(column) + 1.5 / n
    below = np.searchsorted(ordered, read, "left") / n
    upto = np.searchsorted(ordered, read, "right") / n
    assert ((below - slack <= shares) & (shares <= upto + slack)).all()
    assert read == sorted(read)


@given(NUMBERS, st.integers(1, 40))
def test_bins_hold_every_value_once(values: list[float], bins: int) -> None:
    """Whatever the bins, their counts add up to the column."""
    column = of(values)
    edges, counts = histogram(column, bins)
    assert (len(edges), len(counts)) == (bins + 1, bins)
    assert counts.sum() == pytest.approx(len(values))
    assert (counts >= -1e-9).all()
    shares = bars(column, bins)
    assert sum(shares) == pytest.approx(1)
    assert len(shares) <= bins


def test_bins_can_be_looked_at_closer() -> None:
    """Between given ends only what lies there is counted."""
    column = of([0.0, 1.0, 2.0, 3.0, 1e9])
    edges, counts = histogram(column, 4, 0, 4)
    assert (edges.tolist(), counts.tolist()) == ([0, 1, 2, 3, 4], [1, 1, 1, 1])
    assert histogram(of([5.0]), 2)[0].tolist() == [4.5, 5.0, 5.5]
    assert np.isfinite(histogram(of([-1.7e308, 1.7e308]), 3)[0]).all()


def test_tiny_histograms_leave_one_outlier_its_place_at_the_edge() -> None:
    """The shape is still to be seen; everything further out stands in the last bar."""
    values = np.random.default_rng(0).normal(size=10_000)
    shares = bars(of(np.append(values, 1e9)), 8)
    assert len(shares) == 8
    assert 0.2 < max(shares) < 0.4
    assert shares[-1] < 0.1


def test_each_kind_has_its_own_tiny_histogram() -> None:
    """Few numbers one bar each, categories the frequent ones, moments from first to last."""
    assert bars(of([0, 1, 1, 5]), 8) == (0.25, 0.5, 0.25)
    assert bars(of(["a"] * 3 + ["b"]), 8) == (0.75, 0.25)
    assert bars(of([True, False, True, True]), 8) == (0.75, 0.25)
    days = [dt.date(2026, 1, day) for day in (1, 2, 2, 5)]
    assert bars(of(days), 4) == (0.25, 0.5, 0, 0.25)
    day = [moment(f"2026-01-01T{hour:02d}:00") for hour in (0, 7, 7, 24 - 1)]
    assert bars(of(day), 23)[7] == 0.5
    assert bars(of([dt.time(0), dt.time(12), dt.time(23)]), 2) == pytest.approx((1 / 3, 2 / 3))


def test_where_moments_lie_is_asked_in_seconds() -> None:
    """Of any unit they are seconds since 1970; a sensitive column tells nothing of it."""
    days = pl.Series([0, 1, 1, 3]).cast(pl.Int32).cast(pl.Date)
    for series in (days, days.cast(pl.Datetime("ms")), days.cast(pl.Datetime("ns", "UTC"))):
        column = of(series)
        assert cdf(column, np.array([0.0, 86_400.0, 3 * 86_400.0])).tolist() == [0.25, 0.75, 1]
        assert quantile(column, 0.5) == 86_400
    hidden = of(days, fields=Fields(sensitive=("x",)))
    assert bars(hidden, 4) == ()
