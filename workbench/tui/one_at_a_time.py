"""Long work of a pane: at most one piece under way, then the newest wish.

A thread cannot be ended from outside and there are few of them, so a wish that comes
while work is under way waits for it, and all wishes that wait are one. Only what to do
is decided here; who owns this begins the work and says when it came back.
"""

from collections.abc import Callable

from workbench.words import duration

PATIENCE_S = 0.15
"""From then on it is said that something is being read."""
SECOND_S = 1.0
"""From then on it is said for how long, and so often."""


class OneAtATime:
    """Know what is under way, what is wanted after it, and whether somebody stopped it."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._number = 0
        """Of the newest piece of work that somebody wanted."""
        self._since: float | None = None
        """When the work under way began, on the steady clock."""
        self.again = False
        """Something was wanted meanwhile."""
        self.stopped = False
        """Nothing more is done until somebody chooses something."""

    @property
    def under_way(self) -> bool:
        """Whether work was begun and has not come back."""
        return self._since is not None

    @property
    def past(self) -> float:
        """Return for how many seconds work has been under way."""
        return 0.0 if self._since is None else self._steady() - self._since

    def free(self) -> bool:
        """Say whether work may begin; if not, what is under way lets go and comes again."""
        if self._since is None:
            return True
        self.let_go()
        self.again = True
        return False

    def begin(self) -> Callable[[], bool]:
        """Note that work begins; return what tells it whether it is still wanted."""
        self._number += 1
        number, self._since = self._number, self._steady()
        return lambda: self._number == number

    def let_go(self) -> None:
        """Make what is under way pointless."""
        self._number += 1

    def stop(self) -> None:
        """Let go of what is under way, and do nothing after it."""
        self.let_go()
        self.again, self.stopped = False, True

    def done(self) -> bool:
        """Note that the work came back; return whether something was wanted meanwhile."""
        again, self.again, self._since = self.again, False, None
        return again


def reading_words(past: float) -> str:
    """Say that something is being read, and for how long."""
    return "reading …" if past < SECOND_S else f"reading {duration(past)} …"
