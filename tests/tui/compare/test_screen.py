"""The compare screen: at both sizes, with few and very many runs, live, and by its keys."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, append_metrics, run_id, write_run, write_workspace
from tests.tui.compare.builders import (
    NARROW,
    WIDE,
    Desk,
    delete,
    opened,
    shows,
    write_runs,
    written,
)
from tests.tui.looking import lines_with, screen_text, until
from workbench.operations.compare import Comparison, compare
from workbench.operations.session import Session
from workbench.operations.views import View
from workbench.tui.compare.code import CodeScreen
from workbench.tui.run.screen import RunScreen


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write eight runs once."""
    return write_runs(tmp_path_factory.mktemp("runs"), 8)


@pytest.fixture
def session(made: Path) -> Iterator[Session]:
    """Open them."""
    with opened(made) as session:
        yield session


def row(text: str, name: str) -> str:
    """Return the line of the table that begins with a name."""
    return next(line for line in text.splitlines() if line[1:].lstrip().startswith(name))


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("number", [2, 8])
async def test_what_differs_stands_over_or_beside_the_curves(
    session: Session, number: int, size: tuple[int, int]
) -> None:
    """Runs by label, the differences, the number of equal rows, and a chart; nothing too wide."""
    desk = Desk(session, number)
    labels = ("b lr=0.1",) if number == 2 or size == WIDE else ("b 0.1", "c 0.01", "d 0.001")
    async with desk.app.run_test(size=size) as pilot:
        text = await shows(pilot, f"{number} runs", "params", "a lr=1 ", *labels, "┤", "└")
        assert "1 differ, 2 equal rows" in lines_with(text, "params")[0]
        assert all(len(line) <= size[0] for line in text.splitlines())
        chart = next(n for n, line in enumerate(text.splitlines()) if "charts" in line)
        assert chart > 10 if size == NARROW else chart == 1
        assert len(text.splitlines()) == size[1]


async def test_names_stay_while_forty_runs_scroll(tmp_path: Path) -> None:
    """The last of forty columns can be gone to; the names are still at the left."""
    with opened(write_runs(tmp_path, 40)) as session:
        desk = Desk(session, 40)
        async with desk.app.run_test(size=NARROW) as pilot:
            await shows(pilot, "40 runs", "›", "10 of 40 runs drawn")
            await pilot.press(*["right"] * 45)
            text = await shows(pilot, "an 1e-39")
            assert "‹" in text.splitlines()[1]
            assert lines_with(text, "lr ")[-1].startswith(("▌  lr", "   lr"))
            here = desk.screen.run_here
            assert here is not None
            assert here.run_id == run_id(39)


async def test_very_many_rows_are_made_as_they_are_looked_at(tmp_path: Path) -> None:
    """300 params and 2,000 metrics: the end is a key away and no page but the seen ones is made."""
    with opened(write_runs(tmp_path, 3, params=300, metrics=2_000)) as session:
        desk = Desk(session, 3, equal=True)
        async with desk.app.run_test(size=WIDE) as pilot:
            await shows(pilot, "group_0", "all rows")
            pages = desk.screen.table._pages._pages
            assert len(pages) <= 2
            await pilot.press("G")
            await shows(pilot, "environment")
            assert len(pages) < 6
            await pilot.press("g", "slash", *"layer1999/", "enter")
            await shows(pilot, "/layer1999/")


async def test_equal_rows_open_and_fold_and_the_choice_is_handed_back(session: Session) -> None:
    """``=`` shows the equal rows; the view says so from then on."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=WIDE) as pilot:
        text = await shows(pilot, "── differences", "= opens")
        assert not lines_with(text, "param_1")
        await pilot.press("=")
        await shows(pilot, "── all rows", "= folds", "param_1")
        assert desk.taken[-1].equal
        await pilot.press("=")
        await shows(pilot, "── differences")


async def test_the_cursor_goes_from_difference_to_difference(session: Session) -> None:
    """``}`` and ``{`` pass over everything that is equal, and say when there is no other."""
    desk = Desk(session, 2, equal=True)
    async with desk.app.run_test(size=WIDE, notifications=True) as pilot:
        await shows(pilot, "param_1")
        await pilot.press("g", "}")
        seen = []
        for _ in range(4):
            fact = desk.screen.fact_here
            assert fact is not None
            assert fact.differs
            seen.append(fact.name)
            await pilot.press("}")
        assert seen == ["duration", "lr", "train/loss", "val/auc"]
        await shows(pilot, "There is no difference below.")
        await pilot.press("{")
        assert desk.screen.fact_here is not None
        assert desk.screen.fact_here.name == "train/loss"


async def test_the_run_of_the_column_becomes_the_baseline(session: Session) -> None:
    """``b`` shows differences to it in the table; once more, and there is none."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "a lr=1")
        await pilot.press("right", "b")
        text = await shows(pilot, "b lr=0.1 (base)")
        assert desk.taken[-1].baseline == run_id(1)
        assert "-0.25" in row(text, "val/auc")
        assert desk.screen.charts.subject.baseline is not None
        await pilot.press("b")
        await until(pilot, lambda: "(base)" not in screen_text(pilot.app))
        assert desk.taken[-1].baseline == ""


async def test_space_takes_the_run_of_the_column_out(session: Session) -> None:
    """The others stay; with one left the screen says what to do."""
    desk = Desk(session, 3)
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "3 runs", "a lr=1")
        await pilot.press("right", "space")
        await shows(pilot, "2 runs", "b lr=0.01")
        assert desk.taken[-1].marks == (run_id(0), run_id(2))
        await pilot.press("space")
        await shows(pilot, "One run is marked", "Space, then press 2")


async def test_with_no_marks_it_says_what_to_do(session: Session) -> None:
    """Never a blank page."""
    async with Desk(session, 0).app.run_test(size=NARROW) as pilot:
        await shows(pilot, "No runs are marked", "Mark two or more runs on the Runs screen")


async def test_runs_are_ordered_by_the_row_under_the_cursor(session: Session) -> None:
    """``s`` puts the best first, the column under the cursor stays on its run, ``S`` turns it."""
    desk = Desk(session, 3)
    async with desk.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "a lr=1")
        await pilot.press("}", "}", "}", "s")
        text = await shows(pilot, "ordered by val/auc", "val/auc ↑ ▼")
        assert text.index("c lr=0.01") < text.index("b lr=0.1") < text.index("a lr=1 ")
        assert desk.screen.run_here is not None
        assert desk.screen.run_here.run_id == run_id(0)
        await pilot.press("S")
        text = await shows(pilot, "val/auc ↑ ▲")
        assert text.index("a lr=1 ") < text.index("b lr=0.1")
        await pilot.press("s")
        await until(pilot, lambda: "ordered by" not in screen_text(pilot.app))


async def test_letters_narrow_the_rows_and_esc_shows_them_again(session: Session) -> None:
    """What matches nothing says so in the table's place; the charts stay."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "a lr=1")
        await pilot.press("slash", *"auc")
        await until(pilot, lambda: not lines_with(screen_text(pilot.app), "params"))
        await pilot.press("x", "enter")
        await shows(pilot, "Nothing here is called aucx", "── charts")
        await pilot.press("escape")
        await shows(pilot, "params", "a lr=1")
        assert desk.app.screen is desk.screen


async def test_metrics_are_read_at_a_step(session: Session) -> None:
    """``@`` and a number: table and charts show the values there, and both say so."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=WIDE) as pilot:
        text = await shows(pilot, "0.25")
        await pilot.press("@", "0", "enter")
        text = await shows(pilot, "at step 0", "↑ 1 ")
        assert "0.5" in row(text, "val/auc")
        assert desk.taken[-1].at == 0


async def test_another_metric_is_remembered_for_both_screens(session: Session) -> None:
    """``n`` shows it first in the charts, and the view that is handed back holds it."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "metric val/auc")
        await pilot.press("n")
        await shows(pilot, "metric train/loss")
        await until(pilot, lambda: desk.taken and desk.taken[-1].metric == "train/loss")


async def test_curves_are_averaged_over_a_group(session: Session) -> None:
    """``o`` draws the mean of the runs that are equal in something."""
    desk = Desk(session, 4)
    async with desk.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "4 runs", "a lr=1")
        await pilot.press("o", *"Exper", "enter")
        await until(pilot, lambda: len(desk.screen.charts.subject.groups) == 1)
        assert desk.screen.charts.subject.groups[0].label == "experiment=churn"
        await shows(pilot, "experiment=churn (n=4)")


async def test_enter_opens_the_run_of_the_column(session: Session) -> None:
    """Whatever the row is; and back again the cursor is where it was."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "a lr=1")
        await pilot.press("right", "enter")
        await until(pilot, lambda: isinstance(desk.app.screen, RunScreen))
        await shows(pilot, "run-1")
        await pilot.press("escape")
        await shows(pilot, "a lr=1")
        assert desk.screen.run_here is not None
        assert desk.screen.run_here.run_id == run_id(1)


async def test_d_shows_how_the_code_differs_or_what_is_missing(session: Session) -> None:
    """Both runs name a commit that is nowhere: the page says what could not be compared."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "a lr=1")
        await pilot.press("right", "d")
        await until(pilot, lambda: isinstance(desk.app.screen, CodeScreen))
        await shows(pilot, "a lr=1 → b lr=0.1", "9f3c")
        await pilot.press("escape")
        await shows(pilot, "params")


async def test_y_copies_the_value_and_the_row(session: Session) -> None:
    """The whole value, without its room; the row with the names of the runs."""
    desk = Desk(session, 2)
    async with desk.app.run_test(size=NARROW) as pilot:
        await shows(pilot, "a lr=1")
        await pilot.press("}", "right", "y")
        await until(pilot, lambda: desk.app.clipboard == "0.1")
        await pilot.press("Y")
        await until(pilot, lambda: desk.app.clipboard == "\ta lr=1\tb lr=0.1\nlr\t1\t0.1")


async def test_e_writes_the_page_and_its_charts(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markdown with the table, an SVG beside it for every chart, and the screen says where."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(session, 2)
    async with desk.app.run_test(size=WIDE, notifications=True) as pilot:
        await shows(pilot, "a lr=1", "┤")
        await pilot.press("e")
        await shows(pilot, "Wrote")
        (told,) = [one.message for one in desk.app._notifications]
    (file,) = written(tmp_path, "compare-*.md")
    assert told == f"Wrote {file} and 2 charts beside it"
    page = file.read_text("utf-8")
    assert "| lr | 1 | 0.1 |" in page
    pictures = written(tmp_path, "compare-*.svg")
    assert len(pictures) == 2
    assert all(f"]({picture.name})" in page for picture in pictures)
    assert all(picture.read_text("utf-8").startswith("<svg") for picture in pictures)
    drawn = written(tmp_path, "compare-*.txt")
    assert [one.stem for one in drawn] == [one.stem for one in pictures]
    assert all("b lr=0.1" in one.read_text("utf-8") for one in drawn)


async def test_a_run_that_logs_on_moves_and_the_cursor_stays(tmp_path: Path) -> None:
    """New values come into the row under the cursor; nothing else moves."""
    write_runs(tmp_path, 2)
    going = write_run(tmp_path, number=9, name="going", status=None, params={"lr": 5.0})
    with opened(tmp_path) as session:
        marks = (run_id(0), going.run_id)
        desk = Desk(session, 0)
        desk.screen.view = View(marks=marks)
        async with desk.app.run_test(size=WIDE) as pilot:
            await shows(pilot, "b going", "Values may still change of")
            await pilot.press("slash", *"loss", "enter")
            await shows(pilot, "/loss")
            await pilot.press("G", "right")
            row = desk.screen.table.cursor_row
            append_metrics(going, [(9, BEGIN + 9, {"loss": 77.0})])
            desk.app.watch_again()
            await shows(pilot, "77")
            assert desk.screen.table.cursor_row is not None
            assert row is not None
            assert desk.screen.table.cursor_row.key == row.key


async def test_a_run_deleted_meanwhile_is_said_and_the_rest_stays(tmp_path: Path) -> None:
    """Two of three are still compared; with one left the screen says so."""
    write_runs(tmp_path, 3)
    with opened(tmp_path) as session:
        desk = Desk(session, 3)
        async with desk.app.run_test(size=NARROW) as pilot:
            await shows(pilot, "3 runs")
            for number in (1, 2):
                delete(tmp_path, number)
                desk.app.watch_again()
                await shows(pilot, "any more" if number == 1 else "Too few of the marked runs")
                if number == 1:
                    await shows(pilot, f"no run b lr=0.1 ({run_id(1)})", "c lr=0.01")
            assert desk.screen.view.marks == tuple(run_id(k) for k in range(3))


async def test_runs_without_steps_git_or_common_metrics_are_compared(tmp_path: Path) -> None:
    """What there is, is shown; what is missing is said under the table."""
    write_run(tmp_path, number=0, name="no metric", metrics=[], git=None)
    write_run(tmp_path, number=1, name="no step", metrics=[(None, BEGIN, {"loss": 1.0})],
              params={}, git=None)  # fmt: skip
    with opened(tmp_path) as session:
        async with Desk(session, 2).app.run_test(size=WIDE) as pilot:
            await shows(
                pilot, "2 runs", "No metric was logged by no metric", "No git commit is known"
            )


async def test_no_key_waits_for_a_comparison_and_esc_leaves_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While runs are read the header says so, keys are answered, and Esc goes back at once."""
    going = threading.Event()

    def slow(*args: Any, **more: Any) -> Comparison:
        going.wait(30)
        return compare(*args, **more)

    monkeypatch.setattr("workbench.operations.compare.compare", slow)
    desk = Desk(session, 2)
    async with desk.app.run_test(size=NARROW) as pilot:
        try:
            await shows(pilot, "◌ comparing")
            await pilot.press("?")
            await shows(pilot, "Keys: Compare")
            await pilot.press("escape", "escape")
            await until(pilot, lambda: desk.app.screen is not desk.screen)
        finally:
            going.set()


async def test_a_newer_question_is_not_undone_by_an_older_answer(session: Session) -> None:
    """Keys pressed quickly one after the other end where the last of them says."""
    desk = Desk(session, 4)
    async with desk.app.run_test(size=WIDE) as pilot:
        await shows(pilot, "4 runs")
        await pilot.press("=", "b", "=", "right", "b", "space", "=")
        await shows(pilot, "3 runs", "all rows", "param_1")
        assert desk.taken[-1].marks == (run_id(0), run_id(2), run_id(3))
        assert desk.taken[-1].baseline == ""
        assert "(base)" not in screen_text(pilot.app)


async def test_what_is_missing_can_be_read_to_its_end(tmp_path: Path) -> None:
    """Sentences that have no place are counted; Tab opens them, Esc folds them again."""
    write_workspace(tmp_path)
    write_run(tmp_path, number=0, name="one", params={}, git=None, metrics=[])
    write_run(tmp_path, number=1, name="two", status=None, metrics=[(None, BEGIN, {"auc": 1.0})])
    write_run(tmp_path, number=2, name="six", metrics=[(0, BEGIN, {"loss": 1.0})])
    with opened(tmp_path) as session:
        desk = Desk(session, 3)
        async with desk.app.run_test(size=NARROW) as pilot:
            text = await shows(pilot, "more  Tab reads them")
            assert "No packages were" not in text
            await pilot.press("tab")
            text = await shows(pilot, "No packages were recorded by any of the runs.")
            assert "reads them" not in text
            await pilot.press("escape")
            await shows(pilot, "more  Tab reads them")
            assert desk.screen.table.has_focus
