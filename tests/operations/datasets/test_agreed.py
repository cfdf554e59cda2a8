"""Data outside the workspace is read by itself only where the settings, or a person, may ask it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import write_workspace
from workbench.catalogue.faults import faults
from workbench.clock import FixedClock
from workbench.datasets.versions import folder
from workbench.datasets.versions.finding import find
from workbench.errors import NotAllowedError
from workbench.operations.datasets import agreed
from workbench.operations.datasets.add import add
from workbench.operations.datasets.agreed import agree, require_agreed, settings_are_own
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
    require_agreed(session, "diary", find(session.root / "data"))
    (session.root / "data/more.csv").symlink_to(private(session))
    with pytest.raises(NotAllowedError, match="private"):
        require_agreed(session, "diary", find(session.root / "data"))


@pytest.mark.usefixtures("of_others")
def test_a_folder_that_was_agreed_to_holds_what_is_put_in_it(session: Session) -> None:
    """And nothing beside it."""
    agree(session, find(private(session).parent))
    (private(session).parent / "later.csv").write_text("day\n1\n", "utf-8")
    require_agreed(session, "diary", find(private(session).parent))
    other = session.root.parent / "privately"
    other.mkdir()
    (other / "x.csv").write_text("day\n1\n", "utf-8")
    with pytest.raises(NotAllowedError):
        require_agreed(session, "diary", find(other))


@pytest.mark.parametrize(("mode", "own"), [(0o600, True), (0o644, True), (0o666, False)])
def test_settings_others_may_write_are_not_ones_own(session: Session, mode: int, own: bool) -> None:
    """Windows keeps no such permissions: there a disk of this machine is one person's."""
    (session.root / "workbench.toml").chmod(mode)
    assert settings_are_own(session.root) is (own or os.name == "nt")


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
    require_agreed(session, "diary", find(private(session)))
    (session.state / "agreed-data.json").write_text("[[1]]", "utf-8")
    with pytest.raises(NotAllowedError):
        require_agreed(session, "diary", find(private(session)))
