"""What a version in a stage needs stays; files that no version needs go to the trash."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN, run_id, write_run
from tests.operations.registry.people import MODEL, People
from tests.registry_building import draft, register, write_journal
from workbench.clock import FixedClock
from workbench.errors import NotAllowedError
from workbench.operations import housekeeping, trash
from workbench.operations.edits import edit
from workbench.operations.registry import register as registering
from workbench.operations.registry import unnamed as unneeded
from workbench.operations.registry.lineage import lineage, protected, versions_of_run
from workbench.operations.registry.names import Ref
from workbench.operations.registry.retiring import delete
from workbench.operations.session import Session, open_session
from workbench.registry import manifest
from workbench.registry.event import PROMOTED, ROLLED_BACK
from workbench.registry.journal import FolderJournal

LATER = BEGIN + 10 * 86_400


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Three archived runs; the first made a version in production, the second one in no stage."""
    root = tmp_path / "w"
    for number in (1, 2, 3):
        write_run(root, number=number, name=f"run-{number}")
    write_journal(
        root, MODEL,
        [
            register(MODEL, 1, 1), register(MODEL, 2, 2),
            draft(PROMOTED, 3, version=1, stage="production"),
        ],
    )  # fmt: skip
    with open_session(root, clock=FixedClock(LATER), in_memory=True) as made:
        edit(made, [run_id(number) for number in (1, 2, 3)], {"archived": True})
        made.sweep()
        yield made


def test_the_run_of_a_version_in_a_stage_stays(session: Session) -> None:
    """It is refused with what needs it; other runs go."""
    plan = housekeeping.plan(session)
    assert {one.record.name: one.refused for one in plan.refused} == {
        "run-1": "it made churn@1, which holds production"
    }
    housekeeping.clean(session, plan)
    assert [one.name for one in trash.trashed(session)] in (
        ["run-3", "run-2"], ["run-2", "run-3"],
    )  # fmt: skip
    assert (session.root / "runs/churn" / run_id(1)).is_dir()


def test_a_run_promoted_after_the_plan_stays(session: Session) -> None:
    """What was planned is asked again when it is done."""
    plan = housekeeping.plan(session)
    journal = session.root / f"registry/{MODEL}/events"
    said = [path.read_bytes() for path in sorted(journal.iterdir())]
    write_journal(session.root, MODEL, [draft(PROMOTED, 4, version=2, stage="staging")], after=said)
    session.sweep()
    done = housekeeping.clean(session, plan)
    assert done.failed == (f"{run_id(2)} stays: it made churn@2, which holds staging.",)
    assert [one.name for one in done.trashed] == ["run-3"]


def test_a_run_is_free_once_its_version_holds_nothing(session: Session) -> None:
    """Rolled away from, it can go."""
    journal = session.root / f"registry/{MODEL}/events"
    said = [path.read_bytes() for path in sorted(journal.iterdir())]
    write_journal(session.root, MODEL, [draft(ROLLED_BACK, 4, stage="production")], after=said)
    session.sweep()
    assert protected(session) == {}
    assert housekeeping.plan(session).refused == ()


def test_versions_are_found_from_their_run_and_back(session: Session) -> None:
    """A run that is in the trash is named, and has no number here."""
    assert versions_of_run(session, run_id(1)) == (Ref(MODEL, 1),)
    found = lineage(session, MODEL, 2).run
    assert found is not None
    assert (found.run_id, found.run is None) == (run_id(2), False)
    housekeeping.clean(session, housekeeping.plan(session))
    session.sweep()
    gone = lineage(session, MODEL, 2).run
    assert gone is not None
    assert (gone.name, gone.run) == ("run-2", None)


@pytest.fixture
def forgotten(people: People) -> Path:
    """The folder of files that were copied days ago and whose event never came."""
    people.register()
    source = people.root.parent / "made" / "other.bin"
    source.write_text("never named", "utf-8")
    whole = manifest.publish(manifest.stage(source, people.root), people.root, MODEL)
    folder = manifest.folder_of(people.root, MODEL, whole.hash)
    for each in folder.parent.iterdir():
        touched(each, days_ago=2)
    return folder


def touched(folder: Path, days_ago: float) -> None:
    """Let a folder and what is in it be of another day, by the clock of its file system."""
    probe = folder.parent.parent / "probe"
    probe.touch()
    then = probe.stat().st_mtime - days_ago * 86_400
    probe.unlink()
    for path in (folder, *folder.iterdir()):
        os.utime(path, (then, then))


def test_files_no_event_names_go_to_the_trash_and_come_back(
    people: People, forgotten: Path
) -> None:
    """They are in the plan with their size, moved and not deleted; the version's own stay."""
    plan = housekeeping.plan(people.ana)
    (one,) = plan.unnamed
    assert one.path == forgotten.relative_to(people.root).as_posix()
    assert one.bytes > 0
    assert forgotten.is_dir()
    done = housekeeping.clean(people.ana, plan)
    assert [entry.experiment for entry in done.trashed] == [f"registry/{MODEL}"]
    assert not forgotten.exists()
    assert manifest.check(people.root, MODEL, people.state().versions[1].manifest) == ()
    assert "files of 1 version" in housekeeping.journal(people.ana)[0].what
    trash.restore(people.ana, done.trashed[0].id)
    assert manifest.check(people.root, MODEL, forgotten.name) == ()


def test_files_copied_a_moment_ago_stay(people: People, forgotten: Path) -> None:
    """Their event may be on its way."""
    plan = housekeeping.plan(people.ana)
    touched(forgotten, days_ago=0.1)
    assert housekeeping.plan(people.ana).unnamed == ()
    assert housekeeping.clean(people.ana, plan).trashed == ()
    assert forgotten.is_dir()


def test_a_clock_that_is_ahead_makes_no_files_old(people: People, forgotten: Path) -> None:
    """Ages are told by the clock of the file system that holds the files."""
    touched(forgotten, days_ago=0.1)
    people.clock.advance(30 * 86_400)
    assert housekeeping.plan(people.ana).unnamed == ()


def test_files_touched_while_they_are_moved_come_back(
    people: People, forgotten: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever copies the same files touches them, verifies them, and names them a moment later."""
    real = unneeded.put_folder

    def put_folder(session: Session, folder: Path, name: str, group: str) -> trash.Trashed:
        source = people.root.parent / "made" / "other.bin"
        manifest.publish(manifest.stage(source, people.root), people.root, MODEL)
        return real(session, folder, name, group)

    monkeypatch.setattr(unneeded, "put_folder", put_folder)
    assert unneeded.put_away(people.ana, forgotten) is None
    assert manifest.check(people.root, MODEL, forgotten.name) == ()


def test_files_cleared_away_before_their_event_are_put_back(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version is never registered without its files."""
    real = registering.commit

    def commit(journal: FolderJournal, *more: Any) -> Any:
        (folder,) = (people.root / f"registry/{MODEL}/files").iterdir()
        trash.put_folder(people.ana, folder, "x", f"registry/{MODEL}")
        return real(journal, *more)

    monkeypatch.setattr(registering, "commit", commit)
    source = people.root.parent / "model.onnx"
    source.write_bytes(b"weights")
    made = registering.register(people.ana, MODEL, source)
    assert manifest.check(people.root, MODEL, made.manifest.hash) == ()


def test_a_journal_that_cannot_be_read_keeps_all_files(people: People, forgotten: Path) -> None:
    """What follows may name any of them."""
    folder = people.root / f"registry/{MODEL}/events"
    (folder / "0000000002.json").write_bytes(b"torn")
    assert housekeeping.plan(people.ana).unnamed == ()
    assert forgotten.is_dir()


def test_files_named_after_the_plan_stay(people: People, forgotten: Path) -> None:
    """The journal is asked again when it is done."""
    plan = housekeeping.plan(people.ana)
    people.register(content="never named too", manifest=forgotten.name)
    assert housekeeping.clean(people.ana, plan).trashed == ()
    assert forgotten.is_dir()


def test_files_named_while_they_are_moved_come_back(
    people: People, forgotten: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever registers in that very moment finds them in their place."""
    real = unneeded.put_folder

    def put_folder(session: Session, folder: Path, name: str, group: str) -> trash.Trashed:
        one = real(session, folder, name, group)
        people.register(content="never named too", manifest=forgotten.name)
        return one

    monkeypatch.setattr(unneeded, "put_folder", put_folder)
    assert unneeded.put_away(people.ana, forgotten) is None
    assert manifest.check(people.root, MODEL, forgotten.name) == ()
    assert trash.trashed(people.ana) == ()


def test_files_of_a_deleted_version_come_back_as_files(people: People) -> None:
    """The version stays deleted."""
    people.register()
    number = people.register()
    digest = people.state().versions[number].manifest
    delete(people.ana, MODEL, number, "Leaked.")
    (one,) = trash.trashed(people.ana)
    trash.restore(people.ana, one.name)
    assert manifest.check(people.root, MODEL, digest) == ()
    assert people.state().versions[number].deleted is not None


@pytest.mark.parametrize(
    "origin",
    [
        "registry/churn/events",
        "registry/churn",
        "registry/churn/files/short",
        "deploy/production",
        "../outside",
    ],
)
def test_a_manifest_cannot_have_anything_put_elsewhere(
    people: People, forgotten: Path, origin: str
) -> None:
    """What somebody wrote into the trash goes back to where runs and files of models are, only."""
    housekeeping.clean(people.ana, housekeeping.plan(people.ana))
    (one,) = trash.trashed(people.ana)
    path = people.root / "trash" / one.id / "manifest.json"
    text = path.read_text("utf-8")
    path.unlink()
    path.write_text(text.replace(forgotten.relative_to(people.root).as_posix(), origin), "utf-8")
    with pytest.raises(NotAllowedError, match="a place where nothing is kept"):
        trash.restore(people.ana, one.id)
