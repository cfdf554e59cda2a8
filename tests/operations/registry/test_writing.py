"""Models in memory written to files: skops first, joblib with the reason, paths as they are."""

import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.cluster import Birch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from workbench.errors import NotFoundError, UsageError, WorkbenchError
from workbench.operations.registry.writing import Written, is_estimator, written
from workbench.registry.ladder import look

X = np.array([[0.0], [1.0], [2.0], [3.0]])


class Forgetful(BaseEstimator):
    """Comes back with something else inside than it was written with."""

    def __init__(self) -> None:
        self.inside: object = 1

    def __setstate__(self, state: object) -> None:
        self.inside = Mute()


class Mute(BaseEstimator):
    """A type that was not there before."""


class Locked(BaseEstimator):
    """Holds what no format can keep."""

    def __init__(self) -> None:
        self.lock = threading.Lock()


def test_an_estimator_is_written_with_skops(tmp_path: Path) -> None:
    """There is nothing to explain then."""
    made = written(LogisticRegression().fit(X, [0, 0, 1, 1]), tmp_path)
    assert made == Written(tmp_path / "model.skops")
    assert look(made.path).rung == "data"


def test_what_skops_does_not_support_is_written_with_joblib(tmp_path: Path) -> None:
    """The reason is kept, and the rung is code."""
    made = written(Birch(n_clusters=2).fit(X), tmp_path)
    assert made.path == tmp_path / "model.joblib"
    assert made.why_format.startswith("Written with joblib, because skops cannot write it: Objects")
    assert look(made.path).rung == "code"
    assert not (tmp_path / "model.skops").exists()


def test_what_comes_back_with_other_types_is_written_with_joblib(tmp_path: Path) -> None:
    """A file that reads otherwise than it was written is not trusted with a model."""
    made = written(Forgetful(), tmp_path)
    assert made.path.suffix == ".joblib"
    assert "other types once it is loaded" in made.why_format


def test_what_no_format_can_keep_is_said_with_both_reasons(tmp_path: Path) -> None:
    """The hint is to write it oneself."""
    with pytest.raises(WorkbenchError, match=r"skops.*; joblib: .*lock.*yourself"):
        written(Locked(), tmp_path)


def test_a_path_is_taken_as_it_is(tmp_path: Path) -> None:
    """Whatever wrote it, and as text or as a path."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model/weights").write_bytes(b"1")
    assert written(str(tmp_path / "model"), tmp_path) == Written(tmp_path / "model")
    assert written(tmp_path / "model", tmp_path).path == tmp_path / "model"
    with pytest.raises(NotFoundError, match="no model at"):
        written(tmp_path / "missing", tmp_path)
    (tmp_path / "empty/deep").mkdir(parents=True)
    with pytest.raises(NotFoundError, match="There is no file in"):
        written(tmp_path / "empty", tmp_path)


def _own(x: np.ndarray) -> np.ndarray:
    return x


def test_what_is_defined_in_the_script_is_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever format it is written in, and not where everything has a module."""
    monkeypatch.setattr(sys.modules["__main__"], "_own", _own, raising=False)
    monkeypatch.setattr(_own, "__module__", "__main__")
    by_skops = written(make_pipeline(FunctionTransformer(_own), LogisticRegression()), tmp_path)
    by_joblib = written(
        make_pipeline(FunctionTransformer(_own), Birch(n_clusters=2)).fit(X), tmp_path
    )
    assert (by_skops.path.suffix, by_joblib.path.suffix) == (".skops", ".joblib")
    for made in (by_skops, by_joblib):
        assert made.warning.startswith("_own is defined in the script; move it to a module")
    assert not written(LogisticRegression(), tmp_path).warning


def test_models_of_other_libraries_are_to_be_saved_by_them(tmp_path: Path) -> None:
    """Guessing how to write a stranger's object would be pickling it."""
    assert not is_estimator(object())
    with pytest.raises(UsageError, match=r"not write models of type dict.* pass the path"):
        written({"weights": 1}, tmp_path)
