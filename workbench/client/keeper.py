"""Keeps a run's lines, whatever happens to the disk, the share or the process.

Three things can go wrong between two calls of ``log``: the process forks, the
place cannot be written any more, the place is gone. The keeper meets all three:
a fork takes a new writer at its next line; trouble moves the writer to the
spool; when the place is back the writer goes home. No trouble of a disk leaves
this module as an exception.
"""

import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from workbench.client import spool
from workbench.client.card import process_facts
from workbench.client.homecoming import Arrival, bring_home, follow
from workbench.client.notice import tell_once
from workbench.client.place import Place, claim, find_run, publish_run
from workbench.client.points import Point
from workbench.client.spool_entry import mark_alive, remove
from workbench.client.writer import Writer, start_time
from workbench.clock import SYSTEM
from workbench.errors import WorkbenchError
from workbench.runfolder import FINISHED, KILLED, encode_line

_PATIENCE = 5.0
"""Seconds a writer that has been brought home waits for the script's own threads."""


class Origin(NamedTuple):
    """The run a keeper writes to."""

    root: Path
    workspace_id: str | None
    experiment: str | None
    run_id: str
    card: bytes | None
    """The start card, where this process or its parent wrote it."""


class Keeper:
    """The lines of one run in one process."""

    def __init__(self, origin: Origin, *, fresh: bool, helps: float | None = None) -> None:
        self.origin = origin
        self.lock = threading.RLock()
        self.moving = threading.RLock()
        """Held while an entry is brought home, and taken before `lock`."""
        self.writer: Writer | None = None
        self.fresh = fresh
        self.helps = helps
        self.entry: Path | None = None
        self.lost = 0
        self.closed = False
        self.on_open: Callable[[], None] | None = None

    @property
    def started(self) -> float:
        """When the writing of this process, or of the one it helps, began."""
        if self.helps is not None:
            return self.helps
        return SYSTEM.now() if self.writer is None else self.writer.started

    # -- writing ---------------------------------------------------------------------

    def points(self, line: bytes, points: Iterable[Point], step: int | None) -> None:
        """Keep a line of metrics."""
        with self.lock:
            if self.writer is not None:
                try:
                    self.writer.points(line, points, step)
                    return
                except OSError as error:
                    self._to_spool(error)
            self._keep(lambda writer: writer.points(line, points, step))

    def update(self, kind: str, **fields: Any) -> None:
        """Keep a line of updates."""
        line = encode_line({"time": round(SYSTEM.now(), 3), "kind": kind, **fields})
        with self.lock:
            self._keep(lambda writer: writer.update(line, kind, fields))

    def fact(self, name: str, value: Any) -> None:
        """Keep one fact about the run."""
        self.update("fact", facts={name: value})

    def attempt(self, act: Callable[[Place], None]) -> None:
        """Do something at the writer's place; in the spool if it cannot be done at home."""
        with self.lock:
            self._keep(lambda writer: act(writer.place))

    def _keep(self, act: Callable[[Writer], None]) -> None:
        """Do ``act`` with the writer, at home or in the spool; count it as lost in neither."""
        for _ in range(2):
            writer = self._open()
            if writer is None:
                break
            try:
                act(writer)
                return
            except OSError as error:
                self._to_spool(error)
        self.lost += 1

    # -- where -----------------------------------------------------------------------

    def open(self) -> Place | None:
        """Take a place to write, at home or in the spool."""
        with self.lock:
            writer = self._open()
            return None if writer is None else writer.place

    def _open(self) -> Writer | None:
        if self.writer is None and not self.closed:
            try:
                self.writer = self._open_home()
            except (OSError, WorkbenchError) as error:
                self._to_spool(error)
            if self.on_open is not None:
                self.on_open()
        return self.writer

    def _open_home(self) -> Writer:
        origin = self.origin
        started = start_time(self.helps)
        start = encode_line({"time": started, "kind": "start", **process_facts()})
        if self.fresh and origin.card is not None and origin.experiment is not None:
            place = publish_run(origin.root, origin.experiment, origin.run_id, origin.card, start)
        else:
            run = find_run(origin.root, origin.run_id, origin.experiment)
            place = claim(origin.root, run, start)
        self.fresh = False
        writer = Writer(place, started)
        _try(place.mark_alive)
        if self.helps is not None:
            _try(writer.promise_end)
        return writer

    def _to_spool(self, error: Exception) -> None:
        """Move to the spool: this process's lines go on there as a writer of their own."""
        old, self.writer = self.writer, None
        if old is not None and old.place.spooled:  # the spool itself is in trouble
            tell_once(f"lost {self.origin.run_id}", _lost_words(self.origin.run_id, error))
            old.close()
            self.entry = None  # what it holds is delivered after the process has ended
            return
        try:
            self.entry, self.writer = spool.begin(self.origin, old, self.helps, str(error))
        except OSError as worse:
            tell_once(f"lost {self.origin.run_id}", _lost_words(self.origin.run_id, worse))
        else:
            tell_once(f"spooled {self.origin.run_id}", _spooled_words(self.origin, error))
        if old is not None:
            old.close()

    def go_home(self) -> bool:
        """Bring what is in the spool to the workspace if it is back; say whether it is home.

        The copying is done beside the script, which logs on; what came in the meantime is
        brought while it waits.
        """
        with self.moving:
            entry = self.entry
            if entry is None or self.writer is None:
                return self.writer is not None
            try:
                arrival = follow(entry, bring_home(entry))
            except (OSError, WorkbenchError):
                return False
            if not self.lock.acquire(timeout=_PATIENCE):
                return False  # its holder may be waiting for us; the next time goes on from here
            try:
                return self._settle(entry, arrival)
            finally:
                self.lock.release()

    def _settle(self, entry: Path, arrival: Arrival) -> bool:
        """Bring the last lines of an entry, and go on where they are."""
        writer = self.writer
        if self.entry != entry or writer is None:  # ended, or in trouble, since
            return False
        try:
            writer.sync()
            follow(entry, arrival)
            writer.move(arrival.place)
        except OSError:
            return False
        if arrival.part.started is not None:
            writer.leave_out(arrival.part.started)
        remove(entry)
        self.entry = None
        self.fresh = False
        _try(arrival.place.mark_alive)
        return True

    # -- between the lines -----------------------------------------------------------

    def beat(self) -> None:
        """Show life; look whether the place is still there, or back again."""
        with self.lock:
            writer, entry = self.writer, self.entry
            if writer is None:
                return
            if entry is not None:
                _try(partial(mark_alive, entry))
            elif not writer.is_in_place():
                self._to_spool(FileNotFoundError(f"{writer.place.run} is gone"))
            else:
                _try(writer.place.mark_alive)
        if entry is not None:
            self.go_home()

    def sync(self) -> None:
        """Flush the lines to the disk."""
        writer = self.writer
        if writer is not None:
            _try(writer.sync)

    def forget(self) -> None:
        """After a fork: leave the parent's files alone; the next line takes a new writer."""
        self.lock, self.moving = threading.RLock(), threading.RLock()
        writer, self.writer, self.entry, self.lost = self.writer, None, None, 0
        if writer is not None:
            self.fresh = False
            self.helps = writer.started if self.helps is None else self.helps
            _try(writer.close)

    def finish(self, status: str, error: list[str]) -> None:
        """Write the end card and the marker, at home if that can be.

        A helper that is told to stop has ended well: that is how pools end their workers.
        """
        word = FINISHED if status == KILLED and self.helps is not None else status
        with self.lock:
            if self.closed or (self.writer is None and self.helps is not None):
                self.closed = True
                return
            if self.writer is not None and self.entry is None and not self.writer.is_in_place():
                self._to_spool(FileNotFoundError(f"{self.writer.place.run} is gone"))
        with self.moving:  # before the lock, as everywhere; no copy is under way from here on
            self.go_home()
            self._end(word, error)

    def _end(self, word: str, error: list[str]) -> None:
        with self.lock:
            if self.lost and self.writer is not None:
                self.fact("lines_lost", self.lost)
            ended = round(SYSTEM.now(), 3)
            self._keep(lambda writer: writer.finish(word, ended, error))
            self.closed = True
            if self.writer is not None:
                self.writer.close()
                self.writer = None


def _try(act: Callable[[], object]) -> None:
    """Do what may fail without harm; the next heartbeat does it again."""
    try:
        act()
    except OSError:
        return


def _spooled_words(origin: Origin, error: Exception) -> str:
    return (
        f"run {origin.run_id} cannot be written to {origin.root} ({error}); it is kept in "
        f"{spool.spool_folder()} until that folder is back, or until: workbench sync-spool"
    )


def _lost_words(run_id: str, error: Exception) -> str:
    return f"run {run_id} can be written nowhere ({error}); the training goes on, its log does not."
