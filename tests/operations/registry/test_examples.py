"""Examples of a model: at most 20 rows, what it made of them, and the signature of both."""

import json
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from workbench.errors import UsageError
from workbench.operations.registry.examples import Tried, tried
from workbench.registry.signature import hash_of, signature_of

FRAME = pd.DataFrame({"a": [0.0, 1.0, 2.0, 3.0], "b": [1, 1, 0, 0]})
CLASSIFIER = LogisticRegression().fit(FRAME, ["no", "no", "yes", "yes"])


def test_a_classifier_is_asked_for_labels_and_probabilities() -> None:
    """One row of the example has one row of outputs, a probability a class."""
    found = tried(CLASSIFIER, None, FRAME.head(2), None)
    assert found.example is not None
    assert found.example["input"] == [{"a": 0.0, "b": 1}, {"a": 1.0, "b": 1}]
    first = found.example["output"][0]
    assert set(first) == {"prediction", "probability_no", "probability_yes"}
    assert first["prediction"] == "no"
    assert first["probability_no"] + first["probability_yes"] == pytest.approx(1)
    assert found.signature is not None
    assert found.signature["output"] == {
        "kind": "class label", "dtype": "<U3", "categories": ["no", "yes"],
    }  # fmt: skip


def test_a_regressor_gives_numbers() -> None:
    """Without probabilities the rows are the predictions."""
    model = LinearRegression().fit(FRAME, [1.0, 2.0, 3.0, 4.5])
    found = tried(model, None, FRAME, None)
    assert found.example is not None
    assert found.signature is not None
    assert found.example["output"] == model.predict(FRAME).tolist()
    assert found.signature["output"]["kind"] == "number"


def test_at_most_twenty_rows_are_kept() -> None:
    """The signature is made from all of them."""
    rows = pd.DataFrame({"a": np.arange(30.0), "b": 1})
    found = tried(CLASSIFIER, None, rows, None)
    assert found.example is not None
    assert found.signature is not None
    assert (len(found.example["input"]), len(found.example["output"])) == (20, 20)
    assert found.signature["columns"][0]["max"] == 29.0


def test_outputs_that_are_given_are_not_asked_for() -> None:
    """A file cannot be asked at all; rows of shares are probabilities."""
    found = tried("model.onnx", None, FRAME, np.full((4, 2), 0.5))
    assert found.example is not None
    assert found.signature is not None
    assert found.example["output"] == [[0.5, 0.5]] * 4
    assert found.signature["output"] == {"kind": "probability", "classes": 2}


def test_a_file_without_outputs_leaves_them_open() -> None:
    """Nothing is made up."""
    found = tried("model.onnx", None, FRAME, None)
    assert found.example == {"input": FRAME.to_dict(orient="records"), "output": None}
    assert found.signature is not None
    assert found.signature["output"] is None


def test_without_anything_there_is_nothing() -> None:
    """Neither is required."""
    assert tried(CLASSIFIER, None, None, None) == Tried(None, None)


def test_a_signature_may_be_given_as_a_table_or_as_it_is() -> None:
    """The training table knows ranges that five rows do not."""
    made = signature_of(FRAME)
    assert tried(CLASSIFIER, made, None, None).signature == made
    assert tried("model.onnx", FRAME, None, None).signature == made
    with pytest.raises(UsageError, match="table"):
        tried(CLASSIFIER, 3, None, None)


def test_a_signature_of_the_example_says_of_how_many_rows() -> None:
    """It does not know whether others lack a value."""
    found = tried(CLASSIFIER, None, FRAME.head(2), None).signature
    assert found is not None
    assert (found["rows"], found["columns"][0]["nullable"]) == (2, None)
    whole = tried(CLASSIFIER, FRAME, FRAME.head(2), None).signature
    assert whole is not None
    assert ("rows" in whole, whole["columns"][0]["nullable"]) == (False, False)


@pytest.mark.parametrize(
    "model",
    [CLASSIFIER, LinearRegression().fit(FRAME, [1, 2, 3, 4]), DummyRegressor().fit(FRAME, [1] * 4)],
    ids=["classifier", "regressor", "a regressor of whole numbers"],
)
def test_however_a_signature_is_made_it_is_the_same_for_rules(model: Any) -> None:
    """A table, an example, or both: columns, types and what an estimator gives are the same."""
    made = [
        tried(model, signature, rows, None).signature
        for signature, rows in ((FRAME, None), (None, FRAME.head(1)), (FRAME, FRAME.head(2)))
    ]
    assert len({hash_of(one) for one in made if one is not None}) == 1
    given = tried(model, FRAME, FRAME.head(2), np.array([1, 2])).signature
    assert given is not None
    assert hash_of(given) == hash_of(made[0] or {})


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (np.array([[1.0, float("nan")]]), [[1.0, "NaN"]]),
        (np.array([1, 2]), [1, 2]),
        (pl.DataFrame({"a": [None], "b": ["x" * 2000]}), [{"a": None, "b": "x" * 1000}]),
        (pd.DataFrame({"a": [pd.Timestamp("2026-01-02")]}), [{"a": "2026-01-02 00:00:00"}]),
        (pd.DataFrame({"a": [np.int64(3)], "b": [[1, np.float32(2)]]}), [{"a": 3, "b": [1, 2.0]}]),
        ({"a": [1, 2], "b": ["x", "y"]}, [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]),
        (scipy.sparse.csr_matrix(np.array([[0, 5]])), [[0, 5]]),
    ],
)
def test_rows_of_every_kind_are_kept_as_json(rows: Any, kept: list[Any]) -> None:
    """By column where there are names; what JSON lacks is text."""
    found = tried("model.onnx", None, rows, None)
    assert found.example is not None
    assert found.example["input"] == kept
    json.dumps(found.example, allow_nan=False)


def test_very_wide_rows_are_fewer() -> None:
    """An event is a card, not a table."""
    found = tried("model.onnx", None, np.zeros((20, 10_000)), None)
    assert found.example is not None
    assert len(found.example["input"]) == 2
