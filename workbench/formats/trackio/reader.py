"""Trackio's databases: a file per project, written in WAL mode, read while that goes on."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.artifacts import MOST_ARTIFACTS, files_below
from workbench.formats.contract import (
    Artifact,
    Curves,
    Fault,
    Folder,
    Points,
    Reading,
    RunCard,
    RunRef,
    Survey,
)
from workbench.formats.plain_config import flat
from workbench.formats.signs import changed_at, stamp, status_by
from workbench.formats.sqlite.files import BusyError, asked, holds_tables
from workbench.formats.sqlite.version import identity, version
from workbench.formats.trackio.rows import seconds
from workbench.formats.trackio.runs import (
    KINDS,
    MOST_RUNS,
    About,
    Followed,
    Known,
    Row,
    news,
    read_at_first,
    read_on,
    runs_in,
    same_rows,
)
from workbench.opening import inside
from workbench.runfolder import STALE_AFTER

_TABLES = ("metrics", "configs", "system_metrics")
_MOST_FILES = 256
_LARGEST_CONFIG = 4 << 20


class TrackioReader:
    """Runs of a Trackio project; the root is its database."""

    name: ClassVar[str] = "trackio"
    title: ClassVar[str] = "Trackio project"
    live: ClassVar[str] = "with every batch of the writer, about twice a second"
    verified: ClassVar[str] = "a project written by Trackio 0.43, against its SQLiteStorage"

    def roots(self, folder: Folder) -> list[str]:
        """Return the names of the projects' databases."""
        names = sorted(name for name in folder.files if name.endswith(".db"))[:_MOST_FILES]
        return [name for name in names if holds_tables(folder.path / name, _TABLES)]

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the runs of the project."""
        before = memory if isinstance(memory, _Memory) else None
        seen = version(root)
        if before is not None and before.version == seen:
            return Survey(before.refs, before, before.faults)
        faults: list[Fault] = []
        try:
            runs = runs_in(root, seen)
        except BusyError:
            if before is None:
                raise
            return Survey(before.refs, before, before.faults)
        except FormatError as problem:
            refs = before.refs if before else {}
            return Survey(refs, before, (Fault(root.name, problem.message),))
        if len(runs) > MOST_RUNS:
            faults.append(Fault(root.name, f"holds more than {MOST_RUNS:,} runs"))
        file = identity(root)
        recent = changed_at([str(root), f"{root}-wal"]) - STALE_AFTER
        refs = {
            f"#{run}": RunRef(
                f"#{run}", stamp((file, found)), (seconds(found.time) or 0.0) >= recent
            )
            for run, found in list(runs.items())[:MOST_RUNS]
        }
        return Survey(refs, _Memory(seen, refs, tuple(faults)), tuple(faults))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``, from the rows that are new."""
        run = _run_of(key)
        seen, file = version(root), identity(root)
        known = runs_in(root, seen).get(run)
        if known is None:
            raise FormatError(f"{key} is not a run in {root.name}.")
        state = Followed.of(progress) if progress else None
        if state is None or state.file != file:
            state, about = read_at_first(root, seen, run)
        else:
            state, about = read_on(root, run, progress)
        state.file = file
        return Reading(_card(root, run, known, state, about, now), state.notes())

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points of the rows past ``progress``."""
        run = _run_of(key)
        given = progress if isinstance(progress, _Given) else _Given((0, 0), (0, 0), identity(root))
        found = None
        if given.file == identity(root):
            found = asked(root, lambda connection: _past(connection, run, metrics, given))
        if found is None:
            return self.points(root, key, metrics, None)._replace(restarted=True)
        return found

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a picture, a sound or a table is."""
        try:
            known = runs_in(root, version(root)).get(_run_of(key))
        except FormatError as problem:
            raise NotFoundError(problem.message) from None
        folder = None if known is None else _media(root, known.name)
        if folder is None:
            raise NotFoundError(f"{key} has no file {path!r}.")
        return inside(folder, path)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: a database holds no files."""
        del root, key
        return {}


class _Memory(NamedTuple):
    version: object
    refs: Mapping[str, RunRef]
    faults: tuple[Fault, ...]


class _Given(NamedTuple):
    rows: tuple[int, int]
    numbers: tuple[int, int]
    file: int


def _run_of(key: str) -> str:
    if not key.startswith("#"):
        raise FormatError(f"{key!r} is not the key of a run.")
    return key[1:]


def _past(
    connection: sqlite3.Connection, run: str, metrics: frozenset[str] | None, given: _Given
) -> Curves | None:
    """Return the points of the rows past those given; None if these are not there any more."""
    if not same_rows(connection, run, given.rows, given.numbers):
        return None
    found: dict[str, Points] = {}
    rows, numbers = list(given.rows), list(given.numbers)
    for kind, table in enumerate(KINDS):
        for row in news(connection, table, run, rows[kind]):
            rows[kind], numbers[kind] = row.number, numbers[kind] + 1
            _add_points(found, row, metrics)
    return Curves(found, _Given((rows[0], rows[1]), (numbers[0], numbers[1]), given.file))


def _add_points(found: dict[str, Points], row: Row, metrics: frozenset[str] | None) -> None:
    step = float("nan") if row.step is None else float(row.step)
    time = float("nan") if row.time is None else row.time
    for name, value in row.numbers.items():
        if metrics is None or name in metrics:
            points = found.setdefault(name, Points([], [], []))
            for column, one in zip(points, (step, time, value), strict=True):
                column.append(one)


def _card(root: Path, run: str, known: Known, state: Followed, about: About, now: float) -> RunCard:
    faults = [Fault(root.name, reason) for reason in state.wrong]
    params = _params(root, run, about.config, faults)
    created = seconds(params.get("_Created"))
    group = params.get("_Group")
    changed = changed_at([str(root), f"{root}-wal"])
    alive = min(changed, state.last or created or changed)
    return RunCard(
        run_id=run if run != known.name else "",
        name=known.name,
        experiment=root.stem,
        status=status_by(alive, now, STALE_AFTER),
        inferred=True,
        group=str(group) if group else None,
        started=created if created is not None else state.first,
        params=params,
        metrics=dict(state.summaries),
        artifacts=_files(root, known.name),
        facts=_facts(params, state, about),
        faults=tuple(faults),
    )


def _params(root: Path, run: str, config: str | bytes, faults: list[Fault]) -> dict[str, Any]:
    if not config:
        return {}
    try:
        found = json.loads(config[: _LARGEST_CONFIG + 1])
        return flat(found) if isinstance(found, dict) else {}
    except (ValueError, TypeError, RecursionError, FormatError) as problem:
        faults.append(Fault(root.name, f"the configuration of {run} cannot be read: {problem}"))
        return {}


def _facts(params: Mapping[str, Any], state: Followed, about: About) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if params.get("_Username"):
        facts["user"] = params["_Username"]
    if state.last is not None:
        facts["last_logged"] = datetime.fromtimestamp(state.last, UTC).isoformat()
    if about.alerts:
        facts["alerts"] = list(about.alerts)
    return facts


def _media(root: Path, name: str) -> Path | None:
    """Return the folder of what a run logged beside numbers; its name is a part of the path."""
    if not name or name in (".", "..") or any(sign in name for sign in "/\\\0:"):
        return None
    return root.parent / "media" / root.stem / name


def _files(root: Path, name: str) -> tuple[Artifact, ...]:
    folder = _media(root, name)
    if folder is None or not folder.is_dir():
        return ()
    found = zip(range(MOST_ARTIFACTS), files_below(str(folder)), strict=False)
    return tuple(artifact for _, artifact in found)
