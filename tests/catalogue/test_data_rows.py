"""Rows of data files: every page is the rows it says, in any order, over any number of files."""

import csv
import os
import threading
from pathlib import Path

import polars as pl
import pytest

from tests.catalogue.data_building import every_kind, numbers, opened
from tests.waiting import wait_for
from workbench.catalogue.data_cells import LETTERS_SHOWN
from workbench.catalogue.data_export import export
from workbench.catalogue.data_files import DataFiles, Source, SourceFile
from workbench.catalogue.data_rows import Wanted, page, values, whole
from workbench.catalogue.data_views import Arrangement, SortBy, View, arrange, count, drop, position
from workbench.errors import FormatError, NotAllowedError, StoppedError
from workbench.filters import parse_rows


def many(rows: int = 5000) -> pl.DataFrame:
    """Return rows whose values tell their number."""
    k = pl.int_range(rows, eager=True)
    return pl.DataFrame(
        {"k": k, "mod": k % 7, "text": k.cast(pl.String), "back": rows - k, "half": k / 2}
    )


def texts(files: DataFiles, view: View | None, start: int, stop: int) -> list[tuple]:
    """Return a page of every column."""
    return page(files, view, start, stop, Wanted(tuple(range(len(files.readings)))))


@pytest.mark.parametrize("group", [None, 64])
def test_a_page_is_the_rows_it_says(tmp_path, group):
    """Any stretch of rows is that stretch, whatever the row groups are."""
    files = opened(tmp_path, many(), row_group_size=group)
    assert files.rows == 5000
    for start, stop in ((0, 1), (0, 200), (63, 66), (4990, 5010), (2500, 2700), (5000, 5100)):
        found = texts(files, None, start, stop)
        assert [row[0] for row in found] == list(range(start, min(stop, 5000)))
        assert all(row[1] == row[0] and row[3] == str(row[0]) for row in found)
    files.close()


def test_many_files_are_one_table(tmp_path):
    """Rows are numbered through all files, an empty one among them; pages and views cross them."""
    parts = [many(300), many(0), many(5), many(1000)]
    names = ["b[1]/x*.parquet", "a?.parquet", "ü.parquet", "d'd.parquet"]
    files = opened(tmp_path, parts, names=names, row_group_size=100)
    assert files.rows == 1305
    expected = [k for size in (300, 0, 5, 1000) for k in range(size)]
    found = texts(files, None, 0, 2000)
    assert [row[0] for row in found] == list(range(1305))
    assert [row[1] for row in found] == expected
    assert [row[1] for row in texts(files, None, 298, 310)] == expected[298:310]
    view = arrange(files, Arrangement(sort=(SortBy(0, descending=True),)))
    ordered = sorted(range(1305), key=lambda n: (-expected[n], n))
    assert [row[0] for row in texts(files, view, 990, 1100)] == ordered[990:1100]
    assert position(files, view, 302) == ordered.index(302)
    files.close()


def test_files_of_unlike_columns_and_folders_that_name_some(tmp_path):
    """A column that one file lacks is null there; one that folders name is theirs in every row."""
    parts = [
        pl.DataFrame({"a": [1, 2], "n": pl.Series([1, 2], dtype=pl.Int32)}),
        pl.DataFrame({"n": pl.Series([2**40], dtype=pl.Int64), "z": ["late"]}),
    ]
    said = [{"year": 2023}, {"year": 2024}]
    names = ["year=2023/x.parquet", "year=2024/x.parquet"]
    files = opened(tmp_path, parts, constants=said, names=names)
    assert texts(files, None, 0, 9) == [
        (0, 1, 1, None, 2023), (1, 2, 2, None, 2023), (2, None, 2**40, "late", 2024),
    ]  # fmt: skip
    assert numbers(files, "year = 2024") == [2]
    assert numbers(files, "z IS NULL AND year < 2024", sort=(SortBy(1, descending=True),)) == [1, 0]
    assert whole(files, 2, Wanted((3, 2))) == (2024, "late")
    files.close()


def test_an_order_is_stable_and_puts_what_has_no_place_last(tmp_path):
    """Nulls and NaN come last both ways; what is equal keeps the order of the file."""
    frame = pl.DataFrame({"x": [2.0, float("nan"), None, 1.0, 2.0, float("-inf")], "y": [0] * 6})
    files = opened(tmp_path, frame)
    assert numbers(files, sort=(SortBy(0),)) == [5, 3, 0, 4, 1, 2]
    assert numbers(files, sort=(SortBy(0, descending=True),)) == [0, 4, 3, 5, 1, 2]
    assert numbers(files, sort=(SortBy(1), SortBy(0))) == [5, 3, 0, 4, 1, 2]
    files.close()


@pytest.mark.parametrize("dtype", [pl.Float64, pl.Float32])
def test_nan_is_found_where_the_statistics_of_the_file_know_of_none(tmp_path, dtype):
    """Statistics in a file leave NaN out; no filter and no order is misled by them."""
    values = pl.Series([5.0, float("nan"), None, 0.5], dtype=dtype)
    files = opened(tmp_path, pl.DataFrame({"x": values}))
    assert numbers(files, "x = nan") == [1]
    assert numbers(files, "x != nan") == [0, 3]
    assert numbers(files, "NOT x = nan") == [0, 2, 3]
    assert numbers(files, "x > 0") == numbers(files, "NOT x <= 0 AND x != nan") == [0, 3]
    assert numbers(files, "x * 1 > 0") == [0, 3]
    assert numbers(files, sort=(SortBy(0, descending=True),)) == [0, 3, 1, 2]
    assert numbers(files, sort=(SortBy(0),)) == [3, 0, 1, 2]
    files.close()


def test_columns_that_differ_in_the_case_of_letters_are_different(tmp_path):
    """Names are those of the file, whatever DuckDB makes of them."""
    files = opened(tmp_path, pl.DataFrame({"a": [1, 2], "A": [3, 4], "a b\"c'": [5, 6]}))
    assert texts(files, None, 1, 2) == [(1, 2, 4, 6)]
    assert numbers(files, "A = 3") == [0]
    assert numbers(files, "`a b\"c'` = 6") == [1]
    files.close()


def test_every_kind_of_value_leaves_as_something_exact(tmp_path):
    """No kind of column breaks a page; moments and nested values are text."""
    files = opened(tmp_path, every_kind())
    names = [reading.column.name for reading in files.readings]
    row = dict(zip(["n", *names], texts(files, None, 4, 5)[0], strict=True))
    assert (row["whole"], row["small"], str(row["exact"])) == (2**53 + 1, 4, "1.13")
    assert (row["day"], row["at"]) == ("2024-03-05", "2024-03-02 00:00:00")
    assert (row["zoned"], row["fine"]) == ("2024-03-02 01:00:00", "2024-03-02 00:00:00")
    assert (row["clock"], row["took"], row["bytes"]) == ("04:30:00", 7_200_000_000, 1)
    assert (row["list"], row["record"], row["never"]) == ("[null]", '{"a":4,"b":"x"}', None)
    assert texts(files, None, 0, 1)[0][1 + names.index("single")] == "0.1"
    assert all(value is None for value in texts(files, None, 5, 6)[0][1:])
    for place in range(len(names)):  # every column can be ordered by
        assert len(numbers(files, sort=(SortBy(place),))) == 8
    files.close()


def test_repeated_rows_are_found_by_their_values(tmp_path):
    """Equal rows stand side by side, the first of them first; nulls and NaN equal their like."""
    nan = float("nan")
    frame = pl.DataFrame(
        {"a": [1, 2, 1, None, 3, None, 1], "b": [nan, 1.0, nan, None, 2.0, None, nan],
         "c": [[1], [2], [1], None, [3], None, [9]]}
    )  # fmt: skip
    files = opened(tmp_path, frame)
    assert numbers(files, only="duplicates") == [0, 2, 3, 5]
    assert numbers(files, only="duplicates", places=(0,)) == [0, 2, 6, 3, 5]
    assert numbers(files, "a = 1", only="duplicates", places=(1,)) == [0, 2, 6]
    assert numbers(files, only="duplicates", sort=(SortBy(0, descending=True),)) == [0, 2, 3, 5]
    assert numbers(files, only="nulls") == [3, 5]
    assert numbers(files, only="nulls", places=(1,)) == [3, 5]
    files.close()


def test_repeats_agree_with_polars(tmp_path):
    """Over many rows the repeated ones are those another engine finds."""
    frame = many().select(pl.col("mod"), (pl.col("k") // 3 % 500).alias("third"))
    files = opened(tmp_path, frame, row_group_size=512)
    expected = [n for n, twice in enumerate(frame.is_duplicated()) if twice]
    assert sorted(numbers(files, only="duplicates")) == expected
    files.close()


def test_long_texts_are_cut_on_a_page_and_whole_when_asked_for(tmp_path):
    """A page holds what a line may show; one letter more says that it was cut."""
    files = opened(tmp_path, pl.DataFrame({"t": ["é" * 5000, "short"]}))
    assert len(texts(files, None, 0, 1)[0][1]) == LETTERS_SHOWN + 1
    assert whole(files, 0, Wanted((0,), letters=10_000)) == ("é" * 5000,)
    files.close()


def test_masked_columns_are_never_read(tmp_path):
    """Of a masked column nothing leaves but whether there is a value."""
    files = opened(tmp_path, pl.DataFrame({"s": ["secret", None], "t": ["x", "y"]}))
    wanted = Wanted((0, 1), frozenset({0}), "•••")
    assert page(files, None, 0, 2, wanted) == [(0, "•••", "x"), (1, None, "y")]
    assert whole(files, 0, wanted) == ("•••", "x")
    arrangement = Arrangement(where=parse_rows("secret", [r.column for r in files.readings]))
    assert arrange(files, arrangement).rows == 1
    assert arrange(files, arrangement._replace(hidden=frozenset({0}))).rows == 0
    files.close()


def test_rows_are_counted_found_and_sampled(tmp_path):
    """A count is that of the view it would be; a row is found where it stands."""
    files = opened(tmp_path, many())
    where = parse_rows("mod = 3", [reading.column for reading in files.readings])
    view = arrange(files, Arrangement(where=where))
    assert count(files, Arrangement(where=where)) == view.rows == 714
    assert position(files, view, 10) == 1
    assert position(files, view, 11) is None
    assert position(files, View("", files.rows), 4999) == 4999
    assert position(files, View("", files.rows), 5000) is None
    assert values(files, 1, most=3) == ["0", "1", "2"]
    drop(files, view)
    files.close()


def test_a_file_that_changed_is_not_read_on(tmp_path):
    """Rows of two states of a file are never shown together."""
    files = opened(tmp_path, many())
    texts(files, None, 0, 10)
    many(10).write_parquet(tmp_path / "part-0.parquet")
    with pytest.raises(FormatError, match="changed"):
        texts(files, None, 100, 110)
    with pytest.raises(FormatError, match="changed"):
        arrange(files, Arrangement(only="nulls"))
    (tmp_path / "part-0.parquet").unlink()
    with pytest.raises(FormatError, match="changed"):
        whole(files, 1, Wanted((0,)))
    files.close()


def test_another_file_of_the_same_size_and_time_is_not_read_on(tmp_path):
    """Put in its place by a copy that keeps times, it still is another file."""
    files = opened(tmp_path, many())
    place, other = tmp_path / "part-0.parquet", tmp_path / "other"
    facts = place.stat()
    other.write_bytes(place.read_bytes())
    os.utime(other, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    other.replace(place)
    with pytest.raises(FormatError, match="changed"):
        texts(files, None, 100, 110)
    files.close()


def test_what_is_no_parquet_is_said_in_a_sentence(tmp_path):
    """A cut file is an error with a reason and leaves nothing open."""
    path = tmp_path / "part-0.parquet"
    opened(tmp_path, many()).close()
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(FormatError, match="cannot be read"):
        DataFiles(Source((SourceFile(path, frozenset({"k"})),), ()), tmp_path / "spill")


def test_an_answer_under_way_is_stopped(tmp_path):
    """Stopping ends a long answer, and the next one is whole."""
    k = pl.int_range(400_000, eager=True)
    files = opened(tmp_path, pl.DataFrame({"t": k.hash().cast(pl.String), "u": k.cast(pl.String)}))
    answers: list[View | None] = []
    wanted = Arrangement(only="duplicates", sort=(SortBy(0), SortBy(1)))

    def ask() -> None:
        for _ in range(40):
            answers.append(arrange(files, wanted))
            if answers[-1] is None:
                return

    thread = threading.Thread(target=ask)
    thread.start()

    def over() -> bool:
        files.stop("arrange")
        return not thread.is_alive()

    wait_for(over)
    thread.join()
    assert None in answers
    assert arrange(files, wanted).rows == 0
    files.close()


def test_files_are_closed_under_whoever_reads_them(tmp_path):
    """Closing waits for nobody: questions under way end with an error of ours, or were answered."""
    files = opened(tmp_path, many(200_000))
    wrong: list[BaseException] = []
    asked = threading.Event()

    def ask() -> None:
        try:
            for place in range(10_000):
                texts(files, None, place, place + 300)
                asked.set()
        except (FormatError, StoppedError) as error:
            wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    asked.wait()
    files.close()
    for thread in threads:
        thread.join()
    assert len(wrong) == 3


def test_closing_leaves_nothing_behind(tmp_path):
    """What was written aside goes with the reader."""
    files = opened(tmp_path, many())
    (tmp_path / "spill").mkdir()
    (tmp_path / "spill" / "left.tmp").touch()
    files.close()
    assert not (tmp_path / "spill").exists()


def test_a_view_is_exported_in_its_order_and_masked(tmp_path):
    """CSV holds whole values in the order shown, no text is a formula, nothing of a mask."""
    frame = pl.DataFrame(
        {"k": [1, 2, 3], "t": ["=cmd()", "-1.5", "x" * 1000], "s": ["a", None, "b"],
         "l": [[1], None, [2, 3]], "d": [1.5, float("nan"), None]}
    )  # fmt: skip
    files = opened(tmp_path, frame)
    view = arrange(files, Arrangement(sort=(SortBy(0, descending=True),)))
    wanted = Wanted((0, 1, 2, 3, 4), frozenset({2}), "•••")
    assert export(files, view, tmp_path / "out.csv", wanted)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        assert list(csv.reader(lines)) == [
            ["k", "t", "s", "l", "d"], ["3", "x" * 1000, "•••", "[2,3]", ""],
            ["2", "-1.5", "", "", "nan"], ["1", "'=cmd()", "•••", "[1]", "1.5"],
        ]  # fmt: skip
    assert export(files, view, tmp_path / "out.parquet", Wanted((3, 0)), "parquet")
    assert pl.read_parquet(tmp_path / "out.parquet").rows() == [([2, 3], 3), (None, 2), ([1], 1)]
    assert not list(tmp_path.glob(".*"))
    files.close()


def test_many_files_are_exported_in_their_order(tmp_path):
    """Without an order the rows leave as they lie, file after file."""
    files = opened(tmp_path, [many(700), many(900)], row_group_size=50)
    assert export(files, View("", files.rows), tmp_path / "o.parquet", Wanted((0,)), "parquet")
    assert pl.read_parquet(tmp_path / "o.parquet")["k"].to_list() == [*range(700), *range(900)]
    files.close()


def test_no_name_of_a_column_is_a_formula_in_csv(tmp_path):
    """In Parquet it stays what it is."""
    names = ["=cmd|' /C calc'!A0", "-1", "k"]
    files = opened(tmp_path, pl.DataFrame({name: [1] for name in names}))
    for form in ("csv", "parquet"):
        assert export(files, View("", 1), tmp_path / f"o.{form}", Wanted((0, 1, 2)), form)
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as lines:
        assert next(csv.reader(lines)) == [f"'{names[0]}", *names[1:]]
    assert pl.read_parquet(tmp_path / "o.parquet").columns == names
    files.close()


def test_an_export_that_cannot_be_written_is_an_error(tmp_path):
    """A folder that is not there, or may not be written to, is named; nothing is left."""
    files = opened(tmp_path, many(10))
    with pytest.raises(NotAllowedError, match="cannot be written"):
        export(files, View("", 10), Path(tmp_path / "no" / "o.csv"), Wanted((0,)))
    files.close()
