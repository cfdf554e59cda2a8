"""Facts under headings as lines: aligned, and folded where a line has an end."""

import pytest

from workbench.operations.sections import section, text

SAID = "the middle moved from here to there and a good deal more than anybody thought it would"


def test_columns_are_aligned_and_lines_are_whole() -> None:
    """Without a width each row is a line, however long."""
    found = section("moved", [("a", "drift", SAID), ("longer", "severe", "x")])
    assert list(text(found)) == [
        "moved", f"  a       drift   {SAID}", "  longer  severe  x",
    ]  # fmt: skip


@pytest.mark.parametrize("room", [40, 60, 80, 120])
def test_sentences_are_folded_into_the_room_there_is(room: int) -> None:
    """Nothing is lost, no line is too long, and what is said stands beside what it is about."""
    lines = list(text(section("moved", [("a", "drift", SAID), ("longer", "severe", "x")]), room))
    assert all(len(line) <= room for line in lines)
    words = " ".join(" ".join(lines).split())
    assert SAID in words
    assert lines[1].startswith("  a       drift")
    assert lines[-1] == "  longer  severe  x"


def test_where_there_is_hardly_room_it_stands_below() -> None:
    """A sentence of three words a line is read by nobody."""
    lines = list(text(section("moved", [("a" * 40, SAID)]), 60))
    assert lines[1] == "  " + "a" * 40
    assert lines[2].startswith("       the middle moved")
