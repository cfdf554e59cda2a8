"""Checking a monitor now: a job with progress that Esc, or Activity, stops."""

from collections.abc import Callable, Sequence
from threading import Event
from typing import TYPE_CHECKING

from workbench.errors import StoppedError
from workbench.tui.drift.verdicts import told
from workbench.tui.errand import Errand, carry_far
from workbench.tui.toast import tell, tell_error
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.operations.drift.monitoring import Ran
    from workbench.tui.desk import Desk


class Check:
    """One check under way; whoever asked for it may stop it."""

    def __init__(self) -> None:
        self._stop = Event()
        self.over = False

    @property
    def stopped(self) -> bool:
        """Say whether somebody wants it to end."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask for its end; nothing half-written stays."""
        self._stop.set()


def check_now(screen: "Desk", monitor: str, done: Callable[[str], None]) -> Check:
    """Check a monitor, and say what came of it wherever the person is by then.

    Args:
        screen: Where it was asked.
        monitor: Which one.
        done: Says it, and shows it.
    """
    check, session, app = Check(), screen.session, screen.app

    def work(errand: Errand) -> "Sequence[Ran]":
        from workbench.operations.drift import monitoring  # noqa: PLC0415 - polars

        return monitoring.run(
            session, (monitor,),
            on_progress=errand.progress,
            stopped=lambda: check.stopped or not errand.wanted,
        )  # fmt: skip

    def then(found: "Sequence[Ran]") -> None:
        check.over = True
        done(outcome(found, monitor))

    def failed(error: Exception) -> None:
        check.over = True
        if isinstance(error, StoppedError):
            tell(app, "Stopped checking; what was found before is kept.")
        else:
            tell_error(app, f"Check {monitor}", error)

    carry_far(screen, session, f"Check {monitor}", work, then, failed)
    return check


def outcome(found: "Sequence[Ran]", monitor: str) -> str:
    """Return what a check found, in a sentence."""
    faults = [one.fault for one in found if one.fault]
    if faults:
        return faults[0]
    new = [one.report for one in found if one.new and one.report is not None]
    if not new:
        return f"{monitor}: nothing new since the last check."
    return f"{monitor}: {told(new[-1].verdict).text}, {plural(len(new), 'new report')}."
