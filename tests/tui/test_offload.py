"""Work away from the UI thread: late answers are dropped, and what is written is always told."""

from collections.abc import Callable
from threading import Event
from typing import Any

from textual.app import App
from textual.message import Message
from textual.screen import Screen

from tests.tui.looking import until
from workbench.tui.messages import Finished, PageReady, WentWrong
from workbench.tui.offload import off_thread


class Told(Screen[None]):
    """Keep what came back."""

    def __init__(self) -> None:
        super().__init__()
        self.pages: list[Any] = []

    def on_page_ready(self, event: PageReady) -> None:
        """Keep a page."""
        self.pages.append(event.page)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Keep what went wrong."""
        event.stop()
        self.pages.append(str(event.error))


class Program(App[None]):
    """Show one screen, and keep what comes to the program itself."""

    def __init__(self) -> None:
        super().__init__()
        self.told = Told()
        self.finished: list[str] = []

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(self.told)

    def on_finished(self, event: Finished) -> None:
        """Keep what is done."""
        self.finished.append(event.words)


class Held:
    """An answer that waits until it is let go."""

    def __init__(self, answer: Callable[[], Message]) -> None:
        self._answer = answer
        self.may = Event()
        self.began = Event()
        self.ended = Event()

    def __call__(self) -> Message:
        """Wait, then answer."""
        self.began.set()
        self.may.wait(30)
        try:
            return self._answer()
        finally:
            self.ended.set()


def fails() -> Message:
    """Answer nothing."""
    raise ValueError("too late")


async def test_an_older_answer_never_replaces_a_newer_one() -> None:
    """The first question is answered last: what the second one said stays."""
    app = Program()
    async with app.run_test() as pilot:
        slow = Held(lambda: PageReady("old"))
        off_thread(app.told, slow, group="page")
        await until(pilot, slow.began.is_set)
        off_thread(app.told, lambda: PageReady("new"), group="page")
        await until(pilot, lambda: app.told.pages == ["new"])
        slow.may.set()
        await until(pilot, slow.ended.is_set)
        off_thread(app.told, lambda: PageReady("last"), group="other")
        await until(pilot, lambda: "last" in app.told.pages)
        assert app.told.pages == ["new", "last"]


async def test_an_answer_about_something_else_is_dropped_though_none_newer_came() -> None:
    """Who asks about v3 is not shown v4 meanwhile."""
    app = Program()
    async with app.run_test() as pilot:
        four, three = Held(lambda: PageReady("v4")), Held(lambda: PageReady("v3"))
        off_thread(app.told, four, group="version", about=4)
        await until(pilot, four.began.is_set)
        off_thread(app.told, three, group="version", about=3)
        await until(pilot, three.began.is_set)
        four.may.set()
        await until(pilot, four.ended.is_set)
        three.may.set()
        await until(pilot, lambda: app.told.pages)
        assert app.told.pages == ["v3"]


async def test_answers_come_though_questions_come_faster() -> None:
    """News that come faster than they can be read do not leave the screen as it was."""
    app = Program()
    async with app.run_test() as pilot:
        first, second = Held(lambda: PageReady(1)), Held(lambda: PageReady(2))
        for held in (first, second):
            off_thread(app.told, held, group="page")
            await until(pilot, held.began.is_set)
        first.may.set()
        await until(pilot, lambda: app.told.pages == [1])
        second.may.set()
        await until(pilot, lambda: app.told.pages == [1, 2])


async def test_a_failure_that_comes_late_is_not_told() -> None:
    """What went wrong with a question nobody asks any more is no news."""
    app = Program()
    async with app.run_test() as pilot:
        slow = Held(fails)
        off_thread(app.told, slow, group="page")
        await until(pilot, slow.began.is_set)
        off_thread(app.told, lambda: PageReady("new"), group="page")
        await until(pilot, lambda: app.told.pages)
        slow.may.set()
        await until(pilot, slow.ended.is_set)
        off_thread(app.told, fails)
        await until(pilot, lambda: len(app.told.pages) > 1)
        assert app.told.pages == ["new", "too late"]


async def test_what_is_written_is_done_and_told_though_its_screen_is_gone() -> None:
    """The program itself tells it then."""
    app = Program()
    async with app.run_test() as pilot:
        slow = Held(lambda: Finished("written"))
        off_thread(app.told, slow)
        await until(pilot, slow.began.is_set)
        app.pop_screen()
        await until(pilot, lambda: not app.told.is_attached)
        slow.may.set()
        await until(pilot, lambda: app.finished == ["written"])
