"""The catalogue keeps up with every version of every dataset; a broken one hides no other."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import BEGIN, write_workspace
from tests.dataset_building import claim
from workbench.catalogue.faults import faults
from workbench.clock import FixedClock
from workbench.datasets.manifest import SchemaColumn
from workbench.datasets.versions import folder
from workbench.operations.datasets import listing
from workbench.operations.session import Session, open_session
from workbench.sync import datasets, turns


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace, its catalogue in memory."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def numbers(session: Session, name: str = "census") -> list[int]:
    """Return the versions that are listed, newest first."""
    return [one.number for one in listing.versions(session, name)]


def settle(root: Path, name: str = "census", seconds: float = BEGIN - 100) -> None:
    """Give a dataset's folder a time that lies well back."""
    os.utime(root / "datasets" / name, (seconds, seconds))


def test_a_workspace_without_datasets_holds_none(session: Session) -> None:
    """The first sweep finds nothing, and there is nothing to watch."""
    assert session.sweep().datasets == frozenset()
    assert session.sweeper().dataset_folders() == []


def test_versions_that_are_there_are_found_once(session: Session) -> None:
    """Sweeping again finds nothing."""
    claim(session.root, "census", 1)
    claim(session.root, "census", 2)
    claim(session.root, "flights", 3)
    assert session.sweep().datasets == {"census", "flights"}
    assert not session.sweep()
    assert numbers(session) == [2, 1]


def test_a_version_that_arrives_is_seen(session: Session) -> None:
    """Only its dataset has changed."""
    claim(session.root, "census", 1)
    claim(session.root, "flights", 3)
    session.sweep()
    claim(session.root, "census", 2)
    assert session.sweep().datasets == {"census"}
    assert numbers(session) == [2, 1]


def test_a_version_within_one_tick_of_the_disk_is_seen(session: Session) -> None:
    """The folder's time stands still, and nothing is missed until it has done so for a while."""
    claim(session.root, "census", 1)
    settle(session.root)
    session.sweep()
    claim(session.root, "census", 2)
    settle(session.root)
    assert session.sweep().datasets == {"census"}


def test_a_broken_manifest_is_a_fault_and_hides_nothing(session: Session) -> None:
    """The other versions are listed, the broken one too, with its reason."""
    claim(session.root, "census", 1)
    broken = session.root / "datasets/census/2"
    broken.mkdir()
    (broken / "manifest.json").write_text("{", "utf-8")
    claim(session.root, "flights", 3)
    assert session.sweep().faults
    (fault,) = faults(session.catalogue)
    assert fault.path == "datasets/census/2/manifest.json"
    assert "cannot be read" in fault.reason
    newest, first = listing.versions(session, "census")
    assert (newest.number, newest.fault, first.fault) == (2, fault.reason, "")
    (line, _) = listing.datasets(session)
    assert (line.version, line.versions, line.flags) == (1, 2, ("unreadable", "files away"))


def test_a_manifest_that_comes_late_is_read_after_a_while(session: Session, tmp_path: Path) -> None:
    """A copied folder may be there before what is in it, and its own time does not move."""
    (session.root / "datasets/census/1").mkdir(parents=True)
    session.sweep()
    assert [one.number for one in listing.versions(session, "census") if one.fault] == [1]
    claim(write_workspace(tmp_path / "other"), "census", 1)
    shutil.copy(
        tmp_path / "other/datasets/census/1/manifest.json", session.root / "datasets/census/1"
    )
    clock = session.clock
    assert isinstance(clock, FixedClock)
    clock.advance(30)
    assert session.sweep().datasets == {"census"}
    assert faults(session.catalogue) == ()
    assert [one.fault for one in listing.versions(session, "census")] == [""]


def test_a_version_that_goes_is_forgotten(session: Session) -> None:
    """Its rows go with it, and those of its dataset when the last is gone."""
    claim(session.root, "census", 1)
    claim(session.root, "census", 2)
    session.sweep()
    shutil.rmtree(session.root / "datasets/census/1")
    assert session.sweep().datasets == {"census"}
    assert numbers(session) == [2]
    shutil.rmtree(session.root / "datasets/census")
    assert session.sweep().datasets == {"census"}
    assert listing.datasets(session) == ()
    assert listing.versions(session, "census", deleted=True) == ()


def test_a_deleted_version_is_known_by_its_marker(session: Session) -> None:
    """It stands in no list unless asked for, with who deleted it and why."""
    claim(session.root, "census", 1)
    claim(session.root, "census", 2)
    session.sweep()
    marker = folder.marker_of(session.root, "census", 1)
    marker.write_text(
        '{"dataset": "census", "version": 1, "actor": "ben@lab", "reason": "wrong", '
        f'"hash": "sha256:{"0" * 63}1"}}', "utf-8",
    )  # fmt: skip
    shutil.rmtree(session.root / "datasets/census/1")
    assert session.sweep().datasets == {"census"}
    assert numbers(session) == [2]
    (_, gone) = listing.versions(session, "census", deleted=True)
    assert (gone.number, gone.deleted) == (1, "ben@lab: wrong")
    assert gone.hash == f"sha256:{'0' * 63}1"


def test_a_second_program_reads_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the catalogue knows of a folder whose time is the same is not opened again."""
    root = write_workspace(tmp_path / "w")
    clock = FixedClock()
    claim(root, "census", 1)
    claim(root, "flights", 2)
    settle(root, "census")
    settle(root, "flights")
    with open_session(root, clock=clock) as first:
        first.sweep()
    claim(root, "flights", 3)
    opened: list[tuple[str, int]] = []

    def reading(root: Path, name: str, number: int) -> object:
        opened.append((name, number))
        return folder.read_manifest(root, name, number)

    monkeypatch.setattr(datasets, "read_manifest", reading)
    with open_session(root, clock=clock) as second:
        second.sweep()
        assert numbers(second, "flights") == [2, 1]
        assert numbers(second, "census") == [1]
    assert opened == [("flights", 2)]


def test_a_dataset_put_in_place_of_another_is_read_anew(tmp_path: Path) -> None:
    """Its numbers are the same and its manifests are not."""
    root = write_workspace(tmp_path / "w")
    clock = FixedClock()
    claim(root, "census", 1)
    settle(root)
    with open_session(root, clock=clock) as first:
        first.sweep()
    shutil.rmtree(root / "datasets/census")
    claim(root, "census", 2)
    with open_session(root, clock=clock) as second:
        assert second.sweep().datasets == {"census"}
        (line,) = listing.versions(second, "census")
        assert line.hash.endswith("2")


def test_columns_are_kept_once_and_go_with_their_last_version(session: Session) -> None:
    """Two versions of one shape share them."""
    columns = (SchemaColumn("age", "integer", "Int64"), SchemaColumn("town", "text", "String"))
    claim(session.root, "census", 1, columns=columns)
    claim(session.root, "census", 2, columns=columns)
    session.sweep()
    count = "SELECT count(*) FROM data_schemas"
    shown = "SELECT count(*) FROM shown.data_columns"
    cursor = session.catalogue.cursor()
    assert cursor.execute(count).fetchone() == (2,)
    assert cursor.execute(shown).fetchone() == (4,)
    shutil.rmtree(session.root / "datasets/census")
    session.sweep()
    assert cursor.execute(count).fetchone() == (0,)


def test_of_many_datasets_each_gets_its_turn(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that has no more patience goes on where the last one ended."""
    monkeypatch.setattr(turns, "_ALWAYS", 2)
    monkeypatch.setattr(turns, "_PATIENCE_S", -1.0)
    names = [f"data-{number}" for number in range(9)]
    for name in names:
        claim(session.root, name, 1)
    session.sweep()
    claim(session.root, names[4], 2)
    seen = [session.sweep().datasets for _ in range(9)]
    assert frozenset({names[4]}) in seen


def test_what_cannot_be_stored_is_a_fault_of_that_version(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The versions beside it are stored."""
    claim(session.root, "census", 1)
    claim(session.root, "census", 2)
    keep = datasets.stored.store

    def refusing(*args: object, **kwargs: object) -> None:
        found = args[1]
        assert isinstance(found, list | tuple)
        if any(one.number == 1 and one.manifest for one in found):
            raise RuntimeError("no room")
        keep(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(datasets.stored, "store", refusing)
    session.sweep()
    assert [(one.number, one.fault) for one in listing.versions(session, "census")] == [
        (2, ""), (1, "no room"),
    ]  # fmt: skip


def test_what_is_misspelt_in_the_settings_is_a_fault_with_its_line(session: Session) -> None:
    """So is a rule nobody can read; corrected, both are gone."""
    settings = session.root / "workbench.toml"
    settings.write_text(
        '[datasets.census]\npth = "x"\n[[datasets.census.rules]]\nname = "n"\n'
        'kind = "not_nul"\ncolumn = "a"\n', "utf-8",
    )  # fmt: skip
    session.sweep()
    first, second = faults(session.catalogue)
    assert (first.path, first.line) == ("workbench.toml", 2)
    assert second.reason.startswith("A rule of census: ")
    settings.write_text('[datasets.census]\npath = "x"\nowner = "ana"\n', "utf-8")
    session.sweep()
    assert faults(session.catalogue) == ()


def test_a_sensitive_column_nobody_knows_is_a_fault_that_says_why_all_are_masked(
    session: Session,
) -> None:
    """Only where there is a version to tell it by."""
    settings = session.root / "workbench.toml"
    settings.write_text('[datasets.census]\nowner = "a"\nsensitive = ["emial"]\n', "utf-8")
    session.sweep()
    assert faults(session.catalogue) == ()
    claim(session.root, "census", 1, columns=(SchemaColumn("email", "text", "String"),))
    settings.write_text('[datasets.census]\nowner = "b"\nsensitive = ["emial"]\n\n', "utf-8")
    session.sweep()
    (one,) = faults(session.catalogue)
    assert (one.path, one.line) == ("workbench.toml", 3)
    assert one.reason == (
        "census has no column 'emial', which is said to be sensitive: every column is masked."
    )


def test_settings_that_change_are_news_of_every_dataset(session: Session) -> None:
    """Owner, purposes and retention may stand there; whoever shows them looks again."""
    claim(session.root, "census", 1)
    claim(session.root, "flights", 2)
    session.sweep()
    (session.root / "workbench.toml").write_text('[datasets.census]\nowner = "ana"\n', "utf-8")
    assert session.sweep().datasets == {"census", "flights"}
    assert not session.sweep()
    (line, _) = listing.datasets(session)
    assert line.owner == "ana"


def test_a_folder_of_all_datasets_that_is_none_is_a_fault(session: Session) -> None:
    """It is said, and nothing else stops."""
    (session.root / "datasets").write_text("", "utf-8")
    session.sweep()
    assert [fault.reason for fault in faults(session.catalogue)] == ["is not a folder."]
