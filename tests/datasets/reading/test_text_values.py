"""Text is a number, a date or a truth value only where nothing is lost."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.datasets.reading.kinds import Kind, joined
from workbench.datasets.reading.text_values import converted, kind_of


def _series(*values: str | None) -> pl.Series:
    return pl.Series("x", values, dtype=pl.String)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (("1", "-2", None), Kind.INTEGER),
        ((" 1", "2 "), Kind.INTEGER),
        (("9007199254740991",), Kind.INTEGER),
        (("9007199254740992",), Kind.LONG),
        (("9223372036854775807", "-9223372036854775808"), Kind.LONG),
        (("9223372036854775808",), Kind.TEXT),
        (("007", "1"), Kind.TEXT),
        (("+49123",), Kind.TEXT),
        (("1", "-0"), Kind.FLOAT),
        (("1.5", "2"), Kind.FLOAT),
        (("1e5", ".5", "5.", "-1.5E-7", "+0.5"), Kind.FLOAT),
        (("nan", "inf", "-Infinity", "1"), Kind.FLOAT),
        (("01.11", "10.20"), Kind.TEXT),
        (("1.5", "9007199254740993"), Kind.TEXT),
        (("1.5", "9007199254740992"), Kind.TEXT),
        (("1e400",), Kind.TEXT),
        (("1e-400",), Kind.TEXT),
        (("1,5",), Kind.TEXT),
        (("1_000",), Kind.TEXT),
        (("0x10",), Kind.TEXT),
        (("٣",), Kind.TEXT),
        (("1", "n/a"), Kind.TEXT),
        (("true", "False", "TRUE"), Kind.BOOLEAN),
        (("yes", "no"), Kind.TEXT),
        (("true", "1"), Kind.TEXT),
        (("2013-01-31",), Kind.DATE),
        (("2013-02-30",), Kind.TEXT),
        (("01/02/2013",), Kind.TEXT),
        (("20130102", "20130103"), Kind.INTEGER),
        (("2013-01-01", "2013-01-01 05:00"), Kind.DATETIME),
        (("2013-01-01T05:00:00.123456",), Kind.DATETIME),
        (("2013-01-01T05:00:00.123456789",), Kind.DATETIME_NS),
        (("1500-01-01T05:00:00.123456789",), Kind.TEXT),
        (("2013-01-01T05:00:00Z", "2013-01-01 05:00+02:00"), Kind.INSTANT),
        (("2013-01-01T05:00:00Z", "2013-01-01T05:00:00"), Kind.TEXT),
        ((None, None), Kind.NOTHING),
    ],
)  # fmt: skip
def test_the_narrowest_kind_that_loses_nothing(values: tuple[str | None, ...], kind: Kind) -> None:
    """Codes, telephone numbers and numbers no type holds stay text."""
    assert kind_of(_series(*values)) is kind
    assert converted(_series(*values), kind) is not None


def test_moments_have_the_value_that_is_written() -> None:
    """Times with a zone are kept in UTC, fractions to the last digit."""
    day = converted(_series("2013-02-28"), Kind.DATE)
    moment = converted(_series("2013-02-28", "2013-02-28T05:06"), Kind.DATETIME)
    instant = converted(_series("2013-01-01T05:00:00.25+02:00"), Kind.INSTANT)
    fine = converted(_series("2013-01-01T00:00:00.000000001"), Kind.DATETIME_NS)
    assert day is not None and moment is not None and instant is not None and fine is not None  # noqa: PT018
    assert day.to_list() == [date(2013, 2, 28)]
    assert moment.to_list() == [datetime(2013, 2, 28), datetime(2013, 2, 28, 5, 6)]  # noqa: DTZ001
    assert instant.to_list() == [datetime(2013, 1, 1, 3, 0, 0, 250_000, tzinfo=UTC)]
    assert fine.to_physical().to_list()[0] % 1000 == 1


def test_a_decimal_comma_is_one_where_it_is_said_to_be() -> None:
    """And then a point is none: 1.500 might be thousands."""
    made = converted(_series("1,5", "-2", "3e-2"), Kind.FLOAT, ",")
    assert made is not None
    assert made.to_list() == [1.5, -2.0, 0.03]
    assert kind_of(_series("1,5", "1.500"), ",") is Kind.TEXT


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), min_size=1))
def test_whole_numbers_come_back_exactly(numbers: list[int]) -> None:
    """All that 64 bits hold."""
    texts = _series(*map(str, numbers))
    made = converted(texts, kind_of(texts))
    assert made is not None
    assert made.to_list() == numbers


@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_decimal_numbers_come_back_exactly(numbers: list[float]) -> None:
    """As Python writes them."""
    texts = _series(*map(repr, numbers))
    made = converted(texts, Kind.FLOAT)
    assert made is not None
    assert made.to_list() == numbers


@given(st.lists(st.text(alphabet="0123456789+-.,eE :TZnaif", max_size=12), min_size=1))
def test_what_is_taken_as_a_whole_number_is_written_so(texts: list[str]) -> None:
    """Whatever the text is: writing the number gives it back, but for spaces around it."""
    made = converted(_series(*texts), Kind.LONG)
    if made is not None:
        assert [str(value) for value in made] == [text.strip(" \t") for text in texts]


@given(st.sampled_from(Kind), st.sampled_from(Kind), st.sampled_from(Kind))
def test_kinds_widen_the_same_way_in_every_order_of_two(a: Kind, b: Kind, c: Kind) -> None:
    """What two hold together is the same both ways, holds itself, and only ever widens."""
    assert joined(a, b) is joined(b, a)
    assert joined(joined(a, b), b) is joined(a, b)
    wide = joined(joined(a, b), c)
    assert joined(wide, c) is wide
