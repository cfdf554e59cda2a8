"""Asking once what plain tables are, from the runs screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.looking import screen_text, toasts, until
from tests.tui.stage import Stage
from workbench.clock import FixedClock
from workbench.formats.tables.answers import ANSWERS
from workbench.operations.session import Session, open_session
from workbench.operations.shapes import answers_file, met
from workbench.tui.keyed import press
from workbench.tui.messages import WatchStatusChanged
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.widgets.choose import ChooseScreen

SIZE = (80, 24)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A folder with two tables of one shape whose step nobody knows."""
    for number in range(2):
        folder = tmp_path / "root" / f"fold{number}"
        folder.mkdir(parents=True)
        (folder / f"log_{number}.csv").write_text("t,loss,[red]\n0,1,2\n1,0.5,2\n")
    with open_session(tmp_path / "root", clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made
    ANSWERS.follow()


async def test_folders_that_wait_for_an_answer_are_told_once(session: Session) -> None:
    """One line says how many, and where the question is."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.loaded is not None)
        for status in ("watching", "reading", "watching"):
            screen.post_message(WatchStatusChanged(status))
        wanted = '2 folders look like runs but do not say the step: press : "Unclear'
        await until(pilot, lambda: wanted in toasts(pilot.app))
        assert toasts(pilot.app).count("look like runs") == 1
        await until(pilot, lambda: "workbench formats shapes" in screen_text(pilot.app))
        assert "2 folders of tables without a known step" in screen_text(pilot.app)
        assert ':  "Unclear folders" asks here' in screen_text(pilot.app)


async def test_a_shape_is_chosen_and_its_step_named(session: Session) -> None:
    """The likeliest column comes first; the answer is kept and counts."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.loaded is not None)
        await press(screen, "ask-folders")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
        first = pilot.app.screen
        assert "log_#.csv" in screen_text(pilot.app)
        assert "2 folders; step unknown, not listed;" in screen_text(pilot.app)
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen not in (first, screen))
        text = screen_text(pilot.app)
        assert "What counts the steps in log_#.csv?" in text
        names = (
            "counts the steps in",
            "loss",
            "[red]",
            "The number of the row",
            "These are no runs",
        )
        assert sorted(names, key=text.index) == list(names)
        await pilot.press("enter")
        await until(pilot, lambda: "the step is t" in toasts(pilot.app))
    assert 'step = "t"' in answers_file().read_text()
    assert [one.assumed for one in met(session)] == ["the step is t"]


@pytest.mark.parametrize(
    ("typed", "kept"), [("number", "rows = true"), ("no runs", "runs = false"), ("", "")]
)
async def test_other_answers_and_none(session: Session, typed: str, kept: str) -> None:
    """Rows may be counted, the tables may be no runs, and nobody must answer."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.loaded is not None)
        await press(screen, "ask-folders")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
        first = pilot.app.screen
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen not in (first, screen))
        await pilot.press(*("space" if sign == " " else sign for sign in typed))
        await pilot.press("enter" if typed else "escape")
        if kept:
            await until(pilot, lambda: "Kept in" in toasts(pilot.app))
            assert kept in answers_file().read_text()
        else:
            await until(pilot, lambda: pilot.app.screen is screen)
            assert not answers_file().exists()


async def test_where_there_are_no_tables_there_is_no_question(tmp_path: Path) -> None:
    """A word says so."""
    (tmp_path / "empty").mkdir()
    with open_session(tmp_path / "empty", clock=FixedClock(), in_memory=True) as session:
        screen = RunsScreen(session)
        async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
            await until(pilot, lambda: screen.loaded is not None)
            await press(screen, "ask-folders")
            await until(pilot, lambda: "no plain tables" in toasts(pilot.app))
