"""What is recorded of a dataset, with and without libraries."""

import hashlib

import numpy as np
import pandas as pd
import polars as pl
import pytest

import workbench
from tests.client.reading import only_writer
from workbench.client import datasets
from workbench.errors import NotFoundError, UsageError


def test_a_csv_file_is_described_by_the_standard_library(start, tmp_path):
    """Path, hash, rows and column names are known; types are left to the reader."""
    file = tmp_path / "train.csv"
    file.write_text('id,"a,b"\n1,"two\nlines"\n2,x\n', encoding="utf-8")
    with start() as run:
        workbench.log_dataset(file, version="v3")
    (line,) = only_writer(run.folder).of_kind("dataset")
    assert line["hash"] == "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()
    assert (line["name"], line["role"], line["rows"]) == ("train", "training", 2)
    assert line["columns"] == [["id", ""], ["a,b", ""]]
    assert line["path"] == file.as_posix()
    assert line["version"] == "v3"


def test_other_files_have_a_hash_and_open_questions(tmp_path):
    """What needs a library to be known stays None."""
    file = tmp_path / "x.parquet"
    file.write_bytes(b"PAR1")
    facts = datasets.describe(file, None, "test", tmp_path)
    assert (facts["rows"], facts["columns"], facts["path"]) == (None, None, "x.parquet")
    assert facts["hash"].startswith("sha256:")


def test_a_folder_is_hashed_by_names_and_contents(tmp_path):
    """A renamed file is another dataset; the same files elsewhere are the same."""
    for name in ("one", "two"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub" / "a.bin").write_bytes(b"1")
    first, second = (
        datasets.describe(tmp_path / name, None, "training", tmp_path) for name in ("one", "two")
    )
    assert first["hash"] == second["hash"]
    (tmp_path / "two/sub/a.bin").rename(tmp_path / "two/sub/b.bin")
    third = datasets.describe(tmp_path / "two", None, "training", tmp_path)
    assert third["hash"] != first["hash"]
    assert third["name"] == "two"


def test_an_address_is_recorded_and_not_fetched(tmp_path):
    """What is elsewhere has a name and an address, without its query."""
    facts = datasets.describe("s3://bucket/data/t.csv?key=s3cret", None, "training", tmp_path)
    assert (facts["name"], facts["path"]) == ("t.csv", "s3://bucket/data/t.csv")
    assert facts["hash"] is None


@pytest.mark.parametrize(
    "make",
    [
        lambda values: pd.DataFrame({"a": values, "b": ["x", "y", None]}),
        lambda values: pl.DataFrame({"a": values, "b": ["x", "y", None]}),
        lambda values: pd.Series(values, name="a"),
        lambda values: pl.Series("a", values),
        np.array,
    ],
)
def test_tables_are_recognised_by_what_they_offer(make, tmp_path):
    """The same content has the same hash, another content another one."""
    one, same, other = (
        datasets.describe(make(values), "t", "training", tmp_path)
        for values in ([1, 2, 3], [1, 2, 3], [1, 2, 4])
    )
    assert one["rows"] == 3
    assert one["hash"] == same["hash"] != other["hash"]


def test_a_table_has_its_schema(tmp_path):
    """Names and types stand as the library spells them."""
    frame = pl.DataFrame({"a": [1], "b": ["x"]})
    facts = datasets.describe(frame, None, "training", tmp_path)
    assert facts["columns"] == [["a", "Int64"], ["b", "String"]]
    frame = pd.DataFrame({"a": [1.5]})
    facts = datasets.describe(frame, None, "training", tmp_path)
    assert (facts["name"], facts["columns"]) == ("dataset", [["a", "float64"]])


def test_a_table_that_refuses_to_be_hashed_has_no_hash(tmp_path):
    """Cells of any kind are no reason to fail."""
    facts = datasets.describe(pd.DataFrame({"a": [{}, []]}), None, "training", tmp_path)
    assert (facts["rows"], facts["hash"]) == (2, None)


def test_a_large_table_is_not_hashed(tmp_path, monkeypatch):
    """Hashing that would hold the script up is left out."""
    monkeypatch.setattr(datasets, "_MOST_CELLS", 2)
    facts = datasets.describe(pd.DataFrame({"a": [1, 2, 3]}), None, "training", tmp_path)
    assert (facts["rows"], facts["hash"]) == (3, None)


def test_a_large_file_is_announced(tmp_path, monkeypatch, capsys):
    """Before a long hashing a person is told what the script waits for."""
    monkeypatch.setattr(datasets, "_SLOW_BYTES", 1)
    file = tmp_path / "big.bin"
    file.write_bytes(b"xx")
    datasets.describe(file, None, "training", tmp_path)
    assert "hashing" in capsys.readouterr().err


def test_what_is_no_dataset_is_refused(tmp_path):
    """A missing path and an object that is no table say so."""
    with pytest.raises(NotFoundError, match="no dataset at"):
        datasets.describe(tmp_path / "none", None, "training", tmp_path)
    with pytest.raises(UsageError, match="a path or a table"):
        datasets.describe(object(), None, "training", tmp_path)
