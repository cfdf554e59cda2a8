"""A dataset's page: versions, the columns of one, and everything known about it."""

from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.tui.data.building import HIDDEN, write_census
from tests.tui.data.showing import dataset, shown
from tests.tui.looking import lines_with, screen_text, toasts, until
from tests.tui.registry.showing import NARROW, WIDE, on, shows
from workbench.operations.datasets.add import add
from workbench.operations.datasets.names import Ref, resolve
from workbench.tui.data import dataset_screen
from workbench.tui.data.column_screen import ColumnScreen
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.desk import DataTarget


async def test_columns_stand_with_role_nulls_range_and_shape(team: Path) -> None:
    """A row says how a column is spread, what role it has, how much is missing, and its range."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            text = await shows(pilot, "2 versions · 7 columns · 1,000 rows")
            assert "identifier" in lines_with(text, "█  identifier")[0]
            age = lines_with(text, "   age  ")[-1]
            assert "number" in age
            assert "21" in age
            assert "82" in age
            assert "30%" in lines_with(text, " city ")[0]
            await pilot.press(*("right",) * 9)
            assert "label" in lines_with(await shows(pilot, "used as"), " churned ")[0]
            assert all(line.isprintable() for line in text.splitlines())


async def test_keys_pressed_while_it_is_read_are_done_when_there_are_rows(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows the way need not wait: down, down, Enter opens the third column."""
    read, load = Event(), dataset_screen.load_standing

    def slow(*asked: Any) -> Any:
        assert read.wait(30)
        return load(*asked)

    monkeypatch.setattr(dataset_screen, "load_standing", slow)
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: isinstance(app.screen, DatasetScreen))
            await until(pilot, lambda: app.screen.focused is not None)
            await pilot.press("j", "j", "enter")
            assert "no row" not in toasts(app)
            read.set()
            await on(pilot, ColumnScreen)
            assert app.screen.column == "wage"


async def test_the_version_the_cursor_rests_on_is_shown(team: Path) -> None:
    """Columns and facts follow the list of versions; a deleted version is not in it."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "Columns of v3", "+200")
            assert not lines_with(text, " v1 ")
            await pilot.press("tab", "down")
            await shows(pilot, "Columns of v2", "census v2")
            await pilot.press("enter")
            await until(pilot, lambda: app.focused is not None and app.focused.id == "columns-list")


async def test_columns_are_sorted_by_any_of_their_facts(team: Path) -> None:
    """Sorting by what is missing puts the column with the most holes first."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "1,000 rows")
            await pilot.press(*("right",) * 3, "S")
            await until(pilot, lambda: first_column(app.screen) == "city")
            await pilot.press("S")
            await until(pilot, lambda: first_column(app.screen) != "city")


def first_column(screen: object) -> str:
    """Return the column in the first row."""
    assert isinstance(screen, DatasetScreen)
    return str(screen._table("columns")._ordered[0].key)


async def test_what_a_key_is_about_changes_at_once_with_the_focus(team: Path) -> None:
    """The footer looks before a list has heard that the focus came or went."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1,000 rows")
            screen = app.screen
            assert isinstance(screen, DatasetScreen)
            assert screen.target() == DataTarget("census", 3, first_column(screen))
            screen.set_focus(screen._table("versions"))
            assert screen.target() == DataTarget("census", 3)
            screen.set_focus(screen._table("columns"))
            assert screen.target() == DataTarget("census", 3, first_column(screen))


async def test_letters_narrow_the_columns(team: Path) -> None:
    """The filter looks at names, roles and what a column is used as."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1,000 rows")
            await pilot.press("slash", *"segment", "enter")
            await until(pilot, lambda: " city " not in screen_text(app))
            assert lines_with(screen_text(app), " plan ")
            await pilot.press("escape")
            await shows(pilot, " city ")


async def test_enter_opens_a_column_and_escape_comes_back_to_the_one_looked_at_last(
    team: Path,
) -> None:
    """Who went on to the next column with n stands on that one."""
    with shown(team, dataset("census")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1,000 rows")
            await pilot.press("down", "enter")
            await on(pilot, ColumnScreen)
            await shows(pilot, "census v3 › age")
            await pilot.press("n")
            await shows(pilot, "census v3 › wage")
            await pilot.press("escape")
            await on(pilot, DatasetScreen)
            await shows(pilot, "Column wage")


async def test_values_of_sensitive_columns_are_hidden_unless_asked(team: Path) -> None:
    """Neither the most frequent value nor the smallest is shown; the median tells nobody apart."""
    with shown(team, dataset("people")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "301 rows")
            await pilot.press("down")
            text = await shows(pilot, "Column salary", "•••")
            assert HIDDEN not in text
            assert "2,049" not in text
            await pilot.press("M")
            await until(pilot, lambda: "•••" not in screen_text(app))


async def test_everything_of_a_version_stands_in_a_part_of_its_own(team: Path) -> None:
    """Tab leads to where it came from, what people say, its files and who used it."""
    with shown(team, dataset("people")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "301 rows")
            await pilot.press("tab", "tab", "tab")
            text = await shows(pilot, "people@1", "retention due", "by ana on lab")
            assert "csv (separator ;" in text


@pytest.mark.parametrize(
    ("name", "words"),
    [("images", "registered as files, not as a table"), ("broken", "manifest cannot")],
)
async def test_what_is_no_table_or_cannot_be_read_says_so(
    team: Path, name: str, words: str
) -> None:
    """There is always a page: with versions, and why there are no columns."""
    with shown(team, dataset(name)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, words, "0 columns", " v1 ")


async def test_a_dataset_that_is_gone_is_said_to_be(team: Path) -> None:
    """Whoever comes by an old name is told which there are."""
    with shown(team, dataset("censu")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "There is no dataset censu." in toasts(app))
            await until(pilot, lambda: "There is no dataset censu." in screen_text(app))


async def test_a_version_is_deleted_with_a_reason(team: Path) -> None:
    """The dialog says what goes where; Enter alone never confirms; the list is shorter then."""
    with shown(team, dataset("census")) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Columns of v3")
            await pilot.press("D", *"delete", "enter")
            await shows(pilot, "Delete census@3?", "The number stays taken.")
            await pilot.press(*"too late", "enter", "enter")
            assert resolve(session, Ref("census")).version == 3
            await shows(pilot, "Columns of v3")
            await pilot.press("D", *"delete", "enter")
            await shows(pilot, "Delete census@3?")
            await pilot.press(*"too late", "enter", "tab", "enter")
            await until(pilot, lambda: resolve(session, Ref("census")).version == 2)
            await shows(pilot, "Columns of v2", "1 version")


async def test_a_version_that_arrives_does_not_take_the_one_away_that_is_looked_at(
    team: Path,
) -> None:
    """It is listed, and the header says that there is a newer one."""
    with shown(team, dataset("census")) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Columns of v3")
            write_census(team, 4)
            add(session, "census", team / "data" / "census.csv")
            app.watch_again()
            text = await shows(pilot, "v4 is newer", "+200")
            assert "Columns of v3" in text
            assert "census v3" in text
            await pilot.press("tab", "up")
            text = await shows(pilot, "Columns of v4")
            assert "is newer" not in text


async def test_a_version_that_was_deleted_since_is_said_to_be(team: Path) -> None:
    """Whoever comes by an old reference sees the newest version and is told."""
    with shown(team, dataset("census", 1)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Columns of v3")
            await until(pilot, lambda: "v1 is not there any more." in toasts(app))
