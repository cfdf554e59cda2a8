"""What is printed of a report: what matters first, each fact once, and never too much."""

from tests.drift_building import chunk, column, finding, report
from workbench.datasets.drift.report import (
    DRIFT,
    SEVERE,
    SHIFTED,
    STABLE,
    TOO_FEW,
    DriftReport,
    LeftOut,
    Opinion,
)
from workbench.operations import sections
from workbench.operations.drift.markdown import as_markdown
from workbench.operations.drift.report_sections import MOST
from workbench.operations.drift.report_sections import sections as of_report


def text(made: DriftReport) -> str:
    """Return what is printed below the headline."""
    return "\n".join(sections.text(of_report(made)))


def titles(made: DriftReport) -> list[str]:
    """Return the headings."""
    return [one.title for one in of_report(made)]


def test_what_matters_comes_first() -> None:
    """Columns that moved, those that moved too little, findings, what is not known, how."""
    made = report(
        chunks=[chunk(verdicts={"a": SEVERE, "b": SHIFTED, "c": STABLE, "d": TOO_FEW},
                      findings=(finding(),))],
        left_out=(LeftOut("id", "an identifier"),),
        opinions=(Opinion("pca", alarm=True, words="the error grew"),
                  Opinion("domain classifier", alarm=False, reason="too few rows")),
    )  # fmt: skip
    assert titles(made) == [
        "columns that moved", "moved, too little to count", "findings", "not judged", "left out",
        "second opinions", "how",
    ]  # fmt: skip
    shown = text(made)
    for line in (
        "!  a       severe   6 × limit  the middle of a moved up by 0.6 of its spread",
        "?  d  too few  12 rows, 30 are needed",
        "id  an identifier",
        "pca                ALARM  the error grew",
        "domain classifier  none   too few rows",
        "importance  feature_importances_ of flights@1",
    ):
        assert line in shown, shown


def test_what_is_stable_is_counted_not_listed() -> None:
    """A report of nothing but stable columns is a few lines."""
    made = report(verdicts=dict.fromkeys(map(str, range(300)), STABLE))
    assert titles(made) == ["how"]
    assert "300 columns" in text(made)


def test_chunks_are_a_table_and_columns_say_where() -> None:
    """Each chunk with its columns; each column with the chunk where it is gravest."""
    chunks = [
        chunk("2013-01", {"a": STABLE, "b": TOO_FEW}, verdict=STABLE),
        chunk("2013-02", verdict=DRIFT, columns=(column("a", DRIFT, effect=2.0), column("b"))),
        chunk("2013-03", verdict=DRIFT, columns=(column("a", DRIFT, effect=4.0), column("b"))),
    ]
    shown = text(report(chunks=chunks))
    assert "2 of 3, most 2013-03" in shown
    assert "1 of 3: 2013-01" in shown
    assert [line.split()[:2] for line in shown.splitlines()[2:5]] == [
        ["·", "2013-01"], ["D", "2013-02"], ["D", "2013-03"],
    ]  # fmt: skip


def test_a_wide_table_is_cut_and_says_so() -> None:
    """More columns than anybody reads are counted in the heading."""
    made = report(verdicts=dict.fromkeys(map(str, range(500)), DRIFT))
    assert f"columns that moved, {MOST} of 500" in titles(made)


def test_of_many_chunks_those_that_alarm_stay() -> None:
    """A year of days shows the days that drifted, in their order."""
    days = [chunk(f"day {n}", {"a": DRIFT if n in (3, 300) else STABLE}) for n in range(365)]
    (table, *_) = of_report(report(chunks=days))
    labels = [row[1] for row in table.rows]
    assert table.title == f"chunks, {MOST} of 365"
    assert (labels[0], "day 300" in labels, labels[-1]) == ("day 3", True, "day 364")


def test_a_column_that_is_called_as_its_part_is_told_once() -> None:
    """The prediction is named; a column of another name says what it is to the model."""
    columns = (column("prediction", DRIFT), column("late", DRIFT, part="label"))
    shown = text(report(chunks=[chunk(columns=columns)]))
    assert "late (label)" in shown
    assert "prediction (prediction)" not in shown


def test_a_long_name_leaves_room_for_what_is_said_of_it() -> None:
    """Names that differ at either end are still told apart."""
    first, second = "a" + "x" * 300 + "1", "a" + "x" * 300 + "2"
    shown = text(report(verdicts={first: DRIFT, second: DRIFT}))
    rows = [line for line in shown.splitlines() if "x1 " in line or "x2 " in line]
    assert len(rows) == 2
    assert all("xxx…xxx" in line for line in rows)


def test_text_of_data_is_no_markup_in_markdown() -> None:
    """A column called like a picture or a table cell is text in a note."""
    name = "<img src=x> | [a](b)"
    columns = (column(name, DRIFT, words="now `x` | y\nz"),)
    made = report(chunks=[chunk(columns=columns, verdict=DRIFT)])
    lines = list(as_markdown(made))
    (row,) = [line for line in lines if "img" in line]
    assert "\\<img src=x\\> \\| \\[a\\](b)" in row
    assert row.count(" | ") == 4
    assert lines[0] == "# Drift: flights"
    assert lines[2].startswith("**drift: 1 of 1 column moved; ")


def test_markdown_tables_have_a_cell_under_every_heading() -> None:
    """Rows are as wide as their heading, or a reader shows no table."""
    first = chunk("2013-01", {"a": DRIFT}, findings=(finding(),))
    made = report(chunks=[first, chunk("2013-02", {"b": DRIFT})])
    wide = 0
    for line in as_markdown(made):
        cells = line.count("|") - line.count("\\|") if line.startswith("|") else 0
        assert cells == wide or not cells or not wide
        wide = cells


def test_of_too_many_chunks_those_of_segments_make_way_first() -> None:
    """All rows together say most; of each segment the newest stay, and what alarms before all."""
    months = [f"2013-{number:02d}" for number in range(1, 13)]
    whole = [chunk(label, {"a": STABLE}) for label in months]
    airports = [
        chunk(label, {"a": SEVERE if (label, name) == ("2013-01", "LGA") else STABLE},
              segment=f"origin={name}")
        for name in ("EWR", "JFK", "LGA") for label in months
    ]  # fmt: skip
    made = next(
        one for one in of_report(report(chunks=[*whole, *airports])) if "chunks" in one.title
    )
    named = [row[1] for row in made.rows]
    assert len(named) == MOST
    assert named[:12] == months
    gone = {f"{month}, origin={name}" for month in months[:3] for name in ("EWR", "JFK", "LGA")}
    assert len(gone & set(named)) <= 2
    assert any("2013-01" in name and "LGA" in name for name in named)
