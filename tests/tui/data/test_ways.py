"""Where the whole program leads to datasets from, and what is taken along."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.data.building import HIDDEN
from tests.tui.data.showing import column, dataset, shown
from tests.tui.looking import screen_text, toasts, until
from tests.tui.registry.showing import NARROW, WIDE, on, shows
from workbench.operations.session import open_session
from workbench.tui.app import WorkbenchApp
from workbench.tui.data.column_screen import ColumnScreen
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.rows_screen import DataRowsScreen
from workbench.tui.data.screen import DataScreen
from workbench.tui.registry.screen import ModelsScreen


async def test_3_goes_to_the_datasets_from_anywhere_and_back_to_the_list(team: Path) -> None:
    """From models, and from deep within one dataset."""
    with open_session(team, in_memory=True) as session:
        app = WorkbenchApp(session)
        async with app.run_test(size=NARROW) as pilot:
            await pilot.press("5")
            await on(pilot, ModelsScreen)
            await pilot.press("3")
            await on(pilot, DataScreen)
            await shows(pilot, "5 datasets")
            await pilot.press("j", "enter")
            await on(pilot, DatasetScreen)
            await shows(pilot, "Columns of v3")
            await pilot.press("enter")
            await on(pilot, ColumnScreen)
            await pilot.press("3")
            await on(pilot, DataScreen)
            assert len([one for one in app.screen_stack if isinstance(one, DataScreen)]) == 1


async def test_the_palette_finds_a_dataset_by_some_of_its_letters(team: Path) -> None:
    """Letters in their order are enough, and Enter opens the page."""
    with open_session(team, in_memory=True) as session:
        session.sweep()
        app = WorkbenchApp(session)
        async with app.run_test(size=NARROW) as pilot:
            assert [one.name for one in await app.named("cnss")] == ["census"]
            await pilot.press("colon", *"census")
            await shows(pilot, "a dataset")
            await pilot.press("enter")
            await on(pilot, DatasetScreen)


async def test_a_stored_value_leads_to_the_rows_that_have_it(team: Path) -> None:
    """Enter on a value opens the rows, filtered by it."""
    with shown(team, column("census", "city")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "census v3 › city")
            await pilot.press("tab", "tab", "down", "enter")
            await on(pilot, DataRowsScreen)
            await shows(pilot, "162 of 1,000 rows", "Rome")


async def test_a_masked_value_leads_nowhere(team: Path) -> None:
    """A filter by a value of a sensitive column would tell it."""
    with shown(team, column("people", "salary")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "people v1 › salary")
            await pilot.press("tab", "tab", "enter")
            await until(pilot, lambda: "No filter can ask for this value" in toasts(app))
            assert isinstance(app.screen, ColumnScreen)


async def test_the_cell_under_the_cursor_is_copied(team: Path) -> None:
    """As it is shown, so that a masked one stays masked."""
    with shown(team, dataset("people")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "301 rows")
            await pilot.press("down", "y")
            await until(pilot, lambda: app.clipboard == "salary ◉")


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [
        (DataScreen, "datasets-*.txt", ("census", "special personal data")),
        (dataset("people"), "people-v1-*.txt", ("salary", "payroll", "separator ;")),
        (column("people", "salary"), "people-v1-salary-*.txt", ("quantiles", "•••")),
    ],
)
async def test_a_page_is_written_to_a_file(
    team: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[..., DataScreen],
    name: str,
    words: tuple[str, ...],
) -> None:
    """Everything on it as text, without control characters and without a value of anybody."""
    monkeypatch.chdir(team)
    with shown(team, make) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets" if make is DataScreen else "people v1")
            await pilot.press("e")
            await until(pilot, lambda: written(team, name))
            await until(pilot, lambda: "Wrote" in toasts(app))
    text = written(team, name)
    for word in words:
        assert word in text
    assert HIDDEN not in text
    assert all(line.isprintable() for line in text.splitlines())


def written(folder: Path, name: str) -> str:
    """Return what stands in the file that a page was written to; nothing while there is none."""
    files = sorted(folder.glob(name))
    return files[0].read_text("utf-8") if files else ""


async def test_help_names_the_keys_of_the_screen(team: Path) -> None:
    """What a key does here stands in the help, with why it is not possible now."""
    with shown(team) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("?")
            text = await shows(pilot, "Show the rows; sort and filter them")
            assert "Register a file, folder or pattern" in text
            await pilot.press("escape")
            await until(pilot, lambda: "5 datasets" in screen_text(app))
