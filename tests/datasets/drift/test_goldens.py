"""Every figure on eight real pairs: scipy's, and NannyML's and Evidently's where those are right.

Tolerances: a figure that is read off all values is the same but for rounding; one that is read off
213 points is within what it says itself (`Measure.within`). What p-values may differ by is said
where they are compared.
"""

import json
from functools import cache
from math import log10
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.datasets.drift.judged import measure, named
from tests.datasets.profiling.tables import NAMES, TOLD, frame, summary
from workbench.datasets.drift.judging import MEASURES, judge
from workbench.datasets.drift.part import Judged, Part
from workbench.datasets.drift.report import ColumnDrift, Measure
from workbench.datasets.profile import CATEGORY, NUMBER, Profile

OTHERS: dict[str, Any] = json.loads((Path(__file__).parent / "told.json").read_text())
ROUNDING = 1e-9


@cache
def profiled(pair: str, side: str) -> Profile:
    """Return the profile of one side of a pair."""
    return summary(frame(pair, side), correlations=False)


@cache
def judged(pair: str) -> Judged:
    """Return the judgement on a pair with every measure, columns being what scipy was told."""
    said = {name: NUMBER if "ks_D" in told else CATEGORY for name, told in TOLD[pair].items()}
    part = Part("all", profiled(pair, "cur"))
    return judge(profiled(pair, "ref"), [part], roles=said, measures=MEASURES)


def numbers(pair: str) -> list[str]:
    """Return the columns of numbers of a pair."""
    return [name for name, told in TOLD[pair].items() if "ks_D" in told]


def categories(pair: str) -> list[str]:
    """Return the columns of categories of a pair."""
    return [name for name, told in TOLD[pair].items() if "chi2" in told]


def is_within(found: Measure, told: float) -> bool:
    """Say whether a figure is the one told, within what it says itself."""
    return abs(found.value - told) <= found.within + ROUNDING * max(1.0, abs(told))


def all_kept(pair: str, name: str) -> bool:
    """Say whether both profiles hold every value of a column."""
    sides = (column for side in ("ref", "cur") for column in profiled(pair, side).columns)
    return all((one.distinct or 0) <= 213 for one in sides if one.name == name)


@pytest.mark.parametrize("pair", NAMES)
def test_kolmogorovs_distance_is_scipys_and_never_surer(pair: str) -> None:
    """D is within its bound; p is of the least D there can be, so never below scipy's."""
    for name in numbers(pair):
        told, found = TOLD[pair][name], measure(named(judged(pair), name), "ks")
        assert is_within(found, told["ks_D"])
        assert found.p is not None
        assert found.p >= told["ks_p_asymp"] * 0.999 - 1e-3
        if all_kept(pair, name):
            assert found.value == pytest.approx(told["ks_D"], abs=1e-12)
            assert_same_p(found.p, told["ks_p_asymp"])


def assert_same_p(found: float, told: float) -> None:
    """Demand p within 0.001, and within a twentieth of a power of ten where it is small."""
    assert found == pytest.approx(told, abs=1e-3)
    if 1e-100 < told < 1e-3:
        assert abs(log10(found / told)) < 0.05 * max(1.0, -log10(told) / 10)


@pytest.mark.parametrize("pair", NAMES)
def test_wassersteins_distance_is_scipys_over_the_robust_scale(pair: str) -> None:
    """Unclipped, times the scale, it is that of all values."""
    for name in numbers(pair):
        found = named(judged(pair), name)
        told, scale = TOLD[pair][name]["wasserstein"], found.shape.scale
        if not scale:
            continue
        whole = measure(found, "wasserstein_unclipped")
        assert abs(whole.value * scale - told) <= whole.within * scale + ROUNDING * max(1.0, told)


@pytest.mark.parametrize("pair", NAMES)
def test_the_clipped_distance_is_scipys_of_values_clipped_to_the_reference(pair: str) -> None:
    """The verdict's distance: both sides clipped to the reference's 0.1 % and 99.9 % quantiles."""
    for name in numbers(pair):
        found = named(judged(pair), name)
        if not found.shape.scale:
            continue
        one, two = (frame(pair, side)[name].drop_nulls().to_numpy() for side in ("ref", "cur"))
        ends = np.quantile(one, [0.001, 0.999])
        told = stats.wasserstein_distance(np.clip(one, *ends), np.clip(two, *ends))
        clipped = measure(found, "wasserstein")
        slack = clipped.within + 1e-3  # the ends themselves are read off the points
        assert abs(clipped.value - told / found.shape.scale) <= slack


@pytest.mark.parametrize("pair", NAMES)
def test_stability_and_distances_over_the_deciles_are_scipys(pair: str) -> None:
    """PSI, Jensen-Shannon and Hellinger of the counts between the reference's deciles."""
    for name in numbers(pair):
        told, found = TOLD[pair][name], named(judged(pair), name)
        assert is_within(measure(found, "psi"), told["our_psi10_smoothed"])
        for measured, figure in (("jensen_shannon", "js_base2_10"), ("hellinger", "hellinger_10")):
            close = 1e-9 if all_kept(pair, name) else 0.004 + 0.04 * told[figure]
            assert measure(found, measured).value == pytest.approx(told[figure], abs=close)
        if all_kept(pair, name) and len(told["our_edges10"]) == len(found.shape.edges):
            assert found.shape.edges == pytest.approx(told["our_edges10"], rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("pair", NAMES)
def test_energy_cramer_von_mises_and_anderson_darling_are_scipys(pair: str) -> None:
    """The measures on request; T only where few values repeat, as scipy's grows with ties."""
    for name in numbers(pair):
        told, found = TOLD[pair][name], named(judged(pair), name)
        whole = all_kept(pair, name)
        if "energy" in told:
            energy = measure(found, "energy").value
            assert energy == pytest.approx(told["energy"], rel=1e-9 if whole else 0.02, abs=1e-9)
        darling = measure(found, "anderson_darling")
        if "ad_stat" in told:
            close = {"rel": 1e-6, "abs": 1e-6} if whole else {"rel": 0.02, "abs": 0.05}
            assert darling.value == pytest.approx(told["ad_stat"], **close)
            assert darling.p == pytest.approx(told["ad_p_capped"], rel=0.1, abs=1e-3)
        if "cvm_stat" in told and few_repeat(pair, name):
            mises = measure(found, "cramer_von_mises")
            assert mises.value == pytest.approx(told["cvm_stat"], rel=0.03, abs=0.02)
            assert mises.p == pytest.approx(told["cvm_p"], abs=0.02)


def few_repeat(pair: str, name: str) -> bool:
    """Say whether at most one value in fifty is there twice on the two sides together."""
    values = [frame(pair, side)[name].drop_nulls().to_numpy() for side in ("ref", "cur")]
    together = np.concatenate(values)
    return len(np.unique(together)) > 0.98 * len(together)


@pytest.mark.parametrize("pair", NAMES)
def test_categories_are_judged_as_scipy_does(pair: str) -> None:
    """Every distance of the shares is exact; chi-square where no category is rare."""
    for name in categories(pair):
        told, found = TOLD[pair][name], named(judged(pair), name)
        for measured, figure in (
            ("tvd", "tvd"), ("linf", "linf"), ("psi", "our_psi_smoothed"),
            ("jensen_shannon", "js_base2"), ("hellinger", "hellinger"), ("cramers_v", "cramers_v"),
        ):  # fmt: skip
            assert measure(found, measured).value == pytest.approx(told[figure], rel=1e-9, abs=1e-9)
        tested = next(one for one in found.measures if one.name == "tvd")
        assert tested.p == pytest.approx(told["chi2_p"], rel=1e-9)


@pytest.mark.parametrize("pair", NAMES)
def test_the_figures_of_nannyml_are_ours_chunk_by_chunk(pair: str) -> None:
    """D and Wasserstein of numbers, chi-square, L-infinity, JS and Hellinger of categories.

    Left out are D and Wasserstein where it bins more than 10,000 rows of the reference into
    10,000 bins of one width, and what it says of numbers over bins of its own.
    """
    for chunk in OTHERS["nannyml"][pair]:
        rows = frame(pair, "cur")[chunk["first"] : chunk["last"] + 1]
        said = {
            name: NUMBER if "kolmogorov_smirnov" in told else CATEGORY
            for name, told in chunk["columns"].items()
        }
        part = Part("chunk", summary(rows, correlations=False))
        found = judge(profiled(pair, "ref"), [part], roles=said, measures=MEASURES)
        for name, told in chunk["columns"].items():
            assert_like_nannyml(named(found, name), told, pair)


def assert_like_nannyml(found: ColumnDrift, told: dict[str, float], pair: str) -> None:
    """Demand the figures of one column of one chunk."""
    if "kolmogorov_smirnov" in told:
        if frame(pair, "ref").height >= 10_000:
            return
        assert is_within(measure(found, "ks"), told["kolmogorov_smirnov"])
        if found.shape.scale:
            whole, scale = measure(found, "wasserstein_unclipped"), found.shape.scale
            away = abs(whole.value * scale - told["wasserstein"])
            assert away <= whole.within * scale + ROUNDING * max(1.0, told["wasserstein"])
        return
    assert measure(found, "linf").value == pytest.approx(told["l_infinity"], abs=ROUNDING)
    assert measure(found, "jensen_shannon").value == pytest.approx(told["jensen_shannon"], abs=1e-6)
    assert measure(found, "hellinger").value == pytest.approx(told["hellinger"], abs=1e-6)


@pytest.mark.parametrize("pair", NAMES)
def test_the_figures_of_evidently_are_ours_where_it_is_right(pair: str) -> None:
    """Its exact KS p, Wasserstein over the deviation, energy; JS in nats and Hellinger of shares.

    Left out: chi-square, which takes the reference for known; Mann-Whitney, which is one-sided;
    PSI and distances of numbers over bins of one width.
    """
    for name, told in OTHERS["evidently"][pair].items():
        if name not in TOLD[pair]:
            continue
        found = named(judged(pair), name)
        if told["type"] == "num":
            assert_numbers_like_evidently(found, told, TOLD[pair][name])
        elif "jensenshannon" in told:
            ours = measure(found, "jensen_shannon").value * np.sqrt(np.log(2))
            assert ours == pytest.approx(told["jensenshannon"], abs=1e-6)
            if "hellinger" in told:
                hellinger = measure(found, "hellinger").value
                assert hellinger == pytest.approx(told["hellinger"], abs=1e-6)


def assert_numbers_like_evidently(
    found: ColumnDrift, told: dict[str, float], scipys: dict[str, float]
) -> None:
    """Demand the figures of one column of numbers."""
    ks = measure(found, "ks")
    if "ks" in told and ks.within < 1e-12:
        assert ks.p == pytest.approx(told["ks"], abs=0.05)  # theirs is exact below 10,000
    if "wasserstein" in told and found.shape.scale and scipys["std_ref_ddof0"] >= 0.001:
        whole = measure(found, "wasserstein_unclipped")
        per = found.shape.scale / scipys["std_ref_ddof0"]
        assert abs(whole.value * per - told["wasserstein"]) <= whole.within * per + 1e-9
    if "ed" in told:
        assert measure(found, "energy").value == pytest.approx(told["ed"], rel=0.02, abs=1e-9)


def test_a_split_of_one_table_alarms_nowhere_and_real_changes_do() -> None:
    """Even rows against odd ones: nothing. Another class or place, other prices: most columns."""
    assert judged("wine_evenodd").verdict == "stable"
    assert judged("titanic").verdict == "stable"
    for pair in ("wine_classes", "california", "diabetes_sex", "breast_cancer_halves"):
        assert judged(pair).verdict == "severe"
    assert judged("car_loan").verdict == "drift"
