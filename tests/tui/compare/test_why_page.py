"""The page that says why one of two runs is better, and the way from marks to it and back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import run_id
from tests.tui.compare.builders import NARROW, WIDE, Desk, opened, shows, write_runs, written
from tests.tui.looking import screen_text, until
from tests.tui.stage import Stage
from workbench.operations.session import Session
from workbench.operations.views import View
from workbench.sync.sweep import Changes
from workbench.tui.app import WorkbenchApp
from workbench.tui.compare import why as page_of_why
from workbench.tui.compare.code import CodeScreen
from workbench.tui.compare.screen import CompareScreen
from workbench.tui.compare.why import WhyScreen, why_of
from workbench.tui.messages import CatalogueChanged
from workbench.tui.runs.screen import RunsScreen


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Open three runs."""
    with opened(write_runs(tmp_path / "w", 3)) as session:
        yield session


async def test_w_says_why_about_the_metric_on_the_screen(session: Session) -> None:
    """The first marked is A; params, metrics and what is not known stand on one page."""
    desk = Desk(session, 2, metric="train/loss")
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "metric train/loss")
        await pilot.press("w")
        text = await shows(pilot, "Result", "Params", "metric train/loss")
        assert "a lr=1 → b lr=0.1" in text
        assert all(len(line) <= 80 for line in text.splitlines())
        await pilot.press("escape")
        await shows(pilot, "Compare   2 runs")


async def test_the_baseline_is_what_the_other_is_held_against(session: Session) -> None:
    """With a baseline among the two, it is A whatever was marked first."""
    page = why_of(session, View(marks=("x", "y"), baseline="y"), ("loss", "auc"))
    assert page._asked == ("y", "x", "loss")


async def test_a_metric_neither_run_has_is_no_reason_for_a_blank_page(session: Session) -> None:
    """The page is about the first metric the two share."""
    page = WhyScreen(session, run_id(0), run_id(1), "nothing of the kind")
    async with Stage(session, lambda: page).run_test(size=NARROW) as pilot:
        await shows(pilot, "Result")
        assert page.found is not None
        assert page.found.metric in ("train/loss", "val/auc")


async def test_a_run_that_is_gone_is_said(session: Session) -> None:
    """A page that cannot be made says why, and Esc goes back."""
    page = WhyScreen(session, run_id(0), "01kbgone", "")
    async with Stage(session, lambda: page).run_test(size=NARROW, notifications=True) as pilot:
        await shows(pilot, "01kbgone")


async def test_d_shows_the_code_and_e_writes_the_page(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the page on: the difference of the code, and the page as Markdown."""
    monkeypatch.chdir(tmp_path)
    page = WhyScreen(session, run_id(0), run_id(1), "")
    app = Stage(session, lambda: page)
    async with app.run_test(size=NARROW, notifications=True) as pilot:
        await shows(pilot, "Result")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, CodeScreen))
        await pilot.press("escape")
        await shows(pilot, "Result")
        await pilot.press("e")
        await shows(pilot, "Wrote")
    text = written(tmp_path, "why-*.md")[0].read_text("utf-8")
    assert text.startswith("#")
    assert "lr" in text


async def test_news_is_looked_at_after_a_calm_moment_and_one_at_a_time(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often the two log, one answer is worked out, and the next when it is there."""
    gate, asked = threading.Event(), []
    answer = page_of_why.answer

    def slow(*args: object) -> object:
        asked.append(args)
        if len(asked) > 1:
            gate.wait(20)
        return answer(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(page_of_why, "answer", slow)
    page = WhyScreen(session, run_id(0), run_id(1), "")
    try:
        async with Stage(session, lambda: page).run_test(size=NARROW) as pilot:
            await shows(pilot, "Result")
            assert page.found is not None
            news = Changes(changed=frozenset({page.found.a.run}))
            for _ in range(5):
                page.post_message(CatalogueChanged(news))
            await until(pilot, lambda: page._later is not None)
            assert len(asked) == 1
            await until(pilot, lambda: len(asked) == 2)
            page.post_message(CatalogueChanged(news))
            await until(pilot, lambda: page._later is not None)
            await until(pilot, lambda: page._work.again)
            assert len(asked) == 2
            gate.set()
            await until(pilot, lambda: len(asked) == 3)
    finally:
        gate.set()


async def test_marks_baseline_and_metric_are_one_on_both_screens(session: Session) -> None:
    """Marked there, taken out here, and back: the table of runs has followed every step."""
    app = WorkbenchApp(session)
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "run-0", "run-2")
        await pilot.press("space", "space", "space", "2")
        await shows(pilot, "Compare   3 runs")
        assert isinstance(app.screen, CompareScreen)
        await pilot.press("right", "b", "left", "space", "n")
        await shows(pilot, "Compare   2 runs", "(base)")
        left = app.screen.view
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, RunsScreen))
        runs = app.screen
        assert isinstance(runs, RunsScreen)
        assert (runs.view.marks, runs.view.baseline) == (left.marks, left.baseline)
        await until(pilot, lambda: runs.charts.settings.metric == left.metric)
        await shows(pilot, "2 marked")
        await pilot.press("w")
        await shows(pilot, "Result")
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        assert len(app.screen_stack) == 2


async def test_a_view_saved_here_is_opened_here(session: Session) -> None:
    """Marks, baseline and order of mind come back; the file says which screen it was."""
    desk = Desk(session, 3, baseline=run_id(1))
    async with desk.app.run_test(size=WIDE, notifications=True) as pilot:
        await shows(pilot, "3 runs")
        await pilot.press("V")
        await shows(pilot, "Save this view")
        await pilot.press("enter")
        await shows(pilot, "Save this view as")
        await pilot.press(*"three", "enter")
        await shows(pilot, "Saved the view three")
        await pilot.press("space")
        await shows(pilot, "2 runs")
        await pilot.press("V")
        await shows(pilot, "three")
        await pilot.press(*"three", "enter")
        await shows(pilot, "3 runs", "(base)")
        assert desk.taken[-1].screen == "compare"
        assert "│" in screen_text(pilot.app)
