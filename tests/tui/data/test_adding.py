"""Registering from the screen: the path goes on by itself, and what is there is said."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.data.showing import dataset, shown
from tests.tui.looking import screen_text, toasts, until
from tests.tui.registry.showing import NARROW, on, shows
from workbench.errors import UsageError
from workbench.operations.datasets.names import Ref, resolve
from workbench.tui.data.add_screen import AddScreen, ToAdd, missing, read_options
from workbench.tui.data.screen import DataScreen


@pytest.fixture
def here(team: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the workspace, with a table in Latin-1 beside it."""
    monkeypatch.chdir(team)
    rows = "\n".join(f"Zürich;{n},5" for n in range(20))
    (team / "data" / "cities 2026.csv").write_bytes(f"city;height\n{rows}\n".encode("cp1252"))
    return team


async def test_a_file_is_added_with_few_keys(here: Path) -> None:
    """Tab completes the path, the name follows it, Enter twice registers."""
    with shown(here) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("a")
            await on(pilot, AddScreen)
            await pilot.press(*"data/ci")
            await shows(pilot, "data/cities 2026.csv")
            await pilot.press("tab")
            text = await shows(pilot, "separator ;", "decimal ,", "city text", "version 1")
            assert "cities-2026" in text
            await pilot.press("enter", "enter")
            await until(pilot, lambda: "Registered cities-2026@1: 20 rows." in toasts(app))
            await shows(pilot, "6 datasets")
            assert resolve(session, Ref("cities-2026")).rows == 20


async def test_the_next_version_of_the_dataset_on_the_screen(here: Path) -> None:
    """On a dataset's page its name is written already, and the number it would get is said."""
    with shown(here, dataset("census")) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "1,000 rows")
            await pilot.press("a")
            await on(pilot, AddScreen)
            await pilot.press(*"data/people.csv")
            await shows(pilot, "It would be version 4.")
            await pilot.press("enter", "enter")
            await until(pilot, lambda: resolve(session, Ref("census")).version == 4)
            await shows(pilot, "census v4")


async def test_a_name_that_is_written_and_left_in_one_go_is_kept(here: Path) -> None:
    """What the path would suggest does not take its place, though the focus is elsewhere by now."""
    with shown(here) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("a")
            await on(pilot, AddScreen)
            name = app.screen.query_one("#name", Input)
            assert not name.has_focus
            name.value = "mine"
            await pilot.press(*"data/people.csv")
            await shows(pilot, "It would be version 1.")
            assert name.value == "mine"


async def test_the_same_bytes_again_are_not_a_version(here: Path) -> None:
    """Nothing is added, and that is said."""
    with shown(here) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("a")
            await on(pilot, AddScreen)
            await pilot.press(*"data/people.csv")
            await shows(pilot, "It would be version 2.")
            await pilot.press("enter", "enter")
            await until(pilot, lambda: "exactly these bytes already" in toasts(app))
            assert resolve(session, Ref("people")).version == 1


async def test_what_is_no_table_is_asked_for_again_with_what_was_written(here: Path) -> None:
    """The reason stands at the top, the path is still there, and nothing is registered."""
    (here / "data" / "half.parquet").write_bytes(b"PAR1 and no more")
    with shown(here) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("a")
            await on(pilot, AddScreen)
            await pilot.press(*"data/half.parquet")
            await shows(pilot, "!")
            await pilot.press("enter", "enter")
            first = app.screen
            await until(pilot, lambda: (isinstance(app.screen, AddScreen) and app.screen is first)
                        or "half.parquet" in screen_text(app))  # fmt: skip
            await shows(pilot, "data/half.parquet", "half")
            await pilot.press("escape")
            await on(pilot, DataScreen)
            assert not (here / "datasets" / "half").exists()


async def test_files_that_are_no_table_are_added_as_files(here: Path) -> None:
    """The box is turned with the space bar; it says so without colour."""
    (here / "data" / "notes.bin").write_bytes(bytes(range(256)))
    with shown(here) as (app, session):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("a")
            await on(pilot, AddScreen)
            await pilot.press(*"data/notes.bin")
            text = await shows(pilot, "notes", "[ ] as files", "! notes.bin")
            assert "[x]" not in text
            await pilot.press(*("down",) * 4, "space")
            await shows(pilot, "▌[x] as files")
            await pilot.press("tab", "tab", "enter")
            await until(pilot, lambda: "Registered notes@1" in toasts(app))
            assert resolve(session, Ref("notes")).unread


async def test_escape_adds_nothing(here: Path) -> None:
    """The list is as it was."""
    with shown(here) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "5 datasets")
            await pilot.press("a")
            await on(pilot, AddScreen)
            await pilot.press(*"data/", "escape")
            await on(pilot, DataScreen)
            await shows(pilot, "5 datasets")


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (ToAdd(), "path"),
        (ToAdd("data/x.csv", "Not A Name"), "name"),
        (ToAdd("data/x.csv", "x", "separator"), "options"),
        (ToAdd("data/x.csv", "x", "separator=;"), None),
    ],
)
def test_the_line_that_cannot_stay_is_named(asked: ToAdd, where: str | None) -> None:
    """Who forgot something is led to it."""
    found = missing(asked)
    assert (found[0] if found else None) == where


def test_options_are_read_as_they_are_typed() -> None:
    """Each is a name, a sign and a value; the value may be any sign."""
    assert read_options("separator=; decimal=,") == {"separator": ";", "decimal": ","}
    assert read_options("") == {}
    with pytest.raises(UsageError, match="'sheet' is no option"):
        read_options("sheet")
