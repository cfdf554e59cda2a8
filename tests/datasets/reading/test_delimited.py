"""CSV and TSV: what was found out is said, and no value is made up or lost."""

import gzip
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.datasets.reading.files import all_of, read, text_file
from workbench.datasets.reading import columnar, open_table, read_as
from workbench.datasets.reading.lines import BLOCK, FIRST, Lines, counted, row_blocks
from workbench.errors import FormatError, UsageError


def test_separator_encoding_and_decimal_are_found_out_and_said(tmp_path: Path) -> None:
    """A file as Excel writes it in Germany, with numbers where numbers are."""
    path = text_file(tmp_path, "id;größe;preis\n007;1,5;2\n008;2,25;1\n".encode("cp1252"))
    table = open_table(path)
    assert dict(table.said) == {
        "separator": ";", "encoding": "windows-1252", "decimal": ",", "header": "yes",
    }  # fmt: skip
    assert [column[:2] for column in table.columns] == [
        ("id", "text"), ("größe", "float"), ("preis", "integer"),
    ]  # fmt: skip
    assert read(path).rows() == [("007", 1.5, 2), ("008", 2.25, 1)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_told(tmp_path: Path, separator: str) -> None:
    """By the rows it cuts into equally many fields, also with commas in a text."""
    rows = [["a", "b", "c"], ["1", '"x, y; z"', "2"], ["3", "u", "4"]]
    path = text_file(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert read(path).rows() == [(1, "x, y; z", 2), (3, "u", 4)]


def test_a_comma_that_may_be_of_thousands_is_not_taken_for_a_decimal_sign(tmp_path: Path) -> None:
    """1,500 is 1500 or 1.5; it stays text until somebody says which."""
    path = text_file(tmp_path, "a;b\n1,500;x\n2,750;y\n")
    assert read(path).rows()[0] == ("1,500", "x")
    said = "'1,500' may be of thousands or decimal: say the option decimal as ,"
    assert ("text", said) in open_table(path).said
    assert read(path, decimal=",").rows()[0] == (1.5, "x")


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ("1.234,50;0.5\n7,5;0.25\n", "1.234,50"),
        ("1.234,50;x\n7,5;y\n", "1.234,50"),
        ("1,234.50;x\n7.5;y\n", "1,234.50"),
    ],
)
def test_a_number_with_its_thousands_apart_is_text_and_that_is_said(
    tmp_path: Path, rows: str, number: str
) -> None:
    """Whatever the decimal sign; what has none of them is told nothing."""
    path = text_file(tmp_path, "a;b\n" + rows)
    assert read(path)["a"][0] == number
    said = f"{number!r} sets its thousands apart and is read as text"
    assert ("text", said) in open_table(path).said
    plain = text_file(tmp_path, "a;b\n192.168.100.100;1.5\n", "plain.csv")
    assert "text" not in dict(open_table(plain).said)


def test_what_was_found_out_reads_the_same_again(tmp_path: Path) -> None:
    """What stands in a manifest is enough."""
    path = text_file(tmp_path, "5,1\t'a\n1,25\t'b\n", "data.tsv")
    first = open_table(path)
    again = open_table(path, options=read_as(first))
    assert (again.columns, again.said) == (first.columns, first.said)
    assert dict(first.said)["header"] == "no"
    assert all_of(again).rows() == [(5.1, "'a"), (1.25, "'b")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_told(tmp_path: Path, encoding: str) -> None:
    """By the mark at the beginning, by zero bytes, or because it is not UTF-8."""
    path = text_file(tmp_path, "name,n\ncafé,1\n".encode(encoding))
    assert read(path).rows() == [("café", 1)]


def test_another_encoding_can_be_said(tmp_path: Path) -> None:
    """Which of two it is, no byte tells."""
    path = text_file(tmp_path, "name\nżółw\n".encode("cp1250"))
    assert read(path, encoding="cp1250").rows() == [("żółw",)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(tmp_path: Path, ends: str) -> None:
    """Also within quotation marks, and without an end on the last line."""
    path = text_file(tmp_path, ends.join(["a,b", '1,"x', 'y"', "", "2,z"]))
    assert read(path).rows() == [(1, "x\ny"), (2, "z")]


@pytest.mark.parametrize(
    ("late", "told"),
    [
        ("n/a", "'n/a' in line 200,002, which is not integer"),
        ("007", "'007' in line 200,002, which is not integer"),
        ("9223372036854775808", "'9223372036854775808' in line 200,002, which is not integer"),
    ],
)
def test_a_late_value_makes_a_column_text_and_says_so(tmp_path: Path, late: str, told: str) -> None:
    """Never null, never another number; and every earlier value stays as it was written."""
    body = "".join(f"{k},0.5\n" for k in range(200_000))
    path = text_file(tmp_path, f"a,b\n{body}{late},1.5\n")
    table = columnar(open_table(path), tmp_path / "copy")
    rows = all_of(table)
    assert rows.schema == {"a": pl.String, "b": pl.Float64}
    assert (rows["a"][0], rows["a"][199_999], rows["a"][200_000]) == ("0", "199999", late)
    assert rows.null_count().row(0) == (0, 0)
    assert ("text", f"Column 'a' holds {told}") in table.said


def test_a_late_decimal_number_widens_a_column_of_whole_numbers(tmp_path: Path) -> None:
    """That loses nothing and needs no words."""
    path = text_file(tmp_path, "a\n" + "".join(f"{k}\n" for k in range(300_000)) + "0.5\n")
    rows = read(path)
    assert rows["a"].dtype == pl.Float64
    assert (rows["a"][299_999], rows["a"][300_000]) == (299_999.0, 0.5)


def test_batches_of_a_file_that_is_only_opened_name_the_line_that_does_not_fit(
    tmp_path: Path,
) -> None:
    """Their types are those of the first rows; nothing is bent to them."""
    path = text_file(tmp_path, "a\n" + "1\n" * 600_000 + "n/a\n")
    with pytest.raises(FormatError, match=r"'n/a' in line 600,002, which is not integer"):
        all_of(open_table(path))


def test_a_sign_for_no_value_is_taken_where_the_first_rows_show_it(tmp_path: Path) -> None:
    """In columns that are not text: NA is Namibia, too."""
    path = text_file(tmp_path, "n,country\n1,DE\nNA,NA\n3,FR\n")
    table = open_table(path)
    assert ("missing", "NA, in columns that are not text") in table.said
    assert read(path).rows() == [(1, "DE"), (None, "NA"), (3, "FR")]
    assert read(path, null="NA").rows()[1] == (None, None)
    assert read(path, null="none").rows()[1] == ("NA", "NA")


def test_empty_quotes_are_no_value_among_numbers_and_an_empty_text_among_texts(
    tmp_path: Path,
) -> None:
    """Many programs put everything into quotation marks."""
    path = text_file(tmp_path, '"n","d","t"\n"1","2013-01-01","x"\n"","",""\n"3",,\n')
    rows = read(path)
    assert [str(dtype) for dtype in rows.dtypes] == ["Int64", "Date", "String"]
    assert rows["n"].to_list() == [1, None, 3]
    assert rows["t"].to_list() == ["x", "", None]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a,b,c\n1,2,3\n4,5\n", "has 2 fields in line 3, and 3 columns"),
        ("a,b,c\n1,2,3\n4,5,6,7\n", "has 4 fields in line 3, and 3 columns"),
        ("a,b,c\n1,2\n4,5,6,7\n", "has 2 fields in line 2, and 3 columns"),
        ('a,b,c\n1,"x\ny",3\n\n4,5\n', "has 2 fields in line 5, and 3 columns"),
        ('a,b\n1,5" pipe\n2,6" pipe\n', "quotation mark within a field in line 2"),
        ('a,b\n1,"x\n2,3\n', "opens a quotation mark in or after line 1 that nothing closes"),
        (b"a,b\n1,\x81\n", "no text in UTF-8 or Windows-1252"),
        (bytes(range(256)), "is no text"),
        ("", "is empty"),
        ("\n\n", "is empty"),
    ],
)
def test_a_broken_file_is_told_in_one_sentence(
    tmp_path: Path, content: str | bytes, sentence: str
) -> None:
    """With the line, where there is one; a row that is too short is never filled up."""
    path = text_file(tmp_path, content)
    with pytest.raises(FormatError, match=sentence) as raised:
        read(path)
    assert "\n" not in str(raised.value)
    assert raised.value.hint


def test_bytes_that_are_not_text_far_behind_are_told_with_their_line(tmp_path: Path) -> None:
    """The first rows told UTF-8; what comes later is not bent to it."""
    path = text_file(tmp_path, b"a,b\n" + b"1,x\n" * 400_000 + b"2,\xff\n")
    with pytest.raises(FormatError, match=r"is not utf-8 in line 400,002"):
        read(path)


def test_quotation_marks_can_be_signs_like_others(tmp_path: Path) -> None:
    """Where somebody says so."""
    path = text_file(tmp_path, 'a,b\n1,5" pipe\n2,6" pipe\n')
    assert read(path, quote="none").rows() == [(1, '5" pipe'), (2, '6" pipe')]


def test_every_column_has_a_name_of_its_own(tmp_path: Path) -> None:
    """What had to be renamed is said."""
    path = text_file(tmp_path, "a,a,a_2,\n1,2,3,4\n")
    table = open_table(path)
    assert [column.name for column in table.columns] == ["a", "a_3", "a_2", "column_4"]
    assert ("renamed", "a → a_3, no name → column_4") in table.said


def test_a_file_without_names_on_top_gets_numbers(tmp_path: Path) -> None:
    """A number on top of numbers is a value."""
    path = text_file(tmp_path, "5.1,3.5,setosa\n4.9,3.0,setosa\n")
    assert read(path).rows() == [(5.1, 3.5, "setosa"), (4.9, 3.0, "setosa")]
    assert read(path, header="yes").columns == ["5.1", "3.5", "setosa"]


def test_a_file_of_names_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    """An empty export is not broken."""
    path = text_file(tmp_path, "a,b\n")
    table = columnar(open_table(path), tmp_path / "copy")
    assert (table.rows, all_of(table).shape) == (0, (0, 2))


def test_several_files_are_one_table_if_they_have_the_same_columns(tmp_path: Path) -> None:
    """The header of each is a header, and other columns are no table."""
    paths = [
        text_file(tmp_path, f"a,b\n{k},x\n", name) for k, name in enumerate(("1.csv", "2.csv"))
    ]
    assert read(paths).rows() == [(0, "x"), (1, "x")]
    text_file(tmp_path, "a,c\n1,x\n", "2.csv")
    with pytest.raises(FormatError, match=r"2\.csv has other columns than 1\.csv"):
        read(paths)


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    """Half of one and half of another is no table."""
    path = text_file(tmp_path, "a\n" + "1\n" * 10)
    table = open_table(path)
    text_file(tmp_path, "a\n" + "2\n" * 20)
    with pytest.raises(FormatError, match="changed while it was read"):
        columnar(table, tmp_path / "copy")


def test_a_file_that_vanishes_is_told(tmp_path: Path) -> None:
    """As that, and not as whatever a library says."""
    path = text_file(tmp_path, "a\n1\n")
    table = open_table(path)
    path.unlink()
    with pytest.raises(FormatError, match=r"data\.csv was removed while it was read"):
        columnar(table, tmp_path / "copy")


def test_the_first_rows_need_no_more_than_the_first_bytes(tmp_path: Path) -> None:
    """A fault far behind does not keep them from being shown."""
    path = text_file(tmp_path, b"a,b\n" + b"1,x\n" * 3_000_000 + b"torn")
    assert open_table(path).head(3).rows() == [(1, "x")] * 3


def test_only_options_there_are_can_be_said(tmp_path: Path) -> None:
    """A misspelt one would read the file otherwise than meant."""
    path = text_file(tmp_path, "a\n1\n")
    for wrong in ({"seperator": ";"}, {"decimal": "'"}, {"separator": "::"}, {"encoding": "x"}):
        with pytest.raises(UsageError):
            open_table(path, options=wrong)


def test_packed_files_are_read_as_they_are(tmp_path: Path) -> None:
    """Whatever their name says."""
    path = text_file(tmp_path, gzip.compress(b"a,b\n1,2\n"))
    assert read(path).rows() == [(1, 2)]
    assert ("packed", "gzip") in open_table(path).said


_CELLS = st.text(alphabet='ab1,;"\n é', max_size=6)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=30), st.integers(16, 400))
def test_rows_are_cut_between_rows_whatever_stands_in_them(
    rows: list[tuple[str, str]], size: int
) -> None:
    """Separators, quotation marks and line ends within quotation marks stay there."""
    quoted = [
        '"' + one.replace('"', '""') + '","' + two.replace('"', '""') + '"\n' for one, two in rows
    ]
    data = "".join(quoted).encode()
    blocks = list(row_blocks(Path("x"), iter([data[:7], data[7:]]), '"', size))
    assert b"".join(block.data for block in blocks) == data
    assert sum(counted(block.data, ",", '"').rows for block in blocks) == len(rows)
    assert all(
        counted(block.data, ",", '"').cuts == counted(block.data, ",", '"').rows for block in blocks
    )
    line = 1
    for block in blocks:
        assert block == Lines(block.data, line)
        line += block.data.count(b"\n")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(1 << 60), 1 << 60) | st.none(),
            st.floats(allow_nan=False) | st.none(),
            st.text(alphabet='xy,;"\t é', min_size=1, max_size=5),
        ),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_what_polars_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[object, ...]]
) -> None:
    """Numbers to the last bit, texts to the last sign."""
    schema = {"n": pl.Int64, "f": pl.Float64, "t": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        t=pl.lit("w") + pl.col("t")
    )
    path = tmp_path_factory.mktemp("csv") / "data.csv"
    frame.write_csv(path)
    found = read(path, separator=",", decimal=".", header="yes", null="none")
    for name in frame.columns:
        if frame[name].null_count() < len(frame):
            assert found[name].cast(frame[name].dtype).to_list() == frame[name].to_list()


def test_the_first_rows_of_a_large_file_come_in_a_small_block():
    """Whoever wants the first rows has no more of the file taken apart than its first megabyte."""
    data = b"abc,def\n" * (2 * BLOCK // 8)
    blocks = list(row_blocks(Path("x"), iter([data]), '"'))
    assert [len(block.data) for block in blocks] == [FIRST, BLOCK, BLOCK - FIRST]
    assert b"".join(block.data for block in blocks) == data
    assert blocks[1].first_line == 1 + FIRST // 8
