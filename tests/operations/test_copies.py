"""A run that was imported and whose folder is followed too: one line, of the one further on."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.building import write_workspace
from tests.formats.checking import SPECIMENS
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.clock import FixedClock
from workbench.operations.importing.import_runs import import_runs
from workbench.operations.importing.values import Options
from workbench.operations.session import Session, open_session
from workbench.settings import SETTINGS

LINES = "step,loss\n0,1\n1,0.5\n"


def following(path: Path, *folders: str) -> Path:
    """Return a workspace that follows folders."""
    root = write_workspace(path)
    named = ", ".join(f'"{folder}"' for folder in folders)
    (root / SETTINGS).write_text(f"[sources]\nfolders = [{named}]\n", "utf-8")
    return root


def listed(session: Session) -> list[tuple[str, float]]:
    """Return where each run is listed from, and how many points it has."""
    session.sweep()
    found = cards(session.catalogue, every(session.catalogue))
    points = (sum(one.count for one in card.metrics.values()) for card in found)
    return sorted(zip((card.root for card in found), points, strict=True))


def imports(session: Session, path: Path) -> None:
    """Copy the runs at a path."""
    import_runs(session, path, Options(), lambda *_: None, lambda: False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that follows a folder with a run of two points."""
    (tmp_path / "A" / "run").mkdir(parents=True)
    (tmp_path / "A" / "run" / "metrics.csv").write_text(LINES, "utf-8")
    return following(tmp_path / "w", "../A")


def sessions(root: Path, expected: Sequence[tuple[str, float]]) -> None:
    """See the same in a session that opens anew, and in the second look of it."""
    with open_session(root, clock=FixedClock()) as session:
        assert listed(session) == list(expected)
        assert listed(session) == list(expected)


def test_the_copy_is_listed_until_the_run_goes_on(root: Path, tmp_path: Path) -> None:
    """Then the one that goes on, and after the next import the copy again."""
    table = tmp_path / "A" / "run" / "metrics.csv"
    with open_session(root, clock=FixedClock()) as session:
        assert listed(session) == [("../A", 2)]
        imports(session, tmp_path / "A")
        assert listed(session) == [(".", 2)]
        sessions(root, [(".", 2)])
        table.write_text(f"{LINES}2,0.25\n", "utf-8")
        assert listed(session) == [("../A", 3)]
        sessions(root, [("../A", 3)])
        imports(session, tmp_path / "A")
        assert listed(session) == [(".", 3)]


def test_what_is_left_of_the_two_is_listed(root: Path, tmp_path: Path) -> None:
    """The copy when the folder goes, the followed one when the copy does."""
    table = tmp_path / "A" / "run" / "metrics.csv"
    with open_session(root, clock=FixedClock()) as session:
        imports(session, tmp_path / "A")
        assert listed(session) == [(".", 2)]
        table.write_text(f"{LINES}2,0.25\n", "utf-8")
        assert listed(session) == [("../A", 3)]
        table.unlink()
        listed(session)
        assert listed(session) == [(".", 2)]
        table.write_text(LINES, "utf-8")
        assert listed(session) == [(".", 2)]
        shutil.rmtree(root / "runs")
        listed(session)
        assert listed(session) == [("../A", 2)]


def test_another_run_in_the_same_place_is_another_run(root: Path, tmp_path: Path) -> None:
    """Both are listed: what was copied is not there any more."""
    with open_session(root, clock=FixedClock()) as session:
        imports(session, tmp_path / "A")
        (tmp_path / "A" / "run" / "metrics.csv").write_text("step,loss\n0,7\n1,6\n", "utf-8")
        assert listed(session) == [(".", 2), ("../A", 2)]


def test_runs_with_an_id_of_their_own_are_known_at_any_place(tmp_path: Path) -> None:
    """MLflow's: imported from one folder and followed in a copy of it."""
    store = SPECIMENS / "mlflow_file" / "data" / "mlruns"
    for name in ("one", "other"):
        shutil.copytree(store, tmp_path / name / "mlruns")
    root = following(tmp_path / "w", "../other/mlruns")
    with open_session(root, clock=FixedClock()) as session:
        before = len(listed(session))
        imports(session, tmp_path / "one")
        assert {where for where, _ in listed(session)} == {"."}
        assert len(listed(session)) == before
