"""The list of datasets: what stands in it, what it says when it is empty, where it leads."""

from pathlib import Path

import pytest

from tests.building import write_workspace
from tests.tui.data.building import HIDDEN
from tests.tui.data.showing import shown
from tests.tui.looking import lines_with, screen_text, toasts, until
from tests.tui.registry.showing import NARROW, WIDE, on, shows
from workbench.operations.datasets.fields import is_archived
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.screen import DataScreen


async def test_every_dataset_has_a_row_with_what_asks_for_somebody(team: Path) -> None:
    """Version, rows, size, age, owner and flags stand in 80 columns; the header counts flags."""
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "5 datasets", "1 unreadable", "1 retention due")
            census = lines_with(text, "census")[0]
            assert "v3" in census
            assert "1,000" in census
            assert "ana" in census
            assert "! unreadable" in lines_with(text, "broken")[0]
            assert "▲ retention due" in lines_with(text, "people")[0]
            await shows(pilot, "∅ files away")


async def test_an_empty_list_says_what_to_do(tmp_path: Path) -> None:
    """Where nothing is registered stand the line for a script, the command and the key."""
    with shown(write_workspace(tmp_path)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "No datasets yet", "adds one from here")
            assert 'workbench.log_dataset("train.csv", name="census")' in text
            assert "workbench datasets add census data/train.csv" in text
            assert "Open" not in text


async def test_what_is_known_of_a_dataset_stands_beside_it(team: Path) -> None:
    """At 160x50 the dataset under the cursor tells its fields, files and how it was read."""
    with shown(team) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("G")
            text = await shows(pilot, "separator ;", "may be used for payroll")
            assert "hr" in text
            assert HIDDEN not in text
            assert all(line.isprintable() for line in text.splitlines())


async def test_letters_narrow_the_list(team: Path) -> None:
    """The filter looks at owner and flags too; Esc shows all again."""
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("slash", *"retention", "enter")
            text = await shows(pilot, "1 of 5 datasets")
            assert "census" not in text
            await pilot.press("escape")
            await shows(pilot, "census")


async def test_enter_opens_a_dataset_and_escape_comes_back(team: Path) -> None:
    """The page is that of the dataset under the cursor."""
    with shown(team) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("j", "enter")
            await on(pilot, DatasetScreen)
            await shows(pilot, "Data › census v3")
            await pilot.press("escape")
            await on(pilot, DataScreen)


async def test_a_dataset_is_put_away_and_brought_back(team: Path) -> None:
    """D hides it, the palette's "show archived" lists it, D brings it back, u undoes the last."""
    with shown(team) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("j", "D")
            await shows(pilot, "4 datasets")
            assert "Archived census. u takes it back." in toasts(app)
            assert is_archived(session, "census")
            screen = app.screen
            assert isinstance(screen, DataScreen)
            screen.press_show_archived()
            await shows(pilot, "1 dataset · put away", "census")
            await pilot.press("D")
            await until(pilot, lambda: not is_archived(session, "census"))
            await pilot.press("escape")
            await shows(pilot, "5 datasets")
            await pilot.press("u")
            await until(pilot, lambda: is_archived(session, "census"))


async def test_nothing_is_changed_where_nothing_can_be_written(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a read-only workspace the keys that write say why they do nothing."""
    with shown(team) as (app, session):
        monkeypatch.setattr(type(session), "why_not", "This folder is not writable.")
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("E", "a", "D")
            await until(pilot, lambda: "not writable" in toasts(app))
            assert isinstance(app.screen, DataScreen)
            assert "Add" not in screen_text(app).splitlines()[-1]
