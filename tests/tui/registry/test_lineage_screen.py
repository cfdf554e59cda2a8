"""Lineage: the way from data to consumers, and Enter along it."""

from pathlib import Path

from tests.dataset_building import SHA, claim
from tests.registry_building import register, write_journal
from tests.tui.looking import toasts, until
from tests.tui.registry.building import workspace
from tests.tui.registry.showing import WIDE, on, shown, shows
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.registry.lineage_screen import LineageScreen, Node
from workbench.tui.registry.model_screen import ModelScreen
from workbench.tui.run.screen import RunScreen
from workbench.tui.widgets.list_table import ListTable


async def test_the_whole_way_is_listed_and_leads_on(tmp_path: Path) -> None:
    """Dataset, run, version, stages held; Enter opens the run, the version, or says why not."""
    with shown(workspace(tmp_path), lambda s: LineageScreen(s, "churn", 2)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "▤ dataset", "census", "▶ run", "gbm-2", "◆ version", "→ held")
            table = app.screen.query_one("#lineage", ListTable)
            kinds = [one.key.kind for one in table.entries if isinstance(one.key, Node)]
            assert kinds[:3] == ["dataset", "run", "version"]
            table.move_to(0)
            await pilot.press("enter")
            await until(pilot, lambda: "training" in toasts(app))
            table.move_to(1)
            await pilot.press("enter")
            await on(pilot, RunScreen)
            await pilot.press("escape")
            await on(pilot, LineageScreen)
            table.move_to(2)
            await pilot.press("enter")
            await on(pilot, ModelScreen)


async def test_registered_data_is_named_by_its_version_and_leads_there(tmp_path: Path) -> None:
    """By its bytes; Enter opens the page of that version."""
    root = workspace(tmp_path)
    claim(root, "people", 1)
    used = {"name": "train", "hash": f"sha256:{SHA}1", "role": "training"}
    write_journal(root, "leads", [register("leads", 1, 1, details={"datasets": [used]})])
    with shown(root, lambda s: LineageScreen(s, "leads", 1)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "▤ dataset", "train", "people@1, training")
            app.screen.query_one("#lineage", ListTable).move_to(0)
            await pilot.press("enter")
            await on(pilot, DatasetScreen)
