"""Overwritten runs in a workspace that follows a folder: edits stay with the run they were of."""

from pathlib import Path

from tests.building import write_workspace
from tests.sync.test_keeping import clear, log
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.operations.edits import edit
from workbench.operations.session import Session, open_session
from workbench.settings import SETTINGS


def records(session: Session) -> dict[float, RunRecord]:
    """Look, and return every run by the last value of its loss."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    found = cards(session.catalogue, every(session.catalogue))
    return {record.metrics["loss"].last: record for record in found}


def test_what_people_said_of_a_run_stays_with_it_when_its_folder_is_taken(tmp_path: Path) -> None:
    """Tags and notes go with the copy, the new run has none; another session sees the same."""
    root = write_workspace(tmp_path / "w")
    folder = tmp_path / "theirs" / "dvclive"
    log(folder, [1.0, 0.5])
    before = sorted(path.name for path in folder.iterdir())
    (root / SETTINGS).write_text('[sources]\nfolders = ["../theirs"]\n')
    with open_session(root) as session:
        first = records(session)[0.5]
        edit(session, [first.run_id], {"tags.best": "yes", "note": "keep this"})
        clear(folder)
        log(folder, [7.0])
        found = records(session)
        assert (found[0.5].run_id, found[0.5].note) == (first.run_id, "keep this")
        assert found[0.5].tags == {"best": "yes"}
        assert found[0.5].name.startswith("dvclive 2")
        assert found[0.5].format == "dvclive"
        assert "copy" in found[0.5].facts["kept"]
        assert (found[7.0].note, found[7.0].name) == ("", "dvclive")
        assert list(session.curves().series(found[0.5].run, "loss").values) == [1.0, 0.5]
    assert sorted(path.name for path in folder.iterdir()) == before
    assert list((root / ".workbench" / "kept").iterdir())
    with open_session(root) as session:
        again = records(session)
        assert {value: record.run_id for value, record in again.items()} == {
            value: record.run_id for value, record in found.items()
        }
        assert again[0.5].note == "keep this"


def test_a_folder_that_is_only_looked_at_has_its_copies_in_this_persons_own_place(
    tmp_path: Path,
) -> None:
    """Nothing is written into it, and a session in memory leaves nothing at all."""
    folder = tmp_path / "project" / "dvclive"
    log(folder, [1.0])
    with open_session(tmp_path / "project", in_memory=True) as session:
        records(session)
        assert not (session.state / "kept").exists()
    with open_session(tmp_path / "project") as session:
        records(session)
        assert (session.state / "kept").is_dir()
        clear(folder)
        log(folder, [2.0])
        assert set(records(session)) == {1.0, 2.0}
    assert {path.name for path in (tmp_path / "project").iterdir()} == {"dvclive"}
