"""Which format a file has is told by what is in it; what cannot be read is named."""

import gzip
import os
from pathlib import Path

import polars as pl
import pytest

from tests.datasets.reading.files import all_of, read, text_file
from workbench.datasets.reading import open_table, streams
from workbench.datasets.reading.formats import format_of
from workbench.datasets.reading.streams import packing_of, pieces
from workbench.errors import FormatError, NotFoundError, UsageError


def test_content_counts_and_a_name_that_is_odd_is_said(tmp_path: Path) -> None:
    """Parquet that is called .csv is Parquet."""
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "a.csv")
    table = open_table(tmp_path / "a.csv")
    assert (table.format, table.said) == ("parquet", (("named", "a.csv is parquet inside"),))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.parquet", b"<html>", "a.parquet is not parquet, as its name says"),
        ("a.xlsx", b"a,b\n1,2\n", "a.xlsx is not excel, as its name says"),
        ("a.csv", b"\x80\x04\x95", "is a pickle, which would run what is in it"),
        ("a.feather", b"FEA1....", "is Feather of the first version"),
        ("a.h5", b"\x89HDF\r\n", "is HDF5"),
        ("a.npy", b"\x93NUMPY", "is a NumPy array"),
        ("a.csv.bz2", b"BZh9", "is packed with bzip2"),
        ("a.db", b"12345678DUCK", "is a DuckDB database"),
        ("a.parquet", b"PARE....PARE", "is encrypted Parquet"),
        ("a.zip", b"PK\x03\x04....", "begins like Excel or a zip archive"),
        ("a.csv", b"", "is empty"),
        ("a.parquet.gz", gzip.compress(b"PAR1"), "is parquet packed with gzip"),
    ],
)
def test_what_is_not_read_is_told(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    """With what to do about it."""
    path = text_file(tmp_path, content, name)
    with pytest.raises(FormatError) as raised:
        open_table(path)
    assert sentence in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.csv", b"a\n1\n", "csv"),
        ("a.csv.gz", gzip.compress(b"a\n1\n"), "csv"),
        ("a.jsonl", b'{"a":1}', "json lines"),
        ("a", b'{"a":1}', "json lines"),
        ("a.txt", b"a b\n", "csv"),
        ("A.TSV.GZ", gzip.compress(b"a\tb\n"), "csv"),
    ],
)
def test_text_is_told_by_its_ending(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    """Also within what it is packed with, and in capitals."""
    assert format_of(text_file(tmp_path, content, name)).format == word


def test_a_format_can_be_said(tmp_path: Path) -> None:
    """For a name that means something else."""
    path = text_file(tmp_path, "a,b\n1,2\n", "a.parquet")
    assert read(path, format="csv").rows() == [(1, 2)]
    with pytest.raises(UsageError, match="There is no format 'pickle'"):
        open_table(path, options={"format": "pickle"})


def test_a_folder_holds_one_table_of_one_format(tmp_path: Path) -> None:
    """Hidden files and those of other kinds are left out; two kinds of data are not one table."""
    home = tmp_path / "data"
    home.mkdir()
    for name in ("b.csv", "a.csv", ".hidden.csv", "_tmp.csv"):
        text_file(home, f"a,name\n1,{name}\n", name)
    text_file(home, "see", "notes.md")
    table = open_table(home)
    assert all_of(table)["name"].to_list() == ["a.csv", "b.csv"]
    assert ("left out", "notes.md") in table.said
    pl.DataFrame({"a": [1]}).write_parquet(home / "c.parquet")
    with pytest.raises(FormatError, match=r"a\.csv is csv, and c\.parquet is parquet"):
        open_table(home)


def test_folders_that_name_columns_of_text_tables_are_not_forgotten_silently(
    tmp_path: Path,
) -> None:
    """They are columns in Parquet alone, and elsewhere it is said that they are left out."""
    home = tmp_path / "data" / "year=2013"
    home.mkdir(parents=True)
    text_file(home, "a\n1\n")
    said = open_table(tmp_path / "data").said
    assert ("left out", "year, which only folders name (read in Parquet)") in said


def test_patterns_and_relative_paths(tmp_path: Path) -> None:
    """A pattern means the files it fits, in order of name."""
    for k in (2, 1, 3):
        text_file(tmp_path, f"a\n{k}\n", f"m{k}.csv")
    assert all_of(open_table(Path("m*.csv"), base=tmp_path))["a"].to_list() == [1, 2, 3]
    assert all_of(open_table([Path("m3.csv"), Path("m1.csv")], base=tmp_path))["a"].to_list() == [
        3,
        1,
    ]
    with pytest.raises(NotFoundError, match="There is no file or folder at"):
        open_table(tmp_path / "x*.csv")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    """It would be read for ever."""
    os.mkfifo(tmp_path / "a.csv")
    with pytest.raises(FormatError, match="is neither a file nor a folder"):
        open_table(tmp_path / "a.csv")


def _zstd(data: bytes) -> bytes:
    packed: bytes = streams._zstd().compress(data)
    return packed


@pytest.mark.parametrize("pack", [gzip.compress, _zstd], ids=["gzip", "zstd"])
def test_what_swells_beyond_all_measure_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: object
) -> None:
    """Somebody made it to fill a disk; a table of repetition alone is still read."""
    monkeypatch.setattr(streams, "_FREE", 100_000)
    path = text_file(tmp_path, pack(b"a\n" + b"1\n" * 50_000_000), "a.csv.gz")  # type: ignore[operator]
    with pytest.raises(FormatError, match="unpacks to more than 400 times its size"):
        for _ in pieces(path, packing_of(path)):
            pass
    monkeypatch.undo()
    small = text_file(tmp_path, pack(b"a\n" + b"1\n" * 1_000_000), "b.csv")  # type: ignore[operator]
    assert read(small).height == 1_000_000


@pytest.mark.parametrize("pack", [gzip.compress, _zstd], ids=["gzip", "zstd"])
def test_packed_data_that_is_cut_or_damaged_is_told(tmp_path: Path, pack: object) -> None:
    """With what it is packed with."""
    whole = pack(b"a,b\n" + b"1,2\n3,4\n" * 100_000)  # type: ignore[operator]
    path = text_file(tmp_path, whole[:-12], "a.csv")
    with pytest.raises(FormatError, match=r"a\.csv is (cut off|damaged)"):
        read(path)
    path = text_file(tmp_path, whole[:20] + b"\xff" * 20 + whole[40:], "a.csv")
    with pytest.raises(FormatError, match=r"a\.csv is (cut off|damaged)"):
        read(path)
