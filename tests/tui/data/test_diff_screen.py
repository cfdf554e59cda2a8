"""Two versions of a dataset on the screen: overview, columns by change, rows cell by cell."""

import json
from pathlib import Path

import pytest

from tests.tui.data.showing import shown
from tests.tui.looking import screen_text, toasts, until
from workbench.clock import FixedClock
from workbench.datasets.fields import Fields
from workbench.operations.datasets.add import add
from workbench.operations.session import open_session
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.diff_screen import DataDiffScreen
from workbench.tui.widgets.list_table import ListTable

WIDE, NARROW = (160, 50), (80, 24)
OLD = "id,city,wage\n1,Rome,10\n2,Oslo,20\n3,Lima,30\n"
NEW = "id,city,wage,plan\n1,Rome,11,a\n2,Kyoto,20,b\n4,Bern,40,a\n"


@pytest.fixture
def pair(team: Path) -> Path:
    """Give the workspace a dataset of two versions with a key, its files copied."""
    file = team / "data" / "pay.csv"
    with open_session(team, clock=FixedClock(), in_memory=True) as session:
        file.write_text(OLD, "utf-8")
        add(session, "pay", file, copy=True, fields=Fields(key=("id",)))
        file.write_text(NEW, "utf-8")
        add(session, "pay", file, copy=True)
    return team


def rows_of(app) -> list[tuple[str, ...]]:
    """Return the lines of the list of rows as texts."""
    table = app.screen.query_one("#changes-list", ListTable)
    return [tuple(cell.text for cell in entry.cells) for entry in table.entries]


async def test_columns_rows_and_cells_are_told(pair: Path) -> None:
    """What came, what went, and each changed cell with what stood there and what stands now."""
    with shown(pair, lambda s: DataDiffScreen(s, "pay@1", "pay@2")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "1 added, 1 removed, 2 changed" in screen_text(app))
            text = screen_text(app)
            assert "plan" in text
            assert "Kyoto (1" in text
            assert rows_of(app) == [
                ("~ changed", "1", "wage", "10", "11"),
                ("~ changed", "2", "city", "Oslo", "Kyoto"),
                ("+ added", "4", "", "", rows_of(app)[2][4]),
                ("- removed", "3", "", rows_of(app)[3][3], ""),
            ]
            assert "city=Bern" in rows_of(app)[2][4]
            assert "wage=30" in rows_of(app)[3][3]


async def test_enter_shows_a_line_whole_and_explains_its_measures(pair: Path) -> None:
    """Of a column every measure with its meaning, of a row its cells; Esc comes back."""
    with shown(pair, lambda s: DataDiffScreen(s, "pay@1", "pay@2")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "1 added, 1 removed" in screen_text(app))
            assert "of them" not in screen_text(app)
            await pilot.press("tab", "enter")
            await until(pilot, lambda: "total variation distance" in screen_text(app))
            await pilot.press("escape", "tab", "enter")
            await until(pilot, lambda: "new: 11" in screen_text(app))


async def test_the_key_compares_the_version_shown_with_another(pair: Path) -> None:
    """With but one other version there is nothing to choose; the older one is the old side."""
    with shown(pair, lambda s: DatasetScreen(s, "pay", 2)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "wage" in screen_text(app))
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, DataDiffScreen))
            await until(pilot, lambda: "pay@1, 3 rows" in screen_text(app))


async def test_a_version_alone_has_nothing_to_compare_with(team: Path) -> None:
    """The key says so."""
    with shown(team, lambda s: DatasetScreen(s, "people", None)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "salary" in screen_text(app))
            await pilot.press("d")
            await until(pilot, lambda: "no other version" in toasts(app))


async def test_a_version_that_is_not_there_is_said(pair: Path) -> None:
    """One sentence stands in every part, and the page can be left."""
    with shown(pair, lambda s: DataDiffScreen(s, "pay@1", "pay@9")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "pay@9" in screen_text(app).split("Overview", 2)[-1])
            assert "Comparing" not in screen_text(app)


async def test_what_changed_is_written_as_json(
    pair: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file holds the same counts as the screen."""
    monkeypatch.chdir(tmp_path)
    with shown(pair, lambda s: DataDiffScreen(s, "pay@1", "pay@2")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "1 added" in screen_text(app))
            await pilot.press("e")
            await until(pilot, lambda: list(tmp_path.glob("*.json")))
    (written,) = sorted(tmp_path.glob("*.json"))  # noqa: ASYNC240
    rows = json.loads(written.read_text("utf-8"))["rows"]
    assert (rows["added"], rows["removed"], rows["changed"]) == (1, 1, 2)


async def test_columns_are_narrowed_by_letters(pair: Path) -> None:
    """Only columns that hold what is typed are listed."""
    with shown(pair, lambda s: DataDiffScreen(s, "pay@1", "pay@2")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "1 added" in screen_text(app))
            await pilot.press("tab", "slash", *"wag")
            table = app.screen.query_one("#deltas-list", ListTable)
            await until(pilot, lambda: [entry.key for entry in table.entries] == ["wage"])
