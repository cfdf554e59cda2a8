"""Work a thread does by itself: a row in Activity once it takes long, none while it is quick."""

from threading import Event
from typing import Final

from workbench.operations.jobs import CANCELLED, FAILED, Job
from workbench.operations.session import Session

LONG_S: Final = 1.0
"""What takes longer is a row in Activity while it goes on."""


class Background:
    """One piece of it."""

    def __init__(self, session: Session, title: str, stop: Event) -> None:
        """Begin.

        Args:
            session: Whose Activity.
            title: What it does, in words.
            stop: Set when the program ends.
        """
        self._session = session
        self._title = title
        self._stop = stop
        self._began = session.clock.steady()
        self._job: Job | None = None

    @property
    def shown(self) -> bool:
        """Say whether there is a row of it."""
        return self._job is not None

    @property
    def cancelled(self) -> bool:
        """Say whether a person asked for the end."""
        return self._job is not None and self._job.cancelled

    def is_over(self) -> bool:
        """Say whether to end: a person asked for it, or the program ends."""
        return self._stop.is_set() or self.cancelled

    def tell(self, done: int, total: int, what: str) -> None:
        """Take over how far it is."""
        past = self._session.clock.steady() - self._began
        if self._job is None and past < LONG_S:
            return
        self._row().progress(done, total, what)

    def done(self, message: str) -> None:
        """Say what came of it; it is worth a row however quick it was."""
        self._row().end(message=message)

    def end(self, state: str = CANCELLED, message: str = "") -> None:
        """Say that nothing came of it; a failure is a row however quick it was."""
        if self._job is not None or state == FAILED:
            self._row().end(state, message)

    def _row(self) -> Job:
        if self._job is None:
            past = self._session.clock.steady() - self._began
            self._job = self._session.jobs.start(self._title, past=past)
        return self._job
