"""All that a monitor found over time, printed: a strip of letters, and one column in full."""

from pathlib import Path

import pytest

from tests.drift_building import chunk, column, drift_workspace, finding, report, write
from workbench.datasets.drift.report import DRIFT, ERROR, STABLE, Measure
from workbench.operations import sections
from workbench.operations.drift.plots import history, of_column, plots
from workbench.operations.drift.series import Series, series
from workbench.operations.drift.series_sections import (
    MOST_CHUNKS,
    MOST_COLUMNS,
    column_sections,
    label,
    over_time,
    strip,
)
from workbench.operations.session import open_session


@pytest.fixture
def year(tmp_path: Path) -> Series:
    """A year in which drift appears."""
    return found(drift_workspace(tmp_path / "ws"))


def found(root: Path) -> Series:
    """Return what the monitor of a workspace found."""
    with open_session(root, in_memory=True) as session:
        session.sweep()
        return series(session, "flights")


def test_a_row_is_a_column_and_a_letter_a_chunk(year: Series) -> None:
    """Every chunk has its letter in every row, and the letters are explained."""
    table, chunks, *_ = strip(year)
    letters = {row[0]: row[1] for row in table.rows if len(row) > 1}
    assert letters["dest"] == "········DDDD"
    assert {len(one) for one in letters.values()} == {12}
    assert len(letters) == 20
    assert table.rows[-1] == ("· stable s shifted ? too few x error D drift ! severe",)
    assert [row[1] for row in chunks.rows] == [one.label for one in year.chunks]


def test_a_chunk_without_the_column_is_a_blank(tmp_path: Path) -> None:
    """Not the letter of anything that was found."""
    root = drift_workspace(tmp_path / "ws", months=1)
    write(root, report("flights", "2013-02", {"late": ERROR}, number=2))
    table, *_ = strip(found(root))
    letters = {row[0]: row[1] for row in table.rows if len(row) > 1}
    assert (letters["late"], letters["dest"]) == (" x", "· ")


def test_a_long_wide_series_is_cut_to_the_newest_and_to_what_moved(tmp_path: Path) -> None:
    """And says what is not shown."""
    names = [f"c{n:02d}" for n in range(MOST_COLUMNS + 20)]
    chunks = [chunk(f"part {n:03d}", dict.fromkeys(names, STABLE) | {"c59": DRIFT},
                    start=float(n)) for n in range(MOST_CHUNKS + 10)]  # fmt: skip
    root = drift_workspace(tmp_path / "ws", months=0)
    write(root, report("flights", chunks=chunks))
    table, *_ = strip(found(root))
    assert table.title == "columns by chunks, part 010 … part 069"
    assert [row[0] for row in table.rows] == [
        "c59", f"and {MOST_COLUMNS + 19} more that stayed as they were",
        "· stable s shifted ? too few x error D drift ! severe",
    ]  # fmt: skip


def test_segments_have_their_name(tmp_path: Path) -> None:
    """Two chunks of one label are told apart."""
    root = drift_workspace(tmp_path / "ws", months=0)
    parts = [chunk("2013-01", {"a": STABLE}), chunk("2013-01", {"a": DRIFT}, segment="origin=JFK")]
    write(root, report("flights", chunks=parts))
    assert [label(one) for one in found(root).chunks] == ["2013-01", "2013-01 origin=JFK"]


def test_a_column_over_time_has_a_line_for_each_chunk(year: Series) -> None:
    """With verdict, effect and words; none of a column nobody knows."""
    (table,) = over_time(year, "dest")
    assert [row[0] for row in table.rows] == [*"········DDDD"]
    assert table.rows[-1][3] == "1.8 ×"
    assert over_time(year, "desk") == ()


def test_a_column_is_told_in_full() -> None:
    """Judgement, measures with limits, findings, categories with what is new."""
    one = column("dest", DRIFT, findings=(finding(),))
    shown = "\n".join(sections.text(column_sections(one)))
    for words in ("1.8 times the limit of tvd", "category, by chi-square", "80,789 → 27,662",
                  "PVD is new", "measures", "ORD", "new"):  # fmt: skip
        assert words in shown


def test_what_could_not_be_judged_says_why_and_nothing_else() -> None:
    """No number that looks like a measurement."""
    shown = "\n".join(sections.text(column_sections(column("gust", ERROR))))
    assert "it holds mixed types" in shown
    assert "measures" not in shown
    assert "—" in shown


def test_columns_that_moved_are_drawn_the_gravest_first() -> None:
    """At most five, the rest counted; what did not move is not drawn."""
    names = {f"c{n}": DRIFT for n in range(7)}
    made = report(verdicts=names | {"quiet": STABLE})
    drawn = list(plots(made, width=80, color=False))
    assert drawn[-1] == ["2 more columns moved and are not drawn."]
    text = "\n".join(line for part in drawn for line in part)
    assert "quiet" not in text
    assert "\x1b" not in text
    assert max(len(line) for part in drawn for line in part) <= 80


def test_a_column_is_drawn_in_every_way_it_can_be(year: Series) -> None:
    """A number by deciles, curves and shift; a category by bars; both over time."""
    assert len(list(of_column(column("temp", DRIFT), width=80, color=False))) == 3
    assert len(list(of_column(column("dest", DRIFT), width=80, color=False))) == 1
    (drawn,) = history(year, "dest", width=80, color=False)
    assert "limit 1" in "\n".join(drawn)
    assert list(history(year, "desk", width=80, color=False)) == []


def test_a_measure_says_by_how_much_it_may_be_off() -> None:
    """As screens and pages do; an exact one says nothing of it."""
    measures = (Measure("ks", 0.25, within=0.004), Measure("tvd", 0.5))
    (told,) = [
        one
        for one in column_sections(column("dest", DRIFT, measures=measures))
        if one.title == "measures"
    ]
    assert [row[1] for row in told.rows] == ["0.25 ±0.004", "0.5"]
