"""Excel: what a workbook stores, with what has no value counted."""

import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.datasets.reading.files import DAY, MOMENT, cell, read, workbook
from workbench.datasets.reading import open_table
from workbench.errors import FormatError, NotFoundError

_ROWS = [
    cell("A1", "id") + cell("B1", "n") + cell("C1", "x") + cell("D1", "day") + cell("E1", "at"),
    cell("A2", "007") + cell("B2", 1) + cell("C2", 1.5) + cell("D2", 41275, DAY)
    + cell("E2", 41275.25, MOMENT),
    "",
    cell("A4", "008") + cell("B4", 2) + cell("C4", 2) + cell("D4", 41276, DAY)
    + cell("E4", 41276, MOMENT),
]  # fmt: skip


def _patched(source: Path, target: Path, part: str, old: bytes, new: bytes) -> Path:
    """Return a workbook with other bytes in one part."""
    with zipfile.ZipFile(source) as one, zipfile.ZipFile(target, "w") as other:
        for name in one.namelist():
            data = one.read(name)
            other.writestr(name, data.replace(old, new) if name == part else data)
    return target


def test_values_keep_their_types(tmp_path: Path) -> None:
    """Whole numbers are whole, dates are dates, codes stay text, empty rows are none."""
    path = workbook(tmp_path / "a.xlsx", {"Data": _ROWS, "Notes": [cell("A1", "x")]})
    table = open_table(path)
    assert (table.rows, table.format) == (2, "excel")
    assert dict(table.said) == {"sheet": "Data", "other sheets": "Notes", "header": "yes"}
    frame = read(path)
    assert frame.rows() == [
        ("007", 1, 1.5, date(2013, 1, 1), datetime(2013, 1, 1, 6)),  # noqa: DTZ001
        ("008", 2, 2.0, date(2013, 1, 2), datetime(2013, 1, 2)),  # noqa: DTZ001
    ]
    assert frame.dtypes[1:4] == [pl.Int64, pl.Float64, pl.Date]


def test_cells_with_errors_and_formulas_without_results_are_counted(tmp_path: Path) -> None:
    """They have no value, and that is said; no formula is computed."""
    path = workbook(
        tmp_path / "a.xlsx",
        {"S": [cell("A1", "a") + cell("B1", "b"), cell("A2", 7) + cell("B2", "=1+1"),
               cell("A3", "#N/A") + cell("B3", 6)]},
    )  # fmt: skip
    said = dict(open_table(path).said)
    assert said["errors"] == "1 cell with an error such as #N/A: null"
    assert said["formulas"] == "1 formula without a stored result: null"
    assert read(path).rows() == [(7, None), (None, 6)]


def test_mixed_values_are_text_as_they_stand(tmp_path: Path) -> None:
    """A late word in a column of numbers makes none of them null."""
    rows = [cell("A1", "a"), *(cell(f"A{k}", k) for k in range(2, 30)), cell("A30", "n/a")]
    frame = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert frame["a"].to_list() == [*map(str, range(2, 30)), "n/a"]


def test_a_long_sheet_is_read_to_its_end(tmp_path: Path) -> None:
    """The first rows are kept, the rest is loaded when it is asked for."""
    rows = [cell("A1", "a"), *(cell(f"A{k}", k) for k in range(2, 2502))]
    path = workbook(tmp_path / "a.xlsx", {"S": rows})
    assert open_table(path).rows is None
    assert open_table(path).head(3)["a"].to_list() == [2, 3, 4]
    assert read(path)["a"].to_list() == list(range(2, 2502))
    assert read(path, header="no")["column_1"].to_list() == ["a", *map(str, range(2, 2502))]


def test_a_sheet_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    """The first unless said; there is no other way to guess."""
    sheets = {"One": [cell("A1", "a"), cell("A2", 1)], "Two": [cell("A1", "b"), cell("A2", 2)]}
    path = workbook(tmp_path / "a.xlsx", sheets)
    assert read(path).to_dicts() == [{"a": 1}]
    assert open_table(path, options={"sheet": "Two"}).columns[0].name == "b"
    assert open_table(path, options={"sheet": "2"}).columns[0].name == "b"
    with pytest.raises(NotFoundError, match=r"has no sheet 'Three'. Use One, Two."):
        open_table(path, options={"sheet": "Three"})


def test_a_table_that_begins_further_down_is_found(tmp_path: Path) -> None:
    """And its rows keep the numbers they have on the screen of Excel."""
    rows = ["", "", cell("C3", "a") + cell("D3", "b"), "", cell("C5", 1) + cell("D5", "x")]
    path = workbook(tmp_path / "a.xlsx", {"S": rows})
    assert read(path).to_dicts() == [{"a": 1, "b": "x"}]
    assert [block.place(0) for block in open_table(path).source.blocks()] == ["row 5"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("sign", [b"r = 'XFD1048576'", b'r="xfd1048576"'])
def test_a_far_cell_is_seen_however_it_is_written(tmp_path: Path, sign: bytes) -> None:
    """XML leaves some freedom, and whoever makes a bomb uses it."""
    path = workbook(tmp_path / "a.xlsx", {"S": [cell("A1", "a"), cell("B2", 1)]})
    bomb = _patched(path, tmp_path / "b.xlsx", "xl/worksheets/sheet0.xml", b'r="B2"', sign)
    with pytest.raises(FormatError, match="spreads its cells over"):
        open_table(bomb)


def test_a_cell_far_away_takes_no_room(tmp_path: Path) -> None:
    """A sheet is a rectangle in memory; a small file may claim one of 17 billion cells."""
    path = workbook(tmp_path / "a.xlsx", {"S": [cell("A1", "a"), cell("XFD1048576", 1)]})
    with pytest.raises(FormatError, match=r"spreads its cells over 17,179,869,184 places"):
        open_table(path)


def test_what_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the archive claims of its size."""
    monkeypatch.setattr("workbench.datasets.reading.excel_parts._LARGEST", 100_000)
    path = workbook(tmp_path / "a.xlsx", {"S": [cell("A1", "a" * 200_000)]})
    assert path.stat().st_size < 10_000
    with pytest.raises(FormatError, match="unpacks to more than 100 kB"):
        open_table(path)


@pytest.fixture
def _unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail once the library that reads the cells is asked for anything."""

    def opened(_path: Path) -> None:
        raise AssertionError

    monkeypatch.setattr("python_calamine.CalamineWorkbook.from_path", opened)


@pytest.mark.usefixtures("_unopened")
@pytest.mark.parametrize("before", [b"", b"not yet the archive"])
def test_swollen_texts_are_refused_before_anything_loads_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    """All texts of a book are loaded when it is opened, also behind bytes of something else."""
    monkeypatch.setattr("workbench.datasets.reading.excel_parts._LARGEST_LOADED", 100_000)
    path = workbook(tmp_path / "a.xlsx", {"S": [cell("A1", "a"), cell("A2", 1)]})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/SharedStrings.xml", "<si/>" * 50_000)
    path.write_bytes(before + path.read_bytes())
    with pytest.raises(FormatError, match="unpacks to more than 100 kB of what is not in"):
        open_table(path, options={"format": "excel"})


@pytest.mark.usefixtures("_unopened")
def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    """One of them would be looked at, and the other one loaded."""
    path = workbook(tmp_path / "a.xlsx", {"S": [cell("A1", "a"), cell("A2", 1)]})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/WORKBOOK.xml", archive.read("xl/workbook.xml"))
    with pytest.raises(FormatError, match=r"a\.xlsx is cut off or damaged"):
        open_table(path)


@pytest.mark.usefixtures("_unopened")
def test_a_list_of_sheets_is_read_only_while_it_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a tree it takes many times its bytes."""
    monkeypatch.setattr("workbench.datasets.reading.excel_parts._LARGEST_LIST", 100)
    path = workbook(tmp_path / "a.xlsx", {"S": [cell("A1", "a")]})
    with pytest.raises(FormatError, match="lists its sheets or styles in more than 100 B"):
        open_table(path)


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.95])
def test_a_cut_file_is_told(tmp_path: Path, kept: float) -> None:
    """In one sentence, not in the words of whatever unpacks it."""
    whole = workbook(tmp_path / "a.xlsx", {"Data": _ROWS}).read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(FormatError, match=r"cut\.xlsx .* cut off or damaged"):
        open_table(path)


def test_damaged_parts_are_told(tmp_path: Path) -> None:
    """The archive is whole, what is in it is not."""
    path = workbook(tmp_path / "a.xlsx", {"Data": _ROWS})
    broken = _patched(path, tmp_path / "b.xlsx", "xl/workbook.xml", b"<sheets>", b"<she")
    with pytest.raises(FormatError, match=r"b\.xlsx"):
        open_table(broken)


def test_entities_that_swell_are_refused(tmp_path: Path) -> None:
    """XML can define text by repeating itself."""
    path = workbook(tmp_path / "a.xlsx", {"Data": _ROWS})
    levels = "".join(f'<!ENTITY e{k} "{f"&e{k - 1};" * 20}">' for k in range(1, 10))
    bomb = f'<!DOCTYPE w [<!ENTITY e0 "xxxxxxxxxx">{levels}]><workbook a="&e9;"'.encode()
    broken = _patched(path, tmp_path / "b.xlsx", "xl/workbook.xml", b"<workbook", bomb)
    with pytest.raises(FormatError, match=r"b\.xlsx"):
        open_table(broken)


def test_the_old_format_is_told_when_it_is_none(tmp_path: Path) -> None:
    """Its first bytes are not enough."""
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000))
    with pytest.raises(FormatError, match=r"a\.xls cannot be read as Excel"):
        open_table(path)


def test_an_empty_sheet_is_no_table(tmp_path: Path) -> None:
    """And the sentence names it."""
    path = workbook(tmp_path / "a.xlsx", {"S": []})
    with pytest.raises(FormatError, match="has nothing in sheet 'S'"):
        open_table(path)


@pytest.mark.parametrize("number", [-18000, -363, -0.25, 60, 60.5])
def test_a_number_that_is_no_day_has_no_value_and_is_counted(tmp_path: Path, number: float) -> None:
    """A day before 1900 does not become midnight, nor the day that never was the one before."""
    rows = [
        cell("A1", "n") + cell("B1", "day"),
        cell("A2", number) + cell("B2", number, DAY),
        cell("A3", 59) + cell("B3", 59, DAY),
    ]
    path = workbook(tmp_path / "a.xlsx", {"S": rows})
    assert dict(open_table(path).said)["days"] == "1 day that Excel does not have: null"
    assert read(path).rows() == [(number, None), (59, date(1900, 2, 28))]


def test_numbers_that_are_no_days_are_found_below_the_first_rows_and_by_own_formats(
    tmp_path: Path,
) -> None:
    """Where somebody wrote the format themselves it counts as well; a duration below zero stays."""
    rows = [cell("A1", "at"), *(cell(f"A{k}", k + 100, DAY) for k in range(2, 1203))]
    book = workbook(tmp_path / "b.xlsx", {"S": [*rows, cell("A1203", -5, DAY)]})
    styles = b'<numFmts><numFmt numFmtId="200" formatCode="%s"/></numFmts><cellXfs>'
    for code, expected in ((b"yyyy&quot; n&quot;", None), (b"[h]:mm", timedelta(days=-5))):
        path = tmp_path / "c.xlsx"
        own = _patched(book, path, "xl/styles.xml", b"<cellXfs>", styles % code)
        own = _patched(
            own, tmp_path / "d.xlsx", "xl/styles.xml", b'numFmtId="14"', b'numFmtId="200"'
        )
        assert read(own)["at"][-1] == expected
