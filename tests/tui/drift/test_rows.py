"""Monitors as rows and columns: short signs, alerted columns, names cut where they are alike."""

from tests.drift_building import chunk, report
from workbench.operations.drift.listing import WatchedLine
from workbench.operations.drift.series import of_report
from workbench.tui.drift.column_lines import number_lines
from workbench.tui.drift.grid import grid_of
from workbench.tui.drift.rows import COLUMNS, short_flags, worst_words
from workbench.tui.drift.scales import window
from workbench.tui.drift.strip_lines import Cursor, column_line, events_line, names_wide

LINE = WatchedLine(
    "flights", "", "", None, "census", 1.0, "stable", (), (), 2, 0, True, None, 1, "", "",
    ("temp",), "warning", None, alerted=("dest", "temp"),
)  # fmt: skip


def test_signs_take_a_few_cells_and_stand_before_what_can_be_done_without() -> None:
    """Signs and numbers; what moved and how old the data are come before check and trend."""
    assert short_flags(LINE) == "▲2 ◷ ∅1"
    keys = [column.key for column in COLUMNS]
    assert max(keys.index("worst"), keys.index("data_age")) < keys.index("trend")


def test_an_alert_that_waits_names_its_columns_where_the_newest_chunk_is_stable() -> None:
    """Else a monitor with an alert would stand there without any column."""
    assert worst_words(LINE) == "▲ dest, temp"
    assert worst_words(LINE._replace(worst=(("seats", "drift", 2.0),))) == "D seats"


def test_names_that_differ_at_their_ends_stay_apart_and_signs_do_not_touch_them() -> None:
    """They are cut in the middle; a blank stands between what a column is and its name."""
    names = [f"days_since_the_last_maintenance_{n}" for n in (30, 90)]
    grid = grid_of(of_report(report(chunks=[chunk("2013-04", dict.fromkeys(names, "drift"))])))
    wide = names_wide(grid, 60)
    lines = [
        "".join(cell.text for cell in column_line(grid, row, window(1, 10, 0), Cursor(0, 0), wide))
        for row in (0, 1)
    ]
    assert all("days_since" in line and "…" in line for line in lines)
    assert sorted(line.split()[-2][-2:] for line in lines) == ["30", "90"]
    outputs = grid_of(of_report(report(chunks=[chunk("2013-04", {"label": "drift"})])))
    told = column_line(outputs, 0, window(1, 10, 0), Cursor(0, 0), 20)
    assert "y label" in "".join(cell.text for cell in told)


def test_numbers_are_named_for_people_and_days_have_no_zone() -> None:
    """Measures by their names, the shift once in one wording, whole days without a clock."""
    one = chunk("2013-04", {"temp": "drift"})
    lines = number_lines(one.columns[0], one, 100, q=0.01)
    text = "\n".join("".join(cell.text for cell in line) for line in lines)
    assert "Wasserstein distance" in text
    assert "KS D" in text
    assert "PSI" in text
    assert "wasserstein" not in text
    assert "+0.18 of its spread" in text
    assert "2013-04-01 to 2013-05-01" in text
    assert "UTC" not in text


def test_a_promotion_while_chunks_go_on_is_an_arrow_above_them() -> None:
    """In the chunk it fell into; one of another time has no place."""
    found = of_report(report(chunks=[chunk(f"2013-{n:02d}", {"temp": "drift"}) for n in (4, 5)]))
    may = found.chunks[1].start
    assert may is not None
    for moment, shown in ((may + 86_400.0, "↑"), (may + 86_400.0 * 400, "")):
        grid = grid_of(found._replace(promotions=((moment, 3, "production"),)))
        line = events_line(grid, window(2, 8, 0), 0)
        assert "".join(cell.text for cell in line).strip() == shown
