"""Pages, columns and orders, without a screen."""

import pytest

from workbench.tui.cells import Cell
from workbench.tui.widgets.table_layout import (
    MARKS,
    column_at,
    first_for,
    lay_out,
    natural_widths,
)
from workbench.tui.widgets.table_values import (
    PAGE_ROWS,
    PAGES_KEPT,
    Column,
    Page,
    Pages,
    Row,
    SortKey,
    next_sort,
)

A, B = SortKey("a"), SortKey("b")


def rows(start: int, stop: int) -> tuple[Row, ...]:
    """Return rows whose key is their number."""
    return tuple(Row(number, (Cell(str(number)),)) for number in range(start, stop))


def test_a_page_of_another_generation_is_dropped():
    """A late page of an older view changes nothing."""
    pages = Pages(generation=2, count=400)
    assert not pages.give(Page(0, rows(0, 200), 1))
    assert pages.row(0) is None
    assert pages.give(Page(200, rows(200, 400), 2))
    assert pages.row(399).key == 399


def test_pages_are_asked_for_once():
    """A page under way is not wanted again; the next one is wanted a little early."""
    pages = Pages(generation=1, count=1000)
    assert pages.wanted(0, 40) == [(0, 200)]
    assert pages.wanted(10, 50) == []
    assert pages.wanted(120, 160) == [(200, 400)]
    assert pages.wanted(960, 1000) == [(800, 1000)]


def test_a_dropped_answer_can_be_asked_for_again():
    """What was asked for and given is wanted again once it was forgotten."""
    count = (PAGES_KEPT + 2) * PAGE_ROWS
    pages = Pages(generation=1, count=count)
    for start in range(0, count, PAGE_ROWS):
        pages.wanted(start, start + 1)
        pages.give(Page(start, rows(start, start + PAGE_ROWS), 1))
    assert pages.row(0) is None
    assert pages.wanted(0, 1) == [(0, PAGE_ROWS)]


def test_a_long_page_is_kept_in_parts():
    """Rows that span several pages are found in each."""
    pages = Pages(generation=1, count=500)
    pages.give(Page(0, rows(0, 500), 1))
    assert pages.row(450).key == 450
    assert pages.find(450) == 450
    assert pages.find(501) is None


@pytest.mark.parametrize(
    ("sort", "column", "turn", "expected"),
    [
        ((), "a", False, (A,)),
        ((A,), "b", False, (B, A)),
        ((B, A), "b", False, (B,)),
        ((B,), "b", False, (SortKey("b", descending=True),)),
        ((SortKey("b", descending=True),), "b", False, (B,)),
        ((B, A), "a", False, (A, B)),
        ((A,), "a", True, (SortKey("a", descending=True),)),
        ((B, A), "a", True, (B, SortKey("a", descending=True))),
        ((), "a", True, (SortKey("a", descending=True),)),
        ((SortKey("x"), SortKey("y"), SortKey("z")), "a", False, (A, SortKey("x"), SortKey("y"))),
    ],
)
def test_next_sort(sort, column, turn, expected):
    """The newest key leads, earlier ones break ties, once more drops or turns, reverse turns."""
    assert next_sort(sort, column, turn=turn) == expected


def test_widths_fit_and_never_shrink():
    """A column is as wide as its content up to its most, and does not jump back."""
    columns = (Column("a", "a"), Column("b", "b", most=6), Column("c", "c", width=9))
    sample = [Row(1, (Cell("日本"), Cell("a long text"), Cell("x")))]
    widths = natural_widths(columns, sample, (), {})
    assert widths == {"a": 4, "b": 6, "c": 9}
    assert natural_widths(columns, [], (), widths)["a"] == 4


def test_half_a_number_is_not_shown():
    """At the right edge a text may be cut to a hint, a number goes whole or not at all."""
    words = (Column("a", "a", pinned=True), Column("b", "b"), Column("c", "c"))
    numbers = (words[0], words[1], words[2]._replace(align="right"))
    widths = {"a": 10, "b": 10, "c": 10}
    assert [place.width for place in lay_out(words, widths, 0, MARKS + 32).moving] == [10, 7]
    assert [place.width for place in lay_out(words, widths, 0, MARKS + 31).moving] == [10]
    cut = lay_out(numbers, widths, 0, MARKS + 32)
    assert [place.width for place in cut.moving] == [10]
    assert cut.hidden_right == 1


def test_scrolling_shows_the_column_whole():
    """The least scrolling that shows the column under the cursor whole is chosen."""
    columns = (Column("a", "a", pinned=True), *(Column(n, n) for n in "bcdef"))
    widths = dict.fromkeys("abcdef", 10)
    assert first_for(columns, widths, 0, MARKS + 40, 2) == 0
    assert first_for(columns, widths, 0, MARKS + 40, 5) == 3
    assert first_for(columns, widths, 3, MARKS + 40, 1) == 0
    assert first_for(columns, widths, 3, MARKS + 40, 0) == 3


def test_column_at():
    """The mouse finds the column it points at."""
    columns = (Column("a", "a", pinned=True), Column("b", "b"))
    layout = lay_out(columns, {"a": 5, "b": 5}, 0, 60)
    assert column_at(layout, MARKS) == 0
    assert column_at(layout, MARKS + 9) == 1
    assert column_at(layout, 59) is None
    assert column_at(layout, 0) is None


def test_a_page_that_did_not_come_is_asked_for_again():
    """A failed fetch leaves no blank rows behind; one of an older view says nothing."""
    pages = Pages(2, 10)
    assert pages.wanted(0, 10) == [(0, 10)]
    pages.miss(0, 1)
    assert pages.wanted(0, 10) == []
    pages.miss(0, 2)
    assert pages.wanted(0, 10) == [(0, 10)]
