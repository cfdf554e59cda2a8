"""The page of a run: every part of it at both sizes, live, and with names that look like markup."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

import workbench
from tests.tui.looking import lines_with, screen_text, until
from tests.tui.stage import ODD_NAME, QUIET, Stage, make_runs, opened, record
from workbench.operations.session import Session
from workbench.tui.run.screen import RunScreen
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.prompt import PromptScreen

NARROW, WIDE = (80, 24), (160, 50)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the runs once; tests that write make their own."""
    return make_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def session(made: Path) -> Iterator[Session]:
    """Open them."""
    with opened(made) as session:
        yield session


def stage(session: Session, name: str = "mlp 0") -> Stage:
    """Return a program that shows a run."""
    run = record(session, name).run
    return Stage(session, lambda: RunScreen(session, run))


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


async def test_the_first_thing_seen_is_how_it_stands(session: Session) -> None:
    """At 80x24 the overview has status, note, id, times, folder and relatives."""
    async with stage(session).run_test(size=NARROW) as pilot:
        text = await shows(pilot, "✓ finished", "first try", "search")
        run = record(session, "mlp 0")
        assert "▸Overview" in text
        assert run.run_id in text
        assert lines_with(text, "experiment")[0].split() == ["experiment", "digits"]
        assert "parent" in lines_with(text, "search")[-1]
        assert all(len(line) <= 80 for line in text.splitlines())


async def test_tab_walks_through_every_part_and_comes_back(session: Session) -> None:
    """The strip names the part that has the keys; after the last comes the first."""
    seen = []
    async with stage(session).run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        for _ in range(13):
            await pilot.press("tab")
            await pilot.pause()
            line = screen_text(pilot.app).splitlines()[1]
            seen.append(line[line.index("▸") + 1 :].split()[0])
    parts = ["Overview", "Metrics", "Params", "Charts", "Files", "Files", "Environment",
             "Environment", "Git", "Console", "Faults", "Overview", "Overview"]  # fmt: skip
    assert seen == parts


async def test_a_wide_screen_shows_four_parts_at_once(session: Session) -> None:
    """Overview, metrics, params and charts stand together at 160x50."""
    async with stage(session).run_test(size=WIDE) as pilot:
        await shows(pilot, "── Overview", "── Metrics", "── Params", "charts", "optim")
        await until(pilot, lambda: len(lines_with(screen_text(pilot.app), "val/auc")) == 2)
        await until(pilot, lambda: "┤" in screen_text(pilot.app))


async def test_metrics_say_what_is_best_where_and_how_many_are_not_numbers(
    session: Session,
) -> None:
    """A row has last, best with its direction and step, a curve, the range, NaN and count."""
    async with stage(session).run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "█" in screen_text(pilot.app))
        text = screen_text(pilot.app)
        auc = next(line for line in lines_with(text, "val/auc") if "↑" in line)
        loss = next(line for line in lines_with(text, "train/loss") if "30" in line)
        assert "↑ 0.8867" in auc
        assert " 29 " in auc
        assert loss.split()[-2:] == ["1", "30"]
        assert "█" in loss


async def test_enter_on_a_metric_focuses_its_chart(session: Session) -> None:
    """The chart of the metric under the cursor comes first and has the keys."""
    async with stage(session).run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        await pilot.press("tab", "tab")
        await shows(pilot, "▸Metrics", "val/auc")
        await pilot.press("down", "enter")
        await shows(pilot, "▸Charts", "val/auc", "┤")


async def test_params_are_a_tree_and_nothing_in_them_is_markup(session: Session) -> None:
    """Dotted names are folded, markup is text, control characters are symbols."""
    async with stage(session).run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        await pilot.press("tab", "tab", "tab")
        text = await shows(pilot, "▸Params", "optim")
        assert "[red]odd" in text
        assert "a␛[2Jb [red]c" in text
        assert lines_with(text, "name")[-1].split()[-1] == "adam"


async def test_letters_narrow_a_part_and_escape_shows_everything(session: Session) -> None:
    """``/`` narrows params by name or value; Esc goes back to all, then closes the page."""
    app = stage(session)
    async with app.run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        await pilot.press("tab", "tab", "tab")
        await shows(pilot, "▸Params", "seed")
        await pilot.press("slash", *"adam", "enter")
        await until(pilot, lambda: "seed" not in screen_text(app))
        assert "optim" in screen_text(app)
        await pilot.press("escape")
        await shows(pilot, "seed")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, RunScreen))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("report.csv", ("class", "recall", "0.91", "2 rows")),
        ("settings.json", ('"deep": {', '"er": [')),
        ("[bold]odd.txt", ("plain ␛[31mred [red]text",)),
        ("model.pkl", ("never opened here",)),
        ("confusion.png", ("▀▀▀",)),
    ],
)
async def test_files_are_shown_for_what_they_are(
    session: Session, name: str, words: tuple[str, ...]
) -> None:
    """Tables as tables, JSON indented, text as text, pictures as half blocks, pickles not."""
    app = stage(session)
    async with app.run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        app.screen.go_to("files")
        await shows(pilot, "▸Files", name)
        app.screen.query_one("#files-list", ListTable).go_to(f"{name}")
        await shows(pilot, *words)


async def test_a_picture_keeps_its_colours(session: Session) -> None:
    """The upper half of the picture is red and the lower half blue."""
    app = stage(session)
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "✓ finished")
        app.screen.go_to("files")
        app.screen.query_one("#files-list", ListTable).go_to("confusion.png")
        await shows(pilot, "▀▀▀")
        painted = [
            segment.style
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if "▀▀▀" in segment.text and segment.style
        ]
        assert painted[0].color.get_truecolor() == (255, 0, 0)
        assert painted[0].bgcolor.get_truecolor() == (255, 0, 0)
        assert painted[-1].color.get_truecolor() == (0, 0, 255)


async def test_the_console_is_as_a_terminal_would_have_left_it(session: Session) -> None:
    """Overwritten text is gone and colours are not shown as rubbish."""
    app = stage(session)
    async with app.run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        app.screen.go_to("console")
        text = await shows(pilot, "done seed 0")
        assert "half" not in text
        assert "[32m" not in text


async def test_a_crash_shows_its_error_and_the_empty_parts_say_why(session: Session) -> None:
    """Failed, the last lines of the traceback, and a sentence wherever there is nothing."""
    app = stage(session, ODD_NAME)
    async with app.run_test(size=NARROW) as pilot:
        text = await shows(pilot, "✗ failed", "cannot [bold]fit")
        assert ODD_NAME.replace("図", "") in text
        for part, words in {
            "metrics": "no metric yet",
            "files": "no files behind",
            "environment": "No packages were recorded",
            "console": "No output was kept",
            "faults": "could be read",
        }.items():
            app.screen.go_to(part)
            await shows(pilot, words)


async def test_children_open_with_enter_and_the_parent_is_the_way_back(session: Session) -> None:
    """Enter on a child opens it; Enter on its parent returns to the page beneath."""
    app = stage(session, "search")
    async with app.run_test(size=NARROW) as pilot:
        await shows(pilot, "mlp 0", "mlp 1", "child")
        await pilot.press("tab", "down", "enter")
        await shows(pilot, "› mlp 1", "parent")
        await pilot.press("tab", "enter")
        await shows(pilot, "› search")
        assert len(app.screen_stack) == 2


async def test_a_live_run_grows_and_the_cursor_stays(tmp_path: Path) -> None:
    """New metrics of a running script appear; the cursor stays on its metric."""
    with workbench.start_run("live", "live one", workspace=tmp_path, **QUIET) as run:
        run.log({"a": 1.0, "c": 1.0}, step=0)
        with opened(tmp_path) as session:
            app = stage(session, "live one")
            async with app.run_test(size=NARROW) as pilot:
                await shows(pilot, "▶ running")
                app.screen.go_to("metrics")
                table = app.screen.query_one("#metrics-list", ListTable)
                table.go_to("c")
                run.log({"b": 2.5, "c": 7.25}, step=1)
                app.watch_again()
                await shows(pilot, "2.500", "7.250")
                assert table.entry is not None
                assert table.entry.key == "c"


async def test_a_name_is_changed_and_taken_back(tmp_path: Path) -> None:
    """An edit shows at once and ``u`` takes it back."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "✓ finished")
            app.screen.press_rename()
            await until(pilot, lambda: isinstance(app.screen, PromptScreen))
            await pilot.press(*"-x", "enter")
            await shows(pilot, "› mlp 0-x")
            await until(pilot, lambda: app.screen.opened.undoable)
            await pilot.press("u")
            await until(pilot, lambda: "› mlp 0-x" not in screen_text(app))
            assert record(session, "mlp 0").name == "mlp 0"


async def test_archiving_is_one_key_and_its_own_way_back(tmp_path: Path) -> None:
    """``D`` puts the run away and says so; ``D`` again brings it back."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "✓ finished")
            await pilot.press("D")
            await until(pilot, lambda: app.screen.opened.detail.record.archived)
            await pilot.press("D")
            await until(pilot, lambda: not app.screen.opened.detail.record.archived)


async def test_y_copies_what_is_in_focus(session: Session) -> None:
    """The run's id from the overview, a file's path from the files, a value from the params."""
    app = stage(session)
    async with app.run_test(size=NARROW) as pilot:
        await shows(pilot, "✓ finished")
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard == record(session, "mlp 0").run_id)
        app.screen.go_to("files")
        app.screen.query_one("#files-list", ListTable).go_to("report.csv")
        await pilot.press("y")
        await until(pilot, lambda: app.clipboard.endswith("report.csv"))
    with open(app.clipboard, encoding="utf-8") as file:  # noqa: ASYNC230, PTH123 - the app is gone
        assert file.readline() == "class,recall\n"


async def test_z_gives_one_part_the_whole_screen(session: Session) -> None:
    """On a wide screen the others make room and come back."""
    app = stage(session)
    async with app.run_test(size=WIDE) as pilot:
        await shows(pilot, "── Metrics", "── Params")
        app.screen.go_to("params")
        await pilot.press("z")
        await until(pilot, lambda: "── Metrics" not in screen_text(app))
        assert "optim" in screen_text(app)
        await pilot.press("escape")
        await shows(pilot, "── Metrics", "── Params")


async def test_faults_of_a_run_are_listed_with_their_reason(tmp_path: Path) -> None:
    """A line that does not decode is shown with its path, and counted on the strip."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        folder = session.root / record(session, "mlp 0").path
    with (folder / "writers" / "0" / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"step": nonsense\n')
    with opened(tmp_path) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "✓ finished", "Faults 1")
            app.screen.go_to("faults")
            await shows(pilot, "metrics.jsonl", "31")
            await pilot.press("enter")
            await shows(pilot, "Esc closes", "does not decode")
