"""Sizes, the trash and what is left over."""

import json
import os
from pathlib import Path

import pytest

from tests.building import BEGIN, run_id, write_run
from workbench.clock import FixedClock
from workbench.errors import ConflictError, NotAllowedError, NotFoundError
from workbench.operations import housekeeping, trash
from workbench.operations.disk import measure
from workbench.operations.edits import edit
from workbench.operations.session import Session, open_session

LATER = BEGIN + 10 * 86_400


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a large archived run, a small one and one that goes on."""
    root = tmp_path / "ws"
    write_run(root, number=1, name="large", artifacts={"model.bin": b"x" * 5000})
    write_run(root, number=2, name="small")
    with open_session(root, in_memory=True) as session:
        edit(session, [run_id(1)], {"archived": True})
    return root


@pytest.fixture
def session(root: Path) -> Session:
    """A session that has read everything; the clock is days after the runs."""
    session = open_session(root, clock=FixedClock(LATER), in_memory=True)
    session.sweep()
    yield session
    session.close()


def test_the_plan_is_archived_runs_only(session: Session) -> None:
    """Sizes of all, largest first; nothing goes that was not archived or named."""
    plan = housekeeping.plan(session)
    assert [one.record.name for one in plan.sizes] == ["large", "small"]
    assert plan.sizes[0].bytes > 5000
    assert [one.record.name for one in plan.to_trash] == ["large"]


def test_a_running_run_stays(root: Path) -> None:
    """A run somebody is writing is never moved, even when it is named."""
    write_run(root, number=3, name="going", status=None)
    with open_session(root, in_memory=True) as session:
        session.sweep()
        plan = housekeeping.plan(
            session, [one.record.run for one in housekeeping.plan(session).sizes]
        )
        assert {one.record.name: one.refused for one in plan.refused} == {"going": "it is running"}
        housekeeping.clean(session, plan)
    assert (root / "runs/churn" / run_id(3) / "run.json").exists()


def test_there_and_back_is_the_same(session: Session, root: Path) -> None:
    """Folder, markers and all come back to where they were; the journal says both."""
    before = _tree(root / "runs")
    done = housekeeping.clean(session, housekeeping.plan(session))
    assert [one.name for one in done.trashed] == ["large"]
    assert not (root / "runs/churn/.done" / f"{run_id(1)}.0.finished").exists()
    session.sweep()
    trash.restore(session, done.trashed[0].id)
    after = _tree(root / "runs")
    assert {name for name in before if ".alive" not in name} == {
        n for n in after if ".alive" not in n
    }
    told = [line.what for line in housekeeping.journal(session)]
    assert sorted(told) == ["put 1 run in the trash", f"restored large ({run_id(1)})"]


def test_a_taken_place_is_a_conflict(session: Session, root: Path) -> None:
    """A run is never brought back over another one."""
    housekeeping.clean(session, housekeeping.plan(session))
    (root / "runs/churn" / run_id(1)).mkdir()
    with pytest.raises(ConflictError):
        trash.restore(session, "large")
    assert len(trash.trashed(session)) == 1


def test_a_manifest_cannot_point_outside(session: Session, root: Path, tmp_path: Path) -> None:
    """Whoever edits a manifest cannot make `restore` write elsewhere."""
    housekeeping.clean(session, housekeeping.plan(session))
    (manifest,) = root.glob("trash/*/manifest.json")
    for place in ("../outside", str(tmp_path / "outside"), "edits/x"):
        fields = json.loads(manifest.read_text()) | {"origin": place}
        manifest.write_text(json.dumps(fields))
        with pytest.raises(NotAllowedError):
            trash.restore(session, "large")
    assert not (tmp_path / "outside").exists()
    with pytest.raises(NotFoundError):
        trash.restore(session, "nobody")


def test_a_link_is_not_followed(root: Path, tmp_path: Path) -> None:
    """A link in a run counts as itself, and deleting a run leaves what it leads to."""
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "data").write_bytes(b"y" * 100_000)
    run = root / "runs/churn" / run_id(1)
    (run / "artifacts/link").symlink_to(precious, target_is_directory=True)
    assert measure(run)[0] < 100_000
    with open_session(root, in_memory=True) as session:
        session.sweep()
        housekeeping.clean(session, housekeeping.plan(session))
        housekeeping.clean(session, housekeeping.plan(session, [], empty_trash=True))
        assert trash.trashed(session) == ()
    assert (precious / "data").exists()


def test_a_run_that_is_a_link_stays(root: Path, tmp_path: Path) -> None:
    """A run folder that leads out of the workspace is shown and never moved."""
    outside = write_run(tmp_path / "other", number=4, name="elsewhere")
    (root / "runs/churn" / run_id(4)).symlink_to(outside.folder, target_is_directory=True)
    with open_session(root, in_memory=True) as session:
        session.sweep()
        everything = [one.record.run for one in housekeeping.plan(session).sizes]
        housekeeping.clean(session, housekeeping.plan(session, everything))
    assert outside.folder.is_dir()


def test_leftovers_are_old_ones(session: Session, root: Path) -> None:
    """Temporary files and half-made runs go after a day, younger ones stay."""
    old, young = root / ".workbench/tmp/old.tmp", root / ".workbench/tmp/young.tmp"
    half = root / "runs/churn/.new-x"
    half.mkdir()
    for path in (old, young, half / "run.json"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    long_ago = young.stat().st_mtime - 2 * 86_400
    for path in (old, half / "run.json", half):
        os.utime(path, (long_ago, long_ago))
    now = young.stat().st_mtime
    os.utime(young, (now - 60, now - 60))
    plan = housekeeping.plan(session, [])
    names = {Path(one.path).name for one in plan.leftovers}
    assert {"old.tmp", ".new-x"} <= names
    assert "young.tmp" not in names
    housekeeping.clean(session, plan)
    assert not old.exists()
    assert not half.exists()
    assert young.exists()


def _tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
