"""What stands in the datasets folder, whoever wrote it."""

from pathlib import Path

import pytest

from tests.dataset_building import claim, manifest
from workbench.datasets.versions import folder
from workbench.datasets.versions.encoding import encode
from workbench.errors import FormatError, NotFoundError


def test_names_and_numbers_come_in_order(tmp_path: Path) -> None:
    """Datasets by name, versions by number and not by letter."""
    for content in range(1, 10):
        claim(tmp_path, "wages", content)
    claim(tmp_path, "wages", 0)
    claim(tmp_path, "census")
    assert folder.names(tmp_path) == ("census", "wages")
    assert folder.standing(tmp_path, "wages") == tuple(range(1, 11))


def test_a_workspace_without_datasets_has_none(tmp_path: Path) -> None:
    """Nothing there is no fault."""
    assert folder.names(tmp_path) == ()
    assert folder.entries(tmp_path, "census") == ()
    assert folder.newest(tmp_path, "census") is None


@pytest.mark.parametrize("name", ["0", "01", "-1", "1.5", "one", "1 ", "99999999999", ".tmp"])
def test_only_plain_numbers_are_versions(tmp_path: Path, name: str) -> None:
    """A folder of any other name is somebody's own."""
    (tmp_path / "datasets/census" / name).mkdir(parents=True)
    assert folder.entries(tmp_path, "census") == ()


def test_a_half_written_folder_never_counts(tmp_path: Path) -> None:
    """Without its manifest a folder takes its number and is no version."""
    claim(tmp_path)
    (tmp_path / "datasets/census/2").mkdir()
    (tmp_path / "datasets/census/2/profile.json.gz").write_bytes(b"half")
    newest = folder.newest(tmp_path, "census")
    assert newest is not None
    assert newest.version == 1
    with pytest.raises(NotFoundError):
        folder.read_manifest(tmp_path, "census", 2)
    assert claim(tmp_path, content=2).manifest.version == 3


def test_a_torn_manifest_hides_no_other_version(tmp_path: Path) -> None:
    """The one before stands, and the torn one is a fault of its own."""
    claim(tmp_path)
    claim(tmp_path, content=2)
    torn = tmp_path / "datasets/census/2/manifest.json"
    torn.write_bytes(torn.read_bytes()[:40])
    newest = folder.newest(tmp_path, "census")
    assert newest is not None
    assert newest.version == 1
    with pytest.raises(FormatError, match="cannot be read"):
        folder.read_manifest(tmp_path, "census", 2)


def test_a_manifest_belongs_to_its_folder(tmp_path: Path) -> None:
    """A folder copied under another number or name is not taken for what it says."""
    claim(tmp_path)
    (tmp_path / "datasets/census/1").rename(tmp_path / "datasets/census/7")
    with pytest.raises(FormatError, match="census@1"):
        folder.read_manifest(tmp_path, "census", 7)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "CON", "x" * 65, "Census"])
def test_names_that_no_dataset_has_are_not_found(tmp_path: Path, name: str) -> None:
    """A name is never taken for a path."""
    with pytest.raises(NotFoundError):
        folder.folder_of(tmp_path, name)
    with pytest.raises(NotFoundError):
        folder.read_manifest(tmp_path, name, 1)


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path: Path) -> None:
    """A manifest that is not in the workspace is not read."""
    outside = tmp_path / "outside"
    (outside / "1").mkdir(parents=True)
    (outside / "1/manifest.json").write_bytes(encode(manifest(version=1)))
    root = tmp_path / "w"
    (root / "datasets").mkdir(parents=True)
    (root / "datasets/census").symlink_to(outside)
    assert folder.names(root) == ()
    with pytest.raises(NotFoundError, match="leads out"):
        folder.read_manifest(root, "census", 1)


def test_a_marker_deletes_whatever_it_holds(tmp_path: Path) -> None:
    """A marker that cannot be read is a marker."""
    claim(tmp_path)
    folder.marker_of(tmp_path, "census", 1).write_bytes(b"\xff{")
    assert folder.entries(tmp_path, "census") == (folder.Entry(1, deleted=True),)
    assert folder.standing(tmp_path, "census") == ()
    gone = folder.read_deleted(tmp_path, "census", 1)
    assert gone is not None
    assert (gone.dataset, gone.version, gone.hash) == ("census", 1, "")
    assert folder.read_deleted(tmp_path, "census", 2) is None
    folder.marker_of(tmp_path, "census", 3).mkdir()
    assert folder.read_deleted(tmp_path, "census", 3) == folder.Deleted("census", 3)
    assert claim(tmp_path, content=2).manifest.version == 4


def test_a_profile_is_its_bytes(tmp_path: Path) -> None:
    """A version without one has none."""
    claim(tmp_path)
    assert folder.read_profile(tmp_path, "census", 1) == b"profile"
    (tmp_path / "datasets/census/1/profile.json.gz").unlink()
    assert folder.read_profile(tmp_path, "census", 1) is None
