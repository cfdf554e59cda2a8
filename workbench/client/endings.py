"""How a process ends, and what its open runs are told about it.

An exception nobody catches, Ctrl-C and SIGTERM leave a word for the runs that
are still open; leaving the interpreter finishes them. Handlers found here
before us are called after us.
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

from workbench.client.active import open_runs
from workbench.runfolder import FAILED, FINISHED, KILLED

_LAST_LINES = 30
_LONGEST_LINE = 2000
_watching: set[str] = set()
_undisturbed = {"depth": 0, "signal": 0}


def status_of(error: BaseException) -> str:
    """Return the status of a run whose block was left by an exception."""
    if isinstance(error, KeyboardInterrupt):
        return KILLED
    if isinstance(error, GeneratorExit):
        return FINISHED
    if isinstance(error, SystemExit):
        return FINISHED if error.code in (None, 0) else FAILED
    return FAILED


def lines_of(error: BaseException) -> list[str]:
    """Return the last lines of an exception's traceback."""
    from traceback import format_exception  # noqa: PLC0415 - dear at import

    lines = "".join(format_exception(error)).splitlines()
    return [
        line[:_LONGEST_LINE].encode("utf-8", "backslashreplace").decode()
        for line in lines[-_LAST_LINES:]
    ]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold a SIGTERM back until the block has been left."""
    _undisturbed["depth"] += 1
    try:
        yield
    finally:
        _undisturbed["depth"] -= 1
        held = 0 if _undisturbed["depth"] else _undisturbed["signal"]
        if held:
            import signal  # noqa: PLC0415

            _undisturbed["signal"] = 0
            signal.raise_signal(held)


def watch_process() -> None:
    """Finish open runs however this process ends; calling it again does nothing."""
    if "exit" not in _watching:
        _watching.add("exit")
        import atexit  # noqa: PLC0415

        atexit.register(finish_open_runs)
        sys.excepthook = _noting(sys.excepthook)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_after_fork)
    _watch_children()
    _watch_signals()


def finish_open_runs() -> None:
    """Finish every open run as noted, the last opened first."""
    for run in reversed(open_runs()):
        run.finish_noted()


def _noting(previous: Any) -> Any:
    def excepthook(
        kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        for run in open_runs():
            run.note_end(status_of(error), lines_of(error))
        previous(kind, error, trace)

    return excepthook


def _after_fork() -> None:
    _watching.discard("children")
    _undisturbed.update(depth=0, signal=0)
    for run in open_runs():
        run.after_fork()


def _watch_children() -> None:
    """Finish runs in a child of multiprocessing, which leaves without ``atexit``."""
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None or "children" in _watching:
        return
    _watching.add("children")
    from multiprocessing.util import Finalize  # noqa: PLC0415 - loaded already, in a child

    Finalize(None, finish_open_runs, exitpriority=0)


def _watch_signals() -> None:
    if "signals" in _watching or threading.current_thread() is not threading.main_thread():
        return
    _watching.add("signals")
    import signal  # noqa: PLC0415

    previous = signal.getsignal(signal.SIGTERM)
    if previous is None or previous is signal.SIG_IGN:  # not Python's, or not wanted
        return

    def terminated(number: int, frame: FrameType | None) -> None:
        if _undisturbed["depth"]:  # it would tear an end that is being written
            _undisturbed["signal"] = number
            return
        for run in reversed(open_runs()):
            run.finish(KILLED, error=[f"terminated by {signal.Signals(number).name}"])
        if callable(previous):
            previous(number, frame)
            return
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)

    signal.signal(signal.SIGTERM, terminated)
