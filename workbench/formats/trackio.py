"""Trackio's databases: a file per project, written in WAL mode, read while that goes on."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import msgspec

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
from workbench.formats.points import closed, opened
from workbench.formats.signs import changed_at, stamp, status_by
from workbench.formats.sqlite_files import columns, holds_tables, reading
from workbench.formats.sqlite_version import version
from workbench.formats.trackio_rows import SYSTEM, numbers_of, seconds
from workbench.opening import inside
from workbench.runfolder import STALE_AFTER, Summary

_TABLES = ("metrics", "configs", "system_metrics")
_MOST_FILES = 256
_MOST_RUNS = 200_000
_MOST_METRICS = 10_000
_MOST_ROWS = 50_000
"""Rows fetched at once: no lock is held while they are taken apart."""
_BLOCK = 64
"""Runs read together when none of them was read before."""
_LARGEST_CONFIG = 4 << 20
_KINDS = ("metrics", "system_metrics")


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
            runs = _runs(root, seen)
        except FormatError as problem:
            refs = before.refs if before else {}
            return Survey(refs, before, (Fault(root.name, problem.message),))
        if len(runs) > _MOST_RUNS:
            faults.append(Fault(root.name, f"holds more than {_MOST_RUNS:,} runs"))
        recent = changed_at([str(root), f"{root}-wal"]) - STALE_AFTER
        refs = {
            f"#{run}": RunRef(f"#{run}", stamp(found), (seconds(found.time) or 0.0) >= recent)
            for run, found in list(runs.items())[:_MOST_RUNS]
        }
        return Survey(refs, _Memory(seen, refs, tuple(faults)), tuple(faults))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``, from the rows that are new."""
        run = _run_of(key)
        seen = version(root)
        known = _runs(root, seen).get(run)
        if known is None:
            raise FormatError(f"{key} is not a run in {root.name}.")
        state = _state(progress)
        if state is None:
            ahead = _block(root, seen, known.place // _BLOCK).get(run, b"")
            state = _state(ahead) or _State()
        with reading(root) as connection:
            state = _followed(connection, run, state)
        card = _card(root, run, known, state, now)
        return Reading(card, msgspec.json.encode(state))

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points of the rows past ``progress``."""
        run = _run_of(key)
        given = progress if isinstance(progress, _Given) else _Given((0, 0), (0, 0))
        found: dict[str, Points] = {}
        with reading(root) as connection:
            if not _same_rows(connection, run, given.rows, given.numbers):
                return self.points(root, key, metrics, None)._replace(restarted=True)
            rows, numbers = list(given.rows), list(given.numbers)
            for kind, table in enumerate(_KINDS):
                for row in _news(connection, table, run, rows[kind]):
                    rows[kind], numbers[kind] = row.number, numbers[kind] + 1
                    _add_points(found, row, metrics)
        return Curves(found, _Given((rows[0], rows[1]), (numbers[0], numbers[1])))

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a picture, a sound or a table is."""
        known = _runs(root, version(root)).get(_run_of(key))
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


class _Known(NamedTuple):
    """What the tables' indices say of a run."""

    place: int
    name: str
    logged: tuple[int, ...]
    """Rows, and the last of them."""
    system: tuple[int, ...]
    config: int
    time: str
    """Of the latest row."""


class _State(msgspec.Struct):
    """How far the rows of a run were read, and what they came to: its notes."""

    rows: tuple[int, int] = (0, 0)
    numbers: tuple[int, int] = (0, 0)
    """How many rows that were, of each table."""
    summaries: dict[str, tuple[Any, ...]] = {}
    first: float | None = None
    last: float | None = None
    wrong: tuple[str, ...] = ()
    version: int = 1


_NOTES = msgspec.json.Decoder(_State)


class _Given(NamedTuple):
    rows: tuple[int, int]
    numbers: tuple[int, int]


def _run_of(key: str) -> str:
    if not key.startswith("#"):
        raise FormatError(f"{key!r} is not the key of a run.")
    return key[1:]


def _state(progress: bytes) -> _State | None:
    try:
        return _NOTES.decode(progress) if progress else None
    except msgspec.MsgspecError:
        return None  # the notes of another version


def _run_column(connection: sqlite3.Connection, table: str) -> str:
    """Return what tells runs apart: older databases know them by name alone."""
    return "run_id" if "run_id" in columns(connection, table) else "run_name"


@lru_cache(maxsize=4)
def _runs(path: Path, seen: object) -> Mapping[str, _Known]:
    """Return the runs of a database as they were in that version, or later."""
    del seen  # a part of what is asked, not of the answer
    with reading(path) as connection:
        logged = _by_run(connection, "metrics")
        system = _by_run(connection, "system_metrics")
        configs = _by_run(connection, "configs")
    names = {run: row[0] for table in (system, logged, configs) for run, row in table.items()}
    keys = sorted({**configs, **logged, **system})  # neighbours are asked for after each other
    nothing = ("", 0, 0, "")
    return {
        run: _Known(place, names[run], logged.get(run, nothing)[1:3], system.get(run, nothing)[1:3],
                    configs.get(run, nothing)[2],
                    max(table.get(run, nothing)[3] for table in (logged, system, configs)))
        for place, run in enumerate(keys)
    }  # fmt: skip


def _by_run(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, int, int, str]]:
    """Return name, number of rows, last row and latest time of each run in a table."""
    run = _run_column(connection, table)
    time = "created_at" if table == "configs" else "timestamp"
    rows = connection.execute(
        f"SELECT {run}, max(run_name), count(*), max(id), max({time}) "  # noqa: S608 - our names
        f"FROM {table} GROUP BY {run} LIMIT ?",
        (_MOST_RUNS + 1,),
    ).fetchall()
    return {str(key): (str(name), count, last, str(at)) for key, name, count, last, at in rows}


@lru_cache(maxsize=2)
def _block(path: Path, seen: object, number: int) -> Mapping[str, bytes]:
    """Return the notes of some runs, all of whose rows are read together."""
    keys = list(_runs(path, seen))[number * _BLOCK : (number + 1) * _BLOCK]
    states = {key: _State(summaries={}) for key in keys}
    with reading(path) as connection:
        for kind, table in enumerate(_KINDS):
            for row in _news(connection, table, keys, 0):
                _take(states[row.run], kind, row)
    return {key: msgspec.json.encode(state) for key, state in states.items()}


class _Row(NamedTuple):
    number: int
    run: str
    time: float | None
    step: int | None
    numbers: Mapping[str, float]
    wrong: str


def _news(
    connection: sqlite3.Connection, table: str, runs: str | list[str], after: int
) -> Iterator[_Row]:
    """Yield the rows of runs past a row, in the order of writing, some at a time."""
    keys = [runs] if isinstance(runs, str) else runs
    if not keys:
        return
    run = _run_column(connection, table)
    step = "step" if table == "metrics" else "NULL"
    marks = ", ".join("?" * len(keys))
    statement = (
        f"SELECT id, {run}, timestamp, {step}, metrics FROM {table} "  # noqa: S608 - ours
        f"WHERE {run} IN ({marks}) AND id > ? ORDER BY id LIMIT ?"
    )
    while True:
        rows = connection.execute(statement, (*keys, after, _MOST_ROWS)).fetchall()
        for number, key, time, step_at, text in rows:
            numbers, wrong = numbers_of(text, SYSTEM if table == "system_metrics" else "")
            at = step_at if isinstance(step_at, int) else None
            yield _Row(number, str(key), seconds(time), at, numbers, wrong)
        if len(rows) < _MOST_ROWS:
            return
        after = rows[-1][0]


def _take(state: _State, kind: int, row: _Row) -> None:
    """Add a row to what the rows before came to."""
    rows, numbers = list(state.rows), list(state.numbers)
    rows[kind], numbers[kind] = row.number, numbers[kind] + 1
    state.rows, state.numbers = (rows[0], rows[1]), (numbers[0], numbers[1])
    if row.time is not None:
        state.first = row.time if state.first is None else min(state.first, row.time)
        state.last = row.time if state.last is None else max(state.last, row.time)
    if row.wrong and len(state.wrong) < 20:  # noqa: PLR2004 - enough to see what is the matter
        state.wrong = (*state.wrong, f"row {row.number}: {row.wrong}")
    for name, value in row.numbers.items():
        known = state.summaries.get(name)
        if known is None and len(state.summaries) >= _MOST_METRICS:
            continue
        summary = opened(known).add(value, row.step) if known else Summary.of(value, row.step)
        state.summaries[name] = closed(summary)


def _followed(connection: sqlite3.Connection, run: str, state: _State) -> _State:
    """Return the state after the rows that are new."""
    if not _same_rows(connection, run, state.rows, state.numbers):
        state = _State(summaries={})
    for kind, table in enumerate(_KINDS):
        for row in _news(connection, table, run, state.rows[kind]):
            _take(state, kind, row)
    return state


def _same_rows(
    connection: sqlite3.Connection, run: str, rows: Iterable[int], numbers: Iterable[int]
) -> bool:
    """Say whether as many rows are there up to a place as there were."""
    for table, last, number in zip(_KINDS, rows, numbers, strict=True):
        if not last:
            continue
        column = _run_column(connection, table)
        statement = f"SELECT count(*) FROM {table} WHERE {column} = ? AND id <= ?"  # noqa: S608
        if connection.execute(statement, (run, last)).fetchone()[0] != number:
            return False
    return True


def _add_points(found: dict[str, Points], row: _Row, metrics: frozenset[str] | None) -> None:
    step = float("nan") if row.step is None else float(row.step)
    time = float("nan") if row.time is None else row.time
    for name, value in row.numbers.items():
        if metrics is None or name in metrics:
            points = found.setdefault(name, Points([], [], []))
            for column, one in zip(points, (step, time, value), strict=True):
                column.append(one)


def _card(root: Path, run: str, known: _Known, state: _State, now: float) -> RunCard:
    faults = [Fault(root.name, reason) for reason in state.wrong]
    params = _params(root, run, faults)
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
        metrics={name: opened(summary) for name, summary in state.summaries.items()},
        artifacts=_files(root, known.name),
        facts=_facts(root, run, params, state),
        faults=tuple(faults),
    )


def _params(root: Path, run: str, faults: list[Fault]) -> dict[str, Any]:
    with reading(root) as connection:
        column = _run_column(connection, "configs")
        row = connection.execute(
            f"SELECT config FROM configs WHERE {column} = ? ORDER BY id DESC LIMIT 1",  # noqa: S608
            (run,),
        ).fetchone()
    if row is None:
        return {}
    try:
        found = json.loads(row[0][: _LARGEST_CONFIG + 1])
        return flat(found) if isinstance(found, dict) else {}
    except (ValueError, TypeError, RecursionError, FormatError) as problem:
        faults.append(Fault(root.name, f"the configuration of {run} cannot be read: {problem}"))
        return {}


def _facts(root: Path, run: str, params: Mapping[str, Any], state: _State) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if params.get("_Username"):
        facts["user"] = params["_Username"]
    if state.last is not None:
        facts["last_logged"] = datetime.fromtimestamp(state.last).astimezone().isoformat()
    alerts = _alerts(root, run)
    if alerts:
        facts["alerts"] = alerts
    return facts


def _alerts(root: Path, run: str) -> list[str]:
    with reading(root) as connection:
        if "level" not in columns(connection, "alerts"):
            return []
        column = _run_column(connection, "alerts")
        rows = connection.execute(
            f"SELECT level, title FROM alerts WHERE {column} = ? ORDER BY id LIMIT 20",  # noqa: S608
            (run,),
        ).fetchall()
    return [f"{level}: {title}" for level, title in rows]


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
