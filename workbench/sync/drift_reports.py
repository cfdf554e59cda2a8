"""Reports of drift and what people say of alerts, kept up with in the catalogue.

Both are files that never change, so the time of a monitor's folder says whether any came or went,
and only those that are new are opened. One that cannot be read is a fault and hides no other.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from workbench.catalogue import alert_records
from workbench.catalogue import drift_reports as stored
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.drift_reports import Found, KnownMonitor
from workbench.clock import Clock
from workbench.datasets import monitors
from workbench.datasets.drift import records, storing
from workbench.datasets.drift.storing import FOLDER
from workbench.errors import SettingsError, WorkbenchError
from workbench.formats.contract import Fault
from workbench.settings import SETTINGS
from workbench.sync.monthly import Monthly
from workbench.sync.turns import RESTLESS_S, Turns
from workbench.words import visible

_ALL: Final = ""
"""The folder of all monitors; no monitor can be called so."""
_BATCH: Final = 200
_MOST_STRANGE: Final = 20
"""Faults told of one folder, of files that are no reports by their names."""
_SECOND: Final = 1_000_000_000


class Looked(NamedTuple):
    """What a part of a look brought."""

    monitors: frozenset[str]
    """Those of which reports came or went, of which somebody said something, or whose settings
    changed."""
    waiting: int = 0
    """Reports seen but not yet read."""


class _Wanted(NamedTuple):
    """What is to be done about a monitor."""

    name: str
    stamp: int
    read: tuple[str, ...]
    """Keys of reports."""
    gone: tuple[str, ...]


class DriftReports:
    """Brings the drift part of one catalogue up to date; belongs to one thread at a time."""

    def __init__(
        self, workspace: Path, catalogue: Catalogue, clock: Clock, disk_time: Callable[[], float]
    ) -> None:
        self._root = workspace
        self._catalogue = catalogue
        self._clock = clock
        self._disk_time = disk_time
        """The time on the workspace's disk, by which its folders are as old as they say."""
        self._known: dict[str, KnownMonitor] = stored.known_monitors(catalogue)
        self._names: Sequence[str] = ()
        self._turns = Turns(clock)
        for name, one in self._known.items():
            if one.stamp:
                self._turns.knew(name, one.stamp)
        self._folders: dict[str, str] = {}
        self._strange: dict[str, tuple[Fault, ...]] = {}
        """What of a folder is no report and cannot be, by monitor."""
        self._links: Sequence[str] = ()
        self._lost: dict[str, str] = {}
        """Why a folder cannot be listed, by its path."""
        self._records = Monthly(workspace / records.FOLDER, records.read)
        self._recorded = alert_records.known(catalogue)
        self._settings = _Watched(workspace)

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what is misspelt, cannot be listed, and every file that cannot be read."""
        lost = (Fault(path, reason) for path, reason in sorted(self._lost.items()))
        strange = (one for _, faults in sorted(self._strange.items()) for one in faults)
        said = (one for _, one in sorted(self._records.faults.items()))
        links = (
            Fault(f"{FOLDER}/{visible(one)}", "This is a link; links are not followed.")
            for one in self._links[:_MOST_STRANGE]
        )
        return (*self._settings.faults, *lost, *links, *strange, *self._broken(), *said)

    def _broken(self) -> Iterator[Fault]:
        for name, monitor in sorted(self._known.items()):
            for key, one in monitor.reports.items():
                if one.fault:
                    yield Fault(storing.path_of(name, key), one.fault)

    def folders(self) -> list[Path]:
        """Return the folders in which something may appear, the most telling first."""
        if not self._names:
            return []
        newest = [self._root / FOLDER / name for name in self._turns.newest()]
        return [self._root / FOLDER, *newest]

    def do_over(self) -> None:
        """Let the next look be at every monitor, however long it takes."""
        self._turns.do_over()

    def look(self) -> Iterator[Looked]:
        """Find what came or went and store it; tell when more is said of alerts."""
        told = self._settings.look() | self._take_in_records()
        if told:
            yield Looked(told)
        self._list()
        gone = frozenset(self._known) - set(self._names)
        wanted = [one for name in self._turns.of(self._names) if (one := self._of(name))]
        waiting = sum(len(one.read) for one in wanted)
        if gone:
            self._forget(gone)
            yield Looked(gone, waiting)
        for one in wanted:
            for part in _parts(one):
                waiting -= len(part.read)
                changed = self._take_in(part)
                if changed or waiting:
                    yield Looked(frozenset({one.name} if changed else ()), waiting)

    # -- looking -------------------------------------------------------------------------

    def _list(self) -> None:
        """List the monitors again if one may have come or gone."""
        try:
            stamp = os.stat(self._root / FOLDER).st_mtime_ns  # noqa: PTH116 - one of many
            if self._turns.is_settled(_ALL, stamp) and not self._turns.everything:
                return
            self._names = storing.names(self._root)
            self._links = storing.links(self._root)
        except FileNotFoundError:
            self._names = ()
            self._turns.lose(_ALL)
            self._lost.pop(FOLDER, None)
            return
        except OSError as error:  # out of reach is not gone
            self._names = self._names or tuple(self._known)
            self._lost[FOLDER] = f"cannot be read: {error.strerror or error}."
            return
        self._lost.pop(FOLDER, None)
        self._turns.saw(_ALL, stamp)

    def _of(self, name: str) -> _Wanted | None:
        """Return what is to be done about a monitor; None where nothing moved."""
        try:
            stamp = os.stat(self._folder_of(name)).st_mtime_ns  # noqa: PTH116 - the hot path
        except OSError:
            return None  # out of reach, or gone: the folder above says so
        known = self._known.get(name, KnownMonitor(0, {}))
        broken = [key for key, one in known.reports.items() if one.fault]
        again = bool(broken) and self._turns.to_try_again(name)
        if self._turns.is_settled(name, stamp) and not again:
            return None
        path = f"{FOLDER}/{name}"
        try:
            there = storing.listed(self._root, name)
        except OSError as error:
            self._lost[path] = f"cannot be listed: {error.strerror or error}."
            return None
        self._lost.pop(path, None)
        self._strange[name] = tuple(
            Fault(f"{path}/{visible(one)}", "No report is called so.")
            for one in there.strange[:_MOST_STRANGE]
        )
        changed = [k for k in broken if again and self._stamp(name, k) != known.reports[k].stamp]
        if again:
            self._turns.tried(name)
        new = [key for key in there.keys if key not in known.reports]
        gone = tuple(known.reports.keys() - set(there.keys))
        if not (new or gone or changed) and known.stamp == stamp:
            self._turns.saw(name, stamp)
            return None
        return _Wanted(name, stamp, (*new, *changed), gone)

    def _folder_of(self, name: str) -> str:
        """Return the folder of a monitor; made once, for it is asked for at every look."""
        found = self._folders.get(name)
        if found is None:
            found = self._folders[name] = str(self._root / FOLDER / name)
        return found

    def _stamp(self, name: str, key: str) -> int:
        """Return the time of a report's file; 0 where there is none."""
        try:
            return os.stat(self._root / storing.path_of(name, key)).st_mtime_ns  # noqa: PTH116
        except OSError:
            return 0

    # -- taking in -----------------------------------------------------------------------

    def _take_in(self, wanted: _Wanted) -> bool:
        """Read and store some reports of a monitor; return whether it is not as it was."""
        name = wanted.name
        found = [self._found(name, key) for key in wanted.read]
        gone = [(name, key) for key in wanted.gone]
        settled = self._disk_time() - wanted.stamp / _SECOND > RESTLESS_S
        stamps: dict[str, int | None] = {name: wanted.stamp if settled else 0}
        try:
            stored.store(self._catalogue, found, gone=gone, stamps=stamps)
        except Exception:  # noqa: BLE001 - one of many must not stop the others
            found = [self._stored_alone(one) for one in found]
            stored.store(self._catalogue, [], gone=gone, stamps=stamps)
        before = self._known.get(name)
        kept = dict(before.reports) if before else {}
        for key in wanted.gone:
            kept.pop(key, None)
        kept |= {one.key: stored.KnownReport(one.stamp, one.fault) for one in found}
        self._known[name] = KnownMonitor(wanted.stamp, kept)
        self._turns.saw(name, wanted.stamp)
        if found or gone or before is None:
            self._turns.changed(name)
            return True
        return False

    def _found(self, name: str, key: str) -> Found:
        """Read one report; one that cannot be read is a report that says why."""
        stamp = self._stamp(name, key)
        try:
            report = storing.read_for_lists(self._root, name, key)
            storing.require_past(report, max(self._clock.now(), self._disk_time()))
            return Found(name, key, stamp, report)
        except Exception as error:  # noqa: BLE001 - one of many must not stop the others
            self._turns.tried(name)
            return Found(name, key, stamp, None, _reason(error))

    def _stored_alone(self, one: Found) -> Found:
        """Store one report; one that cannot be stored is a report that says why."""
        try:
            stored.store(self._catalogue, [one])
        except Exception as error:  # noqa: BLE001
            one = Found(one.monitor, one.key, one.stamp, None, _reason(error))
            stored.store(self._catalogue, [one])
        return one

    def _forget(self, gone: frozenset[str]) -> None:
        reports = [(name, key) for name in gone for key in self._known[name].reports]
        stored.store(self._catalogue, [], gone=reports, stamps=dict.fromkeys(gone))
        for name in gone:
            self._turns.forget(name)
            for remembered in (self._known, self._strange, self._folders):
                remembered.pop(name, None)
            self._lost.pop(f"{FOLDER}/{name}", None)

    def _take_in_records(self) -> frozenset[str]:
        """Read what people said since; return the monitors it is of."""
        self._records.look()
        there = self._records.found
        new = [one for identity, one in there.items() if identity not in self._recorded]
        gone = self._recorded.keys() - there.keys() if self._records.is_whole else frozenset()
        if not new and not gone:
            return frozenset()
        told = {one.monitor for one in new} | {self._recorded[identity] for identity in gone}
        alert_records.store(self._catalogue, new, gone)
        self._recorded = {identity: one.monitor for identity, one in there.items()}
        return frozenset(told)


class _Watched:
    """What the settings say of monitors, looked at again when they change."""

    def __init__(self, workspace: Path) -> None:
        self._root = workspace
        self._stamp: tuple[int, int] | None = None
        self._names: frozenset[str] = frozenset()
        self.faults: tuple[Fault, ...] = ()

    def look(self) -> frozenset[str]:
        """Read the settings if they changed; return the monitors they may now say more of."""
        try:
            facts = (self._root / SETTINGS).stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
        except OSError:
            stamp = (0, 0)
        if stamp == self._stamp:
            return frozenset()
        first, self._stamp = self._stamp is None, stamp
        try:
            found = monitors.read(self._root)
        except SettingsError:  # of all settings, not of monitors: told for itself
            self.faults = ()
            return frozenset()
        self.faults = tuple(Fault(SETTINGS, one.message, one.line or None) for one in found.faults)
        before, self._names = self._names, frozenset(found.monitors)
        return frozenset() if first else before | self._names


def _parts(wanted: _Wanted) -> Iterator[_Wanted]:
    """Yield what is to be done about a monitor in parts that are soon shown."""
    read = wanted.read
    for start in range(0, max(1, len(read)), _BATCH):
        last = start + _BATCH >= len(read)
        yield wanted._replace(
            read=read[start : start + _BATCH],
            gone=wanted.gone if start == 0 else (),
            stamp=wanted.stamp if last else 0,
        )


def _reason(error: Exception) -> str:
    if isinstance(error, WorkbenchError):
        return error.message
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}."
    return visible(str(error).partition("\n")[0]) or type(error).__name__
