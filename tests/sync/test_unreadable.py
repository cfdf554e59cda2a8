"""A run that cannot be read is a run all the same: one of its own, and the same one ever after."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, write_workspace
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.clock import FixedClock
from workbench.errors import FormatError, UsageError
from workbench.formats.contract import Reading, RunCard, RunRef, Survey
from workbench.operations.edits import edit
from workbench.operations.select import select
from workbench.operations.session import Session, open_session
from workbench.settings import DEFAULTS
from workbench.sync.amendments import Amendments
from workbench.sync.sweep import Source, Sweeper


class Reader:
    """Runs of one name, which can be read when the test says so."""

    name = title = live = verified = "test"

    def __init__(self, key: str, run_id: str = "") -> None:
        self.key, self.run_id, self.broken = key, run_id, True

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the one run there is."""
        del root
        return Survey({self.key: RunRef(self.key, 0, live=False)}, memory)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return it if it can be read."""
        del progress, now
        if self.broken:
            raise FormatError("It is torn.")
        return Reading(RunCard(self.run_id, key.rpartition("/")[2], root.name), b"")


@pytest.fixture
def session(tmp_path: Path) -> Any:
    """A session on an empty workspace, its catalogue in memory."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def sweeper_of(session: Session, **readers: Any) -> Sweeper:
    """Return what sweeps a folder for each reader."""
    sources = [Source(one, session.root.parent / a, f"../{a}") for a, one in readers.items()]
    return Sweeper(
        session.catalogue, sources, session.clock, amendments=Amendments(session.root),
        settings=DEFAULTS, probe=lambda: BEGIN,
    )  # fmt: skip


def runs(session: Session) -> list[RunRecord]:
    """Return every run there is."""
    return list(cards(session.catalogue, every(session.catalogue)))


def test_archives_that_cannot_be_read_are_a_run_each(tmp_path: Path) -> None:
    """Each is called after its file, and none hides another."""
    for name in ("a", "b", "c"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("experiment.json", "no JSON")
            archive.writestr("messages.json", "")
    with open_session(tmp_path, clock=FixedClock(), in_memory=True) as session:
        session.sweep()
        found = runs(session)
        assert sorted(run.name for run in found) == ["a", "b", "c"]
        assert len({run.run_id for run in found}) == 3
        assert all(run.faults for run in found)


def test_runs_of_one_name_in_two_sources_are_told_apart(session: Session) -> None:
    """Their name alone is refused; a note on one of them stays when it can be read."""
    first, second = Reader("hf"), Reader("hf")
    sweeper = sweeper_of(session, A=first, B=second)
    sweeper.sweep()
    with pytest.raises(UsageError, match="2 runs are called 'hf'"):
        select(session, "hf")
    ids = {run.root: run.run_id for run in runs(session)}
    edit(session, [ids["../A"]], {"note": "look again"})
    first.broken = second.broken = False
    sweeper.sweep()
    assert {run.root: run.run_id for run in runs(session)} == ids
    assert {run.root: run.note for run in runs(session)} == {"../A": "look again", "../B": ""}


def test_a_run_keeps_the_id_it_was_known_by(session: Session) -> None:
    """A run that says its id itself is not renamed when it cannot be read for a while."""
    reader = Reader("wandb/run-1-abc", "abc")
    reader.broken = False
    sweeper = sweeper_of(session, A=reader)
    sweeper.sweep()
    reader.broken = True
    sweeper.sweep()
    (run,) = runs(session)
    assert (run.run_id, len(run.faults)) == ("abc", 1)


def test_a_note_outlives_the_id_made_of_a_place(session: Session) -> None:
    """A run whose own id comes to light later has what was noted on it before."""
    reader = Reader("wandb/run-1-abc", "abc")
    sweeper = sweeper_of(session, A=reader)
    sweeper.sweep()
    edit(session, [runs(session)[0].run_id], {"note": "look again"})
    reader.broken = False
    sweeper.sweep()
    (run,) = runs(session)
    assert (run.run_id, run.note) == ("abc", "look again")


@pytest.mark.parametrize("key", ["1/" + "0f" * 16, "#" + "0f" * 16])
def test_an_id_in_the_key_is_the_runs_id(session: Session, key: str) -> None:
    """MLflow's runs are called by their ids, read or not."""
    sweeper_of(session, A=Reader(key)).sweep()
    assert [run.run_id for run in runs(session)] == ["0f" * 16]
