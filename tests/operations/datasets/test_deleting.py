"""Deleting a version and bringing it back: its number is taken for ever, its data untouched."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operations.datasets.conftest import TABLE
from workbench.datasets.versions import folder
from workbench.errors import ConflictError, NotAllowedError, NotFoundError
from workbench.operations import trash
from workbench.operations.datasets import deleting
from workbench.operations.datasets.add import add
from workbench.operations.datasets.deleting import delete, finish, restore
from workbench.operations.datasets.names import Ref, resolve
from workbench.operations.housekeeping import clean, plan
from workbench.operations.session import Session, open_session

SECOND = Ref("census", 2)


@pytest.fixture(autouse=True)
def _two_versions(session: Session, census: Path) -> None:
    """Register two versions."""
    add(session, "census", census, copy=True)
    TABLE.head(9).write_parquet(census)
    add(session, "census", census, copy=True)


def test_a_deleted_version_is_gone_and_says_who_took_it(session: Session, census: Path) -> None:
    """Its copies go along, the data it was made from stays."""
    gone = delete(session, SECOND, " asked by the subject ")
    assert (gone.actor, gone.reason, gone.version) == ("ana", "asked by the subject", 2)
    assert folder.standing(session.root, "census") == (1,)
    assert not (session.root / "datasets/census/2").exists()
    assert census.is_file()
    with pytest.raises(NotFoundError, match=r"deleted on .* by ana"):
        resolve(session, SECOND)
    assert resolve(session, Ref("census")).version == 1
    assert trash.journal(session)[0].what == "deleted census@2: asked by the subject"
    assert [one.name for one in trash.trashed(session)] == ["census@2"]


def test_its_number_is_never_given_again(session: Session, census: Path) -> None:
    """Not even when the trash is emptied."""
    delete(session, SECOND)
    for one in trash.trashed(session):
        deleting.trash.delete(session.root / "trash" / one.id, session.root)
    TABLE.head(4).write_parquet(census)
    assert add(session, "census", census).manifest.version == 3
    with pytest.raises(NotFoundError):
        restore(session, SECOND)


@pytest.mark.parametrize("by_trash", [False, True])
def test_it_comes_back_as_it_was(session: Session, by_trash: bool) -> None:
    """By its name, or from the list of what is in the trash."""
    before = resolve(session, SECOND)
    delete(session, SECOND)
    if by_trash:
        trash.restore(session, "census@2")
    else:
        assert restore(session, SECOND) == before
    assert resolve(session, SECOND) == before
    assert folder.read_deleted(session.root, "census", 2) is None
    assert (session.root / "datasets/census/2/files/census.parquet").is_file()
    assert trash.trashed(session) == ()


def test_a_version_that_cannot_be_read_can_be_deleted(session: Session) -> None:
    """Or a broken manifest would stay for ever."""
    (session.root / "datasets/census/2/manifest.json").write_bytes(b"{")
    delete(session, SECOND)
    assert folder.standing(session.root, "census") == (1,)


def test_what_a_model_in_a_stage_needs_stays(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the model that needs it."""
    hash_ = resolve(session, SECOND).hash
    monkeypatch.setattr(
        deleting, "protected_datasets", lambda _: {("census", hash_): "it was used for churn@3"}
    )
    with pytest.raises(NotAllowedError, match="used for churn@3"):
        delete(session, SECOND)
    delete(session, Ref("census", 1))
    assert folder.standing(session.root, "census") == (2,)


def test_what_is_not_there_is_not_deleted(session: Session) -> None:
    """No number, no version, deleted already, taken by somebody in this moment."""
    with pytest.raises(NotFoundError, match="names no version"):
        delete(session, Ref("census"))
    with pytest.raises(NotFoundError):
        delete(session, Ref("census", 7))
    with pytest.raises(NotFoundError, match="not deleted"):
        restore(session, SECOND)
    delete(session, SECOND)
    with pytest.raises(NotFoundError, match="was deleted"):
        delete(session, SECOND)


def test_two_who_delete_at_once_are_told_apart(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of them did it."""
    folder.marker_of(session.root, "census", 2).write_bytes(b"{}")
    monkeypatch.setattr(deleting, "objections", lambda *_: ())
    monkeypatch.setattr(deleting, "_readable", lambda *_: None)
    with pytest.raises(ConflictError, match="somebody else"):
        delete(session, SECOND)


def test_a_deletion_that_broke_off_is_finished_by_the_clean_up(session: Session) -> None:
    """Copies of data that must go do not stay in the folder."""
    folder.marker_of(session.root, "census", 2).write_bytes(b"{}")
    clean(session, plan(session))
    assert not (session.root / "datasets/census/2").exists()
    assert [one.name for one in trash.trashed(session)] == ["census@2"]


KILLED = """
import os, sys
from pathlib import Path
from workbench.operations.datasets.deleting import delete, restore
from workbench.operations.datasets.names import Ref
from workbench.operations.session import open_session
root, what, step = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
with open_session(root, in_memory=True) as session:
    seen = 0
    def each(event, args):
        global seen
        if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.link", "os.rmdir") and \\
                str(root) in str(args[:2]):
            seen += 1
            if seen > step:
                os._exit(9)
    sys.addaudithook(each)
    (delete if what == "delete" else restore)(session, Ref("census", 2))
    print("done", flush=True)
    os._exit(0)
"""


def kill_at(root: Path, what: str, step: int) -> bool:
    """Say whether an act got to its end before it was killed."""
    out = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), what, str(step)], capture_output=True,
        text=True, check=False, cwd=Path(__file__).parents[3], env={**os.environ},
    )  # fmt: skip
    assert out.stdout == "done\n" or out.returncode == 9, out.stderr
    return out.stdout == "done\n"


def test_killed_at_any_step_a_deletion_is_done_or_can_be_done(session: Session) -> None:
    """The version stands whole, or is deleted and can be brought back."""
    before, step = resolve(session, SECOND), 0
    while not kill_at(session.root, "delete", step):
        if 2 in folder.standing(session.root, "census"):
            assert resolve(session, SECOND) == before
        else:
            finish(session, "census")
            assert not (session.root / "datasets/census/2").exists()
            if not kill_at(session.root, "restore", step // 2):
                restore(session, SECOND)
            assert resolve(session, SECOND) == before
        step += 3
    assert folder.standing(session.root, "census") == (1,)
    with open_session(session.root, in_memory=True) as other:
        assert restore(other, SECOND) == before
