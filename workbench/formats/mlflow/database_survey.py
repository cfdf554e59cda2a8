"""Which runs an MLflow database holds, and which of them may have changed.

Rows that were added are found by their number; what is changed in place leaves no
trace. So runs that say they are going on are looked through whenever the file was
written, and of the others a slice: a tag set anew on a finished run is seen within
a few looks.
"""

import re
import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import FormatError
from workbench.formats.contract import Fault, RunRef, Survey
from workbench.formats.mlflow.schema import Schema, chunks, marks, schema_of
from workbench.formats.mlflow.words import status_of
from workbench.formats.signs import stamp
from workbench.formats.sqlite.files import TRIES, BusyError, asked, fetched
from workbench.formats.sqlite.version import identity, version
from workbench.runfolder import RUNNING

_SLICE = 64
"""Finished runs looked through whenever the file was written."""
_RUN = re.compile(r"[A-Za-z0-9][\w-]{0,255}\Z")
_MOST_FAULTS = 20
_MOST_RUNS = 1_000_000
_OWN = (
    "name", "status", "start_time", "end_time", "lifecycle_stage", "user_id", "artifact_uri",
    "experiment_id",
)  # fmt: skip
_GROWING = {
    "runs": "run_uuid", "metrics": "run_uuid", "params": "run_uuid", "tags": "run_uuid",
    "inputs": "destination_id", "logged_models": "source_run_id",
}  # fmt: skip
"""Tables whose new rows say that a run changed, and where the run stands in them."""


class Memory(NamedTuple):
    """What one survey leaves for the next."""

    version: object
    file: int
    """Which database it is, whatever it is called."""
    refs: Mapping[str, RunRef]
    newest: Mapping[str, int]
    """The greatest row number of each table that grows."""
    rows: int
    """Rows of runs."""
    turn: int
    changed: frozenset[str]
    """Runs that this survey found new or changed."""
    faults: tuple[Fault, ...]


def key_of(run: str) -> str:
    """Return the key of a run."""
    return f"#{run}"


def run_of(key: str) -> str:
    """Return the run a key stands for.

    Raises:
        FormatError: It is no key.
    """
    run = key.removeprefix("#")
    if not key.startswith("#") or not _RUN.match(run):
        raise FormatError(f"{key!r} is not the key of a run.")
    return run


def survey(root: Path, memory: object | None) -> Survey:
    """Return the runs of the database at ``root``; see `contract.SourceReader.survey`."""
    before = memory if isinstance(memory, Memory) else None
    seen = version(root)
    if before is not None and before.version == seen:
        return Survey(before.refs, before, before.faults)
    try:
        tries = 1 if before else TRIES
        after = asked(root, lambda connection: _look(connection, root, before, seen), tries)
    except BusyError:
        if before is None:
            raise
        return Survey(before.refs, before, before.faults)
    except FormatError as problem:
        if before is None:
            raise
        return Survey(before.refs, before, (Fault(root.name, problem.message),))
    return Survey(after.refs, after, after.faults)


def _look(
    connection: sqlite3.Connection, root: Path, before: Memory | None, seen: object
) -> Memory:
    schema = schema_of(connection)
    if not schema.has("runs", "run_uuid"):
        raise FormatError("This is no MLflow database: it has no runs.")
    newest = _newest(connection, schema)
    file = identity(root)
    faults: list[Fault] = []
    if before is not None and before.file == file and _only_grew(connection, before, newest):
        due = _due(connection, schema, before)
        some = _refs(connection, schema, due, root, faults)
        refs = {**before.refs, **some}
        turn = before.turn + _SLICE if before.turn + _SLICE < len(refs) else 0
        faults += [fault for fault in before.faults if fault not in faults]
    else:
        refs, turn = _refs(connection, schema, None, root, faults), 0
    known = before.refs if before else {}
    changed = frozenset(key for key, ref in refs.items() if known.get(key) != ref)
    if before is not None and not changed and len(refs) == len(known):
        refs = before.refs  # type: ignore[assignment]  # the very mapping says that nothing moved
    ((count,),) = fetched(
        connection, "SELECT count(*) FROM runs WHERE rowid <= ?", (newest["runs"],)
    )
    return Memory(seen, file, refs, newest, count, turn, changed, tuple(faults))


def _newest(connection: sqlite3.Connection, schema: Schema) -> dict[str, int]:
    tables = [table for table, column in _GROWING.items() if schema.has(table, column)]
    asked = ", ".join(f"(SELECT max(rowid) FROM {table})" for table in tables)  # noqa: S608
    (row,) = fetched(connection, f"SELECT {asked}")
    return {table: number or 0 for table, number in zip(tables, row, strict=True)}


def _only_grew(connection: sqlite3.Connection, before: Memory, newest: Mapping[str, int]) -> bool:
    """Say whether nothing was taken out since; else row numbers may stand for other rows."""
    if any(newest.get(table, 0) < number for table, number in before.newest.items()):
        return False
    (row,) = fetched(
        connection, "SELECT count(*) FROM runs WHERE rowid <= ?", (before.newest["runs"],)
    )
    return bool(row[0] == before.rows)


def _due(connection: sqlite3.Connection, schema: Schema, before: Memory) -> set[str]:
    """Return the runs to look through."""
    keys = list(before.refs)
    due = {run_of(key) for key in keys[before.turn : before.turn + _SLICE]}
    due |= {run_of(key) for key, ref in before.refs.items() if ref.live}
    for table, column in _GROWING.items():
        if schema.has(table, column):
            rows = fetched(
                connection,
                f"SELECT DISTINCT {column} FROM {table} WHERE rowid > ?",  # noqa: S608 - our names
                (before.newest.get(table, 0),),
            )
            due |= {run for (run,) in rows if isinstance(run, str)}
    return due


def _refs(
    connection: sqlite3.Connection,
    schema: Schema,
    runs: Collection[str] | None,
    root: Path,
    faults: list[Fault],
) -> dict[str, RunRef]:
    """Return what these runs, or all, look like now."""
    experiments = _experiments(connection, schema)
    own = f"SELECT run_uuid, {schema.listed('runs', _OWN)} FROM runs"  # noqa: S608 - our names
    more = _more(connection, schema, runs)
    file = identity(root)
    refs = {}
    rows = _of(connection, own, "run_uuid", runs, f" LIMIT {_MOST_RUNS + 1}")
    if len(rows) > _MOST_RUNS:
        faults.append(Fault(root.name, f"holds more than {_MOST_RUNS:,} runs; the first are shown"))
    for run, *facts in rows[:_MOST_RUNS]:
        if not isinstance(run, str) or not _RUN.match(run):
            if len(faults) < _MOST_FAULTS:
                faults.append(Fault(root.name, f"{run!r:.80} is no name of a run"))
            continue
        live = status_of(facts[1]) == RUNNING
        seen = (file, facts, experiments.get(facts[7]), [part.get(run) for part in more])
        refs[key_of(run)] = RunRef(key_of(run), stamp(seen), live)
    return refs


def _experiments(connection: sqlite3.Connection, schema: Schema) -> dict[Any, Any]:
    if not schema.has("experiments", "experiment_id", "name"):
        return {}
    return dict(fetched(connection, "SELECT experiment_id, name FROM experiments"))


def _more(
    connection: sqlite3.Connection, schema: Schema, runs: Collection[str] | None
) -> list[dict[str, Any]]:
    """Return what else may change of a run: by run, a dictionary for each kind."""
    found = []
    for table in ("metrics", "params"):
        if not schema.has(table, "run_uuid"):
            continue
        if table in schema.by_run:
            statement = (
                f"SELECT run_uuid, (SELECT max(rowid) FROM {table} AS t "  # noqa: S608
                "WHERE t.run_uuid = runs.run_uuid) FROM runs"
            )
            found.append(dict(_of(connection, statement, "run_uuid", runs)))
        else:
            statement = f"SELECT run_uuid, max(rowid) FROM {table} GROUP BY run_uuid"  # noqa: S608
            found.append(dict(fetched(connection, statement)))
    if schema.has("tags", "run_uuid", "key", "value"):
        found.append(_tags(connection, runs if "tags" in schema.by_run else None))
    if schema.has("inputs", "destination_id"):
        statement = "SELECT destination_id, max(rowid) FROM inputs GROUP BY destination_id"
        found.append(dict(fetched(connection, statement)))
    if schema.has("logged_models", "source_run_id", "last_updated_timestamp_ms"):
        statement = (
            "SELECT source_run_id, count(*) || ' ' || max(last_updated_timestamp_ms) "
            "FROM logged_models GROUP BY source_run_id"
        )
        found.append(dict(fetched(connection, statement)))
    return found


def _tags(connection: sqlite3.Connection, runs: Collection[str] | None) -> dict[str, Any]:
    statement = (
        "SELECT run_uuid, group_concat(key || char(0) || coalesce(value, ''), char(1)) FROM tags"
    )
    return dict(_of(connection, statement, "run_uuid", runs, " GROUP BY run_uuid"))


def _of(
    connection: sqlite3.Connection,
    statement: str,
    column: str,
    runs: Collection[str] | None,
    ending: str = "",
) -> list[Any]:
    """Return the rows of these runs, or of all."""
    if runs is None:
        return fetched(connection, statement + ending)
    found = []
    for some in chunks(sorted(runs)):
        where = f" WHERE {column} IN ({marks(some)})"
        found += fetched(connection, statement + where + ending, some)
    return found
