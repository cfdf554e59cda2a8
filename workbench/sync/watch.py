"""Sweep again when something moved, and now and then anyway.

On a local disk the watcher's events shorten the wait; on a network drive nobody
reports what other machines write, so time alone decides. Watches are few and never
recursive: a recursive watch on ten thousand folders reports itself for ever.
"""

import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from workbench.clock import Clock
from workbench.sync.sweep import Changes, Sweeper

_LOCAL_EVERY = 0.5
_FOCUSED_EVERY = 2.0
_UNFOCUSED_EVERY = 15.0
_COALESCE = 0.1
_MOST_WATCHES, _MOST_MODELS, _MOST_DATASETS, _MOST_MONITORS = 64, 16, 8, 4
_SLEEPY = 2.0
"""A sweep is not repeated before this many times its own duration, events or not: writers that
write without end may not keep a processor busy."""


class Watch:
    """A thread that keeps a catalogue up to date until it is stopped."""

    def __init__(
        self,
        make_sweeper: Callable[[], Sweeper],
        on_change: Callable[[Changes], None],
        on_error: Callable[[Exception], None],
        clock: Clock,
        *,
        local: bool,
        refresh: Callable[[bool], None] = lambda _: None,
        progress: Callable[[int, int], bool] = lambda _done, _waiting: True,
        is_there: Callable[[], bool] = lambda: True,
    ) -> None:
        self._make_sweeper = make_sweeper
        self._refresh = refresh
        self._progress = progress
        self._is_there = is_there
        self.gone_since: float | None = None
        """When the folder was found to be away, in seconds since 1970; None while it is there."""
        self._done = 0
        self._asked = False
        self._on_change = on_change
        self._on_error = on_error
        self._clock = clock
        self._local = local
        self._wake = Event()
        self._asked_now = Event()
        self._stop = Event()
        self._focused = True
        self._moved = True
        self._broken = False
        self._going_on = True
        self._events: _Events | None = None
        self.swept_at = 0.0
        self.ready = Event()
        """Set after the first whole sweep."""
        self._thread = Thread(target=self._run, name="workbench-watch", daemon=True)

    def start(self) -> None:
        """Begin with a sweep."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand; return when the thread has ended."""
        self._stop.set()
        self._asked_now.set()
        self._wake.set()
        self._thread.join(timeout=10)

    def look_now(self) -> None:
        """Sweep as soon as possible, and look for folders that were not there before."""
        self._asked = True
        self._asked_now.set()
        self._wake.set()

    def set_focus(self, *, focused: bool) -> None:
        """Say whether a person is looking; a network drive is polled less often if not."""
        self._focused = focused

    @property
    def status(self) -> str:
        """Return "watching", "polled" and when, or "away since" and when."""
        if self._broken:
            return "not watching"
        if self.gone_since is not None:
            return f"away since {_time_of_day(self.gone_since)}"
        if not self.ready.is_set():
            return "reading"
        if self._local:
            return "watching"
        return f"polled {_time_of_day(self.swept_at)}"

    def _run(self) -> None:
        try:
            sweeper = self._make_sweeper()
        except Exception as error:  # noqa: BLE001 - the screen says it; there is nothing to sweep
            self._broken = True
            self._on_error(error)
            return
        self._events = _Events(self._wake) if self._local else None
        try:
            while not self._stop.is_set():
                took = self._sweep_once(sweeper)
                if self._events and self._moved:
                    self._events.follow(_folders(sweeper))
                self._rest(took)
        finally:
            if self._events:
                self._events.stop()

    def _rest(self, took: float) -> None:
        """Wait for the next sweep: for events after a short one, by time alone after a long one."""
        if took > _LOCAL_EVERY:
            self._asked_now.wait(took * _SLEEPY)
        else:
            self._wake.wait(self._pause())
        if self._wake.is_set():
            self._stop.wait(max(_COALESCE, took * _SLEEPY))
        self._wake.clear()
        self._asked_now.clear()

    def _sweep_once(self, sweeper: Sweeper) -> float:
        """Sweep and report; return how many seconds it took.

        A folder that is away is not swept: its runs are not gone, they are out of sight.
        """
        if not self._is_there():
            self.gone_since = self.gone_since or self._clock.now()
            return 0.0
        self.gone_since = None
        began = self._clock.steady()
        asked, self._asked = self._asked, False
        try:
            self._refresh(asked)
            if asked:
                sweeper.do_over()
            self._done = 0
            changes = sweeper.sweep(self._on_batch, self._is_over)
        except Exception as error:  # noqa: BLE001 - the next sweep may well succeed
            self._progress(self._done, 0)
            self._on_error(error)
            return 0.0
        self.swept_at = self._clock.now()
        first = not self.ready.is_set()
        self._moved = first or bool(changes)
        self.ready.set()
        if first or changes.faults or changes.edits:
            self._on_change(changes if first else Changes(faults=changes.faults, edits=True))
        return 0.0 if first else self._clock.steady() - began

    def _on_batch(self, changes: Changes) -> None:
        if changes:
            runs = len(changes.new) + len(changes.changed)
            self._done += runs + len(changes.models) + len(changes.datasets)
            self._done += len(changes.drift)
            self._on_change(changes)
            self._going_on = self._progress(self._done, changes.waiting)

    def _is_over(self) -> bool:
        """Say whether a sweep is to end early: the program ends, or a person cancelled it."""
        going_on, self._going_on = self._going_on, True
        return self._stop.is_set() or not going_on

    def _pause(self) -> float:
        if self._local:
            return _LOCAL_EVERY
        return _FOCUSED_EVERY if self._focused else _UNFOCUSED_EVERY


def _time_of_day(at: float) -> str:
    from datetime import datetime  # noqa: PLC0415 - where a time is told

    return f"{datetime.fromtimestamp(at).astimezone():%H:%M:%S}"


def _folders(sweeper: Sweeper) -> list[Path]:
    """Return the folders worth a watch, the most telling first."""
    live = [
        folder
        for run in sweeper.live_folders()[-20:]
        for folder in (run / "writers" / "0", run)
        if _is_folder(folder)
    ]
    models = [one for one in sweeper.model_folders()[:_MOST_MODELS] if _is_folder(one)]
    models += [one for one in sweeper.dataset_folders()[:_MOST_DATASETS] if _is_folder(one)]
    models += [one for one in sweeper.drift_folders()[:_MOST_MONITORS] if _is_folder(one)]
    places = sweeper.run_folders()[: _MOST_WATCHES - len(live) - len(models)]
    markers = [place / name for place in places for name in (".done", ".alive")]
    marked = [folder for folder in markers if _is_folder(folder)]
    return [*live, *models, *places, *marked][:_MOST_WATCHES]


def _is_folder(path: Path) -> bool:
    """Say whether there is a folder to watch; one that may not be looked at is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


class _Events:
    """Watchdog, kept on a short leash."""

    def __init__(self, wake: Event) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from watchdog.observers import Observer  # noqa: PLC0415 - after the first paint

        self._wake = wake
        self._observer = Observer()
        self._watches: dict[Path, object] = {}
        self._observer.daemon = True
        self._observer.start()

    def follow(self, folders: list[Path]) -> None:
        """Watch exactly these folders; one that cannot be watched is left to the sweep."""
        from watchdog.events import (  # noqa: PLC0415
            DirCreatedEvent,
            FileCreatedEvent,
            FileDeletedEvent,
            FileModifiedEvent,
            FileMovedEvent,
            FileSystemEvent,
            FileSystemEventHandler,
        )

        wake = self._wake

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:  # noqa: ARG002
                wake.set()

        wanted = set(folders)
        for folder in set(self._watches) - wanted:
            self._observer.unschedule(self._watches.pop(folder))  # type: ignore[arg-type]
        for folder in wanted - set(self._watches):
            try:
                self._watches[folder] = self._observer.schedule(
                    Handler(),
                    str(folder),
                    recursive=False,
                    event_filter=[
                        DirCreatedEvent, FileCreatedEvent, FileDeletedEvent, FileModifiedEvent,
                        FileMovedEvent,
                    ],
                )  # fmt: skip
            except OSError:
                continue
            wake.set()  # what happened before the watch was there is found by one more sweep

    def stop(self) -> None:
        """End the observer's threads."""
        self._observer.stop()
        self._observer.join(timeout=5)
