"""Saved views: opened with their charts, kept and taken away without holding up a key."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.building import points, write_run, write_workspace
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError
from workbench.operations import views
from workbench.operations.session import Session, open_session
from workbench.operations.views import View
from workbench.tui.chart_settings import ChartSettings, settings_of
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.saved_views import choices_of
from workbench.tui.widgets.choose import ChooseScreen

SIZE = (120, 40)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Three runs with a curve each."""
    root = write_workspace(tmp_path / "w")
    for number in range(3):
        write_run(root, number=number, name=f"run-{number}", metrics=points(number + 1, "loss"))
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


async def started(pilot: Pilot[None]) -> RunsScreen:
    """Wait for the rows, and return the screen."""
    await until(pilot, lambda: "run-2" in screen_text(pilot.app))
    screen = pilot.app.screen
    assert isinstance(screen, RunsScreen)
    return screen


async def test_a_saved_view_brings_its_charts(session: Session) -> None:
    """The next key of the charts changes what the view says, not what was there before."""
    views.save(session, "curves", View(metric="loss", x="time", y_scale="log", smoothing=0.6))
    async with Stage(session, lambda: RunsScreen(session)).run_test(
        size=SIZE, notifications=True
    ) as pilot:
        screen = await started(pilot)
        await pilot.press("V")
        await until(pilot, lambda: "curves" in screen_text(pilot.app))
        await pilot.press(*"curves", "enter")
        await until(pilot, lambda: screen.view.x == "time")
        assert screen.charts.settings == ChartSettings("loss", "time", y_scale="log", smoothing=0.6)
        screen.charts.press_log_axis()
        await until(pilot, lambda: screen.view.y_scale != "log")
        assert (screen.view.x, screen.view.smoothing) == ("time", 0.6)


async def test_a_view_that_cannot_be_written_is_said(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full: nothing is lost and the program goes on."""
    threads = []

    def full(*_args: object) -> None:
        threads.append(threading.current_thread())
        raise NotAllowedError("The disk is full.")

    monkeypatch.setattr(views, "save", full)
    monkeypatch.setattr(views, "remove", full)
    async with Stage(session, lambda: RunsScreen(session)).run_test(
        size=SIZE, notifications=True
    ) as pilot:
        screen = await started(pilot)
        screen._save_view("mine")
        await until(pilot, lambda: "The disk is full." in screen_text(pilot.app))
        screen._take_view("remove:mine")
        await until(pilot, lambda: len(threads) == 2)
        await pilot.press("j")
        await until(pilot, lambda: screen.table.cursor == 1)
    assert threading.main_thread() not in threads


async def test_a_view_is_kept_and_taken_away(session: Session) -> None:
    """What was done is said once it is done."""
    async with Stage(session, lambda: RunsScreen(session)).run_test(
        size=SIZE, notifications=True
    ) as pilot:
        screen = await started(pilot)
        await pilot.press("V", "enter", *"mine", "enter")
        await until(pilot, lambda: "Saved the view mine." in screen_text(pilot.app))
        assert [one.name for one in views.saved(session)] == ["mine"]
        session.clock = FixedClock(session.clock.now() + 1)
        screen._take_view("remove:mine")
        await until(pilot, lambda: "Removed the view mine." in screen_text(pilot.app))
        assert views.saved(session) == ()


async def test_views_are_listed_without_moving_the_highlight(session: Session) -> None:
    """What was chosen before they were read is still chosen."""
    views.save(session, "curves", View())
    dialog = ChooseScreen("Views", choices_of(()))
    async with Stage(session, lambda: dialog).run_test(size=SIZE, notifications=True) as pilot:
        await pilot.pause()
        await pilot.press("down")
        dialog.offer(choices_of(views.saved(session))[::-1])
        await pilot.press("enter")
        assert pilot.app.answer == "plain:"


async def test_the_plain_table_is_the_last_thing_offered(session: Session) -> None:
    """One key too many beside Save loses no marks and no order."""
    views.save(session, "curves", View())
    offered = [choice.id for choice in choices_of(views.saved(session))]
    assert offered == ["save:", "open:curves", "remove:curves", "plain:"]
    async with Stage(session, lambda: RunsScreen(session)).run_test(
        size=SIZE, notifications=True
    ) as pilot:
        screen = await started(pilot)
        await pilot.press("space")
        await until(pilot, lambda: len(screen.marks()) == 1)
        await pilot.press("V")
        await until(pilot, lambda: "The plain table" in screen_text(pilot.app))
        await pilot.press("up", "enter")
        await until(pilot, lambda: not screen.view.marks)


@pytest.mark.parametrize("strange", [float("nan"), -1.0, 1e9])
def test_strange_settings_of_a_file_are_the_usual_ones(strange: float) -> None:
    """An axis nobody knows is that of steps."""
    now = ChartSettings(clip=True)
    assert settings_of(View(x="nope", smoothing=strange), now) == now
