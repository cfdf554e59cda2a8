"""Columns beside each other: what was renamed is a guess, with its evidence, or is not made."""

from typing import Any

import numpy as np
import polars as pl
import pytest

from workbench.datasets.diffing import SchemaDiff, schema_diff
from workbench.datasets.diffing.schema import name_likeness, told
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame

RNG = np.random.default_rng(3)
AGES, OTHERS = RNG.normal(40, 9, 800), RNG.normal(40, 9, 800)
SKEWED = RNG.lognormal(3, 1, 800)


def differ(a: dict[str, Any], b: dict[str, Any], *, profiles: bool = True) -> SchemaDiff:
    """Return how the columns of two tables differ."""
    tables = [of_frame(pl.DataFrame(one)) for one in (a, b)]
    made = [profile(one, correlations=False) if profiles else None for one in tables]
    return schema_diff(tables[0].columns, tables[1].columns, *made)


def test_columns_are_added_removed_and_retyped() -> None:
    """A type of the same word is told as polars writes it."""
    narrow = pl.Series([1], dtype=pl.Int32)
    found = differ({"a": [1], "b": [1], "c": [1]}, {"c": narrow, "b": ["x"], "d": [2.0]})
    assert [one.name for one in found.removed] == ["a"]
    assert [one.name for one in found.added] == ["d"]
    assert found.retyped == (("b", "integer", "text"), ("c", "Int64", "Int32"))
    assert found.reordered


def test_a_likely_new_name_comes_with_its_evidence() -> None:
    """How alike the values are, by which measure, on how many rows, and how alike the names."""
    (guess,) = differ({"customer_age": AGES}, {"CustomerAge": OTHERS}).renamed
    assert (guess.old, guess.new, guess.names) == ("customer_age", "CustomerAge", 1.0)
    assert guess.values is not None
    assert guess.values > 0.9
    assert "KS D" in guess.evidence
    assert "800 and 800 rows" in guess.evidence
    assert "renamed? (likely)" in told(guess)


def test_the_same_values_are_evidence_under_any_name() -> None:
    """Where they are many and different enough to be a fingerprint."""
    (guess,) = differ({"x": SKEWED}, {"omzet": SKEWED}).renamed
    assert (guess.old, guess.new, guess.values) == ("x", "omzet", 1.0)


def test_the_very_same_values_speak_louder_than_a_similar_name() -> None:
    """Columns that changed places with their names keep their values."""
    found = differ({"x_one": AGES, "y_two": OTHERS}, {"z_two": AGES, "z_one": OTHERS}).renamed
    assert {(one.old, one.new) for one in found} == {("x_one", "z_two"), ("y_two", "z_one")}


def test_many_columns_are_followed_in_reasonable_time() -> None:
    """By their figures, where the names say nothing; each pair is not looked at in full."""
    columns = {f"c{number}": RNG.normal(size=60) for number in range(120)}
    renamed = {f"zz{number * 7}": values for number, values in enumerate(columns.values())}
    found = differ(columns, renamed).renamed
    assert {(one.old, one.new) for one in found} == set(zip(columns, renamed, strict=True))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"age": AGES}, {"age_2": SKEWED}),
        ({"flag": [True, False] * 50}, {"member": [True, False] * 50}),
        ({"x": [1.0, 2.0]}, {"y": [1.0, 2.0]}),
        ({"age": AGES}, {"age": AGES, "age_copy": AGES}),
        ({"a": AGES}, {"b": AGES, "c": AGES}),
        ({"age": [1, 2, 3]}, {"ages": ["1", "2", "3"]}),
    ],
)
def test_no_guess_is_made_that_is_none(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Other values, too few, two as good, another type: then it is added and removed."""
    assert differ(old, new).renamed == ()


def test_without_profiles_the_name_must_speak_for_itself() -> None:
    """And that the values were not looked at is said."""
    (guess,) = differ({"age_years": AGES}, {"age_year": AGES}, profiles=False).renamed
    assert guess.values is None
    assert "could not be compared" in guess.evidence
    assert differ({"age": AGES}, {"years": AGES}, profiles=False).renamed == ()


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("customerAge", "customer_age", 1.0),
        ("age_customer", "customer_age", 1.0),
        ("age", "age_years", 2 / 3),
        ("x", "y", 0.0),
        ("___", "---", 0.0),
        ("größe", "GRÖSSE", 1.0),
    ],
)
def test_names_are_alike_whatever_their_case_and_separators(a: str, b: str, alike: float) -> None:
    """By their words, or by their letters, whichever is more."""
    assert name_likeness(a, b) == pytest.approx(alike, abs=0.02)
