"""Whatever bytes a file has: a table, or one sentence; never another exception."""

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import rmtree

import numpy as np
import polars as pl
import pytest

from tests.datasets.reading.files import cell, text_file, workbook
from workbench.datasets.reading import columnar, open_table
from workbench.errors import FormatError, WorkbenchError

_ROWS = 200
_NAMES = ("a.parquet", "a.arrow", "a.arrows", "a.csv", "a.csv.gz", "a.jsonl", "a.xlsx", "a.db")


def _whole(folder: Path, name: str) -> bytes:
    """Return a file as it should be."""
    frame = pl.DataFrame({"a": range(_ROWS), "b": [f"x{k}" for k in range(_ROWS)]})
    path = folder / name
    if name == "a.parquet":
        frame.write_parquet(path, row_group_size=50)
    elif name == "a.arrow":
        frame.write_ipc(path)
    elif name == "a.arrows":
        frame.write_ipc_stream(path)
    elif name == "a.jsonl":
        frame.write_ndjson(path)
    elif name == "a.xlsx":
        workbook(path, {"S": [cell(f"A{k}", k) + cell(f"B{k}", "x") for k in range(1, 50)]})
    elif name == "a.db":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE t (a, b)")
            connection.executemany("INSERT INTO t VALUES (?, ?)", frame.rows())
            connection.commit()
    else:
        data = frame.write_csv().encode()
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith("gz") else data)
    return path.read_bytes()


def _damaged(data: bytes, rng: np.random.Generator) -> bytes:
    """Return bytes that were cut, flipped, or had others put into them."""
    made = bytearray(data)
    at = int(rng.integers(len(made)))
    way = rng.integers(3)
    if way == 0:
        return bytes(made[:at])
    if way == 1:
        for place in rng.integers(len(made), size=8):
            made[place] = int(rng.integers(256))
        return bytes(made)
    made[at : at + int(rng.integers(40))] = rng.bytes(int(rng.integers(40)))
    return bytes(made)


@pytest.mark.parametrize("name", _NAMES)
def test_damaged_files_give_a_table_or_a_sentence(tmp_path: Path, name: str) -> None:
    """Forty ways of each format; the sentence is one line."""
    rng = np.random.default_rng(7)
    whole = _whole(tmp_path, name)
    home = tmp_path / "damaged"
    home.mkdir()
    told = 0
    for _ in range(40):
        path = text_file(home, _damaged(whole, rng), name)
        try:
            list(columnar(open_table(path), tmp_path / "copy").batches())
        except WorkbenchError as error:
            told += "\n" not in error.message
        else:
            told += 1
        rmtree(tmp_path / "copy", ignore_errors=True)
    assert told == 40


def test_names_and_values_that_steer_a_terminal_are_told_harmlessly(tmp_path: Path) -> None:
    """What a sentence quotes from a file has no control characters."""
    path = text_file(tmp_path, "a\x1b[2J\n" + "1\n" * 600_000 + "\x1b]0;x\x07\n", "x\x1b[31m.csv")
    with pytest.raises(FormatError) as raised:
        list(open_table(path).batches())
    assert "\x1b" not in str(raised.value)
    assert "\x07" not in str(raised.value)


def test_a_file_without_a_line_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    """It is no table, however long it goes on."""
    path = text_file(tmp_path, b"a,b\n" + b"x" * (40 << 20))
    with pytest.raises(FormatError, match="has no line end in 32 MB after line"):
        columnar(open_table(path), tmp_path / "copy")


def test_thousands_of_columns_are_read(tmp_path: Path) -> None:
    """As text, and as Parquet."""
    names = [f"c{k}" for k in range(3000)]
    path = text_file(tmp_path, "\n".join([",".join(names), *[",".join(map(str, range(3000)))] * 5]))
    table = columnar(open_table(path), tmp_path / "copy")
    frame = pl.concat(list(table.batches()))
    assert frame.shape == (5, 3000)
    assert frame.row(4) == tuple(range(3000))


def test_parquet_with_two_columns_of_one_name_is_told(tmp_path: Path) -> None:
    """Nobody could say which is meant."""
    path = tmp_path / "a.parquet"
    pl.DataFrame({"xya": [1], "xyb": [2]}).write_parquet(path, statistics=False)
    path.write_bytes(path.read_bytes().replace(b"xyb", b"xya"))
    with pytest.raises(FormatError, match=r"a\.parquet cannot be read: .*xya"):
        open_table(path)


def test_a_row_that_never_ends_is_refused_at_once(tmp_path: Path) -> None:
    """A megabyte of one repeated name is no header; the sentence says where to look."""
    path = tmp_path / "line.csv"
    path.write_bytes(b"a," * 2_000_000)
    with pytest.raises(FormatError, match=r"over 50,000 cells"):
        open_table(path)


def test_a_name_that_repeats_thousands_of_times_is_told_briefly(tmp_path: Path) -> None:
    """Each column has a name of its own, and the first few are said."""
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["a"] * 40_000) + "\n" + ",".join(["1"] * 40_000) + "\n", "utf-8")
    table = open_table(path)
    assert len({column.name for column in table.columns}) == 40_000
    said = dict(table.said)["renamed"]
    assert said.startswith("a → a_2, a → a_3")
    assert said.endswith("and 39,989 more")
