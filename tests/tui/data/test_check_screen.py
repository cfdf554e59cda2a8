"""Which rules hold, seen from the screen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tui.data.showing import dataset, shown
from tests.tui.looking import lines_with, screen_text, toasts, until
from tests.tui.registry.showing import NARROW, WIDE, on, shows
from workbench.datasets.rules.rule import Example, Rule, RuleResult, State
from workbench.operations.session import Session
from workbench.tui.data.check_screen import DataCheckScreen
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.rule_lines import STATES, result_entries, result_lines


def check(name: str) -> Callable[[Session], DataCheckScreen]:
    """Return what makes the page of a dataset's rules."""
    return lambda session: DataCheckScreen(session, name)


def result(state: State, **said: Any) -> RuleResult:
    """Return what came of a rule about ages."""
    return RuleResult(Rule("range", ("age",)), "age from 0 to 120", state, **said)


async def test_what_fails_comes_first_with_rows_that_are_against_it(team: Path) -> None:
    """! on a dataset asks its rules; each says what was seen, and Esc goes back."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "1,000 rows")
            await pilot.press("!")
            await on(pilot, DataCheckScreen)
            text = await shows(pilot, "2 of 4 rules fail", "Rows against it")
            assert "from 21 to 82" in lines_with(text, "✗ fails │ age from 18 to 80")[0]
            await pilot.press("down")
            await shows(pilot, "everybody lives somewhere", "300 null")
            await pilot.press("escape")
            await on(pilot, DatasetScreen)


async def test_rules_are_asked_again_and_narrowed(team: Path) -> None:
    """After the settings were changed ! asks anew; letters narrow the list by state too."""
    with shown(team, check("census")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "2 of 4 rules fail")
            settings = team / "workbench.toml"
            settings.write_text(settings.read_text("utf-8").replace("max = 80", "max = 90"))
            await pilot.press("!")
            await shows(pilot, "1 of 4 rules fail")
            await pilot.press("slash", *"holds", "enter")
            await until(pilot, lambda: "✗ fails" not in screen_text(app))


async def test_where_there_are_no_rules_some_are_suggested(team: Path) -> None:
    """They stand there as text for the settings, and y copies them."""
    with shown(team, check("people")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "people has no rules", "[[datasets.people.rules]]")
            await pilot.press("y")
            await until(pilot, lambda: "Copied" in toasts(app))
            assert "[[datasets.people.rules]]" in app.clipboard


async def test_data_that_is_away_cannot_be_asked(team: Path) -> None:
    """The reason stands where the rules would."""
    with (team / "workbench.toml").open("a", encoding="utf-8") as settings:
        settings.write('[[datasets.old.rules]]\ncolumn = "age"\nkind = "unique"\n')
    with shown(team, check("old")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "There is nothing at", "Bring it back")


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_a_symbol_and_a_word(state: State) -> None:
    """No state is told by colour alone."""
    entry = result_entries((result(state),))[0]
    assert entry.cells[0].text == f"{STATES[state][0]} {state}"
    assert len({symbol for symbol, _ in STATES.values()}) == len(STATES)


def test_everything_of_a_rule_is_said_once() -> None:
    """What was asked, seen, counted, left out, and the rows against it, as far as there are."""
    found = result(
        "fails", failed=2, rows=10, observed="from -1 to 300", left_out=1,
        examples=(Example(1234, (("age", "-1"), ("name", "•••"))),),
    )  # fmt: skip
    text = "\n".join("".join(cell.text for cell in line) for line in result_lines(found, 60))
    for words in ("age from 0 to 120", "from -1 to 300", "2 rows", "10 rows",
                  "1 row without a value", "row 1,234: age = -1, name = •••"):  # fmt: skip
        assert words in text


def test_letters_narrow_rules_by_state_words_and_columns() -> None:
    """The key of a row is its place among all results."""
    results = (result("holds"), result("fails"))
    assert [entry.key for entry in result_entries(results)] == [1, 0]
    assert [entry.key for entry in result_entries(results, "holds")] == [0]
    assert not result_entries(results, "nothing")
