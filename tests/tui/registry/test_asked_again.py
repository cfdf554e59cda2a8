"""Whoever is refused is asked again: with why, as things are now, and with all they wrote."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.looking import screen_text, until
from tests.tui.registry.building import SETTINGS, workspace
from tests.tui.registry.showing import NARROW, OPEN_STAGE, Refusing, on, page, shows
from workbench.errors import NotAllowedError, UnknownOutcomeError
from workbench.operations.registry import describing, freezing, promote, requests, rollback
from workbench.operations.registry.gate import gate
from workbench.operations.registry.opening_journal import state
from workbench.operations.session import open_session
from workbench.tui.registry.card_screen import CardScreen

GONE = NotAllowedError("The drive went away.")


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models."""
    return workspace(tmp_path)


async def ready(pilot: Pilot[None], pane: str = "versions") -> None:
    """Wait for the page, and go to one of its lists."""
    await shows(pilot, "v4", "a week is over")
    pilot.app.screen.query_one(f"#{pane}-list").focus()
    await until(pilot, lambda: pilot.app.focused and pilot.app.focused.id == f"{pane}-list")


def written(pilot: Pilot[None]) -> str:
    """Return the reason as it stands in the dialog."""
    return str(pilot.app.screen.query_one("#reason", Input).value)


async def test_an_approval_is_bound_to_what_was_shown(team: Path) -> None:
    """Another champion and other rules meanwhile: asked again, with both named, then recorded."""
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot, "requests")
            await pilot.press("enter", *"approve", "enter")
            await shows(pilot, "holding v2")
            with open_session(team, in_memory=True) as other:
                card = gate(other, "churn", 1, "production")
                why = {one.check.name: "an older one" for one in card.in_the_way}
                promote.promote(other, card, "back to the roots", why)
            (team / "workbench.toml").write_text(SETTINGS.replace("0.85", "0.8"), "utf-8")
            await pilot.press(*"fine", "enter", "tab", "enter")
            await shows(pilot, "back to the roots", "was changed in workbench.toml", "holding v1")
            assert written(pilot) == "fine"
            assert not state(session, "churn").approvals
            await pilot.press("enter", "tab", "enter")
            await until(pilot, lambda: state(session, "churn").approvals)
            assert state(session, "churn").approvals[-1].details["champion"] == 1


async def test_the_reason_of_a_freeze_is_kept(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused freeze shows its question again with the reason, and the next try records it."""
    monkeypatch.setattr(freezing, "freeze", Refusing(freezing.freeze, GONE))
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot, "stages")
            await pilot.press("F", *"7d", "enter")
            await shows(pilot, "Freeze staging of churn?")
            await pilot.press(*"audit", "enter", "tab", "enter")
            await shows(pilot, "! The drive went away.", "Freeze staging of churn?")
            assert written(pilot) == "audit"
            await pilot.press("enter", "tab", "enter")
            await until(pilot, lambda: state(session, "churn").stage("staging").freeze)


async def test_a_description_is_kept(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused description comes back in its box, whole."""
    monkeypatch.setattr(describing, "describe", Refusing(describing.describe, GONE))
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot)
            await pilot.press("E", "enter")
            await shows(pilot, "Description of churn@4")
            await pilot.press(*" by ana", "ctrl+s")
            await shows(pilot, "! The drive went away.", "more data, calibrated by ana")
            await pilot.press("ctrl+s")
            await until(
                pilot, lambda: state(session, "churn").versions[4].description.endswith("by ana")
            )


async def test_tags_are_kept(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused tags come back on their line."""
    monkeypatch.setattr(describing, "describe", Refusing(describing.describe, GONE))
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot)
            await pilot.press("E", "down", "enter", *"team=risk", "enter")
            await shows(pilot, "! The drive went away.", "team=risk")
            await pilot.press("enter")
            await until(pilot, lambda: state(session, "churn").versions[4].tags.get("team"))


async def test_the_reason_of_a_request_is_kept(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking somebody else, refused, comes back to the card with the reason."""
    monkeypatch.setattr(requests, "request", Refusing(requests.request, GONE))
    with page(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot, "requests")
            await pilot.press("p")
            await on(pilot, CardScreen)
            await pilot.press(*"please look", "enter")
            app.screen.query_one("#ask").press()
            await shows(pilot, "! The drive went away.")
            assert written(pilot) == "please look"
            app.screen.query_one("#ask").press()
            asked = ("please look",)
            await until(
                pilot,
                lambda: asked == tuple(
                    one.event.reason for one in state(session, "churn").requests[1:]
                ),
            )  # fmt: skip


async def test_whoever_chooses_no_other_version_is_back_at_the_card(team: Path) -> None:
    """Other, then Esc: the card of the roll back is there again with its reason."""
    with page(team, OPEN_STAGE) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot, "stages")
            await pilot.press("down", "R")
            await shows(pilot, "Roll production of churn back to v1?")
            await pilot.press(*"misses half")
            app.screen.query_one("#other").press()
            await shows(pilot, "Give production back to which version?")
            await pilot.press("escape")
            await shows(pilot, "Roll production of churn back to v1?")
            assert written(pilot) == "misses half"


async def test_what_nobody_can_tell_is_said_again_word_for_word(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer never came: the same card with the same reason, and it is recorded once."""
    lost = UnknownOutcomeError("Nobody can tell whether it was recorded; say it again.")
    monkeypatch.setattr(rollback, "roll_back", Refusing(rollback.roll_back, lost))
    with page(team, OPEN_STAGE) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await ready(pilot, "stages")
            await pilot.press("down", "R")
            await shows(pilot, "Roll production of churn back to v1?")
            await pilot.press(*"misses half", "enter", "tab", "enter")
            await shows(pilot, "Nobody can tell", "Roll production of churn back to v1?")
            assert "v2  →  v1" in screen_text(app)
            assert written(pilot) == "misses half"
            await pilot.press("enter", "tab", "enter")
            await until(pilot, lambda: state(session, "churn").stage("production").holder == 1)
