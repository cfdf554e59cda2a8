"""Optuna's SQLite storage: short read-only looks, a few statements for many trials."""

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Curves, Fault, Folder, Points, Reading, RunRef, Survey
from workbench.formats.optuna.trials import (
    INTERMEDIATE,
    MOST_TRIALS,
    UNFINISHED,
    Seen,
    Study,
    Trial,
    card_of,
    distribution,
    json_or_text,
    key_of,
    value_names,
)
from workbench.formats.points import summarise
from workbench.formats.signs import changed_at, stamp
from workbench.formats.sqlite.files import TRIES, BusyError, asked, columns, holds_tables, tables
from workbench.formats.sqlite.version import identity, version

_ENDINGS = (".db", ".sqlite", ".sqlite3")
_TABLES = ("studies", "trials", "trial_params", "study_directions")
_MOST_FILES = 256
_BLOCK = 256
"""Trials read together: runs are asked for one by one, and most often in order."""
_MOST_FAULTS = 20
_REPORT = ("step", "intermediate_value", "intermediate_value_type")
_NAN = float("nan")
_INFINITE = {"INF_POS": float("inf"), "INF_NEG": float("-inf"), "NAN": _NAN}


class OptunaDatabaseReader:
    """Trials of an Optuna SQLite storage; the root is the file."""

    name: ClassVar[str] = "optuna"
    title: ClassVar[str] = "Optuna database"
    live: ClassVar[str] = "with every report and every trial"
    verified: ClassVar[str] = "a storage written by Optuna 5.0, against its get_trials"

    def roots(self, folder: Folder) -> list[str]:
        """Return the names of the databases with studies."""
        names = sorted(name for name in folder.files if name.endswith(_ENDINGS))[:_MOST_FILES]
        return [name for name in names if holds_tables(folder.path / name, _TABLES)]

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return the trials of all studies."""
        before = memory if isinstance(memory, _Memory) else None
        seen = version(root)
        if before is not None and before.version == seen:
            return Survey(before.refs, before, before.faults)
        try:
            faults, refs = asked(
                root,
                lambda found: _refs(found, (identity(root), seen), root.name),
                1 if before else TRIES,
            )
        except BusyError:
            if before is None:
                raise
            return Survey(before.refs, before, before.faults)
        except FormatError as problem:
            return Survey(
                before.refs if before else {}, before, (Fault(root.name, problem.message),)
            )
        return Survey(refs, _Memory(seen, refs, tuple(faults)), tuple(faults))

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the trial at ``key``."""
        del progress  # a trial is a handful of rows
        number = _trial_id(key)
        block = _block(root, version(root), number // _BLOCK)
        trial = block.trials.get(number)
        study = block.studies.get(block.study_of.get(number, -1))
        if trial is None or study is None:
            raise FormatError(f"{key} is not a trial in {root.name}.")
        alive = changed_at([str(root), f"{root}-wal", f"{root}-journal"])
        card = card_of(trial, study, Seen(alive, now, block.facts), block.alive.get(number))
        return Reading(card, b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress``: reports by their number, values when they are there."""
        number = _trial_id(key)
        start = _Given(0, 0, frozenset(), identity(root))
        before = progress if isinstance(progress, _Given) else start
        another = before.file != start.file
        given = start if another else before
        found = asked(root, lambda connection: _past(connection, number, metrics, given))
        return found._replace(restarted=found.restarted or another)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Say that a database holds no files."""
        raise NotFoundError(f"{root.name} holds no file {path!r} of {key}.")

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: a database holds no files."""
        del root, key
        return {}


class _Memory(NamedTuple):
    version: object
    refs: Mapping[str, RunRef]
    faults: tuple[Fault, ...]


def _trial_id(key: str) -> int:
    if not key.startswith("#") or not key[1:].isdecimal() or len(key) > 18:  # noqa: PLR2004
        raise FormatError(f"{key!r} is not the key of a trial.")
    return int(key[1:])


def _refs(
    connection: sqlite3.Connection, seen: tuple[int, object], name: str
) -> tuple[list[Fault], dict[str, RunRef]]:
    """Return every trial; one that has ended is never written again, others may be at any time."""
    faults: list[Fault] = []
    studies = {number: repr(study) for number, study in _studies(connection).items()}
    rows = connection.execute(
        "SELECT trial_id, study_id, state, datetime_complete FROM trials ORDER BY trial_id LIMIT ?",
        (MOST_TRIALS + 1,),
    ).fetchall()
    if len(rows) > MOST_TRIALS:
        faults.append(Fault(name, f"holds more than {MOST_TRIALS:,} trials; the first are shown"))
    refs = {}
    for number, study, state, ended in rows[:MOST_TRIALS]:
        if study not in studies or not isinstance(number, int):
            if len(faults) < _MOST_FAULTS:
                faults.append(Fault(name, f"trial {number!r} is of no study"))
            continue
        live = state in UNFINISHED
        what = (state, ended, studies[study], seen if live else seen[0])
        refs[key_of(number)] = RunRef(key_of(number), stamp(what), live)
    return faults, refs


class _Block(NamedTuple):
    """Some trials, read together."""

    trials: Mapping[int, Trial]
    study_of: Mapping[int, int]
    studies: Mapping[int, Study]
    alive: Mapping[int, float]
    facts: Mapping[str, Any]


@lru_cache(maxsize=8)
def _block(path: Path, seen: object, number: int) -> _Block:
    """Return the trials of a block as they were in that version, or later."""
    del seen  # a part of what is asked, not of the answer
    first = number * _BLOCK
    return asked(path, lambda found: _read_block(found, path.name, first, first + _BLOCK - 1))


def _read_block(connection: sqlite3.Connection, name: str, first: int, last: int) -> _Block:
    trials: dict[int, Trial] = {}
    study_of: dict[int, int] = {}
    rows = _rows(connection, "trials", ("number", "study_id", "state", "datetime_start",
                                        "datetime_complete"), first, last)  # fmt: skip
    for trial_id, number, study, state, started, ended in rows:
        trials[trial_id] = Trial(
            trial_id if number is None else number, str(state), _seconds(started), _seconds(ended)
        )
        study_of[trial_id] = study
    _add_params(connection, name, trials, first, last)
    for table, kind in (("trial_user_attributes", "user"), ("trial_system_attributes", "system")):
        for trial_id, key, text in _rows(connection, table, ("key", "value_json"), first, last):
            if trial_id in trials:
                getattr(trials[trial_id], kind)[str(key)] = json_or_text(text)
    _add_values(connection, name, trials, first, last)
    alive = {
        trial_id: seconds
        for trial_id, beat in _rows(connection, "trial_heartbeats", ("heartbeat",), first, last)
        if (seconds := _seconds(f"{beat}+00:00")) is not None
    }
    return _Block(trials, study_of, _studies(connection), alive, _about(connection))


def _rows(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], first: int, last: int
) -> Iterator[tuple[Any, ...]]:
    """Yield trial and columns of a table in the order of writing; None for what it lacks."""
    there = columns(connection, table)
    if "trial_id" not in there:
        return
    asked = ", ".join(f'"{name}"' if name in there else "NULL" for name in names)
    statement = (
        f'SELECT trial_id, {asked} FROM "{table}" '  # noqa: S608 - names of ours
        "WHERE trial_id BETWEEN ? AND ? ORDER BY rowid"
    )
    found: list[tuple[Any, ...]] = connection.execute(statement, (first, last)).fetchall()
    yield from found


def _studies(connection: sqlite3.Connection) -> dict[int, Study]:
    rows = connection.execute("SELECT study_id, study_name FROM studies").fetchall()
    studies = {number: Study(str(name)) for number, name in rows}
    rows = connection.execute(
        "SELECT study_id, direction FROM study_directions ORDER BY study_id, objective"
    ).fetchall()
    for number, direction in rows:
        if number in studies:
            studies[number].directions.append(str(direction))
    there = tables(connection)
    for table, kind in (("study_user_attributes", "user"), ("study_system_attributes", "system")):
        if table not in there:
            continue
        statement = f'SELECT study_id, "key", value_json FROM {table}'  # noqa: S608 - our names
        for number, key, text in connection.execute(statement).fetchall():
            if number in studies:
                getattr(studies[number], kind)[str(key)] = json_or_text(text)
    return studies


def _add_params(
    connection: sqlite3.Connection, name: str, trials: Mapping[int, Trial], first: int, last: int
) -> None:
    names = ("param_name", "param_value", "distribution_json")
    for trial_id, param, number, text in _rows(connection, "trial_params", names, first, last):
        trial = trials.get(trial_id)
        if trial is None:
            continue
        try:
            trial.params[str(param)] = distribution(text).external(number)
        except (ValueError, TypeError, OverflowError) as problem:
            trial.faults += (Fault(name, f"trial {trial_id}, param {param}: {problem}"),)


def _add_values(
    connection: sqlite3.Connection, name: str, trials: Mapping[int, Trial], first: int, last: int
) -> None:
    values: dict[int, list[tuple[int, float]]] = {}
    rows = _rows(connection, "trial_values", ("objective", "value", "value_type"), first, last)
    for trial_id, objective, value, kind in rows:
        number = _number(value, kind)
        if number is None:
            _wrong(trials, trial_id, name, f"the value of objective {objective}")
        else:
            values.setdefault(trial_id, []).append((objective, number))
    curves: dict[int, tuple[list[float], list[int | None]]] = {}
    rows = _rows(connection, "trial_intermediate_values", _REPORT, first, last)
    for trial_id, step, value, kind in rows:
        number = _number(value, kind)
        if number is None or not isinstance(step, int):
            _wrong(trials, trial_id, name, f"the report of step {step!r}")
            continue
        points = curves.setdefault(trial_id, ([], []))
        points[0].append(number)
        points[1].append(step)
    for trial_id, trial in trials.items():
        trial.values = tuple(value for _, value in sorted(values.get(trial_id, ()), key=_objective))
        if trial_id in curves:
            trial.intermediate = summarise(*curves[trial_id])


def _wrong(trials: Mapping[int, Trial], trial_id: int, name: str, what: str) -> None:
    trial = trials.get(trial_id)
    if trial is not None and len(trial.faults) < _MOST_FAULTS:
        trial.faults += (Fault(name, f"trial {trial_id}: {what} is no number"),)


def _objective(value: tuple[object, float]) -> int:
    return value[0] if isinstance(value[0], int) else 0


def _number(value: object, kind: object) -> float | None:
    """Return a stored number: SQLite has no NaN, so the kind says what an empty one is."""
    if kind in _INFINITE:
        return _INFINITE[str(kind)]
    return float(value) if isinstance(value, int | float) else None


def _about(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what is true of every trial of the database."""
    facts: dict[str, Any] = {"clock": "local time of the writer, taken for this machine's"}
    if "version_info" in tables(connection):
        found = connection.execute("SELECT library_version FROM version_info").fetchone()
        if found:
            facts["library"] = f"optuna {found[0]}"
    return facts


def _seconds(text: object) -> float | None:
    """Return a time; without a zone it is the writer's, and most often that is ours."""
    try:
        return datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


class _Given(NamedTuple):
    """What was handed out: reports up to a row, how many these were, the values, of which file."""

    row: int
    reports: int
    valued: frozenset[str]
    file: int


def _past(
    connection: sqlite3.Connection, number: int, metrics: frozenset[str] | None, given: _Given
) -> Curves:
    row, valued = given.row, given.valued
    found: dict[str, Points] = {}
    if metrics is None or INTERMEDIATE in metrics:
        count = connection.execute(
            "SELECT count(*) FROM trial_intermediate_values "
            "WHERE trial_id = ? AND trial_intermediate_value_id <= ?",
            (number, given.row),
        ).fetchone()[0]
        if count != given.reports:
            fresh = _Given(0, 0, frozenset(), given.file)
            return _past(connection, number, metrics, fresh)._replace(restarted=True)
        rows = _reports(connection, number, given.row)
        if rows:
            row, given = rows[-1][0], given._replace(reports=given.reports + len(rows))
            points = Points([], [], [])
            for _, step, value, kind in rows:
                found_value = _number(value, kind)
                if found_value is not None and isinstance(step, int):
                    for column, one in zip(points, (step, _NAN, found_value), strict=True):
                        column.append(one)
            found[INTERMEDIATE] = points
    for name, point in _values(connection, number).items():
        if name not in valued and (metrics is None or name in metrics):
            found[name] = point
            valued |= {name}
    return Curves(found, given._replace(row=row, valued=valued))


def _reports(connection: sqlite3.Connection, number: int, row: int) -> list[tuple[Any, ...]]:
    there = columns(connection, "trial_intermediate_values")
    asked = ", ".join(name if name in there else "NULL" for name in _REPORT)
    statement = (
        f"SELECT trial_intermediate_value_id, {asked} "  # noqa: S608 - names of ours
        "FROM trial_intermediate_values "
        "WHERE trial_id = ? AND trial_intermediate_value_id > ? "
        "ORDER BY trial_intermediate_value_id"
    )
    found: list[tuple[Any, ...]] = connection.execute(statement, (number, row)).fetchall()
    return found


def _values(connection: sqlite3.Connection, number: int) -> dict[str, Points]:
    """Return the objective values of a trial as curves of one point."""
    block = _read_block(connection, "", number, number)
    if number not in block.trials or block.study_of[number] not in block.studies:
        return {}
    trial = block.trials[number]
    time = _NAN if trial.ended is None else trial.ended
    names = value_names(block.studies[block.study_of[number]], len(trial.values))
    return {
        name: Points([_NAN], [time], [value])
        for name, value in zip(names, trial.values, strict=True)
    }
