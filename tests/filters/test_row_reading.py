"""Filters over the rows of a table: what they mean, how they are written, what is wrong."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.datasets.table import Column
from workbench.errors import FilterError
from workbench.filters import parse_rows, render
from workbench.filters.row_columns import field_of
from workbench.filters.tree import (
    And,
    Arithmetic,
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Like,
    Match,
    Not,
    Number,
    Or,
    Relation,
    Text,
    Truth,
    Words,
)

COLUMNS = (
    Column("age", "integer", "Int64"),
    Column("price", "float", "Float64"),
    Column("cost", "decimal", "Decimal(precision=38, scale=2)"),
    Column("city", "text", "String"),
    Column("kind", "categorical", "Categorical"),
    Column("at", "datetime", "Datetime(time_unit='us', time_zone=None)"),
    Column("berlin at", "datetime", "Datetime(time_unit='us', time_zone='Europe/Berlin')"),
    Column("day", "date", "Date"),
    Column("ok", "boolean", "Boolean"),
    Column("clock", "time", "Time"),
    Column("took", "duration", "Duration(time_unit='ms')"),
    Column("tags", "list", "List(String)"),
    Column("2020", "integer", "Int64"),
    Column("a-b", "integer", "Int64"),
    Column("and", "integer", "Int64"),
)
MARCH_1 = 1_709_251_200.0
DAY = 86_400.0


def field(name: str) -> Field:
    """Return a column as the tree has it."""
    return next(field_of(column) for column in COLUMNS if column.name == name)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("age > 3", Compare(field("age"), ">", Number(3))),
        ("3 < age", Compare(field("age"), ">", Number(3))),
        ("age = 9007199254740993", Compare(field("age"), "=", Number(9007199254740993))),
        ("price = nan", Compare(field("price"), "=", Number(math.nan))),
        ("city = Berlin", Compare(field("city"), "=", Text("Berlin"))),
        ("city = age", Compare(field("city"), "=", Text("age"))),
        ("city = 01234", Compare(field("city"), "=", Text("01234"))),
        ("'Berlin' = city", Compare(field("city"), "=", Text("Berlin"))),
        ("city > 'M'", Compare(field("city"), ">", Text("M"))),
        ("ok = TRUE", Compare(field("ok"), "=", Truth(True))),
        ("clock >= 14:30", Compare(field("clock"), ">=", Text("14:30:00"))),
        ("took > 1h30m", Compare(field("took"), ">", Number(5400))),
        ("`2020` = 1", Compare(field("2020"), "=", Number(1))),
        ("2020 = 1", Compare(field("2020"), "=", Number(1))),
        ("a-b = 1", Compare(field("a-b"), "=", Number(1))),
        ('"and" = 1', Compare(field("and"), "=", Number(1))),
        ("age IN (1, 2,)", In(field("age"), (Number(1), Number(2)))),
        ("age NOT IN (1)", In(field("age"), (Number(1),), negated=True)),
        ("kind LIKE 'a%'", Like(field("kind"), "a%")),
        ("city NOT ILIKE 'a%'", Like(field("city"), "a%", case_sensitive=False, negated=True)),
        ("city !~ '^B'", Match(field("city"), "^B", negated=True)),
        ("tags IS NOT NULL", IsNull(field("tags"), negated=True)),
        ("age > cost", Relation(field("age"), ">", field("cost"))),
        ("city = `kind`", Relation(field("city"), "=", field("kind"))),
        ("berlin 'two words'", And((Words("berlin"), Words("two words")))),
        ("(age)", Words("age")),
        ("not age = 1 or ok = true",
         Or((Not(Compare(field("age"), "=", Number(1))), Compare(field("ok"), "=", Truth(True))))),
        ("age + 2 * cost < price",
         Relation(Arithmetic("+", field("age"), Arithmetic("*", Number(2), field("cost"))), "<",
                  field("price"))),
    ],
)  # fmt: skip
def test_what_a_filter_means(text, tree):
    """A text means the same tree always, and its canonical spelling means it too."""
    found = parse_rows(text, COLUMNS)
    assert found == tree
    assert parse_rows(render(found), COLUMNS) == tree


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("ages > 3", 0, "There is no column called 'ages'"),
        ("age > 3 AND citi = 4", 12, "Did you mean city?"),
        ("city > 5", 7, "letter by letter"),
        ("ok > true", 5, "no order"),
        ("ok = 1", 5, "neither"),
        ("tags = 3", 0, "only be asked for null"),
        ("age LIKE 'a'", 0, "looks at text"),
        ("age = old", 6, "'old' is none"),
        ("age = city", 6, "different kinds"),
        ("city + 1 > 2", 0, "nothing can be reckoned"),
        ("5 = 5", 0, "Two values stand here"),
        ("at = yesterday", 5, "is a time, and 'yesterday' is none"),
        ("at > 2024", 5, "is a time, and '2024' is none"),
        ("at = '2024-01-01 00:00:00.123456789'", 5, "finer than a microsecond"),
        ("clock = noon", 8, "time of day"),
        ("took > soon", 7, "length of time"),
        ("sum(age) > 3", 0, "There is no function 'sum'"),
        ("age > ", 6, "Expected a value"),
        ("city = 'x", 7, "never closed"),
        ("price*cost > 1", 0, "Put a space on both sides"),
        ("city ~ '(?=x)'", 7, "look-around"),
        ("(" * 2000 + "age=1" + ")" * 1995, 4000, "Expected"),
        ("(" * 1900 + "age=1" + ")" * 1900, 0, "nested over 60 deep"),
        ("age = 1 " * 1000, 4000, "at most 4,000 letters"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_column(text, column, words):
    """An error is one sentence with a place, never anything else."""
    with pytest.raises(FilterError) as caught:
        parse_rows(text, COLUMNS)
    assert words in f"{caught.value.message} {caught.value.hint}"
    if column < 1000:
        assert caught.value.column == column


def test_an_empty_filter_is_none():
    """Spaces ask for nothing."""
    assert parse_rows("  ", COLUMNS) is None


def test_a_date_is_its_whole_day():
    """A day equals all its moments, and differs from all others."""
    at = field("at")
    assert parse_rows("at = 2024-03-01", COLUMNS) == And(
        (Compare(at, ">=", Instant(MARCH_1)), Compare(at, "<", Instant(MARCH_1 + DAY)))
    )
    assert parse_rows("at != 2024-03-01", COLUMNS) == Or(
        (Compare(at, "<", Instant(MARCH_1)), Compare(at, ">=", Instant(MARCH_1 + DAY)))
    )


def test_moments_are_on_the_clock_of_the_column():
    """A time without a zone is on the clock the column shows; the computer's plays no part."""
    assert parse_rows("at > 2024-03-01T00:00", COLUMNS) == Compare(
        field("at"), ">", Instant(MARCH_1)
    )
    zoned = parse_rows("`berlin at` > 2024-03-01T00:00", COLUMNS)
    assert zoned == Compare(field("berlin at"), ">", Instant(MARCH_1 - 3600))
    assert parse_rows("`berlin at` > 2024-03-01T00:00Z", COLUMNS) == Compare(
        field("berlin at"), ">", Instant(MARCH_1)
    )


def test_relative_times_and_the_last_day_there_is():
    """Two days ago is relative; the end of the calendar has no day after it."""
    assert parse_rows("at > -2d", COLUMNS) == Compare(
        field("at"), ">", Instant(-2 * DAY, relative=True)
    )
    last = parse_rows("day = 9999-12-31", COLUMNS)
    assert last == Compare(field("day"), ">=", Instant(253_402_214_400.0))


LEAVES = st.one_of(
    st.builds(Compare, st.just(field("age")), st.sampled_from(("=", "!=", "<", ">=")),
              st.builds(Number, st.integers(-(10**30), 10**30))),
    st.builds(Compare, st.just(field("price")), st.sampled_from(("=", "<=", ">")),
              st.builds(Number, st.floats(allow_nan=False).filter(lambda x: not x.is_integer()))),
    st.builds(Compare, st.just(field("city")), st.sampled_from(("=", "!=", "<")),
              st.builds(Text, st.text())),
    st.builds(Compare, st.just(field("at")), st.sampled_from(("<", ">")),
              st.builds(Instant, st.integers(-10**9, 10**10).map(float))),
    st.builds(IsNull, st.just(field("tags")), st.booleans()),
    st.builds(Relation, st.just(field("age")), st.sampled_from(("=", "<")),
              st.builds(Arithmetic, st.sampled_from("+-*/"), st.just(field("cost")),
                        st.builds(Number, st.integers(-9, 9)))),
)  # fmt: skip
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner.filter(lambda x: not isinstance(x, And)), min_size=2, max_size=3).map(
            lambda parts: And(tuple(parts))
        ),
        st.lists(inner.filter(lambda x: not isinstance(x, Or)), min_size=2, max_size=3).map(
            lambda parts: Or(tuple(parts))
        ),
    ),
    max_leaves=8,
)


@given(TREES)
def test_what_is_written_is_read_back(tree):
    """Reading the canonical text of a tree gives an equal tree."""
    assert parse_rows(render(tree), COLUMNS) == tree


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    """Nothing typed raises anything but an error with a place in the text."""
    column = 0
    try:
        parse_rows(text, COLUMNS)
    except FilterError as error:
        column = error.column
    assert 0 <= column <= len(text)
