"""What few rows do in the far tails, and what clipping and kept points leave open."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from tests.datasets.drift.judged import column, measure
from workbench.datasets.drift.report import ALARMS, DRIFT, STABLE

Values = NDArray[np.float64]


def drawn(seed: int, rows: int) -> Values:
    """Return standard normal values."""
    return np.random.default_rng(seed).standard_normal(rows)


def test_three_rows_of_a_hundred_that_move_far_are_found() -> None:
    """Kolmogorov's test does not see them: their share beyond the reference's tail does."""
    reference, current = drawn(1, 3_000), drawn(2, 4_000)
    current[:120] += 20
    assert stats.ks_2samp(reference, current).pvalue > 0.01
    found = column(reference, current)
    assert (found.verdict, found.test, found.measure) == (DRIFT, "far tails", "tail")
    place = np.sort(reference)[int(0.995 * 2_999)]
    shares = [float((side > place).mean()) for side in (reference, current)]
    assert found.words.startswith("0.5% → 3.")
    assert f"of the values above {place:.4g}" in found.words
    h = 2 * (np.arcsin(np.sqrt(shares[1])) - np.arcsin(np.sqrt(shares[0])))
    tail = measure(found, "tail")
    assert abs(tail.value - h) <= tail.within + 1e-9


def test_tails_without_a_change_are_stable() -> None:
    """Heavy tails differ from sample to sample; their shares do so by chance alone."""
    for seed in range(20):
        chance = np.random.default_rng(seed)
        found = column(chance.standard_t(1, 1_000), chance.standard_t(1, 1_000))
        assert found.verdict not in ALARMS
    assert column(drawn(3, 1_000), drawn(4, 1_000)).verdict == STABLE


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("power", [1, 2, 3])
def test_the_clipped_distance_is_within_what_it_says(seed: int, power: int) -> None:
    """The place of clipping is known no better than the points are: also in a heavy tail."""
    chance = np.random.default_rng(seed)
    reference, current = (np.exp(power * chance.standard_normal(n)) for n in (2_000, 3_000))
    found = column(reference, current * 1.7)
    low, high = np.quantile(reference, [0.001, 0.999])
    clipped = stats.wasserstein_distance(
        *(np.clip(side, low, high) for side in (reference, current * 1.7))
    )
    assert found.shape is not None
    assert found.shape.scale is not None
    away = measure(found, "wasserstein")
    assert abs(away.value - clipped / found.shape.scale) <= away.within


@pytest.mark.parametrize("rows", [1_999, 2_000, 5_000])
def test_drawn_quantiles_are_values_that_are_there(rows: int) -> None:
    """No quantile is drawn where the next value is not kept: in a tail it may be far."""
    values = np.random.default_rng(1).standard_t(1, rows)
    shape = column(values, values + 1).shape
    assert shape is not None
    ordered = np.sort(values)
    for share, value in zip(shape.at, shape.reference_quantiles, strict=True):
        rank = (rows - 1) * share
        ends = ordered[int(rank)], ordered[min(int(rank) + 1, rows - 1)]
        assert min(ends) <= value <= max(ends)
