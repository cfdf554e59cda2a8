"""No key of the runs waits for the index or the disk, and each acts on the run it was meant for."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import points, write_run, write_workspace
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.catalogue.connection import Catalogue
from workbench.clock import FixedClock
from workbench.operations import run_detail, views
from workbench.operations.session import Session, open_session
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.widgets.prompt import PromptScreen

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


async def test_no_key_asks_the_index_on_the_thread_of_the_screen(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Marking, sorting, comparing, copying and following leave that thread free."""
    screen = RunsScreen(session)
    ask, leave = Catalogue.cursor, views.leave
    asked: list[threading.Thread] = []

    def noted(catalogue: Catalogue) -> object:
        asked.append(threading.current_thread())
        return ask(catalogue)

    def left(*args: object) -> None:
        asked.append(threading.current_thread())
        leave(*args)

    monkeypatch.setattr(Catalogue, "cursor", noted)
    monkeypatch.setattr(views, "leave", left)
    async with Stage(session, lambda: screen).run_test(size=SIZE, notifications=True) as pilot:
        await until(pilot, lambda: "run-2" in screen_text(pilot.app))
        await pilot.press("space", "s", "b", "y", "f")
        await until(pilot, lambda: len(screen.marks()) == 1)
        screen.press_copy_path()
        await until(pilot, lambda: "Copied" in screen_text(pilot.app))
        screen.press_declare_killed()
        await until(pilot, lambda: "Only a stale run" in screen_text(pilot.app))
    assert asked
    assert threading.main_thread() not in asked
    assert len(views.left(session).marks) == 1


async def test_the_name_asked_for_is_the_marked_run_s(session: Session) -> None:
    """Wherever the cursor is meanwhile."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.known_here is not None)
        marked = screen.known_here
        await pilot.press("space")
        await until(pilot, lambda: len(screen.marks()) == 1)
        assert screen.known_here != marked
        assert screen.only_chosen() == marked
        screen.press_rename()
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptScreen))
        assert marked is not None
        await until(pilot, lambda: marked.name in screen_text(pilot.app))


def test_the_folder_of_a_run_is_known_without_reading_it(session: Session) -> None:
    """It is the one its page tells."""
    assert run_detail.folder(session, 1) == run_detail.detail(session, 1).folder
