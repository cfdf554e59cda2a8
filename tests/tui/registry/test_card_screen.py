"""The card: what it shows, when its button is dead, and that only Tab, then Enter, says yes."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from tests.tui.looking import lines_with, screen_text, until
from tests.tui.registry.building import ODD, workspace
from tests.tui.stage import Stage, opened
from workbench.operations.registry import rollback
from workbench.operations.registry.card import Card
from workbench.operations.registry.gate import gate
from workbench.operations.session import Session
from workbench.tui.registry.card_screen import CardScreen, Signed

NARROW, WIDE = (80, 24), (160, 50)


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """Make a workspace with three models."""
    return workspace(tmp_path)


def stage_of(session: Session, card: Card, **said: object) -> Stage:
    """Return a program that shows one card."""
    return Stage(session, lambda: CardScreen(card, session.clock.now(), "ana", **said))  # type: ignore[arg-type]


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_reason_and_buttons_are_always_in_sight(team: Path, size: tuple[int, int]) -> None:
    """However many facts there are, the reason and both buttons are on the screen."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 4, "production"))
        async with app.run_test(size=size) as pilot:
            text = await shows(pilot, "Promote churn@4 to production?")
            assert "v2  →  v4" in text
            assert "reason:" in text
            assert lines_with(text, "Cancel")
            assert "✗ 2 fails" in text
            await pilot.press("pagedown", "pagedown", "pagedown")
            text = await shows(pilot, "Waits for")
            assert "reason:" in text
            assert lines_with(text, "Cancel")


async def test_a_check_that_fails_needs_its_own_reason(team: Path) -> None:
    """The button is dead and says what to do until every check is answered for."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 4, "production"))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "2 checks do not pass")
            button = app.screen.query_one("#do", Button)
            assert button.disabled
            await pilot.press("shift+tab", *"agreed by phone")
            await shows(pilot, "1 check does not pass")
            assert button.disabled
            await pilot.press("shift+tab", *"read it", "enter", "enter")
            await shows(pilot, "2 checks overridden; this is shown for ever after.")
            assert not button.disabled
            await pilot.press(*"a week is over", "enter")
            assert app.screen.focused is app.screen.query_one("#cancel")
            await pilot.press("tab", "enter")
            await until(pilot, lambda: app.answer != "nothing yet")
            assert app.answer == Signed(
                "a week is over",
                {"model card read": "read it", "second pair of eyes": "agreed by phone"},
            )


async def test_enter_alone_never_confirms(team: Path) -> None:
    """Enter in the reason goes to Cancel, and Enter there changes nothing."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 3, "staging"))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Promote churn@3 to staging?")
            await pilot.press(*"why not", "enter", "enter")
            await until(pilot, lambda: app.answer != "nothing yet")
            assert app.answer is None


async def test_without_a_reason_nothing_is_confirmed(team: Path) -> None:
    """An empty reason is asked for once more."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 3, "staging"))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Promote churn@3 to staging?")
            await pilot.press("enter", "tab", "enter")
            await shows(pilot, "A reason is needed.")
            await until(pilot, lambda: isinstance(app.screen.focused, Input))
            assert app.answer == "nothing yet"


async def test_what_cannot_be_done_cannot_be_overridden(team: Path) -> None:
    """A frozen stage is an objection: the button stays dead and the card says why."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "fraud", 1, "production"))
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "It cannot be done now")
            assert lines_with(text, "frozen")
            assert lines_with(text, "retired")
            assert app.screen.query_one("#do", Button).disabled


async def test_a_roll_back_names_what_it_restores_and_offers_others(team: Path) -> None:
    """The default is the latest former holder that was never rolled away; no check is asked."""
    with opened(team) as session:
        card = rollback.card(session, "churn", "production")
        app = stage_of(session, card)
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Roll production of churn back to v1?")
            assert "no checks are asked of a roll back" in text
            assert not app.screen.query_one("#do", Button).disabled
            await pilot.press("enter", "shift+tab", "enter")
            await until(pilot, lambda: app.answer != "nothing yet")
            assert isinstance(app.answer, Signed)
            assert app.answer.other


async def test_where_nobody_held_it_before_the_card_empties_the_stage(team: Path) -> None:
    """A stage with one holder ever is offered to be emptied."""
    with opened(team) as session:
        app = stage_of(session, rollback.card(session, "fraud", "production"))
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Empty production of fraud?")
            assert "v2  →  empty" in text
            assert "Empty it" in text


async def test_whoever_was_overtaken_sees_why_and_keeps_what_they_wrote(team: Path) -> None:
    """Shown again, the card says first what changed, and holds reason and overrides."""
    with opened(team) as session:
        card = gate(session, "churn", 4, "production")
        signed = Signed("a week is over", {"model card read": "read it"})
        news = f"bob put v3 in production 4 s ago, because {ODD}"
        app = stage_of(session, card, news=news, signed=signed)
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "! bob put v3 in production 4 s ago")
            assert "reason: a week is over" in text
            assert "1 check does not pass" in text
            assert all(line.isprintable() for line in text.splitlines())


async def test_looking_confirms_nothing(team: Path) -> None:
    """A card for looking has the checks and a button that closes it."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 4, "production"), look_only=True)
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Would churn@4 pass for production?")
            assert "would not be promoted without an override" in text
            assert not app.screen.query("#reason, #do")
            await pilot.press("enter")
            await until(pilot, lambda: app.answer != "nothing yet")
            assert app.answer is None


async def test_a_card_that_asks_somebody_else(team: Path) -> None:
    """With failing approvals the request itself is a button away, without any override."""
    with opened(team) as session:
        card = gate(session, "churn", 4, "production")
        app = stage_of(session, card)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Ask for it")
            await pilot.press(*"please look", "enter", "shift+tab", "enter")
            await until(pilot, lambda: app.answer != "nothing yet")
            assert app.answer == Signed("please look", {}, ask=True)
