"""The lineage of a dataset on the screen: what there is, and Enter along it."""

import json
from pathlib import Path

import pytest

from tests.building import BEGIN, write_run
from tests.tui.data.showing import shown
from tests.tui.looking import screen_text, until
from workbench.datasets.versions import folder
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.data.lineage_screen import DataLineageScreen
from workbench.tui.run.screen import RunScreen
from workbench.tui.widgets.list_table import ListTable

WIDE = (140, 40)


def with_a_run(team: Path) -> None:
    """Let a run have been trained on the newest version of the census."""
    newest = folder.newest(team, "census")
    assert newest is not None
    used = {"name": "census", "role": "training", "path": None, "hash": newest.hash, "rows": 1,
            "columns": None}  # fmt: skip
    write_run(team, number=7, name="gbm", updates=[{"time": BEGIN, "kind": "dataset", **used}])


async def test_what_used_a_version_is_listed_and_leads_on(team: Path) -> None:
    """The data's file, the run and nothing that did not use it; Enter opens the run."""
    with_a_run(team)
    with shown(team, lambda s: DataLineageScreen(s, "census", None)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "▶ run" in screen_text(app))
            text = screen_text(app)
            assert "all versions" in text
            assert "data/census.csv" in text
            assert "gbm" in text
            table = app.screen.query_one("#lineage", ListTable)
            kinds = [str(entry.cells[0].text).split(" ", 1)[1] for entry in table.entries]
            assert kinds.count("run") == 1
            table.move_to(kinds.index("run"))
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RunScreen))


async def test_the_key_leads_to_it_from_list_and_page(team: Path) -> None:
    """On the list it is of all versions, on a dataset's page of the one shown."""
    with shown(team, lambda s: DatasetScreen(s, "census", None)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "age" in screen_text(app))
            await pilot.press("T")
            await until(pilot, lambda: isinstance(app.screen, DataLineageScreen))
            await until(pilot, lambda: "this version" in screen_text(app))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, DatasetScreen))


async def test_what_is_touched_is_written_as_json(
    team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file holds the same as the command prints."""
    with_a_run(team)
    monkeypatch.chdir(tmp_path)
    with shown(team, lambda s: DataLineageScreen(s, "census", None)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "▶ run" in screen_text(app))
            await pilot.press("e")
            await until(pilot, lambda: list(tmp_path.glob("census-lineage-*.json")))
    (written,) = sorted(tmp_path.glob("census-lineage-*.json"))  # noqa: ASYNC240
    found = json.loads(written.read_text("utf-8"))
    assert [one["name"] for one in found["runs"]] == ["gbm"]


async def test_a_dataset_that_is_not_there_is_said(team: Path) -> None:
    """One sentence stands where the list would."""
    with shown(team, lambda s: DataLineageScreen(s, "nothing", 3)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, lambda: "nothing" in screen_text(app) and "no" in screen_text(app))
            assert "Following" not in screen_text(app)
