"""Deploying: what consumers see afterwards, whatever is broken, full, slow or away."""

import errno
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN
from tests.operations.registry.serving import MODEL, STAGE, Serving
from tests.registry.events import damaged, promote, state_of
from workbench import durable
from workbench.clock import FixedClock
from workbench.errors import FormatError, NotFoundError
from workbench.operations.registry import destinations
from workbench.operations.registry.deploying import Deployment, deploy, deploy_all, overdue, repair
from workbench.operations.registry.destinations import agree_to
from workbench.registry import pointer as pointers
from workbench.registry.checks import StagePolicy
from workbench.registry.patience import Patience
from workbench.registry.pointer import Pointer, pointer_path


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """Two registered versions and an empty folder to deploy to."""
    one = Serving(tmp_path)
    one.register()
    one.register()
    yield one
    one.session.close()


# -- what consumers see -------------------------------------------------------------------


def test_promoted(serving: Serving) -> None:
    """After a promotion both pointers name the version, and its files are where they say."""
    found = serving.promoted(1)
    assert found.state == "deployed"
    assert found.path == str(serving.out / MODEL / "CURRENT.json")
    assert (found.reason, found.done) == ("", True)
    assert serving.served == 1
    assert (serving.current.folder / "model.bin").read_text() == "weights of 1"
    assert serving.inside is not None
    assert (serving.inside.version, serving.inside.seq) == (1, 3)
    assert (serving.root / serving.inside.path / "model.bin").read_text() == "weights of 1"


def test_rolled_back(serving: Serving) -> None:
    """Going back needs no copying: the older version still lies there."""
    serving.promoted(1)
    before = serving.copy(1).stat().st_ino
    serving.promoted(2)
    assert serving.served == 2
    serving.roll_back(1)
    assert serving.deploy().state == "deployed"
    assert serving.served == 1
    assert serving.copy(1).stat().st_ino == before
    assert serving.copy(2).is_dir()


def test_emptied(serving: Serving) -> None:
    """An emptied stage says so to consumers, with who and why, and keeps the copies."""
    serving.promoted(1)
    serving.roll_back(None)
    assert serving.deploy().state == "deployed"
    assert serving.inside is not None
    assert serving.inside.version is None
    assert pointers.read(serving.out / MODEL / "CURRENT.json") is not None
    with pytest.raises(NotFoundError, match=r"empty.*ana@lab.*why"):
        _ = serving.current
    assert serving.copy(1).is_dir()


def test_never_promoted(serving: Serving) -> None:
    """A stage nothing ever happened to leaves nothing behind."""
    assert serving.deploy().done
    assert serving.inside is None
    assert list(serving.out.iterdir()) == []


def test_only_the_pointer(serving: Serving) -> None:
    """A stage that is not deployed anywhere has its pointer in the workspace."""
    serving.policy = StagePolicy(STAGE)
    found = serving.promoted(1)
    assert found.state == "in the workspace only"
    assert found.path == str(serving.root / pointer_path(STAGE, MODEL))
    assert serving.inside is not None


@pytest.mark.parametrize("written", ["served", "~/served"])
def test_ways_to_write_the_folder(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    """A folder may be named relative to the workspace or to the home."""
    home = serving.root / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    folder = home / "served" if written.startswith("~") else serving.root / "served"
    folder.mkdir(parents=True)
    serving.policy = StagePolicy(STAGE, deploy_to=written)
    assert serving.promoted(1).state == "deployed"
    assert pointers.read_current(folder, MODEL).pointer.version == 1


def test_settings_that_cannot_be_read(serving: Serving) -> None:
    """With settings that cannot be read a rollback goes where the last promotion went."""
    serving.promoted(1)
    serving.promoted(2)
    serving.roll_back(1)
    found = deploy(serving.session, MODEL, STAGE, None)
    assert found.state == "deployed"
    assert "workbench.toml" in found.reason
    assert serving.served == 1


def test_nobody_knows_where(serving: Serving) -> None:
    """Where neither settings nor journal say where to deploy to, that is what is said."""
    serving.policy = StagePolicy(STAGE)
    serving.roll_back(None)
    found = deploy(serving.session, MODEL, STAGE, None)
    assert found.state == "pending"
    assert "workbench.toml" in found.reason


# -- damage ------------------------------------------------------------------------------


def test_damaged_copy(serving: Serving) -> None:
    """A consumer is told of a damaged copy; deploying again replaces it, and says so."""
    serving.promoted(1)
    file = serving.copy(1) / "model.bin"
    file.chmod(0o644)
    file.write_text("weights of 9")
    with pytest.raises(FormatError, match="damaged"):
        _ = serving.current
    found = serving.deploy()
    assert found.state == "deployed"
    assert "was damaged" in found.reason
    assert serving.served == 1


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff" * 50, b'{"format":1}\n'])
def test_torn_pointers(serving: Serving, content: bytes) -> None:
    """Pointers that were damaged are written anew."""
    serving.promoted(1)
    for path in (serving.root / pointer_path(STAGE, MODEL), serving.out / MODEL / "CURRENT.json"):
        path.write_bytes(content)
    with pytest.raises(FormatError):
        _ = serving.current
    assert serving.deploy().state == "deployed"
    assert serving.served == 1


def test_damaged_version(serving: Serving) -> None:
    """A version whose files changed in the workspace is not deployed; the old one is served."""
    serving.promoted(1)
    for file in (serving.root / "registry" / MODEL / "files").glob("*/variables/more.bin"):
        file.chmod(0o644)
        file.write_bytes(b"?" * 100_000)
    found = serving.promoted(2)
    assert found.state == "pending"
    assert "variables/more.bin" in found.reason
    assert serving.served == 1


def test_unreadable_journal(serving: Serving) -> None:
    """A journal with an event that cannot be read changes no pointer: it could be an older one."""
    serving.promoted(1)
    serving.promoted(2)
    damaged(serving.journal, 4, lambda data: data[:-9])
    found = serving.deploy()
    assert found.state == "pending"
    assert "0000000004.json" in found.reason
    assert serving.served == 2


@pytest.mark.parametrize("link", ["deploy", "deploy/production", ".workbench/tmp"])
def test_folders_that_lead_out(serving: Serving, link: str) -> None:
    """Nothing is written where a link leads out of the workspace, and the reason is said."""
    away = serving.root.parent / "away"
    away.mkdir()
    serving.promote(1)
    place = serving.root / link
    place.parent.mkdir(exist_ok=True)
    if place.is_dir():
        place.rmdir()
    place.symlink_to(away, target_is_directory=True)
    found = serving.deploy()
    assert found.state == "pending"
    assert found.reason.endswith("leads out of the workspace.")
    assert list(away.rglob("*")) == []


def test_two_stages_one_folder(serving: Serving) -> None:
    """A folder that follows another stage is left to it."""
    serving.promoted(1)
    staging = StagePolicy("staging", deploy_to=str(serving.out))
    promote(serving.journal, 2, "staging")
    found = deploy(serving.session, MODEL, "staging", staging)
    assert found.state == "pending"
    assert "churn@production of this workspace" in found.reason
    assert serving.served == 1


# -- folders nobody agreed to -------------------------------------------------------------


def test_settings_of_a_stranger(serving: Serving) -> None:
    """Looking at a workspace writes no folder its settings name until this person agrees."""
    home = serving.root.parent / "home"
    (home / MODEL / "1").mkdir(parents=True)
    (home / MODEL / "1" / "thesis.txt").write_text("mine")
    before = sorted(home.rglob("*"))
    serving.promote(1)
    serving.settings(f'[stages.production]\ndeploy_to = "{home.as_posix()}"\n')
    (found,) = repair(serving.session)
    assert found.state == "pending"
    assert found.reason.startswith("Nobody on this machine agreed to deploy to ")
    assert "workbench deploy --agree" in found.hint
    assert serving.inside is not None
    assert sorted(home.rglob("*")) == before
    agree_to(serving.session, str(home))
    (found,) = repair(serving.session, at_once=True)
    assert "was not put there by the workbench" in found.reason
    assert sorted(home.rglob("*")) == before


def test_agreed_folder_led_elsewhere(serving: Serving) -> None:
    """A folder that became a link to another one was not agreed to, nor was a model's part."""
    serving.promoted(1)
    away = serving.root.parent / "away"
    serving.out.rename(away)
    serving.out.symlink_to(away, target_is_directory=True)
    serving.promote(2)
    found = deploy(serving.session, MODEL, STAGE, serving.policy)
    assert found.reason.startswith("Nobody on this machine agreed")
    serving.out.unlink()
    serving.out.mkdir()
    (serving.out / MODEL).symlink_to(away, target_is_directory=True)
    found = deploy(serving.session, MODEL, STAGE, serving.policy)
    assert found.reason.endswith("is a link.")
    assert not (away / "2").exists()


@pytest.mark.parametrize(
    "own", [".", "registry", "registry/churn/files", "runs", "Deploy", ".workbench", "x/../deploy"]
)
def test_the_workspaces_own_folders(serving: Serving, own: str) -> None:
    """A stage is not deployed to where the workbench keeps its own files."""
    serving.policy = StagePolicy(STAGE, deploy_to=own)
    found = serving.promoted(1)
    assert (found.state, "its own files" in found.reason) == ("pending", True)
    assert serving.inside is not None


# -- places that are away, full or closed -------------------------------------------------


def test_missing_folder(serving: Serving) -> None:
    """A drive that is not there is said, never created on the local disk, and caught up with."""
    serving.out.rmdir()
    found = serving.promoted(1)
    assert (found.state, found.done) == ("pending", False)
    assert "is not there" in found.reason
    assert found.hint
    assert not serving.out.exists()
    assert serving.inside is not None
    serving.out.mkdir()
    assert serving.deploy().state == "deployed"


def test_unmounted_folder(serving: Serving, tmp_path: Path) -> None:
    """An empty folder where versions were before is a drive that is not mounted."""
    serving.promoted(1)
    serving.out.rename(tmp_path / "away")
    serving.out.mkdir()
    found = serving.promoted(2)
    assert found.state == "pending"
    assert "empty" in found.reason
    assert list(serving.out.iterdir()) == []
    serving.out.rmdir()
    (tmp_path / "away").rename(serving.out)
    assert serving.deploy().state == "deployed"
    assert serving.served == 2


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("step", ["mkdir", "write", "replace"])
def test_refusals(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    """A full, read-only or failing folder leaves the old version served, and says why."""
    serving.promoted(1)
    with monkeypatch.context() as patched:
        refuse(patched, serving.out, number, step)
        found = serving.promoted(2)
        assert found.state == "pending"
        assert os.strerror(number) in found.reason
        assert found.hint
        assert serving.served == 1
        assert serving.inside is not None
        assert serving.inside.version == 2
    assert serving.deploy().state == "deployed"
    assert serving.served == 2


def refuse(patched: pytest.MonkeyPatch, below: Path, number: int, step: str) -> None:
    """Let every call of a kind fail below a folder, as the system would."""

    def failing(real: Callable[..., Any]) -> Callable[..., Any]:
        def called(path: Any, *rest: Any, **named: Any) -> Any:
            creates = step != "write" or (rest and rest[0] & os.O_CREAT)
            if str(path).startswith(str(below)) and creates:
                raise OSError(number, os.strerror(number), str(path))
            return real(path, *rest, **named)

        return called

    name = {"mkdir": "mkdir", "write": "open", "replace": "replace"}[step]
    patched.setattr(os, name, failing(getattr(os, name)))


def test_read_only_share(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workspace whose pointers cannot be written is said; the folder outside is served still."""
    serving.promoted(1)
    with monkeypatch.context() as patched:
        refuse(patched, serving.root / "deploy", errno.EROFS, "replace")
        refuse_temporary(patched, serving.root / ".workbench" / "tmp")
        found = serving.promoted(2)
    assert found.state == "pending"
    assert os.strerror(errno.EROFS) in found.reason
    assert serving.served == 2
    assert [one.stage for one in overdue(serving.session)] == [STAGE]


def refuse_temporary(patched: pytest.MonkeyPatch, folder: Path) -> None:
    """Let nothing be renamed out of a folder onto another name."""
    real = durable.replace

    def put(path: Path, data: bytes, *, temp: Path | None = None) -> None:
        if temp == folder:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        real(path, data, temp=temp)

    patched.setattr(durable, "replace", put)


def test_held_open(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pointer that a consumer holds open, on Windows, is replaced once it is let go."""
    serving.promoted(1)
    serving.promote(2)
    real, left = durable.replace, [7]

    def put(path: Path, data: bytes, *, temp: Path | None = None) -> None:
        if path.name == "CURRENT.json" and left[0]:
            left[0] -= 1
            raise PermissionError(13, "Access is denied", str(path))
        real(path, data, temp=temp)

    monkeypatch.setattr(durable, "replace", put)
    clock = FixedClock()
    patience = Patience(clock, clock.advance, 5.0)
    found = deploy(serving.session, MODEL, STAGE, serving.policy, patience=patience)
    assert found.state == "deployed"
    assert serving.served == 2
    assert clock.at > FixedClock().at


def test_held_open_for_ever(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pointer that is never let go is pending, after five seconds."""
    serving.promoted(1)
    serving.promote(2)

    def put(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Access is denied", str(path))

    clock = FixedClock()
    patience = Patience(clock, clock.advance, 5.0)
    with monkeypatch.context() as patched:
        patched.setattr(destinations.durable, "replace", put)
        found = deploy(serving.session, MODEL, STAGE, serving.policy, patience=patience)
    assert found.state == "pending"
    assert serving.served == 1


# -- many at once ------------------------------------------------------------------------


def test_slow_writer(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes an older pointer over a newer one sees it, and puts the newer one back."""
    serving.promote(1)
    real, interrupted = durable.replace, [False]

    def slow(path: Path, data: bytes, *, temp: Path | None = None) -> None:
        if path.name == "CURRENT.json" and not interrupted[0]:
            interrupted[0] = True
            assert serving.promoted(2).state == "deployed"  # somebody else, meanwhile
            assert serving.served == 2
        real(path, data, temp=temp)

    monkeypatch.setattr(durable, "replace", slow)
    assert serving.deploy().state == "deployed"
    assert interrupted[0]
    assert serving.served == 2


def test_promoted_while_copying(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that takes long never points back to what was current when it began."""
    serving.promote(1)
    seen: list[int | None] = []
    place, put = destinations.place, durable.replace

    def copying(*what: Any, **how: Any) -> Any:
        monkeypatch.setattr(destinations, "place", place)
        found = place(*what, **how)
        serving.promoted(2)
        return found

    def noting(path: Path, data: bytes, *, temp: Path | None = None) -> None:
        put(path, data, temp=temp)
        if path.name == "CURRENT.json":
            seen.append(pointers.decode(data).version)

    monkeypatch.setattr(destinations, "place", copying)
    monkeypatch.setattr(durable, "replace", noting)
    assert serving.deploy().state == "deployed"
    assert seen == [2]


def test_two_operators(serving: Serving) -> None:
    """Two people who promote and deploy all the time leave what the journal says."""
    others = [serving.session, serving.open()]
    results: list[Deployment] = []
    begin = threading.Barrier(2)

    def operate(number: int) -> None:
        begin.wait()
        for turn in range(10):
            serving.promote(1 + (number + turn) % 2)
            results.append(serving.deploy(others[number]))

    threads = [threading.Thread(target=operate, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    others[1].close()
    assert [one.state for one in results] == ["deployed"] * 20
    assert serving.served == state_of(serving.journal).stage(STAGE).holder
    assert serving.inside is not None
    assert serving.inside.seq == state_of(serving.journal).seq
    assert overdue(serving.session) == ()


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
def test_clock_off(serving: Serving, seconds: float) -> None:
    """A clock that is an hour off changes nothing: order is the journal's."""
    serving.promoted(1)
    promote(serving.journal, 2, STAGE, time=BEGIN + seconds)
    assert serving.deploy().state == "deployed"
    assert serving.served == 2
    assert overdue(serving.session) == ()


# -- overdue and repair ------------------------------------------------------------------


def test_nothing_overdue(serving: Serving) -> None:
    """A deployed stage is not overdue."""
    serving.settings()
    serving.promoted(1)
    assert overdue(serving.session) == ()
    assert repair(serving.session) == ()


def test_killed_after_the_event(serving: Serving) -> None:
    """What was recorded by a process that died is deployed by the next one that looks."""
    serving.settings()
    serving.promoted(1)
    serving.promote(2)
    other = serving.open()
    late = overdue(other)
    assert [(one.model, one.stage) for one in late] == [(MODEL, STAGE)]
    assert "v1" in late[0].why
    assert "v2" in late[0].why
    assert [one.state for one in repair(other)] == ["deployed"]
    assert serving.served == 2
    assert overdue(serving.session) == ()
    other.close()


@pytest.mark.parametrize("what", ["pointer", "current", "copy"])
def test_lost(serving: Serving, what: str) -> None:
    """A pointer or a copy that somebody took away is put back, though it was seen before."""
    serving.settings()
    serving.promoted(1)
    assert overdue(serving.session) == ()
    if what == "copy":
        serving.copy(1).rename(serving.out / "taken")
    else:
        path = serving.root / pointer_path(STAGE, MODEL)
        (path if what == "pointer" else serving.out / MODEL / "CURRENT.json").unlink()
    assert [one.why.endswith("is not there.") for one in overdue(serving.session)] == [True]
    assert [one.state for one in repair(serving.session)] == ["deployed"]
    assert serving.served == 1
    assert serving.inside is not None


def test_an_older_pointer_put_back(serving: Serving) -> None:
    """A pointer that a dying process put back is mended by whoever looks next."""
    serving.settings()
    serving.promoted(1)
    path = serving.out / MODEL / "CURRENT.json"
    older = path.read_bytes()
    serving.promoted(2)
    assert overdue(serving.session) == ()
    durable.replace(path, older)
    assert serving.served == 1
    assert [one.state for one in repair(serving.session)] == ["deployed"]
    assert serving.served == 2


def test_cheap_when_all_is_well(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that was found in order costs looks, not readings."""
    serving.settings()
    serving.promoted(1)
    assert overdue(serving.session) == ()

    def read(*_: object, **__: object) -> None:
        raise AssertionError("something was read again")

    monkeypatch.setattr("workbench.registry.journal.FolderJournal.read", read)
    monkeypatch.setattr(pointers, "read", read)
    assert overdue(serving.session) == ()
    assert repair(serving.session) == ()


def test_changed_settings(serving: Serving) -> None:
    """A folder that settings name only now is caught up with."""
    serving.policy = StagePolicy(STAGE)
    serving.promoted(1)
    assert overdue(serving.session) == ()
    serving.settings()
    assert len(overdue(serving.session)) == 1
    assert [one.state for one in repair(serving.session)] == ["deployed"]
    assert serving.served == 1


def test_patience_of_repairs(serving: Serving) -> None:
    """What fails is tried again later and later, unless a person asks."""
    assert isinstance(serving.clock, FixedClock)
    serving.settings()
    serving.out.rmdir()
    serving.promote(1)
    assert [one.state for one in repair(serving.session)] == ["pending"]
    assert repair(serving.session) == ()
    assert len(overdue(serving.session)) == 1
    serving.clock.advance(15)
    assert len(repair(serving.session)) == 1
    serving.clock.advance(15)
    assert repair(serving.session) == ()
    assert len(repair(serving.session, at_once=True)) == 1
    serving.out.mkdir()
    serving.clock.advance(600)
    assert [one.state for one in repair(serving.session)] == ["deployed"]


def test_named_models_only(serving: Serving) -> None:
    """Who knows which models changed asks for these alone."""
    serving.settings()
    serving.promote(1)
    assert overdue(serving.session, ["fraud"]) == ()
    assert len(overdue(serving.session, [MODEL])) == 1


def test_onlooker(serving: Serving) -> None:
    """Who may only look sees what is overdue and repairs nothing."""
    serving.settings()
    serving.promote(1)
    serving.session._why_not = "only to look at"
    assert len(overdue(serving.session)) == 1
    assert repair(serving.session) == ()
    assert serving.inside is None


def test_unreadable_journal_is_overdue(serving: Serving) -> None:
    """Nobody knows what a stage is whose journal cannot be read; its pointers stay."""
    serving.settings()
    serving.promoted(1)
    serving.promote(2)
    damaged(serving.journal, 4, lambda data: data[:-9])
    (late,) = overdue(serving.session)
    assert (late.stage, "0000000004.json cannot be read" in late.why) == (STAGE, True)
    (found,) = repair(serving.session)
    assert (found.state, "not known what churn@production is" in found.reason) == ("pending", True)
    assert serving.served == 1


def test_unreadable_from_the_first_event(serving: Serving) -> None:
    """Where no event can be read the stages are those with a pointer, else all there may be."""
    serving.settings()
    serving.promoted(1)
    damaged(serving.journal, 1, lambda data: data[:-9])
    assert [late.stage for late in overdue(serving.session)] == [STAGE]
    (serving.root / pointer_path(STAGE, MODEL)).unlink()
    assert [late.stage for late in overdue(serving.session)] == ["staging", "production"]


# -- events that are gone -----------------------------------------------------------------


def test_missing_end(serving: Serving) -> None:
    """Where the newest event is gone its version stays served, and that is said."""
    serving.settings()
    serving.promoted(1)
    serving.promoted(2)
    event = serving.root / serving.journal.path(4)
    kept = event.read_bytes()
    event.unlink()
    (found,) = repair(serving.session)
    assert found.state == "pending"
    assert "deploy/production/churn.json was made from event 4" in found.reason
    assert [one.state for one in deploy_all(serving.session)] == ["pending"]
    assert serving.served == 2
    assert serving.inside is not None
    assert serving.inside.version == 2
    event.write_bytes(kept)
    assert [one.state for one in deploy_all(serving.session)] == ["deployed"]


def test_missing_first_promotion(serving: Serving) -> None:
    """A stage whose only promotion is gone is not forgotten."""
    serving.settings()
    serving.promoted(1)
    (serving.root / serving.journal.path(3)).unlink()
    assert serving.deploy().state == "pending"
    assert [late.stage for late in overdue(serving.session)] == [STAGE]
    assert serving.served == 1


@pytest.mark.parametrize("goes_on", [False, True])
def test_older_workspace_put_back(serving: Serving, goes_on: bool) -> None:
    """A folder outside that is ahead of a workspace from a backup is not pointed back."""
    serving.settings()
    serving.promoted(1)
    inside = serving.root / pointer_path(STAGE, MODEL)
    before = inside.read_bytes()
    serving.promoted(2)
    (serving.root / serving.journal.path(4)).unlink()
    inside.write_bytes(before)
    if goes_on:
        serving.promote(1)
    found = serving.deploy()
    assert found.state == "pending"
    assert "CURRENT.json was made from event 4" in found.reason
    assert serving.served == 2
    (serving.out / MODEL / "CURRENT.json").unlink()
    assert serving.deploy().state == "deployed"
    assert serving.served == 1


@pytest.mark.parametrize("more", ["[]", "{}", ""])
def test_pointers_that_say_nothing(serving: Serving, more: str) -> None:
    """What cannot be read, and what is another model's, does not stand for a missing event."""
    serving.promoted(1)
    stray = serving.root / "deploy" / "staging" / f"{MODEL}.json"
    stray.parent.mkdir()
    stray.write_text(more)
    assert serving.deploy().state == "deployed"
    assert serving.inside is not None
    stray.write_bytes(pointers.encode(replace(serving.inside, model="fraud", seq=99)))
    assert serving.deploy().state == "deployed"


# -- consumers ---------------------------------------------------------------------------


def test_not_deployed(serving: Serving) -> None:
    """A consumer of what was never deployed is told."""
    with pytest.raises(NotFoundError, match="Nothing is deployed"):
        _ = serving.current


def test_swapped_copy(serving: Serving) -> None:
    """Files of another version under the number, whole as they are, are refused."""
    serving.promoted(1)
    serving.promoted(2)
    serving.copy(2).rename(serving.out / "was-2")
    serving.copy(1).rename(serving.copy(2))
    with pytest.raises(FormatError, match="not the version that was deployed"):
        _ = serving.current


def test_sizes_only(serving: Serving) -> None:
    """A consumer in a hurry may look at sizes only."""
    serving.promoted(1)
    file = serving.copy(1) / "model.bin"
    file.chmod(0o644)
    file.write_text("weights of 9")
    assert pointers.read_current(serving.out, MODEL, contents=False).folder == serving.copy(1)
    file.write_text("weights of 99")
    with pytest.raises(FormatError):
        pointers.read_current(serving.out, MODEL, contents=False)


def test_foreign_pointer(serving: Serving) -> None:
    """A pointer that leads elsewhere than to its number is refused, checksum or not."""
    serving.promoted(1)
    path = serving.out / MODEL / "CURRENT.json"
    said = pointers.read(path)
    assert isinstance(said, Pointer)
    path.write_bytes(pointers.encode(replace(said, path="2")))
    with pytest.raises(FormatError, match="does not belong"):
        _ = serving.current
