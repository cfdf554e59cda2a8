"""Rules asked of tables: four states, exact counts, examples that hide what is sensitive."""

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.datasets.rules.asking import NOW, Parts, ask, ask_all, at, lookup
from workbench.datasets.fields import MASK
from workbench.datasets.rules import check, parse
from workbench.errors import FormatError

NAN, INF = float("nan"), float("inf")


def frame(**columns: Any) -> pl.DataFrame:
    """Return a table of columns."""
    return pl.DataFrame(columns, strict=False)


# -- types and rows ----------------------------------------------------------------------


def test_a_column_has_the_type_asked_for_or_fails() -> None:
    """A column that is not there has no type, which is no error but a failure."""
    table = frame(a=[1], b=["x"])
    rule = {"kind": "type", "columns": ["a", "b", "c"], "type": ["integer", "float"]}
    results = ask_all(table, [rule])
    assert [one.state for one in results] == ["holds", "fails", "fails"]
    assert results[2].observed == "there is no such column"


@pytest.mark.parametrize(
    ("limits", "state"), [({"min": 3}, "holds"), ({"min": 4}, "fails"), ({"max": 2}, "fails")]
)
def test_rows_are_counted(limits: dict[str, int], state: str) -> None:
    """An empty table is not without an answer here: it has no rows."""
    assert ask(frame(a=[1, 2, 3]), kind="rows", **limits).state == state
    assert ask(frame(a=[1]).clear(), kind="rows", min=1).state == "fails"


def test_only_rows_that_a_filter_matches_are_looked_at() -> None:
    """What the filter leaves out is against nothing and is not counted."""
    table = frame(a=[1, -1, -1], c=["x", "y", None])
    found = ask(table, kind="range", column="a", min=0, where="c = 'x'")
    assert (found.state, found.failed, found.rows) == ("holds", 0, 1)
    none = ask(table, kind="range", column="a", min=0, where="c = 'z'")
    assert (none.state, none.reason) == ("undecided", "No row matches its where.")


# -- values ------------------------------------------------------------------------------


def test_null_and_nan_are_missing_and_counted_apart() -> None:
    """Whoever says a column is never missing means NaN as well."""
    found = ask(frame(a=[1.0, None, NAN, INF]), kind="not_null", column="a")
    assert (found.state, found.failed, found.rows) == ("fails", 2, 4)
    assert found.observed == "1 null, 1 NaN"
    assert [(one.row, one.values) for one in found.examples] == [
        (2, (("a", "null"),)),
        (3, (("a", "NaN"),)),
    ]


def test_a_range_leaves_out_what_is_missing_and_catches_infinity() -> None:
    """A missing value lies in no range and outside none; infinity lies outside."""
    found = ask(frame(a=[0.0, 1.0, INF, NAN, None]), kind="range", column="a", min=0, max=1)
    assert (found.state, found.failed, found.rows, found.left_out) == ("fails", 1, 3, 2)


@pytest.mark.parametrize("limit", [2**62 + 1, 2**63 - 1, -(2**63), 10**400, 0.5, -1e300])
def test_limits_are_exact_however_large_the_numbers(limit: float) -> None:
    """Whole numbers are compared as such: 2^62 is not 2^62 + 1."""
    values = [2**62, 2**62 + 1, 2**63 - 1, -(2**63), 0, 1]
    found = ask(frame(a=pl.Series(values, dtype=pl.Int64)), kind="range", column="a", min=limit)
    assert found.failed == sum(value < limit for value in values)


def test_open_and_closed_limits_differ_at_the_limit() -> None:
    """``min`` holds at the limit, ``above`` does not."""
    table = frame(a=[1, 2, 3], d=[Decimal("0.1"), Decimal("0.2"), Decimal("0.3")])
    assert ask(table, kind="range", column="a", min=1, max=3).failed == 0
    assert ask(table, kind="range", column="a", above=1, below=3).failed == 2
    assert ask(table, kind="range", column="d", above=0.1, max=0.3).failed == 1


def test_limits_of_decimals_are_exact_in_all_38_digits() -> None:
    """Whether asked as limits or as a list."""
    values = [10**37 + 8, 10**37 + 9, 1]
    table = frame(d=pl.Series(map(str, values)).cast(pl.Decimal(38, 0)))
    for limit in (10**37, *values, 10**38, 10**400, 0.5, -1e300, 1e300):
        over = sum(value > limit for value in values)
        assert ask(table, kind="range", column="d", max=limit).failed == over, limit
        other = sum(value != limit for value in values)
        assert ask(table, kind="set", column="d", values=[limit]).failed == other, limit


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_dates_are_limits_to_the_end_of_their_day(unit: str) -> None:
    """At most a day means until midnight, whatever unit the moments have."""
    moments = [at(2026, 1, 31, 23, 59, 59), at(2026, 2, 1)]
    table = frame(t=pl.Series(moments, dtype=pl.Datetime(unit)), d=[one.date() for one in moments])
    assert ask(table, kind="range", column="t", max="2026-01-31").failed == 1
    assert ask(table, kind="range", column="d", max=dt.date(2026, 1, 31)).failed == 1
    assert ask(table, kind="range", column="t", max="2026-01-31T23:59:59").failed == 1


def test_listed_values_are_of_the_columns_kind() -> None:
    """A number is not a text; what is against the list is named, most frequent first."""
    table = frame(c=["a", "b", "x", "x", None], n=[1, 2, 3, 4, 5])
    found = ask(table, kind="set", column="c", values=["a", "b"])
    assert (found.state, found.failed, found.observed) == ("fails", 2, "x (2 ×)")
    assert ask(table, kind="set", column="n", values=[1, 2.0, 3, 4, 5]).state == "holds"
    wrong = ask(table, kind="set", column="n", values=["1"])
    assert (wrong.state, wrong.reason) == ("error", "n is integer, and its values are texts.")


def test_texts_fit_a_pattern_somewhere() -> None:
    """A pattern is found anywhere unless it says where, as in filters."""
    table = frame(c=["ab", "b", None]).with_columns(k=pl.col("c").cast(pl.Categorical))
    assert ask(table, kind="regex", column="c", pattern="b").state == "holds"
    assert ask(table, kind="regex", column="k", pattern="^a").failed == 1


def test_some_rows_may_be_allowed_to_fail() -> None:
    """A number of rows, or a share of those that were looked at."""
    table = frame(a=[1, 2, -1, None])
    assert ask(table, kind="range", column="a", min=0, allowed=1).state == "holds"
    assert ask(table, kind="range", column="a", min=0, allowed="34%").state == "holds"
    assert ask(table, kind="range", column="a", min=0, allowed="33%").state == "fails"


def test_short_fractions_are_asked_in_their_own_precision() -> None:
    """What was written as 0.1 is 0.1, in 32 bits as in 64."""
    table = pl.DataFrame({"x": pl.Series([0.1, 0.2], dtype=pl.Float32)})
    assert ask(table, kind="range", column="x", min=0.1, max=0.2).state == "holds"
    assert ask(table, kind="set", column="x", values=[0.1, 0.2]).state == "holds"
    assert ask(table, kind="expression", expression="x in (0.1, 0.2)").state == "holds"
    assert ask(table, kind="range", column="x", min=-1e300, max=1e300).state == "holds"


# -- keys --------------------------------------------------------------------------------


def test_repeated_keys_are_counted_from_the_second_on() -> None:
    """The row that repeats is named with the first it repeats; missing keys repeat nothing."""
    table = frame(a=[1, 2, 1, None, None, 1], b=["x", "x", "x", "x", "x", "x"])
    found = ask(table, kind="unique", column="a")
    assert (found.state, found.failed, found.rows, found.left_out) == ("fails", 2, 4, 2)
    assert found.examples[0].values == (("a", "1"), ("first in row", "1"))
    assert ask(table, kind="unique", columns=["a", "b"]).failed == 2


def test_keys_may_be_fractions() -> None:
    """0.0 and -0.0 are one number, and NaN is missing."""
    assert ask(frame(a=[0.0, -0.0, NAN, NAN]), kind="unique", column="a").failed == 1


def test_a_foreign_key_is_found_in_the_other_table() -> None:
    """Numbers match numbers of another width; what is missing points nowhere and is no fault."""
    codes = pl.DataFrame({"code": pl.Series([1, 2], dtype=pl.Int8), "name": ["a", "b"]})
    context = {"lookup": lookup({"codes": codes})}
    found = ask(
        frame(c=[1, 2, 3, None]), context=context, kind="foreign_key", column="c", in_="codes",
        of="code",
    )  # fmt: skip
    assert (found.state, found.failed, found.rows, found.left_out) == ("fails", 1, 3, 1)
    assert found.observed == "3"


def test_a_foreign_key_whose_table_is_away_is_an_error() -> None:
    """Its name may be misspelt; a key that cannot match at all is one too."""
    context = {"lookup": lookup({"codes": pl.DataFrame({"c": ["1"]})})}
    rule = {"kind": "foreign_key", "column": "c"}
    away = ask(frame(c=[1]), context=context, **rule, in_="gone")
    assert (away.state, away.reason) == ("error", "There is no gone.")
    other = ask(frame(c=[1]), context=context, **rule, in_="codes")
    assert other.state == "error"
    assert "integer here and text there" in other.reason


# -- freshness ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "state"), [(-1, "holds"), (-25, "fails"), (+13, "holds"), (+24 * 365, "fails")]
)
def test_the_newest_moment_is_neither_old_nor_still_to_come(hours: int, state: str) -> None:
    """A clock without a zone may be ahead by its zone, and no further."""
    now = dt.datetime.fromtimestamp(NOW, tz=dt.UTC).replace(tzinfo=None)
    table = frame(t=[now - dt.timedelta(days=9), now + dt.timedelta(hours=hours)])
    assert ask(table, kind="freshness", column="t", at_most="24h").state == state


def test_yesterday_is_one_day_old() -> None:
    """Dates have ages in whole days."""
    today = dt.datetime.fromtimestamp(NOW, tz=dt.UTC).date()
    table = frame(d=[today - dt.timedelta(days=1)])
    assert ask(table, kind="freshness", column="d", at_most="1d").state == "holds"
    assert ask(table, kind="freshness", column="d", at_most="23h").state == "fails"


# -- what cannot be told -----------------------------------------------------------------

EVERY_KIND: list[dict[str, Any]] = [
    {"kind": "not_null", "column": "a"},
    {"kind": "unique", "column": "a"},
    {"kind": "range", "column": "a", "min": 0},
    {"kind": "set", "column": "c", "values": ["x"]},
    {"kind": "regex", "column": "c", "pattern": "x"},
    {"kind": "freshness", "column": "t", "at_most": "1d"},
    {"kind": "foreign_key", "column": "a", "in": "other", "of": "a"},
    {"kind": "expression", "expression": "a > 0"},
    {"kind": "expression", "expression": "mean(a) > 0"},
]


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_no_rule_holds_on_an_empty_table(rule: dict[str, Any]) -> None:
    """A file that came empty must not pass for one that is in order."""
    table = frame(a=[1], c=["x"], t=[at(2026, 11, 18)])
    context = {"lookup": lookup({"other": table})}
    (found,) = ask_all(table.clear(), [rule], **context)
    assert found.state == "undecided", found
    assert found.reason
    (whole,) = ask_all(table, [rule], **context)
    assert whole.state == "holds", whole


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_no_rule_holds_where_a_column_is_not_there(rule: dict[str, Any]) -> None:
    """It cannot be asked, and says of which column."""
    (found,) = ask_all(frame(z=[1]), [rule], lookup=lookup({"other": frame(a=[1])}))
    assert found.state == "error"
    assert "There is no column" in found.reason


@pytest.mark.parametrize("rule", EVERY_KIND)
def test_no_rule_holds_where_a_part_cannot_be_read(rule: dict[str, Any]) -> None:
    """What was read is in order; what was not may not be."""
    table = frame(a=[1], c=["x"], t=[at(2026, 11, 18)])
    broken = Parts(table, fault=FormatError("Part 2 cannot be read."))
    context = {"lookup": lookup({"other": table})}
    (found,) = check(broken, parse([rule]), now=NOW, **context)
    assert (found.state, found.reason) == ("error", "Part 2 cannot be read.")


def test_a_failure_stands_although_a_part_cannot_be_read() -> None:
    """Enough was seen, and that it is not all is said."""
    broken = Parts(frame(a=[-1]), fault=FormatError("Part 2 cannot be read."))
    (found,) = check(broken, parse([{"kind": "range", "column": "a", "min": 0}]), now=NOW)
    assert (found.state, found.failed) == ("fails", 1)
    assert found.observed == "at least: Part 2 cannot be read."


def test_one_rule_that_cannot_be_asked_stops_no_other() -> None:
    """A range of texts is an error of that rule alone."""
    rules = [{"kind": "range", "column": "c", "min": 0}, {"kind": "rows", "min": 1}]
    assert [one.state for one in ask_all(frame(c=["x"]), rules)] == ["error", "holds"]


def test_whoever_gives_up_learns_what_is_not_known() -> None:
    """What was not decided by then is an error."""
    table = Parts(frame(a=[1]), frame(a=[2]))
    rules = parse([{"kind": "range", "column": "a", "min": 0}])
    seen = list[int]()
    (found,) = check(table, rules, now=NOW, on_rows=seen.append, stopped=lambda: bool(seen))
    assert (found.state, found.reason) == ("error", "Stopped after 1 row.")


# -- sensitive columns -------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "range", "column": "s", "max": 0},
        {"kind": "unique", "column": "s"},
        {"kind": "set", "column": "w", "values": ["x"]},
        {"kind": "regex", "column": "w", "pattern": "^x$"},
        {"kind": "foreign_key", "column": "s", "in": "other", "of": "a"},
        {"kind": "freshness", "column": "t", "at_most": "1h"},
        {"kind": "expression", "expression": "s < 0"},
        {"kind": "expression", "expression": "sum(s) < 0"},
    ],
)
def test_no_value_of_a_sensitive_column_leaves(rule: dict[str, Any]) -> None:
    """Neither in an example nor in what was observed."""
    table = frame(s=[777, 777], w=["777", "777"], t=[at(2001, 7, 7, 7, 7, 7)] * 2)
    context = {"lookup": lookup({"other": frame(a=[1])})}
    (found,) = ask_all(table, [rule], sensitive=["s", "w", "t"], key=["w"], **context)
    assert found.state == "fails"
    told = f"{found.examples} {found.observed} {found.reason}"
    assert "777" not in told
    assert "2001" not in told
    assert MASK in told


# -- parts -------------------------------------------------------------------------------

CELLS = st.one_of(st.none(), st.integers(-3, 3))


@given(st.lists(st.lists(CELLS, max_size=6), min_size=1, max_size=5))
def test_it_makes_no_difference_in_which_parts_a_table_comes(parts: list[list[int | None]]) -> None:
    """Counts, examples and what was observed are those of the whole."""
    frames = [pl.DataFrame({"a": pl.Series(part, dtype=pl.Int64)}) for part in parts]
    rules = parse(
        [
            {"kind": "not_null", "column": "a"},
            {"kind": "unique", "column": "a", "allowed": 2},
            {"kind": "range", "column": "a", "min": -2, "below": 3},
            {"kind": "set", "column": "a", "values": [0, 1]},
            {"kind": "expression", "expression": "a * a < 9", "nulls": "pass"},
            {"kind": "expression", "expression": "sum(a) >= 0 and count(a) > 1"},
        ]
    )
    whole = [value for part in parts for value in part]
    apart = check(Parts(*frames), rules, now=NOW)
    assert apart == check(Parts(pl.concat(frames)), rules, now=NOW)
    there = [value for value in whole if value is not None]
    assert apart[0].failed == len(whole) - len(there)
    assert apart[1].failed == len(there) - len(set(there))
    assert apart[2].failed == sum(not -2 <= value < 3 for value in there)
    truth = len(there) > 1 and sum(there) >= 0  # of nothing the count alone is enough to fail
    assert apart[5].state == ("holds" if truth else "fails")
