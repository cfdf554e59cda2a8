"""A model's page: versions against the champion, and every act that starts from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.looking import lines_with, screen_text, toasts, until
from tests.tui.registry.building import SETTINGS, workspace
from tests.tui.stage import Stage, opened
from workbench.operations.registry.gate import gate
from workbench.operations.registry.opening_journal import state
from workbench.operations.registry.promote import promote
from workbench.operations.session import Session, open_session
from workbench.registry.state import State
from workbench.tui.registry.card_screen import CardScreen
from workbench.tui.registry.diff_screen import DiffScreen
from workbench.tui.registry.history_screen import HistoryScreen, tell_history, untold_entries
from workbench.tui.registry.lineage_screen import LineageScreen
from workbench.tui.registry.model_screen import ModelScreen
from workbench.tui.run.screen import RunScreen

NARROW, WIDE = (80, 24), (160, 50)
OPEN_STAGE = "[user]\nname = 'ana'\n[stages.staging]\n[stages.production]\n"


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models."""
    return workspace(tmp_path)


@contextmanager
def page(team: Path, settings: str = SETTINGS) -> Iterator[tuple[Stage, Session]]:
    """Give a program that shows the page of churn."""
    (team / "workbench.toml").write_text(settings, "utf-8")
    with opened(team) as session:
        yield Stage(session, lambda: ModelScreen(session, "churn")), session


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


async def on(pilot: Pilot[None], kind: type) -> None:
    """Wait until a screen of some kind is in front."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind))


async def until_state(pilot: Pilot[None], session: Session, true: object) -> State:
    """Wait until the journal of churn says something."""
    await until(pilot, lambda: true(state(session, "churn")))  # type: ignore[operator]
    return state(session, "churn")


async def test_versions_stand_against_the_champion_of_a_stage(team: Path) -> None:
    """Deltas are against what production holds, or what another stage holds after b."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "against = v2 in production")
            assert "0.9120 +0.028 better" in lines_with(text, " v4 ")[-2]
            assert "=production" in text
            assert "safe" not in text
            await pilot.press("b", *"stag", "enter")
            text = await shows(pilot, "against = v4 in staging")
            assert "-0.051 worse" in lines_with(text, " v1 ")[0]


async def test_everything_of_a_version_stands_beside_it(team: Path) -> None:
    """At 160x50 the version under the cursor says where it is from, its format and its past."""
    with page(team) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "gbm-4", "lightgbm.basic.Booster", "look at each")
            await pilot.press("down")
            text = await shows(pilot, "Loading it runs code", "skops refused: a lambda")
            assert "not worse than today did not pass, overridden" in text
            assert "rolled back by ana" in text
            assert all(line.isprintable() for line in text.splitlines())


async def test_a_promotion_from_the_page(team: Path) -> None:
    """The version under the cursor is put in the stage chosen, with the reason given."""
    with page(team, OPEN_STAGE) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("p")
            await shows(pilot, "Promote churn@4 to production?")
            await pilot.press(*"better", "enter", "tab", "enter")
            found = await until_state(
                pilot, session, lambda now: now.stage("production").holder == 4
            )
            assert found.events[-1].reason == "better"
            await shows(pilot, "against = v4 in production")


async def test_whoever_was_overtaken_is_told_and_may_go_on(team: Path) -> None:
    """Somebody promotes while the card is open: it comes again with their name and reason."""
    with page(team, OPEN_STAGE) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("p")
            await shows(pilot, "Promote churn@4 to production?")
            with open_session(team, in_memory=True) as other:
                promote(other, gate(other, "churn", 1, "production"), "older is better")
            await pilot.press(*"mine", "enter", "tab", "enter")
            text = await shows(pilot, "older is better", "reason: mine")
            assert "v1  →  v4" in text
            assert state(session, "churn").stage("production").holder == 1
            await pilot.press("enter", "tab", "enter")
            await until_state(pilot, session, lambda now: now.stage("production").holder == 4)


async def test_roll_back_twice_never_restores_the_bad_one(team: Path) -> None:
    """R on the stage gives it to v1; once more there is nobody, and it is emptied."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("shift+tab", "shift+tab", "down", "R")
            await shows(pilot, "Roll production of churn back to v1?")
            await pilot.press(*"bad", "enter", "tab", "enter")
            await until_state(pilot, session, lambda now: now.stage("production").holder == 1)
            await shows(pilot, "against = v1 in production")
            await pilot.press("R")
            await shows(pilot, "Empty production of churn?")
            await pilot.press(*"worse", "enter", "tab", "enter")
            await until_state(
                pilot, session, lambda now: now.stage("production").holding.version is None
            )


async def test_a_stage_is_frozen_and_thawed(team: Path) -> None:
    """F asks for an end and a reason; a frozen stage says so, and F thaws it."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("shift+tab", "shift+tab", "down", "F", *"7d", "enter")
            await shows(pilot, "Freeze production of churn?")
            await pilot.press(*"audit", "enter", "tab", "enter")
            await shows(pilot, "v2  ✻ frozen")
            await pilot.press("F")
            await shows(pilot, "Thaw production of churn?")
            await pilot.press(*"over", "enter", "tab", "enter")
            await until_state(pilot, session, lambda now: now.stage("production").freeze is None)


async def test_an_item_is_ticked_by_whom_it_is_for(team: Path) -> None:
    """A offers what is asked for; a tick says whom it names and that this proves nothing."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("A", *"tick", "enter")
            text = await shows(pilot, "which is not authentication.")
            assert "You are ana" in text
            await pilot.press(*"read", "enter", "tab", "enter")
            found = await until_state(pilot, session, lambda now: now.ticks)
            assert found.ticks[-1].details["check"] == "model card read"


async def test_an_approval_that_is_worth_nothing_cannot_be_given(team: Path) -> None:
    """Who registered the version sees why their own approval does not count."""
    with page(team, SETTINGS.replace('name = "ana"', 'name = "carla@lab"')) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("A", *"approve", "enter")
            await shows(pilot, "somebody else has to approve it")
            await pilot.press(*"me", "enter", "tab", "enter")
            assert not state(session, "churn").approvals


async def test_a_version_is_retired_and_brought_back(team: Path) -> None:
    """D retires what holds nothing, and takes it out of retirement again."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("G", "D")
            await shows(pilot, "Retire churn@1?")
            await pilot.press(*"old", "enter", "tab", "enter")
            await shows(pilot, "■ retired")
            await pilot.press("D")
            await shows(pilot, "Bring back churn@1?")
            await pilot.press(*"no", "enter", "tab", "enter")
            await until_state(pilot, session, lambda now: now.versions[1].retired is None)


async def test_a_version_that_holds_a_stage_cannot_be_retired(team: Path) -> None:
    """The question says why, and its button is dead."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("D")
            text = await shows(pilot, "Retire churn@4?")
            assert lines_with(text, "✗")
            await pilot.press(*"old", "enter", "tab", "enter")
            assert state(session, "churn").versions[4].retired is None


async def test_description_and_tags_are_changed(team: Path) -> None:
    """E writes a description, and sets and takes away tags."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("E", "enter")
            await shows(pilot, "Description of churn@4")
            await pilot.press(*" again", "ctrl+s")
            await until_state(
                pilot, session, lambda now: now.versions[4].description.endswith("again")
            )
            await pilot.press("E", "down", "enter", *"team=risk", "enter")
            await until_state(
                pilot, session, lambda now: now.versions[4].tags.get("team") == "risk"
            )


async def test_other_pages_are_a_key_away(team: Path) -> None:
    """D compares with the champion, T traces, H tells, and Esc comes back every time."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            for key, kind, words in (
                ("d", DiffScreen, "+0.028"), ("T", LineageScreen, "this one"),
                ("H", HistoryScreen, "asked for v4"),
            ):  # fmt: skip
                await pilot.press(key)
                await on(pilot, kind)
                await shows(pilot, words)
                await pilot.press("escape")
                await on(pilot, ModelScreen)


async def test_two_marked_versions_are_compared(team: Path) -> None:
    """With two marks the first marked is what is compared against."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("space", "down", "down", "down", "space", "d")
            await shows(pilot, "v4 → v1", "-0.051")


async def test_enter_leads_to_the_version_and_then_to_its_run(team: Path) -> None:
    """Enter on a version opens its facts; Enter there opens the run it came from."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("enter")
            await shows(pilot, "opens the run")
            await pilot.press("enter")
            await on(pilot, RunScreen)
            await shows(pilot, "gbm-4")


async def test_the_snippet_names_stage_or_version(team: Path) -> None:
    """Y copies what a program asks for: by stage where the version holds one, else by number."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v4")
            await pilot.press("y")
            assert app.clipboard == "models:/churn@staging"
            await pilot.press("down", "y")
            assert app.clipboard == "models:/churn@3"


async def test_the_page_is_written_as_text(
    team: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key e writes everything known of the version into the current folder."""
    folder = tmp_path_factory.mktemp("here")
    monkeypatch.chdir(folder)
    with page(team) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "lightgbm.basic.Booster")
            await pilot.press("e")
            await until(pilot, lambda: list(folder.glob("churn-v4-*.txt")))
            text = next(folder.glob("churn-v4-*.txt")).read_text("utf-8")
            assert "lightgbm.basic.Booster" in text


async def test_what_consumers_do_not_see_yet_stays_visible(team: Path) -> None:
    """A folder that cannot be deployed to is a flag on its stage until it can."""
    (team / "in-the-way").write_text("a file where a folder should be", "utf-8")
    blocked = f"{OPEN_STAGE}deploy_to = '{(team / 'in-the-way').as_posix()}'\n"
    with page(team, blocked) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "v2  ◌ not deployed", "1 not deployed")
            await pilot.press("p")
            await on(pilot, CardScreen)
            await pilot.press(*"go", "enter", "tab", "enter")
            await until(pilot, lambda: "Recorded, not yet deployed" in toasts(app))
            await shows(pilot, "v4  ◌ not deployed")


async def test_at_a_date_the_history_says_what_was_held(team: Path) -> None:
    """The moment typed shows each stage as it was; one that has not come is refused at once."""
    with page(team) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "v4")
            await pilot.press("H")
            await shows(pilot, "asked for v4")
            await pilot.press("at", *"2999-01-01")
            await shows(pilot, "has not come yet")
            await pilot.press(*["backspace"] * 10, *"2026-11-17T05:20", "enter")
            await shows(pilot, "Esc shows all events", "v3")


def test_what_was_held_is_not_guessed_behind_an_event_that_cannot_be_read(team: Path) -> None:
    """The model stands there with the reason; the others with what they hold."""
    newest = max((team / "registry/churn/events").iterdir())
    newest.write_bytes(newest.read_bytes()[:99])
    with opened(team) as session:
        told = tell_history(session, "", "0d")
    assert {line.model for line in told.held}.isdisjoint({"churn"})
    (entry,) = untold_entries(told.untold)
    assert entry.cells[0].text == "churn"
    assert newest.name in entry.cells[-1].text
