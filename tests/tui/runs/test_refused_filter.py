"""A filter that cannot be answered, or that nothing fits, hides no run without a word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import points, write_run, write_workspace
from tests.tui.looking import screen_text, toasts, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.operations.session import Session, open_session
from workbench.operations.views import View
from workbench.tui.chart_settings import Subject
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.widgets.lines import Lines

SIZE = (160, 40)
FILTER = "loss > 0.1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an empty workspace."""
    return write_workspace(tmp_path / "w")


@pytest.fixture
def session(root: Path) -> Iterator[Session]:
    """Open it."""
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


async def test_a_filter_of_what_no_run_has_yet_is_asked_again_as_runs_come(
    session: Session, root: Path
) -> None:
    """It stays in the header with why it cannot be answered; the first run that has it answers."""
    screen = RunsScreen(session, View(filter=FILTER))
    async with Stage(session, lambda: screen).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: "/loss > 0.1 cannot be answered" in screen_text(pilot.app))
        write_run(root, number=1, name="without", metrics=())
        pilot.app.watch_again()
        await until(pilot, lambda: "1 run · /loss > 0.1 cannot be" in screen_text(pilot.app))
        assert "without" in screen_text(pilot.app)
        assert toasts(pilot.app).count("cannot be answered") == 1
        write_run(root, number=2, name="with-loss", metrics=points(3, "loss"))
        pilot.app.watch_again()
        await until(pilot, lambda: "1 of 2 runs · /loss > 0.1" in screen_text(pilot.app))
        assert "with-loss" in screen_text(pilot.app)


async def test_an_empty_table_says_why_the_filter_cannot_be_answered(session: Session) -> None:
    """Where there is no run at all it says so in the middle of the screen, with the way out."""
    screen = RunsScreen(session, View(filter=FILTER))
    async with Stage(session, lambda: screen).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "cannot be answered yet" in screen_text(pilot.app))
        assert "takes the filter off" in screen_text(pilot.app)
        await pilot.press("escape")
        await until(pilot, lambda: "cannot be answered" not in screen_text(pilot.app))


async def test_a_run_that_is_filtered_away_is_shown_nowhere(session: Session, root: Path) -> None:
    """What stands beside the table and in the charts goes with the row."""
    write_run(root, number=1, name="alone", metrics=points(3, "loss"))
    session.sweep()
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        about = screen.query_one("#overview", Lines)
        await until(pilot, lambda: "alone" in about.text() and screen.charts.subject.lines)
        screen.table._tell = lambda: None  # type: ignore[method-assign]  # the cursor never rests
        screen.change(filter="name = 'nobody'")
        await until(pilot, lambda: "0 of 1 run" in screen_text(pilot.app))
        assert about.text() == ""
        assert screen.charts.subject == Subject()
