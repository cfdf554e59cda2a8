"""What colleagues did, and what waits for whoever looks: header, toast, Activity, palette."""

import asyncio
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.building import write_run
from tests.tui.looking import lines_with, screen_text, toasts, until
from tests.tui.registry.building import workspace
from tests.tui.stage import Stage, opened
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError
from workbench.operations.registry.gate import gate
from workbench.operations.registry.opening_journal import state
from workbench.operations.registry.promote import promote
from workbench.operations.registry.requests import request
from workbench.operations.session import Session, open_session
from workbench.tui.activity.screen import ActivityScreen
from workbench.tui.app import WorkbenchApp
from workbench.tui.registry.model_screen import ModelScreen
from workbench.tui.registry.news import Colleagues, News, named_models, news_lines, waiting
from workbench.tui.registry.screen import ModelsScreen
from workbench.tui.run.screen import RunScreen

NARROW, WIDE = (80, 24), (160, 50)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models."""
    return workspace(tmp_path)


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


async def test_the_header_counts_what_asks_for_me(team: Path) -> None:
    """Every screen says how many requests wait for whoever looks."""
    with open_session(team, in_memory=True) as session:
        app = WorkbenchApp(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1 asks you")
            await pilot.press("5")
            await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
            await shows(pilot, "churn", "1 asks you")


async def test_a_colleagues_promotion_is_told_with_name_and_reason(team: Path) -> None:
    """Another program promotes: the screen shows it by itself and says who and why, once."""
    with open_session(team, in_memory=True) as session:
        app = WorkbenchApp(session)
        async with app.run_test(size=NARROW) as pilot:
            await pilot.press("5")
            await shows(pilot, "churn", "fraud", "tips")
            with open_session(team, in_memory=True) as other:
                promote(other, gate(other, "churn", 3, "staging"), "a second look")
            await until(pilot, lambda: "a second look" in toasts(app))
            assert toasts(app).count("a second look") == 1
            await until(pilot, lambda: " v3 " in lines_with(screen_text(app), "churn")[-1])


def begun(session: Session) -> Colleagues:
    """Return what begins with everything there is now told."""
    colleagues = Colleagues(session)
    colleagues.begin()
    return colleagues


def test_nobody_is_told_of_their_own_promotion(team: Path) -> None:
    """What was done on this screen is said once, as done."""
    with opened(team) as session:
        colleagues = begun(session)
        promote(session, gate(session, "churn", 3, "staging"), "mine")
        session.sweep()
        assert colleagues.news(["churn"]) == News()


async def test_nobody_is_told_of_their_own_promotion_while_it_is_deployed(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event is seen before the copy is made, and is one's own all the same."""
    from workbench.operations.registry import promote as promoting

    began, may, real = Event(), Event(), promoting.deploy

    def slow(*args: Any, **kwargs: Any) -> Any:
        began.set()
        may.wait(30)
        return real(*args, **kwargs)

    monkeypatch.setattr(promoting, "deploy", slow)
    with opened(team) as session:
        colleagues = begun(session)
        card = gate(session, "churn", 3, "staging")
        done = asyncio.create_task(asyncio.to_thread(promote, session, card, "mine"))
        await asyncio.to_thread(began.wait, 30)
        session.sweep()
        assert state(session, "churn").stage("staging").holder == 3
        assert colleagues.news(["churn"]) == News()
        may.set()
        await done


def test_news_are_told_once(team: Path) -> None:
    """A change of a stage is news the first time it is asked for."""
    with opened(team) as session, opened(team) as other:
        colleagues = begun(session)
        promote(other, gate(other, "churn", 3, "staging"), "theirs")
        session.sweep()
        first = colleagues.news(["churn", "fraud"])
        assert [line.why for line in first.lines] == ["theirs"]
        assert colleagues.news(["churn", "fraud"]) == News()


def test_a_colleague_whose_clock_is_behind_is_announced(team: Path) -> None:
    """What is new follows what was there, whatever time its author had."""
    with opened(team) as session, opened(team) as other:
        colleagues = begun(session)
        other.clock = FixedClock(other.clock.now() - 3600)
        promote(other, gate(other, "churn", 1, "staging"), "an hour behind")
        session.sweep()
        assert [line.why for line in colleagues.news(["churn"]).lines] == ["an hour behind"]


def test_what_was_there_before_is_no_news(team: Path) -> None:
    """The first look at a workspace tells nothing; what comes after it is told."""
    with open_session(team, in_memory=True) as session, opened(team) as other:
        colleagues = begun(session)
        models = session.sweep().models
        assert colleagues.news(models, silent=True) == News()
        assert colleagues.news(models) == News()
        promote(other, gate(other, "churn", 3, "staging"), "theirs")
        session.sweep()
        assert [line.why for line in colleagues.news(models).lines] == ["theirs"]


def test_many_changes_are_counted_where_they_are_not_told(team: Path) -> None:
    """The newest are told one by one; how many there were before is said."""
    with opened(team) as session, opened(team) as other:
        colleagues = begun(session)
        for version in (1, 3, 1, 3, 1, 3, 1):
            promote(other, gate(other, "churn", version, "staging"), f"try {version}")
        session.sweep()
        lines = news_lines(colleagues.news(["churn"]))
        assert len(lines) == 6
        assert lines[-1] == "And 2 more changes of stages: 6 shows them."


async def test_news_are_told_though_pointers_cannot_be_mended(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repair that fails is said beside the news, which does not wait for it."""

    def fails(*_: object) -> None:
        raise NotAllowedError("The drive went away.")

    monkeypatch.setattr("workbench.tui.app.repaired", fails)
    with open_session(team, in_memory=True) as session:
        app = WorkbenchApp(session)
        async with app.run_test(size=NARROW) as pilot:
            await pilot.press("5")
            await shows(pilot, "churn", "fraud", "tips")
            with open_session(team, in_memory=True) as other:
                promote(other, gate(other, "churn", 3, "staging"), "a second look")
            await until(pilot, lambda: "a second look" in toasts(app))
            await until(pilot, lambda: "drive went away" in toasts(app))


def test_what_waits_is_what_this_person_can_give(team: Path) -> None:
    """The request that needs my tick waits for me; my own would not."""
    with opened(team) as session:
        assert [each.model for each in waiting(session)] == ["churn"]


def test_models_are_found_by_their_letters(team: Path) -> None:
    """Letters in order are enough, whatever the case."""
    with opened(team) as session:
        assert named_models(session, "CHN") == ("churn",)
        assert named_models(session, "") == ("churn", "fraud", "tips")
        assert named_models(session, "nhc") == ()


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_requests_stand_in_activity(team: Path, size: tuple[int, int]) -> None:
    """What is asked for says for whom it waits and what it needs; A approves, Enter goes there."""
    with opened(team) as session:
        app = Stage(session, lambda: ActivityScreen(session))
        async with app.run_test(size=size) as pilot:
            await shows(pilot, "Requests")
            await until(pilot, lambda: app.screen._table("requests").entries)
            app.screen.go_to("requests")
            await shows(pilot, "churn@4 → production", "you")
            await pilot.press("z")
            await shows(pilot, "tick: mo")
            await pilot.press("z")
            await pilot.press("A")
            await shows(pilot, "Approve or tick, for churn")
            await pilot.press("escape", "enter")
            await until(pilot, lambda: isinstance(app.screen, ModelScreen))


async def test_a_request_is_withdrawn_from_activity_by_who_asked(team: Path) -> None:
    """D on a request says why others cannot, and takes back one's own."""
    with opened(team) as session:
        request(session, "churn", 1, "staging", "once more")
        session.sweep()
        app = Stage(session, lambda: ActivityScreen(session))
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: len(app.screen._table("requests").entries) == 2)
            app.screen.go_to("requests")
            app.screen._table("requests").move_to(0)
            await pilot.press("D")
            await shows(pilot, "Withdraw the request for churn@4", "carla@lab")
            assert not app.screen.query("#reason")
            await pilot.press("escape")
            app.screen._table("requests").move_to(1)
            await pilot.press("D")
            await shows(pilot, "Withdraw the request for churn@1")
            await pilot.press(*"no need", "enter", "tab", "enter")
            await until(pilot, lambda: "Nobody is asked for churn@1" in toasts(app))


async def test_a_promotion_in_the_journal_leads_to_its_model(team: Path) -> None:
    """Enter on what happened to a model opens the model."""
    with opened(team) as session:
        app = Stage(session, lambda: ActivityScreen(session))
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: app.screen._table("journal").entries)
            app.screen.go_to("journal")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ModelScreen))
            assert app.screen.model == "fraud"


async def test_a_run_is_registered_from_its_page(team: Path) -> None:
    """The key asks for the model and registers the one artifact that looks like one."""
    built = write_run(team, number=9, name="gbm-9", artifacts={"model.joblib": b"bytes" * 50})
    with opened(team) as session:
        number = next(iter(session.catalogue.cursor().execute(
            "SELECT run FROM runs WHERE run_id = ?", [built.run_id]).fetchone() or ()))  # fmt: skip
        app = Stage(session, lambda: RunScreen(session, number))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "gbm-9")
            await pilot.press("a")
            await shows(pilot, "A version of which model?", "Another name")
            await pilot.press(*"churn", "enter")
            await until(pilot, lambda: 5 in state(session, "churn").versions)
            details = state(session, "churn").versions[5].event.details
            assert details["rung"] == "code"
            assert details["run"]["id"] == built.run_id


async def test_files_are_registered_from_the_models_screen(team: Path) -> None:
    """A path is registered under a new name; a name that cannot be is refused as it is typed."""
    (team / "weights.bin").write_bytes(b"w" * 100)
    with opened(team) as session:
        app = Stage(session, lambda: ModelsScreen(session))
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "tips")
            await pilot.press("a")
            app.screen.query_one("#line").value = str(team / "weights.bin")
            await pilot.press("enter")
            await shows(pilot, "Another name")
            await pilot.press(*"another", "enter")
            await shows(pilot, "Name of the model")
            await pilot.press(*"No Name")
            await shows(pilot, "cannot be called")
            await pilot.press(*["backspace"] * 7, *"ranker", "enter")
            await until(pilot, lambda: "Registered ranker@1" in toasts(app))
            await shows(pilot, "4 models")
