"""Dialogs: what they ask, and what an answer takes."""

import pytest

from tests.tui.gallery import Gallery
from tests.tui.looking import lines_with, screen_text, until
from workbench.errors import NotFoundError
from workbench.tui.themes import COLORLESS
from workbench.tui.toast import error_text
from workbench.tui.widgets.choose import Choice, ChooseScreen, matching
from workbench.tui.widgets.confirm import ConfirmScreen, Consent, Question
from workbench.tui.widgets.prompt import NoteScreen, PromptScreen

QUESTION = Question(
    title="Archive [3 runs]",
    was="shown in all tables",
    becomes="archived",
    do="Archive",
    holds=("None of them is running.",),
    notes=("Bring them back with D in the view of archived runs.",),
    reason=True,
)


async def asked(app, pilot, screen):
    """Push a dialog and return the list its answer goes into."""
    await until(pilot, lambda: app.gallery.table.cursor_row is not None)
    answers: list[object] = []
    app.push_screen(screen, answers.append)
    await until(pilot, lambda: app.screen is screen)
    return answers


async def test_enter_alone_never_confirms():
    """Enter in the reason goes to Cancel; Tab, then Enter, confirms with the reason."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ConfirmScreen(QUESTION))
        text = screen_text(app)
        assert "Archive [3 runs]" in text
        assert "shown in all tables  →  archived" in text
        assert lines_with(text, "✓ None of them is running.")
        assert lines_with(text, "Cancel")
        await pilot.press(*"too old", "enter")
        assert app.screen.focused.id == "cancel"
        assert answers == []
        await pilot.press("tab", "enter")
        await until(pilot, lambda: answers)
        assert answers == [Consent("too old")]


async def test_enter_twice_cancels():
    """Pressing Enter without looking changes nothing."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ConfirmScreen(QUESTION))
        await pilot.press("x", "enter", "enter")
        await until(pilot, lambda: answers)
        assert answers == [None]


async def test_a_reason_is_needed():
    """Without a reason the dialog stays."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ConfirmScreen(QUESTION))
        await pilot.press("enter", "tab", "enter")
        await until(pilot, lambda: app.screen.focused.id == "reason")
        assert answers == []


async def test_what_fails_kills_the_button():
    """With an objection the dialog can only be left."""
    question = Question("Archive", "a", "b", "Archive", fails=("It is running.",))
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ConfirmScreen(question))
        assert lines_with(screen_text(app), "✗ It is running.")
        assert app.screen.query_one("#do").disabled
        await pilot.press("tab", "enter")
        await until(pilot, lambda: answers)
        assert answers == [None]


async def test_an_objection_is_read_to_its_end_and_no_reason_is_asked_for():
    """A long sentence goes on in the next line; where nothing can be done nothing is typed."""
    why = "late-flights@3 holds production: promote another version or roll back to one before it."
    question = Question("Retire late-flights@3?", "a", "b", "Retire", fails=(why,), reason=True)
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ConfirmScreen(question))
        text = screen_text(app)
        assert lines_with(text, "✗ late-flights@3 holds production")
        assert lines_with(text, "one before it.")
        assert not app.screen.query("#reason")
        await pilot.press("enter")
        await until(pilot, lambda: answers == [None])


async def test_what_is_told_lies_over_no_button():
    """Over a dialog a notice stands at the top: reason and buttons stay in sight."""
    app = Gallery()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await asked(app, pilot, ConfirmScreen(QUESTION))
        for _ in range(3):
            app.notify("words " * 30, markup=False)
        await until(pilot, lambda: "words words" in screen_text(app))
        last = max(line for line, row in enumerate(screen_text(app).splitlines()) if "words" in row)
        assert app.screen.query_one("#do").region.y > last
        assert lines_with(screen_text(app), "Cancel")


async def test_a_dead_button_keeps_its_word_without_colours(monkeypatch):
    """With NO_COLOR a button that cannot be pressed is a word, without a frame over it."""
    monkeypatch.setenv("NO_COLOR", "1")
    question = Question("Archive", "a", "b", "Archive", fails=("It is running.",))
    app = Gallery()
    app.ansi_color, app.theme = True, COLORLESS
    async with app.run_test(size=(80, 24)) as pilot:
        await asked(app, pilot, ConfirmScreen(question))
        line = lines_with(screen_text(app), "Cancel")[0]
        assert "Archive" in line


async def test_letters_in_a_prompt_are_text():
    """q, ? and / are typed, not obeyed."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, PromptScreen("Name", "gbm", hint="a few words"))
        assert lines_with(screen_text(app), "a few words")
        await pilot.press(*"q?/1", "enter")
        await until(pilot, lambda: answers)
        assert answers == ["gbmq?/1"]


async def test_a_wrong_line_is_not_kept():
    """What is wrong is said while typing, and Enter does not take it."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        prompt = PromptScreen("Name", check=lambda t: None if t else "A name is needed.")
        answers = await asked(app, pilot, prompt)
        await pilot.press("a", "backspace", "enter")
        await until(pilot, lambda: lines_with(screen_text(app), "A name is needed."))
        assert answers == []
        await pilot.press("escape")
        await until(pilot, lambda: answers == [None])


async def test_a_note_has_several_lines():
    """Enter is a new line in a note, Ctrl+S keeps it, control characters never arrive."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, NoteScreen("Note", "first\x1b[2J"))
        assert "first␛[2J" in screen_text(app)
        await pilot.press("enter", *"second", "ctrl+s")
        await until(pilot, lambda: answers)
        assert answers == ["first␛[2J\nsecond"]


CHOICES = (
    Choice("none", "no groups", now=True),
    Choice("experiment", "experiment", "runs of one experiment together"),
    Choice("param:lr", "[b]lr[/]", "a param"),
)


async def test_choosing_by_a_few_letters():
    """Typing narrows, Enter takes; markup in a name is text."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ChooseScreen("Group by", CHOICES))
        assert "[b]lr[/]" in screen_text(app)
        assert f"{len(CHOICES)} of {len(CHOICES)} ·" in screen_text(app)
        await pilot.press(*"exper")
        await until(pilot, lambda: f"1 of {len(CHOICES)} ·" in screen_text(app))
        await until(pilot, lambda: "no groups" not in screen_text(app))
        await pilot.press("enter")
        await until(pilot, lambda: answers == ["experiment"])


async def test_choosing_by_arrows():
    """The highlight begins at what holds now and goes round."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ChooseScreen("Group by", CHOICES))
        await pilot.press("up", "enter")
        await until(pilot, lambda: answers == ["param:lr"])


async def test_a_choice_that_nothing_fits_says_so():
    """A list is never an empty box; Enter takes nothing, and what fits comes back."""
    app = Gallery()
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await asked(app, pilot, ChooseScreen("Group by", CHOICES))
        assert "Nothing fits." not in screen_text(app)
        await pilot.press("z", "enter")
        await until(pilot, lambda: lines_with(screen_text(app), "Nothing fits."))
        assert answers == []
        await pilot.press("backspace")
        await until(pilot, lambda: "no groups" in screen_text(app))
        assert "Nothing fits." not in screen_text(app)


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ["none", "experiment", "param:lr"]),
        ("LR", ["param:lr"]),
        ("one exp", ["experiment"]),
        ("zz", []),
    ],
)
def test_matching(typed, ids):
    """Every word typed must occur, in any order, in words or sentence."""
    assert [choice.id for choice in matching(CHOICES, typed)] == ids


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            NotFoundError("There is no run x\x1b.", hint="Look again."),
            "There is no run x␛. Look again.",
        ),
        (OSError("disk full"), "OSError: disk full"),
        (ValueError(), "ValueError: no further words"),
    ],
)
def test_error_text(error, text):
    """Our errors speak for themselves, others say what kind they are."""
    assert error_text(error) == text
