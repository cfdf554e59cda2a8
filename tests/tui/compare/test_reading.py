"""The line under the table: what is under the cursor, in full."""

from tests.tui.compare.test_rows import METRICS, comparison
from workbench.runs.comparing import Fact
from workbench.tui.cells import Line
from workbench.tui.compare.reading import reading_lines
from workbench.tui.compare.rows import lay_out
from workbench.tui.compare.state import Choices

COMMAND = " ".join(f"--param-{n} {n}" for n in range(40))


def said(lines: list[Line]) -> list[str]:
    """Return the lines as text."""
    return ["".join(cell.text for cell in line).strip() for line in lines]


def test_a_value_that_is_cut_in_its_column_is_there_whole() -> None:
    """On one line if it fits, else on lines of its own; nothing is left out."""
    found = (Fact("run", "command", ("train.py", "test.py", COMMAND)),)
    shown = lay_out(comparison(found), Choices(), 1)
    assert said(reading_lines(shown, 1, 2, 70, 9)) == ["a lr=0  command  train.py"]
    long = reading_lines(shown, 1, 4, 70, 20)
    assert said(long)[0] == "c lr=2  command"
    assert " ".join(said(long)[1:]) == COMMAND
    assert len(reading_lines(shown, 1, 4, 70, 3)) == 3


def test_differences_are_said_in_words_and_names_with_how_many_share() -> None:
    """Against a baseline; on the column of names, how many have the same value."""
    shown = lay_out(comparison(METRICS, baseline=0), Choices(), 1)
    assert said(reading_lines(shown, 1, 3, 70, 3)) == ["b lr=1  auc  0.95  +0.05 better"]
    assert said(reading_lines(shown, 1, 4, 70, 3)) == ["c lr=2  auc  is not there"]
    assert said(reading_lines(shown, 1, 0, 70, 3)) == ["auc  1 of 3 runs have the same"]
