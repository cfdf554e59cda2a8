"""From a drifted column to the rows, the versions, the model; another reference; checking now."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from tests.operations.drift.watched import MONITOR, Watched, frame
from tests.tui.drift.showing import NARROW, flights, go, on, read, shows
from tests.tui.looking import screen_text, toasts, until
from tests.tui.stage import Stage
from tests.waiting import wait_for
from workbench.errors import StoppedError
from workbench.tui.data.diff_screen import DataDiffScreen
from workbench.tui.data.rows_screen import DataRowsScreen
from workbench.tui.drift.monitor_screen import MonitorScreen
from workbench.tui.registry.model_screen import ModelScreen


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """Make a workspace with a model in production and two months, the second of which moved."""
    found = Watched(tmp_path / "team")
    found.hold()
    found.months(0.0, 2.0)
    found.settings(MONITOR)
    found.run()
    found.ana.sweep()
    yield found
    found.close()


@contextmanager
def page(found: Watched) -> Iterator[Stage]:
    """Give a program that shows the page of the monitor."""
    yield Stage(found.ana, lambda: flights(found.ana))


async def test_from_a_column_to_its_rows_filtered_to_what_drifted(watched: Watched) -> None:
    """V shows the rows of the version that was checked, those far out by the reference alone."""
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await go(pilot, "delay", "month@2")
            await pilot.press("v")
            await on(pilot, DataRowsScreen)
            text = await shows(pilot, "Data › month@2 › rows", "/delay > ", "of 400 rows")
            assert "0 of 400" not in text
            assert "Rows with what became more: delay > " in toasts(app)
            await pilot.press("escape", "escape")
            await on(pilot, MonitorScreen)


async def test_from_a_column_to_the_diff_and_to_the_model(watched: Watched) -> None:
    """D compares the reference with the current version, T shows the model."""
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await go(pilot, "delay", "month@2")
            await pilot.press("d")
            await on(pilot, DataDiffScreen)
            await shows(pilot, "train@1 → month@2")
            await pilot.press("escape")
            await on(pilot, MonitorScreen)
            await pilot.press("T")
            await on(pilot, ModelScreen)


async def test_another_reference_is_a_look_that_is_not_kept(watched: Watched) -> None:
    """B holds the same data against what is chosen; Esc shows again what is kept."""
    before = watched.reports()
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot, "")
            await pilot.press("b")
            asked = await shows(pilot, "Hold it against what?", "month@1", "another …")
            assert "● training                        what the model learned from" in asked
            assert "400 rows, of 20" in asked
            await pilot.press(*"month@1", "enter")
            text = await shows(pilot, "a look against month@1", "Esc ends it")
            assert "month@2" in text
            assert "against month@1 · a look, nothing of it is kept; Esc ends it" in text
            await pilot.press("escape")
            await until(pilot, lambda: "a look" not in screen_text(app))
            assert watched.reports() == before


async def test_a_look_that_finds_nothing_to_hold_it_against_says_so(watched: Watched) -> None:
    """A year before there were no data: the chunk says that, and not that nothing was checked."""
    watched.settings(MONITOR + 'chunks = "month"\ntime = "when"\n')
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot, "")
            await pilot.press("b", *"last year", "enter")
            text = await shows(pilot, "? too few", "no chunk of the year before")
            assert "never checked" not in text
            await pilot.press("n")
            await until(pilot, lambda: "There is no other column to go to." in toasts(app))


async def test_checking_now_finds_what_came_since(watched: Watched) -> None:
    """! checks the version that is new and says so; again, there is nothing new."""
    watched.add("month", frame(2.0, seed=9, month=4))
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot, "")
            await pilot.press("exclamation_mark")
            await until(pilot, lambda: "1 new report" in toasts(app))
            await shows(pilot, "Chunks 3")
            await pilot.press("exclamation_mark")
            await until(pilot, lambda: "nothing new since the last check" in toasts(app))


async def test_a_monitor_nobody_watches_any_more_says_so(watched: Watched) -> None:
    """Where the entry is gone what was found stays to be looked at; a look says why not."""
    (watched.root / "workbench.toml").write_text("", "utf-8")
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot, "")
            await pilot.press("b")
            await until(pilot, lambda: "no [monitor.flights]" in toasts(app))


async def test_escape_stops_a_check_that_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Esc ends the check and not the screen; what it had found by then stays."""
    began = Event()

    def endless(*_: object, stopped: Callable[[], bool], **__: object) -> None:
        began.set()
        wait_for(stopped)
        raise StoppedError("Stopped.")

    monkeypatch.setattr("workbench.operations.drift.monitoring.run", endless)
    with page(watched) as app:
        async with app.run_test(size=NARROW) as pilot:
            await read(pilot, "")
            await pilot.press("exclamation_mark")
            await until(pilot, began.is_set)
            await pilot.press("exclamation_mark")
            await until(pilot, lambda: "A check goes on; Esc stops it." in toasts(app))
            await pilot.press("escape")
            await until(pilot, lambda: "Stopped checking" in toasts(app))
            assert isinstance(app.screen, MonitorScreen)
