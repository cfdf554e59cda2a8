"""Expressions over the columns of a table are read, or refused in one sentence at their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import FilterError
from workbench.filters import parse_expression
from workbench.filters.expression_tree import (
    Applied,
    ColumnName,
    Listed,
    Missing,
    Patterned,
    Reckoned,
    Related,
    Totalled,
    columns_of,
    totals_of,
)
from workbench.filters.tree import And, Not, Number, Or, Text, Truth

A, B = ColumnName("a"), ColumnName("b")
ONE, TWO = Number(1.0), Number(2.0)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a = 1", Related(A, "=", ONE)),
        ("a ≥ b", Related(A, ">=", B)),
        ("a <> 'x'", Related(A, "!=", Text("x"))),
        ('a = "x"', Related(A, "=", Text("x"))),
        ("a = TRUE", Related(A, "=", Truth(True))),
        ("`a b` = 1", Related(ColumnName("a b"), "=", ONE)),
        ("a + b * 2 = 1", Related(Reckoned("+", A, Reckoned("*", B, TWO)), "=", ONE)),
        ("(a + b) * 2 = 1", Related(Reckoned("*", Reckoned("+", A, B), TWO), "=", ONE)),
        ("a-b = 1", Related(ColumnName("a-b"), "=", ONE)),
        ("abs(a) = length(b)", Related(Applied("abs", A), "=", Applied("length", B))),
        ("SUM(a) / count(b) > 1", Related(
            Reckoned("/", Totalled("sum", A), Totalled("count", B)), ">", ONE)),
        ("a in (1, x)", Listed(A, (ONE, Text("x")))),
        ("a not in (1,)", Listed(A, (ONE,), negated=True)),
        ("a !~ '^x'", Patterned(A, "^x", negated=True)),
        ("a is not null", Missing(A, negated=True)),
        ("not (a = 1 or b = 1) and a = 2", And((
            Not(Or((Related(A, "=", ONE), Related(B, "=", ONE)))),
            Related(A, "=", TWO)))),
    ],
)  # fmt: skip
def test_an_expression_is_read(text: str, tree: object) -> None:
    """With the operators and quotes of filters, and arithmetic as everywhere."""
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (" ", 0, "An expression cannot be empty."),
        ("a = ", 4, "Expected a value after '='."),
        ("a b", 2, "Expected an operator"),
        ("a = 1 b = 2", 6, "Expected AND, OR"),
        ("median(a) = 1", 0, "There is no function 'median'."),
        ("sum(max(a)) = 1", 0, "A total of a total is one number."),
        ("a = 1e999", 4, "no number that anything can be compared with"),
        ("a = nan", 4, "no number that anything can be compared with"),
        ("a ~ '('", 2, "This is no regular expression"),
        ("a ~ 3", 2, "This is no regular expression"),
        ("a = 'x", 4, "This quote is never closed."),
        ("not " * 70 + "a = 1", 0, "nested over 60"),
        ("a = " + "1 + " * 2000 + "1", 0, "at most 4,000 letters"),
    ],
)
def test_what_is_no_expression_is_refused_at_its_place(
    text: str, column: int, message: str
) -> None:
    """In one sentence, and the column is known."""
    with pytest.raises(FilterError) as caught:
        parse_expression(text)
    assert message in caught.value.message
    assert caught.value.column == column


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    """There is no third way, whatever somebody types."""
    try:
        parse_expression(text)
    except FilterError as error:
        place = error.column
    else:
        place = 0
    assert 0 <= place <= len(text)


def test_columns_and_totals_are_named_once_in_order() -> None:
    """What must be read, and what must be gathered."""
    tree = parse_expression("sum(b) = 1 and (a = 2 or sum(b) = nulls(a))")
    assert columns_of(tree) == ("b", "a")
    assert totals_of(tree) == (Totalled("sum", B), Totalled("nulls", A))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("nulls(a)/count(b) < 0.05", "Put a space on both sides of '/'."),
        ("sum(a)*2 > 3", "Put a space on both sides of '*'."),
        ("(a + b)/2 > 3", "Put a space on both sides of '/'."),
        ("abs(a) -1 > 2", "Put a space after '-' too."),
    ],
)
def test_a_sign_that_is_glued_to_its_neighbour_is_explained(text: str, hint: str) -> None:
    """Within a name it is a letter, and nobody guesses that."""
    with pytest.raises(FilterError) as caught:
        parse_expression(text)
    assert caught.value.hint == hint
