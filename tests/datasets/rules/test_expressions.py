"""Expressions over columns: exact, three-valued, to nine digits where fractions are reckoned."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.rules.asking import ask, at
from workbench.datasets.rules import RuleResult

TABLE = pl.DataFrame(
    {
        "i": [1, 2, 3],
        "j": [1, 1, None],
        "x": [0.1, 0.2, 0.3],
        "y": [0.2, 0.1, float("nan")],
        "z": [0.3, 0.3, 0.3],
        "s": ["ab", "abc", None],
        "b": [True, False, None],
        "d": [dt.date(2026, 1, 1), dt.date(2026, 1, 2), None],
        "t": [at(2026, 1, 1, 12), at(2026, 1, 1, 23), None],
        "big": [2**62, 2**62, 2**62],
        "q": [Decimal("0.10"), Decimal("0.20"), Decimal("0.30")],
    }
)


def row_rule(text: str, nulls: str = "undecided") -> RuleResult:
    """Return what comes of an expression of rows."""
    return ask(TABLE, kind="expression", expression=text, nulls=nulls)


@pytest.mark.parametrize(
    ("text", "failed", "unknown"),
    [
        ("x + y = z", 0, 1),
        ("x + y <= z and x + y >= z", 0, 1),
        ("x + y < z", 2, 1),
        ("x = 0.1", 2, 0),
        ("i + j > 2", 1, 1),
        ("i / j = i", 0, 1),
        ("i / 0 > 1", 0, 3),
        ("big + big = 9223372036854775808", 0, 0),
        ("big * 2 > big", 0, 0),
        ("abs(1 - i) = i - 1", 0, 0),
        ("length(s) = i + 1", 0, 1),
        ("s ~ '^ab'", 0, 1),
        ("s in ('ab', 'abc')", 0, 1),
        ("s = ab", None, None),
        ("b = true", 1, 1),
        ("d <= '2026-01-01'", 1, 1),
        ("t = '2026-01-01'", 0, 1),
        ("t < '2026-01-01T13:00'", 1, 1),
        ("t >= d", 1, 1),
        ("q + q = q * 2", 0, 0),
        ("j is null or j = 1", 0, 0),
        ("not j = 1", 2, 1),
        ("j = 1 or i = 3", 0, 0),
        ("y is not null", 1, 0),
        ("i != j", 1, 1),
        ("`i` = 1 or i in (2, 3)", 0, 0),
    ],
)
def test_every_row_is_asked(text: str, failed: int | None, unknown: int | None) -> None:
    """Against it, or not to be told: unknown or true is true, unknown and true is unknown."""
    found = row_rule(text)
    if failed is None:
        assert found.state == "error", found
        return
    assert (found.failed, found.left_out) == (failed, unknown), found
    assert found.state == ("fails" if failed else "undecided" if unknown else "holds")


def test_what_a_missing_value_means_can_be_said() -> None:
    """Undecided unless somebody says that it passes or that it fails."""
    assert row_rule("j = 1", "undecided").state == "undecided"
    assert row_rule("j = 1", "pass").state == "holds"
    assert row_rule("j = 1", "fail").failed == 1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("i+j = 3", "Put a space on both sides of a sign to reckon."),
        ("s > 3", "A text cannot be compared with a number."),
        ("s + 1 = 2", "'+' is of numbers, and this is text."),
        ("length(i) = 2", "length() is of texts, and this is number."),
        ("b > false", "True and false have no order."),
        ("d > 'monday'", "'monday' is no date"),
        ("sum(i) > j", "j stands outside a total."),
        ("ii = 1", "Did you mean i?"),
    ],
)
def test_what_cannot_be_asked_is_an_error_in_words(text: str, reason: str) -> None:
    """It neither holds nor fails."""
    found = row_rule(text)
    assert found.state == "error"
    assert reason in found.reason


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("sum(i) = 6", "holds"),
        ("sum(j) = 2 and nulls(j) = 1 and count(j) = 2", "holds"),
        ("mean(i) = 2", "holds"),
        ("sum(x) + sum(y) = 0.9", "holds"),
        ("sum(x) = 0.6 and sum(x) / sum(z) < 0.7", "holds"),
        ("sum(big) = 13835058055282163712", "holds"),
        ("min(i) = 1 and max(s) = 'abc'", "holds"),
        ("sum(i * i) = 14", "holds"),
        ("sum(q) = 0.6", "holds"),
        ("abs(0 - sum(i)) = 6", "holds"),
        ("sum(i) / nulls(i) > 0", "undecided"),
        ("sum(i) / nulls(i) > 0 or sum(i) > 0", "holds"),
        ("max(s) > 3", "error"),
        ("mean(s) > 3", "error"),
    ],
)
def test_totals_are_of_the_whole_table(text: str, state: str) -> None:
    """Whole numbers without bound, fractions within nine digits."""
    found = ask(TABLE, kind="expression", expression=text)
    assert found.state == state, found


def test_a_total_says_what_it_was_and_what_it_left_out() -> None:
    """So that a failure explains itself."""
    found = ask(TABLE, kind="expression", expression="sum(j) = 3")
    assert (found.state, found.observed) == ("fails", "sum(j) = 2 (1 missing value left out)")


NUMBERS = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=20))
def test_whole_numbers_are_reckoned_without_running_over(rows: list[tuple[int, int]]) -> None:
    """As Python reckons them, which knows no largest number."""
    table = pl.DataFrame(rows, schema={"a": pl.Int64, "b": pl.Int64}, orient="row")
    there = [(a, b) for a, b in rows if a is not None and b is not None]
    for text, wrong in (
        ("a + b > 0", [a + b <= 0 for a, b in there]),
        ("a - b != a", [a - b == a for a, b in there]),
        ("a * b >= b", [a * b < b for a, b in there]),
        ("abs(a) >= b", [abs(a) < b for a, b in there]),
    ):
        found = ask(table, kind="expression", expression=text)
        assert (found.failed, found.left_out) == (sum(wrong), len(rows) - len(there)), text
    a_there = [a for a, _ in rows if a is not None]
    if a_there:
        total = sum(a_there)
        assert ask(table, kind="expression", expression=f"sum(a) = {total}").state == "holds"
        assert ask(table, kind="expression", expression=f"sum(a) = {total + 1}").state == "fails"
        assert ask(table, kind="expression", expression="sum(a) > 0").state == (
            "holds" if total > 0 else "fails"
        )


LARGE = pl.DataFrame(
    {
        "i": [2**53 + 1],
        "u": pl.Series([2**64 - 1], dtype=pl.UInt64),
        "d": pl.Series([str(10**37 + 1)]).cast(pl.Decimal(38, 0)),
        "p": pl.Series([f"{2**53 + 1}.25"]).cast(pl.Decimal(38, 10)),
    }
)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("i", 2**53 + 1), ("u", 2**64 - 1), ("d", 10**37 + 1), ("i + i", 2**54 + 2),
        ("abs(d)", 10**37 + 1), ("u - 1", 2**64 - 2), ("sum(i)", 2**53 + 1), ("max(u)", 2**64 - 1),
        ("sum(d)", 10**37 + 1),
    ],
)  # fmt: skip
def test_whole_numbers_that_no_float_holds_are_compared_exactly(column: str, value: int) -> None:
    """With the number itself and with those beside it, whichever stands first."""
    for beside in (value - 1, value, value + 1):
        for text, true in (
            (f"{column} = {beside}", value == beside), (f"{beside} = {column}", value == beside),
            (f"{column} < {beside}", value < beside), (f"{beside} <= {column}", beside <= value),
        ):  # fmt: skip
            found = ask(LARGE, kind="expression", expression=text)
            assert found.state == ("holds" if true else "fails"), text


def test_a_total_of_whole_numbers_is_told_whole() -> None:
    """With the digits it was judged by."""
    found = ask(LARGE, kind="expression", expression="sum(u) = 1")
    assert found.observed == f"sum(u) = {2**64 - 1}"


def test_a_decimal_is_compared_with_its_digits_after_the_point() -> None:
    """Also with whole numbers and fractions that no decimal of its kind is."""
    for text, state in (
        (f"p = {2**53 + 1}", "fails"), (f"p > {2**53 + 1}", "holds"), ("p in (1.25)", "fails"),
        ("p < 1e300", "holds"), ("p > -1e300", "holds"), ("p != 1e-300", "holds"),
    ):  # fmt: skip
        assert ask(LARGE, kind="expression", expression=text).state == state, text
