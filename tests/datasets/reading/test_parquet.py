"""Parquet: files and folders of them, a part at a time, and broken ones in one sentence."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.datasets.reading.files import all_of, text_file
from workbench.datasets.reading import ColumnarTable, columnar, open_table
from workbench.datasets.reading.parquet_footer import read_footer
from workbench.datasets.reading.parts import MOST_CELLS, Stretch, finer, stretches
from workbench.errors import FormatError, NotFoundError

_FRAME = pl.DataFrame({"n": range(10), "t": [f"v{k}" for k in range(10)]})


def _opened(path: Path) -> ColumnarTable:
    table = open_table(path)
    assert isinstance(table, ColumnarTable)
    return table


def test_a_file_is_read_in_stretches_of_row_groups(tmp_path: Path) -> None:
    """Small groups together, as far as the footer says."""
    frame = pl.DataFrame({"n": range(700_000)})
    frame.write_parquet(tmp_path / "a.parquet", row_group_size=100_000)
    table = _opened(tmp_path / "a.parquet")
    assert table.part_rows == (200_000, 200_000, 200_000, 100_000)
    assert [len(batch) for batch in table.batches(["n"])] == list(table.part_rows)
    assert all_of(table).equals(frame)
    assert (table.rows, table.columnar, table.paths) == (700_000, True, (tmp_path / "a.parquet",))


@pytest.mark.parametrize("compression", ["uncompressed", "zstd", "snappy", "gzip"])
def test_the_footer_says_how_many_rows_each_group_has(tmp_path: Path, compression: str) -> None:
    """Nested types, statistics and metadata are stepped over."""
    path = tmp_path / "a.parquet"
    frame = pl.DataFrame(
        {"a": [1, 2, 3, 4, 5], "l": [[1], [], None, [2, 3], [4]], "s": [{"x": "é"}] * 5,
         "d": [datetime(2013, 1, 1)] * 5, "b": [True, None, False, True, True]}  # noqa: DTZ001
    )  # fmt: skip
    frame.write_parquet(path, compression=compression, row_group_size=2, metadata={"k": "v" * 300})  # type: ignore[call-overload]
    assert read_footer(path) == (5, (2, 2, 1))
    assert all_of(_opened(path)).equals(frame)


def test_stretches_cover_every_row_once() -> None:
    """Large groups are cut, small ones joined, and many columns make batches shorter."""
    groups = (10, 300_000, 5_000_000, 1, 2, 3)
    made = stretches(groups, sum(groups))
    assert [one.start for one in made] == [
        0,
        *[sum(m.rows for m in made[:k]) for k in range(1, len(made))],
    ]
    assert sum(one.rows for one in made) == sum(groups)
    assert stretches((), 0) == stretches(None, 0) == (Stretch(0, 0),)
    cut = list(finer(Stretch(5, 3_000_000), 100))
    assert max(one.rows for one in cut) == MOST_CELLS // 100
    assert (cut[0].start, sum(one.rows for one in cut)) == (5, 3_000_000)


def test_an_empty_file_is_a_table_without_rows(tmp_path: Path) -> None:
    """With its columns."""
    pl.DataFrame(schema={"a": pl.Int64}).write_parquet(tmp_path / "a.parquet")
    table = _opened(tmp_path / "a.parquet")
    assert (table.rows, all_of(table).schema) == (0, {"a": pl.Int64})


def test_parquet_is_its_own_columnar_copy(tmp_path: Path) -> None:
    """Nothing is written."""
    _FRAME.write_parquet(tmp_path / "a.parquet")
    table = _opened(tmp_path / "a.parquet")
    assert columnar(table, tmp_path / "copy") is table
    assert not (tmp_path / "copy").exists()


def _hive(folder: Path) -> Path:
    for k, (year, place) in enumerate(
        [("2013", "07"), ("2013", "a%2Fb"), ("2014", "__HIVE_DEFAULT_PARTITION__")]
    ):
        home = folder / f"year={year}" / f"place={place}"
        home.mkdir(parents=True)
        pl.DataFrame({"n": [k, k]}).write_parquet(home / "x.parquet")
    text_file(folder, "", "_SUCCESS")
    text_file(folder, "words", "README.md")
    return folder


def test_folders_named_key_value_become_columns(tmp_path: Path) -> None:
    """Typed like text in a CSV: years are numbers, 07 is a code; nothing of the path above."""
    table = _opened(_hive(tmp_path / "above=1" / "data"))
    assert [column[:2] for column in table.columns] == [
        ("n", "integer"), ("year", "integer"), ("place", "text"),
    ]  # fmt: skip
    assert all_of(table).rows() == [
        (0, 2013, "07"), (0, 2013, "07"), (1, 2013, "a/b"), (1, 2013, "a/b"),
        (2, 2014, None), (2, 2014, None),
    ]  # fmt: skip
    assert [batch["year"].to_list() for batch in table.batches(["year"])] == [
        [2013] * 2,
        [2013] * 2,
        [2014] * 2,
    ]
    assert dict(table.said) == {"left out": "README.md", "from folders": "year, place"}
    assert table.head(3).rows()[-1] == (1, 2013, "a/b")


def test_types_are_brought_together_where_nothing_is_lost(tmp_path: Path) -> None:
    """A column that a file does not have is null there, and that is said."""
    pl.DataFrame({"n": [1], "x": [0.5]}, schema={"n": pl.Int16, "x": pl.Float32}).write_parquet(
        tmp_path / "1.parquet"
    )
    pl.DataFrame(
        {"n": [1 << 31], "x": [0.1], "z": ["a"]}, schema_overrides={"n": pl.UInt32}
    ).write_parquet(tmp_path / "2.parquet")
    table = _opened(tmp_path)
    assert all_of(table).rows() == [(1, 0.5, None), (1 << 31, 0.1, "a")]
    assert ("missing", "z, in 1 of 2 files") in table.said
    assert [column.dtype for column in table.columns] == ["Int64", "Float64", "String"]


def test_types_that_do_not_go_together_are_told(tmp_path: Path) -> None:
    """With the column and the file."""
    pl.DataFrame({"n": [1]}).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame({"n": ["a"]}).write_parquet(tmp_path / "2.parquet")
    with pytest.raises(FormatError, match=r"Column 'n' is String in 2\.parquet, and Int64 before"):
        open_table(tmp_path)


@pytest.mark.parametrize("kept", [4, 11, 60, -1])
def test_a_cut_file_is_told(tmp_path: Path, kept: int) -> None:
    """It may still be being written."""
    path = tmp_path / "a.parquet"
    _FRAME.write_parquet(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(FormatError, match=r"a\.parquet is cut off, or is still being written"):
        open_table(path)


def test_a_damaged_description_is_told(tmp_path: Path) -> None:
    """Whatever stands in it: lengths beyond the file, kinds there are not, no end."""
    path = tmp_path / "a.parquet"
    _FRAME.write_parquet(path)
    whole = path.read_bytes()
    size = int.from_bytes(whole[-8:-4], "little")
    start = len(whole) - 8 - size
    for at in range(start, len(whole) - 8, 7):
        data = bytearray(whole)
        data[at : at + 3] = b"\xff\xff\xff"
        path.write_bytes(data)
        with suppress(FormatError):
            assert all_of(open_table(path)).height == _FRAME.height
    path.write_bytes(whole[:-8] + (1 << 31).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(FormatError, match="its description cannot have"):
        open_table(path)


def test_a_damaged_part_is_told_with_its_rows(tmp_path: Path) -> None:
    """When it is read, as it opens well."""
    path = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(100_000)}).write_parquet(path)
    data = bytearray(path.read_bytes())
    data[100:5000] = b"\xff" * 4900
    path.write_bytes(data)
    with pytest.raises(FormatError, match=r"a\.parquet, rows 1 to 100,000, cannot be read: "):
        all_of(open_table(path))


def test_a_file_that_was_written_anew_is_told(tmp_path: Path) -> None:
    """Half of one and half of another is no table."""
    path = tmp_path / "a.parquet"
    _FRAME.write_parquet(path)
    table = open_table(path)
    pl.concat([_FRAME, _FRAME]).write_parquet(path)
    with pytest.raises(FormatError, match=r"a\.parquet changed while it was read"):
        all_of(table)
    path.unlink()
    with pytest.raises(FormatError, match=r"a\.parquet was removed while it was read"):
        all_of(table)


def test_only_columns_there_are_can_be_read(tmp_path: Path) -> None:
    """Others are named."""
    _FRAME.write_parquet(tmp_path / "a.parquet")
    table = _opened(tmp_path / "a.parquet")
    assert next(table.batches(["t"])).columns == ["t"]
    with pytest.raises(NotFoundError, match="There is no column 'u'"):
        next(table.batches(["u"]))
