"""Writers die at any moment, and several programs look on: nothing is lost or made up."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple, Self

import numpy as np
import pytest

from tests.building import write_run, write_workspace
from tests.journeys.surroundings import Surroundings
from tests.waiting import wait_for
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.operations import activity, edits
from workbench.operations.session import Session, open_session

SCRIPTS = Path(__file__).parent / "scripts"


def runs_of(session: Session) -> dict[str, RunRecord]:
    """Return all runs by id."""
    return {run.run_id: run for run in cards(session.catalogue, every(session.catalogue))}


# ---------------------------------------------------------------- kill -9


class Said(NamedTuple):
    """What writers had reached before they were killed."""

    begun: frozenset[str]
    done: frozenset[str]


class Reader:
    """Somebody who sweeps without a pause, and keeps whatever goes wrong."""

    def __init__(self, folder: Path) -> None:
        self.sweeps = 0
        self.wrong: list[Exception] = []
        self.finished: set[str] = set()
        self._stop = Event()
        self._folder = folder
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        with open_session(self._folder, in_memory=True) as session:
            while not self._stop.wait(0.02):
                try:
                    session.sweep()
                    found = runs_of(session)
                except Exception as error:  # noqa: BLE001 - this is what the test is about
                    self.wrong.append(error)
                    return
                self.finished |= {i for i, run in found.items() if run.status == "FINISHED"}
                self.sweeps += 1


def killed(here: Surroundings, folder: Path, count: int, random: np.random.Generator) -> Said:
    """Kill ``count`` writers, two at a time, each after some steps of its own choosing."""
    begun: set[str] = set()
    done: set[str] = set()
    for _ in range(0, count, 2):
        two = [
            here.script(SCRIPTS / "doomed.py", str(random.integers(1, 400)), workspace=folder)
            for _ in range(2)
        ]
        for one in two:
            assert one.stdout is not None
            heard = [one.stdout.readline()]  # it is writing by now
            Event().wait(float(random.exponential(0.02)))  # the random moment
            one.kill()
            rest, _ = one.communicate()
            for line in "".join((*heard, rest)).splitlines():
                word, _, identity = line.partition(" ")
                (begun if word == "card" else done).add(identity)
    return Said(frozenset(begun), frozenset(done))


@pytest.mark.parametrize(
    "count",
    [16, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(600)])],
)
def test_killed_runs_are_neither_lost_nor_finished(
    here: Surroundings, tmp_path: Path, count: int
) -> None:
    """Whoever had a start card is found; nobody is FINISHED who had not finished."""
    folder = write_workspace(tmp_path / "team")
    with Reader(folder) as reader:
        said = killed(here, folder, count, np.random.default_rng(20_131_121))
    assert not reader.wrong
    assert reader.sweeps > 0
    with open_session(folder, in_memory=True) as session:
        session.sweep()
        runs = runs_of(session)
        assert said.begun
        assert said.begun <= set(runs)
        for identity in said.done:
            assert runs[identity].status == "FINISHED"
        for identity, run in runs.items():
            # A run may have ended and been killed before it could say so: then its lines are whole.
            final = folder / run.path / "writers" / "0" / "final.json"
            assert (run.status == "FINISHED") == final.exists(), identity
            assert run.status in ("FINISHED", "RUNNING")
            assert not run.faults
        assert reader.finished <= {i for i, run in runs.items() if run.status == "FINISHED"}
        assert not activity.faults(session)


def test_a_run_whose_writer_was_killed_goes_stale(here: Surroundings, tmp_path: Path) -> None:
    """Ten minutes without a sign of life, by the clock of the disk, and it is said."""
    folder = write_workspace(tmp_path / "team")
    killed(here, folder, 6, np.random.default_rng(7))
    runs = folder / "runs" / "chaos"
    gone = [run.name for run in runs.iterdir()
            if run.name[0] != "." and not list(run.glob("writers/*/final.json"))]  # fmt: skip
    assert gone
    for path in folder.rglob("*"):
        if ".workbench" not in path.parts:
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 3600))
    with open_session(folder, in_memory=True) as session:
        session.sweep()
        found = [runs_of(session)[identity] for identity in gone]
        assert {(run.status, run.inferred) for run in found} == {("STALE", True)}


# ---------------------------------------------------------------- several at once


def test_three_programs_on_one_workspace_see_the_same(here: Surroundings, tmp_path: Path) -> None:
    """Two sessions of ours and a command each have an index, and none waits for another."""
    folder = write_workspace(tmp_path / "team")
    with open_session(folder) as one, open_session(folder) as two:
        assert one.catalogue.path != two.catalogue.path
        for number in range(5):
            write_run(folder, number=number, name=f"run-{number}")
        one.sweep()
        two.sweep()
        command = here.run("runs", folder, "--json")
        assert command.returncode == 0, command.stderr
        named = {run["name"] for run in json.loads(command.stdout)}
        assert named == {run.name for run in runs_of(one).values()}
        assert (
            named == {run.name for run in runs_of(two).values()} == {f"run-{n}" for n in range(5)}
        )


_RENAME = """
import sys
from pathlib import Path
from workbench.operations import edits
from workbench.operations.session import open_session
with open_session(Path(sys.argv[1]), in_memory=True) as session:
    session.sweep()
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(20):
        edits.edit(session, [sys.argv[2]], {f"tags.{sys.argv[3]}-{number}": "x"})
"""


def test_editors_at_the_same_moment_lose_nothing(here: Surroundings, tmp_path: Path) -> None:
    """Two processes write forty edits at once, and all forty are in force."""
    folder = tmp_path / "team"
    run = write_run(folder, number=1)
    two = [
        subprocess.Popen(
            [sys.executable, "-c", _RENAME, str(folder), run.run_id, name],
            env=here.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("ana", "ben")
    ]  # fmt: skip
    for one in two:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in two:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    for one in two:
        one.communicate()
        assert one.returncode == 0
    with open_session(folder, in_memory=True) as session:
        session.sweep()
        tags = runs_of(session)[run.run_id].tags
        assert {f"{name}-{n}" for name in ("ana", "ben") for n in range(20)} <= set(tags)
        assert not activity.faults(session)


def test_rival_names_are_both_kept_and_said_to_be_contested(tmp_path: Path) -> None:
    """Two people who did not know of each other are both in the journal."""
    folder, copy = tmp_path / "team", tmp_path / "copy"
    run = write_run(folder, number=1)
    shutil.copytree(folder, copy)  # what the other one saw
    for place, name in ((folder, "ana's"), (copy, "ben's")):
        with open_session(place, in_memory=True) as session:
            session.sweep()
            edits.edit(session, [run.run_id], {"name": name})
    shutil.copytree(copy / "edits", folder / "edits", dirs_exist_ok=True)
    with open_session(folder, in_memory=True) as session:
        session.sweep()
        found = runs_of(session)[run.run_id]
        assert found.contested == ("name",)
        assert found.name == "ben's"
        assert {line.what for line in edits.journal(session)} == {"name = ana's", "name = ben's"}
        edits.edit(session, [run.run_id], {"name": "settled"})
        session.sweep()
        assert runs_of(session)[run.run_id].contested == ()


# ---------------------------------------------------------------- moved by hand


def _seen(folder: Path) -> Sequence[tuple[object, ...]]:
    with open_session(folder) as session:
        session.sweep()
        assert not activity.faults(session)
        return sorted(
            (run.run_id, run.name, run.status, run.note, str(run.params), str(run.metrics))
            for run in runs_of(session).values()
        )


def test_a_workspace_that_moved_opens_unchanged(tmp_path: Path) -> None:
    """Renamed, copied, zipped and unzipped: everything in it is relative."""
    folder = tmp_path / "team"
    for number in range(3):
        write_run(folder, number=number, artifacts={"plot.txt": b"x"})
    with open_session(folder) as session:
        session.sweep()
        edits.edit(session, sorted(runs_of(session))[:1], {"name": "renamed", "note": "kept"})
    before = _seen(folder)
    assert "renamed" in {name for _, name, *_ in before}

    copied = shutil.copytree(folder, tmp_path / "a copy é")
    assert _seen(copied) == before
    renamed = folder.rename(tmp_path / "other name")
    assert _seen(renamed) == before
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", renamed)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    assert _seen(tmp_path / "unpacked") == before


def test_a_run_folder_moved_by_hand_is_noticed(tmp_path: Path) -> None:
    """Gone, then found in another experiment: once each, and nothing is left behind."""
    folder = tmp_path / "team"
    runs = [write_run(folder, number=number) for number in range(3)]
    with open_session(folder, in_memory=True) as session:
        watch = session.watch(lambda _: None, lambda _: None)
        wait_for(lambda: len(runs_of(session)) == 3)
        shutil.rmtree(runs[0].folder)
        wait_for(lambda: runs[0].run_id not in runs_of(session))
        other = folder / "runs" / "elsewhere"
        other.mkdir()
        runs[1].folder.rename(other / runs[1].run_id)
        wait_for(
            lambda: (
                (found := runs_of(session).get(runs[1].run_id)) is not None
                and found.path.startswith("runs/elsewhere")
            )
        )
        watch.stop()
        assert set(runs_of(session)) == {runs[1].run_id, runs[2].run_id}
