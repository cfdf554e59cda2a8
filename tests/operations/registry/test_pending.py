"""An answer that never came: the act is said again, and recorded once."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.operations.registry.people import MODEL, People
from workbench import durable
from workbench.errors import CheckFailedError, UnknownOutcomeError, WorkbenchError
from workbench.operations.registry.freezing import freeze, unfreeze
from workbench.operations.registry.pending import KEPT, remembered
from workbench.operations.registry.promote import promote
from workbench.operations.registry.requests import request
from workbench.operations.registry.retiring import reinstate, retire
from workbench.registry.event import FROZEN, PROMOTED
from workbench.registry.journal import FolderJournal

if TYPE_CHECKING:
    from collections.abc import Callable


class Drive:
    """A network drive that goes away while an event is written."""

    def __init__(self, patch: pytest.MonkeyPatch, *, lands: bool) -> None:
        self._patch = patch
        self._lands = lands
        self._write: Callable[..., None] = durable.write_once

    def away(self) -> None:
        """Let no answer come any more, whether or not the event lands."""
        self._patch.setattr("workbench.registry.journal.write_once", self._silent)

    def _silent(self, path: Path, data: bytes, *, temp: Path | None = None) -> None:
        if self._lands and not path.exists():
            self._write(path, data, temp=temp)
            # What landed cannot be read either, or the writer would find it at once.
            self._patch.setattr(FolderJournal, "_load", self._gone)
        raise OSError(errno.EIO, "Input/output error")

    def _gone(self, *_: object) -> bytes:
        raise OSError(errno.EIO, "Input/output error")


def kept(people: People) -> list[Path]:
    """Return what ana's own folder remembers."""
    return sorted((people.ana.state / "pending").glob("*.json"))


@pytest.mark.parametrize("lands", [True, False], ids=["it landed", "it did not"])
def test_an_answer_that_never_came_is_unknown_and_said_again_recorded_once(
    people: People, lands: bool
) -> None:
    """Whether or not it was written, the journal has it once in the end."""
    people.register()
    card = people.look(1)
    with pytest.MonkeyPatch.context() as patch:
        Drive(patch, lands=lands).away()
        with pytest.raises(UnknownOutcomeError, match="unknown") as unknown:
            promote(people.ana, card, "It is better.")
        assert unknown.value.exit_code == 1
    assert len(kept(people)) == 1
    done = promote(people.ana, people.look(1), "It is better.")
    assert [e.kind for e in people.state().events].count(PROMOTED) == 1
    assert done.repeated is lands
    assert done.deployment.done
    assert kept(people) == []


def test_another_terminal_may_say_again_what_one_gave_up(people: People) -> None:
    """The one that does not know the end is still open; nobody has to close it first."""
    people.register()
    with pytest.MonkeyPatch.context() as patch:
        Drive(patch, lands=True).away()
        with pytest.raises(UnknownOutcomeError):
            freeze(people.ana, MODEL, "production", "why")
    (path,) = kept(people)
    path.rename(path.with_name(path.name.replace(str(os.getpid()), str(os.getppid()))))
    freeze(people.ana, MODEL, "production", "why")
    assert [e.kind for e in people.state().events].count(FROZEN) == 1


def test_another_act_has_another_id(people: People) -> None:
    """A reason, a stage or a version that differs is something else said."""
    people.register()
    people.register()
    with pytest.MonkeyPatch.context() as patch:
        Drive(patch, lands=False).away()
        with pytest.raises(UnknownOutcomeError):
            promote(people.ana, people.look(1), "It is better.")
    (waiting,) = kept(people)
    identity = json.loads(waiting.read_text("utf-8"))["id"]
    for version, stage, reason in (
        (2, "production", "It is better."), (1, "staging", "It is better."),
    ):  # fmt: skip
        done = people.promote(version, stage, reason)
        assert done.event.id != identity
    assert kept(people) == [waiting]


def test_the_same_act_of_another_person_is_another(people: People) -> None:
    """What I do not know the end of says nothing of what others do."""
    people.register()
    with pytest.MonkeyPatch.context() as patch:
        Drive(patch, lands=True).away()
        with pytest.raises(UnknownOutcomeError):
            freeze(people.ana, MODEL, "production", "why")
    event = freeze(people.ben, MODEL, "production", "why", people.clock.now() + 60)
    assert (event.actor, event.seq) == ("ben", 3)


def test_what_was_undone_since_is_a_new_act(people: People) -> None:
    """Frozen without an answer, thawed by ben: freezing again freezes again."""
    people.register()
    with pytest.MonkeyPatch.context() as patch:
        Drive(patch, lands=True).away()
        with pytest.raises(UnknownOutcomeError):
            freeze(people.ana, MODEL, "production", "why")
    unfreeze(people.ben, MODEL, "production", "no")
    freeze(people.ana, MODEL, "production", "why")
    assert [e.kind for e in people.state().events].count(FROZEN) == 2
    assert people.state().stage("production").freeze is not None


def _ask_without_an_answer(people: People) -> None:
    people.register()
    people.register()
    with pytest.MonkeyPatch.context() as patch:
        Drive(patch, lands=True).away()
        with pytest.raises(UnknownOutcomeError):
            request(people.ana, MODEL, 1, "production", "why")


def test_a_request_that_was_closed_since_is_made_anew(people: People) -> None:
    """Retired and brought back: nobody is asked any more, unless somebody asks again."""
    _ask_without_an_answer(people)
    retire(people.ben, MODEL, 1, "It leaks.")
    reinstate(people.ben, MODEL, 1, "It does not.")
    request(people.ana, MODEL, 1, "production", "why")
    assert [one.closed_by is None for one in people.state().requests] == [False, True]


def test_a_request_that_is_still_open_is_not_made_twice(people: People) -> None:
    """Another version took the stage meanwhile, which answers nothing."""
    _ask_without_an_answer(people)
    people.promote(2, who=people.ben)
    request(people.ana, MODEL, 1, "production", "why")
    assert [one.closed_by for one in people.state().requests] == [None]


def test_a_refusal_is_an_answer(people: People) -> None:
    """Nothing is remembered of what is known not to have happened."""
    people.settings('[[stages.production.checks]]\nname = "no"\nrule = "metrics.x > 2"\n')
    people.register(metrics={"x": {"last": 1.0}})
    with pytest.raises(CheckFailedError):
        people.promote(1)
    assert kept(people) == []


def test_a_full_disk_is_an_answer(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was recorded, and it is said."""
    people.register()
    card = people.look(1)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("workbench.registry.journal.write_once", full)
    with pytest.raises(WorkbenchError, match="Nothing was recorded") as refused:
        promote(people.ana, card, "It is better.")
    assert not isinstance(refused.value, UnknownOutcomeError)
    assert kept(people) == []


def dead_process() -> int:
    """Return the number of a process that is no more."""
    done = subprocess.Popen([sys.executable, "-c", "pass"])
    done.wait()
    return done.pid


def leave(people: People, number: int, *, unknown: bool = False) -> str:
    """Let an earlier process have begun the act ``("a",)``; return its id."""
    with remembered(people.ana, people.state(), "a") as identity:
        (path,) = (one for one in kept(people) if str(os.getpid()) in one.name)
        fields = json.loads(path.read_text("utf-8"))
    path.with_name(path.name.replace(str(os.getpid()), str(number))).write_text(
        json.dumps({**fields, "unknown": unknown}), "utf-8"
    )
    return identity


def test_the_id_of_a_killed_process_is_used_again(people: People) -> None:
    """It may have published before it died."""
    people.register()
    left = leave(people, dead_process())
    with remembered(people.ana, people.state(), "a") as identity:
        assert identity == left
    assert kept(people) == []


def test_the_id_of_a_process_at_work_is_its_own(people: People) -> None:
    """Two terminals of one person are two acts, unless one of them gave up."""
    people.register()
    left = leave(people, os.getppid())
    with remembered(people.ana, people.state(), "a") as identity:
        assert identity != left
    with remembered(people.ana, people.state(), "b") as identity:
        assert identity != left
    assert len(kept(people)) == 1
    given_up = leave(people, os.getppid(), unknown=True)
    with remembered(people.ana, people.state(), "a") as identity:
        assert identity == given_up


def test_after_a_week_it_is_said_anew(people: People) -> None:
    """Nobody repeats an act of last month by chance."""
    people.register()
    left = leave(people, dead_process())
    people.clock.advance(KEPT + 1)
    with remembered(people.ana, people.state(), "a") as identity:
        assert identity != left
    assert kept(people) == []


@pytest.mark.parametrize("data", [b"", b"{}", b'{"id": "../../x", "time": 1}', b"[1]", b"\xff"])
def test_a_file_that_cannot_be_understood_is_nothing(people: People, data: bytes) -> None:
    """Another program's file, or half of ours."""
    people.register()
    left = leave(people, dead_process())
    (path,) = kept(people)
    path.write_bytes(data)
    with remembered(people.ana, people.state(), "a") as identity:
        assert identity != left
        assert len(identity) == 26


def test_a_state_folder_that_cannot_be_written_stops_nothing(people: People) -> None:
    """Then saying it again is a new act; the registry does not depend on it."""
    people.register()
    people.ana.state = people.root / "workbench.toml" / "no folder"
    people.settings("")
    assert people.promote(1).event.version == 1
