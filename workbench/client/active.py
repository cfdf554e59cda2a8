"""The runs that are open in this process, and which one is meant without a name.

Each thread has a stack of its own, so that a thread pool can train one run per
thread; a thread without one means the run opened last in the process.
"""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.client.run import Run


class _Stack(threading.local):
    def __init__(self) -> None:
        self.runs: list[Run] = []  # a local's annotation is never evaluated


_mine = _Stack()
_open: dict[int, "Run"] = {}
"""Every open run of the process, by its identity, in the order of opening."""


def push(run: "Run") -> None:
    """Make a run the active one of this thread."""
    _mine.runs.append(run)
    _open[id(run)] = run


def adopt(run: "Run") -> None:
    """Remember a run to be finished with the process without making it the active one."""
    _open[id(run)] = run


def drop(run: "Run") -> None:
    """Forget a run that has ended."""
    _open.pop(id(run), None)
    if run in _mine.runs:
        _mine.runs.remove(run)


def open_runs() -> tuple["Run", ...]:
    """Return the open runs, oldest first."""
    return tuple(_open.values())


def active_in_thread() -> "Run | None":
    """Return the run this thread opened last and has not ended."""
    while _mine.runs and _mine.runs[-1].ended:  # ended from another thread
        _mine.runs.pop()
    return _mine.runs[-1] if _mine.runs else None


def active_run() -> "Run | None":
    """Return the active run: this thread's, else the one opened last; None without one."""
    mine = active_in_thread()
    if mine is not None:
        return mine
    runs = open_runs()
    return runs[-1] if runs else None


def need_run() -> "Run":
    """Return the active run.

    Raises:
        UsageError: There is none.
    """
    run = active_run()
    if run is None:
        raise UsageError("No run is active here.", hint="Call workbench.start_run first.")
    return run


def log_dataset(
    data: Any,
    name: str | None = None,
    role: str = "training",
    *,
    version: str | None = None,
    source: str | None = None,
) -> Mapping[str, Any]:
    """Record what the active run was trained or tested on; see `Run.log_dataset`."""
    return need_run().log_dataset(data, name, role, version=version, source=source)


def define_metric(
    name: str,
    goal: str | None = None,
    summary: str | None = None,
    step_metric: str | None = None,
) -> None:
    """Say of a metric of the active run which direction is good; see `Run.define_metric`."""
    need_run().define_metric(name, goal, summary, step_metric)
