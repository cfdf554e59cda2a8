"""Charts over many runs on the compare screen, by their keys."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.tui.compare.builders import NARROW, WIDE, Desk, opened, shows, written
from tests.tui.looking import screen_text, until
from workbench.operations.runs_table import Column
from workbench.operations.session import Session
from workbench.operations.views import PLOTS

RUNS = 24


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write runs whose loss goes with lr and whose depth says nothing."""
    root = write_workspace(tmp_path_factory.mktemp("many"))
    for k in range(RUNS):
        lr = 10.0 ** (-4 + k / 6)
        write_run(
            root, number=k, name=f"run-{k}", started=BEGIN + 60 * k,
            params={"lr": lr, "depth": k % 4, "opt": ("sgd", "adam")[k % 2]},
            metrics=[(0, BEGIN, {"loss": lr**0.5, "val/auc": 0.9 - lr / 3})],
        )  # fmt: skip
    return root


@pytest.fixture
def session(made: Path) -> Iterator[Session]:
    """Open them."""
    with opened(made) as session:
        yield session


async def choose(pilot: Pilot[None], key: str, typed: str) -> None:
    """Press a key that asks for a choice, and take what the letters narrow it to."""
    await pilot.press(key)
    await shows(pilot, "type to narrow", typed)
    await pilot.press(*typed)
    await until(pilot, lambda: typed in screen_text(pilot.app))
    await pilot.press("enter")


def desk(session: Session, number: int = 2, **view: Any) -> Desk:
    """Return the screen over some marked runs."""
    return Desk(session, number, **view)


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("scatter", ("ρ",)), ("parallel", ("lr", "depth")), ("heat", ("mean",)),
        ("hist", ("val/auc",)), ("progress", ("val/auc",)), ("pareto", ("val/auc", "loss")),
        ("importance", ("permutation importance",)),
    ],
)  # fmt: skip
async def test_every_kind_is_drawn_beside_the_table(session, kind, words, size):
    """The kind a view says stands where the curves would, at either size."""
    one = desk(session, plot=kind)
    async with one.app.run_test(size=size) as pilot:
        text = await shows(pilot, f"── {kind}", f"{RUNS} runs", *words)
        assert "params" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_the_kind_is_chosen_with_a_key_and_kept(session):
    """K offers every kind; what was chosen is part of the view handed back."""
    one = desk(session)
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "charts")
        await pilot.press("K")
        await shows(pilot, *PLOTS)
        await pilot.press("escape")
        await choose(pilot, "K", "scatter")
        await shows(pilot, "── scatter", "ρ")
        assert one.taken[-1].plot == "scatter"
        await choose(pilot, "K", "curves")
        await shows(pilot, "── charts")


async def test_columns_are_chosen_for_either_axis(session):
    """X and X offer every metric and param; the view keeps them."""
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "ρ")
        await pilot.press("tab")
        await choose(pilot, "x", "depth")
        await shows(pilot, "by depth")
        await choose(pilot, "X", "loss")
        await shows(pilot, "loss by depth")
        assert one.taken[-1].x_column == Column("param", "depth")
        assert one.taken[-1].y_column == Column("metric", "loss")
        await pilot.press("L")
        await until(pilot, lambda: one.taken[-1].y_scale == "log")


async def test_a_brush_lets_fewer_through_and_becomes_the_filter(session):
    """Narrowing an axis says how many are left; Enter filters the runs by it."""
    one = desk(session, plot="parallel")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "── parallel", f"{RUNS} runs")
        await pilot.press("tab", *"++++++")
        text = await shows(pilot, "let through")
        assert f"of {RUNS} runs let through" in text
        await pilot.press("]")
        await pilot.press("enter")
        await until(pilot, lambda: one.taken and one.taken[-1].filter)
        await shows(pilot, "/params.lr >= ")
        assert not one.screen.plot.asked.brush


async def test_the_filter_of_the_chart_is_typed(session):
    """/ asks which runs the chart is about; a filter that cannot be read says so and stays."""
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "ρ")
        await pilot.press("tab", "/")
        await shows(pilot, "Runs that match")
        await pilot.press(*"opt = ")
        await pilot.press("enter")
        await shows(pilot, "Runs that match")
        await pilot.press(*"adam")
        await pilot.press("enter")
        await shows(pilot, "/opt = adam", "12 runs")
        assert one.taken[-1].filter == "opt = adam"


async def test_the_axis_under_the_cursor_is_marked_without_colour(session):
    """A heavier line says which axis the keys mean."""
    one = desk(session, plot="parallel")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "── parallel")
        await pilot.press("tab", "right")
        await shows(pilot, "┃")


async def test_the_next_metric_counts(session):
    """N goes to the next metric, whatever the kind."""
    one = desk(session, plot="hist", metric="loss")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "── hist", "loss")
        await pilot.press("n")
        await shows(pilot, "val/auc")
        assert one.taken[-1].metric == "val/auc"


async def test_the_numbers_stand_in_a_table(session):
    """T shows what is drawn as numbers, and the chart again."""
    one = desk(session, plot="scatter", x_column=Column("param", "lr"))
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "ρ")
        await pilot.press("tab", "t")
        await shows(pilot, "run-3", "0.0001")
        await pilot.press("t")
        await shows(pilot, "ρ")


async def test_no_mark_is_needed_for_a_chart_of_all_runs(session):
    """With nothing marked the chart has the whole screen instead of an empty page."""
    one = desk(session, 0, plot="scatter")
    async with one.app.run_test(size=NARROW) as pilot:
        text = await shows(pilot, "── scatter", "ρ")
        assert "Mark two" not in text


async def test_it_is_exported_as_picture_text_and_numbers(session, tmp_path, monkeypatch):
    """E writes what is on the screen and says where."""
    monkeypatch.chdir(tmp_path)
    one = desk(session, 0, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "ρ")
        await pilot.press("e")
        await until(pilot, lambda: len(written(tmp_path, "scatter-*")) == 3)
    (svg,) = written(tmp_path, "*.svg")
    assert svg.read_text("utf-8").startswith("<svg")
    (table,) = written(tmp_path, "*.csv")
    assert len(table.read_text("utf-8").splitlines()) == RUNS + 1


async def test_a_column_no_run_has_is_said_in_place_of_the_chart(session):
    """A view of another workspace may name what is not here."""
    one = desk(session, 0, plot="scatter", x_column=Column("param", "nosuch"))
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "nosuch")
        assert run_id(0) not in screen_text(pilot.app)
