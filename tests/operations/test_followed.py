"""A followed folder that is away: it is told everywhere, and its runs stay."""

import shutil
from pathlib import Path

import pytest

from tests.building import write_workspace
from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.clock import FixedClock
from workbench.operations import activity, doctor
from workbench.operations.edits import edit
from workbench.operations.session import Session, open_session
from workbench.settings import SETTINGS

GONE = "is not there (followed in workbench.toml); runs seen there before stay listed"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that follows two folders with a run each."""
    made = write_workspace(tmp_path / "w")
    for name in ("A", "B"):
        (tmp_path / name / "run").mkdir(parents=True)
        (tmp_path / name / "run" / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    (made / SETTINGS).write_text('[sources]\nfolders = ["../A", "../B"]\n', "utf-8")
    return made


def roots(session: Session) -> list[str]:
    """Return where the runs are that there are."""
    found = cards(session.catalogue, every(session.catalogue))
    return sorted(record.root for record in found)


def test_the_runs_of_a_folder_that_is_away_stay_and_it_is_told(root: Path, tmp_path: Path) -> None:
    """In the session that sees it go, and in one that opens later."""
    with open_session(root, clock=FixedClock()) as session:
        session.sweep()
        (tmp_path / "B").rename(tmp_path / "away")
        session.sweep()
        assert roots(session) == ["../A", "../B"]
        assert [(one.path, one.reason) for one in activity.faults(session)] == [("../B", GONE)]
    with open_session(root, clock=FixedClock()) as session:
        assert not session.sweep().gone
        assert roots(session) == ["../A", "../B"]
        said = [(check.name, check.state, check.says) for check in doctor.examine(session)]
        assert ("followed", "bad", f"../B {GONE}") in said
        assert ("content", "note", "2 runs, 1 fault") in said
        (tmp_path / "away").rename(tmp_path / "B")
        session.sweep()
        assert roots(session) == ["../A", "../B"]
        assert activity.faults(session) == ()


def test_a_folder_that_was_never_there_is_told(tmp_path: Path) -> None:
    """Also one that is nobody's home."""
    root = write_workspace(tmp_path / "w")
    (root / SETTINGS).write_text('[sources]\nfolders = ["../B", "~nobody-of-that-name/z"]\n')
    with open_session(root, in_memory=True) as session:
        session.sweep()
        assert [one.path for one in activity.faults(session)] == ["../B", "~nobody-of-that-name/z"]


def test_a_folder_that_is_followed_no_more_takes_its_runs_with_it(
    root: Path, tmp_path: Path
) -> None:
    """Away or not: the settings say so."""
    with open_session(root) as session:
        session.sweep()
    shutil.rmtree(tmp_path / "B")
    (root / SETTINGS).write_text('[sources]\nfolders = ["../A"]\n', "utf-8")
    with open_session(root) as session:
        session.sweep()
        assert roots(session) == ["../A"]
        assert activity.faults(session) == ()


def test_edits_of_runs_that_are_away_are_seen_when_they_are_back(
    root: Path, tmp_path: Path
) -> None:
    """A note can be taken meanwhile."""
    with open_session(root, clock=FixedClock()) as session:
        session.sweep()
        (tmp_path / "B").rename(tmp_path / "away")
        found = cards(session.catalogue, every(session.catalogue))
        (run_id,) = (record.run_id for record in found if record.root == "../B")
        edit(session, [run_id], {"note": "look again"})
        session.sweep()
        (tmp_path / "away").rename(tmp_path / "B")
        session.sweep()
        found = cards(session.catalogue, every(session.catalogue))
        assert {record.root: record.note for record in found} == {"../A": "", "../B": "look again"}


def test_a_folder_that_appears_is_looked_through_at_once(root: Path, tmp_path: Path) -> None:
    """Nobody waits until it is time to look everywhere for new folders."""
    (tmp_path / "B").rename(tmp_path / "away")
    with open_session(root, clock=FixedClock(), in_memory=True) as session:
        watch = session.watch(lambda _: None, lambda _: None)
        wait_for(watch.ready.is_set)
        assert roots(session) == ["../A"]
        (tmp_path / "away").rename(tmp_path / "B")
        wait_for(lambda: roots(session) == ["../A", "../B"])


def test_the_doctor_names_a_folder_without_runs(root: Path, tmp_path: Path) -> None:
    """A folder that holds nothing readable is a note, the others have their numbers."""
    shutil.rmtree(tmp_path / "B" / "run")
    with open_session(root, clock=FixedClock(), in_memory=True) as session:
        session.sweep()
        said = {check.says: check.state for check in doctor.examine(session)}
        assert said["../B holds nothing that can be read"] == "note"
        assert said["Folders that are runs at ../A: 1 run"] == "good"
