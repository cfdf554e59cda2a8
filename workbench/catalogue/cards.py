"""Whole run records by number: everything stored of a run, decoded.

The runs table reads columns of many runs; this reads every field of some. One
statement per table and batch, whatever the number of runs.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from workbench.catalogue.connection import Catalogue
from workbench.formats.contract import Artifact, Dataset, Fault, Rule
from workbench.runfolder import Summary

_FIELDS = (
    "r.run", "r.run_id", "r.name", "r.experiment", "r.status", "r.inferred", "r.parent",
    'r."group"', "r.started", "r.ended", 'r."user"', "r.host", "r.command", "r.commit_id",
    "r.branch", "r.dirty", "r.archived", "r.note", "r.error", "r.recipe", "r.contested",
    "r.artifacts", "r.size", "r.datasets", "r.rules", "r.facts", "r.key",
    "coalesce(r.format, s.format)", "s.format", "s.root",
)  # fmt: skip
_SUMMARY = ", ".join(f'"{name}"' for name in Summary._fields)


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything the catalogue keeps of a run, as people see it (edits applied)."""

    run: int
    """Its number in this catalogue; means nothing elsewhere."""
    run_id: str
    name: str
    experiment: str
    status: str
    inferred: bool
    parent: str | None
    group: str | None
    started: float | None
    """Seconds since 1970."""
    ended: float | None
    user: str | None
    host: str | None
    command: str | None
    commit: str | None
    branch: str | None
    dirty: bool | None
    archived: bool
    note: str
    error: tuple[str, ...]
    """The last lines of a traceback."""
    recipe: str
    """Equal for runs that are equal in all but the seed."""
    contested: tuple[str, ...]
    """Fields two people changed without knowing of each other."""
    artifacts: tuple[Artifact, ...]
    size: int
    """Bytes of all artifacts."""
    datasets: tuple[Dataset, ...]
    rules: Mapping[str, Rule]
    facts: Mapping[str, Any]
    """Single values by name, without those that have a field of their own."""
    key: str
    """Path relative to the source's root with ``/``, perhaps ``#`` and which."""
    format: str
    """The formats it was found in, joined with ``+``."""
    reader: str
    """Name of the reader of its source."""
    root: str
    """The source's root, relative to what was opened."""
    params: Mapping[str, Any]
    """JSON values by dotted name."""
    tags: Mapping[str, str]
    metrics: Mapping[str, Summary]
    faults: tuple[Fault, ...]

    @property
    def duration(self) -> float | None:
        """Return the seconds from start to end, or None while either is unknown."""
        if self.started is None or self.ended is None:
            return None
        return self.ended - self.started

    @property
    def path(self) -> str:
        """Return where the run is, relative to what was opened."""
        if self.root in ("", "."):
            return self.key
        if self.key == ".":  # the source is the run
            return self.root.removesuffix("/.")
        between = "" if self.key.startswith("#") else "/"  # one of the runs in a file
        return f"{self.root.removesuffix('/.')}{between}{self.key}"


def cards(catalogue: Catalogue, runs: Sequence[int]) -> tuple[RunRecord, ...]:
    """Return the records of these runs in the order asked; ones that are gone are left out."""
    if not runs:
        return ()
    cursor = catalogue.cursor()
    wanted = list(dict.fromkeys(runs))
    params = _by_run(_rows(cursor, "params", "name, json", wanted), _param)
    tags = _by_run(_rows(cursor, "tags", "name, value", wanted), _pair)
    metrics = _by_run(_rows(cursor, "metrics", f"name, {_SUMMARY}", wanted), _metric)
    faults = _by_run(_rows(cursor, "faults", "path, reason, line", wanted), _fault)
    found = {}
    for row in _heads(cursor, wanted):
        run = row[0]
        fields: tuple[Any, ...] = (
            *_head(row),
            dict(params.get(run, ())),
            dict(tags.get(run, ())),
            dict(metrics.get(run, ())),
            tuple(faults.get(run, ())),
        )
        found[run] = RunRecord(*fields)
    return tuple(found[run] for run in wanted if run in found)


def _heads(cursor: duckdb.DuckDBPyConnection, runs: Sequence[int]) -> list[tuple[Any, ...]]:
    return cursor.execute(
        f"SELECT {', '.join(_FIELDS)} FROM runs r JOIN sources s USING (source) "
        "WHERE r.run IN (SELECT unnest(?::INTEGER[]))",
        [runs],
    ).fetchall()


def _rows(
    cursor: duckdb.DuckDBPyConnection, table: str, fields: str, runs: Sequence[int]
) -> list[tuple[Any, ...]]:
    return cursor.execute(
        f"SELECT run, {fields} FROM {table} WHERE run IN (SELECT unnest(?::INTEGER[])) "
        "ORDER BY rowid",
        [runs],
    ).fetchall()


def _by_run(rows: Iterable[tuple[Any, ...]], decode: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for run, *fields in rows:
        found.setdefault(run, []).append(decode(*fields))
    return found


def _param(name: str, text: str) -> tuple[str, Any]:
    return name, json.loads(text)


def _pair(name: str, value: str) -> tuple[str, str]:
    return name, value


def _metric(name: str, *summary: Any) -> tuple[str, Summary]:
    return name, Summary(*summary)


def _fault(path: str, reason: str, line: int | None) -> Fault:
    return Fault(path, reason, line)


def _head(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the fields of a row of ``runs`` in the order of `RunRecord`, decoded."""
    plain = row[:18]
    error, recipe, contested, artifacts, size, datasets, rules, facts, *place = row[18:]
    return (
        *plain,
        tuple(error.splitlines()),
        recipe,
        tuple(filter(None, contested.split(","))),
        tuple(Artifact(path, size) for path, size in json.loads(artifacts)),
        size,
        tuple(_dataset(item) for item in json.loads(datasets)),
        {name: Rule(*rule) for name, rule in json.loads(rules).items()},
        json.loads(facts),
        *place,
    )


def _dataset(fields: dict[str, Any]) -> Dataset:
    columns = tuple((str(name), str(kind)) for name, kind in fields.pop("columns", ()))
    return Dataset(**fields, columns=columns)
