"""Monitors run by themselves when what they watch changes, in every program that watches.

What the first of them checks, the others find checked. A version of a dataset is there as a whole
or not at all; predictions and files count once they have come to rest. What cannot be checked is
a fault, and is tried again when something changes and, less and less often, when nothing does.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets import declared, monitors
from workbench.datasets.drift.monitor import PREDICTIONS, Monitor
from workbench.datasets.monitors import Monitors
from workbench.datasets.versions import folder, locating
from workbench.errors import NotFoundError, SettingsError, StoppedError, WorkbenchError
from workbench.formats.contract import Fault
from workbench.operations.background import Background
from workbench.operations.datasets import names as datasets
from workbench.operations.datasets.planning import found_at
from workbench.operations.drift.prediction_log import production_files, settled
from workbench.operations.follower import Follower
from workbench.operations.jobs import CANCELLED, DONE, FAILED
from workbench.operations.session import Session
from workbench.registry.journal import EVENTS, REGISTRY
from workbench.settings import SETTINGS
from workbench.sync.quiet import QUIET_S, Quiet, state_of

_TRY_AGAIN_S: Final = 30.0
_RARELY_S: Final = 3600.0
"""What fails is tried again after the first time, then after twice as long, up to the second."""
_PATIENCE_S: Final = 5.0
"""How long the files of one monitor are looked for, while the others wait."""


class _Tried(NamedTuple):
    """What was dealt with."""

    mark: bytes
    until: float | None
    """When to try it again though nothing moved, by a clock that never goes back; None: never."""
    pause: float


class _Mark(NamedTuple):
    """How what a monitor watches stands."""

    settled: bytes
    """Of what is there as a whole or not at all."""
    moving: bytes
    """Of files that somebody may be writing; empty where there are none."""
    growing: bool = False
    """Something may come all the time: it is not run for every piece of it."""


class Following(Follower):
    """Runs monitors when their data change, in a thread of its own until `stop`."""

    def __init__(self, session: Session, on_checked: Callable[[str], None]) -> None:
        super().__init__(session, "workbench-monitors")
        self._on_checked = on_checked
        self._quiet = Quiet(session.clock)
        self._tried: dict[str, _Tried] = {}
        self._made: dict[str, float] = {}
        """When something new was found of a monitor."""

    def look(self) -> None:
        """Look at every monitor once; run those whose data changed and have come to rest."""
        found, steady = self._monitors(), self._session.clock.steady
        began = steady()
        for name in self._faults.keys() - found.monitors.keys():
            self._faults.pop(name)
        for name, monitor in found.monitors.items():
            if self._stop.is_set():
                return
            if found.faults_of(name) or not monitor.follow:
                self._faults.pop(name, None)  # what is misspelt is told where settings are read
                continue
            self._look_at(monitor)
            self._tell()
        self._tell()
        self._looked_s = steady() - began

    def _tell_faults(self, faults: Sequence[Fault]) -> None:
        if faults != self._session.drift_faults:
            self._session.drift_faults = faults

    def _gave_up(self, why: str) -> Fault:
        return Fault(SETTINGS, f"Monitors cannot be run: {why}")

    def _monitors(self) -> Monitors:
        try:
            return monitors.read(self._session.root)
        except SettingsError:  # said wherever settings are shown
            return monitors.NOTHING

    def _look_at(self, monitor: Monitor) -> None:
        steady = self._session.clock.steady
        mark = self._mark(monitor)
        tried = self._tried.get(monitor.name)
        whole = mark.settled + mark.moving
        due = tried is not None and tried.until is not None and steady() >= tried.until
        if tried is not None and tried.mark == whole and not due:
            return
        if mark.growing and steady() < self._made.get(monitor.name, -_TRY_AGAIN_S) + _TRY_AGAIN_S:
            return
        if mark.moving and not self._quiet.is_quiet(monitor.name, mark.moving):
            return
        pause = tried.pause if tried is not None and tried.mark == whole else _TRY_AGAIN_S / 2
        failed = self._check(monitor)
        pause = min(2 * pause, _RARELY_S)
        self._tried[monitor.name] = _Tried(whole, steady() + pause if failed else None, pause)

    def _check(self, monitor: Monitor) -> bool:
        """Run a monitor; say whether it is to be tried again though nothing changes."""
        from workbench.operations.drift.monitoring import run  # noqa: PLC0415 - with polars

        row = Background(self._session, f"Check {monitor.name}", self._stop)
        try:
            ran = run(
                self._session, (monitor.name,), rest_s=QUIET_S, on_progress=row.tell,
                stopped=row.is_over,
            )  # fmt: skip
        except StoppedError:
            row.end()
            return False
        except (WorkbenchError, OSError) as error:
            return self._failed(monitor, row, str(error))
        new = [one.report for one in ran if one.new and one.report is not None]
        if new:
            self._made[monitor.name] = self._session.clock.steady()
            row.done(f"{new[-1].current.name}: {new[-1].verdict}")
            self._on_checked(monitor.name)
        fault = next((one.fault for one in ran if one.fault), "")
        if fault:
            return self._failed(monitor, row, fault, shown=bool(new))
        self._faults.pop(monitor.name, None)
        if not new:
            row.end(DONE, "nothing new")
        return False

    def _failed(self, monitor: Monitor, row: Background, why: str, *, shown: bool = False) -> bool:
        """Tell a fault, as a row of Activity when it is new."""
        from workbench.operations.drift.obstacles import words_of  # noqa: PLC0415 - with polars

        fault = Fault(SETTINGS, words_of(monitor.name, why), monitor.line or None)
        known, self._faults[monitor.name] = self._faults.get(monitor.name), fault
        if not shown:
            row.end(CANCELLED if fault == known else FAILED, why)
        return True

    # -- how things stand ------------------------------------------------------------------

    def _mark(self, monitor: Monitor) -> _Mark:
        """Return a mark that differs when there may be something to check; nothing is read."""
        said = [monitor.said, *self._model(monitor), *self._versions(monitor.reference)]
        if monitor.data == PREDICTIONS:
            files = production_files(self._session, _model_of(monitor))
            still = _state(settled(self._session, files, QUIET_S))
            return _Mark(_bytes(said) + still, b"", growing=True)
        versions = self._versions(monitor.data)
        if versions:
            return _Mark(_bytes([*said, *versions]), b"")
        return _Mark(_bytes(said), _state(self._files(monitor.data)))

    def _model(self, monitor: Monitor) -> Iterator[str]:
        """Yield when the journal of the model changed last."""
        name = _model_of(monitor)
        if name:
            events = self._session.root / REGISTRY / name / EVENTS
            try:
                yield str(os.stat(events).st_mtime_ns)  # noqa: PTH116 - looked at all the time
            except OSError:
                yield "none"

    def _versions(self, text: str) -> tuple[str, ...]:
        """Return the versions of the dataset that a text names; nothing where it names none."""
        if not text or not datasets.is_ref(text):
            return ()
        try:
            name = datasets.parse(text).name
            numbers = folder.standing(self._session.root, name)
        except (WorkbenchError, OSError):
            return ()
        return (name, *map(str, numbers)) if numbers else ()

    def _files(self, data: str) -> list[Path]:
        """Return the files that are watched; none while they are away."""
        steady = self._session.clock.steady
        began = steady()

        def tired() -> bool:
            return self._stop.is_set() or steady() - began > _PATIENCE_S

        root = self._session.root
        try:
            roots = declared.read(root).roots
            found, _ = found_at(locating.meant(data, root, roots), root, tired=tired)
        except (WorkbenchError, OSError, NotFoundError):
            return []
        return list(found.files)


def _state(files: list[Path]) -> bytes:
    try:
        return state_of(files)
    except OSError:  # one went while it was looked at: the next look tells
        return b"moving"


def _model_of(monitor: Monitor) -> str:
    return monitor.model.partition("@")[0]


def _bytes(texts: list[str]) -> bytes:
    return "\0".join(texts).encode("utf-8", "surrogateescape")


def follow(session: Session, on_checked: Callable[[str], None] = lambda _: None) -> Following:
    """Run monitors when what they watch changes, until the session is closed.

    Args:
        session: Where; nothing happens where nothing can be written.
        on_checked: Told the name of a monitor that has a new report, in the thread that follows.
    """
    following = Following(session, on_checked)
    if session.workspace is not None:
        following.start()
    session.before_closing(following.stop)
    return following
