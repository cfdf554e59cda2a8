"""What is printed is safe to look at, to open and to parse."""

import json
import math

import pytest

from workbench.cli import output
from workbench.cli.output import Heading, Table


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain é 漢", "plain é 漢"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\nb\tc\r", "a↵b⇥c␍"),
        ("\x9b2J", "�2J"),
        ("abc\u202edef", "abc⇄def"),
        ("\ud800", "�"),
        ("a\u200bb", "a·b"),
    ],
)
def test_nothing_can_steer_the_terminal(text: str, shown: str) -> None:
    """Control characters, turned writing and lone surrogates become visible signs."""
    assert output.visible(text) == shown


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@x", "\tx", "\rx"])
def test_csv_holds_no_formula(text: str) -> None:
    """A cell a spreadsheet would run begins with an apostrophe."""
    assert list(output.separated(["a"], [[text]]))[1].strip('"').startswith("'")


def test_csv_leaves_numbers_alone() -> None:
    """A negative number is no formula; a missing value is an empty cell."""
    assert list(output.separated(["a", "b"], [[-0.5, None]])) == ["a,b", "-0.5,"]


def test_json_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    """NaN and the infinities are given by name; an array of nothing is still an array."""
    output.json_array([{"a": math.nan, "b": [math.inf, -math.inf]}, {"c": 1}])
    assert json.loads(capsys.readouterr().out) == [
        {"a": "NaN", "b": ["Infinity", "-Infinity"]},
        {"c": 1},
    ]
    output.json_array([])
    assert json.loads(capsys.readouterr().out) == []


def test_a_table_is_aligned_and_fits() -> None:
    """Columns line up with wide letters in them, and the widest gives way."""
    table = Table([Heading("name"), Heading("n", "right")], [["漢字", "1"], ["x" * 50, "22"]])
    head, first, second = output.aligned(table, room=20)
    assert output.cells(first) == output.cells(second) == 20
    assert head.endswith(" n")
    assert second.startswith("xxxx")
    assert "…" in second


def test_columns_without_room_are_left_out() -> None:
    """A narrow terminal shows the first columns whole instead of all of them squeezed."""
    table = Table([Heading(name) for name in "abcd"], [["12345678"] * 4])
    assert len(output.fitting(table, keep=1, room=20).headings) == 2
    assert len(output.fitting(table, keep=3, room=5).headings) == 3


def test_markdown_cells_cannot_break_the_table() -> None:
    """A pipe or a newline in a cell stays in its cell."""
    lines = list(output.markdown(Table([Heading("a")], [["x|y\nz"]])))
    assert lines[2] == "| x\\|y↵z |"


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours need a terminal and no NO_COLOR."""
    monkeypatch.setattr(output, "terminal", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert output.strong("x") != "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert output.strong("x") == "x"
