"""What a person asked for: signs that it goes on, one question at a time, every outcome told."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.tui.looking import screen_text, toasts, until
from tests.tui.registry.building import workspace
from tests.tui.registry.test_news import shows
from tests.tui.stage import Stage, opened
from workbench.errors import UnknownOutcomeError
from workbench.operations.registry import gate, promote
from workbench.operations.registry.opening_journal import state
from workbench.operations.session import Session
from workbench.tui.activity.screen import ActivityScreen
from workbench.tui.registry import history_screen
from workbench.tui.registry.card_screen import CardScreen
from workbench.tui.registry.history_screen import HistoryScreen
from workbench.tui.registry.model_screen import ModelScreen

WIDE = (160, 50)
ENTER_TAB_ENTER = (("enter", "\r"), ("tab", "\t"), ("enter", "\r"))
OPEN = '[user]\nname = "ana"\n\n[stages.staging]\n[stages.production]\n'


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace whose stages ask for nothing."""
    return workspace(tmp_path, OPEN)


class Slow:
    """An operation that waits until it is let go."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self._real = real
        self.may = Event()
        self.began = Event()
        self.ended = Event()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Wait, then do it."""
        self.began.set()
        self.may.wait(30)
        try:
            return self._real(*args, **kwargs)
        finally:
            self.ended.set()


def program(session: Session) -> Stage:
    """Return a program that shows a model, its third version under the cursor."""
    return Stage(session, lambda: ModelScreen(session, "churn", version=3))


async def card(pilot: Pilot[None]) -> None:
    """Open the card of a promotion to staging and write a reason."""
    await shows(pilot, "Stages", "v4", "v3")
    await pilot.press("p")
    await shows(pilot, "to which stage?")
    await pilot.press("enter")


async def confirm(pilot: Pilot[None]) -> None:
    """Promote what is on the card."""
    await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen))
    await pilot.press(*"go", "enter", "tab", "enter")


async def test_a_check_that_takes_long_says_so_and_for_how_long(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header says what goes on, then the seconds; with the card it is gone."""
    slow = Slow(gate.gate)
    monkeypatch.setattr(gate, "gate", slow)
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await shows(pilot, "Check churn@3 …")
            await until(pilot, lambda: re.search(r"Check churn@3 \d.* …", screen_text(app)))
            slow.may.set()
            await until(pilot, lambda: isinstance(app.screen, CardScreen))
            await pilot.press("escape")
            await until(pilot, lambda: "Check churn@3" not in screen_text(app))


async def test_only_the_newest_question_opens_a_card(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks about v1 while the checks of v3 run sees the card of v1 alone."""
    slow = {3: Slow(gate.gate), 1: Slow(gate.gate)}
    monkeypatch.setattr(
        gate, "gate", lambda session, model, version, stage: slow[version](
            session, model, version, stage
        )
    )  # fmt: skip
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await until(pilot, slow[3].began.is_set)
            await pilot.press("down", "down")
            await card(pilot)
            await until(pilot, slow[1].began.is_set)
            slow[3].may.set()
            await until(pilot, slow[3].ended.is_set)
            slow[1].may.set()
            await until(pilot, lambda: isinstance(app.screen, CardScreen))
            await shows(pilot, "Promote churn@1 to staging?")
            assert sum(isinstance(each, CardScreen) for each in app.screen_stack) == 1


async def test_no_card_opens_over_another_screen(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever went on to the history types there, and no card takes the keys."""
    slow = Slow(gate.gate)
    monkeypatch.setattr(gate, "gate", slow)
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await until(pilot, slow.began.is_set)
            await pilot.press("H")
            await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
            slow.may.set()
            await until(pilot, lambda: not app.workers._workers)
            await pilot.press("slash", *"ana")
            await shows(pilot, "History", "/ana")
            assert isinstance(app.screen, HistoryScreen)


async def test_the_outcome_is_told_though_the_screen_was_left(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A promotion goes on when its page is closed, and says what it came to."""
    slow = Slow(promote.promote)
    monkeypatch.setattr(promote, "promote", slow)
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await confirm(pilot)
            await shows(pilot, "Promote churn@3 …")
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, ModelScreen))
            slow.may.set()
            await until(pilot, lambda: "churn@3 holds staging." in toasts(app))
            assert state(session, "churn").stage("staging").holder == 3


async def test_a_refusal_is_told_though_the_screen_was_left(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is an outcome lost that nobody knows, nor does a card open over another screen."""

    def lost(*_: object) -> None:
        raise UnknownOutcomeError("Nobody can tell whether it was recorded.")

    slow = Slow(lost)
    monkeypatch.setattr(promote, "promote", slow)
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await confirm(pilot)
            await until(pilot, slow.began.is_set)
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, ModelScreen))
            slow.may.set()
            await until(pilot, lambda: "Nobody can tell" in toasts(app))
            assert not isinstance(app.screen, CardScreen)


async def test_what_takes_long_is_a_job_that_says_whether_it_can_be_stopped(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A promotion under way stands in Activity and cannot be stopped halfway; it ends there."""
    slow = Slow(promote.promote)
    monkeypatch.setattr(promote, "promote", slow)
    monkeypatch.setattr("workbench.tui.errand.JOB_S", 0.0)
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await confirm(pilot)
            await until(pilot, lambda: any("Promote" in job.title for job in session.jobs.lines()))
            app.push_screen(ActivityScreen(session))
            await until(pilot, lambda: isinstance(app.screen, ActivityScreen))
            await shows(pilot, "▶ running")
            app.screen.go_to("jobs")
            await pilot.press("D")
            await until(pilot, lambda: "cannot be stopped halfway" in toasts(app))
            slow.may.set()
            await until(pilot, lambda: session.jobs.lines()[0].state == "done")
            await until(pilot, lambda: "churn@3 holds staging." in toasts(app))


async def test_a_check_that_takes_long_can_be_cancelled_in_activity(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of a cancelled question opens nothing."""
    slow = Slow(gate.gate)
    monkeypatch.setattr(gate, "gate", slow)
    monkeypatch.setattr("workbench.tui.errand.JOB_S", 0.0)
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await until(pilot, session.jobs.lines)
            session.jobs.cancel(session.jobs.lines()[0].id)
            await until(pilot, lambda: session.jobs.lines()[0].state == "cancelled")
            slow.may.set()
            await until(pilot, lambda: not app.workers._workers)
            assert isinstance(app.screen, ModelScreen)


async def test_the_history_of_all_models_never_stands_under_one_model(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """H twice: what was read of all models comes last, and is not shown."""
    real = history_screen.tell_history
    slow = Slow(real)

    def tell(session: Session, model: str, at: str) -> Any:
        return real(session, model, at) if model else slow(session, model, at)

    monkeypatch.setattr(history_screen, "tell_history", tell)
    with opened(team) as session:
        app = Stage(session, lambda: HistoryScreen(session, "churn"))
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: app.screen.told)
            before = app.screen.told
            await pilot.press("H")
            await until(pilot, slow.began.is_set)
            await pilot.press("H")
            await until(pilot, lambda: app.screen.told is not before)
            slow.may.set()
            await until(pilot, lambda: not app.workers._workers)
            assert {line.model for line in app.screen.told.lines} == {"churn"}


@pytest.mark.parametrize("gap", range(6))
async def test_what_is_typed_in_one_go_confirms(team: Path, gap: int) -> None:
    """Reason, Enter, Tab and Enter may come together, as from a slow line; none overtakes."""
    with opened(team) as session:
        app = program(session)
        async with app.run_test(size=WIDE) as pilot:
            await card(pilot)
            await until(pilot, lambda: isinstance(app.screen, CardScreen))
            for key, character in (*zip("go", "go", strict=True), *ENTER_TAB_ENTER):
                app.post_message(Key(key, character))
                for _ in range(gap):
                    await asyncio.sleep(0)
            await until(pilot, lambda: state(session, "churn").stage("staging").holder == 3)
