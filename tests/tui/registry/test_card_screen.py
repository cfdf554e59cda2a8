"""The card: what it shows, when its button is dead, and that only Tab, then Enter, says yes."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input

from tests.tui.looking import lines_with, screen_text, until
from tests.tui.registry.building import ODD, workspace
from tests.tui.stage import Stage, opened
from workbench.operations.registry import rollback
from workbench.operations.registry.card import Card, Delta
from workbench.operations.registry.gate import gate
from workbench.operations.registry.promote import promote
from workbench.operations.session import Session, open_session
from workbench.tui.registry.card_lines import delta_lines
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


async def test_what_was_written_on_a_card_that_is_left_is_there_again(team: Path) -> None:
    """Enter twice leaves the card; opened again it holds reason and overrides, and says so."""
    with opened(team) as session:
        card = gate(session, "churn", 4, "production")
        app = stage_of(session, card)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "2 checks do not pass")
            await pilot.press("shift+tab", *"by phone", "tab", *"a week is over", "enter", "enter")
            await until(pilot, lambda: app.answer is None)
            app.push_screen(CardScreen(card, session.clock.now(), "ana"), app.keep)
            text = await shows(pilot, "reason: a week is over", "was kept")
            assert "1 check does not pass" in text
            await pilot.press("escape")
            other = CardScreen(gate(session, "churn", 3, "staging"), session.clock.now(), "ana")
            app.push_screen(other, app.keep)
            text = await shows(pilot, "Promote churn@3 to staging?")
            assert "a week is over" not in text


async def test_a_card_that_a_colleague_made_out_of_date_says_so(team: Path) -> None:
    """What somebody did to the stage meanwhile is said by itself; the card is made anew first."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 3, "staging"))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Promote churn@3 to staging?")
            await pilot.press(*"why not")
            with open_session(team, in_memory=True) as other:
                promote(other, gate(other, "churn", 2, "staging"), "the old one is better")
            app.watch_again()
            text = await shows(pilot, "! ana put v2 in staging", "Look again")
            assert "because the old one is better" in text
            await pilot.press("enter", "tab", "enter")
            await until(pilot, lambda: app.answer != "nothing yet")
            assert app.answer == Signed("why not", {}, again=True)


async def test_what_fails_and_its_override_come_before_the_metrics(team: Path) -> None:
    """At the smallest size the lines to write in are on the screen when the card opens."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 4, "production"))
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Promote churn@4 to production?")
            assert len(lines_with(text, "override:")) == 2
            await pilot.press("pagedown")
            await shows(pilot, "val/auc", "Not in the way")


async def test_an_empty_stage_has_no_column_of_dashes(team: Path) -> None:
    """Where nothing is replaced there is one column of values."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "tips", 1, "staging"))
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "Nothing is replaced")
    deltas = (Delta("val/auc", None, 0.9, None, "max"),)
    text = ["".join(cell.text for cell in line) for line in delta_lines(deltas, None, 4)]
    assert text == ["metric         v4", "val/auc       0.9"]


async def test_a_reason_that_is_written_is_not_asked_for(team: Path) -> None:
    """The advice names the keys alone once there is a reason."""
    with opened(team) as session:
        app = stage_of(session, gate(session, "churn", 3, "staging"))
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "A reason is needed. ↵ ⇥ ↵")
            await pilot.press("x")
            await until(pilot, lambda: "A reason is needed" not in screen_text(app))
            await pilot.press("backspace")
            await shows(pilot, "A reason is needed. ↵ ⇥ ↵")


def test_every_metric_can_be_scrolled_to() -> None:
    """However many metrics there are, none is only counted."""
    deltas = [Delta(f"metric-{n}", 0.1, 0.2, None) for n in range(40)]
    assert len(delta_lines(deltas, 1, 2)) == 41
