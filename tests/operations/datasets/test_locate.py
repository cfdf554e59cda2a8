"""Whether the files of a version are still what they were, told without reading what is large."""

import os
from pathlib import Path

import pytest

from tests.operations.datasets.conftest import TABLE
from workbench.client.datasets import hash_of_path
from workbench.clock import FixedClock
from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import hashing
from workbench.datasets.versions.stamps import Stamps
from workbench.errors import NotFoundError
from workbench.operations.datasets import locate
from workbench.operations.datasets.add import add
from workbench.operations.datasets.standing import open_standing
from workbench.operations.session import Session


@pytest.fixture
def made(session: Session, census: Path) -> Manifest:
    """Register the census."""
    return add(session, "census", census).manifest


def test_what_was_not_touched_is_the_same(session: Session, made: Manifest) -> None:
    """Without reading it."""
    assert locate.state_of(session, made, read=False) == "same"


def test_what_was_only_touched_is_the_same(
    session: Session, made: Manifest, census: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file is read to tell; of a large one that is not known until somebody did."""
    os.utime(census, (5, 5))
    assert locate.state_of(session, made, read=False) == "unknown"
    monkeypatch.setattr(locate, "SMALL", 10)
    assert locate.state_of(session, made) == "unknown"
    with Stamps(session.cache) as stamps:
        hashing.hashed([census], stamps, session.clock.now)
    assert locate.state_of(session, made, read=False) == "same"


@pytest.mark.parametrize("same_size", [False, True])
def test_what_was_written_over_has_changed(
    session: Session, made: Manifest, census: Path, same_size: bool
) -> None:
    """By its size, else by its bytes."""
    data = census.read_bytes()
    census.write_bytes(data[:-1] + b"?" if same_size else data[:-9])
    os.utime(census, (5, 5))
    assert locate.state_of(session, made) == "changed"


def test_a_change_within_one_tick_of_the_clock_is_seen(
    session: Session, census: Path, clock: FixedClock
) -> None:
    """A file written and registered in one moment may be written again with the same time."""
    stamp = census.stat()
    clock.at = stamp.st_mtime + 0.001
    made = add(session, "census", census).manifest
    data = census.read_bytes()
    census.write_bytes(data[:-1] + b"?")
    os.utime(census, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    clock.advance(60)
    assert locate.state_of(session, made, read=False) == "unknown"
    assert locate.state_of(session, made) == "changed"


def test_what_is_not_there_is_away(session: Session, made: Manifest, census: Path) -> None:
    """Which is no change: it may come back as it was."""
    census.rename(census.with_name("other"))
    assert locate.state_of(session, made) == "away"
    with pytest.raises(NotFoundError, match="nothing at"):
        locate.files_of(session, made)


def test_a_folder_that_grew_is_opened_as_it_was_registered(session: Session, root: Path) -> None:
    """Rows of files that came later are not of this version."""
    (root / "parts").mkdir()
    for name in ("a", "b"):
        TABLE.head(2).write_parquet(root / f"parts/{name}.parquet")
    made = add(session, "parts", root / "parts").manifest
    assert locate.open_version(session, made).rows == 4
    TABLE.write_parquet(root / "parts/c.parquet")
    assert locate.open_version(session, made).rows == 4
    (root / "parts/a.parquet").unlink()
    assert locate.state_of(session, made) == "away"
    with pytest.raises(NotFoundError, match=r"a\.parquet"):
        locate.open_version(session, made)


def test_a_folder_of_folders_is_opened_from_its_copy(session: Session, root: Path) -> None:
    """Folders that name a value go along with the copy."""
    for year in (2024, 2025):
        (root / f"y/year={year}").mkdir(parents=True)
        TABLE.head(2).write_parquet(root / f"y/year={year}/a.parquet")
    made = add(session, "y", root / "y", copy=True).manifest
    hash_ = hash_of_path(root / "y")
    for file in (root / "y").rglob("*.parquet"):
        file.unlink()
    table = locate.open_version(session, made)
    assert table.rows == 4
    assert "year" in [one.name for one in table.columns]
    assert hash_of_path(root / "datasets/y/1/files") == hash_ == made.hash


@pytest.mark.parametrize("path", ["../../etc/passwd", "a/../../b", "/etc/passwd"])
def test_a_manifest_leads_to_no_file_by_climbing(
    session: Session, made: Manifest, path: str
) -> None:
    """Neither for data nor for copies."""
    import msgspec

    file = msgspec.structs.replace(made.files[0], path=path)
    below = msgspec.structs.replace(made.files[0], path=f"data/{path}")
    for copied in (False, True):
        for files, base in (((file,), ""), ((made.files[0], below), "data")):
            strange = msgspec.structs.replace(made, files=files, base=base, copied=copied)
            with pytest.raises(NotFoundError):
                locate.files_of(session, strange)
            if not copied:
                assert locate.state_of(session, strange) == "away"


@pytest.mark.parametrize("what", ["the file", "its folder"])
def test_a_link_that_leads_out_of_the_workspace_is_not_followed(
    session: Session, made: Manifest, census: Path, tmp_path: Path, what: str
) -> None:
    """Whoever put it there may have meant any file of whoever looks."""
    away = census if what == "the file" else census.parent
    away.rename(tmp_path / "away")
    away.symlink_to(tmp_path / "away")
    with pytest.raises(NotFoundError, match="leads out of the workspace"):
        locate.files_of(session, made)


@pytest.mark.parametrize("what", ["the file", "its folder"])
def test_data_that_is_linked_into_the_workspace_is_stored_where_it_is(
    session: Session, census: Path, tmp_path: Path, what: str
) -> None:
    """So the manifest says what is read, and the rows are there."""
    away = census if what == "the file" else census.parent
    away.rename(tmp_path / "away")
    away.symlink_to(tmp_path / "away")
    made = add(session, "census", census).manifest
    assert Path(made.files[0].path).is_absolute()
    assert locate.open_version(session, made).rows == 100
    assert locate.state_of(session, made) == "same"


def test_a_manifest_that_names_a_file_elsewhere_is_believed_by_its_hash_alone(
    session: Session, made: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size and time of a file of yours anybody may know; what is large is said to be unread."""
    import msgspec

    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    facts = secret.stat()
    file = msgspec.structs.replace(
        made.files[0], path=str(secret), size=facts.st_size, mtime_ns=facts.st_mtime_ns
    )
    planted = msgspec.structs.replace(made, files=(file,), base=str(tmp_path), path=str(secret))
    assert locate.state_of(session, planted, read=False) == "unknown"
    with monkeypatch.context() as patch:
        patch.setattr(locate, "SMALL", 3)
        assert "not compared with their hash" in open_standing(session, planted).doubt
    assert locate.state_of(session, planted) == "changed"
    with pytest.raises(NotFoundError, match="have changed"):
        open_standing(session, planted)


def test_what_is_no_file_any_more_is_away_and_called_so(
    session: Session, made: Manifest, census: Path
) -> None:
    """In lists and where rows are asked for, whatever took its place."""
    census.unlink()
    census.mkdir()
    assert locate.state_of(session, made) == "away"
    with pytest.raises(NotFoundError, match="Something else than a file"):
        locate.files_of(session, made)
