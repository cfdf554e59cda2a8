"""Texts of a run as lines."""

import pytest

from workbench.tui import paragraphs as words
from workbench.tui.cells import Line
from workbench.tui.paragraphs import diff_lines

DIFF = """diff --git a/fit.py b/fit.py
--- a/fit.py
+++ b/fit.py
@@ -1,3 +1,3 @@
 import numpy
-lr = 0.1
-depth = 4
+lr = 0.01
"""


def texts(lines: list[Line]) -> list[str]:
    """Return what the lines say."""
    return ["".join(cell.text for cell in line) for line in lines]


def test_a_diff_says_first_what_came_and_went() -> None:
    """The heads of a file are no lines that came or went."""
    summary, blank, *rows = texts(diff_lines(DIFF, 80))
    assert summary == "1 line added, 2 lines removed in 1 file"
    assert (blank, rows) == ("", DIFF.splitlines())
    assert diff_lines("", 80) == []


def test_of_a_long_diff_the_rest_is_counted() -> None:
    """All of it is in the summary, its beginning is shown, and it is said that there is more."""
    number = 350_000
    made: list[str] = texts(diff_lines("+a\n" * number, 80))
    assert made[0] == "350,000 lines added, 0 lines removed"
    assert made.count("+a") == words._MOST_ROWS
    assert made[-1] == "345,000 more lines; copying takes all of them."


@pytest.mark.parametrize("over", [0, 1])
def test_only_what_is_left_out_is_counted(monkeypatch: pytest.MonkeyPatch, over: int) -> None:
    """A diff that just fits has nothing more."""
    monkeypatch.setattr(words, "_MOST_ROWS", 8 - over)
    made = texts(diff_lines(DIFF, 80))
    assert ("1 more line; copying takes all of them." in made) == bool(over)
    assert ("+lr = 0.01" in made) == (not over)


def test_a_row_longer_than_the_screen_is_cut() -> None:
    """However long it is, it takes one line."""
    (row,) = texts(diff_lines("+" + "x" * 1_000_000, 40))[2:]
    assert row == "+" + "x" * 38 + "…"
