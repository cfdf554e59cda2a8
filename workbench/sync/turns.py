"""Which of many folders to look at now, and which have stood still for long enough.

A folder's time says whether anything in it came or went, but two things may come within one tick
of the file system's clock. And on a network drive every look costs a round trip: of many folders
those that changed last are looked at every time, and the rest in turn.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from workbench.clock import Clock

RESTLESS_S: Final = 3.0
"""A tick of the file system's clock: 10 ms on most, 2 s on some."""
TRY_AGAIN_S: Final = 20.0
"""After which what could not be read is tried again, though nothing moved."""
_PATIENCE_S: Final = 0.25
"""A look over all folders may take this long; the rest is looked at by the next ones."""
_ALWAYS: Final = 64
"""Folders that are looked at every time: those that changed last."""


class _Seen(NamedTuple):
    """A folder as it was last looked at."""

    stamp: int
    at: float
    """When that stamp was first seen, by a clock that never goes back."""


class Turns:
    """Remembers how folders looked, by name; belongs to one thread at a time.

    Args:
        clock: The time.
        recent: Names in the order in which they changed, the last one last.
    """

    def __init__(self, clock: Clock, recent: Iterable[str] = ()) -> None:
        self._clock = clock
        self._seen: dict[str, _Seen] = {}
        self._tried: dict[str, float] = {}
        self._recent: dict[str, None] = dict.fromkeys(recent)
        self._place = 0
        self._everything = True

    @property
    def everything(self) -> bool:
        """Say whether the next look is at every folder, however long it takes."""
        return self._everything

    def do_over(self) -> None:
        """Let the next look be at every folder, and try again what could not be read."""
        self._everything = True
        self._tried.clear()

    def of(self, names: Sequence[str]) -> Iterator[str]:
        """Yield the names to look at: all, if that is quick, else the last ones and some more."""
        began = self._clock.steady()
        if self._everything or len(names) <= _ALWAYS:
            self._everything = False
            yield from names
            return
        there = set(names)
        first = [name for name in list(self._recent)[-_ALWAYS:] if name in there]
        yield from first
        looked = set(first)
        for count in range(len(names)):
            if count >= _ALWAYS and self._clock.steady() - began > _PATIENCE_S:
                self._place = (self._place + count) % len(names)
                return
            name = names[(self._place + count) % len(names)]
            if name not in looked:
                yield name

    def newest(self) -> Iterator[str]:
        """Yield the names of which anything changed, the last one first."""
        return reversed(self._recent)

    def changed(self, name: str) -> None:
        """Take note that something changed: it is looked at every time for a while."""
        self._recent.pop(name, None)
        self._recent[name] = None

    # -- how a folder looked ---------------------------------------------------------------

    def stamp(self, name: str) -> int | None:
        """Return the time of a folder as it was last seen, in nanoseconds; None if never."""
        seen = self._seen.get(name)
        return None if seen is None else seen.stamp

    def saw(self, name: str, stamp: int) -> None:
        """Take note of how a folder looks; since when it does counts."""
        if self.stamp(name) != stamp:
            self._seen[name] = _Seen(stamp, self._clock.steady())

    def knew(self, name: str, stamp: int) -> None:
        """Take note of how a folder looked long ago: if it still does, it has stood still."""
        self._seen[name] = _Seen(stamp, -RESTLESS_S)

    def is_settled(self, name: str, stamp: int) -> bool:
        """Say whether a folder is as it was, and so for longer than a tick of any disk's clock."""
        seen = self._seen.get(name)
        if seen is None or seen.stamp != stamp:
            return False
        return self._clock.steady() - seen.at > RESTLESS_S

    # -- what could not be read ------------------------------------------------------------

    def tried(self, name: str) -> None:
        """Take note that something was read now, or could not be."""
        self._tried[name] = self._clock.steady()

    def to_try_again(self, name: str) -> bool:
        """Say whether what could not be read is to be tried again."""
        return self._clock.steady() - self._tried.get(name, -TRY_AGAIN_S) >= TRY_AGAIN_S

    # -- what is gone ----------------------------------------------------------------------

    def lose(self, name: str) -> None:
        """Forget how a folder looked."""
        self._seen.pop(name, None)

    def forget(self, name: str) -> None:
        """Forget a folder altogether."""
        for remembered in (self._seen, self._tried, self._recent):
            remembered.pop(name, None)
