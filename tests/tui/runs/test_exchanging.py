"""Runs taken in and handed on from the runs screen."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.building import points, write_run, write_workspace
from tests.tui.looking import screen_text, toasts, until
from tests.tui.stage import Stage
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.catalogue.query import Column
from workbench.clock import FixedClock
from workbench.errors import StoppedError
from workbench.operations.importing.import_runs import import_runs
from workbench.operations.importing.values import Options, Stop
from workbench.operations.run_words import came_from
from workbench.operations.session import Session, open_session
from workbench.tui.activity.lists import job_entries
from workbench.tui.activity.screen import ActivityScreen
from workbench.tui.keyed import live_keys, press
from workbench.tui.run.screen import RunScreen
from workbench.tui.runs.screen import RunsScreen
from workbench.tui.whole import WholeScreen
from workbench.tui.widgets.prompt import PromptScreen

SIZE = (120, 40)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A workspace with two runs, beside another one with one."""
    root = write_workspace(tmp_path / "w")
    for number in range(2):
        write_run(root, number=number, name=f"run-{number}", metrics=points(3, "loss"))
    write_run(tmp_path / "other", number=7, name="elsewhere")
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


async def test_runs_are_imported_by_their_path(session: Session, tmp_path: Path) -> None:
    """What came of it is told, and they are in the workspace."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.known_here is not None)
        await press(screen, "import-runs")
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptScreen))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "other")
        await pilot.press("enter")
        await until(pilot, lambda: "Copied 1 run." in toasts(pilot.app))
    assert len(list((session.root / "runs" / "churn").glob("0*"))) == 3


async def ask_import(screen: RunsScreen, pilot: Pilot[None], path: Path) -> None:
    """Ask for the runs at a path."""
    await until(pilot, lambda: screen.known_here is not None)
    await press(screen, "import-runs")
    await until(pilot, lambda: isinstance(pilot.app.screen, PromptScreen))
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")


async def test_the_report_of_an_import_is_in_activity(session: Session, tmp_path: Path) -> None:
    """Its row has a line; Enter shows what did not come along, and where all of it is."""
    write_run(tmp_path / "other", number=8, name="going on", status=None)
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await ask_import(screen, pilot, tmp_path / "other")
        await until(pilot, lambda: "Not all came along as it was." in toasts(pilot.app))
        assert "reports/imports" not in toasts(pilot.app)
        activity = ActivityScreen(session)
        await pilot.app.push_screen(activity)
        activity.go_to("jobs")
        await until(pilot, lambda: "✓ done" in _squeezed(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WholeScreen))
        text = screen_text(pilot.app)
        assert "status" in text
        assert "All of it is in reports/imports/" in text


async def test_a_copied_run_says_where_it_is_from(session: Session, tmp_path: Path) -> None:
    """On its page, beside the other facts, and by `show`; one that was not copied says nothing."""
    path = tmp_path / "elsewhere" / "fold0"
    path.mkdir(parents=True)
    (path / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    import_runs(session, path.parent, Options(), lambda *_: None, lambda: False)
    session.sweep()
    found = {one.name: one for one in cards(session.catalogue, every(session.catalogue))}
    assert came_from(found["run-0"]) == ""
    copied = found["fold0"]
    assert came_from(copied) == f"plain, {path}"
    screen = RunScreen(session, copied.run)
    async with Stage(session, lambda: screen).run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: "imported from" in screen_text(pilot.app))
        assert "plain, /" in screen_text(pilot.app)


async def test_runs_are_grouped_by_format(session: Session) -> None:
    """Like by their experiment or how they ended."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.known_here is not None)
        await pilot.press("o", *"format")
        await until(pilot, lambda: "the tool that wrote it" in screen_text(pilot.app))
        await pilot.press("enter")
        await until(pilot, lambda: screen.view.group == (Column("attribute", "format"),))
        await until(pilot, lambda: "native" in screen_text(pilot.app))


async def test_an_import_is_a_job_from_its_start_and_says_how_it_goes_on(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled it ends where it can; its row is no failure and says what to do."""
    may = Event()

    def wait(_session: Session, _path: Path, _options: object, _tell: object, stop: Stop) -> None:
        while not stop():
            may.wait(0.01)
        raise StoppedError("Stopped: 1 of 3 runs copied.", hint="The same command goes on.")

    monkeypatch.setattr("workbench.operations.importing.import_runs.import_runs", wait)
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await ask_import(screen, pilot, tmp_path / "other")
        await until(pilot, lambda: bool(session.jobs.lines()))
        (job,) = session.jobs.lines()
        assert (job.title, job.state, job.stoppable) == ("Import runs", "running", True)
        session.jobs.cancel(job.id)
        await until(pilot, lambda: not session.jobs.running)
        (job,) = session.jobs.lines()
        assert job.state == "cancelled"
        assert job.message == "Stopped: 1 of 3 runs copied. The same command goes on."
        assert job_entries([job], 0.0)[0].cells[1].text == "■ cancelled"


def _squeezed(pilot: Pilot[None]) -> str:
    return " ".join(screen_text(pilot.app).split())


async def test_a_path_without_runs_is_asked_for_again(session: Session, tmp_path: Path) -> None:
    """With what was written and one sentence that says what is wrong."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.known_here is not None)
        await press(screen, "import-runs")
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptScreen))
        first = pilot.app.screen
        await pilot.press("enter")
        assert "A path is needed." in screen_text(pilot.app)
        first.query_one(Input).value = str(tmp_path / "nowhere")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen not in (first, screen))
        assert "does not exist." in screen_text(pilot.app)
        assert pilot.app.screen.query_one(Input).value == str(tmp_path / "nowhere")


async def test_marked_runs_are_written_for_mlflow(session: Session, tmp_path: Path) -> None:
    """Only those; a folder with something else in it is asked for again."""
    screen = RunsScreen(session)
    async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
        await until(pilot, lambda: screen.known_here is not None)
        await pilot.press("space")
        await until(pilot, lambda: len(screen.marks()) == 1)
        await press(screen, "export-mlflow")
        await until(pilot, lambda: isinstance(pilot.app.screen, PromptScreen))
        first = pilot.app.screen
        first.query_one(Input).value = str(tmp_path / "other")
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen not in (first, screen))
        await until(pilot, lambda: "export wrote" in screen_text(pilot.app))
        pilot.app.screen.query_one(Input).value = str(tmp_path / "store")
        await pilot.press("enter")
        await until(pilot, lambda: "Wrote 1 run to" in toasts(pilot.app))
    assert len(list((tmp_path / "store").glob("*/*/meta.yaml"))) == 1


async def test_nothing_is_imported_where_nothing_can_be_written(tmp_path: Path) -> None:
    """A folder of another tool is only looked at; the palette says why."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "metrics.csv").write_text("step,loss\n0,1\n1,0.5\n")
    with open_session(tmp_path / "logs", clock=FixedClock(), in_memory=True) as session:
        screen = RunsScreen(session)
        async with Stage(session, lambda: screen).run_test(size=SIZE) as pilot:
            await pilot.pause()
            (key,) = [key for key in live_keys(screen, "runs") if key.id == "import-runs"]
            assert key.palette
            assert key.why_not(screen.key_context()) == session.why_not != ""
