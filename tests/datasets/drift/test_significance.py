"""P-values against scipy's, and against how often they are that small."""

import numpy as np
import pytest
from scipy import stats

from workbench.datasets.drift.discovery import adjusted
from workbench.datasets.drift.significance import (
    chi_square,
    chi_square_p,
    contingency,
    fisher,
    kolmogorov_smirnov,
    new_values,
    pooled,
    proportions,
)


@pytest.mark.parametrize("rows", [15, 40, 200, 500, 501, 5_000])
def test_kolmogorovs_p_is_scipys(rows: int) -> None:
    """Over the whole range within 0.001, in the far tail within a few hundredths of itself."""
    for z in np.linspace(0.2, 4, 40):
        distance = z / np.sqrt(rows)
        if distance >= 1:
            continue
        told = stats.kstwo.sf(distance, rows)
        found = kolmogorov_smirnov(distance, 2 * rows, 2 * rows)
        assert found == pytest.approx(told, abs=1e-3, rel=0)
        if told < 0.02:
            assert found == pytest.approx(told, rel=0.02)
            assert found >= told * (1 - 1e-9)


def test_kolmogorovs_p_has_its_ends() -> None:
    """No distance is no surprise; the whole distance is as rare as it gets."""
    assert kolmogorov_smirnov(0.0, 100, 100) == 1
    assert kolmogorov_smirnov(1.0, 1_000, 1_000) < 1e-100
    assert kolmogorov_smirnov(1.0, 10**9, 10**9) == 0


@pytest.mark.parametrize("seed", range(20))
def test_fishers_p_is_scipys(seed: int) -> None:
    """Two-sided, for tables of all shapes, with empty cells too."""
    a0, a1, b0, b1 = np.random.default_rng(seed).integers(0, [8, 90, 8, 40]).tolist()
    told = stats.fisher_exact([[a0, a1], [b0, b1]]).pvalue
    assert fisher(a0, a1, b0, b1) == pytest.approx(told, rel=1e-9)
    assert fisher(b1, b0, a1, a0) == pytest.approx(told, rel=1e-9)


def test_fishers_p_of_large_tables_is_quick_and_scipys() -> None:
    """A few of a million against a few of a hundred."""
    told = stats.fisher_exact([[3, 999_997], [2, 98]]).pvalue
    assert fisher(3, 999_997, 2, 98) == pytest.approx(told, rel=1e-7)


@pytest.mark.parametrize(("a", "b"), [(400, 300), (500, 410), (40, 700)])
def test_the_p_of_two_shares_is_that_of_chi_square(a: int, b: int) -> None:
    """Large counts: the z test, whose square is chi-square without a correction."""
    told = stats.chi2_contingency([[a, 1_000 - a], [b, 900 - b]], correction=False).pvalue
    assert proportions(a, 1_000, b, 900) == pytest.approx(told, rel=1e-9)


def test_the_p_of_two_rare_shares_is_fishers() -> None:
    """Small counts are counted out, where the z test would call chance a discovery."""
    told = stats.fisher_exact([[2, 998], [9, 291]]).pvalue
    assert proportions(2, 1_000, 9, 300) == pytest.approx(told, rel=1e-9)
    z = stats.chi2_contingency([[2, 998], [9, 291]], correction=False).pvalue
    assert told > 5 * z


@pytest.mark.parametrize(("a", "n1", "b", "n2"), [(0, 50, 0, 60), (50, 50, 60, 60), (0, 0, 3, 9)])
def test_what_cannot_differ_has_a_p_of_one(a: int, n1: int, b: int, n2: int) -> None:
    """None on either side, all on both, or no rows at all."""
    assert proportions(a, n1, b, n2) == 1


def test_chi_square_is_scipys() -> None:
    """Statistic, degrees of freedom and p of a table of counts, an empty category left out."""
    a, b = np.array([30.0, 50, 0, 20]), np.array([45.0, 30, 0, 60])
    seen = np.array([a, b])[:, [0, 1, 3]]
    told = stats.chi2_contingency(seen, correction=False)
    statistic, freedom = chi_square(a, b)
    assert (statistic, freedom) == (pytest.approx(told.statistic), told.dof)
    assert chi_square_p(statistic, freedom) == pytest.approx(told.pvalue)
    assert contingency(a, b) == ("chi-square", pytest.approx(told.pvalue))


def test_rare_categories_are_one() -> None:
    """What is expected fewer than five times in the shorter row is put together, by both rows."""
    a, b = np.array([500.0, 400, 6, 5, 4, 3]), np.array([50.0, 40, 0, 1, 2, 5])
    one, two = pooled(a, b)
    assert (one.tolist(), two.tolist()) == ([500, 400 + 18], [50, 40 + 8]), "still rare: they join"
    a[2:] *= 20
    one, two = pooled(a, b)
    assert (one.tolist(), two.tolist()) == ([500, 400, 120, 100, 140], [50, 40, 0, 1, 7])
    assert pooled(b, a)[1].tolist() == one.tolist()


def test_the_rarest_of_two_is_fishers() -> None:
    """A table of two categories with a rare one goes to the exact test."""
    a, b = np.array([996.0, 4]), np.array([290.0, 10])
    told = stats.fisher_exact([[996, 4], [290, 10]]).pvalue
    assert contingency(a, b) == ("fisher", pytest.approx(told, rel=1e-9))
    assert contingency(np.array([9.0]), np.array([80.0]))[1] == 1


@pytest.mark.parametrize(
    ("levels", "steep", "n1", "n2"), [(50, 1.0, 100, 100), (4, 3.0, 200, 60), (500, 1.2, 900, 300)]
)
def test_new_values_are_a_surprise_no_oftener_than_p_says(
    levels: int, steep: float, n1: int, n2: int
) -> None:
    """Of draws without any change at most one in twenty has p below 0.05, one in a hundred 0.01."""
    chance = np.random.default_rng(levels)
    shares = 1 / np.arange(1, levels + 1) ** steep
    shares /= shares.sum()
    found = []
    for _ in range(400):
        a, b = chance.multinomial(n1, shares), chance.multinomial(n2, shares)
        seen = (a + b) > 0
        found.append(new_values((a + b)[seen].astype(float), (a == 0)[seen], n1, n2))
    assert np.mean(np.array(found) <= 0.05) <= 0.05
    assert np.mean(np.array(found) <= 0.01) <= 0.01


def test_new_values_that_are_many_are_a_surprise() -> None:
    """Thirty rows of one new value, thirty new values of one row beside few old ones."""
    rows = np.array([30.0, 900, 1_040])
    assert new_values(rows, np.array([True, False, False]), 1_000, 970) < 1e-7
    several = np.array([1.0] * 30 + [1_940])
    new = np.array([True] * 30 + [False])
    assert new_values(several, new, 1_000, 970) < 2e-4
    assert new_values(several, ~new & False, 1_000, 970) == 1


def test_rates_are_benjamini_and_hochbergs() -> None:
    """As scipy's false discovery control, in the order they came; nothing of nothing."""
    p = np.random.default_rng(1).random(200) ** 3
    assert adjusted(p) == pytest.approx(stats.false_discovery_control(p))
    assert adjusted([0.01, 0.02, 0.03]).tolist() == pytest.approx([0.03, 0.03, 0.03])
    assert adjusted([]).tolist() == []
