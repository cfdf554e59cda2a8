"""The history: who, what, when and why, of one model and of all."""

from pathlib import Path

from tests.tui.looking import lines_with, screen_text, until
from tests.tui.registry.building import workspace
from tests.tui.registry.showing import NARROW, WIDE, on, shown, shows
from workbench.registry.checks import Check, Result
from workbench.tui.registry.card_lines import check_lines, result_line
from workbench.tui.registry.history_screen import HistoryScreen
from workbench.tui.registry.model_screen import ModelScreen


async def test_an_override_is_shown_with_the_check_it_went_over(tmp_path: Path) -> None:
    """The event under the cursor has each check, both values, and why one was overridden."""
    with shown(workspace(tmp_path), lambda s: HistoryScreen(s, "churn")) as (app, _):
        async with app.run_test(size=WIDE) as pilot:
            await shows(pilot, "asked for v4")
            await pilot.press("slash", *"bob", "enter")
            await shows(pilot, "! ")
            row = next(n for n, one in enumerate(app.screen.table.entries)  # type: ignore[attr-defined]
                       if one.cells[-2].text.startswith("! "))  # fmt: skip
            app.screen.table.move_to(row)  # type: ignore[attr-defined]
            text = await shows(pilot, "✗ fails", "the fall is within noise")
            assert "found 0.879, asked ≥ 0.85" in lines_with(text, "✓ holds")[0]


async def test_all_models_and_one_again(tmp_path: Path) -> None:
    """H shows every model's events, and the one's again; Enter opens the model."""
    with shown(workspace(tmp_path), lambda s: HistoryScreen(s, "churn")) as (app, _):
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "asked for v4")
            assert "fraud" not in screen_text(app)
            await pilot.press("H")
            await shows(pilot, "fraud")
            await pilot.press("H")
            await until(pilot, lambda: "fraud" not in screen_text(app))
            await pilot.press("enter")
            await on(pilot, ModelScreen)


def test_a_check_without_a_champion_says_so() -> None:
    """The outcome is named as everywhere else, now and in the history."""
    result = Result(Check("no worse", "rule", "metrics.a >= champion.metrics.a"), "not applicable")
    (line,) = check_lines(result_line(result), 80)
    assert "".join(cell.text for cell in line).split("  ")[0] == "– no champion yet"
