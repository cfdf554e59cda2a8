"""Groups stand by the value their line shows, over a real DuckDB."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.catalogue.storing import BEGIN, arrival, curve, put, run_card, shelf, stored
from workbench.catalogue import table
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.query import SEEDS, Column, RunQuery, RunRow, Sort, Spread, Value
from workbench.formats.contract import RunCard

NAN, INF = math.nan, math.inf
EXPERIMENT = Column("attribute", "experiment")
AUC, LR = Column("metric", "auc"), Column("param", "lr")
LASTS = {
    "wide": (0.99, 0.10),
    "good": (0.80, 0.72),
    "even": (0.75, 0.75, NAN),
    "poor": (0.20, 0.30),
    "broken": (NAN, NAN),
    "none": (None, None),
}


def with_auc(values: dict[str, Sequence[float | None]]) -> list[RunCard]:
    """Return runs with these last values, an experiment for each group."""
    flat = [(group, value) for group, held in values.items() for value in held]
    return [
        run_card(n, experiment=group, metrics={} if value is None else {"auc": curve(value)})
        for n, (group, value) in enumerate(flat)
    ]


def with_lr(values: dict[str, Sequence[float | str]]) -> list[RunCard]:
    """Return runs with these params, an experiment for each group."""
    flat = [(group, value) for group, held in values.items() for value in held]
    return [run_card(n, experiment=g, params={"lr": value}) for n, (g, value) in enumerate(flat)]


def rows(made: Catalogue, *sort: Sort, expanded: Sequence[str] = ()) -> tuple[RunRow, ...]:
    """Return every line of a table grouped by experiment."""
    query = RunQuery(
        columns=(EXPERIMENT, AUC), sort=sort, group=(EXPERIMENT,), expanded=frozenset(expanded)
    )
    view = table.prepare(made, query, {})
    return table.page(made, view, 0, view.rows, {})


def order(made: Catalogue, *sort: Sort) -> list[Value]:
    """Return the groups of a table from the top."""
    return [row.cells[0] for row in rows(made, *sort) if row.head]


@pytest.mark.parametrize("descending", [True, False], ids=["down", "up"])
def test_groups_stand_by_the_mean_of_a_metric_with_nothing_last(*, descending: bool) -> None:
    """A group with the best run and a bad mean stands low; NaN, then none, are at the end."""
    best_first = ["good", "even", "wide", "poor"]
    wanted = best_first if descending else best_first[::-1]
    assert order(stored(*with_auc(LASTS)), Sort(AUC, descending)) == [*wanted, "broken", "none"]


def test_the_runs_of_a_group_stand_by_their_own_values() -> None:
    """The mean orders the lines of groups, nothing beneath them."""
    found = rows(stored(*with_auc(LASTS)), Sort(AUC), expanded=["wide", "even"])
    shown = [row.cells[1].mean if isinstance(row.cells[1], Spread) else row.cells[1]
             for row in found]  # fmt: skip
    assert shown[:7] == pytest.approx([0.25, 0.545, 0.10, 0.99, 0.75, 0.75, 0.75])


def test_groups_of_one_value_tie_whatever_the_digits_of_their_mean() -> None:
    """Three times 0.1 is as good as once; the newest run then decides."""
    made = stored(*with_auc({"three": (0.1, 0.1, 0.1), "one": (0.1,), "two": (0.1, 0.1)}))
    assert order(made, Sort(AUC)) == order(made, Sort(AUC, descending=True))
    assert order(made, Sort(AUC)) == ["two", "one", "three"]


def test_an_infinite_value_orders_a_group_only_where_all_are_infinite() -> None:
    """The line shows the mean of what is finite, and infinity where there is nothing else."""
    made = stored(*with_auc({"mixed": (INF, 0.1), "high": (0.5,), "inf": (INF, INF)}))
    assert order(made, Sort(AUC, descending=True)) == ["inf", "high", "mixed"]


def test_groups_stand_by_the_mean_of_a_numeric_param_before_text() -> None:
    """Text and what is missing come after the numbers, either way."""
    made = stored(
        *with_lr({"far": (1, 9), "near": (3, 4), "text": ("b", "c"), "word": ("a", "z")}),
        run_card(90, experiment="none"),
    )
    assert order(made, Sort(LR)) == ["near", "far", "word", "text", "none"]
    assert order(made, Sort(LR, descending=True)) == ["far", "near", "word", "text", "none"]


def test_groups_stand_by_the_mean_of_how_long_their_runs_took() -> None:
    """A duration is averaged, a start is not: that is the newest run's."""
    took = {"mixed": (1.0, 99.0), "steady": (60.0, 62.0)}
    flat = [(group, seconds) for group, held in took.items() for seconds in held]
    made = stored(
        *(
            run_card(n, experiment=group, ended=BEGIN + n + seconds)
            for n, (group, seconds) in enumerate(flat)
        )
    )
    duration, started = Column("attribute", "duration"), Column("attribute", "started")
    assert order(made, Sort(duration, descending=True)) == ["steady", "mixed"]
    assert order(made, Sort(duration)) == ["mixed", "steady"]
    assert order(made, Sort(started)) == ["mixed", "steady"]


def test_a_second_key_orders_groups_that_tie_in_the_first() -> None:
    """Groups of one word stand by the mean of the next key."""
    team = Column("tag", "team")
    cards = with_auc({"a": (0.9, 0.1), "b": (0.6, 0.6), "c": (0.95,)})
    made = stored(*(replace(card, tags={"team": "y" if card.experiment == "c" else "x"})
                    for card in cards))  # fmt: skip
    assert order(made, Sort(team), Sort(AUC, descending=True)) == ["b", "a", "c"]


def test_collapsed_seeds_stand_by_their_mean_among_single_runs() -> None:
    """A run that is like no other stands between groups by its own value."""
    cards = with_auc({"seeds": (0.99, 0.11), "alone": (0.7,)})
    made = shelf()
    put(made, [arrival(card, recipe=card.experiment) for card in cards])
    query = RunQuery(columns=(AUC,), sort=(Sort(AUC, descending=True),), group=(SEEDS,))
    view = table.prepare(made, query, {})
    assert [row.head and row.head.members for row in table.page(made, view, 0, 9, {})] == [None, 2]
