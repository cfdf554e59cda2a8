"""The journal of a model: its events, in one order that everybody sees.

The only way events are read and written. A number is given once: whoever is second is told and
has to look again (`workbench.registry.committing`). Nothing here judges whether an event should
be; nothing elsewhere opens a file in ``events/``.
"""

import errno
import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from workbench.durable import write_once
from workbench.errors import ConflictError, FormatError, NotAllowedError, UsageError
from workbench.ids import is_path_name
from workbench.opening import read_small, require_inside
from workbench.registry.encoding import decode, encode
from workbench.registry.event import Draft, Event, Reading, Unreadable

REGISTRY: Final = "registry"
EVENTS: Final = "events"
_TEMPORARY: Final = Path(".workbench", "tmp")
_NAME: Final = re.compile(r"([0-9]{10})\.json\Z")


class Taken(ConflictError):  # noqa: N818 - what happened, not what went wrong
    """The next number belongs to somebody else's event: read it and look again."""


class Journal(Protocol):
    """All events of one model.

    Two journals of one model see the same events in the same order. An event that was published
    stays, under its number, whole; a number is given to one event only.
    """

    model: str

    def read(self, after: int = 0, known: tuple[Event, ...] = ()) -> Reading:
        """Return the events numbered above ``after``; stops at the first that does not fit.

        Args:
            after: The number of the last event that is not wanted.
            known: Events read before, in order and without gaps, which are not read again. If the
                journal is not the one they were read from any more, everything is read anew.
        """

    def publish(self, draft: Draft, *, after: Event | None) -> Event:
        """Record a draft as the event that follows ``after``; return it.

        Args:
            draft: What is to be recorded; its id is known to nobody else.
            after: The newest event its author knows, None where there is none.

        Raises:
            Taken: That number belongs to an event with another id.
            OSError: It could not be written, or no answer came.
        """


class _Chain(ABC):
    """What every journal does alike: following the chain, and closing it with one more event."""

    def __init__(self, model: str) -> None:
        if not is_path_name(model):
            raise UsageError(
                f"{model!r} cannot be the name of a model.",
                hint="Use at most 64 of a-z, 0-9, '.', '_' and '-'.",
            )
        self.model = model

    @abstractmethod
    def _newest(self) -> int:
        """Return the highest number of an event, 0 without any; it may be more by now."""

    @abstractmethod
    def _load(self, seq: int) -> bytes:
        """Return the bytes of an event."""

    @abstractmethod
    def _store(self, seq: int, data: bytes) -> None:
        """Make ``data`` the event ``seq``, whole, unless there is one."""

    @abstractmethod
    def path(self, seq: int) -> str:
        """Return where an event is, relative to the workspace."""

    def read(self, after: int = 0, known: tuple[Event, ...] = ()) -> Reading:
        """Return the events numbered above ``after``; see `Journal.read`."""
        try:
            if known and not self._stands(known[-1]):
                known = ()
            last = known[-1] if known else None
            newest = self._newest()
        except (OSError, FormatError) as error:
            seq = known[-1].seq + 1 if known else 1
            return Reading(_above(known, after), Unreadable(seq, self.path(seq), _reason(error)))
        found: list[Event] = []
        unreadable: Unreadable | None = None
        for one in self._follow(last, newest):
            if isinstance(one, Unreadable):
                unreadable = one
            else:
                found.append(one)
        return Reading(_above((*known, *found), after), unreadable)

    def publish(self, draft: Draft, *, after: Event | None) -> Event:
        """Record a draft as the event that follows ``after``; see `Journal.publish`."""
        seq = after.seq + 1 if after else 1
        data = encode(draft, seq=seq, model=self.model, previous=after.hash if after else "")
        effective = after.effective if after else 0.0
        event = decode(data, previous_effective=effective)
        try:
            self._store(seq, data)
        except FileExistsError:
            try:
                there = decode(self._load(seq), previous_effective=effective)
            except (OSError, FormatError):
                there = None
            if there is None or there.id != draft.id:
                raise Taken(f"Event {seq} of {self.model} is somebody else's.") from None
            return there
        return event

    def _stands(self, last: Event) -> bool:
        """Say whether the last event known is still what it was: a folder can be put back."""
        try:
            return sha256(self._load(last.seq)).hexdigest() == last.hash
        except (FileNotFoundError, FormatError):
            return False

    def _follow(self, last: Event | None, newest: int) -> Iterator[Event | Unreadable]:
        for seq in range(last.seq + 1 if last else 1, newest + 1):
            try:
                last = self._next(last, seq)
            except FileNotFoundError:
                yield Unreadable(seq, self.path(seq), f"It is missing, and {self._proof(newest)}.")
                return
            except (OSError, FormatError) as error:
                yield Unreadable(seq, self.path(seq), _reason(error))
                return
            yield last

    def _proof(self, newest: int) -> str:
        """Return how it is known that there are events up to ``newest``."""
        return f"event {newest} is there"

    def _next(self, last: Event | None, seq: int) -> Event:
        event = decode(self._load(seq), previous_effective=last.effective if last else 0.0)
        if event.seq != seq or event.model != self.model:
            raise FormatError(f"It is event {event.seq} of {event.model}.")
        if event.previous != (last.hash if last else ""):
            before = f"event {last.seq}" if last else "no event"
            raise FormatError(f"It does not follow {before}: the chain of hashes is broken.")
        return event


class FolderJournal(_Chain):
    """A journal in ``registry/<model>/events/``: one file an event, never changed.

    Each event is written under a name of its own, flushed, and linked to its number, which fails
    if there is one: killed at any moment it leaves a whole event or none.
    """

    def __init__(self, root: Path, model: str, *, followed: tuple[int, str] = (0, "")) -> None:
        """Name a journal; nothing is read yet.

        Args:
            root: The workspace.
            model: Whose journal.
            followed: The highest event that something was made from, and what that is: a journal
                that ends before it lacks its end.
        """
        super().__init__(model)
        self._root = root
        self._followed, self._follower = followed
        self._folder = root / REGISTRY / model / EVENTS
        self._checked = False
        self._taken = 0
        """The highest number that was refused: a network drive may list it only later."""

    def path(self, seq: int) -> str:
        """Return where an event is, relative to the workspace."""
        return f"{REGISTRY}/{self.model}/{EVENTS}/{_file_name(seq)}"

    def _newest(self) -> int:
        """Return the highest number that is listed, or was seen to be followed.

        No more is taken from a listing: one that is made while events are added may name the
        later and leave out the earlier.
        """
        self._check()
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 - names are all that is wanted
        except FileNotFoundError:
            names = []
        names.sort(reverse=True)
        listed = next((int(name[:10]) for name in names if _NAME.match(name)), 0)
        if self._taken > listed and (self._folder / _file_name(self._taken)).exists():
            listed = self._taken
        return max(listed, self._followed)

    def _proof(self, newest: int) -> str:
        if newest == self._followed and not (self._folder / _file_name(newest)).exists():
            return f"{self._follower} was made from event {newest}"
        return super()._proof(newest)

    def _load(self, seq: int) -> bytes:
        return read_small(os.path.join(self._folder, _file_name(seq)))  # noqa: PTH118 - the hot path

    def _store(self, seq: int, data: bytes) -> None:
        self._check()
        path = self._folder / _file_name(seq)
        try:
            write_once(path, data, temp=self._root / _TEMPORARY)
        except FileExistsError:
            self._taken = max(self._taken, seq)
            raise
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            write_once(path, data)  # the registry is on a disk of its own

    def _check(self) -> None:
        """Refuse a folder that leads out of the workspace; looked at until it is there."""
        if self._checked:
            return
        try:
            require_inside(self._root, self._folder.relative_to(self._root))
        except NotAllowedError as error:
            raise FormatError(error.message) from None
        self._checked = self._folder.exists()


class MemoryJournal(_Chain):
    """A journal that ends with the process; several threads may share it."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        self._files: dict[int, bytes] = {}
        self._lock = Lock()

    def path(self, seq: int) -> str:
        """Return the name an event would have."""
        return _file_name(seq)

    def _newest(self) -> int:
        with self._lock:
            return max(self._files, default=0)

    def _load(self, seq: int) -> bytes:
        with self._lock:
            if seq not in self._files:
                raise FileNotFoundError(self.path(seq))
            return self._files[seq]

    def _store(self, seq: int, data: bytes) -> None:
        with self._lock:
            if seq in self._files:
                raise FileExistsError(self.path(seq))
            self._files[seq] = data


def models(root: Path) -> tuple[str, ...]:
    """Return the names of all models, in order; what is no folder is a model nobody can read.

    Raises:
        FormatError: The registry is no folder, so nothing is known of any model.
        OSError: It cannot be listed.
    """
    try:
        names = os.listdir(root / REGISTRY)  # noqa: PTH208 - names are all that is wanted
    except FileNotFoundError:
        return ()
    except NotADirectoryError:
        raise FormatError(f"{REGISTRY} is not a folder.", hint="Put it back from a copy.") from None
    return tuple(sorted(filter(is_path_name, names)))


def _file_name(seq: int) -> str:
    return f"{seq:010d}.json"


def _above(events: tuple[Event, ...], after: int) -> tuple[Event, ...]:
    return tuple(one for one in events if one.seq > after) if after else events


def _reason(error: OSError | FormatError) -> str:
    if isinstance(error, FormatError):
        return error.message
    return f"{error.strerror or type(error).__name__}."
