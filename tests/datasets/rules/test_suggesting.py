"""Proposed rules hold on the data they were made from, and claim no more than these support."""

import tomllib
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.datasets.rules.asking import NOW
from workbench.datasets.fields import Fields
from workbench.datasets.profiling import profile
from workbench.datasets.reading import of_frame
from workbench.datasets.rules import check, parse
from workbench.datasets.rules.suggesting import FEWEST_ROWS, Suggestion, suggest
from workbench.datasets.rules.toml_text import toml_text


def proposed(table: Any, **fields: Any) -> tuple[Suggestion, ...]:
    """Return what is proposed for a table."""
    frame = table if isinstance(table, pl.DataFrame) else pl.DataFrame(table, strict=False)
    return suggest(profile(of_frame(frame), fields=Fields(**fields), correlations=False))


def of_kind(found: tuple[Suggestion, ...], kind: str) -> list[Suggestion]:
    """Return the proposals of a kind."""
    return [one for one in found if one.table["kind"] == kind]


CELLS = {
    pl.Int64: st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(0, 3)),
    pl.Float64: st.one_of(st.none(), st.floats(), st.floats(0, 1), st.sampled_from([0.0, 1.5])),
    pl.String: st.one_of(st.none(), st.text(max_size=3), st.sampled_from(["a", "b"])),
    pl.Boolean: st.one_of(st.none(), st.booleans()),
}


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """Draw a table of four types, often with many rows that repeat few values."""
    rows = draw(st.lists(st.tuples(*CELLS.values()), max_size=12))
    frame = pl.DataFrame(rows, schema=dict(zip("ifsb", CELLS, strict=True)), orient="row")
    return pl.concat([frame] * draw(st.sampled_from([1, 5, 40])))


@settings(deadline=None)
@given(tables())
def test_every_proposal_holds_on_what_it_was_made_from(table: pl.DataFrame) -> None:
    """And reads back from the text it is offered as."""
    found = proposed(table)
    text = toml_text("my data", found)
    written = tomllib.loads(text)["datasets"]["my data"]["rules"] if found else []
    assert written == [dict(one.table) for one in found]
    for result in check(of_frame(table), parse(written), now=NOW):
        assert result.state == "holds" or not table.height, result


def test_from_few_rows_nothing_follows_but_types() -> None:
    """Twenty-nine rows say nothing of the thirtieth."""
    table = {"a": range(FEWEST_ROWS - 1), "c": ["x"] * (FEWEST_ROWS - 1)}
    assert {one.table["kind"] for one in proposed(table)} == {"type"}


def test_a_range_of_fifty_rows_is_called_weak_and_says_how_weak() -> None:
    """Of fifty-one rows in any order each is as likely the least, and each the greatest."""
    generator = np.random.default_rng(1)
    (few,) = of_kind(proposed({"x": generator.normal(size=50)}), "range")
    assert few.weak
    assert "1 in 25 of coming rows" in few.why
    (many,) = of_kind(proposed({"x": generator.normal(size=5000)}), "range")
    assert not many.weak


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        (np.linspace(0.01, 0.99, 60), 0.0, 1.0),
        (np.linspace(18, 95, 60), 0.0, 140.0),
        (np.linspace(1000, 1010, 60), 990.0, 1100.0),
        (np.linspace(-30, 40, 60), -65.0, 75.0),
        (np.linspace(-5, -1, 60), -7.0, 0.0),
        (list(range(60)) * 3, 0, 89),
    ],
)
def test_limits_leave_room_and_keep_a_sign_and_a_share(values: Any, low: Any, high: Any) -> None:
    """A limit just at what was seen would fail tomorrow."""
    (found,) = of_kind(proposed({"x": values}), "range")
    assert found.table["min"] <= min(values)
    assert found.table["max"] >= max(values)
    assert (found.table["min"], found.table["max"]) == (low, pytest.approx(high, rel=0.02))


def test_values_are_listed_only_where_few_more_are_to_be_expected() -> None:
    """Many rows for each value, and hardly one that was seen once."""
    (found,) = of_kind(proposed({"c": ["a"] * 60 + ["b"] * 60}), "set")
    assert found.table["values"] == ["a", "b"]
    once = ["a"] * 60 + [f"rare {number}" for number in range(5)]
    assert of_kind(proposed({"c": once}), "set") == []
    assert of_kind(proposed({"c": ["a"] * 60}), "set") == []
    assert of_kind(proposed({"c": [f"v{number % 60}" for number in range(6000)]}), "set") == []


def test_a_key_is_proposed_where_every_value_is_another() -> None:
    """Fractions that happen not to repeat are none."""
    generator = np.random.default_rng(1)
    table = {"id": [f"u{number}" for number in range(100)], "x": generator.normal(size=100)}
    assert [one.table["column"] for one in of_kind(proposed(table), "unique")] == ["id"]


def test_missing_values_forbid_the_rule_that_there_are_none() -> None:
    """NaN is missing; how many there may be all the same is said."""
    table = {"a": [1.0] * 59 + [2.0], "n": [float("nan")] + [1.0] * 59, "m": [None] + [1] * 59}
    (found,) = of_kind(proposed(table), "not_null")
    assert found.table["column"] == "a"
    assert "up to 5% of all may be" in found.why


def test_no_value_of_a_sensitive_column_is_written_into_the_settings() -> None:
    """Neither its range nor its values."""
    table = {"s": ["secret", "other"] * 60, "n": [777, 778, 779] * 40}
    text = toml_text("d", proposed(table, sensitive=("s", "n")))
    assert "secret" not in text
    assert "77" not in text


@pytest.mark.parametrize(
    "name", ["a b", 'quo"te', "back\\slash", "new\nline", "tab\t\x7f", "ü", ""]
)
def test_any_name_can_be_written(name: str) -> None:
    """The text reads back whatever the columns are called."""
    table = {"kind": "set", "column": name or "x", "values": [name, "\x1b[2J"], "of": {"a b": 1.5}}
    text = toml_text("d", (Suggestion(table, f"because of {name}\n"),))
    assert tomllib.loads(text)["datasets"]["d"]["rules"] == [table]
