"""Tables as SVG: aligned columns, best values in bold, nothing left out, any text only text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.charts.pictures import NAMES, is_on_page, labels, overlapping, read, size, texts
from workbench.charts.palette import DARK, LIGHT
from workbench.charts.svg_table import table_svg

HEADINGS = ("", "a lr=0.1", "b lr=0.01")
ROWS = (
    ("params",),
    ("lr", "0.1", "0.01"),
    ("optimizer", "adam", "sgd"),
    ("metrics",),
    ("val/auc", "0.912", "0.934"),
    ("loss", "—", "0.31"),
)


def table(headings=HEADINGS, rows=ROWS, **more):
    """Return the picture of a table, read back."""
    return read(table_svg("Comparison", headings, rows, **more))


def at(root, text):
    """Return the labels with this text."""
    return [label for label in labels(root) if label.text == text]


def test_a_table_has_all_its_words():
    """Title, headings, sections and every cell stand on the page, clear of each other."""
    root = table()
    cells = [text for row in (HEADINGS, *ROWS) for text in row if text]
    assert sorted(texts(root)) == sorted(["Comparison", *cells])
    assert is_on_page(root)
    assert not overlapping(root)
    assert size(root) == (1200.0, 675.0)


def test_columns_are_aligned():
    """Cells of a column begin in one place, those of numbers end in one."""
    words = table()
    assert len({at(words, text)[0].x for text in ("a lr=0.1", "0.1", "adam", "0.912", "—")}) == 1
    numbers = table(("", "auc"), (("one", "0.9"), ("two", "12.25"), ("three", "—")))
    ends = {(at(numbers, text)[0].anchor, at(numbers, text)[0].x) for text in ("0.9", "12.25", "—")}
    assert len(ends) == 1
    assert ends.pop()[0] == "end"


def test_best_values_are_bold():
    """Only the cells asked for are bold, besides headings and sections."""
    root = table(bold={(4, 2)})
    bold = {label.text for label in labels(root) if label.bold}
    assert bold == {"Comparison", "a lr=0.1", "b lr=0.01", "params", "metrics", "0.934"}


def test_headings_have_the_colours_of_runs():
    """A heading has its colour, or that of text."""
    root = table(colors=(None, 0xFF0000), theme=LIGHT)
    fills = {one.text: one.get("fill") for one in root.iter(f"{NAMES}text")}
    assert fills["a lr=0.1"] == "#ff0000"
    assert fills["b lr=0.01"] == fills["Comparison"] == "#1c1c1c"


@pytest.mark.parametrize(("rows", "columns"), [(8, 3), (60, 4), (300, 2), (5, 40), (40, 100)])
def test_large_tables_leave_nothing_out(rows, columns):
    """More than a slide holds makes the picture larger; every row and number is there."""
    headings = ("", *(f"run {number}" for number in range(columns)))
    body = [(f"p{row}", *("0.5" for _ in range(columns))) for row in range(rows)]
    root = table(headings, body)
    said = texts(root)
    assert said.count("0.5") == rows * columns
    assert all(f"p{row}" in said for row in range(rows))
    assert is_on_page(root)


def test_a_long_text_is_cut_in_its_middle():
    """A long value gives way, the others do not."""
    root = table(("", "a", "b"), (("path", "/data/" + "x" * 300 + "/train.csv", "0.25"),))
    cut = next(text for text in texts(root) if "…" in text)
    assert cut.startswith("/data/")
    assert cut.endswith("/train.csv")
    assert "0.25" in texts(root)
    assert not overlapping(root)


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=60),
    st.lists(st.text(max_size=60), max_size=5),
    st.lists(st.lists(st.text(max_size=60), max_size=5), max_size=12),
    st.sampled_from([DARK, LIGHT]),
)
def test_any_words_give_a_valid_picture(title, headings, rows, theme):
    """Whatever the words and however ragged the rows: valid XML, on the page, columns apart."""
    root = read(table_svg(title, headings, rows, theme=theme, bold={(0, 0), (1, 1)}, aside=title))
    assert is_on_page(root)
    assert not overlapping(root)
