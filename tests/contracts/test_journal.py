"""What every journal promises, wherever it keeps its events.

One class; an implementation joins by a subclass that says how two people open the same journal.
"""

from pathlib import Path
from threading import Thread

import pytest

from tests.registry.events import draft, promote, register, say
from workbench.errors import UsageError
from workbench.registry.event import KINDS, Draft
from workbench.registry.journal import FolderJournal, Journal, MemoryJournal, Taken


class JournalPromise:
    """The promise; a subclass says how two people open one journal."""

    @pytest.fixture
    def two(self, tmp_path: Path) -> tuple[Journal, Journal]:
        """Return the journal of one model as two people have it."""
        raise NotImplementedError

    def test_nothing_stands_in_a_new_one(self, two: tuple[Journal, Journal]) -> None:
        """A model nobody wrote of has no events and no fault."""
        assert two[0].read() == ((), None)

    def test_what_one_publishes_the_other_reads(self, two: tuple[Journal, Journal]) -> None:
        """Events come in order of their numbers, each with the hash of the one before."""
        mine, theirs = two
        first = mine.publish(draft("registered"), after=None)
        second = theirs.publish(draft("promoted"), after=first)
        assert mine.read().events == theirs.read().events == (first, second)
        assert (first.seq, first.previous) == (1, "")
        assert (second.seq, second.previous) == (2, first.hash)

    @pytest.mark.parametrize("kind", sorted(KINDS))
    def test_every_kind_comes_back_as_it_was_meant(
        self, two: tuple[Journal, Journal], kind: str
    ) -> None:
        """All that its author said is in the event."""
        meant = draft(
            kind, saw={"seq": 0, "holder": None}, details={"a": [1, {"b": "ü"}], "c": 0.1}
        )
        event = two[0].publish(meant, after=None)
        (found,) = two[1].read().events
        assert found == event
        assert Draft(**{name: getattr(found, name) for name in Draft.__slots__}) == meant

    def test_a_number_is_given_once(self, two: tuple[Journal, Journal]) -> None:
        """Who is second is told and nothing of theirs is kept."""
        mine, theirs = two
        first = mine.publish(draft("registered"), after=None)
        with pytest.raises(Taken):
            theirs.publish(draft("registered"), after=None)
        assert theirs.read().events == (first,)

    def test_the_same_event_said_twice_is_recorded_once(self, two: tuple[Journal, Journal]) -> None:
        """Who finds their own id under the number has succeeded."""
        meant = draft("registered")
        first = two[0].publish(meant, after=None)
        assert two[0].publish(meant, after=None) == first
        assert two[1].read().events == (first,)

    def test_known_events_are_continued(self, two: tuple[Journal, Journal]) -> None:
        """Reading on gives the same as reading everything."""
        mine, theirs = two
        register(mine)
        known = theirs.read().events
        promote(mine, 1)
        register(mine)
        assert theirs.read(known=known) == theirs.read()
        assert [one.seq for one in theirs.read(known=known).events] == [1, 2, 3]

    def test_only_later_events_on_request(self, two: tuple[Journal, Journal]) -> None:
        """``after`` leaves out what is not wanted, however much is known."""
        for _ in range(4):
            register(two[0])
        known = two[1].read().events[:2]
        for given_known in ((), known, known[-1:]):
            found = two[1].read(3, given_known)
            assert ([one.seq for one in found.events], found.unreadable) == ([4], None)

    def test_events_known_from_another_journal_are_forgotten(
        self, two: tuple[Journal, Journal]
    ) -> None:
        """A journal that was put back from elsewhere is read anew, not continued."""
        stranger = MemoryJournal("churn")
        for _ in range(3):
            register(stranger)
        register(two[0], reason="another one")
        register(two[0])
        for count in (1, 2, 3):
            known = stranger.read().events[:count]
            assert two[0].read(known=known) == two[0].read()

    def test_effective_time_never_goes_back(self, two: tuple[Journal, Journal]) -> None:
        """A clock that is an hour behind does not move an event before the one it follows."""
        mine, theirs = two
        register(mine, time=10_000.0)
        register(theirs, time=6_400.0)
        register(mine, time=10_001.0)
        events = mine.read().events
        assert [one.time for one in events] == [10_000.0, 6_400.0, 10_001.0]
        assert [one.effective for one in events] == [10_000.0, 10_000.0, 10_001.0]
        assert theirs.read(known=events[:1]).events == events

    def test_of_many_at_once_each_gets_a_number(self, two: tuple[Journal, Journal]) -> None:
        """Threads that all want the next number get different ones, without gaps."""
        threads = [
            Thread(target=lambda one=two[k % 2]: [say(one, "described") for _ in range(5)])
            for k in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        events = two[0].read().events
        assert [one.seq for one in events] == list(range(1, 31))
        assert len({one.id for one in events}) == 30

    def test_an_unknown_kind_is_kept(self, two: tuple[Journal, Journal]) -> None:
        """An event of a program newer than this one is there, and others follow it."""
        first = two[0].publish(draft("blessed"), after=None)
        second = two[1].publish(draft("registered"), after=first)
        assert two[0].read().events == (first, second)
        assert (first.known, second.known) == (False, True)

    @pytest.mark.parametrize("name", ["../churn", "Churn", "a/b", "", "con", ".hidden", "x" * 65])
    def test_a_name_that_is_no_folder_everywhere_is_refused(
        self, two: tuple[Journal, Journal], tmp_path: Path, name: str
    ) -> None:
        """Nobody gets out of the registry by the name of a model."""
        make = (FolderJournal, tmp_path) if isinstance(two[0], FolderJournal) else (MemoryJournal,)
        with pytest.raises(UsageError, match="cannot be the name of a model"):
            make[0](*make[1:], name)


class TestFolderJournal(JournalPromise):
    """Events in files of a folder that two people have open."""

    @pytest.fixture
    def two(self, tmp_path: Path) -> tuple[Journal, Journal]:
        """Open the folder twice."""
        return FolderJournal(tmp_path, "churn"), FolderJournal(tmp_path, "churn")


class TestMemoryJournal(JournalPromise):
    """Events that end with the process."""

    @pytest.fixture
    def two(self) -> tuple[Journal, Journal]:
        """Let two people share the one there is."""
        journal = MemoryJournal("churn")
        return journal, journal
