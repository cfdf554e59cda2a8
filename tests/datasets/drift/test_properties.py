"""What holds of every pair of columns: symmetry, order, scale, direction, parts."""

from dataclasses import replace as with_fields

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from tests.datasets.drift.judged import column, measure, named, profiled, value
from workbench.datasets.drift.judging import MEASURES, judge
from workbench.datasets.drift.part import Part
from workbench.datasets.drift.report import VERDICTS, ColumnDrift
from workbench.datasets.profiling import merge_all

Values = NDArray[np.float64]

SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=25, deadline=None)


def drawn(seed: int, rows: int) -> Values:
    """Return values of one of a few kinds of distributions."""
    chance = np.random.default_rng(seed)
    kinds = (
        chance.standard_normal, chance.standard_exponential, chance.random,
        lambda n: chance.standard_t(2, n), lambda n: np.floor(chance.standard_normal(n) * 3),
    )  # fmt: skip
    return kinds[seed % len(kinds)](rows)


def judged(reference: object, current: object, **asked: object) -> ColumnDrift:
    """Return the judgement on two columns with all measures."""
    return column(reference, current, measures=MEASURES, **asked)


@FEW
@given(SEEDS, SEEDS, st.integers(30, 600), st.integers(30, 600))
@example(1878, 19, 30, 125)
def test_tests_and_distances_of_shares_do_not_care_which_side_is_which(
    a: int, b: int, n1: int, n2: int
) -> None:
    """KS, its p, energy, and of categories every distance; not what has the reference's scale."""
    one, two = drawn(a, n1), drawn(b, n2)
    there, back = judged(one, two), judged(two, one)
    assert value(there, "ks") == pytest.approx(value(back, "ks"), abs=1e-12)
    assert value(there, "energy") == pytest.approx(value(back, "energy"), rel=1e-9, abs=1e-12)
    ks = measure(there, "ks").p, measure(back, "ks").p
    assert ks[0] == pytest.approx(ks[1], abs=1e-9)
    texts = [np.floor(side * 2).astype(int).astype(str).tolist() for side in (one, two)]
    said = {"roles": {"x": "category"}}
    there, back = judged(*texts, **said), judged(*reversed(texts), **said)
    for name in ("tvd", "linf", "psi", "jensen_shannon", "hellinger", "cramers_v"):
        assert value(there, name) == pytest.approx(value(back, name), abs=1e-9)
    assert measure(there, "tvd").p == pytest.approx(measure(back, "tvd").p, rel=1e-6, abs=1e-12)


@FEW
@given(SEEDS, SEEDS, st.integers(30, 600))
def test_the_order_of_rows_is_nothing(a: int, b: int, rows: int) -> None:
    """Rows in any order are the same judgement, to the last digit."""
    one, two = drawn(a, 300), drawn(b, rows)
    turned = np.random.default_rng(a).permutation(two)
    said = {"roles": {"x": "number"}}
    assert judged(one, two, **said) == judged(one, turned, **said)


@FEW
@given(SEEDS, SEEDS, st.integers(-20, 20), st.floats(-100, 100))
def test_units_are_nothing(a: int, b: int, power: int, away: float) -> None:
    """In other units, from another zero, shares and distances over the scale are the same."""
    one, two = np.round(drawn(a, 400), 6), np.round(drawn(b, 300), 6)
    said = {"roles": {"x": "number"}}
    unit = 2.0**power
    here, there = judged(one, two, **said), judged(one * unit, two * unit, **said)
    assert (here.verdict, here.p) == (there.verdict, pytest.approx(there.p, rel=1e-9))
    for name in ("ks", "wasserstein", "psi", "jensen_shannon", "anderson_darling"):
        found = [one for one in here.measures if one.name == name]
        assert not found or found[0].value == pytest.approx(value(there, name), rel=1e-6, abs=1e-9)
    moved = judged(one + round(away), two + round(away), **said)
    assert value(moved, "ks") == pytest.approx(value(here, "ks"), abs=0.02)


@FEW
@given(SEEDS, st.lists(st.floats(0, 3), min_size=2, max_size=4, unique=True))
def test_what_moves_further_is_further_away(seed: int, steps: list[float]) -> None:
    """Every distance rises with the shift, and the shift has its sign."""
    one, two = drawn(seed, 500), drawn(seed + 5, 400)
    scale = profiled(one).columns[0].numbers.scale or 1.0
    steps = sorted(steps)
    found = [judged(one, np.max(one) + two + step * scale) for step in steps]
    for name in ("wasserstein_unclipped", "energy"):
        values = [value(side, name) for side in found]
        assert values == sorted(values)
    shifts = [side.shift for side in found]
    assert shifts == sorted(shifts)
    back = judged(one, np.min(one) - two - scale)
    assert min(shifts) >= 0 or shifts[0] > back.shift


@FEW
@given(SEEDS, st.lists(st.floats(0, 1), min_size=2, max_size=4, unique=True))
def test_more_rows_in_one_category_are_further_away(seed: int, shares: list[float]) -> None:
    """Distances of categories, and the share that is missing, rise with what changed."""
    names = np.random.default_rng(seed).choice(["a", "b", "c"], 400)
    found = []
    for share in sorted(shares):
        cut = round(share * 400)
        found.append(column(names.tolist(), ["d"] * cut + names[cut:].tolist()))
    for name in ("tvd", "linf"):
        values = [value(side, name) for side in found]
        assert values == sorted(values)
    places = [VERDICTS.index(side.verdict) for side in found]
    assert places == sorted(places)


@FEW
@given(SEEDS)
def test_a_column_beside_itself_is_stable(seed: int) -> None:
    """No distance, p of 1, no finding."""
    values = drawn(seed, 300)
    found = judged(values, values, roles={"x": "number"})
    assert (found.verdict, found.findings) == ("stable", ())
    assert found.p == pytest.approx(1)
    assert value(found, "ks") == 0
    assert abs(value(found, "psi")) < 1e-12


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(2, 6), st.floats(0, 1))
def test_profiles_of_parts_are_judged_as_the_whole(seed: int, parts: int, shift: float) -> None:
    """Merged from parts, a profile gives nearly the figures of the whole, within what they say."""
    chance = np.random.default_rng(seed)
    one, two = chance.standard_normal(3_000), chance.standard_normal(3_000) + shift
    reference, whole = profiled(one), profiled(two)
    merged = merge_all([profiled(part) for part in np.array_split(two, parts)])
    found = [
        named(judge(reference, [Part("", side)], measures=MEASURES), "x")
        for side in (whole, merged)
    ]
    for name in ("ks", "wasserstein", "psi"):
        here, there = (measure(side, name) for side in found)
        assert abs(here.value - there.value) <= here.within + there.within + 1e-9
        assert there.value == pytest.approx(here.value, abs=0.02)
    told = stats.ks_2samp(one, two, method="asymp").pvalue
    for side in found:
        assert side.p >= told * 0.98 - 1e-300, "what the points leave open is never significance"


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.integers(2, 5))
def test_merged_categories_are_judged_as_the_whole(seed: int, parts: int) -> None:
    """While all values are kept the judgement is the same."""
    chance = np.random.default_rng(seed)
    one, two = (chance.choice(list("abcdef"), 900).tolist() for _ in range(2))
    frame = pl.DataFrame({"x": two})
    whole = profiled(two)
    size = frame.height // parts
    cut = [frame[k * size : (k + 1) * size] for k in range(parts - 1)]
    merged = merge_all([profiled(part) for part in [*cut, frame[(parts - 1) * size :]]])
    found = [judge(profiled(one), [Part("", side)]) for side in (whole, merged)]
    assert found[0].chunks == found[1].chunks


def test_grid_error_makes_nothing_significant() -> None:
    """A column against itself in a coarser profile: D may be off, its p is of what is certain."""
    values = np.random.default_rng(1).standard_normal(20_000)
    whole = profiled(values)
    parts = merge_all([profiled(part) for part in np.array_split(values, 40)])
    loose = Part("", parts, within=0.05)
    found = named(judge(whole, [loose]), "x")
    assert measure(found, "ks").p == 1
    assert measure(found, "ks").within > 0.05
    moved = named(judge(profiled(values + 0.1), [with_fields(loose)]), "x")
    assert moved.p == 1, "a shift below what the profile may be off is not told from none"
    far = named(judge(profiled(values + 1), [with_fields(loose)]), "x")
    assert far.verdict == "severe"
