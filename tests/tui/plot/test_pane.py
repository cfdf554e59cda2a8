"""Charts over many runs on the compare screen, by their keys."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.tui.compare.builders import NARROW, WIDE, Desk, opened, shows, written
from tests.tui.looking import screen_text, until
from workbench.operations import many
from workbench.operations.runs_table import Column
from workbench.operations.session import Session
from workbench.operations.views import PLOTS
from workbench.sync.sweep import Changes
from workbench.tui.messages import CatalogueChanged
from workbench.tui.plot.brush import narrowed

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


async def to_chart(pilot: Pilot[None], one: Desk) -> None:
    """Put the focus on the chart, past whatever else takes it."""
    view = one.screen.plot.query_one("#plot-view")
    view.focus()
    await until(pilot, lambda: view.has_focus)


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
        await to_chart(pilot, one)
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
        await to_chart(pilot, one)
        await pilot.press(*"++++++")
        text = await shows(pilot, "let through")
        assert f"of {RUNS} runs let through" in text
        assert re.search(r"─ depth 0.9 … 2.1  \d+ of|─ lr [0-9.e-]+ … [0-9.e-]+  \d+ of", text)
        await pilot.press("]")
        await pilot.press("enter")
        await until(pilot, lambda: one.taken and one.taken[-1].filter)
        await shows(pilot, "/params.lr >= ")
        assert not one.screen.plot.asked.brush


async def test_no_press_is_lost_while_a_picture_is_made(session):
    """Five presses are five steps, though no picture came between them."""
    one = desk(session, plot="parallel")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "── parallel", f"{RUNS} runs")
        await to_chart(pilot, one)
        pane = one.screen.plot
        once = narrowed(pane.picture, pane._axis, 1).brush
        for _ in range(5):
            pane.press_brush_narrow()
        ((_, low, high),), ((_, first, last),) = pane.asked.brush, once
        ((_, wanted, end),) = narrowed(pane.picture, pane._axis, 5).brush
        assert (low, high) == pytest.approx((wanted, end))
        assert first < low < high < last


async def test_a_range_without_runs_is_no_filter(session):
    """Enter on it says so, and the runs stay as they are."""
    one = desk(session, plot="parallel")
    async with one.app.run_test(size=WIDE, notifications=True) as pilot:
        await shows(pilot, "── parallel", f"{RUNS} runs")
        column = Column("param", "lr")
        one.screen.plot.asked = replace(one.screen.plot.asked, brush=((column, 5.0, 6.0),))
        await shows(pilot, "lr 5 … 6", f"0 of {RUNS} runs let through")
        await to_chart(pilot, one)
        await pilot.press("enter")
        await shows(pilot, "No run is let through")
        assert not any(view.filter for view in one.taken)


async def test_a_kind_that_is_chosen_is_seen(session):
    """Where the table has the whole screen it gives it back to the chart."""
    one = desk(session)
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "charts", "params")
        await pilot.press("z")
        await until(pilot, lambda: "── charts" not in screen_text(pilot.app))
        await choose(pilot, "K", "scatter")
        await shows(pilot, "── scatter", "ρ")


async def test_the_filter_of_the_chart_is_typed(session):
    """/ asks which runs the chart is about; a filter that cannot be read says so and stays."""
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "ρ")
        await to_chart(pilot, one)
        await pilot.press("/")
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
        await to_chart(pilot, one)
        await pilot.press("right")
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
        await to_chart(pilot, one)
        await pilot.press("t")
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


class Gate:
    """Hold up every picture until it is let through, and count how many are made at once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        self.most = self._now = 0
        self.open = threading.Event()
        self._lock = threading.Lock()
        self._picture = many.picture
        monkeypatch.setattr(many, "picture", self)

    def __call__(self, session: Session, asked: Any, theme: Any) -> Any:
        """Make a picture when the gate is open."""
        with self._lock:
            self.asked.append(asked)
            self._now += 1
            self.most = max(self.most, self._now)
        self.open.wait(20)
        with self._lock:
            self._now -= 1
        return self._picture(session, asked, theme)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Hold pictures up."""
    gate = Gate(monkeypatch)
    yield gate
    gate.open.set()


async def test_one_picture_is_made_at_a_time_and_then_the_newest(session, gate):
    """News, resizes and keys while one is under way are one more picture, of what is asked last."""
    one = desk(session, plot="scatter", metric="loss")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "reading …")
        await to_chart(pilot, one)
        await pilot.press("L", "L")
        await pilot.resize_terminal(*NARROW)
        for _ in range(3):
            one.screen.post_message(CatalogueChanged(Changes(edits=True)))
        await until(pilot, lambda: one.screen.plot._reading.again)
        assert len(gate.asked) == 1
        gate.open.set()
        await shows(pilot, "ρ")
        await until(pilot, lambda: not one.screen.plot.reading and len(gate.asked) >= 2)
        assert (gate.most, [asked.log_x for asked in gate.asked[:2]]) == (1, [False, True])


async def test_another_size_is_drawn_from_the_figure_there_is(session, gate):
    """No run is read anew for it."""
    gate.open.set()
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "ρ")
        before = len(gate.asked)
        await pilot.resize_terminal(*NARROW)
        view = one.screen.plot.query_one("#plot-view")
        await until(pilot, lambda: len(view.drawing.rows) == view.size.height < NARROW[1])
        assert len(gate.asked) == before


async def test_esc_stops_reading_until_somebody_chooses_something(session, gate):
    """News does not begin it again; a key does."""
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "reading …")
        await to_chart(pilot, one)
        await pilot.press("escape")
        await shows(pilot, "Stopped reading", "stopped reading")
        gate.open.set()
        await until(pilot, lambda: not one.screen.plot._reading.under_way)
        one.screen.plot.news()
        assert one.screen.plot._pending is None
        assert len(gate.asked) == 1
        await pilot.press("L")
        text = await shows(pilot, "ρ")
        assert "stopped reading" not in text


async def test_what_was_stopped_is_not_said_to_be_read_however_long_it_takes(session, gate):
    """A reader that has not come back yet is nobody's any more; the next key is heard at once."""
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "reading …")
        one.screen.plot.stop_reading()
        assert one.screen.plot._reading.under_way
        one.screen.plot._say_reading()
        assert not one.screen.plot.reading
        await shows(pilot, "Stopped reading", "stopped reading")
        one.screen.plot.read_soon()
        one.screen.plot._say_reading()
        await shows(pilot, "reading …")
        gate.open.set()
        await shows(pilot, "ρ")


async def test_news_waits_for_the_picture_under_way_and_a_calm_moment(session, gate):
    """However often the folder changes, one picture follows, and not at once."""
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "reading …")
        for _ in range(5):
            one.screen.plot.news()
        assert (len(gate.asked), one.screen.plot._pending) == (1, None)
        gate.open.set()
        await shows(pilot, "ρ")
        await until(pilot, lambda: one.screen.plot._pending is not None)
        assert len(gate.asked) == 1
        await until(pilot, lambda: len(gate.asked) == 2)


async def test_a_picture_that_cannot_be_made_is_said_and_the_next_key_tries_again(
    session, monkeypatch
):
    """What was not foreseen is said once; the pane goes on."""
    picture = many.picture

    def broken(*_args: object) -> None:
        raise RuntimeError("the catalogue is closed")

    monkeypatch.setattr(many, "picture", broken)
    one = desk(session, plot="scatter")
    async with one.app.run_test(size=WIDE, notifications=True) as pilot:
        await shows(pilot, "RuntimeError: the catalogue is")
        monkeypatch.setattr(many, "picture", picture)
        await to_chart(pilot, one)
        await pilot.press("L")
        await shows(pilot, "ρ")
