"""Drawings: rows of exactly the asked width, user text without orders to the terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.charts.drawing import Ink, Span, cells, clip, drawing, shorten, visible


@given(
    st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=5),
    st.integers(0, 20),
    st.integers(0, 6),
)
def test_a_drawing_has_exactly_its_size(rows, width, height):
    """Rows are cut or filled, whatever their text."""
    picture = drawing(width, height, [[Span(text) for text in row] for row in rows])
    assert len(picture.rows) == height
    assert all(sum(cells(span.text) for span in row) == width for row in picture.rows)


@given(st.text(), st.integers(0, 30))
def test_visible_text_has_no_orders_in_it(text, width):
    """No control, format or line-breaking character is left, and the cut text fits."""
    shown = shorten(visible(text), width)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Zl", "Zp", "Cs"}
    assert cells(shown) <= width


@pytest.mark.parametrize(
    "text", ["plain", "漢字", "Überlauf", "naïve", "ｗｉｄｅ", "한글", "🎉 done", "α→β", "e\u0301"]
)
def test_width_agrees_with_the_screen(text):
    """A text is as wide here as the library of the screens thinks it is."""
    assert cells(text) == cell_len(text)


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 4, "abc…"),
        ("漢字漢字", 5, "漢字…"),
        ("ab", 0, ""),
        ("漢字", 2, "…"),
    ],
)
def test_shortened_text_ends_in_an_ellipsis(text, width, short):
    """What had to be cut shows that it was."""
    assert shorten(text, width) == short


def test_a_wide_character_is_not_cut_in_half():
    """The cell that half a character would take stays free."""
    assert clip("漢字", 3) == "漢"
    assert drawing(3, 1, [[Span("漢字", Ink(1))]]).text == "漢 "
