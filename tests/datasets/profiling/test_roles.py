"""Which role a column gets, why, and that a person's word counts for more."""

import datetime as dt

import numpy as np
import polars as pl
import pytest

from tests.datasets.profiling.tables import columns, summary
from workbench.datasets.fields import Fields

ROWS = 2_000
GENERATOR = np.random.default_rng(11)
EXAMPLES = {
    "measure": (GENERATOR.normal(size=ROWS), "number", "by its type, float"),
    "code": (GENERATOR.integers(0, 5, ROWS), "category", "5 different whole numbers in 2,000 rows"),
    "count": (
        GENERATOR.integers(0, 30, ROWS), "number", "30 different whole numbers in 2,000 rows",
    ),
    "index": (
        np.arange(ROWS) * 3, "identifier",
        "2,000 different whole numbers in 2,000 rows, rising from row to row",
    ),
    "shuffled": (
        GENERATOR.permutation(ROWS), "identifier",
        "2,000 different whole numbers in 2,000 rows, evenly spread",
    ),
    "price": (
        (GENERATOR.lognormal(0, 2, ROWS) * 1e9).astype(np.int64), "number",
        "2,000 different whole numbers in 2,000 rows",
    ),
    "flag": (GENERATOR.random(ROWS) < 0.5, "category", "true or false"),
    "city": (
        GENERATOR.choice(["Bonn", "Köln"], ROWS), "category", "2 different texts in 2,000 rows",
    ),
    "uuid": (
        [f"{k:032x}" for k in range(ROWS)], "identifier", "2,000 different texts in 2,000 rows",
    ),
    "name": (
        [f"name {k % 1_500}" for k in range(ROWS)], "text", "1,500 different texts in 2,000 rows",
    ),
    "novel": (["lorem ipsum " * 9] * ROWS, "text", "108 characters on average"),
    "day": ([dt.date(2026, 1, 1 + k % 9) for k in range(ROWS)], "datetime", "by its type, date"),
    "same": ([7] * ROWS, "constant", "the same value in every row"),
    "nothing": ([None] * ROWS, "empty", "every value is missing"),
    "items": ([[1]] * ROWS, "nested", "list values are only measured, not looked into"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_a_role_has_its_reason(name: str) -> None:
    """Each role follows from figures, and the reason names them."""
    values, role, reason = EXAMPLES[name]
    if name == "novel":  # two of them, or it would be a constant
        values = [*values[1:], "lorem ipsum, dolor and so forth " * 4]
        reason = "108 characters on average"
    column = columns(summary(pl.DataFrame({name: pl.Series(values)}), correlations=False))[name]
    assert (column.role, column.role_reason) == (role, reason)


def test_a_person_overrides_any_guess() -> None:
    """The role is theirs and the reason says so; a word that is no role counts for nothing."""
    table = pl.DataFrame({"a": np.arange(100), "b": np.arange(100)})
    found = columns(summary(table, fields=Fields(roles={"a": "number", "b": "nonsense"})))
    assert (found["a"].role, found["a"].role_reason) == ("number", "said by a person")
    assert found["b"].role == "identifier"


def test_the_key_names_rows_and_the_label_is_a_category() -> None:
    """What people say of columns counts before what the figures look like."""
    table = pl.DataFrame({"key": GENERATOR.normal(size=100), "label": [0, 1] * 50})
    assert columns(summary(table))["label"].role == "number"
    found = columns(summary(table, fields=Fields(key=("key",), label="label")))
    assert (found["key"].role, found["key"].role_reason) == ("identifier", "it is the key")
    assert found["label"].role_reason == "the label, 2 different whole numbers in 100 rows"
    two = columns(summary(table, fields=Fields(key=("key", "label"))))
    assert two["key"].role == "number"


def test_few_rows_make_no_identifier_and_no_free_text() -> None:
    """Below twenty rows all values may well differ."""
    table = pl.DataFrame({"a": range(19), "b": [f"word {k}" for k in range(19)]})
    assert [column.role for column in summary(table).columns] == ["number", "category"]


def test_a_value_that_is_there_or_missing_is_no_constant() -> None:
    """Whether it is there says something."""
    table = pl.DataFrame({"a": [1, None, 1], "b": ["x", None, "x"]})
    assert [column.role for column in summary(table).columns] == ["number", "category"]
