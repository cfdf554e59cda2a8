"""What a key is about: where the cursor stands in the focused list, when the key is pressed."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.looking import screen_text, toasts, until
from tests.tui.registry.building import workspace
from tests.tui.registry.showing import NARROW, Held, page, shown, shows
from tests.tui.stage import Stage
from workbench.tui.key import needs_version_here
from workbench.tui.keys import BY_ID
from workbench.tui.registry import acting
from workbench.tui.registry.lineage_screen import LineageScreen
from workbench.tui.registry.model_screen import ModelScreen
from workbench.tui.widgets.confirm import ConfirmScreen


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models."""
    return workspace(tmp_path)


def screen_of(app: Stage) -> ModelScreen:
    """Return the page."""
    assert isinstance(app.screen, ModelScreen)
    return app.screen


async def focus(pilot: Pilot[None], name: str) -> None:
    """Go to one of the page's lists."""
    await shows(pilot, "v4", "a week is over")
    pilot.app.screen.query_one(f"#{name}-list").focus()
    await until(pilot, lambda: pilot.app.focused and pilot.app.focused.id == f"{name}-list")


async def test_enter_on_a_request_approves_the_version_it_asks_for(team: Path) -> None:
    """Whatever the list of versions stands on, what is signed is what is asked for."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "versions")
            await pilot.press("down")
            await until(pilot, lambda: screen_of(app).target().version == 3)
            await focus(pilot, "requests")
            await pilot.press("enter")
            text = await shows(pilot, "Approve v4 for production")
            assert "v3 for" not in text
            assert "for staging" not in text


async def test_what_is_pressed_on_a_request_is_about_its_version_and_stage(team: Path) -> None:
    """P takes the version asked for to the stage asked for, and offers nothing else."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "versions")
            await pilot.press("down")
            await focus(pilot, "requests")
            await pilot.press("p")
            await shows(pilot, "Promote churn@4 to production?")


async def test_the_cursor_may_go_on_while_the_model_is_read(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D on v1 retires v1, though the cursor was on v2 by the time the model had been read."""
    held = Held(acting.load_model)
    monkeypatch.setattr(acting, "load_model", held)
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "versions")
            await pilot.press("G")
            await until(pilot, lambda: screen_of(app).target().version == 1)
            await pilot.press("D")
            await until(pilot, held.asked.is_set)
            await pilot.press("up")
            await until(pilot, lambda: screen_of(app).target().version == 2)
            held.let_go()
            await shows(pilot, "Retire churn@1?")


async def test_the_focus_may_go_on_while_the_model_is_read(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F on production freezes production, though the focus was on versions by then."""
    held = Held(acting.load_model)
    monkeypatch.setattr(acting, "load_model", held)
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "stages")
            await pilot.press("down", "F")
            await until(pilot, held.asked.is_set)
            app.screen.query_one("#versions-list").focus()
            await until(pilot, lambda: screen_of(app).target().version == 4)
            held.let_go()
            await shows(pilot, "Freeze production of churn until when?")


async def test_on_a_stage_keys_about_versions_say_so(team: Path) -> None:
    """With the cursor on a stage nothing is retired, described, traced or compared."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "stages")
            await until(pilot, lambda: "d Diff" not in screen_text(app).splitlines()[-1])
            for key in ("D", "E", "T", "d"):
                app.clear_notifications()
                await pilot.press(key)
                await until(pilot, lambda: "There is no version under the cursor" in toasts(app))
                assert isinstance(app.screen, ModelScreen)
            await focus(pilot, "versions")
            await until(pilot, lambda: "d Diff" in screen_text(app).splitlines()[-1])


async def test_two_marks_are_compared_wherever_the_cursor_is(team: Path) -> None:
    """Marked versions need no version under the cursor."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "versions")
            await pilot.press("space", "down", "space")
            await focus(pilot, "stages")
            assert BY_ID["version-diff"].why_not(app.screen.key_context()) is None
            assert needs_version_here(app.screen.key_context())
            await pilot.press("d")
            await shows(pilot, "v4 → v2")


async def test_a_request_is_traced_and_copied_as_its_version(team: Path) -> None:
    """T and y on a request are about the version asked for, not the stage it does not hold yet."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "versions")
            await pilot.press("down")
            await focus(pilot, "requests")
            await pilot.press("y")
            assert app.clipboard == "models:/churn@staging"
            await pilot.press("T")
            await until(pilot, lambda: isinstance(app.screen, LineageScreen))
            await shows(pilot, "of v4")


async def test_a_request_is_withdrawn_by_whom_it_is_from(team: Path) -> None:
    """D on a request asks whether it is withdrawn, and refuses others."""
    with page(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await focus(pilot, "requests")
            await pilot.press("D")
            await until(pilot, lambda: isinstance(app.screen, ConfirmScreen))
            await shows(pilot, "Withdraw the request for churn@4 in production?", "not you")


async def test_with_one_stage_to_compare_to_the_key_says_which(team: Path) -> None:
    """Where b has nothing to choose it tells what versions are compared to."""
    with shown(team, lambda session: ModelScreen(session, "fraud")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "against = v2 in production")
            await pilot.press("b")
            await until(pilot, lambda: "Versions are compared to v2 in production" in toasts(app))
