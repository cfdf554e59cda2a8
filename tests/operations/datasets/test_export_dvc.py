"""A version as DVC pulls it, in the layout that DVC 3.67 writes."""

import hashlib
import json
from pathlib import Path

import pytest
import yaml

from tests.operations.datasets.conftest import TABLE
from workbench.datasets import dvc
from workbench.errors import ConflictError, NotAllowedError, NotFoundError
from workbench.operations.datasets.add import add
from workbench.operations.datasets.export_dvc import export_dvc
from workbench.operations.datasets.names import Ref
from workbench.operations.session import Session


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a repository of DVC with a folder as its default remote."""
    (tmp_path / "project/.dvc").mkdir(parents=True)
    (tmp_path / "project/.dvc/config").write_text(
        "[core]\n    remote = store\n['remote \"store\"']\n    url = ../../remote\n"
    )
    (tmp_path / "project/data").mkdir()
    return tmp_path / "project"


def md5(data: bytes) -> str:
    """Return what DVC calls some bytes."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def test_a_file_goes_to_the_default_remote(
    session: Session, census: Path, project: Path, tmp_path: Path
) -> None:
    """Under its md5, with a file that says so and the command that brings it."""
    add(session, "census", census)
    made = export_dvc(session, Ref("census"), project / "data")
    data = census.read_bytes()
    assert made.path == project / "data/census.parquet.dvc"
    assert made.pull == "dvc pull census.parquet.dvc"
    said = yaml.safe_load(made.path.read_text())
    assert said["outs"] == [
        {"md5": md5(data), "size": len(data), "hash": "md5", "path": "census.parquet"}
    ]
    kept = tmp_path / "remote/files/md5" / md5(data)[:2] / md5(data)[2:]
    assert kept.read_bytes() == data
    (known,) = dvc.outs(made.path)
    assert (known.md5, known.size) == (md5(data), len(data))


def test_a_folder_goes_with_its_list(
    session: Session, root: Path, project: Path, tmp_path: Path
) -> None:
    """Every file under its own md5, and their list under the whole's."""
    (root / "data/b").mkdir(parents=True)
    for name in ("a.csv", "b/c.csv"):
        (root / "data" / name).write_text(f"x\n{len(name)}\n")
    add(session, "all", root / "data")
    made = export_dvc(session, Ref("all"), project)
    listed = tmp_path / "remote/files/md5" / made.md5[:2] / made.md5[2:]
    assert made.path.name == "data.dvc"
    assert [one["relpath"] for one in json.loads(listed.read_bytes())] == ["a.csv", "b/c.csv"]
    assert md5(listed.read_bytes()) + ".dir" == made.md5
    for one in json.loads(listed.read_bytes()):
        kept = tmp_path / "remote/files/md5" / one["md5"][:2] / one["md5"][2:]
        assert kept.read_bytes() == (root / "data" / one["relpath"]).read_bytes()


def test_without_a_remote_it_goes_to_the_cache(
    session: Session, census: Path, project: Path
) -> None:
    """A remote in a cloud is DVC's own business: ``dvc push`` takes it there."""
    (project / ".dvc/config").write_text("[core]\nremote = s\n['remote \"s\"']\nurl = s3://b\n")
    add(session, "census", census)
    made = export_dvc(session, Ref("census"), project)
    assert made.objects == project / ".dvc/cache"
    assert made.pull == "dvc checkout census.parquet.dvc"


def test_outside_a_repository_only_the_file_is_written(
    session: Session, census: Path, tmp_path: Path
) -> None:
    """Unless a folder for the bytes is named."""
    add(session, "census", census)
    there = Ref("census", 1)
    (tmp_path / "out").mkdir()
    made = export_dvc(session, there, tmp_path / "out")
    assert made.objects is None
    assert "dvc init" in made.pull
    with pytest.raises(ConflictError, match="already"):
        export_dvc(session, there, tmp_path / "out")
    named = export_dvc(session, there, tmp_path / "out", objects=tmp_path / "kept", force=True)
    assert named.objects == tmp_path / "kept"
    assert len(list((tmp_path / "kept").rglob("*"))) == 4


def test_only_the_registered_bytes_are_handed_on(
    session: Session, census: Path, project: Path, tmp_path: Path
) -> None:
    """A file that changed since is not that version; a copy still is."""
    there, kept = Ref("census", 1), Ref("census", 2)
    add(session, "census", census)
    add(session, "census", census, copy=True)
    TABLE.head(3).write_parquet(census)
    with pytest.raises(ConflictError, match="changed since census@1"):
        export_dvc(session, there, project)
    assert not (tmp_path / "remote").exists()
    assert export_dvc(session, kept, project).md5
    census.unlink()
    with pytest.raises(NotFoundError):
        export_dvc(session, there, project)


def test_exporting_again_changes_nothing_there(
    session: Session, census: Path, project: Path, tmp_path: Path
) -> None:
    """Objects are written once, and nothing half-written stays beside them."""
    add(session, "census", census)
    there = Ref("census", 1)
    made = export_dvc(session, there, project)
    kept = tmp_path / "remote/files/md5" / made.md5[:2] / made.md5[2:]
    before = kept.stat().st_mtime_ns
    export_dvc(session, there, project, force=True)
    assert kept.stat().st_mtime_ns == before
    assert [one.name for one in kept.parent.iterdir()] == [kept.name]


def test_what_cannot_be_written_is_told(session: Session, census: Path, project: Path) -> None:
    """With where it was to go."""
    add(session, "census", census)
    there = Ref("census", 1)
    (project / "file").write_bytes(b"x")
    with pytest.raises(NotAllowedError, match="cannot be written"):
        export_dvc(session, there, project, objects=project / "file")
