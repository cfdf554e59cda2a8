"""Something opened: a workspace, or a folder of another tool's runs.

A session owns the catalogue of this process and knows whether the folder may be
written. Everything a person can do takes one.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Self

from workbench.catalogue.columns import goals_of
from workbench.catalogue.connection import Catalogue, open_catalogue
from workbench.clock import SYSTEM, Clock
from workbench.datasets.manifest import FOLDER
from workbench.errors import NotAllowedError, NotFoundError, SettingsError
from workbench.operations.disk_time import DiskTime
from workbench.operations.jobs import Job, Jobs
from workbench.operations.places import cache_folder, state_folder
from workbench.registry.journal import REGISTRY
from workbench.settings import (
    DEFAULTS,
    SETTINGS,
    Settings,
    Workspace,
    find_workspace,
    is_workspace,
    open_workspace,
    read_settings,
)

if TYPE_CHECKING:
    from workbench.datasets.drift.records import Record
    from workbench.formats.contract import Fault
    from workbench.formats.detect import Discovery
    from workbench.operations.curves import CurveStore
    from workbench.sync.amendments import Amendments
    from workbench.sync.followed import Followed
    from workbench.sync.monthly import Monthly
    from workbench.sync.sweep import Changes, Source, Sweeper
    from workbench.sync.watch import Watch

_DISCOVER_EVERY = 15.0
"""Seconds after which a folder is looked through again for runs of other tools."""

_PATIENCE = 300.0
"""Seconds after which who asks once gets what was found so far, with the fault that says so."""


class Opened(NamedTuple):
    """What a path turned out to be."""

    root: Path
    workspace: Workspace | None
    """None for a folder of another tool, which is only looked at."""
    settings: Settings
    settings_fault: SettingsError | None
    only: str = ""
    """The one file in the folder that was opened, a store of another tool; empty for the folder."""

    @property
    def path(self) -> Path:
        """Return the folder, or the file in it."""
        return self.root / self.only if self.only else self.root


class Session:
    """One program's hold on one workspace or folder."""

    def __init__(self, opened: Opened, catalogue: Catalogue, clock: Clock) -> None:
        self.root = opened.root
        self.workspace = opened.workspace
        self.only = opened.only
        self.settings = opened.settings
        self.settings_fault = opened.settings_fault
        self.catalogue = catalogue
        self.clock = clock
        self._why_not = _why_not(opened)
        self.state = state_folder(self._identity, opened.path)
        self.cache = cache_folder(self._identity, opened.path)
        self.jobs = Jobs(clock)
        self.own_events: set[str] = set()
        """Ids of the registry's events this program recorded, noted before anybody can see them."""
        self.discovery: Discovery | None = None
        self.undecided = 0
        """Folders that look like runs and do not say the step; found with the sources."""
        self._sweeper: Sweeper | None = None
        self._followed: Followed | None = None
        self._watch: Watch | None = None
        self._curves: CurveStore | None = None
        self.data_faults: Sequence[Fault] = ()
        """What of the datasets that are followed could not be registered."""
        self.drift_faults: Sequence[Fault] = ()
        """Which monitors could not be run, and why."""
        self._before_closing: list[Callable[[], None]] = []
        self._closed = False
        self._probe = DiskTime(self)
        self._reading: Job | None = None
        self._amendments: Amendments | None = None
        self._records: Monthly[Record] | None = None
        self._looking = Lock()
        self._discovered_at = clock.steady()
        self._settings_stamp = 0

    @property
    def _identity(self) -> str:
        return self.workspace.id if self.workspace else ""

    @property
    def title(self) -> str:
        """Return what to call this in a header."""
        return self.only or self.root.name or str(self.root)

    def is_there(self) -> bool:
        """Say whether what was opened is still in its place; a drive may be away for a while."""
        if self.workspace:
            return is_workspace(self.root)
        return (self.root / self.only).is_file() if self.only else self.root.is_dir()

    @property
    def why_not(self) -> str:
        """Return why nothing can be written here now, or an empty text."""
        if not self._why_not and not self.is_there():
            return f"{self.root} is not there now; nothing is written until it is back."
        return self._why_not

    @property
    def writable(self) -> bool:
        """Say whether a change can be written here."""
        return not self.why_not

    def require_writable(self) -> Path:
        """Return the workspace's root.

        Raises:
            NotAllowedError: Nothing can be written here; says why and what to do.
        """
        why_not = self.why_not
        if why_not:
            raise NotAllowedError(why_not)
        return self.root

    def disk_time(self) -> float:
        """Return the time of the workspace's file system: ages of files are told by no other."""
        return self._probe()

    @property
    def goals(self) -> Mapping[str, str]:
        """Return the direction of every metric that has one."""
        return goals_of(self.catalogue)

    @property
    def reading(self) -> bool:
        """Say whether the catalogue is not up to date yet, and is being brought there."""
        return self._watch is not None and self._watch.status == "reading"

    def curves(self) -> "CurveStore":
        """Return the curves of this session's runs."""
        if self._curves is None:
            from workbench.operations.curves import CurveStore  # noqa: PLC0415 - numpy

            self._curves = CurveStore(self.catalogue, self.root, self.cache)
        return self._curves

    def amendments(self) -> "Amendments":
        """Return the edits as they are in the folder now, reading only files that are new."""
        from workbench.sync.amendments import Amendments  # noqa: PLC0415 - after the first paint

        with self._looking:
            if self._amendments is None:
                self._amendments = Amendments(self.root)
            self._amendments.look()
            return self._amendments

    def alert_records(self) -> "Mapping[str, Record]":
        """Return what people said of alerts, by its id, reading only files that are new."""
        from workbench.datasets.drift import records  # noqa: PLC0415 - after the first paint
        from workbench.sync.monthly import Monthly  # noqa: PLC0415

        with self._looking:
            if self._records is None:
                self._records = Monthly(self.root / records.FOLDER, records.read)
            self._records.look()
            return self._records.found

    def followed(self) -> "Followed":
        """Return the folders elsewhere that are followed; it is looked when the catalogue is."""
        if self._followed is None:
            from workbench.sync.followed import Followed  # noqa: PLC0415 - after the first paint

            self._followed = Followed(self.root, lambda: self.settings.sources)
        return self._followed

    def sources(self) -> "Sequence[Source]":
        """Return the folders of runs here, found anew."""
        from workbench.operations import reading_in  # noqa: PLC0415 - after the first paint

        return reading_in.sources(self)

    def sweeper(self) -> "Sweeper":
        """Return the one that brings the catalogue up to date; made at the first call."""
        if self._sweeper is None:
            from workbench.operations import reading_in  # noqa: PLC0415 - after the first paint

            self._sweeper = reading_in.sweeper(self)
        return self._sweeper

    def sweep(self, on_batch: "Callable[[Changes], None]" = lambda _: None) -> "Changes":
        """Bring the catalogue up to date now, in this thread; of a slow disk, as far as it can.

        A look at very many folders ends after some seconds and the next one goes on: who
        watches sees what is there meanwhile, who asks once gets all.
        """
        from workbench.sync.changes import joined  # noqa: PLC0415 - after the first paint

        until = self.clock.steady() + _PATIENCE
        changes = self.sweeper().sweep(on_batch)
        while self.sweeper().unfinished and self.clock.steady() < until:
            changes = joined(changes, self.sweeper().sweep(on_batch))
        return changes

    def watch(
        self, on_change: "Callable[[Changes], None]", on_error: Callable[[Exception], None]
    ) -> "Watch":
        """Keep the catalogue up to date in a thread of its own until `close`."""
        from workbench.operations import reading_in  # noqa: PLC0415 - after the first paint

        watch = reading_in.watch(self, on_change, on_error, self._refresh, self._progress)
        self._watch = watch
        watch.start()
        return watch

    def _progress(self, done: int, waiting: int) -> bool:
        """Show long reading as a job; return whether it is to go on."""
        if waiting == 0:
            if self._reading is not None:
                self._reading.end()
            self._reading = None
            return True
        if self._reading is None:
            others = ((REGISTRY, "models"), (FOLDER, "datasets"))
            there = [what for folder, what in others if (self.root / folder).is_dir()]
            what = " and ".join(filter(None, (", ".join(["runs", *there[:-1]]), *there[-1:])))
            self._reading = self.jobs.start(f"Read {done + waiting:,} {what}")
        self._reading.progress(done, done + waiting)
        if not self._reading.cancelled:
            return True
        self._reading.end()
        self._reading = None
        return False

    def _refresh(self, asked: bool) -> None:
        """Take over changed settings at once, and now and then look for new folders of runs."""
        settings = self.root / SETTINGS
        stamp = settings.stat().st_mtime_ns if settings.exists() else 0
        changed = self.workspace is not None and stamp != self._settings_stamp
        if changed:
            self._settings_stamp = stamp
            self._read_settings()
        self.followed().look()
        changed = changed or self.followed().came_back
        due = self.clock.steady() - self._discovered_at > _DISCOVER_EVERY
        if changed or asked or (due and (self.workspace is None or self.settings.sources)):
            self.sweeper().set_sources(self.sources())
            self._discovered_at = self.clock.steady()

    def _read_settings(self) -> None:
        try:
            self.settings, self.settings_fault = read_settings(self.root), None
        except SettingsError as error:
            self.settings_fault = error
        self.sweeper().set_settings(self.settings)

    def before_closing(self, act: Callable[[], None]) -> None:
        """Have something done when the session is closed, before the catalogue is let go."""
        if self._closed:
            act()
        self._before_closing.append(act)

    def close(self) -> None:
        """Stop watching and let go of the catalogue."""
        self._closed = True
        for act in self._before_closing:
            act()
        if self._watch:
            self._watch.stop()
        if self._curves:
            self._curves.close()
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_session(
    path: Path | None = None, *, clock: Clock = SYSTEM, in_memory: bool = False
) -> Session:
    """Open a workspace or a folder of runs; nothing is read yet but its card and settings.

    Args:
        path: What to open; default the workspace of ``$WORKBENCH_WORKSPACE`` or the nearest above.
        clock: The time.
        in_memory: Keep the catalogue in memory and leave nothing behind.

    Raises:
        NotFoundError: There is no such folder, or no workspace is near.
        SettingsError: The workspace's card cannot be read.
    """
    opened = _opened(path)
    identity = opened.workspace.id if opened.workspace else ""
    folder = None if in_memory else cache_folder(identity, opened.path)
    return Session(opened, open_catalogue(folder), clock)


def _opened(path: Path | None) -> Opened:
    root = path if path is not None else find_workspace(Path.cwd())
    if root is None:
        raise NotFoundError(
            "There is no workspace here or above.",
            hint="Try `workbench demo`, `workbench open PATH` or `workbench init DIR`.",
        )
    root = root.expanduser().resolve()
    if not root.exists():
        raise NotFoundError(f"{root} does not exist.", hint="Check the path.")
    if not root.is_dir():
        store = _store_or_folder(root)
        if store.only:
            return store
        root = store.root
    if not is_workspace(root):
        inner = find_workspace(root, environment={})
        below = root / "workbench_data"
        if inner is None or inner != below:
            return Opened(root, None, DEFAULTS, None)
        root = inner
    workspace = open_workspace(root)
    try:
        return Opened(root, workspace, read_settings(root), None)
    except SettingsError as error:
        return Opened(root, workspace, DEFAULTS, error)


def _store_or_folder(path: Path) -> Opened:
    """Return what is meant by a file: the store that it is, or the run's folder it is in.

    Raises:
        NotFoundError: It is neither.
    """
    from workbench.formats.detect import discover, holds_a_run  # noqa: PLC0415 - rarely needed

    if discover(path).sources:
        return Opened(path.parent, None, DEFAULTS, None, path.name)
    if not (is_workspace(path.parent) or holds_a_run(path.parent)):
        raise NotFoundError(
            f"{path} is a file, and there is no run in its folder.",
            hint="Name a folder of runs, or a database of them; "
            "`workbench formats` lists what can be read.",
        )
    return Opened(path.parent, None, DEFAULTS, None)


def _why_not(opened: Opened) -> str:
    """Return why nothing can be written, or an empty text."""
    if opened.workspace is None:
        return (
            "This folder belongs to another tool and is only looked at. "
            f"To keep changes, run: workbench init DIR --follow {opened.path}"
        )
    if not os.access(opened.root, os.W_OK):
        return f"You may look at {opened.root} but not write to it."
    return ""
