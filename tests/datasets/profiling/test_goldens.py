"""Every statistic of a profile against scipy, pandas and scikit-learn, on eight real pairs."""

from functools import cache
from itertools import product
from math import sqrt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import stats
from sklearn.feature_selection import f_classif

from tests.datasets.profiling.tables import NAMES, SIDES, TOLD, columns, frame, numeric, summary
from workbench.datasets.profile import CATEGORY, NUMBER, Column, Profile
from workbench.datasets.profiling import bound, cdf, histogram, quantile
from workbench.datasets.profiling.sample import places

CASES = list(product(NAMES, SIDES))
EXACT = 1e-10
"""Relative; sums of up to 50,000 floats in another order."""


@cache
def profiled(pair: str, side: str) -> Profile:
    """Return the profile of one side of a pair."""
    return summary(frame(pair, side))


def values_of(table: pl.DataFrame, name: str) -> np.ndarray:
    """Return the finite values of a column as floats."""
    return table[name].drop_nulls().cast(pl.Float64).to_numpy()


@pytest.mark.parametrize(("pair", "side"), CASES)
def test_counts_and_moments_are_those_of_pandas_and_scipy(pair: str, side: str) -> None:
    """Rows, nulls, distinct, ends, mean, deviation, skewness and quartiles."""
    table, found = frame(pair, side), columns(profiled(pair, side))
    for name in numeric(table):
        column, series = found[name], pd.Series(table[name].to_numpy().astype(float))
        numbers = column.numbers
        assert numbers is not None
        assert (column.n, column.nulls) == (series.count(), series.isna().sum())
        assert column.distinct == series.nunique()
        assert (numbers.min, numbers.max) == (series.min(), series.max())
        assert numbers.mean == pytest.approx(series.mean(), rel=EXACT, abs=1e-12)
        assert numbers.std == pytest.approx(series.std(), rel=EXACT)
        assert [numbers.q1, numbers.median, numbers.q3] == pytest.approx(
            series.quantile([0.25, 0.5, 0.75]).tolist(), rel=1e-14
        )
        assert (numbers.zeros, numbers.negatives) == ((series == 0).sum(), (series < 0).sum())
        if series.min() < series.max():
            skew = stats.skew(series.dropna())
            assert numbers.skew == pytest.approx(skew, rel=1e-9, abs=1e-12)
        else:
            assert numbers.skew is None


@pytest.mark.parametrize(("pair", "side"), CASES)
def test_the_robust_scale_is_what_it_is_defined_as(pair: str, side: str) -> None:
    """The larger of the quartiles' distance and the deviation of the clipped values."""
    table, found = frame(pair, side), columns(profiled(pair, side))
    for name in numeric(table):
        values = values_of(table, name)
        clipped = np.clip(values, *np.quantile(values, [0.01, 0.99])).std(ddof=1)
        expected = max(stats.iqr(values) / 1.349, clipped)
        assert found[name].numbers.scale == pytest.approx(expected, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("pair", NAMES)
def test_what_scipy_told_of_the_reference_is_what_a_profile_says(pair: str) -> None:
    """Counts, mean, deviation and nine quantiles of the stored figures."""
    found = columns(profiled(pair, "ref"))
    for name, told in TOLD[pair].items():
        if "mean_ref" not in told:
            continue
        column = found[name]
        assert column.n == told["n_ref"] - told["null_ref"]
        assert column.nulls == told["null_ref"]
        assert column.numbers.mean == pytest.approx(told["mean_ref"], rel=EXACT, abs=1e-12)
        assert column.numbers.std == pytest.approx(told["std_ref_ddof1"], rel=EXACT)
        for share, value in told["quantiles_ref"].items():
            assert_quantile(column, float(share), value, values_of(frame(pair, "ref"), name))


def assert_quantile(column: Column, share: float, value: float, values: np.ndarray) -> None:
    """Demand the value itself where the grid holds all values, else its rank within the bound."""
    read = quantile(column, share)
    if (column.distinct or 0) <= 213 or share in (0, 0.25, 0.5, 0.75, 1):
        assert read == pytest.approx(value, rel=1e-12)
        return
    slack = bound(column) + 1 / len(values)
    assert (values < read).mean() - slack <= share <= (values <= read).mean() + slack


@pytest.mark.parametrize("pair", NAMES)
def test_kolmogorovs_distance_of_two_profiles_is_scipys_within_the_bounds(pair: str) -> None:
    """Two stored grids are enough for D, and exact where they hold all values."""
    one, two = (columns(profiled(pair, side)) for side in SIDES)
    for name, told in TOLD[pair].items():
        if "ks_D" not in told:
            continue
        a, b = one[name], two[name]
        places_ = np.union1d(a.numbers.quantiles.at, b.numbers.quantiles.at)
        distance = np.abs(cdf(a, places_) - cdf(b, places_)).max()
        assert abs(distance - told["ks_D"]) <= bound(a) + bound(b) + 1e-12
        if max(a.distinct, b.distinct) <= 213:
            assert distance == pytest.approx(told["ks_D"], abs=1e-12)


@pytest.mark.parametrize("pair", NAMES)
def test_counts_between_the_deciles_are_scipys_within_the_bounds(pair: str) -> None:
    """Both sides' counts over the reference's deciles, a value on an edge going left."""
    sides = {side: columns(profiled(pair, side)) for side in SIDES}
    for name, told in TOLD[pair].items():
        if "our_edges10" not in told:
            continue
        for side, expected in (("ref", told["our_counts_ref"]), ("cur", told["our_counts_cur"])):
            column = sides[side][name]
            upto = cdf(column, np.array(told["our_edges10"])) * column.n
            assert np.abs(upto - np.cumsum(expected)[:-1]).max() <= bound(column) * column.n + 1e-6


@pytest.mark.parametrize("pair", NAMES)
def test_categories_are_counted_as_pandas_does_and_chi_square_is_scipys(pair: str) -> None:
    """The top values are the whole table of counts while there are at most 200."""
    one, two = (columns(profiled(pair, side)) for side in SIDES)
    for name, told in TOLD[pair].items():
        if "chi2" not in told:
            continue
        for side, column in (("ref", one[name]), ("cur", two[name])):
            counts = frame(pair, side)[name].drop_nulls().cast(pl.String).value_counts()
            assert dict(column.top) == dict(counts.iter_rows())
        counts = (dict(one[name].top), dict(two[name].top))
        names = sorted(set(counts[0]) | set(counts[1]))
        table = np.array([[side.get(value, 0) for value in names] for side in counts])
        found = stats.chi2_contingency(table, correction=False)
        assert found.statistic == pytest.approx(told["chi2"], rel=1e-9)
        assert len(names) == told["categories"]


@pytest.mark.parametrize(("pair", "side"), CASES)
def test_histograms_are_numpys_within_the_bounds(pair: str, side: str) -> None:
    """Twenty bins of one width from the least to the greatest value."""
    table, found = frame(pair, side), columns(profiled(pair, side))
    for name in numeric(table):
        values = values_of(table, name)
        edges, counts = histogram(found[name], 20)
        expected, their_edges = np.histogram(values, 20)
        assert edges == pytest.approx(their_edges, rel=1e-12, abs=1e-12)
        assert counts.sum() == pytest.approx(len(values), rel=1e-12)
        ours = histogram(found[name], 20, *their_edges[[0, -1]])[1]
        slack = bound(found[name]) * len(values) + on_edges(values, their_edges)
        assert np.abs(np.cumsum(ours) - np.cumsum(expected)).max() <= slack + 1e-6


def on_edges(values: np.ndarray, edges: np.ndarray) -> int:
    """Return how many values are within a rounding of an edge: either side is right for them."""
    near = np.abs(values[:, None] - edges[None, :]) <= 1e-9 * np.abs(edges).max()
    return int(near.any(axis=1).sum())


@pytest.mark.parametrize(("pair", "side"), CASES)
def test_correlations_are_those_of_scipy_and_scikit_learn(pair: str, side: str) -> None:
    """Pearson, Spearman, Cramér's V and the correlation ratio, on the fixed sample of rows."""
    found = profiled(pair, side)
    table = frame(pair, side)
    sample, roles = table[places(table.height)], columns(found)
    assert found.sampled == sample.height
    assert found.pairs
    for pair_ in found.pairs:
        both = sample.select(a=pair_.a, b=pair_.b).drop_nulls()
        assert pair_.n == both.height
        expected = _told[pair_.kind](*_ordered(both, roles[pair_.a], roles[pair_.b]))
        assert pair_.value == pytest.approx(expected, abs=1e-6)


def _ordered(both: pl.DataFrame, a: Column, b: Column) -> tuple[Any, Any]:
    """Return both columns, numbers as floats and categories as texts, numbers first."""
    one, two = (
        both[name].cast(pl.Float64 if column.role == NUMBER else pl.String)
        for name, column in (("a", a), ("b", b))
    )
    swap = a.role == CATEGORY and b.role == NUMBER
    first, second = (two, one) if swap else (one, two)
    return first.to_numpy(), second.to_numpy()


def _cramer(one: np.ndarray, two: np.ndarray) -> float:
    table = pd.crosstab(pd.Series(one), pd.Series(two)).to_numpy()
    return float(stats.contingency.association(table, method="cramer"))


def _ratio(values: np.ndarray, groups: np.ndarray) -> float:
    """Return the correlation ratio by scikit-learn's F of the analysis of variance."""
    f = f_classif(values.reshape(-1, 1), groups)[0][0]
    between, within = len(set(groups)) - 1, len(groups) - len(set(groups))
    return sqrt(f * between / (f * between + within))


_told = {
    "pearson": lambda a, b: stats.pearsonr(a, b).statistic,
    "spearman": lambda a, b: stats.spearmanr(a, b).statistic,
    "cramers_v": _cramer,
    "correlation_ratio": _ratio,
}


def test_the_balance_of_the_label_is_what_pandas_counts() -> None:
    """Of a named label the top values are its balance."""
    from workbench.datasets.fields import Fields

    table = frame("titanic", "ref")
    found = summary(table, fields=Fields(label="Pclass"))
    assert found.label == "Pclass"
    balance = pd.Series(table["Pclass"].to_list()).value_counts()
    assert dict(columns(found)["Pclass"].top) == {str(k): v for k, v in balance.items()}


def test_duplicates_are_those_of_pandas() -> None:
    """Rows that repeat an earlier one, nulls being equal to nulls."""
    for pair, side in (("titanic", "ref"), ("titanic", "cur"), ("digits_low_high", "ref")):
        table = frame(pair, side)
        expected = pd.DataFrame(table.to_dict(as_series=False)).duplicated().sum()
        assert summary(table, correlations=False, duplicates=True).duplicates == expected
