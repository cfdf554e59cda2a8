"""Any table becomes a polars frame, with what only the library at hand can say."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from workbench.datasets.tables import table_of
from workbench.errors import NotFoundError, UsageError


def test_pandas_columns_of_every_kind_keep_their_values() -> None:
    """Numbers, text, categories, times with a zone and missing integers need no Arrow."""
    table = pd.DataFrame(
        {
            "f": [1.5, np.nan], "i": [1, 2], "t": ["x", None], "b": [True, False],
            "c": pd.Categorical(["p", "q"]), "n": pd.array([1, None], dtype="Int64"),
            "at": pd.DatetimeIndex(["2026-01-01 02:00", "2026-01-02"], tz="Europe/Paris"),
        }
    )  # fmt: skip
    made = table_of(table)
    assert made.drop("at").rows() == [
        (1.5, 1, "x", True, "p", 1),
        (None, 2, None, False, "q", None),
    ]
    assert made["at"].dt.strftime("%F %T").to_list() == [
        "2026-01-01 01:00:00",
        "2026-01-01 23:00:00",
    ]


def test_a_named_index_is_a_column() -> None:
    """Row ids often stand in the index."""
    table = pd.DataFrame({"x": [1, 2]}, index=pd.Index(["a", "b"], name="row_id"))
    assert table_of(table)["row_id"].to_list() == ["a", "b"]


def test_whoever_speaks_arrow_is_read() -> None:
    """An Arrow table offers a stream, and that is all that is asked of it."""

    class Arrow:
        def __arrow_c_stream__(self, schema: object = None) -> object:
            return pl.DataFrame({"x": [1, 2]}).__arrow_c_stream__(schema)

    assert table_of(Arrow())["x"].to_list() == [1, 2]


@pytest.mark.parametrize("kind", ["parquet", "csv", "tsv"])
def test_files_are_read_by_their_ending(tmp_path: Path, kind: str) -> None:
    """Parquet, CSV and TSV."""
    path = tmp_path / f"t.{kind}"
    table = pl.DataFrame({"x": [1, 2], "y": ["a", "b"]})
    if kind == "parquet":
        table.write_parquet(path)
    else:
        table.write_csv(path, separator="," if kind == "csv" else "\t")
    assert table_of(str(path)).equals(table)


def test_lazy_frames_are_collected() -> None:
    """A lazy frame is a table too."""
    assert table_of(pl.LazyFrame({"x": [1]})).height == 1


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    """A number, a missing file, another format and a damaged file are one sentence each."""
    with pytest.raises(UsageError, match="A table is needed, not a int"):
        table_of(3)
    with pytest.raises(NotFoundError, match="There is no file"):
        table_of(tmp_path / "none.parquet")
    other, damaged = tmp_path / "t.pkl", tmp_path / "t.parquet"
    other.write_bytes(b"x")
    damaged.write_bytes(b"PAR1")
    with pytest.raises(UsageError, match="neither a parquet nor a CSV"):
        table_of(other)
    with pytest.raises(UsageError, match="cannot be read"):
        table_of(damaged)
