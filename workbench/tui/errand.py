"""One thing a person asked for, and the signs that it goes on until it is done.

A question is pointless once whoever asked it looks at something else. What is written is asked of
the program and not of the screen, and what came of it is told wherever that person is by then.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from workbench.errors import StoppedError
from workbench.operations.jobs import CANCELLED, DONE, FAILED, Job
from workbench.tui.cells import cut
from workbench.tui.messages import Learned
from workbench.tui.offload import off_thread
from workbench.tui.one_at_a_time import PATIENCE_S, SECOND_S
from workbench.tui.toast import error_text, tell_error
from workbench.words import duration

if TYPE_CHECKING:
    from textual.app import App

    from workbench.operations.session import Session
    from workbench.tui.frame import WorkbenchScreen

T = TypeVar("T")
JOB_S = 10.0
"""From then on it is a row in Activity."""
_LONGEST = 32
"""Cells of the header for what is done."""


class Errand:
    """Something under way, told in the header and, if it takes long, as a job."""

    def __init__(
        self,
        app: "App[Any]",
        session: "Session",
        doing: str,
        wanted: Callable[[], bool] | None = None,
        *,
        far: bool = False,
    ) -> None:
        """Begin to tell it.

        Args:
            app: Where it is told.
            session: Whose clock and jobs.
            doing: What is done, in words.
            wanted: Whether anybody waits for it still; without one it goes on to its end.
            far: It is a job from its start, and one that was asked to end goes on to where it
                can.
        """
        self._app = app
        self._session = session
        self._doing = doing
        self._wanted = wanted
        self._since = session.clock.steady()
        self._job: Job | None = None
        self._progress = (0, 0, "")
        self._far = far
        self.over = False
        if far:
            self._list(0.0)
        app.set_timer(PATIENCE_S, self._tell)

    def _tell(self) -> None:
        """Say that it goes on, for how long, and look whether somebody wants it to end."""
        if not self.wanted and not self._far:
            self.end()
        if self.over:
            return
        past = self._session.clock.steady() - self._since
        if past >= JOB_S and self._job is None:
            self._list(past)
        self._say(working_words(self._doing, past))
        self._app.set_timer(SECOND_S, self._tell)

    def _list(self, past: float) -> None:
        stoppable = self._far or self._wanted is not None
        self._job = self._session.jobs.start(self._doing, past=past, stoppable=stoppable)
        self._job.progress(*self._progress)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Say how far it is; the thread that does it may say so as often as it likes."""
        self._progress = (done, total, message)
        if self._job is not None:
            self._job.progress(done, total, message)

    @property
    def wanted(self) -> bool:
        """Say whether it is under way, and somebody waits for it."""
        stopped = self._job is not None and self._job.cancelled
        return not self.over and not stopped and (self._wanted is None or self._wanted())

    def end(self, state: str = DONE, message: str = "") -> None:
        """Say that it is over."""
        if self.over:
            return
        self.over = True
        self._say("")
        if self._job is not None:
            self._job.end(state, message)

    def _say(self, words: str) -> None:
        for screen in self._app.screen_stack:
            say = getattr(screen, "tell_work", None)
            if say is not None:
                say(words)


def working_words(doing: str, past: float) -> str:
    """Say what is being done, and for how long: ``Promote churn@3 4s …``."""
    long = "" if past < SECOND_S else f" {duration(past)}"
    return f"{cut(doing, _LONGEST)}{long} …"


def ask(
    screen: "WorkbenchScreen",
    session: "Session",
    doing: str,
    work: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[Exception], object] | None = None,
) -> Errand:
    """Read something for a person and go on with it, if they still look at this screen.

    Args:
        screen: Where it is asked; whoever asks ends the question before it.
        session: Whose clock and jobs.
        doing: What it is for, in words.
        work: Reads, and touches no widget.
        then: Goes on, on the UI thread.
        failed: Goes on where it could not be read; default a message with its reason.
    """
    app = screen.app
    failed = failed or partial(tell_error, app, doing)
    errand = Errand(app, session, doing, wanted=lambda: app.screen is screen)

    def found(value: T) -> None:
        wanted = errand.wanted
        errand.end()
        if wanted:
            then(value)

    def wrong(error: Exception) -> None:
        wanted = errand.wanted
        errand.end(FAILED, error_text(error))
        if wanted:
            failed(error)

    off_thread(
        screen, lambda: Learned(found, work()), group="question",
        wrong=lambda error: Learned(wrong, error),
    )  # fmt: skip
    return errand


def carry_out(
    screen: "WorkbenchScreen",
    session: "Session",
    doing: str,
    work: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[Exception], object] | None = None,
) -> None:
    """Write something for a person, and say what came of it whatever they look at by then.

    Args:
        screen: Where it was decided; it may be gone when the work is done.
        session: Whose clock and jobs.
        doing: What it is for, in words.
        work: Writes, and touches no widget.
        then: Says what came of it, on the UI thread.
        failed: Says what went wrong; default a message with its reason.
    """
    errand = Errand(screen.app, session, doing)
    _carry_out(screen, errand, doing, work, then, failed)


def carry_far(
    screen: "WorkbenchScreen",
    session: "Session",
    doing: str,
    work: Callable[[Errand], T],
    then: Callable[[T], None],
    failed: Callable[[Exception], object] | None = None,
    report: Callable[[T], str] = lambda _: "",
) -> None:
    """Do long work for a person that can be stopped in Activity, and say what came of it.

    Args:
        screen: Where it was decided; it may be gone when the work is done.
        session: Whose clock and jobs.
        doing: What it is for, in words.
        work: Given the errand, which it tells how far it is and asks whether it is still
            `wanted`; touches no widget.
        then: Says what came of it, on the UI thread.
        failed: Says what went wrong; default a message with its reason.
        report: Says what came of it where Activity lists it, a first line and perhaps more.
    """
    errand = Errand(screen.app, session, doing, far=True)
    _carry_out(screen, errand, doing, lambda: work(errand), then, failed, report)


def _carry_out(
    screen: "WorkbenchScreen",
    errand: Errand,
    doing: str,
    work: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[Exception], object] | None,
    report: Callable[[T], str] = lambda _: "",
) -> None:
    app = screen.app
    failed = failed or partial(tell_error, app, doing)

    def done(value: T) -> None:
        errand.end(message=report(value))
        then(value)

    def wrong(error: Exception) -> None:
        state = CANCELLED if isinstance(error, StoppedError) else FAILED
        errand.end(state, error_text(error))
        failed(error)

    off_thread(app, lambda: Learned(done, work()), wrong=lambda error: Learned(wrong, error))
