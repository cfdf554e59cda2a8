"""Data outside the workspace is read by itself only where the settings, or a person, may ask it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.building import write_workspace
from workbench.catalogue.faults import faults
from workbench.clock import FixedClock
from workbench.datasets.versions import folder, hashing
from workbench.datasets.versions.finding import find
from workbench.errors import FormatError, NotAllowedError
from workbench.opening import places_of
from workbench.operations.datasets import add as module
from workbench.operations.datasets import agreed
from workbench.operations.datasets.add import add
from workbench.operations.datasets.agreed import agree, permit_of, settings_are_own
from workbench.operations.datasets.following import Following
from workbench.operations.session import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on a workspace whose settings name a file outside it."""
    root = write_workspace(tmp_path / "w")
    outside = tmp_path / "private"
    outside.mkdir()
    (outside / "diary.csv").write_text("day\n1\n", "utf-8")
    (root / "workbench.toml").write_text(
        f'[datasets.diary]\npath = "{(outside / "diary.csv").as_posix()}"\ncopy = true\n', "utf-8"
    )
    (root / "workbench.toml").chmod(0o644)
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.cache, made.state = tmp_path / "cache", tmp_path / "state"
        yield made


@pytest.fixture
def of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the settings be ones that others may have written."""
    monkeypatch.setattr(agreed, "settings_are_own", lambda _: False)


def followed(session: Session) -> tuple[int, ...]:
    """Return the versions there are after one who follows has looked twice."""
    one = Following(session, lambda _: None)
    one.look()
    clock = session.clock
    assert isinstance(clock, FixedClock)
    clock.advance(11)
    one.look()
    return folder.standing(session.root, "diary")


def require(session: Session, paths: Path | Sequence[Path]) -> None:
    """Do nothing where every file that paths mean may be read by itself."""
    permit_of(session, "diary").require(places_of(find(paths).files))


def private(session: Session) -> Path:
    """Return the file outside."""
    return session.root.parent / "private/diary.csv"


def test_ones_own_settings_may_name_any_place(session: Session) -> None:
    """Nobody else can have written them."""
    assert settings_are_own(session.root)
    assert followed(session) == (1,)


@pytest.mark.usefixtures("of_others")
def test_settings_of_others_have_nothing_read_outside(session: Session) -> None:
    """Nothing of the file reaches the workspace, and the fault says what to do."""
    assert followed(session) == ()
    session.sweep()
    (fault,) = faults(session.catalogue)
    assert "nobody on this machine agreed" in fault.reason
    assert "workbench datasets add diary" in fault.reason
    assert not (session.root / "datasets").exists()


@pytest.mark.usefixtures("of_others")
def test_nothing_is_read_to_find_out_that_it_may_not_be(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even what was hashed before, and need not be opened for that again."""
    hashed = hashing.hashed
    asked: list[object] = []

    def counted(*args: object, **how: object) -> object:
        asked.append(args)
        return hashed(*args, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(hashing, "hashed", counted)
    assert (followed(session), asked) == ((), [])


@pytest.mark.usefixtures("of_others")
def test_what_was_registered_by_hand_is_followed_from_then_on(session: Session) -> None:
    """On this machine, for this person, at this place."""
    add(session, "diary")
    private(session).write_text("day\n1\n2\n", "utf-8")
    assert followed(session) == (1, 2)
    session.state = session.root.parent / "somebody else"
    private(session).write_text("day\n1\n2\n3\n", "utf-8")
    assert followed(session) == (1, 2)
    session.sweep()
    assert faults(session.catalogue) == ()


@pytest.mark.usefixtures("of_others")
def test_data_in_the_workspace_needs_no_agreement(session: Session) -> None:
    """Everybody who can open it can read it."""
    (session.root / "data").mkdir()
    (session.root / "data/diary.csv").write_text("day\n1\n", "utf-8")
    (session.root / "workbench.toml").write_text('[datasets.diary]\npath = "data/*.csv"\n', "utf-8")
    assert followed(session) == (1,)


@pytest.mark.usefixtures("of_others")
def test_a_link_that_leads_out_is_outside(session: Session) -> None:
    """Wherever the link is, and whatever it is put in later."""
    (session.root / "data").mkdir()
    inside = session.root / "data/diary.csv"
    inside.write_text("day\n1\n", "utf-8")
    agree(session, find(session.root / "data"))
    require(session, session.root / "data")
    (session.root / "data/more.csv").symlink_to(private(session))
    with pytest.raises(NotAllowedError, match="private"):
        require(session, session.root / "data")


@pytest.mark.usefixtures("of_others")
def test_a_folder_that_was_agreed_to_holds_what_is_put_in_it(session: Session) -> None:
    """And nothing beside it."""
    agree(session, find(private(session).parent))
    (private(session).parent / "later.csv").write_text("day\n1\n", "utf-8")
    require(session, private(session).parent)
    other = session.root.parent / "privately"
    other.mkdir()
    (other / "x.csv").write_text("day\n1\n", "utf-8")
    with pytest.raises(NotAllowedError):
        require(session, other)


@pytest.mark.usefixtures("of_others")
@pytest.mark.parametrize("climbs", [False, True])
def test_a_file_of_dvc_leads_nowhere_nobody_agreed_to(session: Session, climbs: bool) -> None:
    """It stands in the workspace, and what it names does not."""
    path = "../private/diary.csv" if climbs else private(session).as_posix()
    (session.root / "x.dvc").write_text(f"outs:\n- md5: {'a' * 32}\n  path: {path}\n", "utf-8")
    (session.root / "workbench.toml").write_text('[datasets.diary]\npath = "x.dvc"\n', "utf-8")
    assert followed(session) == ()
    session.sweep()
    (fault,) = faults(session.catalogue)
    assert "private/diary.csv is outside the workspace" in fault.reason
    add(session, "diary")
    private(session).write_text("day\n1\n2\n", "utf-8")
    assert followed(session) == (1, 2)


@pytest.mark.usefixtures("of_others")
@pytest.mark.parametrize("moment", ["before it is opened", "after it was opened"])
def test_a_link_put_in_the_place_of_a_file_is_not_followed(
    session: Session, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Whenever that happens: what was asked of the file before says nothing of the link."""
    (session.root / "data").mkdir()
    inside = session.root / "data/diary.csv"
    inside.write_text("day\n3\n", "utf-8")
    (session.root / "workbench.toml").write_text(
        '[datasets.diary]\npath = "data/diary.csv"\n', "utf-8"
    )
    stamp = inside.stat()
    os.utime(private(session), ns=(stamp.st_atime_ns, stamp.st_mtime_ns))

    def swapped(*args: object, **how: object) -> object:
        inside.unlink(missing_ok=True)
        inside.symlink_to(private(session))
        return real(*args, **how)

    where, name = (hashing, "hashed") if moment.startswith("before") else (module, "read_in")
    real = getattr(where, name)
    monkeypatch.setattr(where, name, swapped)
    monkeypatch.setattr(hashing, "changed", lambda _: None)  # times and numbers may be forged
    assert followed(session) == ()
    assert not (session.root / "datasets").exists()


@pytest.mark.usefixtures("of_others")
def test_several_files_named_at_once_are_agreed_to_one_by_one(session: Session) -> None:
    """Not the folder they have in common, which may be the whole disk."""
    far = session.root.parent / "far/away.csv"
    far.parent.mkdir()
    far.write_text("day\n1\n", "utf-8")
    other = session.root.parent / "other.csv"
    other.write_text("day\n1\n", "utf-8")
    agree(session, find([private(session), far]))
    require(session, [private(session), far])
    with pytest.raises(NotAllowedError, match=r"other\.csv"):
        require(session, other)


@pytest.mark.usefixtures("of_others")
@pytest.mark.parametrize(
    ("pattern", "name", "agreed"),
    [
        ("*.csv", "later.csv", True),
        ("*.csv", "later.txt", False),
        ("*.csv", "deep/later.csv", False),
        ("**/*.csv", "deep/er/later.csv", True),
        ("**/*.csv", "deep/later.txt", False),
        ("d*/", "deep/er/later.txt", True),
        ("**/**/**", "later.txt", True),
    ],
)
def test_a_pattern_is_agreed_to_as_it_is_written(
    session: Session, pattern: str, name: str, agreed: bool
) -> None:
    """What fits it later is followed; what stands beside is not."""
    folder = private(session).parent
    (folder / "deep").mkdir()
    (folder / "deep/day.csv").write_text("day\n1\n", "utf-8")
    agree(session, find(folder / pattern))
    later = folder / name
    later.parent.mkdir(parents=True, exist_ok=True)
    later.write_text("day\n1\n", "utf-8")
    if agreed:
        require(session, later)
    else:
        with pytest.raises(NotAllowedError):
            require(session, later)


@pytest.mark.usefixtures("of_others")
def test_what_could_not_be_registered_was_not_agreed_to(session: Session) -> None:
    """Whoever named it by hand may have named the wrong file."""
    private(session).write_bytes(b"PAR1")
    with pytest.raises(FormatError):
        add(session, "diary", private(session), options={"format": "parquet"})
    with pytest.raises(NotAllowedError):
        require(session, private(session))


@pytest.mark.parametrize(("mode", "own"), [(0o755, True), (0o777, False), (0o1777, True)], ids=oct)
@pytest.mark.parametrize("where", ["the workspace", "a folder above"])
def test_settings_in_a_folder_others_may_write_are_not_ones_own(
    session: Session, where: str, mode: int, own: bool
) -> None:
    """They could put others in their place, unless the folder lets nobody move another's files."""
    folder = session.root if where == "the workspace" else session.root.parent
    folder.chmod(mode)
    assert settings_are_own(session.root) is (own and os.name != "nt")


@pytest.mark.parametrize(("mode", "own"), [(0o600, True), (0o644, True), (0o666, False)])
def test_settings_others_may_write_are_not_ones_own(session: Session, mode: int, own: bool) -> None:
    """Windows keeps other permissions: there nothing can be told."""
    (session.root / "workbench.toml").chmod(mode)
    assert settings_are_own(session.root) is (own and os.name != "nt")


def test_settings_on_a_network_drive_are_not_ones_own(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Owners and permissions are whatever its server says."""
    monkeypatch.setattr(agreed, "is_local", lambda _: False)
    assert not settings_are_own(session.root)


@pytest.mark.usefixtures("of_others")
def test_what_was_agreed_to_and_cannot_be_read_is_asked_again(session: Session) -> None:
    """A damaged note agrees to nothing."""
    agree(session, find(private(session)))
    require(session, private(session))
    (session.state / "agreed-data.json").write_text("[[1]]", "utf-8")
    with pytest.raises(NotAllowedError):
        require(session, private(session))
