"""Runs that the next run overwrites are kept, each with its id."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from workbench.catalogue.connection import open_catalogue
from workbench.clock import SYSTEM
from workbench.formats import kept
from workbench.formats.detect import reader_named
from workbench.formats.kept import KeptReader
from workbench.settings import DEFAULTS
from workbench.sync.keeping import Keeper
from workbench.sync.sweep import Source, Sweeper


def log(folder: Path, values: list[float], name: str = "loss", *, params: str = "lr: 1\n") -> None:
    """Write a run as DVCLive does, from its first step."""
    path = folder / "plots" / "metrics" / f"{name}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{step}\t{value}\n" for step, value in enumerate(values))
    path.write_text(f"step\t{name}\n{lines}")
    (folder / "params.yaml").write_text(params)
    (folder / "metrics.json").write_text(json.dumps({name: values[-1], "step": len(values)}) + "\n")


def clear(folder: Path) -> None:
    """Do what DVCLive does at the beginning of a run."""
    shutil.rmtree(folder / "plots" / "metrics")
    for name in ("metrics.json", "params.yaml"):
        (folder / name).unlink()


class Desk:
    """A sweeper over one folder with its keeper; another one may stand beside it."""

    def __init__(self, root: Path, home: Path) -> None:
        self.keeper = Keeper(home, "kept")
        self.catalogue = open_catalogue(None)
        sources = [
            Source(reader_named("folders"), root, "."),
            Source(KeptReader(), self.keeper.root, str(self.keeper.root)),
        ]
        self.sweeper = Sweeper(
            self.catalogue, sources, SYSTEM, amendments=None, settings=DEFAULTS,
            probe=SYSTEM.now, keeper=self.keeper,
        )  # fmt: skip

    def runs(self) -> Mapping[str, tuple[str, int, float]]:
        """Look, and return name, count and last value of every run's loss by its id."""
        self.sweeper.do_over()
        self.sweeper.sweep()
        rows = self.catalogue.cursor().execute(
            'SELECT run_id, runs.name, "count", last FROM runs JOIN metrics USING (run) '
            "WHERE metrics.name = 'loss'"
        )
        found = rows.fetchall()
        assert len({row[0] for row in found}) == len(found)
        return {run_id: (name, count, last) for run_id, name, count, last in found}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a sweeper over an empty folder."""
    (tmp_path / "project").mkdir()
    return Desk(tmp_path / "project", tmp_path / "home")


def test_the_run_before_is_listed_when_the_next_one_begins(desk: Desk, tmp_path: Path) -> None:
    """Both have their own curves, and the first keeps the id it was known by."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0, 0.5])
    (first,) = desk.runs()
    log(folder, [1.0, 0.5, 0.25])
    assert desk.runs() == {first: ("dvclive", 3, 0.25)}
    clear(folder)
    log(folder, [7.0], params="lr: 2\n")
    found = dict(desk.runs())
    name, count, last = found.pop(first)
    assert name.startswith("dvclive 2")
    assert (count, last) == (3, 0.25)
    assert [value[1:] for value in found.values()] == [(1, 7.0)]
    rows = desk.catalogue.cursor().execute(
        "SELECT run_id, number FROM runs JOIN params USING (run) WHERE params.name = 'lr'"
    )
    assert dict(rows.fetchall()) == {first: 1.0, next(iter(found)): 2.0}
    facts = desk.catalogue.cursor().execute("SELECT facts FROM runs WHERE run_id = ?", [first])
    ((told,),) = facts.fetchall()
    assert '"kept":"kept copy of dvclive, overwritten by the next run"' in told.replace(": ", ":")


def test_a_run_is_listed_while_its_folder_is_cleared(desk: Desk, tmp_path: Path) -> None:
    """Between two runs the copy stands for the first; it is never missing and never there twice."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0, 0.5])
    (first,) = desk.runs()
    clear(folder)
    (folder / "params.yaml").write_text("lr: 9\n")
    assert {run: value[1:] for run, value in desk.runs().items()} == {first: (2, 0.5)}
    log(folder, [1.0, 0.5, 0.25])
    assert desk.runs() == {first: ("dvclive", 3, 0.25)}


def test_nothing_is_kept_twice_by_two_programs(desk: Desk, tmp_path: Path) -> None:
    """Two that look at one folder have one copy, one numbering and the same ids."""
    folder = tmp_path / "project" / "dvclive"
    other = Desk(tmp_path / "project", tmp_path / "home")
    for number in range(1, 4):
        if number > 1:
            clear(folder)
        for length in (1, 3):
            log(folder, [float(number)] * length)
            assert desk.runs() == other.runs()
    (origin,) = (tmp_path / "home" / "kept").iterdir()
    assert sorted(path.name for path in origin.iterdir()) == ["1", "2", "3"]
    assert sorted(value[2] for value in desk.runs().values()) == [1.0, 2.0, 3.0]
    assert all(value[1] == 3 for value in desk.runs().values())


def test_a_later_session_goes_on_with_the_copies(desk: Desk, tmp_path: Path) -> None:
    """The run that is there when nobody looks for a while is told from the next one."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0, 0.5])
    (first,) = desk.runs()
    clear(folder)
    log(folder, [3.0, 2.0, 1.0])
    again = Desk(tmp_path / "project", tmp_path / "home")
    found = again.runs()
    assert found[first][1:] == (2, 0.5)
    assert sorted(value[1:] for value in found.values()) == [(2, 0.5), (3, 1.0)]
    shutil.rmtree(folder)
    third = Desk(tmp_path / "project", tmp_path / "home")
    assert {run: value[1:] for run, value in third.runs().items()} == {
        run: value[1:] for run, value in found.items()
    }


def test_half_a_folder_is_no_other_run(desk: Desk, tmp_path: Path) -> None:
    """While files are being deleted nothing new is begun, and nothing kept is lost."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0, 0.5], "loss")
    log(folder, [0.5, 0.75], "accuracy")
    (first,) = desk.runs()
    (folder / "plots" / "metrics" / "loss.tsv").unlink()
    desk.runs()
    (folder / "plots" / "metrics" / "accuracy.tsv").unlink()
    (folder / "metrics.json").unlink()
    assert {run: value[1:] for run, value in desk.runs().items()} == {first: (2, 0.5)}
    log(folder, [4.0], "error")
    assert len(desk.catalogue.cursor().execute("SELECT run FROM runs").fetchall()) == 1
    desk.runs()
    assert len(desk.catalogue.cursor().execute("SELECT run FROM runs").fetchall()) == 2


def test_half_written_files_are_not_copied(desk: Desk, tmp_path: Path) -> None:
    """A row and a document that are not all there wait for the next look."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0, 0.5])
    desk.runs()
    with (folder / "plots" / "metrics" / "loss.tsv").open("a") as file:
        file.write("2\t0.0")
    (folder / "metrics.json").write_text('{"loss": 0.')
    desk.runs()
    copy = next((tmp_path / "home" / "kept").iterdir()) / "1" / "run"
    assert (copy / "plots/metrics/loss.tsv").read_text().splitlines()[-1] == "1\t0.5"
    assert json.loads((copy / "metrics.json").read_text())["loss"] == 0.5


def test_the_number_of_copies_is_bounded(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest goes; numbers are never used again."""
    monkeypatch.setattr("workbench.sync.keeping.MOST_KEPT", 3)
    folder = tmp_path / "project" / "dvclive"
    for number in range(6):
        if number:
            clear(folder)
        log(folder, [float(number)])
        desk.runs()
    (origin,) = (tmp_path / "home" / "kept").iterdir()
    assert kept.numbers(str(origin)) == [4, 5, 6]
    assert sorted(value[2] for value in desk.runs().values()) == [3.0, 4.0, 5.0]


def test_a_run_that_is_too_large_is_said_and_not_half_kept(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of a curve would look whole; the next run of a usual size is kept again."""
    folder = tmp_path / "project" / "dvclive"
    monkeypatch.setattr("workbench.sync.keeping.MOST_BYTES", 2000)
    log(folder, [1.0] * 100)
    desk.runs()
    log(folder, [1.0] * 1000)
    assert len(desk.runs()) == 1
    (fault,) = desk.keeper.faults.values()
    assert fault.path == "dvclive"
    clear(folder)
    log(folder, [2.0])
    assert {value[1:] for value in desk.runs().values()} == {(1, 2.0)}
    clear(folder)
    log(folder, [3.0])
    assert {value[1:] for value in desk.runs().values()} == {(1, 2.0), (1, 3.0)}
    assert desk.keeper.faults == {}


def test_a_link_in_the_place_of_copies_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    """Nothing is written where somebody's link leads; the run is listed all the same."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0])
    desk.runs()
    (origin,) = (tmp_path / "home" / "kept").iterdir()
    outside = tmp_path / "outside"
    outside.mkdir()
    shutil.rmtree(origin / "1" / "run" / "plots")
    (origin / "1" / "run" / "plots").symlink_to(outside, target_is_directory=True)
    log(folder, [1.0, 2.0])
    assert [value[1:] for value in desk.runs().values()] == [(2, 2.0)]
    assert list(outside.rglob("*")) == []
    assert [fault.path for fault in desk.keeper.faults.values()] == ["dvclive"]


def test_nothing_is_written_into_the_folder_and_a_place_that_refuses_is_a_fault(
    desk: Desk, tmp_path: Path
) -> None:
    """Without a place for copies runs are listed as ever, and that is said."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0])
    before = sorted(map(str, folder.rglob("*")))
    (tmp_path / "home").write_text("a file in the place of a folder")
    assert [value[1:] for value in desk.runs().values()] == [(1, 1.0)]
    assert "cannot be kept" in next(iter(desk.keeper.faults.values())).reason
    assert sorted(map(str, folder.rglob("*"))) == before


def test_two_folders_are_two_series_of_runs(desk: Desk, tmp_path: Path) -> None:
    """What is kept of one does not count for the other."""
    for name in ("a", "b"):
        log(tmp_path / "project" / name / "dvclive", [1.0])
    assert len(desk.runs()) == 2
    clear(tmp_path / "project" / "a" / "dvclive")
    log(tmp_path / "project" / "a" / "dvclive", [2.0])
    assert sorted(value[2] for value in desk.runs().values()) == [1.0, 1.0, 2.0]


def test_hostile_copies_are_faults_of_runs_and_no_more(desk: Desk, tmp_path: Path) -> None:
    """A card that does not decode, and names that are none, harm nothing."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0])
    desk.runs()
    clear(folder)
    log(folder, [2.0])
    desk.runs()
    root = tmp_path / "home" / "kept"
    (root / "stray").write_text("x")
    (root / "..odd").mkdir()
    (root / "odd" / "1").mkdir(parents=True)
    strange = dict.fromkeys(("source", "key", "run_id", "name", "experiment"), "")
    for text in ("{", json.dumps({"format": "pickle", **strange})):
        (root / "odd" / "1" / "card.json").write_text(text)
        (root / "odd" / "2").mkdir(exist_ok=True)
        assert len(desk.runs()) == 2
    os.truncate(next(root.glob("*/1/card.json")), 3)
    assert len(desk.runs()) >= 1


def test_of_very_many_folders_only_what_is_going_on_is_kept(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who gives every run a folder of its own loses none, and has no copies of all of them."""
    monkeypatch.setattr("workbench.sync.keeping.MOST_FOLDERS", 3)
    for number in range(6):
        folder = tmp_path / "project" / f"run-{number}"
        log(folder, [float(number)])
        for path in folder.rglob("*.*"):
            os.utime(path, (1_000_000, 1_000_000))
    assert len(desk.runs()) == 6
    assert len(list((tmp_path / "home" / "kept").iterdir())) == 3
    log(tmp_path / "project" / "run-9", [9.0])
    assert len(desk.runs()) == 7
    assert len(list((tmp_path / "home" / "kept").iterdir())) == 4


def test_copies_that_did_not_change_are_not_listed_again(desk: Desk, tmp_path: Path) -> None:
    """The very refs of the last look are handed out while nothing moved."""
    folder = tmp_path / "project" / "dvclive"
    for value in (1.0, 2.0):
        log(folder, [value])
        desk.runs()
        clear(folder)
    root = tmp_path / "home" / "kept"
    for path in (*root.rglob("*"), root):
        os.utime(path, (1_000_000, 1_000_000))
    first = KeptReader().survey(root, None)
    assert len(first.refs) == 1
    again = KeptReader().survey(root, first.memory)
    assert again.refs is first.refs
    next(root.iterdir()).joinpath("2.gone").touch()
    assert len(KeptReader().survey(root, again.memory).refs) == 2
