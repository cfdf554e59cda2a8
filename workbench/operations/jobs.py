"""Work that takes long enough to be watched: what it is, how far, and how to end it."""

from collections.abc import Callable
from itertools import count
from threading import Event, Lock
from typing import NamedTuple

from workbench.clock import Clock

RUNNING, DONE, FAILED, CANCELLED = "running", "done", "failed", "cancelled"


class JobLine(NamedTuple):
    """A job as the screen shows it."""

    id: int
    title: str
    state: str
    started: float
    """Seconds since 1970."""
    ended: float | None
    done: int
    total: int
    """0 when nobody knows."""
    message: str
    stoppable: bool = True
    """Whether it can be asked to end; what is written is written to its end."""


class Job:
    """One piece of long work, told of its progress by the thread that does it."""

    def __init__(self, line: JobLine, clock: Clock, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._changed = changed
        self._line = line
        self._cancelled = Event()

    @property
    def line(self) -> JobLine:
        """Return how it stands."""
        return self._line

    @property
    def cancelled(self) -> bool:
        """Say whether a person asked for the end; the working thread looks here."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask for the end."""
        self._cancelled.set()

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far it is."""
        self._line = self._line._replace(done=done, total=total, message=message)
        self._changed()

    def end(self, state: str = DONE, message: str = "") -> None:
        """Say that it is over."""
        state = CANCELLED if state == DONE and self.cancelled else state
        self._line = self._line._replace(
            state=state, ended=self._clock.now(), message=message or self._line.message
        )
        self._changed()


class Jobs:
    """All jobs of this program since it started."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._numbers = count(1)
        self._jobs: dict[int, Job] = {}
        self.on_change: Callable[[], None] = lambda: None

    def start(self, title: str, *, past: float = 0.0, stoppable: bool = True) -> Job:
        """Return a new running job.

        Args:
            title: What it does, in words.
            past: Seconds it has been running already.
            stoppable: Whether it looks at `Job.cancelled`.
        """
        began = self._clock.now() - past
        with self._lock:
            line = JobLine(next(self._numbers), title, RUNNING, began, None, 0, 0, "", stoppable)
            job = Job(line, self._clock, lambda: self.on_change())  # noqa: PLW0108 - it is set later
            self._jobs[line.id] = job
        self.on_change()
        return job

    def lines(self) -> tuple[JobLine, ...]:
        """Return all jobs, newest first."""
        with self._lock:
            return tuple(job.line for job in reversed(self._jobs.values()))

    def cancel(self, id_: int) -> None:
        """Ask a job to end; one that is over, or cannot, stays as it is."""
        job = self._jobs.get(id_)
        if job is not None and job.line.state == RUNNING and job.line.stoppable:
            job.cancel()

    @property
    def running(self) -> bool:
        """Say whether any job runs."""
        return any(line.state == RUNNING for line in self.lines())
