"""Choosing columns: everything is offered with what is known of it; keys change only the choice."""

import pytest
from textual.pilot import Pilot

from tests.tui.looking import lines_with, screen_text, until
from tests.tui.stage import Stage
from workbench.operations.runs_table import Column, ColumnFacts
from workbench.tui.runs.choose_columns import ChooseColumnsScreen, ColumnsChosen
from workbench.tui.runs.column_choice import Choice, parts_for

NAME, STATUS = Column("attribute", "name"), Column("attribute", "status")
AUC, LOSS = Column("metric", "val/auc"), Column("metric", "val/loss")
LR = Column("param", "lr")
FACTS = (
    ColumnFacts(Column("param", "batch"), 9, 1, "64", numeric=True),
    ColumnFacts(LR, 9, 4, "0.1", numeric=True),
    ColumnFacts(Column("param", "[red]odd"), 9, 3, "a\x1b[2J", numeric=False),
    ColumnFacts(Column("param", "workers"), 9, 1, "2", numeric=True),
    ColumnFacts(AUC, 8, 2, "0.5", numeric=True, goal="max", origin="script"),
    ColumnFacts(LOSS, 8, 2, "0.5", numeric=True, goal="min", origin="guessed"),
    ColumnFacts(Column("tag", "team"), 3, 2, "risk", numeric=False),
)


def stage(columns: tuple[Column, ...] = (NAME, STATUS, AUC), pinned: int = 1) -> Stage:
    """Return a program that asks for columns."""
    return Stage(None, lambda: ChooseColumnsScreen(FACTS, columns, pinned))


async def answered(pilot: Pilot[None]) -> ColumnsChosen | None:
    """Wait for the answer and return it."""
    await until(pilot, lambda: pilot.app.answer != "nothing yet")
    return pilot.app.answer


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
async def test_everything_is_offered_with_what_is_known(size: tuple[int, int]) -> None:
    """Shown columns come first with marks; metrics say which way is better and who says so."""
    async with stage().run_test(size=size) as pilot:
        await until(pilot, lambda: "val/loss" in screen_text(pilot.app))
        text = screen_text(pilot.app)
        assert "3 of 2" in text
        assert "✓▪" in lines_with(text, "name")[0]
        assert "✓" in lines_with(text, "val/auc")[0]
        assert "↑ higher" in lines_with(text, "val/auc")[0]
        assert "guessed" not in lines_with(text, "val/auc")[0]
        assert "↓ lower, guessed" in lines_with(text, "val/loss")[0]
        assert "[red]odd" in text
        assert "Esc leaves" in text
        assert "Show" in text.splitlines()[-1]


async def test_columns_with_one_value_are_one_line_until_opened() -> None:
    """The fold says how many there are; Enter on it lists them."""
    app = stage()
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "▸ 2 with one value only" in screen_text(app))
        assert not lines_with(screen_text(app), "always 64")
        await pilot.press("G", "enter")
        await until(pilot, lambda: lines_with(screen_text(app), "always 64"))
        assert app.answer == "nothing yet"


async def test_space_shows_and_hides_and_enter_keeps() -> None:
    """A column added comes last; one taken away is gone."""
    app = stage()
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "val/loss" in screen_text(app))
        await pilot.press("down", "space")
        await pilot.press("slash", *"lr", "enter", "space", "escape", "enter")
        assert await answered(pilot) == ColumnsChosen((NAME, AUC, LR), 1)


async def test_moving_and_pinning() -> None:
    """``K`` moves a column to the left, ``p`` pins it; the cursor goes along."""
    app = stage((NAME, STATUS, AUC, LR))
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "val/loss" in screen_text(app))
        await pilot.press("down", "down", "down", "K", "p", "enter")
        assert await answered(pilot) == ColumnsChosen((NAME, LR, STATUS, AUC), 2)


async def test_another_value_of_a_metric() -> None:
    """``v`` goes from last to best to the step of the best."""
    app = stage()
    async with app.run_test(size=(160, 50)) as pilot:
        await until(pilot, lambda: "val/loss" in screen_text(app))
        await pilot.press("down", "down", "v", "v")
        await until(pilot, lambda: "step of best" in screen_text(app))
        await pilot.press("enter")
        chosen = await answered(pilot)
        assert chosen is not None
        assert chosen.columns[-1] == Column("metric", "val/auc", "step_of_max")


async def test_escape_changes_nothing() -> None:
    """Esc takes letters off first, then leaves without an answer."""
    app = stage()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "val/loss" in screen_text(app))
        await pilot.press("down", "space", "slash", *"team", "enter")
        await until(pilot, lambda: not lines_with(screen_text(app), "val/loss"))
        await pilot.press("escape")
        await until(pilot, lambda: lines_with(screen_text(app), "val/loss"))
        await pilot.press("escape")
        assert await answered(pilot) is None


async def test_the_last_column_cannot_be_hidden_away() -> None:
    """Enter with nothing shown asks for at least one column."""
    app = stage((NAME,), 0)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: "val/loss" in screen_text(app))
        await pilot.press("space", "enter")
        await until(pilot, lambda: "At least one" in screen_text(app))
        assert app.answer == "nothing yet"


def test_hiding_a_pinned_column_pins_no_other() -> None:
    """The number of pinned columns goes down with it."""
    assert Choice((NAME, STATUS, AUC), 2).toggled(NAME) == Choice((STATUS, AUC), 1)


def test_pinning_goes_after_those_pinned_before_and_back() -> None:
    """A second press lets go without moving it among the others."""
    pinned = Choice((NAME, STATUS, AUC, LR), 1).pinned_or_not(LR)
    assert pinned == Choice((NAME, LR, STATUS, AUC), 2)
    assert pinned.pinned_or_not(LR) == Choice((NAME, LR, STATUS, AUC), 1)
    assert pinned.pinned_or_not(NAME) == Choice((LR, NAME, STATUS, AUC), 1)


def test_moving_over_the_edge_of_the_pinned_pins() -> None:
    """The first free column joins the pinned before it passes them; the last pinned leaves."""
    choice = Choice((NAME, STATUS, AUC), 1)
    assert choice.moved(STATUS, -1) == Choice((NAME, STATUS, AUC), 2)
    assert choice.moved(STATUS, -1).moved(STATUS, -1) == Choice((STATUS, NAME, AUC), 2)
    assert choice.moved(NAME, 1) == Choice((NAME, STATUS, AUC), 0)
    assert choice.moved(AUC, 1) == choice


def test_a_value_already_shown_is_passed_over() -> None:
    """Two columns never become the same one."""
    best = AUC._replace(part="best")
    choice, other = Choice((AUC, best), 0).parted(AUC, "max")
    assert other == AUC._replace(part="step_of_max")
    assert choice.columns == (other, best)


def test_without_a_direction_there_is_no_best() -> None:
    """Nobody knows which way is better, so best is not offered."""
    assert "best" not in parts_for("")
    assert parts_for("min")[:3] == ("last", "best", "step_of_min")
