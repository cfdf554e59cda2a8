"""What happened: jobs, faults, changes, and what is new since the last look."""

from pathlib import Path

import pytest

from tests.building import BEGIN, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.operations import activity, edits
from workbench.operations.jobs import CANCELLED, DONE, FAILED, RUNNING, Jobs
from workbench.operations.session import open_session


def test_a_job_tells_how_far_it_is_until_it_is_over() -> None:
    """Newest first; every change is told."""
    clock, told = FixedClock(10.0), []
    jobs = Jobs(clock)
    jobs.on_change = lambda: told.append(len(jobs.lines()))
    first, second = jobs.start("Read"), jobs.start("Copy")
    first.progress(3, 10)
    assert [line.title for line in jobs.lines()] == ["Copy", "Read"]
    assert (first.line.done, first.line.total, first.line.state) == (3, 10, RUNNING)
    clock.advance(5)
    first.end()
    second.end(FAILED, "no room")
    assert (first.line.state, first.line.started, first.line.ended) == (DONE, 10.0, 15.0)
    assert (second.line.state, second.line.message) == (FAILED, "no room")
    assert not jobs.running
    assert told == [1, 2, 2, 2, 2]


def test_a_cancelled_job_is_over_when_the_work_is() -> None:
    """Asking is not ending; a job that is over stays as it is."""
    jobs = Jobs(FixedClock())
    job, done = jobs.start("Read"), jobs.start("Quick")
    done.end()
    for id_ in (job.line.id, done.line.id, 99):
        jobs.cancel(id_)
    assert (job.cancelled, done.cancelled, jobs.running) == (True, False, True)
    job.end()
    assert [line.state for line in jobs.lines()] == [DONE, CANCELLED]


def test_activity_is_what_is_new_until_it_was_looked_at(tmp_path: Path) -> None:
    """Looking is marked by hand, is a person's own, and survives the program."""
    clock = FixedClock(BEGIN + 100)
    root = write_workspace(tmp_path / "w")
    run = write_run(root, number=1, ended=BEGIN + 60)
    with open_session(root, clock=clock, in_memory=True) as session:
        session.sweep()
        edits.edit(session, [run.run_id], {"note": "x"})
        found = activity.activity(session)
        assert (found.last_look, len(found.arrived.runs), len(found.journal)) == (None, 1, 1)
        activity.mark_looked(session)
    write_run(root, number=2, ended=BEGIN + 300)
    with open_session(root, clock=clock, in_memory=True) as session:
        session.sweep()
        found = activity.activity(session)
        assert found.last_look == BEGIN + 100
        assert [one.at for one in found.arrived.runs] == [BEGIN + 300]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "x"}', '{"at": null}', "3"])
def test_a_broken_note_of_the_last_look_is_no_look(tmp_path: Path, text: str) -> None:
    """Everything counts as new then."""
    with open_session(write_workspace(tmp_path), in_memory=True) as session:
        session.state.mkdir(parents=True, exist_ok=True)
        (session.state / "looked.json").write_text(text, "utf-8")
        assert activity.last_look(session) is None


def test_faults_of_the_settings_come_first(tmp_path: Path) -> None:
    """With the line, so that it can be found."""
    root = write_workspace(tmp_path)
    (root / "workbench.toml").write_text("[metrics]\n\nx = = 1\n", "utf-8")
    run = write_run(root)
    (run.writer() / "final.json").write_text("{", "utf-8")
    with open_session(root, in_memory=True) as session:
        session.sweep()
        found = activity.faults(session)
    assert found[0][:1] + found[0][2:3] == ("workbench.toml", 3)
    assert any(line.run_id == run.run_id for line in found[1:])
