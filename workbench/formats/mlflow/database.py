"""MLflow's SQLite store, read beside whoever writes it.

Runs are asked for one by one and a statement for each would take longer than MLflow
itself does. So with the first of them the ones that are likely to be asked for next
are read too, and handed out once.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any, ClassVar, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Curves, Folder, Points, Reading, Survey
from workbench.formats.mlflow.cards import Seen, card_of, folders_of
from workbench.formats.mlflow.database_metrics import (
    Followed,
    Row,
    points_of,
    rows_past,
    still_there,
)
from workbench.formats.mlflow.database_registry import registry_of
from workbench.formats.mlflow.database_runs import Run, gathered, metas_of, models_of
from workbench.formats.mlflow.database_survey import Memory, run_of, survey
from workbench.formats.mlflow.logged_models import Model
from workbench.formats.mlflow.places import artifact_in, files_of_runs
from workbench.formats.mlflow.schema import TABLES, schema_of
from workbench.formats.points import concatenated
from workbench.formats.registered import Registry
from workbench.formats.sqlite.files import BusyError, asked, holds_tables
from workbench.formats.sqlite.version import identity, version

_ENDINGS = (".db", ".sqlite", ".sqlite3")
_MOST_FILES = 64
_AHEAD = 1000
"""Runs read at once; a sweep stores as many."""
_ONE_BY_ONE = 64
"""Runs that changed at once, up to which each is read anew if the file was written meanwhile."""


@dataclass(slots=True)
class _Ahead:
    """What was read of a database before it was asked for."""

    file: int = 0
    version: object = None
    wanted: Sequence[str] = ()
    """Runs that are likely to be asked for, in order."""
    runs: dict[str, Run] = field(default_factory=dict)
    followed: dict[str, Followed] = field(default_factory=dict)
    """How far the points of runs that are going on were read."""
    moved: dict[str, tuple[int, float]] = field(default_factory=dict)
    """The last row of a run that is going on, and when it was first seen."""

    def taken(self, root: Path, name: str) -> Run | None:
        """Return a run that was read ahead, or read it with those that come next."""
        found = self.runs.pop(name, None)
        if found is not None and (len(self.wanted) > _ONE_BY_ONE or self.version == version(root)):
            return found
        at = bisect_left(self.wanted, name)
        try:
            names = sorted({name, *self.wanted[max(0, at - _AHEAD + 1) : at + 1]})
            self.read(root, names, tries=1 if found else 20)
        except BusyError:
            if found is None:
                raise
            return found  # as it was a moment ago; the next look finds what is new
        return self.runs.pop(name, None)

    def read(self, root: Path, names: Sequence[str], tries: int = 20) -> None:
        """Read runs to be taken."""
        seen, file = version(root), identity(root)
        if file != self.file:
            self.file, self.followed = file, {}
        found = asked(
            root, lambda db: gathered(db, schema_of(db), names, self.followed), tries
        )  # fmt: skip
        self.version, self.runs = seen, found
        for name, run in found.items():
            if run.followed is not None:
                self.followed[name] = run.followed
            else:
                self.followed.pop(name, None)


class MlflowDatabaseReader:
    """Runs of an MLflow SQLite store; the root is the file."""

    name: ClassVar[str] = "mlflow-sqlite"
    title: ClassVar[str] = "MLflow SQLite store"
    live: ClassVar[str] = "with every log call"
    verified: ClassVar[str] = "a store written by MLflow 3.18, against MlflowClient"

    def __init__(self) -> None:
        self._ahead: dict[str, _Ahead] = {}
        self._turn = RLock()

    def roots(self, folder: Folder) -> Sequence[str]:
        """Return the names of the databases that are MLflow's."""
        names = sorted(name for name in folder.files if name.endswith(_ENDINGS))[:_MOST_FILES]
        return [name for name in names if holds_tables(folder.path / name, TABLES)]

    def files_of_runs(self, folder: Folder) -> Sequence[str]:
        """Return the name of the folder with the artifacts of a run."""
        return files_of_runs(folder)

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs of the database, cheaply; those that changed are read at once.

        So a run is only said to have changed when it could be read: a writer that commits
        just then makes it wait for the next look, and nothing flashes up.
        """
        found = survey(root, memory)
        after = found.memory
        if after is memory or not isinstance(after, Memory):
            return found
        with self._turn:
            ahead = self._ahead.setdefault(str(root), _Ahead())
            live = (ref.key for ref in after.refs.values() if ref.live)
            ahead.wanted = sorted({run_of(key) for key in (*after.changed, *live)})
            ahead.runs = {}
            if 0 < len(after.changed) <= _AHEAD:
                try:
                    changed = sorted(run_of(key) for key in after.changed & after.refs.keys())
                    ahead.read(root, changed, tries=1)
                except BusyError:
                    if isinstance(memory, Memory):
                        return Survey(memory.refs, memory, memory.faults)
        return found

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``; how far it was read is kept here, not in ``progress``."""
        del progress
        name = run_of(key)
        with self._turn:
            ahead = self._ahead.setdefault(str(root), _Ahead())
            run = ahead.taken(root, name)
            if run is None:
                raise FormatError(f"{key} is not a run in {root.name}.")
            alive = _alive(ahead.moved, name, run.followed, now)
        return Reading(card_of(root, name, run, Seen(now, alive)), b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``, in the order of their rows."""
        run = run_of(key)
        start = _Place(None, identity(root))
        before = progress if isinstance(progress, _Place) else start
        another = before.file != start.file
        place = start if another else before
        found = asked(root, lambda connection: _past(connection, run, metrics, place))
        return found._replace(restarted=found.restarted or another)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where an artifact of the run, or of a model it logged, is."""
        try:
            run = run_of(key)
            meta, models = asked(root, lambda connection: _owners(connection, run))
            return artifact_in(folders_of(root.parent, run, meta, models), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: the store keeps no texts beside the artifacts."""
        del root, key
        return {}

    def registry(self, root: Path) -> Registry:
        """Return the registered models of the database."""
        return asked(root, lambda connection: registry_of(connection, schema_of(connection), root))


class _Place(NamedTuple):
    """The last row whose point was handed out, and of which file."""

    row: Row | None
    file: int


def _past(
    connection: sqlite3.Connection, run: str, metrics: frozenset[str] | None, place: _Place
) -> Curves:
    if not connection.execute("SELECT 1 FROM runs WHERE run_uuid = ?", (run,)).fetchall():
        raise FileNotFoundError(f"There is no run {run}.")
    restarted = place.row is not None and not still_there(connection, run, place.row)
    row = None if restarted else place.row
    pieces: dict[str, list[Points]] = {}
    named = None if metrics is None else sorted(metrics)
    for rows in rows_past(connection, run, row.number if row else 0, named):
        row = rows[-1]
        for name, points in points_of(rows).items():
            pieces.setdefault(name, []).append(points)
    found = {name: concatenated(some) for name, some in pieces.items()}
    return Curves(found, place._replace(row=row), restarted)


def _owners(connection: sqlite3.Connection, run: str) -> tuple[Mapping[str, Any], Sequence[Model]]:
    """Return what says where a run's files are."""
    schema = schema_of(connection)
    meta = metas_of(connection, schema, [run]).get(run, {})
    return meta, models_of(connection, schema, [run]).get(run, ())


def _alive(
    moved: dict[str, tuple[int, float]], run: str, state: Followed | None, now: float
) -> float:
    """Return when a run was last seen to log something; 0.0 if that was before we looked."""
    if state is None:
        moved.pop(run, None)
        return 0.0
    number, at = moved.get(run, (state.number, 0.0))
    if number != state.number:
        at = now
    moved[run] = state.number, at
    return at
