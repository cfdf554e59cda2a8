"""Ranges on columns: the runs inside are the runs the filter finds."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.storing import BEGIN, arrival, curve, put, run_card, shelf
from workbench.catalogue import table
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.query import Column, RunQuery
from workbench.catalogue.values import everyone, values
from workbench.errors import UsageError
from workbench.filters import Names, parse, render
from workbench.operations.many.asked import Range
from workbench.operations.many.brushing import condition, inside, together
from workbench.operations.many.measured import measured
from workbench.operations.many.ranges import read_range

LR, LOSS, TEAM = Column("param", "lr"), Column("metric", "loss"), Column("tag", "team")
STARTED, STATUS = Column("attribute", "started"), Column("attribute", "status")
COLUMNS = (
    LR, TEAM, LOSS, Column("metric", "loss", "best"), STARTED, STATUS,
    Column("attribute", "duration"), Column("attribute", "name"), Column("attribute", "dirty"),
    Column("attribute", "commit"), Column("attribute", "note"), Column("attribute", "group"),
)  # fmt: skip
GOALS = {"loss": "min"}
NAMES = Names(
    params=frozenset({"lr", "a=b"}), metrics=frozenset({"loss"}), tags=frozenset({"team"})
)

_floats = st.floats(allow_nan=True, allow_infinity=True)
_values = st.one_of(
    st.none(), st.booleans(), _floats, st.integers(-5, 5),
    st.sampled_from(["", "adam", "7", "a'b"]), st.text(max_size=4),
)  # fmt: skip
_cards = st.lists(
    st.fixed_dictionaries(
        {"lr": _values, "team": st.none() | st.sampled_from(["x", "3", "y'"]) | st.text(max_size=3),
         "loss": st.none() | _floats, "dirty": st.sampled_from([None, True, False]),
         "note": st.sampled_from(["", "n"]), "took": st.none() | st.floats(0, 1e6)}
    ),
    min_size=1, max_size=24,
)  # fmt: skip
_end = _floats.filter(lambda end: not math.isnan(end)) | st.floats(-1, 14)


def shelved(said: Sequence[dict[str, Any]]) -> Catalogue:
    """Return a catalogue of runs that say these things."""
    made = shelf()
    cards = [
        run_card(
            number,
            params={} if one["lr"] is None else {"lr": one["lr"]},
            tags={} if one["team"] is None else {"team": one["team"]},
            metrics={} if one["loss"] is None else {"loss": curve(1.0, one["loss"])},
            facts={} if one["dirty"] is None else {"dirty": one["dirty"]},
            note=one["note"],
            started=BEGIN + number / 3,
            ended=None if one["took"] is None else BEGIN + one["took"],
        )
        for number, one in enumerate(said)
    ]
    put(made, [arrival(card) for card in cards])
    return made


def brushed(
    catalogue: Catalogue, ranges: Sequence[tuple[Column, float, float]]
) -> tuple[set[int], str]:
    """Return the runs inside all ranges, and the filter that is to find them."""
    everybody = everyone(catalogue, RunQuery(), GOALS)
    found = values(catalogue, everybody.runs, [column for column, _, _ in ranges], GOALS)
    kept = np.ones(len(everybody.runs), dtype=np.bool_)
    nodes = []
    for column, low, high in ranges:
        kept &= inside(measured(column, found[column]), low, high)
        nodes.append(condition(measured(column, found[column]), low, high))
    return set(everybody.runs[kept].tolist()), render(together(None, nodes))


@settings(max_examples=60)
@given(_cards, st.lists(st.tuples(st.sampled_from(COLUMNS), _end, _end), min_size=1, max_size=3))
def test_the_filter_finds_exactly_the_runs_inside(
    said: list[dict[str, Any]], ranges: list[tuple[Column, float, float]]
) -> None:
    """Whatever is stored and whatever the range, the text is read and finds the same runs."""
    catalogue = shelved(said)
    kept, text = brushed(catalogue, ranges)
    query = RunQuery(filter=parse(text))
    assert set(everyone(catalogue, query, GOALS).runs.tolist()) == kept, text
    assert table.count_matching(catalogue, query, GOALS) == len(kept)
    catalogue.close()


@settings(max_examples=20)
@given(st.lists(st.floats(0, 40), min_size=30, max_size=40), st.floats(0, 40), st.floats(0, 40))
def test_a_range_of_numbers_keeps_the_numbers_between(
    rates: list[float], one: float, other: float
) -> None:
    """Both ends belong to it, and it does not matter which end is named first."""
    catalogue = shelved([{**_BARE, "lr": rate} for rate in rates])
    low, high = sorted((one, other))
    kept, _ = brushed(catalogue, [(LR, one, other)])
    assert kept == {run for run, rate in enumerate(rates, 1) if low <= rate <= high}
    catalogue.close()


_BARE: dict[str, Any] = {
    "lr": None, "team": None, "loss": None, "dirty": None, "note": "", "took": None,
}  # fmt: skip


def test_a_text_among_many_numbers_is_outside_every_range() -> None:
    """An exception is no category of its own: it has no place on the axis."""
    catalogue = shelved([{**_BARE, "lr": rate} for rate in [*range(20), "auto"]])
    kept, text = brushed(catalogue, [(LR, -math.inf, math.inf)])
    assert kept == set(range(1, 21))
    assert text == "params.lr >= -inf AND params.lr <= inf"


def test_rare_categories_are_one_and_found_as_what_the_others_are_not() -> None:
    """The twelve commonest have names; other is none of them."""
    teams = [f"t{n:02d}" for n in range(12)] * 2 + ["rare", "rarer"]
    catalogue = shelved([{**_BARE, "team": team} for team in teams])
    kept, text = brushed(catalogue, [(TEAM, 11.5, 12.5)])
    assert kept == {25, 26}
    assert text.startswith("tags.team NOT IN ('t00', 't01',")
    kept, text = brushed(catalogue, [(TEAM, 0.2, 0.8)])
    assert kept == set()
    assert text == "tags.team IS NULL AND tags.team IS NOT NULL"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("loss=0.1..0.2", Range(LOSS, 0.1, 0.2)),
        ("loss=..1e-3", Range(LOSS, -math.inf, 1e-3)),
        ("lr=0.1..", Range(LR, "0.1", math.inf)),
        ("lr = adam", Range(LR, "adam", "adam")),
        ("lr='../data'", Range(LR, "../data", "../data")),
        ("params.lr=a..b", Range(LR, "a", "b")),
        ("min(loss)=1..2", Range(Column("metric", "loss", "min"), 1, 2)),
        ("started=-2d..", Range(STARTED, 1_000_000 - 172_800, math.inf)),
        ("started=1970-01-02T00:00:00Z..100000", Range(STARTED, 86_400, 100_000)),
        ("duration=90s..2h", Range(Column("attribute", "duration"), 90, 7200)),
        ("status=failed", Range(STATUS, "FAILED", "FAILED")),
        ("dirty=true", Range(Column("attribute", "dirty"), "true", "true")),
    ],
)  # fmt: skip
def test_a_range_is_read_as_people_write_it(text: str, found: Range) -> None:
    """Two dots between the ends, an end may be left out, one value is a range of its own."""
    assert read_range(text, NAMES, 1_000_000.0) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lr", "'lr' is no range. Write one such as lr=0.001..0.01."),
        ("lr=", "is no range"),
        ("=1..2", "is no range"),
        ("nope=1..2", "There is no column called 'nope'."),
        ("loss=low..high", "metrics.loss is a number, and 'low' is none."),
        ("recipe=a", "A filter cannot ask for recipe"),
        ("first_step(loss)=1..2", "A filter cannot ask for first step loss"),
    ],
)
def test_a_range_that_cannot_be_read_says_why(text: str, words: str) -> None:
    """In one sentence, with what to write instead where that is known."""
    with pytest.raises(UsageError) as caught:
        read_range(text, NAMES, 0.0)
    assert words in str(caught.value)


def test_ends_by_name_are_places_on_the_axis() -> None:
    """A category is asked for by its name, a number of a mixed column by what it is."""
    catalogue = shelved([{**_BARE, "lr": rate} for rate in [3, "auto", 5.0, "none"]])
    everybody = everyone(catalogue, RunQuery(), GOALS)
    what = measured(LR, values(catalogue, everybody.runs, [LR], GOALS)[LR])
    assert what.names == ("3", "5", "auto", "none")
    assert inside(what, "5", "auto").tolist() == [False, True, True, False]
    assert inside(what, "5.0", "5.0").tolist() == [False, False, True, False]
    with pytest.raises(UsageError, match="lr has no value 'sgd'"):
        inside(what, "sgd", "sgd")
    numbers = measured(LOSS, values(catalogue, everybody.runs, [LOSS], GOALS)[LOSS])
    with pytest.raises(UsageError, match="loss has numbers, and 'low' is none"):
        inside(numbers, "low", 1.0)
