"""What came of something is told once, by the screen it was asked on or else by the program."""

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.message import Message
from textual.screen import Screen

from tests.building import write_workspace
from workbench.operations.session import Session, open_session
from workbench.tui.app import WorkbenchApp
from workbench.tui.compare.why import WhyScreen
from workbench.tui.data.check_screen import DataCheckScreen
from workbench.tui.data.column_screen import ColumnScreen
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.screen import DataScreen
from workbench.tui.messages import EditDone, Finished, WentWrong
from workbench.tui.registry.diff_screen import DiffScreen
from workbench.tui.registry.history_screen import HistoryScreen
from workbench.tui.registry.screen import ModelsScreen
from workbench.tui.run.screen import RunScreen

SCREENS: dict[str, Callable[[Session], Screen[None]] | None] = {
    "runs": None,
    "run": lambda session: RunScreen(session, 1),
    "why": lambda session: WhyScreen(session, "a", "b"),
    "models": ModelsScreen,
    "history": HistoryScreen,
    "data": DataScreen,
    "dataset": lambda session: DatasetScreen(session, "census"),
    "column": lambda session: ColumnScreen(session, "census", None, "age"),
    "rules": lambda session: DataCheckScreen(session, "census"),
    "diff": lambda session: DiffScreen(session, "churn", 1, 2),
}
OUTCOMES: dict[str, Callable[[], Message]] = {
    "an edit": lambda: EditDone("01kb", "It is told"),
    "an edit taken back": lambda: EditDone("", "It is told"),
    "something done": lambda: Finished("It is told"),
    "something not done": lambda: WentWrong("Try", OSError("It is told")),
}


@pytest.mark.parametrize("where", SCREENS)
async def test_each_outcome_is_told_once(where: str, tmp_path: Path) -> None:
    """One message is one notice, whichever screen is open."""
    write_workspace(tmp_path)
    make = SCREENS[where]
    with open_session(tmp_path, in_memory=True) as session:
        app = WorkbenchApp(session)
        async with app.run_test() as pilot:
            if make is not None:
                await app.push_screen(make(session))
            await pilot.pause()
            for what, outcome in OUTCOMES.items():
                app.clear_notifications()
                app.screen.post_message(outcome())
                for _ in range(20):
                    await pilot.pause()
                told = [str(each.message) for each in app._notifications]
                assert sum("It is told" in each for each in told) == 1, what
