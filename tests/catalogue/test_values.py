"""Columns of many runs as arrays, over a real DuckDB."""

import math

import numpy as np

from tests.catalogue.storing import BEGIN, arrival, curve, put, run_card, shelf
from workbench.catalogue import ingest
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.query import Column, RunQuery
from workbench.catalogue.values import everyone, held, values
from workbench.filters import parse
from workbench.filters.tree import Node

LR, LOSS, TEAM = Column("param", "lr"), Column("metric", "loss"), Column("tag", "team")
CARDS = (
    run_card(0, params={"lr": 0.1, "opt": "adam"}, metrics={"loss": curve(3.0, 1.0, 2.0)},
             tags={"team": "7"}),
    run_card(1, params={"lr": "0.2", "opt": True}, metrics={"loss": curve(math.nan)},
             tags={"team": "risk"}, ended=None),
    run_card(2, params={"lr": "auto"}),
    run_card(3, params={"lr": math.nan}, metrics={"acc": curve(0.5)}),
)  # fmt: skip


def kept() -> Catalogue:
    """Return a catalogue of the four runs, the third of which is archived."""
    made = shelf()
    put(made, [arrival(card, archived=number == 2) for number, card in enumerate(CARDS)])
    ingest.set_goals(made, {"loss": ("min", "settings")})
    return made


def tree(text: str) -> Node | None:
    """Return a filter whose names are written in full."""
    return parse(text)


def test_runs_come_oldest_first_and_without_the_archived_ones() -> None:
    """The population is what the runs table would show, in the order of time."""
    found = everyone(kept(), RunQuery(), {})
    assert found.runs.tolist() == [1, 2, 4]
    assert found.names.tolist() == ["run-0", "run-1", "run-3"]
    assert found.ids.tolist() == ["run000", "run001", "run003"]
    archived = everyone(kept(), RunQuery(archived=True), {})
    assert archived.runs.tolist() == [3]
    some = everyone(kept(), RunQuery(filter=tree("params.lr < 0.15")), {})
    assert some.runs.tolist() == [1]


def test_numbers_texts_and_what_is_missing_are_told_apart() -> None:
    """What reads as a number is one; NaN is a value, and no value is none."""
    runs = np.array([4, 3, 2, 1])
    found = values(kept(), runs, (LR, LOSS, TEAM), {})
    np.testing.assert_array_equal(found[LR].numbers, [math.nan, math.nan, 0.2, 0.1])
    assert found[LR].texts.tolist() == [None, "auto", None, None]
    assert found[LR].there.tolist() == [True, True, True, True]
    assert found[LR].as_text.tolist() == [False, True, False, False]
    np.testing.assert_array_equal(found[LOSS].numbers, [math.nan, math.nan, math.nan, 2.0])
    assert found[LOSS].there.tolist() == [False, False, True, True]
    assert found[TEAM].texts.tolist() == [None, None, "risk", None]
    assert found[TEAM].numbers[3] == 7


def test_parts_of_a_metric_and_attributes_have_their_own_values() -> None:
    """The best follows the goal, a time is a number, a run going on has no duration."""
    runs = np.array([1, 2])
    parts = tuple(Column("metric", "loss", part) for part in ("min", "max", "best", "count"))
    took, status = Column("attribute", "duration"), Column("attribute", "status")
    began = Column("attribute", "started")
    found = values(kept(), runs, (*parts, took, status, began), {"loss": "min"})
    assert [found[part].numbers[0] for part in parts] == [1.0, 3.0, 1.0, 3.0]
    np.testing.assert_array_equal(found[took].numbers, [60.0, math.nan])
    assert found[took].there.tolist() == [True, False]
    assert found[status].texts.tolist() == ["FINISHED", "FINISHED"]
    assert found[began].numbers.tolist() == [BEGIN, BEGIN + 1]


def test_nothing_asked_is_nothing_answered() -> None:
    """No runs, no columns, or a name that nobody has: arrays of the right length."""
    catalogue = kept()
    empty = np.array([], dtype=np.int64)
    assert values(catalogue, empty, (LR,), {})[LR].numbers.shape == (0,)
    assert values(catalogue, np.array([1]), (), {}) == {}
    nobody = Column("param", "nobody")
    found = values(catalogue, np.array([1, 4]), (nobody,), {})[nobody]
    assert found.there.tolist() == [False, False]
    assert not found.as_text.any()


def test_what_the_matching_runs_have_is_counted() -> None:
    """Of the runs that match only, with whether the values differ and all are numbers."""
    facts = {one.column: one for one in held(kept(), RunQuery(), {})}
    assert (facts[LR].runs, facts[LR].distinct, facts[LR].numeric) == (3, 2, True)
    opt = facts[Column("param", "opt")]
    assert (opt.runs, opt.numeric) == (2, False)
    assert facts[LOSS][1:3] + facts[LOSS][5:7] == (2, 2, "min", "settings")
    assert Column("tag", "team") not in facts
    one = held(kept(), RunQuery(filter=tree("name = 'run-3'")), {})
    assert {fact.column.name for fact in one} == {"lr", "acc"}
    assert all(fact.distinct == 1 for fact in one)
