"""What a person wants is recorded once, or they are told why not."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.building import BEGIN
from tests.registry.events import damaged, draft, promote, register, say, state_of
from workbench.errors import ConflictError, NotAllowedError, UnknownOutcomeError, WorkbenchError
from workbench.registry import committing
from workbench.registry.changes import what_changed
from workbench.registry.committing import commit
from workbench.registry.event import Draft, Event, Reading
from workbench.registry.journal import FolderJournal, Taken
from workbench.registry.state import State

LINK = "rename" if os.name == "nt" else "link"
"""What gives an event its name."""


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "sleep", lambda _: None)


@pytest.fixture
def journal(tmp_path: Path) -> FolderJournal:
    """Return a journal of three versions, the first in production."""
    made = FolderJournal(tmp_path, "churn")
    for _ in range(3):
        register(made)
    promote(made, 1)
    return made


def again(journal: FolderJournal) -> FolderJournal:
    """Open the same journal as somebody else."""
    return FolderJournal(journal._root, journal.model)


def wants(meant: Draft, seen: State) -> Callable[[State], Draft]:
    """Return the intention of somebody who is refused if the stage is not as they saw it."""

    def intend(state: State) -> Draft:
        if state.stage(meant.stage).holder != seen.stage(meant.stage).holder:
            raise ConflictError(" ".join(what_changed(seen, state, meant.stage, now=BEGIN + 4)))
        return meant

    return intend


class Interrupted:
    """A journal in which something else happens just before each write."""

    def __init__(self, journal: FolderJournal, *happenings: Callable[[], object]) -> None:
        self.model = journal.model
        self._journal = journal
        self._happenings = list(happenings)

    def read(self, after: int = 0, known: tuple[Event, ...] = ()) -> Reading:
        """Read as the journal does."""
        return self._journal.read(after, known)

    def publish(self, meant: Draft, *, after: Event | None) -> Event:
        """Let the next thing happen, then publish."""
        if self._happenings:
            self._happenings.pop(0)()
        return self._journal.publish(meant, after=after)


def failing(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, times: int = 99, *, late: bool = False
) -> list[str]:
    """Make an operation on files fail; ``late`` means that it is done all the same."""
    real = getattr(os, name)
    left = ["once"] * times

    def fail(*args: Any, **kwargs: Any) -> Any:
        if not left:
            return real(*args, **kwargs)
        left.pop()
        if late:
            real(*args, **kwargs)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, name, fail)
    return left


# ---------------------------------------------------------------- two people


def test_of_two_who_saw_the_same_the_second_is_told_by_whom_and_why(
    journal: FolderJournal,
) -> None:
    """Both read v1; one puts v2 there; the other is refused, and nothing of theirs is recorded."""
    seen = state_of(again(journal))
    mine = draft("promoted", version=3)
    theirs = Interrupted(again(journal), lambda: promote(journal, 2, actor="ben@pc", reason="fix"))
    with pytest.raises(ConflictError) as refused:
        commit(theirs, mine.id, wants(mine, seen))
    assert refused.value.exit_code == 6
    assert refused.value.message == "ben@pc put v2 in production 4s ago, because fix."
    assert [one.version for one in state_of(journal).stage("production").holdings] == [1, 2]


def test_who_was_second_but_not_concerned_gets_the_next_number(journal: FolderJournal) -> None:
    """An event that changes nothing of what was wanted is no reason to refuse."""
    seen = state_of(journal)
    mine = draft("promoted", version=3)
    other = Interrupted(
        again(journal), lambda: say(journal, "described"), lambda: promote(journal, 2, "staging")
    )
    event, state = commit(other, mine.id, wants(mine, seen))
    assert (event.seq, state.seq, state.stage("production").holder) == (7, 7, 3)
    assert state.events == journal.read().events


def test_the_intention_sees_every_event_before_its_own(journal: FolderJournal) -> None:
    """It is asked with the state that its event will follow."""
    asked: list[int] = []
    mine = draft()
    other = Interrupted(again(journal), *[lambda: say(journal, "described")] * 3)
    event, _ = commit(other, mine.id, lambda state: (asked.append(state.seq), mine)[1])
    assert asked == [4, 5, 6, 7]
    assert event.seq == 8


# ---------------------------------------------------------------- lost answers


def test_said_again_it_is_recorded_once(journal: FolderJournal) -> None:
    """The event of the first time comes back, whatever happened since, and nobody is asked."""
    mine = draft("promoted", version=2)
    first, _ = commit(journal, mine.id, lambda _: mine)
    promote(journal, 3)

    def never(_: State) -> Draft:
        raise AssertionError("asked again")

    event, state = commit(again(journal), mine.id, never)
    assert (event, state.seq, state.stage("production").holder) == (first, 6, 3)


def test_a_link_whose_answer_was_lost_is_a_success(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The drive made the link and then said that the name is taken: two names, one file."""
    failing(monkeypatch, LINK, errno.EEXIST, 1, late=True)
    state = promote(journal, 2)
    assert (state.seq, len(again(journal).read().events)) == (5, 5)


@pytest.mark.parametrize("name", [LINK, "unlink"])
@pytest.mark.parametrize("number", [errno.EIO, errno.ETIMEDOUT, errno.ESTALE, errno.EACCES])
def test_after_an_error_the_own_event_is_looked_for(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    """It had been published, and the error came after: that is a success, recorded once."""
    failing(monkeypatch, name, number, 1, late=True)
    state = promote(journal, 2)
    assert (state.seq, state.events) == (5, again(journal).read().events)


def test_an_error_before_the_deed_is_tried_again(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive that hiccups costs nobody anything."""
    left = failing(monkeypatch, LINK, errno.EIO, 3)
    assert promote(journal, 2).seq == 5
    assert left == []


def test_without_any_answer_the_outcome_is_unknown(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said so, and that saying it again is safe; nothing half is left."""
    failing(monkeypatch, LINK, errno.EIO)
    with pytest.raises(UnknownOutcomeError, match=r"unknown .* Say it again") as told:
        promote(journal, 2)
    assert told.value.exit_code == 1
    assert again(journal).read().unreadable is None
    assert not list((journal._root / ".workbench" / "tmp").iterdir())


def test_an_outcome_that_was_unknown_is_found_when_said_again(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write had arrived, and the drive was gone before anybody could look."""
    mine = draft("promoted", version=2)
    with monkeypatch.context() as away:
        failing(away, LINK, errno.EIO, late=True)
        away.setattr(os, "listdir", works_once(os.listdir))
        with pytest.raises(UnknownOutcomeError):
            commit(journal, mine.id, lambda _: mine)
    event, state = commit(again(journal), mine.id, lambda _: mine)
    assert (event.id, event.seq, state.seq) == (mine.id, 5, 5)


# ---------------------------------------------------------------- folders that refuse


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
def test_a_share_that_cannot_be_written_is_not_allowed(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """It can be read all the same, and the refusal says why."""
    refuse_writing(monkeypatch, number)
    with pytest.raises(NotAllowedError, match=os.strerror(number)) as told:
        promote(journal, 2)
    assert told.value.exit_code == 4
    assert state_of(again(journal)).stage("production").holder == 1


@pytest.mark.parametrize("name", ["open", "write", "fsync", LINK])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_records_nothing_and_leaves_nothing(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    """Whichever step met it; with room again the next promotion succeeds."""
    with monkeypatch.context() as full:
        if name == "open":
            refuse_writing(full, number)
        else:
            failing(full, name, number)
        with pytest.raises(WorkbenchError, match=r"Nothing was recorded .* Make room"):
            promote(journal, 2)
    assert not list((journal._root / ".workbench" / "tmp").iterdir())
    assert again(journal).read().events == journal.read().events
    assert promote(journal, 2).seq == 5


def test_without_hard_links_a_rename_that_never_replaces_is_used(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people race there too, and each gets a number of their own."""
    failing(monkeypatch, "link", errno.EPERM)
    assert promote(journal, 2).seq == 5
    mine = draft("described")
    other = Interrupted(again(journal), lambda: say(journal, "described"))
    event, _ = commit(other, mine.id, lambda _: mine)
    assert (event.seq, journal.read().unreadable) == (7, None)


def test_a_registry_on_a_disk_of_its_own_is_written_from_there(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name cannot be given across two disks; nothing temporary is left in the journal."""
    real = getattr(os, LINK)

    def within(old: Any, new: Any, **more: Any) -> None:
        if Path(old).parent != Path(new).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(old, new, **more)

    monkeypatch.setattr(os, LINK, within)
    assert promote(journal, 2).seq == 5
    names = [one.name for one in (journal._root / journal.path(5)).parent.iterdir()]
    assert sorted(names) == [f"{seq:010d}.json" for seq in range(1, 6)]


def test_where_neither_works_the_registry_is_read_only(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a way that could leave an empty event."""
    from workbench import durable

    def refused(*_: object) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(durable, "_publish", refused)
    with pytest.raises(NotAllowedError, match="cannot be written here"):
        promote(journal, 2)
    assert len(again(journal).read().events) == 4


# ---------------------------------------------------------------- journals that do not fit


def test_behind_an_event_that_cannot_be_read_nothing_is_written(journal: FolderJournal) -> None:
    """It is named, and another model is written all the same."""
    damaged(journal, 3, lambda data: data[:-20])
    with pytest.raises(NotAllowedError, match=r"events/0000000003\.json cannot be read"):
        promote(journal, 2)
    assert register(FolderJournal(journal._root, "other")).seq == 1


def test_an_event_that_took_the_number_and_cannot_be_seen_is_said(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive that answers from memory for a minute: nothing is written over, nobody waits."""
    seen = journal.read()
    behind = again(journal)
    promote(journal, 2)
    monkeypatch.setattr(behind, "read", lambda *_, **__: seen)
    mine = draft("promoted", version=3)
    with pytest.raises(ConflictError, match=r"event 5 of churn, and it cannot be seen"):
        commit(behind, mine.id, lambda _: mine)
    assert state_of(journal).stage("production").holder == 2


def test_an_event_that_is_listed_late_is_read_all_the_same(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who was refused a number knows that there is an event under it."""
    behind = again(journal)
    stale = [f"{seq:010d}.json" for seq in range(1, 5)]
    promote(journal, 2)
    with monkeypatch.context() as late:
        late.setattr(os, "listdir", lambda _: stale)
        with pytest.raises(Taken):
            behind.publish(draft(), after=journal.read().events[3])
        assert len(again(journal).read().events) == 4
        assert len(behind.read().events) == 5


def test_a_listing_that_names_the_later_and_not_the_earlier_misleads_nobody(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder may be listed while two events are added to it."""
    monkeypatch.setattr(os, "listdir", lambda _: ["0000000001.json", "0000000004.json"])
    reading = journal.read()
    assert ([one.seq for one in reading.events], reading.unreadable) == ([1, 2, 3, 4], None)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"kind": "registered", "version": 5}, "the next version is 4, not 5"),
        ({"kind": "registered", "version": 3}, "the next version is 4, not 3"),
        ({"kind": "promoted", "version": 4}, "there is no version 4"),
        ({"kind": "blessed"}, "not the draft"),
        ({"kind": "described", "id": "another"}, "not the draft"),
    ],
)
def test_what_cannot_be_raises_where_it_would_be_written(
    journal: FolderJournal, fields: dict[str, Any], why: str
) -> None:
    """A mistake of a program never becomes an event that others have to live with."""
    identity = draft().id
    meant = draft(**{"id": identity, **fields})
    with pytest.raises(ValueError, match=why):
        commit(journal, identity, lambda _: meant)
    assert journal.read().events[-1].seq == 4


def test_events_known_already_are_not_read_again(
    journal: FolderJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has looked pays for what is new, and for the last one known."""
    seen = state_of(journal)
    loaded: list[int] = []
    load = journal._load
    monkeypatch.setattr(journal, "_load", lambda seq: (loaded.append(seq), load(seq))[1])
    mine = draft()
    commit(journal, mine.id, lambda _: mine, seen=seen)
    assert loaded == [4]


def refuse_writing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Make every opening for writing fail."""
    real = os.open

    def refuse(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)


def works_once(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return an operation that fails from the second time on: the host is gone."""
    times: list[None] = []

    def once(*args: Any) -> Any:
        times.append(None)
        if len(times) > 1:
            raise OSError(errno.EHOSTDOWN, os.strerror(errno.EHOSTDOWN))
        return operation(*args)

    return once
