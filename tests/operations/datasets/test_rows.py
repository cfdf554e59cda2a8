"""The rows of a version or a file: first rows at once, all of them later, sensitive ones masked."""

import csv
import os
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from workbench.datasets.fields import Fields
from workbench.datasets.table import Column
from workbench.errors import FilterError, FormatError, NotFoundError, StoppedError, UsageError
from workbench.operations.datasets import locate
from workbench.operations.datasets.add import add
from workbench.operations.datasets.fields import set_fields
from workbench.operations.datasets.names import parse, resolve
from workbench.operations.datasets.row_filters import equal_to
from workbench.operations.datasets.row_words import as_json, quoted, words_of
from workbench.operations.datasets.rows import BLOCK, Order, open_rows
from workbench.operations.session import Session


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Keep copies of files without a workspace among the files of the test."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))


LONG = 150_000
"""Lines of a file of which the first do not tell what is in the last."""


def lines(path: Path, rows: int = LONG) -> Path:
    """Write a CSV file in which only the last line tells that a column is text."""
    path.write_text(
        "k,v\n" + "".join(f"{k},{k / 2}\n" for k in range(rows - 1)) + f"{rows - 1},late\n", "utf-8"
    )
    return path


def scratch(tmp_path: Path) -> list[Path]:
    """Return what readers have left aside."""
    return list((tmp_path / "cache").rglob("rows/*"))


def test_a_file_of_lines_shows_its_first_rows_and_then_all(tmp_path):
    """Rows are there before anybody has counted; reading on widens a column and keeps views."""
    with open_rows(None, lines(tmp_path / "x.csv")) as rows:
        assert (rows.count, rows.at_hand, rows.complete) == (None, 1000, False)
        assert rows.page(2, 2)[0] == (2, (2, 1.0))
        before = rows.arrange(Order(sort=(("k", True),)))
        seen: list[int] = []
        rows.finish(seen.append)
        assert (rows.count, rows.at_hand, rows.complete) == (LONG, LONG, True)
        assert seen
        assert [column.type for column in rows.columns] == ["integer", "text"]
        assert rows.page(LONG - 1, 5)[0] == (LONG - 1, (LONG - 1, "late"))
        assert rows.page(0, 1, before)[0].number == 999
        assert rows.page(0, 1, rows.arrange(Order(sort=(("k", True),))))[0].number == LONG - 1
    assert not scratch(tmp_path)


def test_a_copy_is_made_once(tmp_path):
    """What was read to its end is there at once the next time, until the file changes."""
    path = lines(tmp_path / "x.csv")
    with open_rows(None, path) as rows:
        rows.finish()
    with open_rows(None, path) as rows:
        assert rows.count == LONG
    lines(path, LONG // 2)
    with open_rows(None, path) as rows:
        assert rows.count is None


def test_reading_on_is_stopped_when_somebody_leaves(tmp_path):
    """The rows at hand stay, and nothing half is kept."""
    with open_rows(None, lines(tmp_path / "x.csv")) as rows:
        with pytest.raises(StoppedError):
            rows.finish(stopped=lambda: True)
        assert (rows.count, rows.at_hand) == (None, 1000)


def test_a_file_that_breaks_off_keeps_its_first_rows(tmp_path):
    """One clear error; what could be read can still be looked at."""
    path = lines(tmp_path / "x.csv", 8 * LONG)
    path.write_text(path.read_text("utf-8") + "1,2,3,4\n", "utf-8")
    with open_rows(None, path) as rows:
        with pytest.raises(FormatError):
            rows.finish()
        assert rows.page(0, 1)[0].values == (0, 0.0)


def test_a_small_file_is_complete_at_once(tmp_path):
    """A few lines need no second reading."""
    with open_rows(None, lines(tmp_path / "x.csv", 10)) as rows:
        assert (rows.count, rows.complete) == (10, True)
        rows.finish()
        assert rows.page(9, 1)[0].values == (9, "late")


def test_an_empty_table_has_no_rows(tmp_path):
    """Columns are known; every question has an answer."""
    pl.DataFrame(schema={"a": pl.Int64, "b": pl.String}).write_parquet(tmp_path / "e.parquet")
    with open_rows(None, tmp_path / "e.parquet") as rows:
        assert (rows.count, rows.page(0, 10)) == (0, ())
        for order in (Order("a > 1"), Order(sort=(("b", True),)), Order(only="duplicates")):
            assert rows.arrange(order).rows == 0


@pytest.mark.parametrize(("name", "error"), [("no.parquet", NotFoundError), ("t.txt", FormatError)])
def test_what_is_no_table_is_an_error(tmp_path, name, error):
    """A file that is not there, or is none, is said in one sentence."""
    (tmp_path / "t.txt").write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(error):
        open_rows(None, tmp_path / name)


def test_pages_cross_the_blocks_they_are_fetched_in(tmp_path):
    """Any page of any view is the same whether it lies in one block or in two."""
    pl.DataFrame({"k": range(3 * BLOCK)}).write_parquet(tmp_path / "k.parquet")
    with open_rows(None, tmp_path / "k.parquet") as rows:
        view = rows.arrange(Order(sort=(("k", True),)))
        for start, n in ((0, 5), (BLOCK - 3, 6), (10, 2 * BLOCK), (3 * BLOCK - 1, 9)):
            there = range(start, min(start + n, 3 * BLOCK))
            assert [row.number for row in rows.page(start, n)] == list(there)
            backwards = [3 * BLOCK - 1 - k for k in there]
            assert [row.values[0] for row in rows.page(start, n, view)] == backwards


def version(session: Session, census: Path, **fields):
    """Register the census, of which the social security number is sensitive."""
    add(session, "census", census, fields=Fields(sensitive=("ssn",), **fields))
    return resolve(session, parse("census"))


def test_sensitive_columns_are_masked_and_cannot_be_asked(session, census):
    """No value leaves by a page, a row, an order, a filter, a word, a sample or an export."""
    with open_rows(session, version(session, census)) as rows:
        assert rows.title == "census@1"
        assert rows.masked == {"ssn"}
        assert rows.page(0, 1)[0].values == (0, "•••", 20.5)
        assert rows.row(3) == (3, "•••", 23.5)
        assert rows.values("ssn") == []
        for text in ("ssn = s1", "id > 3 AND ssn ~ 's'", "NOT ssn IN (s1)", "ssn LIKE 's%'"):
            with pytest.raises(FilterError, match="masked") as caught:
                rows.arrange(Order(text))
            assert text[caught.value.column :].startswith("ssn")
            with pytest.raises(FilterError, match="masked"):
                rows.matching(text)
        with pytest.raises(UsageError, match="masked"):
            rows.arrange(Order(sort=(("ssn", False),)))
        assert rows.matching("s1") == 0
        assert rows.matching("ssn IS NULL") == 0
        out = census.parent / "out.csv"
        assert rows.export(None, out, ["id", "ssn"])
        with out.open(encoding="utf-8", newline="") as found:
            assert {row["ssn"] for row in csv.DictReader(found)} == {"•••"}


def test_rows_that_repeat_tell_nothing_of_what_is_masked(session, root):
    """Which people share a number is not to be found out; whether there is one may be asked."""
    (root / "data").mkdir()
    frame = pl.DataFrame({"city": ["a", "a", "b", "c"], "ssn": ["x", "y", "x", None]})
    frame.write_parquet(root / "data/people.parquet")
    with open_rows(session, version(session, root / "data/people.parquet")) as rows:
        for columns in (("ssn",), ("city", "ssn")):
            with pytest.raises(UsageError, match="masked"):
                rows.arrange(Order(only="duplicates", columns=columns))
        assert rows.arrange(Order(only="duplicates")).rows == 2
        assert rows.arrange(Order(only="nulls", columns=("ssn",))).rows == 1
        rows.show_sensitive(shown=True)
        assert rows.arrange(Order(only="duplicates")).rows == 0
    set_fields(session, "census", {"sensitive": ["city", "ssn"]})
    hidden = open_rows(session, resolve(session, parse("census")))
    with hidden as rows, pytest.raises(UsageError, match="Every column is masked"):
        rows.arrange(Order(only="duplicates"))


def test_rows_that_are_not_those_that_were_registered_are_not_shown(session, census):
    """Other rows under a version's path are not its rows; whoever wants them names the file."""
    registered = version(session, census)
    with open_rows(session, registered) as rows:
        assert rows.doubt == ""
    pl.DataFrame({"id": [1], "ssn": ["x"], "age": [1.0]}).write_parquet(census)
    with pytest.raises(NotFoundError, match="have changed since it was registered"):
        open_rows(session, registered)
    with open_rows(None, census) as rows:
        assert rows.count == 1


def test_rows_of_a_large_file_of_another_time_are_shown_with_a_doubt(session, census, monkeypatch):
    """A large file that was touched is not read through before its rows are shown."""
    monkeypatch.setattr(locate, "SMALL", 0)
    registered = version(session, census)
    os.utime(census, ns=(1, 1))
    with open_rows(session, registered) as rows:
        assert "not compared with their hash yet" in rows.doubt


def test_sensitive_columns_are_shown_to_who_asks(session, census):
    """Unmasked, everything can be asked; masked again, nothing."""
    with open_rows(session, version(session, census), unmask=True) as rows:
        assert rows.page(1, 1)[0].values == (1, "s1", 21.5)
        assert rows.matching("ssn = s1") == 4
        rows.show_sensitive(shown=False)
        assert rows.page(1, 1)[0].values == (1, "•••", 21.5)


def test_columns_and_orders_that_are_not_there_are_errors(tmp_path):
    """A name that nobody knows is said, wherever it stands."""
    with open_rows(None, lines(tmp_path / "x.csv", 10)) as rows:
        for order in (Order(sort=(("no", False),)), Order(only="nulls", columns=("no",))):
            with pytest.raises(UsageError, match="no column"):
                rows.arrange(order)
        with pytest.raises(UsageError, match="no column"):
            rows.page(0, 1, None, ["no"])


def test_the_filter_of_a_value_finds_its_row(tmp_path):
    """Of every kind that can be compared, the value under the cursor is found again."""
    frame = pl.DataFrame(
        {"whole": [2**53 + 1, None], "real": [0.1, float("nan")], "it's `odd`": ["a'b\"c", ""],
         "ok": [True, False], "took": [timedelta(milliseconds=1500), None],
         "at": pl.Series(["2024-03-01 00:00:00.000001", None]).str.to_datetime(),
         "single": pl.Series([0.1, 2.0], dtype=pl.Float32)}
    )  # fmt: skip
    frame.write_parquet(tmp_path / "v.parquet")
    with open_rows(None, tmp_path / "v.parquet") as rows:
        for number in (0, 1):
            for column, value in zip(rows.columns, rows.row(number), strict=True):
                view = rows.arrange(Order(equal_to(column, value)))
                assert [row.number for row in rows.page(0, 9, view)] == [number], column
    assert equal_to(Column("l", "list", "List(Int64)"), "[1]") == ""


@pytest.mark.parametrize(
    ("type_", "dtype", "value", "words", "plain"),
    [
        ("integer", "Int64", 2**60, "1152921504606846976", "1152921504606846976"),
        ("integer", "Int64", -3, "-3", -3),
        ("float", "Float64", 0.1, "0.1", 0.1),
        ("float", "Float64", float("nan"), "NaN", "NaN"),
        ("float", "Float32", "-inf", "-inf", "-Infinity"),
        ("boolean", "Boolean", True, "true", True),
        ("text", "String", "", "", ""),
        ("text", "String", None, None, None),
        ("duration", "Duration(time_unit='ms')", -90_061_500, "-1 d 01:01:01.5", "-1 d 01:01:01.5"),
        ("duration", "Duration(time_unit='ns')", 1, "00:00:00.000000001", "00:00:00.000000001"),
        ("binary", "Binary", 2048, "‹2.0 kB›", "‹2.0 kB›"),
        ("list", "List(Int64)", "[1,null]", "[1,null]", [1, None]),
        ("float", "Float64", "•••", "•••", "•••"),
    ],
)
def test_a_value_in_words_and_for_programs(type_, dtype, value, words, plain):
    """A number has the digits that mean it; what JSON cannot hold is text."""
    column = Column("c", type_, dtype)
    assert words_of(column, value) == words
    assert as_json(column, value) == plain


def test_a_text_that_looks_like_nothing_is_quoted():
    """Empty, blank around, or the word null: quotes tell it from what is not there."""
    assert [quoted(text) for text in ("", " a", "null", "a b")] == ['""', '" a"', '"null"', "a b"]
