"""Changing what people say of a dataset from its page."""

from pathlib import Path

import pytest

from tests.tui.data.showing import column, dataset, shown
from tests.tui.looking import toasts, until
from tests.tui.registry.showing import NARROW, WIDE, on, shows
from workbench.datasets.fields import Fields
from workbench.operations.datasets.fields import fields_of
from workbench.tui.data.editing import TITLES, listed, said
from workbench.tui.widgets.choose import ChooseScreen
from workbench.tui.widgets.prompt import PromptScreen


def test_every_field_is_offered_but_the_roles_which_are_of_a_column() -> None:
    """What a dataset can be said to be, a person can say on the screen."""
    assert set(TITLES) == set(Fields.__struct_fields__) - {"roles", "all_sensitive"}


@pytest.mark.parametrize(
    ("text", "names"),
    [("", []), ("age", ["age"]), (" age , wage ,", ["age", "wage"]), (",,", [])],
)
def test_names_with_commas_are_read(text: str, names: list[str]) -> None:
    """Blanks around a name and commas without one do not count."""
    assert listed(text) == names


async def test_what_can_be_said_of_a_column_is_in_sentences(team: Path) -> None:
    """What nobody has said is no word in the middle of one."""
    with shown(team, column("people", "salary")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "people v1 › salary")
            await pilot.press("E")
            await shows(pilot, "no key is said", "no label is said", "no time column is said")


def test_what_is_said_stands_on_one_line() -> None:
    """Several lines become one, several names are told apart by commas."""
    fields = Fields(description="one\ntwo", key=("a", "b"))
    assert said(fields, "description") == "one two"
    assert said(fields, "key") == "a, b"


async def test_a_field_is_changed_and_taken_back(team: Path) -> None:
    """The list shows what is said now; u takes the last change back."""
    with shown(team, dataset("people")) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "301 rows")
            await pilot.press("tab", "E")
            await on(pilot, ChooseScreen)
            await shows(pilot, "Change what of people?", "payroll", "special")
            await pilot.press(*"owner", "enter")
            await on(pilot, PromptScreen)
            await pilot.press("backspace", "backspace", *"ana", "enter")
            await until(pilot, lambda: fields_of(session, "people").owner == "ana")
            await until(pilot, lambda: "u takes it back" in toasts(app))
            await pilot.press("u")
            await until(pilot, lambda: fields_of(session, "people").owner == "hr")


async def test_a_day_and_a_column_are_checked_while_they_are_typed(team: Path) -> None:
    """What cannot be is said under the line, and Enter keeps nothing."""
    with shown(team, dataset("people")) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "301 rows")
            await pilot.press("tab", "E", *"keep until", "enter")
            await on(pilot, PromptScreen)
            await pilot.press(*"x", "enter")
            await shows(pilot, "Write a day: 2027-03-31.")
            await pilot.press("backspace", "backspace", "2")
            await shows(pilot, "The calendar has no 2026-01-32.")
            await pilot.press("escape", "E", *"segments", "enter")
            await on(pilot, PromptScreen)
            await pilot.press(*"nobody")
            await shows(pilot, "There is no column nobody.")
            await pilot.press("escape")
            assert fields_of(session, "people").retention_until == "2026-01-31"


async def test_a_column_becomes_sensitive_where_the_cursor_is(team: Path) -> None:
    """One choice hides its values everywhere at once."""
    with shown(team, dataset("census")) as (app, session):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "1,000 rows")
            await pilot.press("down", "down", "E")
            await shows(pilot, "Change what of wage?")
            await pilot.press(*"sensitive", "enter")
            await until(pilot, lambda: fields_of(session, "census").sensitive == ("wage",))
            await shows(pilot, "•••")
