"""The charts of the runs screen: of the marked runs, named by what differs, kept in the view."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.building import points, write_run, write_workspace
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.operations import views
from workbench.operations.session import Session, open_session
from workbench.tui.chart_settings import ChartSettings, drawn, kept, settings_of
from workbench.tui.chart_settings import Line as Drawn
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.widgets.chart_view import ChartView

SIZE = (120, 40)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Twelve runs of one name; only lr differs."""
    root = write_workspace(tmp_path / "w")
    for number in range(12):
        write_run(
            root, number=number, name="mlp", params={"lr": number, "depth": 3},
            metrics=points(20, "loss", "acc"),
        )  # fmt: skip
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


async def marked(pilot: Pilot[None], screen: RunsScreen, number: int) -> None:
    """Mark so many runs from the top, and wait for their curves."""
    await until(pilot, lambda: screen.known_here is not None)
    await pilot.press(*["space"] * number)
    await until(pilot, lambda: len(screen.marks()) == number)
    await until(pilot, lambda: len(screen.charts.subject.lines) == min(number + 1, 10))


async def in_charts(pilot: Pilot[None], screen: RunsScreen) -> None:
    """Give the keys to the charts."""
    chart = screen.query(ChartView).first()
    chart.focus()
    await until(pilot, lambda: chart.has_focus)


async def test_marked_runs_are_named_by_what_tells_them_apart(session: Session) -> None:
    """Not by a name they share; the run under the cursor is drawn last."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await marked(pilot, screen, 2)
        await until(pilot, lambda: "a lr=11" in screen_text(pilot.app))
        await until(pilot, lambda: "b lr=10" in screen_text(pilot.app))
        assert [line.focused for line in screen.charts.subject.lines] == [False, False, True]


async def test_what_is_left_out_is_said(session: Session) -> None:
    """Ten runs are drawn, the one under the cursor among them."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await marked(pilot, screen, 11)
        await until(pilot, lambda: "10 of 12 runs drawn" in screen_text(pilot.app))
        assert screen.charts.subject.lines[-1].focused


async def test_the_baseline_of_the_table_is_that_of_the_charts(session: Session) -> None:
    """Differences are against it."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.known_here is not None)
        await pilot.press("b", "j")
        await until(pilot, lambda: screen.charts.subject.baseline is not None)
        await in_charts(pilot, screen)
        await pilot.press("X", *"difference", "enter")
        await until(pilot, lambda: "loss − baseline" in screen_text(pilot.app))
        await until(pilot, lambda: screen.view.values == "difference")


async def test_what_is_chosen_for_the_charts_is_there_the_next_time(session: Session) -> None:
    """Axes, scales, smoothing and the shape of the grid; the crosshair is of its day."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.charts.seen() is not None)
        await in_charts(pilot, screen)
        await pilot.press("x", *"acc", "enter", "L", "m", "greater_than_sign", "c")
        await pilot.press("at", *"0.5", "enter")
        await until(pilot, lambda: screen.view.at == 0.5)
        chosen = screen.charts.settings
        assert (chosen.x, chosen.y_scale, chosen.mode) == ("metric:acc", "log", "raw")
    again = RunsScreen(session)
    async with Stage(session, lambda: again).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: again.charts.seen() is not None)
        assert again.charts.settings == replace(chosen, at=None)


def test_settings_and_views_hold_the_same() -> None:
    """What a view keeps comes back; zoom and pan are of the moment."""
    chosen = ChartSettings(
        "loss", "metric:tokens", "log", "symlog", 0.6, "raw", "best", zoom=2, pan=0.7, clip=True,
        at=3.0, columns=2, rows=1,
    )  # fmt: skip
    back = settings_of(kept(views.View(), chosen), ChartSettings(zoom=2, pan=0.7, clip=True))
    assert back == chosen


def test_the_run_under_the_cursor_is_among_the_ten() -> None:
    """Whatever its letter."""
    lines = [Drawn(run, str(run), 0, focused=run == 13) for run in range(14)]
    chosen, left_out = drawn(lines)
    assert [line.run for line in chosen] == [*range(9), 13]
    assert left_out == 4
