"""The runs table: order, pages, groups and the best values, over a real DuckDB."""

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.catalogue.meaning import number_of, text_of
from tests.catalogue.storing import BEGIN, arrival, curve, put, run_card, shelf, stored
from workbench.catalogue import table
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.query import SEEDS, Column, RunQuery, RunRow, Sort, Spread, Varied
from workbench.filters import parse
from workbench.formats.contract import RunCard

NAN, INF = math.nan, math.inf
NAME = Column("attribute", "name")
LR = Column("param", "lr")
LOSS = Column("metric", "loss")
GOALS = {"loss": "min", "acc": "max"}
RATES = (0.1, "0.10", 0.01, "abc", NAN, None, True, "", 3, "nan", INF, -INF, 10)


def rows(catalogue: Catalogue, **query: Any) -> tuple[RunRow, ...]:
    """Return every line of a query."""
    view = table.prepare(catalogue, RunQuery(**query), GOALS)
    return table.page(catalogue, view, 0, view.rows, GOALS)


def names(found: Sequence[RunRow]) -> list[int]:
    """Return the numbers of the runs in the order of the lines."""
    return [int(row.run_id.removeprefix("run")) for row in found]


def _varied() -> list[RunCard]:
    """Return runs with all kinds of values, and some with none."""
    return [
        run_card(
            number,
            params={} if rate is None else {"lr": rate},
            metrics={} if number % 4 == 3 else {"loss": curve(1.0, (0.5, NAN, -INF)[number % 3])},
            tags={} if number % 3 == 2 else {"team": ("risk", "ads")[number % 2]},
            ended=None if number % 5 == 4 else BEGIN + 100 * (number % 4),
        )
        for number, rate in enumerate(RATES * 2)
    ]


CARDS = _varied()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The runs in a real catalogue; nobody writes to it."""
    return stored(*CARDS)


def _number(value: float | None, way: int) -> tuple[Any, ...]:
    """Return a key of numbers, then NaN, then nothing, whichever way."""
    if value is None:
        return (2, 0)
    return (1, 0) if math.isnan(value) else (0, way * value)


def _by_loss(card: RunCard, way: int) -> tuple[Any, ...]:
    return _number(card.metrics["loss"].last if "loss" in card.metrics else None, way)


def _by_duration(card: RunCard, way: int) -> tuple[Any, ...]:
    started, ended = card.started or 0.0, card.ended
    return _number(None if ended is None else ended - started, way)


def _by_rate(card: RunCard, way: int) -> tuple[Any, ...]:
    """Numbers, then text, then NaN, then nothing, whichever way."""
    if "lr" not in card.params:
        return (3, 0, [])
    value = card.params["lr"]
    number = number_of(value)
    letters = [way * ord(letter) for letter in text_of(value)] + [way * -1]
    if number is None:
        return (1, 0, letters)
    return (2, 0, letters) if math.isnan(number) else (0, way * number, letters)


def _by_team(card: RunCard, way: int) -> tuple[Any, ...]:
    team = card.tags.get("team")
    return (1, 0) if team is None else (0, way * ("ads", "risk").index(team))


KEYS: dict[Column, Callable[[RunCard, int], tuple[Any, ...]]] = {
    LOSS: _by_loss,
    LR: _by_rate,
    Column("tag", "team"): _by_team,
    Column("attribute", "duration"): _by_duration,
}


@pytest.mark.parametrize("second", [*KEYS, None], ids=lambda c: c.name if c else "alone")
@pytest.mark.parametrize("first", KEYS, ids=lambda c: c.name)
@pytest.mark.parametrize("way", [1, -1], ids=["up", "down"])
def test_the_order_is_by_every_key_with_nothing_last(
    catalogue: Catalogue, first: Column, second: Column | None, way: int
) -> None:
    """Missing and NaN values come last both ways; ties go by the next key, then newest first."""
    keys = [(first, way)] if second is None else [(first, way), (second, -way)]
    sort = tuple(Sort(column, direction < 0) for column, direction in keys)

    def rank(card: RunCard) -> list[Any]:
        return [KEYS[column](card, direction) for column, direction in keys]

    wanted = sorted(CARDS, key=lambda card: -(card.started or 0))
    wanted.sort(key=rank)
    assert [row.run_id for row in rows(catalogue, sort=sort)] == [c.run_id for c in wanted]


def test_without_a_key_the_newest_is_first() -> None:
    """Runs whose start is unknown stand at the end."""
    made = stored(run_card(0, started=5.0), run_card(1, started=None), run_card(2, started=7.0))
    assert names(rows(made)) == [2, 0, 1]


def test_runs_that_began_at_once_have_one_order_on_every_screen() -> None:
    """Their ids decide, not the order in which this catalogue met them."""
    cards = [run_card(n, started=BEGIN) for n in (1, 2, 0)]
    assert names(rows(stored(*cards))) == names(rows(stored(*reversed(cards)))) == [2, 1, 0]


@pytest.mark.parametrize("group", [(), (Column("tag", "team"),)], ids=["plain", "grouped"])
def test_pages_are_cut_from_the_whole(catalogue: Catalogue, group: tuple[Column, ...]) -> None:
    """Pages of any height put together are the whole table, and every run knows its line."""
    query = RunQuery(columns=(NAME, LR), sort=(Sort(LR),), group=group, expanded=frozenset(["ads"]))
    view = table.prepare(catalogue, query, GOALS)
    whole = table.page(catalogue, view, 0, view.rows, GOALS)
    pages = [table.page(catalogue, view, at, at + 3, GOALS) for at in range(0, view.rows, 3)]
    assert repr([row for page in pages for row in page]) == repr(list(whole))
    for line, row in enumerate(whole):
        if row.head is None:
            assert table.position(catalogue, view, row.run) == line
    assert table.page(catalogue, view, view.rows, view.rows + 9, GOALS) == ()


def test_a_view_stands_still_while_runs_arrive() -> None:
    """The lines of a view are those of the moment it was asked; a new one has the new run."""
    made = stored(run_card(0), run_card(1))
    view = table.prepare(made, RunQuery(), GOALS)
    put(made, [arrival(run_card(2))])
    assert names(table.page(made, view, 0, 10, GOALS)) == [1, 0]
    assert names(rows(made)) == [2, 1, 0]


def test_a_position_is_that_of_the_group_while_it_is_closed() -> None:
    """A run in a closed group stands on the group's line, one that does not match on none."""
    made = stored(*(run_card(n, tags={"team": ("a", "b")[n % 2]}) for n in range(4)))
    view = table.prepare(made, RunQuery(group=(Column("tag", "team"),)), GOALS)
    assert [table.position(made, view, run) for run in (1, 2, 3, 4, 99)] == [1, 0, 1, 0, None]


def test_values_come_as_what_they_are(catalogue: Catalogue) -> None:
    """A number is a number, what was given as text stays as it was given, None is nothing."""
    found = {row.run_id: row.cells[0] for row in rows(catalogue, columns=(LR,))}
    shown = [found[f"run{number:03d}"] for number in range(len(RATES))]
    assert repr(shown) == repr(
        [0.1, "0.10", 0.01, "abc", "nan", None, "true", "", 3, "nan", "inf", "-inf", 10]
    )


def test_every_part_of_a_metric_has_its_column() -> None:
    """Parts are told apart, also where two names mean the same part."""
    made = stored(run_card(0, metrics={"loss": curve(3.0, 1.0, 2.0, NAN), "x": curve(5.0)}))
    parts = ("last", "min", "max", "first", "best", "count", "nans", "step_of_min", "step_of_max")
    (row,) = rows(made, columns=tuple(Column("metric", "loss", part) for part in parts))
    assert repr(row.cells) == repr((NAN, 1.0, 3.0, 3.0, 1.0, 4, 1, 1, 0))
    (row,) = rows(made, columns=(Column("metric", "x", "best"), Column("metric", "none", "best")))
    assert row.cells == (5.0, None)


GROUPED = (
    run_card(0, params={"lr": 1, "seed": 1}, metrics={"loss": curve(1.0, 0.5)}, tags={"t": "a"}),
    run_card(1, params={"lr": 10, "seed": 2}, metrics={"loss": curve(0.7)}, tags={"t": "b"}),
    run_card(2, params={"lr": 9, "seed": 3}, metrics={"loss": curve(NAN)}, tags={"t": "b"}),
    run_card(3, params={"lr": "abc", "seed": 1}, metrics={"loss": curve(NAN)}, experiment="b"),
    run_card(4, params={"lr": 2, "seed": 1}, metrics={"loss": curve(NAN)}, experiment="b"),
    run_card(5, params={"lr": 2}, metrics={"loss": curve(0.3)}, experiment="c", ended=None),
)
EXPERIMENT = Column("attribute", "experiment")


def groups(*columns: Column, **query: Any) -> dict[str, tuple[Any, ...]]:
    """Return the cells of every group of the grouped runs by its key."""
    found = rows(stored(*GROUPED), columns=columns, group=(EXPERIMENT,), **query)
    return {row.head.key: row.cells for row in found if row.head}


def test_a_group_shows_mean_and_sample_deviation_of_its_numbers() -> None:
    """Values that are not finite are not part of the mean; one value has no deviation."""
    (spread,) = groups(LOSS)["churn"]
    assert isinstance(spread, Spread)
    assert spread.mean == pytest.approx(statistics.mean([0.5, 0.7]))
    assert spread.std == pytest.approx(statistics.stdev([0.5, 0.7]))
    assert spread.n == 2
    made = stored(*(run_card(n, metrics={"loss": curve(v)}) for n, v in enumerate([1.0, NAN])))
    (row,) = rows(made, columns=(LOSS,), group=(EXPERIMENT,))
    assert row.cells == (Spread(1.0, None, 1),)


def test_a_group_whose_runs_agree_shows_the_value() -> None:
    """One value is no spread; all NaN is NaN."""
    assert groups(LOSS)["c"] == (0.3,)
    assert math.isnan(groups(LOSS)["b"][0])
    assert groups(EXPERIMENT)["churn"] == ("churn",)


def test_a_group_shows_the_range_of_what_differs() -> None:
    """Numbers range as numbers, and as text where one of them is text."""
    found = groups(LR, Column("tag", "t"), Column("attribute", "status"))
    assert found["churn"] == (Varied(1.0, 10.0), Varied("a", "b"), "FINISHED")
    assert found["b"][0] == Varied("2", "abc")
    assert found["c"] == (2, None, "FINISHED")


def test_two_columns_of_one_value_are_both_of_the_group() -> None:
    """The best and the smallest loss are the same number, in every line and in bold."""
    best, least = Column("metric", "loss", "best"), Column("metric", "loss", "min")
    made = stored(*GROUPED[:2])
    view = table.prepare(made, RunQuery(columns=(best, least), group=(EXPERIMENT,)), GOALS)
    (row,) = table.page(made, view, 0, 9, GOALS)
    assert isinstance(row.cells[0], Spread)
    assert row.cells[0] == row.cells[1]
    assert table.best_values(made, view, GOALS) == {best: 0.5, least: 0.5}


def test_the_runs_of_an_open_group_stand_beneath_it() -> None:
    """Groups stand in the order of their first run; members are those that match."""
    made = stored(*GROUPED)
    query = RunQuery(columns=(NAME,), group=(EXPERIMENT,), expanded=frozenset(["churn"]))
    view = table.prepare(made, query, GOALS)
    found = table.page(made, view, 0, 99, GOALS)
    told = [(row.head.key, row.head.members) if row.head else row.run_id for row in found]
    assert told == [("c", 1), ("b", 2), ("churn", 3), "run002", "run001", "run000"]
    assert [row.head.expanded for row in found if row.head] == [False, False, True]
    assert [row.cells[0] for row in found][3:] == ["run-2", "run-1", "run-0"]
    assert table.members(made, view, "churn") == (3, 2, 1)
    assert table.runs_in(made, view) == (6, 5, 4, 3, 2, 1)
    assert (view.rows, view.matching, view.total) == (6, 6, 6)


def test_groups_of_several_keys_are_told_apart() -> None:
    """Two keys that would read alike when put together are two groups."""
    made = stored(run_card(0, tags={"a": "x", "b": "yz"}), run_card(1, tags={"a": "xy", "b": "z"}))
    found = rows(made, group=(Column("tag", "a"), Column("tag", "b")))
    assert sorted(row.head.key.split("\x1f") for row in found if row.head) == [
        ["x", "yz"], ["xy", "z"],
    ]  # fmt: skip


def test_runs_equal_but_for_the_seed_are_one_line() -> None:
    """A run that is like no other stays a plain line."""
    made = shelf()
    put(made, [arrival(card, recipe="ab"[n == 2]) for n, card in enumerate(GROUPED[:3])])
    found = rows(made, group=(SEEDS,), columns=(NAME,))
    assert [(row.run_id, row.head and row.head.members) for row in found] == [
        ("run002", None), ("run001", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("goal", "best"), [("min", 0.2), ("max", 7.0)])
def test_the_best_value_is_finite_and_goes_by_the_goal(goal: str, best: float) -> None:
    """NaN and the infinities are never the best; a metric without a goal has none."""
    values = (NAN, 0.2, INF, -INF, 7.0)
    cards = [run_card(n, metrics={"m": curve(v), "o": curve(v)}) for n, v in enumerate(values)]
    made = stored(*cards, run_card(9, metrics={"m": curve(NAN)}))
    wanted = (Column("metric", "m"), Column("metric", "o"), Column("metric", "m", "count"))
    view = table.prepare(made, RunQuery(columns=wanted), {"m": goal})
    assert table.best_values(made, view, {"m": goal}) == {wanted[0]: best}
    narrow = table.prepare(made, RunQuery(parse("name = 'run-9'"), wanted), {"m": goal})
    assert table.best_values(made, narrow, {"m": goal}) == {}


def test_archived_runs_are_a_table_of_their_own() -> None:
    """They are left out unless they are asked for, by the query or by the filter."""
    made = shelf()
    put(made, [arrival(run_card(n), archived=n == 1) for n in range(3)])
    for query, found, total in [
        (RunQuery(), [2, 0], 2),
        (RunQuery(archived=True), [1], 1),
        (RunQuery(parse("archived = true")), [1], 3),
        (RunQuery(parse("NOT archived = true"), archived=True), [2, 0], 3),
    ]:
        view = table.prepare(made, query, GOALS)
        assert names(table.page(made, view, 0, 9, GOALS)) == found
        assert (view.matching, view.total) == (len(found), total)
        assert table.count_matching(made, query, GOALS) == len(found)


def test_cells_of_single_runs_are_those_of_the_table(catalogue: Catalogue) -> None:
    """Runs that are gone are left out."""
    columns = (NAME, LR, LOSS, Column("tag", "team"))
    lines = {row.run: row.cells for row in rows(catalogue, columns=columns)}
    found = table.rows_of(catalogue, [3, 1, 999], columns, GOALS)
    assert repr(found) == repr({run: lines[run] for run in found})
    assert set(found) == {1, 3}


def test_a_view_let_go_of_leaves_nothing_behind() -> None:
    """Neither its lines nor the members of its groups stay in memory."""
    made = stored(*GROUPED)
    view = table.prepare(made, RunQuery(group=(EXPERIMENT,)), GOALS)
    table.drop(made, view)
    left = made.cursor().execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = 'ui'")
    assert left.fetchall() == [(0,)]
