"""Signatures of tables of every library, what they cover, and how two of them differ."""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.registry.signature import differences, hash_of, signature_of

COLUMNS: dict[str, list[Any]] = {
    "age": [31, 42, 53],
    "income": [1.5, None, 3.5],
    "city": ["Rome", "Oslo", "Rome"],
    "member": [True, False, True],
}

FIELDS = st.sampled_from(["columns", "output", "name", "min", "categories", "kind"])
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(FIELDS, inner),
)


def columns(frame: Any) -> dict[str, dict[str, Any]]:
    """Return the columns of a signature by name, without the name."""
    return {one.pop("name"): one for one in signature_of(frame)["columns"]}


def test_pandas_columns_have_type_missing_range_and_categories() -> None:
    """Numbers have a range, everything else its categories."""
    assert columns(pd.DataFrame(COLUMNS)) == {
        "age": {"dtype": "int64", "nullable": False, "min": 31, "max": 53},
        "income": {"dtype": "float64", "nullable": True, "min": 1.5, "max": 3.5},
        "city": {"dtype": "str", "nullable": False, "categories": ["Oslo", "Rome"]},
        "member": {"dtype": "bool", "nullable": False, "categories": [False, True]},
    }


def test_polars_columns_say_the_same_in_its_own_types() -> None:
    """The types are the library's words; a model fed by it sees these."""
    assert columns(pl.DataFrame(COLUMNS)) == {
        "age": {"dtype": "Int64", "nullable": False, "min": 31, "max": 53},
        "income": {"dtype": "Float64", "nullable": True, "min": 1.5, "max": 3.5},
        "city": {"dtype": "String", "nullable": False, "categories": ["Oslo", "Rome"]},
        "member": {"dtype": "Boolean", "nullable": False, "categories": [False, True]},
    }


def test_a_mapping_of_plain_lists_is_a_table_too() -> None:
    """The types are Python's."""
    found = columns(COLUMNS)
    assert found["age"] == {"dtype": "int", "nullable": False, "min": 31, "max": 53}
    assert found["income"] == {"dtype": "float", "nullable": True, "min": 1.5, "max": 3.5}


@pytest.mark.parametrize("make", [np.asarray, scipy.sparse.csr_matrix])
def test_the_columns_of_an_array_have_numbers_for_names(make: Any) -> None:
    """They are what tells them apart; a sparse matrix is an array."""
    found = columns(make(np.array([[1.0, 2.0], [3.0, 4.0]])))
    assert found == {
        "0": {"dtype": "float64", "nullable": False, "min": 1.0, "max": 3.0},
        "1": {"dtype": "float64", "nullable": False, "min": 2.0, "max": 4.0},
    }


def test_two_pandas_columns_of_one_name_are_both_there() -> None:
    """A join may make them."""
    frame = pd.DataFrame([[1, "x"]], columns=["a", "a"])
    assert [one["dtype"] for one in signature_of(frame)["columns"]] == ["int64", "str"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (pd.Series([1, None], dtype="Int64"),
         {"dtype": "Int64", "nullable": True, "min": 1, "max": 1}),
        (pd.Series(["a", None], dtype="category"),
         {"dtype": "category", "nullable": True, "categories": ["a"]}),
        (pd.Series(pd.to_datetime(["2026-01-01", None])).astype("datetime64[us]"),
         {"dtype": "datetime64[us]", "nullable": True, "min": "2026-01-01T00:00:00",
          "max": "2026-01-01T00:00:00"}),
        (pl.Series(["a", "b"], dtype=pl.Enum(["a", "b"])),
         {"dtype": "Enum", "nullable": False, "categories": ["a", "b"]}),
        (pl.Series([float("nan"), 1.0]),
         {"dtype": "Float64", "nullable": True, "min": 1.0, "max": 1.0}),
        (pl.Series([dt.date(2026, 1, 2), dt.date(2026, 1, 1)]),
         {"dtype": "Date", "nullable": False, "min": "2026-01-01", "max": "2026-01-02"}),
        ([float("inf"), 1.0],
         {"dtype": "float", "nullable": False, "min": 1.0, "max": "Infinity"}),
        ([None, None], {"dtype": "null", "nullable": True}),
        (np.array([np.nan]), {"dtype": "float64", "nullable": True}),
        ([1, "x"], {"dtype": "int|str", "nullable": False, "categories": [1, "x"]}),
    ],
)  # fmt: skip
def test_missing_values_times_and_categories_of_each_library(
    values: Any, said: dict[str, Any]
) -> None:
    """What is missing is counted neither as a category nor in a range."""
    assert columns({"c": values})["c"] == said


def test_more_than_fifty_categories_are_a_count() -> None:
    """A column of names is no list to keep."""
    few = columns({"c": [f"{k:02d}" for k in range(50)]})["c"]
    many = columns({"c": [f"{k:02d}" for k in range(51)]})["c"]
    assert len(few["categories"]) == 50
    assert "categories" not in many
    assert many["distinct"] == 51


@pytest.mark.parametrize(
    ("output", "probability", "said"),
    [
        (np.array(["no", "yes"]), False,
         {"kind": "class label", "dtype": "<U3", "categories": ["no", "yes"]}),
        (np.array([1, 0, 1]), False,
         {"kind": "class label", "dtype": "int64", "categories": [0, 1]}),
        (np.array([[1], [0]]), False,
         {"kind": "class label", "dtype": "int64", "categories": [0, 1]}),
        (np.array([0.5, 7.5]), False,
         {"kind": "number", "dtype": "float64", "min": 0.5, "max": 7.5}),
        (np.array([[0.5, 0.5]]), True, {"kind": "probability", "classes": 2}),
        (np.array([0.5]), True, {"kind": "probability", "classes": 1}),
        (np.array([[1.0, 2.0, 3.0]]), False, {"kind": "number", "columns": 3, "dtype": "float64"}),
        ([True, False], False,
         {"kind": "class label", "dtype": "bool", "categories": [False, True]}),
        (pl.Series(["a"]), False, {"kind": "class label", "dtype": "String", "categories": ["a"]}),
    ],
)  # fmt: skip
def test_outputs_are_labels_probabilities_or_numbers(
    output: Any, probability: bool, said: dict[str, Any]
) -> None:
    """What a model gives is part of what it can stand in for."""
    assert signature_of({"a": [1]}, output, probability=probability)["output"] == said


@pytest.mark.parametrize(
    "rows",
    [
        pd.DataFrame({"a": [1.0, None], "b": [1.0, 2.0]}),
        pl.DataFrame({"a": [1.0, None], "b": [1.0, 2.0]}),
        {"a": [1.0, None], "b": [1.0, 2.0]},
        np.array([[1.0, 1.0], [np.nan, 2.0]]),
    ],
    ids=["pandas", "polars", "lists", "array"],
)
def test_a_few_rows_say_how_many_they_are_and_not_that_nothing_is_missing(rows: Any) -> None:
    """What is missing in them may be missing; what is not is not known."""
    found = signature_of(rows, example=True)
    assert found["rows"] == 2
    assert [one["nullable"] for one in found["columns"]] == [True, None]
    assert "rows" not in signature_of(rows)


def test_what_is_no_table_is_refused() -> None:
    """With the kind of thing it is."""
    with pytest.raises(UsageError, match="not from a int"):
        signature_of(3)


# -- the hash ----------------------------------------------------------------------------


def test_the_hash_covers_columns_types_and_output_kind() -> None:
    """Each of them alone changes it."""
    labels = np.array(["a"])
    same = signature_of(pd.DataFrame({"a": [1], "b": [1.0]}), labels)
    others = [
        signature_of(pd.DataFrame({"a": [1]}), labels),
        signature_of(pd.DataFrame({"b": [1.0], "a": [1]}), labels),
        signature_of(pd.DataFrame({"a": [1.0], "b": [1.0]}), labels),
        signature_of(pd.DataFrame({"a": [1], "b": [1.0]}), np.array([0.5])),
        signature_of(pd.DataFrame({"a": [1], "b": [1.0]})),
    ]
    assert len({hash_of(one) for one in (same, *others)}) == len(others) + 1


def test_the_hash_covers_no_values() -> None:
    """Another sample of the same table has the same one, and so has the whole of it."""
    whole = pd.DataFrame({"a": [1.0, 2.0, None], "c": ["x", "y", "z"]})
    made = [
        signature_of(part, np.array(["a"]), example=example)
        for part in (whole, whole.head(1), whole.tail(1))
        for example in (False, True)
    ]
    assert len(set(map(hash_of, made))) == 1


@given(ANYTHING)
def test_a_signature_of_anybodys_making_breaks_nothing(said: Any) -> None:
    """Events are read from a folder that many write."""
    good = signature_of({"a": [1]}, np.array([0.5]))
    assert len(hash_of(said)) == 64
    assert all(line.isprintable() for line in (*differences(said, good), *differences(good, said)))


# -- differences -------------------------------------------------------------------------


def test_a_signature_does_not_differ_from_itself() -> None:
    """No sentence is the good case."""
    one = signature_of(pd.DataFrame(COLUMNS), np.array([1]))
    assert differences(one, one) == ()


def test_each_difference_is_a_sentence() -> None:
    """In the words of who has to decide."""
    before = signature_of(
        pd.DataFrame({"age": [1, 9], "city": ["Rome", "Oslo"], "old": [1, 1], "x": [1, 2]}),
        np.array(["no"]),
    )
    after = signature_of(
        pd.DataFrame({"x": [1.0, None], "age": [2, 8], "city": ["Rome", "Bonn"], "new": [1, 1]}),
        np.array([0.5]),
    )
    assert differences(before, after) == (
        "Column old is no longer taken.",
        "Column new is new.",
        "The columns stand in another order.",
        "Column age runs from 2 to 8 instead of from 1 to 9.",
        "Column city has new categories: Bonn.",
        "Column city lacks categories: Oslo.",
        "Column x is float64 instead of int64.",
        "Column x may be missing now.",
        "Column x runs from 1 to 1 instead of from 1 to 2.",
        "The output is number instead of class label.",
    )


def test_a_few_rows_differ_in_columns_and_not_in_values() -> None:
    """Five rows of one table have other values than five others of it."""
    one, other = ({"a": [1, 2], "b": ["x", None]}, {"a": [7, 9], "b": ["y", "z"]})
    few, whole = signature_of(one, example=True), signature_of(other)
    assert differences(few, signature_of(other, example=True)) == ()
    assert differences(few, whole) == ("Column b may no longer be missing.",)
    assert differences(few, signature_of({"a": [1.5], "b": ["x"]}, example=True)) == (
        "Column a is float instead of int.",
    )


def test_many_differences_end_in_a_count() -> None:
    """A card has no room for hundreds."""
    before = signature_of({str(k): [1] for k in range(100)})
    said = differences(before, signature_of({"0": [1]}))
    assert len(said) == 21
    assert said[-1] == "79 more differences."


def test_names_with_escapes_are_said_without_them() -> None:
    """A column's name is anybody's text."""
    (said,) = differences(signature_of({}), signature_of({"\x1b[2J": [1]}))
    assert said.isprintable()
