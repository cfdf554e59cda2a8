"""Activity: what is new, requests, long work, faults, who changed what; each says why if empty."""

import os
from pathlib import Path

import pytest
from textual.pilot import Pilot

import workbench
from tests.drift_building import drift_workspace
from tests.tui.looking import lines_with, screen_text, until
from tests.tui.stage import ODD_NAME, QUIET, Stage, make_runs, opened, record
from workbench.operations import edits
from workbench.operations.activity import activity, last_look
from workbench.operations.edits import EditLine
from workbench.operations.session import Session
from workbench.tui.activity.lists import bar
from workbench.tui.activity.screen import ActivityScreen
from workbench.tui.run.screen import RunScreen
from workbench.tui.whole import WholeScreen

NARROW, WIDE = (80, 24), (160, 50)


def stage(session: Session) -> Stage:
    """Return a program that shows what happened."""
    return Stage(session, lambda: ActivityScreen(session))


async def shows(pilot: Pilot[None], *words: str) -> str:
    """Wait until all words are on the screen, and return it."""
    await until(pilot, lambda: all(word in screen_text(pilot.app) for word in words))
    return screen_text(pilot.app)


def damage(path: Path) -> None:
    """Put a run there whose card cannot be read."""
    folder = path / "runs" / "digits" / "01zzzzzzzzzzzzzzzzzzzzzzzz"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text("{nope", "utf-8")
    os.utime(path / "runs" / "digits")


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """Make a workspace in which everything happened."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        ids = [record(session, name).run_id for name in ("mlp 0", "mlp 1")]
        edits.edit(session, ids, {"tags.owner": "[bold]ann"})
        edits.edit(session, ids[:1], {"note": "look\nagain"})
    damage(tmp_path)
    return tmp_path


async def test_everything_that_happened_is_on_one_wide_screen(full: Path) -> None:
    """New runs, jobs, faults and the journal stand together at 160x50."""
    with opened(full) as session:
        async with stage(session).run_test(size=WIDE) as pilot:
            text = await shows(pilot, "── New", "── Jobs", "── Faults", "── Journal", "mlp 1")
            assert "this is the first look" in text
            assert "run.json" in lines_with(text, "is not JSON")[0]
            assert "[bold]ann" in lines_with(text, "tags.owner")[0]
            assert "1 other" in lines_with(text, "tags.owner")[0]
            assert ODD_NAME in text


async def test_one_part_at_a_time_in_a_small_terminal(full: Path) -> None:
    """The strip counts all parts; Tab goes through them."""
    with opened(full) as session:
        async with stage(session).run_test(size=NARROW) as pilot:
            text = await shows(pilot, "▸New", "Faults 1", "Journal 2", "mlp 0")
            assert all(len(line) <= 80 for line in text.splitlines())
            await pilot.press("tab")
            await shows(pilot, "▸Requests", "Nobody asks for a promotion")
            await pilot.press("tab")
            await shows(pilot, "▸Alerts", "Nothing drifted")
            await pilot.press("tab")
            await shows(pilot, "▸Jobs", "Nothing runs")
            await pilot.press("tab")
            await shows(pilot, "▸Faults", "is not JSON")
            await pilot.press("tab")
            await shows(pilot, "▸Journal", "note = look↵again")


async def test_alerts_are_listed_and_acknowledged(tmp_path: Path) -> None:
    """A asks for a note; then the alert is open no more, the journal says who, Enter leads on."""
    root = drift_workspace(tmp_path / "w")
    with opened(root) as session:
        async with stage(session).run_test(size=NARROW) as pilot:
            text = await shows(pilot, "▸Alerts 1", "flights 2013-12")
            assert all(len(line) <= 80 for line in text.splitlines())
            await pilot.press("A")
            await shows(pilot, "Acknowledge flights 2013-12?", "since 2013-07")
            await pilot.press(*"seen", "enter")
            await until(pilot, session.alert_records)
            (record,) = session.alert_records().values()
            assert (record.label, record.said) == ("2013-12", "seen")
            await until(pilot, lambda: isinstance(pilot.app.screen, ActivityScreen))
            await pilot.press("enter")
            await until(pilot, lambda: type(pilot.app.screen).__name__ == "MonitorScreen")
        assert [one.what for one in journal_of(session)] == [
            "acknowledged 2013-12 of flights: seen"
        ]


def journal_of(session: Session) -> tuple[EditLine, ...]:
    """Return what was said of alerts, as the journal tells it."""
    return tuple(one for one in activity(session).journal if one.monitor)


async def test_empty_parts_say_what_would_be_there(tmp_path: Path) -> None:
    """A workspace in which nothing happened has four sentences."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        from workbench.operations.activity import mark_looked

        mark_looked(session)
        async with stage(session).run_test(size=WIDE) as pilot:
            await shows(
                pilot, "No run began", "Nothing runs", "could be read", "Nobody has changed"
            )


async def test_what_was_seen_is_not_new_again(tmp_path: Path) -> None:
    """Leaving remembers the moment; only runs since then are new."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        async with stage(session).run_test(size=NARROW) as pilot:
            await shows(pilot, "mlp 0")
            assert last_look(session) is None
            await pilot.press("escape")
        assert last_look(session) is not None
        with workbench.start_run("digits", "after", workspace=tmp_path, **QUIET):
            pass
        session.sweep()
        async with stage(session).run_test(size=NARROW) as pilot:
            text = await shows(pilot, "after", "1 new")
            assert not lines_with(text, "mlp 0")


async def test_enter_goes_to_the_run(full: Path) -> None:
    """A new run, and a fault of a run, open the run's page."""
    with opened(full) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "mlp 0")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RunScreen))
            await pilot.press("escape")
            await shows(pilot, "▸New")
            app.screen.go_to("faults")
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, RunScreen))
            await shows(pilot, "▸Faults")


async def test_a_change_of_several_runs_is_shown_whole(full: Path) -> None:
    """Who, when, what, and all runs it was about."""
    with opened(full) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "mlp 0")
            app.screen.go_to("journal")
            await pilot.press("down", "enter")
            await until(pilot, lambda: isinstance(app.screen, WholeScreen))
            await shows(pilot, "tags.owner = [bold]ann", "mlp 0", "mlp 1")


async def test_a_job_shows_how_far_it_is_and_can_be_cancelled(tmp_path: Path) -> None:
    """Progress in blocks and percent; ``D`` asks it to end, and the working thread hears it."""
    make_runs(tmp_path)
    with opened(tmp_path) as session:
        job = session.jobs.start("rebuild [the] catalogue")
        job.progress(31, 50, "reading digits")
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Jobs 1")
            app.screen.go_to("jobs")
            text = await shows(pilot, "rebuild [the] catalogue", "▶ running")
            assert "█████████░░░░░░░ 62%" in text
            await pilot.press("D")
            await until(pilot, lambda: job.cancelled)
            job.end()
            await shows(pilot, "■ cancelled")


async def test_f_goes_to_the_newest_run(full: Path) -> None:
    """From wherever one is, ``f`` puts the cursor on the first new run."""
    with opened(full) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "mlp 0")
            app.screen.go_to("journal")
            await pilot.press("f")
            await shows(pilot, "▸New")


async def test_y_copies_a_fault_with_path_and_reason(full: Path) -> None:
    """What one pastes into a message to a colleague."""
    with opened(full) as session:
        app = stage(session)
        async with app.run_test(size=NARROW) as pilot:
            await shows(pilot, "Faults 1")
            app.screen.go_to("faults")
            await pilot.press("y")
            await until(pilot, lambda: "is not JSON" in app.clipboard)
            assert "01zzzzzzzzzzzzzzzzzzzzzzzz/run.json" in app.clipboard


@pytest.mark.parametrize(
    ("done", "total", "words"),
    [(0, 0, ""), (7, 0, "7 so far"), (0, 4, "░░░░ 0%"), (1, 2, "██░░ 50%"), (9, 4, "████ 100%")],
)
def test_progress_as_text(done: int, total: int, words: str) -> None:
    """Blocks and percent where the end is known, a count where it is not."""
    assert bar(done, total, 4) == words
