"""Keeping predictions from a script or a notebook."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import workbench
from tests.building import write_workspace
from tests.datasets.answering import frame
from tests.operations.registry.people import People
from workbench.datasets import predictions
from workbench.errors import NotFoundError, UsageError
from workbench.operations.registry.log_predictions import Logged

ROWS = frame(30)
DATA = pl.DataFrame({"x": [1.0, 2.0]})


def _log(root: Path, **options: object) -> Logged:
    said = {"model": "churn@3", "dataset": ("census", DATA), "workspace": root} | options
    logged = workbench.log_predictions(said.pop("frame", ROWS), **said)  # type: ignore[arg-type]
    assert logged is not None
    return logged


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    return write_workspace(tmp_path / "w")


def test_a_table_becomes_a_file_that_says_what_it_is(root: Path) -> None:
    """Model, version, dataset and its hash; columns nobody named are left out and said."""
    logged = _log(root)
    found = predictions.read(logged.path)
    assert found.about == logged.about
    assert (found.about.model, found.about.version, found.about.rows) == ("churn", 3, 30)
    assert found.about.dataset == "census"
    assert found.about.dataset_hash.startswith("sha256:")
    assert logged.left_out == ("region",)
    assert "region" in predictions.read(_log(root, segments=["region"]).path).frame.columns


def test_pandas_and_files_give_the_same_rows(root: Path, tmp_path: Path) -> None:
    """Whoever holds the table need not turn it into another."""
    expected = predictions.read(_log(root).path).frame
    table = pd.DataFrame(ROWS.to_dict(as_series=False)).set_index("row_id")
    path = tmp_path / "rows.csv"
    ROWS.write_csv(path)
    for given in (table, str(path), ROWS.lazy()):
        assert predictions.read(_log(root, frame=given).path).frame.equals(expected)


def test_in_a_run_the_version_is_the_one_registered_from_it(root: Path) -> None:
    """The dataset is one the run logged, by name or as it was returned."""
    with workbench.start_run("e", workspace=root, capture=False) as run:
        facts = run.log_dataset(DATA, "census", role="test")
        one = workbench.log_predictions(ROWS, model="churn", dataset="census")
        other = workbench.log_predictions(ROWS, model="churn", dataset=facts)
        with pytest.raises(UsageError, match="Nothing says which version of dataset 'other'"):
            workbench.log_predictions(ROWS, model="churn", dataset="other")
    for logged in (one, other):
        assert logged is not None
        assert (logged.about.run, logged.about.version) == (run.id, None)
        assert logged.about.dataset_hash == facts["hash"]


def test_a_version_that_a_model_does_not_have_is_a_wrong_argument(people: People) -> None:
    """Also in a run; what no model of the workspace is called may come from elsewhere."""
    people.register()
    assert _log(people.root, model="churn@1").about.version == 1
    assert _log(people.root, model="other@99").about.version == 99
    with pytest.raises(NotFoundError, match="churn has no version 99"):
        _log(people.root, model="churn@99")
    with (
        workbench.start_run("e", workspace=people.root, capture=False),
        pytest.raises(NotFoundError, match="Name one of: 1"),
    ):
        workbench.log_predictions(ROWS, model="churn@99", dataset=("census", DATA))


def test_a_stage_means_the_version_that_holds_it(people: People) -> None:
    """In production the version that answers is the one that holds the stage."""
    people.register()
    people.promote(1)
    timed = ROWS.with_columns(time=pl.lit(1.8e9))
    for name in ("churn@production", "models:/churn@production", "models:/churn/1"):
        logged = _log(people.root, frame=timed, model=name, role="production", dataset=None)
        assert logged.about.version == 1
        assert logged.path.name.endswith(".production.parquet")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"model": "churn"}, "does not say which version predicted"),
        ({"dataset": None}, "An evaluation needs its dataset"),
        ({"dataset": ("", DATA)}, "dataset name must not be empty"),
        ({"role": "training"}, "A role is 'evaluation' or 'production'"),
        ({"segments": ["nowhere"]}, "There is no column 'nowhere'"),
        ({"segments": "region"}, "Segments are a list"),
        ({"segments": ["probability_1"]}, "holds Float64"),
        ({"frame": ROWS.drop("row_id")}, "There is no column row_id"),
        ({"frame": 3}, "A table is needed"),
        ({"role": "production"}, "which production needs"),
        ({"model": "../x@1"}, "names no version of a model"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_written(
    root: Path, options: dict[str, object], sentence: str
) -> None:
    """In a script as in a notebook: these are mistakes of whoever wrote the call."""
    with pytest.raises(UsageError, match=sentence):
        _log(root, **options)
    assert not (root / "predictions").exists()


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    """Nothing is written beside other people's files."""
    with pytest.raises(NotFoundError, match="is not a workspace"):
        _log(tmp_path)


def test_in_a_training_a_full_disk_is_told_and_does_not_stop_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hours of training count more than the file."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(predictions, "write", full)
    with workbench.start_run("e", workspace=root, capture=False):
        assert workbench.log_predictions(ROWS, model="churn", dataset=("census", DATA)) is None
    assert "predictions of churn were not kept: No space left" in capsys.readouterr().err
    with pytest.raises(OSError, match="No space"):
        _log(root)
