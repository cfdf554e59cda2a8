"""Completing a filter over rows: columns, what may be asked of each, its values."""

import pytest

from workbench.datasets.table import Column
from workbench.filters import complete_rows

COLUMNS = (
    Column("age", "integer", "Int64"),
    Column("price", "float", "Float64"),
    Column("city", "text", "String"),
    Column("my col", "text", "String"),
    Column("tags", "list", "List(String)"),
    Column("ok", "boolean", "Boolean"),
)


def offered(text: str) -> list[str]:
    """Return what is offered at the end of a text."""
    values = {"city": ["Berlin", "New York"]}
    found = complete_rows(text, len(text), COLUMNS, lambda name: values.get(name, []))
    return [one.text for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["age", "price", "city", "`my col`", "tags", "ok", "NOT"]),
        ("a", ["age"]),
        ("my", ["`my col`"]),
        ("tags ", ["IS NULL", "IS NOT NULL"]),
        ("ok ", ["=", "!=", "IS NULL", "IS NOT NULL"]),
        ("ok = ", ["true", "false"]),
        ("city = Ber", ["Berlin"]),
        ("city IN (", ["Berlin", "'New York'"]),
        ("city = ", ["Berlin", "'New York'", "`my col`"]),
        ("age > p", ["price"]),
        ("age > 3 a", ["AND", "age"]),
        ("city IS ", ["NULL", "NOT NULL"]),
        ("age + 1 > pr", ["price"]),
        ("age >> ", []),
    ],
)
def test_what_is_offered(text, expected):
    """Only what may stand at the cursor is offered, the likeliest first."""
    assert offered(text) == expected


def test_a_completion_replaces_the_word_begun():
    """It says from where to where its text goes."""
    (one,) = complete_rows("age > 1 ci", 10, COLUMNS)
    assert (one.text, one.start, one.end, one.kind) == ("city", 8, 10, "column")


def test_operators_fit_the_column():
    """Numbers have an order, texts have patterns."""
    assert offered("age ")[:2] == [">", ">="]
    assert "LIKE" in offered("city ")
    assert "LIKE" not in offered("age ")
