"""The only reader of the time.

Everything else takes a ``Clock`` or a number of seconds, so that tests decide
what time it is.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Tell the time of day and a time that never goes back."""

    def now(self) -> float:
        """Return the seconds since 1970-01-01 UTC."""

    def steady(self) -> float:
        """Return seconds that only ever grow; differences are durations."""


class SystemClock:
    """The clock of this machine."""

    def now(self) -> float:
        """Return the seconds since 1970-01-01 UTC."""
        return time.time()

    def steady(self) -> float:
        """Return seconds that only ever grow."""
        return time.monotonic()


class FixedClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: float = 1_795_000_000.0) -> None:
        self.at = at

    def now(self) -> float:
        """Return the time this clock was set to."""
        return self.at

    def steady(self) -> float:
        """Return the time this clock was set to."""
        return self.at

    def advance(self, seconds: float) -> None:
        """Move on by ``seconds``."""
        self.at += seconds


SYSTEM: Clock = SystemClock()
