"""Text as a terminal shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from workbench.tui.cells import Cell, apart, cut, fit, shorten_line, visible, width_of_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("日本語 ü", "日本語 ü"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("a\x00b", "a␀b"),
        ("two\nlines", "two↵lines"),
        ("tab\there", "tab⇥here"),
        ("\x7f", "␡"),
        ("\x9b31m", "�31m"),
        ("invoice\u202efdp.exe", "invoice⇄fdp.exe"),
        ("zero\u200bwidth", "zero·width"),
        ("no\u00a0break", "no break"),
        ("\ud800", "�"),
        ("[bold]not markup[/]", "[bold]not markup[/]"),
    ],
)
def test_visible(text, shown):
    """Nothing that could steer a terminal stays invisible; all else stays as it is."""
    assert visible(text) == shown


@given(st.text(alphabet=st.characters(), max_size=40))
def test_visible_is_printable(text):
    """Whatever the text, what is shown is printable."""
    assert visible(text).isprintable()


@given(st.text(max_size=30), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_fit_is_exact(text, width, align):
    """Fitted text takes exactly the cells asked for, wide characters or not."""
    assert cell_len(fit(text, width, align)) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("gbm-baseline", 12, "gbm-baseline"),
        ("gbm-baseline", 6, "gbm-b…"),
        ("日本語", 4, "日…"),
        ("日本語", 5, "日本…"),
        ("abc", 0, ""),
        ("abc", 1, "…"),
    ],
)
def test_cut(text, width, shown):
    """A text too long ends in an ellipsis, and never in half a character."""
    assert cut(text, width) == shown


def test_apart_keeps_the_right_end():
    """Where both ends do not fit, the left one is cut."""
    line = apart((Cell("a long left end"),), (Cell("right"),), 14)
    assert "".join(cell.text for cell in line) == "a long…  right"
    assert width_of_line(line) == 14


def test_shorten_line_cuts_the_piece_at_the_edge():
    """Pieces before the edge keep their style, the one across it is cut, the rest goes."""
    line = shorten_line((Cell("one", "bold"), Cell("three", "dim"), Cell("four")), 6)
    assert line == (Cell("one", "bold"), Cell("th…", "dim"))
