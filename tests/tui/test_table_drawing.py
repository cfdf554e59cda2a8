"""The header and the rows of a table as lines of cells."""

from workbench.tui.cells import Cell, width_of_line
from workbench.tui.widgets.table_drawing import RowLook, header_line, row_line
from workbench.tui.widgets.table_layout import lay_out
from workbench.tui.widgets.table_values import Column, Row

COLUMNS = (Column("name", "", pinned=True), Column("a", "a lr=0.1", "right", ink="#56b4e9"))
WIDTHS = {"name": 5, "a": 8}
FULL = 3 + 5 + 3 + 8
"""Cells of the marks, the name, the hairline between, and the run."""


def said(line: tuple[Cell, ...]) -> str:
    """Return a line as text."""
    return "".join(cell.text for cell in line)


def test_a_title_at_the_very_end_is_whole() -> None:
    """Where nothing is hidden, nothing is kept free at the end of the header."""
    layout = lay_out(COLUMNS, WIDTHS, 0, FULL)
    line = header_line(COLUMNS, (), layout, 0, FULL)
    assert said(line).endswith("a lr=0.1")
    assert width_of_line(line) == FULL


def test_a_title_has_the_colour_of_what_it_stands_for() -> None:
    """Also under the cursor, where it is underlined."""
    layout = lay_out(COLUMNS, WIDTHS, 0, FULL)
    styles = [
        next(
            cell.style for cell in header_line(COLUMNS, (), layout, here, FULL) if "lr" in cell.text
        )
        for here in (0, 1)
    ]
    assert styles == ["#56b4e9", "bold underline #56b4e9"]


def test_a_row_may_take_the_whole_line() -> None:
    """A heading is not cut to the first column."""
    layout = lay_out(COLUMNS, WIDTHS, 0, FULL)
    row = Row("k", (Cell("params", "bold"), Cell("  2 differ", "faint")), group=True, span=True)
    line = row_line(COLUMNS, row, layout, RowLook(), FULL)
    assert said(line).rstrip() == "   params  2 differ"
    assert width_of_line(line) == FULL
