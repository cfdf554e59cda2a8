"""How strongly columns go together, on the fixed sample; of each pair the rows where both are.

Two numbers: Pearson's r and Spearman's rho. Two categories: Cramér's V. One of each: the
correlation ratio. Everything is counting and sums over at most 20,000 rows and 60 columns.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import isfinite, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workbench import words
from workbench.datasets.profile import NUMBER, Column, Pair, Profile
from workbench.datasets.profiling.grid import Floats
from workbench.datasets.profiling.sample import Sample

if TYPE_CHECKING:
    import polars as pl

PEARSON, SPEARMAN, CRAMERS_V, RATIO = "pearson", "spearman", "cramers_v", "correlation_ratio"
_FEWEST: Final = 3
"""Rows; two points always lie on a line."""
_MOST_CATEGORIES: Final = 50
"""The rest of a column's categories are one: with more, every pair looks related."""
_DIGITS: Final = 6
_TINY: Final = 1e-13
"""Of a variance that is nothing but rounding, relative to the values' own scale of 1."""


class Sampled(NamedTuple):
    """A column of the sample, ready to be correlated; shape ``(rows,)``."""

    name: str
    there: NDArray[np.bool_]
    codes: NDArray[np.int64]
    """Ranks of the different values from 0, or numbers of categories; 0 where none is there."""
    values: Floats | None
    """Of numbers, divided by the largest; 0 where none is there."""

    @property
    def size(self) -> int:
        """Return how many codes there are."""
        return int(self.codes.max(initial=0)) + 1


def correlate(profile: Profile, sample: Sample) -> Profile:
    """Return the profile with the pairs of the sampled columns."""
    by_name = {column.name: column for column in profile.columns}
    columns = [_sampled(by_name[name], series) for name, series in sample.columns.items()]
    pairs = tuple(pair for one, two in combinations(columns, 2) for pair in _pairs(one, two))
    left_out = ""
    if sample.fitting > len(columns):
        left_out = (
            f"the first {words.count(len(columns))} of {words.count(sample.fitting)} columns "
            "were correlated"
        )
    sampled = sample.rows if columns else 0
    return replace(profile, pairs=pairs, sampled=sampled, pairs_left_out=left_out)


def correlation_with(profile: Profile, name: str) -> tuple[Pair, ...]:
    """Return the pairs a column is in, the strongest first."""
    found = [pair for pair in profile.pairs if name in (pair.a, pair.b)]
    return tuple(sorted(found, key=lambda pair: -abs(pair.value)))


# -- preparing ---------------------------------------------------------------------------


def _sampled(column: Column, series: "pl.Series") -> Sampled:
    if column.role == NUMBER and column.numbers is not None and column.type != "boolean":
        return _number(column.name, series)
    return _category(column.name, series)


def _number(name: str, series: "pl.Series") -> Sampled:
    import polars as pl

    if series.dtype == pl.Duration:
        series = series.to_physical()
    values = series.cast(pl.Float64).to_numpy().astype(np.float64)
    there = np.isfinite(values)
    codes = np.zeros(len(values), np.int64)
    codes[there] = np.unique(values[there], return_inverse=True)[1]
    halves = np.where(there, values, 0.0) / 2  # so that no difference is beyond a float
    middle = float(np.median(halves[there])) if there.any() else 0.0
    away = np.where(there, halves - middle, 0.0)
    largest = float(np.abs(away).max(initial=0.0))
    return Sampled(name, there, codes, away / largest if largest else away)


def _category(name: str, series: "pl.Series") -> Sampled:
    import polars as pl

    texts = series.cast(pl.String)
    there = texts.is_not_null().to_numpy()
    counts = texts.drop_nulls().alias("value").value_counts().sort(
        ["count", "value"], descending=[True, False]
    )  # fmt: skip
    rank = {value: k for k, value in enumerate(counts["value"].head(_MOST_CATEGORIES).to_list())}
    codes = [rank.get(value, _MOST_CATEGORIES) for value in texts.to_list()]
    return Sampled(name, there, np.where(there, np.array(codes, np.int64), 0), None)


# -- measuring ---------------------------------------------------------------------------


def _pairs(one: Sampled, two: Sampled) -> Iterator[Pair]:
    both = one.there & two.there
    n = int(both.sum())
    if n < _FEWEST:
        return
    for kind, value in _measured(one, two, both).items():
        if value is not None and isfinite(value):
            yield Pair(one.name, two.name, kind, round(value, _DIGITS), n)


def _measured(one: Sampled, two: Sampled, both: NDArray[np.bool_]) -> Mapping[str, float | None]:
    if one.values is not None and two.values is not None:
        ranks = _ranks(one, both), _ranks(two, both)
        return {
            PEARSON: _pearson(one.values[both], two.values[both]), SPEARMAN: _pearson(*ranks),
        }  # fmt: skip
    if one.values is None and two.values is None:
        return {CRAMERS_V: _cramers_v(one.codes[both], two.codes[both], two.size)}
    if one.values is None:
        one, two = two, one
    values = one.values if one.values is not None else two.codes.astype(np.float64)
    return {RATIO: _ratio(values[both], two.codes[both])}


def _pearson(x: Floats, y: Floats) -> float | None:
    """Return the correlation of two columns; None where one never changes."""
    x, y = x - x.mean(), y - y.mean()
    lengths = sqrt(_product(x, x)), sqrt(_product(y, y))
    if min(lengths) <= _TINY:
        return None
    value = _product(x / lengths[0], y / lengths[1])
    return min(max(value, -1.0), 1.0)


def _product(x: Floats, y: Floats) -> float:
    """Return the sum of products; a matrix library would wake threads for so little."""
    return float((x * y).sum())


def _ranks(column: Sampled, both: NDArray[np.bool_]) -> Floats:
    """Return the ranks of some rows; equal values share the mean of theirs."""
    codes = column.codes[both]
    counts = np.bincount(codes, minlength=column.size)
    return (np.cumsum(counts) - (counts - 1) / 2)[codes]


def _cramers_v(x: NDArray[np.int64], y: NDArray[np.int64], size: int) -> float | None:
    """Return Cramér's V, not corrected for bias; None where one side is a single category."""
    table = np.bincount(x * size + y, minlength=(int(x.max()) + 1) * size).reshape(-1, size)
    table = table[table.any(axis=1)][:, table.any(axis=0)].astype(np.float64)
    least = min(table.shape) - 1
    if least < 1:
        return None
    n = table.sum()
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    chi_square = float(((table - expected) ** 2 / expected).sum())
    return min(sqrt(chi_square / n / least), 1.0)


def _ratio(values: Floats, groups: NDArray[np.int64]) -> float | None:
    """Return the correlation ratio: the root of the share of variance between the groups."""
    counts = np.bincount(groups)
    if np.count_nonzero(counts) < 2:  # noqa: PLR2004 - nothing is between one group
        return None
    values = values - values.mean()
    sums = np.bincount(groups, values)
    total = _product(values, values)
    if sqrt(total) <= _TINY:
        return None
    between = float((sums**2 / np.maximum(counts, 1)).sum())
    return min(sqrt(between / total), 1.0)
