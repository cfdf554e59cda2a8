"""Frames in memory, and the words for types, are the same everywhere."""

from pathlib import Path

import polars as pl
import pytest

from tests.datasets.reading.files import cell, text_file, workbook
from workbench.datasets.reading import frame_columns, of_frame, open_table, type_of
from workbench.datasets.table import TYPES, Table


@pytest.mark.parametrize(
    ("dtype", "word"),
    [
        (pl.Int8(), "integer"), (pl.UInt64(), "integer"), (pl.Int128(), "integer"),
        (pl.Float32(), "float"), (pl.Decimal(10, 2), "decimal"), (pl.Boolean(), "boolean"),
        (pl.String(), "text"), (pl.Date(), "date"), (pl.Datetime("ns", "UTC"), "datetime"),
        (pl.Time(), "time"), (pl.Duration("ms"), "duration"), (pl.Categorical(), "categorical"),
        (pl.Enum(["a"]), "categorical"), (pl.Binary(), "binary"), (pl.List(pl.Int8()), "list"),
        (pl.Array(pl.Int8(), 2), "list"), (pl.Struct({"a": pl.Int8()}), "struct"),
        (pl.Null(), "null"), (pl.Object(), "other"),
    ],
)  # fmt: skip
def test_every_type_has_one_word(dtype: pl.DataType, word: str) -> None:
    """Of those a screen knows."""
    assert type_of(dtype) == word
    assert word in TYPES


def test_a_frame_is_a_table() -> None:
    """In one piece, any column alone."""
    frame = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    table = of_frame(frame)
    assert isinstance(table, Table)
    assert (table.rows, table.columns) == (2, frame_columns(frame))
    assert next(table.batches(["b"])).columns == ["b"]
    assert table.head(1).rows() == [(1, "x")]


def test_every_format_keeps_the_contract(tmp_path: Path) -> None:
    """And gives the same rows through batches and as the first ones."""
    frame = pl.DataFrame({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    frame.write_parquet(tmp_path / "t.parquet")
    frame.write_ipc(tmp_path / "t.arrow")
    frame.write_ndjson(tmp_path / "t.jsonl")
    frame.write_csv(tmp_path / "t.csv")
    text_file(tmp_path, frame.write_csv(separator="\t"), "t.tsv")
    rows = [cell(f"A{k}", a) + cell(f"B{k}", b) for k, (a, b) in enumerate(frame.rows(), 2)]
    workbook(tmp_path / "t.xlsx", {"S": [cell("A1", "a") + cell("B1", "b"), *rows]})
    for name in ("t.parquet", "t.arrow", "t.jsonl", "t.csv", "t.tsv", "t.xlsx"):
        table = open_table(tmp_path / name)
        assert isinstance(table, Table), name
        assert pl.concat(list(table.batches())).equals(frame), name
        assert pl.concat(list(table.batches(["b"]))).equals(frame.select("b")), name
        assert table.head(2).equals(frame.head(2)), name
        assert [column.type for column in table.columns] == ["integer", "text"], name
