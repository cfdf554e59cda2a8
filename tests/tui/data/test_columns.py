"""Columns as rows: what they say, how they are sorted, and what is masked."""

import pytest

from workbench.datasets.fields import Fields
from workbench.datasets.manifest import Manifest, SchemaColumn
from workbench.datasets.profile import Column, Moments, Numbers, Profile, Quantiles
from workbench.tui.data.columns import (
    entries,
    few,
    masked,
    missing_bar,
    row_of,
    rows_of,
    tiny,
    uses_of,
)
from workbench.tui.data.over import value_filter

MANIFEST = Manifest(
    "census", 1, "sha256:0", (), 0.0, "ana", "lab", "added",
    columns=(SchemaColumn("age", "integer", "Int64"), SchemaColumn("city", "text", "String")),
)  # fmt: skip
AGE = Column(
    "age", "integer", "Int64", "number", "many values", rows=10, nulls=2, n=8, distinct=3,
    numbers=Numbers(1.0, 3.0, 2.0, 0.5, 0.0, 0.5, median=2.0, quantiles=Quantiles(
        (1.0, 2.0, 3.0), (0.0, 0.25, 0.75), (0.25, 0.75, 1.0))),
    top=(("2", 4), ("1", 2)), other=2,
)  # fmt: skip
SEEN = Column(
    "seen", "datetime", "Datetime", "datetime", rows=10, n=10, distinct=10,
    moments=Moments("2026-01-01T00:00:00", "2026-06-01T00:00:00", quantiles=Quantiles(
        (1767225600.0, 1780272000.0), (0.0, 0.5), (0.5, 1.0))),
)  # fmt: skip
PROFILE = Profile(10, (AGE, SEEN), "sha256:1")


@pytest.mark.parametrize(
    ("shares", "blocks"),
    [
        ((), ""),
        ((0.0, 0.0), ""),
        ((1.0,), "█"),
        ((0.5, 0.001, 0.0, 1.0), "▅▁ █"),
        ((0.2, 0.2), "██"),
    ],
)
def test_what_is_there_at_all_is_seen(shares: tuple[float, ...], blocks: str) -> None:
    """The highest share fills its cell, a tiny one has the lowest block, none has a blank."""
    assert tiny(shares) == blocks


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (None, "—"),
        (0.0, ""),
        (0.0001, "▏    <0.1%"),
        (0.25, "█    25%"),
        (0.6, "██▍  60%"),
        (1.0, "████ 100%"),
    ],
)
def test_nulls_are_a_bar_and_a_number(share: float | None, words: str) -> None:
    """Nothing missing says nothing; what is not known is a dash."""
    assert missing_bar(share) == words


def test_a_column_says_its_facts_and_keeps_what_it_is_sorted_by() -> None:
    """Numbers sort as numbers, moments as moments, what there is none of comes last."""
    age, seen = rows_of(MANIFEST, PROFILE, Fields(label="age"))
    assert (age.missing, age.low, age.middle, age.high) == (0.2, 1.0, 2.0, 3.0)
    assert age.common == ("2", "50%")
    assert age.uses == ("label",)
    assert seen.low == "2026-01-01T00:00:00"
    assert seen.middle is None
    assert len(seen.bars) > 1


def test_without_a_profile_names_and_types_are_all_there_is() -> None:
    """What is not known is said to be unknown, not zero."""
    age, city = rows_of(MANIFEST, None, Fields())
    assert (age.facts.name, city.facts.type) == ("age", "text")
    assert age.missing is None
    assert entries((age,))[0].cells[3].text == "—"


def test_a_role_that_a_person_said_counts() -> None:
    """The list shows it in place of the inferred one."""
    found = row_of("age", MANIFEST, PROFILE, Fields(roles={"age": "category"}))
    assert found is not None
    assert found.facts.role == "category"
    assert row_of("nobody", MANIFEST, PROFILE, Fields()) is None


def test_a_masked_column_has_no_value_left_to_see_or_to_sort_by() -> None:
    """Neither its ends nor its most frequent value; shape and median tell nobody apart."""
    row = row_of("age", MANIFEST, PROFILE, Fields())
    assert row is not None
    hidden = masked(row)
    assert (hidden.facts.min, hidden.facts.max, hidden.common[0]) == ("•••", "•••", "•••")
    assert hidden.low is hidden.high is None
    assert hidden.facts.median == row.facts.median
    entry = entries((row._replace(hidden=True),))[0]
    assert "1" not in {cell.text for cell in entry.cells[5:8]}


def test_uses_of_a_column_are_words() -> None:
    """A column may be several things at once."""
    fields = Fields(key=("a",), label="a", time="b", segments=("a",), sensitive=("a",))
    assert uses_of("a", fields) == ("key", "label", "segment", "sensitive")
    assert uses_of("b", fields) == ("time",)


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("text", "Oslo", "city = 'Oslo'"),
        ("text", "it's [x]", "city = 'it''s [x]'"),
        ("integer", "32", "city = 32"),
        ("float", "1.5", "city = 1.5"),
        ("boolean", "true", "city = true"),
        ("integer", "no number", ""),
        ("list", "[1]", ""),
        ("text", "x" * 100, ""),
    ],
)
def test_a_stored_value_leads_to_its_rows(kind: str, value: str, wanted: str) -> None:
    """The filter reads back as the value; what may be cut or cannot be asked for has none."""
    assert value_filter(Column("city", kind, "?"), value).replace('"', "'") == wanted


def test_hours_of_a_day_are_drawn_in_pairs() -> None:
    """A tiny histogram is never wider than its column."""
    assert few(tuple(range(24))) == tuple(4 * pair + 1 for pair in range(12))
    assert few((0.5, 0.5)) == (0.5, 0.5)
    assert few(()) == ()
