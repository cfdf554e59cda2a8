"""Legends: what all labels share goes first, the middle before the end, nothing is wider."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.charts.builders import COLORS
from workbench.charts.drawing import cells
from workbench.charts.legend import Entry, header, legend, most_rows, without_shared
from workbench.charts.look import Look
from workbench.charts.palette import letters


def entries(labels):
    """Return an entry for each label, with letters."""
    return [
        Entry(letter, label, COLORS[0], focused=False)
        for letter, label in zip(letters(len(labels)), labels, strict=True)
    ]


def text(rows):
    """Return rows of spans as lines of text."""
    return ["".join(span.text for span in row).rstrip() for row in rows]


@pytest.mark.parametrize(
    ("labels", "short"),
    [
        (("sweep lr=0.01", "sweep lr=0.02"), ("lr=0.01", "lr=0.02")),
        (("net-a-final", "net-b-final"), ("a", "b")),
        (("lr=1e-3", "lr=1e-4"), ("lr=1e-3", "lr=1e-4")),
        (("a=1e-3", "a=2e-3"), ("a=1e-3", "a=2e-3")),
        (("lr=-1", "lr=-2"), ("lr=-1", "lr=-2")),
        (("lr=0.01", "lr=0.02"), ("lr=0.01", "lr=0.02")),
        (("one two", "one two"), ("two", "two")),
        (("one", "one two"), ("one", "one two")),
        (("exp/1/seed 3", "exp/2/seed 3"), ("1", "2")),
        (("only one",), ("only one",)),
        ((), ()),
    ],
)
def test_what_labels_share_is_dropped_in_whole_words(labels, short):
    """Words at either end go, parts of numbers and of words stay."""
    assert without_shared(labels) == short


@given(st.lists(st.text("ab1e -_/", max_size=12), max_size=5))
def test_labels_that_differ_still_differ(labels):
    """Dropping what is shared never makes two labels one, and never empties one."""
    short = without_shared(labels)
    assert len(set(short)) == len(set(labels))
    assert all(
        bool(after.strip()) == bool(before.strip())
        for before, after in zip(labels, short, strict=True)
    )


def test_ten_curves_are_told_apart_at_80_columns():
    """With ten curves of two params each every label stands whole, on as many lines as it takes."""
    labels = [f"sweep lr={10 ** -(at % 4):g} depth={at}" for at in range(10)]
    rows = text(header(Look("val/loss"), entries(labels), 80, most_rows(24)))
    assert len(rows) <= 4
    assert all(label.removeprefix("sweep ") in " ".join(rows) for label in labels)
    assert "sweep" not in " ".join(rows)


def test_a_small_chart_has_all_letters_in_one_line():
    """Without room for a second line the labels are cut, and no curve is left out."""
    labels = [f"network-{at:03d}" for at in range(10)]
    rows = text(header(Look("val/loss"), entries(labels), 80, most_rows(12)))
    assert len(rows) == 2
    assert rows[1].split() == [word for at in range(10) for word in ("abcdefghij"[at], f"{at:03d}")]


def test_a_legend_that_fits_keeps_what_is_shared():
    """Nothing is dropped where there is room."""
    assert text([legend(entries(["net one", "net two"]), 40)]) == ["a net one   b net two"]


@given(st.lists(st.text(max_size=40), max_size=14), st.integers(0, 120), st.integers(0, 4))
def test_no_line_is_wider_than_asked(labels, width, rows):
    """Whatever the labels: at most so many lines, none wider than the chart."""
    found = header(Look("loss"), entries(labels), width, rows)
    assert len(found) <= rows
    assert all(sum(cells(span.text) for span in row) == width for row in found)


def test_under_the_crosshair_letters_and_values_do_without_labels():
    """Ten values stand in two narrow lines rather than three beside their labels."""
    read = [one._replace(value=f"0.{n}") for n, one in enumerate(entries(["a-long-label"] * 10))]
    lines = text(header(Look(title="loss"), read, 42, 3))
    assert lines[0] == "loss"
    assert " ".join(lines[1:]).split() == [
        word for n, one in enumerate(read) for word in (one.letter, f"0.{n}")
    ]


def test_a_legend_without_room_keeps_values_whole():
    """Rather fewer curves with their values than all of them without."""
    labels = [f"lr={lr} seed={seed}" for seed in range(4) for lr in (0.1, 0.03)]
    assert text([legend(entries(labels), 39)]) == ["a 0.1 0  b 0.03 0  c 0.1 1  +5"]
    rows = text(header(Look("loss"), entries(labels), 39, 4))
    assert rows[1:] == [
        "a 0.1 0  b 0.03 0  c 0.1 1  d 0.03 1",
        "e 0.1 2  f 0.03 2  g 0.1 3  h 0.03 3",
    ]


def test_the_curve_under_the_cursor_stays_in_the_legend():
    """It is the one somebody is looking at."""
    many = entries([f"lr={at}e-5 depth={at}" for at in range(10, 20)])
    many[8] = many[8]._replace(focused=True)
    (line,) = text([legend(many, 39)])
    assert line == "a 10e-5 10  b 11e-5 11  i 18e-5 18  +7"
