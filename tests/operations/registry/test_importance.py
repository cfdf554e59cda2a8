"""How much each column counts to a model, kept when it is registered."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import workbench
from tests.building import write_workspace
from workbench.errors import UsageError
from workbench.operations.registry.importance import MOST, importance_of

FRAME = pd.DataFrame(
    {
        "age": np.arange(60.0),
        "pay": np.tile([1.0, 5.0, 2.0], 20),
        "carrier": ["AA", "UA", "B6"] * 20,
    }
)
LATE = np.arange(60) > 30


def values(model: Any, given: Any = None, columns: tuple[str, ...] = ()) -> dict[str, float]:
    """Return what is kept of a model, by column."""
    found = importance_of(model, given, columns)
    return {} if found is None else found["values"]


def test_trees_say_what_they_split_by() -> None:
    """By the names of the table they were trained on."""
    model = RandomForestClassifier(n_estimators=5, random_state=0).fit(FRAME[["age", "pay"]], LATE)
    found = importance_of(model, None)
    assert found is not None
    assert found["from"] == "feature_importances_"
    assert found["values"]["age"] > 0.5 > found["values"]["pay"]


def test_weights_count_by_their_size() -> None:
    """Whatever their sign; those of several classes are added up."""
    model = LogisticRegression().fit(FRAME[["age", "pay"]], FRAME["carrier"])
    kept = values(model)
    assert kept["age"] == pytest.approx(np.abs(model.coef_).sum(axis=0)[0])


def test_what_a_pipeline_makes_of_a_column_counts_for_the_column() -> None:
    """Three columns of zeros and ones are one carrier."""
    encode = ColumnTransformer(
        [("names", OneHotEncoder(), ["carrier"]), ("rest", "passthrough", ["age", "pay"])]
    )
    model = make_pipeline(encode, LogisticRegression(max_iter=500)).fit(FRAME, LATE)
    weights = np.abs(model[-1].coef_[0])
    assert values(model) == pytest.approx(
        {"age": weights[3], "pay": weights[4], "carrier": weights[:3].sum()}
    )


def test_a_name_that_could_come_of_two_columns_is_no_guess() -> None:
    """``a_b_c`` may be ``a`` with the value ``b_c``."""
    frame = pd.DataFrame({"a": ["b_c", "x"] * 20, "a_b": ["c", "d"] * 20})
    model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(frame, LATE[:40])
    assert importance_of(model, None) is None


@pytest.mark.parametrize(
    "model",
    ["a path", make_pipeline(StandardScaler(), LogisticRegression()), object()],
    ids=["path", "unfitted", "stranger"],
)
def test_a_model_that_says_none_has_none(model: Any) -> None:
    """Every column then counts alike."""
    assert importance_of(model, None) is None


def test_weights_without_names_are_none() -> None:
    """Unless somebody says what the columns are called."""
    model = LogisticRegression().fit(FRAME[["age", "pay"]].to_numpy(), LATE)
    assert importance_of(model, None) is None
    assert list(values(model, None, ("age", "pay"))) == ["age", "pay"]


@pytest.mark.parametrize(
    "given",
    [
        {"age": 3, "pay": 1},
        [3, 1],
        np.array([3.0, 1.0]),
        pd.Series({"age": 3.0, "pay": 1.0}),
    ],
    ids=["mapping", "list", "array", "series"],
)
def test_what_the_script_says_counts(given: Any) -> None:
    """In any form that names or orders the columns."""
    found = importance_of("a path", given, ("age", "pay"))
    assert found == {"from": "importance", "values": {"age": 3.0, "pay": 1.0}}


@pytest.mark.parametrize(
    "given", [{"age": -1}, {"age": float("nan")}, {"age": 0}, {}, [1.0], "age", {"age": "much"}, 7]
)
def test_what_cannot_be_meant_is_refused(given: Any) -> None:
    """A wrong weight would hide drift of what matters."""
    with pytest.raises(UsageError):
        importance_of("a path", given, ("age", "pay"))


def test_of_very_many_columns_those_that_count_most_are_kept() -> None:
    """An event is no place for a million numbers."""
    given = {f"c{number}": float(number) for number in range(MOST + 10)}
    kept = values("a path", given)
    assert len(kept) == MOST
    assert min(kept.values()) == 10.0


def test_it_stands_in_the_event_that_registers(tmp_path: Any) -> None:
    """With where it comes from."""
    root = write_workspace(tmp_path / "w")
    model = LogisticRegression().fit(FRAME[["age", "pay"]], LATE)
    done = workbench.log_model(model, "late", importance={"age": 1.0}, workspace=root)
    assert done is not None
    assert done.event.details["importance"] == {"from": "importance", "values": {"age": 1.0}}
