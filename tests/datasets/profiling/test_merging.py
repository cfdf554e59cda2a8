"""The profile of parts is that of the whole, within what it states; laws of merging."""

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.datasets.profiling.tables import frame, of, summary
from workbench.datasets.fields import Fields
from workbench.datasets.profile import CATEGORY, IDENTIFIER, Column, Profile
from workbench.datasets.profiling import bound, cdf, decode, encode, merge, merge_all, quantile
from workbench.errors import UsageError

SUMS = (
    "rows", "nulls", "nans", "plus_infinities", "minus_infinities", "n", "numeric_texts",
    "moment_texts", "padded_texts", "broken_texts",
)  # fmt: skip

moment = dt.datetime.fromisoformat
KINDS: dict[str, tuple[Any, Any]] = {
    "floats": (pl.Float64, st.floats(width=64)),
    "small floats": (pl.Float64, st.floats(-100, 100)),
    "whole numbers": (pl.Int64, st.integers(-(2**63), 2**63 - 1)),
    "few numbers": (pl.Int8, st.integers(-3, 3)),
    "texts": (pl.String, st.text(st.sampled_from("aB 1é\t�"), max_size=4)),
    "flags": (pl.Boolean, st.booleans()),
    "moments": (
        pl.Datetime("us"), st.datetimes(),
    ),
    "days": (pl.Date, st.dates()),
    "times": (pl.Time, st.times()),
    "lists": (pl.List(pl.Int64), st.lists(st.integers(0, 9), max_size=3)),
}  # fmt: skip


@st.composite
def parts(draw: st.DrawFn, least: int = 2, most: int = 4) -> list[pl.Series]:
    """Draw the parts of a column of one kind, some of them empty or all null."""
    dtype, values = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    one = st.lists(st.none() | values, max_size=40)
    return [pl.Series("x", draw(one), dtype=dtype) for _ in range(draw(st.integers(least, most)))]


@st.composite
def large_parts(draw: st.DrawFn) -> list[pl.Series]:
    """Draw parts with more different values than a grid holds, of unlike distributions."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    made = []
    for _ in range(draw(st.integers(2, 5))):
        rows = draw(st.integers(1, 3_000))
        kind = draw(st.sampled_from(("normal", "heavy", "holes", "far", "steps")))
        made.append(pl.Series("x", distributed(generator, kind, rows)))
    return made


def distributed(generator: np.random.Generator, kind: str, rows: int) -> np.ndarray:
    """Return values of one of the distributions that give trouble."""
    normal = generator.normal(generator.normal(), 1 + generator.random(), rows)
    if kind == "heavy":
        return generator.standard_t(1.5, rows)
    if kind == "holes":
        return np.where(generator.random(rows) < 0.6, 0.0, normal)
    if kind == "far":
        return np.append(normal[1:], 1e300)
    return np.round(normal * 200) if kind == "steps" else normal


def profiled(series: pl.Series) -> Profile:
    """Return the profile of a table with one column."""
    return summary(series.to_frame(), correlations=False)


def finite(series: pl.Series) -> np.ndarray:
    """Return a column's finite numbers, sorted."""
    values = series.drop_nulls().cast(pl.Float64).to_numpy()
    return np.sort(values[np.isfinite(values)])


# -- the whole ---------------------------------------------------------------------------


@settings(max_examples=300)
@given(parts())
def test_parts_together_are_the_whole(made: list[pl.Series]) -> None:
    """Counts are exact, everything else within the bound that stands beside it."""
    assert_whole(made)


@settings(max_examples=60)
@given(large_parts())
def test_large_parts_together_are_the_whole(made: list[pl.Series]) -> None:
    """The same where no grid holds all values."""
    assert_whole(made)


def assert_whole(made: list[pl.Series]) -> None:
    """Demand that merged profiles say of all rows what is so."""
    together = pl.concat(made)
    whole = profiled(together)
    merged = merge_all([profiled(one) for one in made])
    assert (merged.rows, merged.schema, merged.parts) == (whole.rows, whole.schema, len(made))
    found, expected = merged.columns[0], whole.columns[0]
    assert not found.fault
    for name in SUMS:
        assert getattr(found, name) == getattr(expected, name), name
    assert_distinct(found, expected)
    assert_top(found, together)
    assert found.rising == expected.rising or not found.rising
    if expected.lengths is not None:
        assert found.lengths.mean == pytest.approx(expected.lengths.mean)
        assert found.lengths.min == expected.lengths.min
        assert found.lengths.max == expected.lengths.max
        assert found.lengths.empty == expected.lengths.empty
    if expected.numbers is not None:
        assert_numbers(found, expected, finite(together))
    if expected.moments is not None:
        assert_moments(found, expected)


def assert_distinct(found: Column, expected: Column) -> None:
    """Demand that the true count lies between the stated ones."""
    if expected.distinct is None:
        assert found.distinct is None
        return
    if found.distinct_at_least:
        assert found.distinct <= expected.distinct <= found.distinct_at_most
    else:
        assert found.distinct == expected.distinct


def assert_top(found: Column, together: pl.Series) -> None:
    """Demand that no count is too high, nor lower than stated."""
    if together.dtype == pl.String:
        true = Counter(together.drop_nulls().to_list())
        for value, count in found.top:
            assert true[value] - found.top_within <= count <= true[value]
    assert found.other + sum(count for _, count in found.top) == found.n
    assert list(found.top) == sorted(found.top, key=lambda one: -one[1])


def assert_numbers(found: Column, expected: Column, values: np.ndarray) -> None:
    """Demand exact ends, moments to rounding, and a grid that keeps its bounds."""
    ours, theirs = found.numbers, expected.numbers
    assert (ours.min, ours.max, ours.zeros, ours.negatives) == (
        theirs.min, theirs.max, theirs.zeros, theirs.negatives,
    )  # fmt: skip
    if not len(values):
        assert ours.mean is None
        return
    largest = np.abs(values).max()
    assert ours.mean == pytest.approx(theirs.mean, rel=1e-9, abs=1e-12 * largest)
    if theirs.std is not None and ours.std is not None:
        assert ours.std == pytest.approx(theirs.std, rel=1e-6, abs=1e-12 * largest)
        if theirs.skew is not None and theirs.std > 1e-6 * largest:
            assert ours.skew == pytest.approx(theirs.skew, rel=1e-4, abs=1e-6)
    at = np.array(ours.quantiles.at)
    assert (np.diff(at) > 0).all()
    n, within = len(values), ours.quantiles.within + 1e-9
    below = np.searchsorted(values, at, "left") / n
    upto = np.searchsorted(values, at, "right") / n
    assert np.abs(np.array(ours.quantiles.below) - below).max() <= within
    assert np.abs(np.array(ours.quantiles.upto) - upto).max() <= within
    read = cdf(found, values)
    true = np.searchsorted(values, values, "right") / n
    assert np.abs(read - true).max() <= bound(found) + 1e-9


def assert_moments(found: Column, expected: Column) -> None:
    """Demand exact range and tallies; a gap only where it is the true one."""
    ours, theirs = found.moments, expected.moments
    assert (ours.first, ours.last) == (theirs.first, theirs.last)
    for name in ("hours", "weekdays", "months"):
        assert getattr(ours, name) == getattr(theirs, name)
    if ours.gap_s is not None:
        assert ours.gap_s == pytest.approx(theirs.gap_s)
    places = np.array(theirs.quantiles.at)
    off = np.abs(cdf(found, places) - cdf(expected, places)).max()
    assert off <= bound(found) + bound(expected) + 1e-9


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.integers(2, 5))
def test_counts_of_frequent_values_are_as_low_as_is_said_at_most(seed: int, count: int) -> None:
    """With more values than are kept, what a part did not keep is missing, and that is known."""
    generator = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        places = generator.zipf(1.3, generator.integers(300, 3_000)) + generator.integers(0, 300)
        made.append(pl.Series("x", [f"t{place}" for place in places]))
    together = pl.concat(made)
    merged = merge_all([profiled(one) for one in made]).columns[0]
    assert_top(merged, together)
    assert_distinct(merged, profiled(together).columns[0])
    true, kept = Counter(together.to_list()), {value for value, _ in merged.top}
    least = merged.top[-1][1] + merged.top_within
    assert all(times <= least for value, times in true.items() if value not in kept)


# -- laws --------------------------------------------------------------------------------


@given(parts(2, 2))
def test_the_order_of_two_parts_says_nothing_of_counts(made: list[pl.Series]) -> None:
    """merge(a, b) and merge(b, a) are one, but for whether values rise and the last digit."""
    a, b = (profiled(one) for one in made)
    one, other = merge(a, b).columns[0], merge(b, a).columns[0]
    assert one.top == other.top
    for name in (*SUMS, "distinct", "distinct_at_most", "top_within", "moments"):
        assert getattr(one, name) == getattr(other, name), name
    if one.numbers is not None and one.numbers.quantiles is not None:
        assert one.numbers.quantiles == other.numbers.quantiles
        assert one.numbers.mean == pytest.approx(other.numbers.mean, rel=1e-9, abs=1e-300)


@given(parts(1, 1))
def test_nothing_added_changes_nothing(made: list[pl.Series]) -> None:
    """Merging with the profile of an empty table leaves every figure as it was."""
    whole = profiled(made[0])
    merged = merge(whole, profiled(made[0].head(0)))
    ours, theirs = merged.columns[0], whole.columns[0]
    for name in (*SUMS, "distinct", "distinct_at_most", "top", "top_within", "moments", "rising"):
        assert getattr(ours, name) == getattr(theirs, name), name
    if theirs.numbers is not None:
        assert ours.numbers.quantiles == theirs.numbers.quantiles
        assert ours.numbers.mean == pytest.approx(theirs.numbers.mean)


@settings(max_examples=40)
@given(large_parts())
def test_one_after_the_other_keeps_its_wider_bounds(made: list[pl.Series]) -> None:
    """Merging in any grouping stays within what the result states."""
    profiles = [profiled(one) for one in made]
    chained = profiles[0]
    for following in profiles[1:]:
        chained = merge(chained, following)
    values = finite(pl.concat(made))
    assert_numbers(chained.columns[0], profiled(pl.concat(made)).columns[0], values)
    assert chained.parts == len(made)


@given(parts(2, 3))
def test_merged_profiles_are_stored_as_they_are(made: list[pl.Series]) -> None:
    """What is written is read back the same."""
    merged = merge_all([profiled(one) for one in made])
    assert decode(encode(merged)) == merged


def test_ten_parts_of_a_real_column_lose_next_to_nothing() -> None:
    """Each tenth of 50,000 rows by itself: shares within 0.1 %, the median within 0.1 scales."""
    values = frame("car_loan", "ref")["car_value"]
    whole = profiled(values.alias("x")).columns[0]
    tenths = [profiled(values[k * 5_000 : (k + 1) * 5_000].alias("x")) for k in range(10)]
    merged = merge_all(tenths).columns[0]
    at = np.quantile(values.to_numpy(), np.linspace(0, 1, 1_000))
    assert np.abs(cdf(merged, at) - cdf(whole, at)).max() < 0.001
    assert abs(quantile(merged, 0.5) - quantile(whole, 0.5)) < 0.001 * whole.numbers.scale
    assert merged.numbers.scale == pytest.approx(whole.numbers.scale, rel=0.001)


# -- what does not fit -------------------------------------------------------------------


def test_profiles_of_different_columns_are_not_merged() -> None:
    """The names that only one of them has are said."""
    with pytest.raises(UsageError, match="cannot be merged: a, b"):
        merge(summary(pl.DataFrame({"a": [1]})), summary(pl.DataFrame({"b": [1]})))
    with pytest.raises(UsageError, match="no profile"):
        merge_all([])


def test_a_column_whose_type_changed_is_its_own_fault() -> None:
    """Numbers and texts have no summary together; the other columns have theirs."""
    one = pl.DataFrame({"a": [1, 2], "b": [1, 2]})
    two = pl.DataFrame({"a": ["x"], "b": [2.5]})
    a, b = merge(summary(one), summary(two)).columns
    assert a.fault == "the parts differ in type: integer and text"
    assert (b.fault, b.type, b.numbers.max) == ("", "float", 2.5)


def test_a_fault_of_a_part_is_a_fault_of_the_whole() -> None:
    """What one part could not say nobody can say of all."""
    from msgspec.structs import replace

    good = summary(pl.DataFrame({"a": [1]}))
    bad = replace(good, columns=(replace(good.columns[0], fault="cut off"),))
    assert merge(good, bad).columns[0].fault == "of a part: cut off"


def test_roles_are_judged_again_and_overrides_stay() -> None:
    """Few codes in each part are a category in all; what a person said is not forgotten."""
    table = pl.DataFrame({"code": [1, 2] * 100, "id": range(200)})
    first = summary(table)
    assert {c.name: c.role for c in first.columns} == {"code": "number", "id": IDENTIFIER}
    again = summary(table.with_columns(pl.col("id") + 200))
    merged = {c.name: c.role for c in merge(first, again).columns}
    assert merged == {"code": CATEGORY, "id": IDENTIFIER}
    fields = Fields(roles={"id": CATEGORY})
    said = merge(summary(table, fields=fields), summary(table, fields=fields)).columns[1]
    assert (said.role, said.role_reason) == (CATEGORY, "said by a person")


def test_what_parts_cannot_tell_is_left_out_and_said() -> None:
    """Correlations and duplicates belong to a table that was seen at once."""
    table = frame("titanic", "cur")
    merged = merge(summary(table, duplicates=True), summary(table, duplicates=True))
    assert (merged.pairs, merged.duplicates) == ((), None)
    assert "merged" in merged.pairs_left_out


def test_a_gap_between_months_is_seen_when_they_are_merged() -> None:
    """Parts one after the other in time have their gaps, and the one between them."""
    january = of([moment("2026-01-01T00:00"), moment("2026-01-03T00:00")])
    march = of([moment("2026-03-01T00:00"), moment("2026-03-02T00:00")])
    assert january.moments.gap_s == 2 * 86_400
    profiles = [Profile(2, (column,), "sha256:0") for column in (january, march)]
    gap = merge_all(profiles).columns[0].moments
    assert (gap.gap_s, gap.gap_from) == (57 * 86_400, "2026-01-03T00:00:00")
    overlapping = merge_all([*profiles, profiles[0]]).columns[0].moments
    assert (overlapping.gap_s, overlapping.gap_from) == (None, None)
