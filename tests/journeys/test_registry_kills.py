"""Whoever registers, promotes, deploys or rolls back may die at any step: consumers never notice.

A child process dies before an operation on a file, or half-way through writing, at every step of
every act. Afterwards a reader sees the old version or the new one, whole; whoever looks next
brings consumers to what the journal says; and the same act said again happens once.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.surroundings import Surroundings
from tests.operations.registry.serving import MODEL, STAGE, Serving
from tests.registry.events import promote, state_of
from workbench.operations.registry.consume import model_path
from workbench.operations.registry.deploying import overdue, repair
from workbench.registry import manifest
from workbench.registry.event import REGISTERED

if TYPE_CHECKING:
    import subprocess

SCRIPT = Path(__file__).parent / "scripts" / "dying.py"
PUBLISHING = ("link", "rename", "replace")
OLD, NEW = 1, 2
_FORM = pytest.mark.parametrize(
    "every", [False, pytest.param(True, marks=[pytest.mark.slow, pytest.mark.timeout(600)])],
    ids=["where it counts", "every step"],
)  # fmt: skip


class Doomed:
    """A person whose process dies when it is told to, and is started again."""

    def __init__(self, here: Surroundings, serving: Serving) -> None:
        self._here = here
        self._root = serving.root
        self._process: subprocess.Popen[str] | None = None

    def asked(self, act: str, *, die_at: int = 0, **more: Any) -> dict[str, Any]:
        """Return what came of an act."""
        if self._process is None or self._process.poll() is not None:
            self._process = self._here.script(SCRIPT, str(self._root))
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"act": act, "die_at": die_at, **more}) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline()
        if not hasattr(os, "fork"):
            self._process.communicate()
        return {"said": "", **json.loads(said)}

    def close(self) -> None:
        """Let the process go."""
        if self._process is not None:
            self._process.communicate()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """Two registered versions, the first one in production."""
    one = Serving(tmp_path)
    one.settings()
    one.register()
    one.register()
    one.promoted(OLD)
    yield one
    one.session.close()


@pytest.fixture
def doomed(here: Surroundings, serving: Serving) -> Iterator[Doomed]:
    """The person who dies."""
    one = Doomed(here, serving)
    yield one
    one.close()


def steps(act: Callable[[], dict[str, Any]], *, every: bool) -> list[int]:
    """Return where to die: everywhere, or at each write and on both sides of each publishing.

    The act is done twice, because the first time makes folders that are there ever after.
    """
    act()
    operations = act()["operations"]
    if every:
        return [*range(1, len(operations) + 1)]
    near = {place + after for place, name in enumerate(operations, 1) if name in PUBLISHING
            for after in (0, 1)}  # fmt: skip
    near |= {place for place, name in enumerate(operations, 1) if name == "write"}
    return sorted(place for place in near if place <= len(operations))


def holder(serving: Serving) -> int | None:
    """Return what the journal says."""
    state = state_of(serving.journal)
    assert state.unreadable is None
    return state.stage(STAGE).holder


def consumer_is_right(serving: Serving, *allowed: int) -> None:
    """Read as every kind of consumer does: each sees a whole version that may be there."""
    name = serving.current.pointer.version  # verified, to the last byte
    assert name in allowed
    assert (serving.current.folder / "model.bin").read_text() == f"weights of {name}"
    assert serving.inside is not None
    assert serving.inside.version in allowed
    held = holder(serving)
    assert held in allowed
    files = model_path(f"{MODEL}@{STAGE}", workspace=serving.root)
    model = files if files.is_file() else files / "model.bin"
    assert model.read_text() == f"weights of {held}"
    names = {one.name for one in (serving.out / MODEL).iterdir()} - {"CURRENT.json"}
    assert all(
        name.isdigit() or name.startswith(".new-") or name.endswith(".tmp") for name in names
    )


def finished(again: dict[str, Any], place: int) -> None:
    """An act said again is recorded once: found again, or told to be so already."""
    already = "holds production already" in again.get("error", "")
    assert again["said"] == "deployed" or already, (place, again)


def forget_copy(serving: Serving, version: int) -> None:
    """Take a copy away that nobody reads, so that it is made anew."""
    if serving.copy(version).exists():
        shutil.rmtree(serving.copy(version))


@_FORM
def test_promoting(serving: Serving, doomed: Doomed, every: bool) -> None:
    """A promotion that dies is recorded or not; said again it is recorded once, and deployed."""

    def promotion(die_at: int = 0) -> dict[str, Any]:
        return doomed.asked("promote", die_at=die_at, version=NEW, reason="It is better.")

    def anew(die_at: int = 0) -> dict[str, Any]:
        serving.promoted(OLD)
        forget_copy(serving, NEW)
        return promotion(die_at)

    for place in steps(anew, every=every):
        before = len(state_of(serving.journal).events)
        assert anew(place)["died"]
        consumer_is_right(serving, OLD, NEW)
        repair(serving.session, at_once=True)
        assert serving.served == holder(serving)
        finished(promotion(), place)
        assert len(state_of(serving.journal).events) == before + 2
        consumer_is_right(serving, NEW)
        assert overdue(serving.session) == ()


@_FORM
def test_rolling_back(serving: Serving, doomed: Doomed, every: bool) -> None:
    """A rollback that dies is recorded or not; said again it is recorded once, and deployed."""

    def rollback(die_at: int = 0) -> dict[str, Any]:
        return doomed.asked("roll back", die_at=die_at, version=OLD, reason="It was worse.")

    def anew(die_at: int = 0) -> dict[str, Any]:
        serving.promoted(NEW)
        forget_copy(serving, OLD)
        return rollback(die_at)

    for place in steps(anew, every=every):
        before = len(state_of(serving.journal).events)
        assert anew(place)["died"]
        consumer_is_right(serving, OLD, NEW)
        repair(serving.session, at_once=True)
        assert serving.served == holder(serving)
        finished(rollback(), place)
        assert len(state_of(serving.journal).events) == before + 2
        consumer_is_right(serving, OLD)
        assert overdue(serving.session) == ()


@_FORM
def test_deploying(serving: Serving, doomed: Doomed, every: bool) -> None:
    """A deployment that dies is finished by whoever looks next, or by the next promotion."""

    def anew(die_at: int = 0) -> dict[str, Any]:
        serving.promoted(OLD)
        forget_copy(serving, NEW)
        promote(serving.journal, NEW, STAGE)
        return doomed.asked("deploy", die_at=die_at)

    for place in steps(anew, every=every):
        assert anew(place)["died"]
        consumer_is_right(serving, OLD, NEW)
        assert holder(serving) == NEW
        if place % 2:
            assert all(one.done for one in repair(serving.session, at_once=True))
        else:
            assert serving.promoted(NEW).state == "deployed"
        consumer_is_right(serving, NEW)
        assert overdue(serving.session) == ()


@_FORM
def test_registering(serving: Serving, doomed: Doomed, tmp_path: Path, every: bool) -> None:
    """A registration that dies leaves a whole version or none; said again there is one."""
    files = tmp_path / "files"
    files.mkdir()

    def registration(die_at: int = 0) -> dict[str, Any]:
        return doomed.asked("register", die_at=die_at, files=str(files))

    def anew(die_at: int = 0) -> dict[str, Any]:
        number = 1 + len(state_of(serving.journal).versions)
        (files / "model.bin").write_text(f"weights of {number}")
        return registration(die_at)

    for place in steps(anew, every=every):
        number = 1 + len(state_of(serving.journal).versions)
        assert anew(place)["died"]
        versions_are_whole(serving)
        consumer_is_right(serving, OLD)
        assert registration()["said"] == f"{MODEL}@{number}", place
        versions_are_whole(serving)
        assert sorted(state_of(serving.journal).versions) == [*range(1, number + 1)]
    assert serving.promoted(len(state_of(serving.journal).versions)).state == "deployed"
    consumer_is_right(serving, len(state_of(serving.journal).versions))


def versions_are_whole(serving: Serving) -> None:
    """Every version the journal names has all its files."""
    state = state_of(serving.journal)
    assert state.unreadable is None
    assert len(state.versions) == sum(one.kind == REGISTERED for one in state.events)
    for version in state.versions.values():
        assert manifest.check(serving.root, MODEL, version.manifest) == ()
