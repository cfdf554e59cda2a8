"""How two versions differ: said once, laid out for every width."""

from pathlib import Path

import pytest

from tests.tui.looking import until
from tests.tui.registry.building import workspace
from tests.tui.registry.showing import NARROW, WIDE, shown, shows
from workbench.operations.registry import versions_compared
from workbench.tui.registry.diff_screen import DiffScreen


async def test_metrics_and_params_stand_side_by_side(tmp_path: Path) -> None:
    """What differs is on the page, with the verdict as a word; y takes all of it along."""
    with shown(workspace(tmp_path), lambda s: DiffScreen(s, "churn", 2, 4)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "v2 → v4", "+0.028", "better", "depth")
            await pilot.press("y")
            assert "val/auc" in app.clipboard


async def test_another_width_lays_out_and_compares_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sections are made once, away from the screen, however often it is resized."""
    real, made = versions_compared.compared_sections, []

    def counting(found: versions_compared.VersionsCompared) -> object:
        made.append(found)
        return real(found)

    monkeypatch.setattr(versions_compared, "compared_sections", counting)
    with shown(workspace(tmp_path), lambda s: DiffScreen(s, "churn", 2, 4)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "+0.028")
            await pilot.resize_terminal(*WIDE)
            await shows(pilot, "+0.028")
            assert len(made) == 1


async def test_a_version_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Where nothing can be compared the page says why."""
    with shown(workspace(tmp_path), lambda s: DiffScreen(s, "churn", 2, 99)) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await until(pilot, lambda: "99" in app.screen.query_one("#diff").text())  # type: ignore[attr-defined]
