"""Filling in what the standard library could not say of a dataset."""

from pathlib import Path

import polars as pl
import pytest

import workbench
from workbench.operations import run_detail
from workbench.operations.session import open_session

FRAME = pl.DataFrame({"x": [1.0, 2.0, 3.0], "y": ["a", "b", None]})


@pytest.fixture(name="data")
def _data(tmp_path: Path) -> Path:
    path = tmp_path / "train.parquet"
    FRAME.write_parquet(path)
    return path


def _detail(workspace: Path) -> run_detail.RunDetail:
    with open_session(workspace, in_memory=True) as session:
        session.sweep()
        return run_detail.detail(session, 1)


def _log(workspace: Path, data: Path) -> None:
    with workbench.start_run("e", workspace=workspace, capture=False) as run:
        run.log_dataset(str(data), name="train")


def test_rows_and_columns_are_read_where_the_file_still_is(tmp_path: Path, data: Path) -> None:
    """A script with nothing but the standard library names the file; the reader counts it."""
    _log(tmp_path / "w", data)
    (dataset,) = _detail(tmp_path / "w").record.datasets
    assert dataset.rows == 3
    assert dataset.columns == (("x", "Float64"), ("y", "String"))


def test_a_file_that_is_gone_leaves_the_rows_unknown(tmp_path: Path, data: Path) -> None:
    """What is not known is not guessed."""
    _log(tmp_path / "w", data)
    data.unlink()
    (dataset,) = _detail(tmp_path / "w").record.datasets
    assert dataset.rows is None


def test_a_file_that_is_no_table_leaves_what_was_said(tmp_path: Path, data: Path) -> None:
    """A damaged file breaks nothing."""
    _log(tmp_path / "w", data)
    data.write_bytes(b"no parquet at all")
    (dataset,) = _detail(tmp_path / "w").record.datasets
    assert dataset.rows is None
    assert dataset.name == "train"
