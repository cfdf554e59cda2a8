"""Lineage: the way from data to consumers, and Enter along it."""

from pathlib import Path

from tests.dataset_building import SHA, claim
from tests.drift_building import report, write
from tests.registry_building import register, write_journal
from tests.tui.looking import toasts, until
from tests.tui.registry.building import workspace
from tests.tui.registry.showing import WIDE, on, shown, shows
from tests.tui.stage import opened
from workbench.operations.registry.version import detail, detail_fields, sections
from workbench.tui.data.dataset_screen import DatasetScreen
from workbench.tui.drift.monitor_screen import MonitorScreen
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


async def test_checks_of_drift_about_it_are_listed_and_lead_to_the_monitor(tmp_path: Path) -> None:
    """Newest first; those about another version are not its own."""
    root = workspace(tmp_path)
    for number, version in ((1, 2), (2, 2), (3, 1)):
        made = report(number=number, label=f"2013-{number:02d}", model="churn", version=version)
        write(root, made)
    with shown(root, lambda s: LineageScreen(s, "churn", 2)) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "≈ drift", "flights-month@2", "flights-month@1")
            table = app.screen.query_one("#lineage", ListTable)
            kinds = [one.key.kind for one in table.entries if isinstance(one.key, Node)]
            assert kinds.count("drift") == 2
            table.move_to(kinds.index("drift"))
            await pilot.press("enter")
            await on(pilot, MonitorScreen)


def test_a_version_says_which_checks_of_drift_were_about_it(tmp_path: Path) -> None:
    """As text and as JSON; the newest first."""
    root = workspace(tmp_path)
    for number in (1, 2):
        made = report(number=number, label=f"2013-{number:02d}", model="churn", version=2)
        write(root, made)
    with opened(root) as session:
        found = detail(session, "churn", 2)
        assert [one["data"] for one in detail_fields(found)["drift"]] == [
            "flights-month@2", "flights-month@1"
        ]  # fmt: skip
        (drift,) = [one for one in sections(found) if one.title == "drift"]
        assert drift.rows[0][3] == "flights-month@2 against flights-train@1"
        assert not detail(session, "churn", 1).drift
