"""What changed between two profiles: the largest change first, with its measure and its doubt."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from workbench.datasets.diffing import Delta, profile_deltas
from workbench.datasets.fields import Fields
from workbench.datasets.profile import Profile
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame


def of(frame: Any, **fields: Any) -> Profile:
    """Return the profile of a table."""
    table = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame, strict=False)
    return profile(of_frame(table), fields=Fields(**fields), correlations=False)


def deltas(a: Any, b: Any, **fields: Any) -> dict[str, Delta]:
    """Return what changed, by column."""
    return {one.column: one for one in profile_deltas(of(a, **fields), of(b, **fields))}


@pytest.mark.parametrize("rows", [50, 3000])
@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_numbers_are_as_far_apart_as_their_distribution_functions(rows: int, shift: float) -> None:
    """The Kolmogorov-Smirnov D as scipy has it, within the bound that is told beside it."""
    generator = np.random.default_rng(rows)
    old, new = generator.normal(size=rows), generator.normal(shift, 1, rows + 7)
    found = deltas({"x": old}, {"x": new})["x"]
    exact = stats.ks_2samp(old, new)
    (distance,) = [one for one in found.distances if one.measure == "KS D"]
    assert abs(distance.size - exact.statistic) <= distance.within + 1e-12
    assert distance.within <= 0.011
    if not 0.02 < exact.pvalue < 0.1:
        assert distance.chance == (exact.pvalue > 0.05)


def test_steps_are_seen_from_both_sides() -> None:
    """Two constants lie as far apart as can be, at whatever scale."""
    for scale in (1.0, 1e-6, 1e300):
        found = deltas({"x": [scale] * 40}, {"x": [2 * scale] * 40})["x"]
        assert (found.size, found.chance) == (1.0, False)


def test_categories_are_apart_by_their_shares_and_named_when_new_or_gone() -> None:
    """Total variation distance; chance as the contingency test has it."""
    old = {"c": ["a"] * 500 + ["b"] * 400 + ["old"] * 100}
    new = {"c": ["a"] * 300 + ["b"] * 500 + ["new"] * 200}
    found = deltas(old, new)["c"]
    assert found.measure == "TVD"
    assert found.size == pytest.approx((0.2 + 0.1 + 0.1 + 0.2) / 2)
    assert [(one.value, one.rows, one.sure) for one in found.came] == [("new", 200, True)]
    assert [one.value for one in found.went] == ["old"]
    assert not found.chance
    assert "1 new, 1 gone" in found.words


def test_a_few_rows_more_or_less_may_be_chance() -> None:
    """51 of 100 and 49 of 100 are no change; 510,000 of a million would be."""
    few = deltas({"c": ["a"] * 51 + ["b"] * 49}, {"c": ["a"] * 49 + ["b"] * 51})["c"]
    many = deltas({"c": ["a"] * 51_000 + ["b"] * 49_000}, {"c": ["a"] * 49_000 + ["b"] * 51_000})[
        "c"
    ]
    assert (few.chance, many.chance) == (True, False)
    assert few.sentence == "TVD 0.02: 'a' 51% → 49%, may be chance"


def test_a_value_hidden_among_the_rare_ones_is_not_called_new() -> None:
    """Of a sensitive column rare values are not kept: nobody can tell, so it is not said."""
    old = {"c": ["a"] * 50 + ["b"] * 50 + ["x"] * 2}
    new = {"c": ["a"] * 50 + ["b"] * 50 + ["x"] * 20}
    found = deltas(old, new, sensitive=("c",))["c"]
    assert [(one.value, one.sure) for one in found.came] == [("x", False)]
    assert "new" not in found.words
    (distance,) = [one for one in found.distances if one.measure == "TVD"]
    assert distance.least


def test_missing_values_are_a_change_of_their_own() -> None:
    """What is there may be as it was while most of it went away."""
    values = list(range(1000))
    emptied = [value if value % 10 == 0 else None for value in values]
    found = deltas({"x": values}, {"x": emptied})["x"]
    assert (found.measure, found.size, found.chance) == ("missing", 0.9, False)
    assert found.sentence == "missing 90%: 0% → 90% missing"


def test_the_largest_change_comes_first() -> None:
    """Whatever its measure, and the columns that did not change last."""
    old = {"x": range(100), "y": range(100), "c": ["a", "b"] * 50}
    new = {"x": range(100), "y": range(50, 150), "c": ["a", "a"] * 50}
    found = profile_deltas(of(old), of(new))
    assert [one.column for one in found] == ["c", "y", "x"] or [one.column for one in found] == [
        "y",
        "c",
        "x",
    ]
    assert [one.size for one in found] == sorted((one.size for one in found), reverse=True)
    assert found[-1].size == 0
    assert found[-1].words == "no change seen"


def test_another_kind_of_values_is_told_as_such() -> None:
    """A number that became text has no distance."""
    found = deltas({"x": [1, 2, 3]}, {"x": ["1", "2", "3"]})["x"]
    assert (found.measure, found.words) == ("type", "integer → text")


@pytest.mark.parametrize("values", [[], [None, None], [float("nan")], [float("inf")], [[1], [2]]])
def test_nothing_to_compare_is_no_change_and_no_error(values: list[Any]) -> None:
    """Empty, missing, infinite or nested: every column has its line."""
    found = deltas({"x": values, "y": [1] * len(values)}, {"x": values, "y": [1] * len(values)})
    assert found["x"].size == 0


def test_months_and_hours_are_compared_of_moments() -> None:
    """A year that became a summer is another season."""
    days = pl.date_range(pl.date(2025, 1, 1), pl.date(2025, 12, 31), eager=True).alias("d")
    old, new = pl.DataFrame([days]), pl.DataFrame([days]).filter(pl.col("d").dt.month() == 7)
    found = deltas(old, new)["d"]
    assert found.measure == "months TVD"
    assert found.size == pytest.approx(1 - 31 / 365, abs=1e-9)
