"""Which runs a Trackio database holds, and what their rows come to, read some at a time."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from workbench.formats.points import closed, opened
from workbench.formats.sqlite.files import asked, columns
from workbench.formats.trackio.rows import SYSTEM, numbers_of, seconds
from workbench.runfolder import Summary

MOST_RUNS = 200_000
KINDS = ("metrics", "system_metrics")
_MOST_METRICS = 10_000
_MOST_ROWS = 50_000
"""Rows fetched at once: no lock is held while they are taken apart."""
_BLOCK = 64
"""Runs read together when none of them was read before."""
_MOST_ALERTS = 20
_MOST_WRONG = 20


class Known(NamedTuple):
    """What the tables' indices say of a run."""

    place: int
    name: str
    logged: tuple[int, ...]
    """Rows, and the last of them."""
    system: tuple[int, ...]
    config: int
    time: str
    """Of the latest row."""


class _Notes(msgspec.Struct):
    """How far the rows of a run were read, and what they came to."""

    rows: list[int]
    numbers: list[int]
    summaries: dict[str, tuple[Any, ...]]
    first: float | None
    last: float | None
    wrong: list[str]
    file: int
    version: int


_DECODER = msgspec.json.Decoder(_Notes)
_VERSION = 2


class Followed:
    """What the rows of a run came to so far."""

    def __init__(self) -> None:
        self.rows = [0, 0]
        """The last row of each table."""
        self.numbers = [0, 0]
        """How many rows that were."""
        self.summaries: dict[str, Summary] = {}
        self.first: float | None = None
        self.last: float | None = None
        self.wrong: list[str] = []
        self.file = 0
        """Which database the rows are of."""

    def notes(self) -> bytes:
        """Return this as a reader's notes."""
        summaries = {name: closed(summary) for name, summary in self.summaries.items()}
        notes = _Notes(
            self.rows,
            self.numbers,
            summaries,
            self.first,
            self.last,
            self.wrong,
            self.file,
            _VERSION,
        )
        return msgspec.json.encode(notes)

    @classmethod
    def of(cls, notes: bytes) -> "Followed | None":
        """Return what was noted; None if it was not by this version."""
        try:
            said = _DECODER.decode(notes)
            found = cls()
            found.summaries = {name: opened(one) for name, one in said.summaries.items()}
        except (msgspec.MsgspecError, ValueError, TypeError):
            return None
        if said.version != _VERSION or not len(said.rows) == len(said.numbers) == len(KINDS):
            return None
        found.rows, found.numbers, found.wrong = said.rows, said.numbers, said.wrong
        found.first, found.last, found.file = said.first, said.last, said.file
        return found

    def take(self, kind: int, row: "Row") -> None:
        """Add a row to what the rows before came to."""
        self.rows[kind], self.numbers[kind] = row.number, self.numbers[kind] + 1
        if row.time is not None:
            self.first = row.time if self.first is None else min(self.first, row.time)
            self.last = row.time if self.last is None else max(self.last, row.time)
        if row.wrong and len(self.wrong) < _MOST_WRONG:
            self.wrong.append(f"row {row.number}: {row.wrong}")
        for name, value in row.numbers.items():
            known = self.summaries.get(name)
            if known is not None:
                self.summaries[name] = known.add(value, row.step)
            elif len(self.summaries) < _MOST_METRICS:
                self.summaries[name] = Summary.of(value, row.step)


def _run_column(connection: sqlite3.Connection, table: str) -> str:
    """Return what tells runs apart: older databases know them by name alone."""
    return "run_id" if "run_id" in columns(connection, table) else "run_name"


@lru_cache(maxsize=4)
def runs_in(path: Path, seen: object) -> Mapping[str, Known]:
    """Return the runs of a database as they were in that version, or later."""
    del seen  # a part of what is asked, not of the answer
    logged, system, configs = asked(
        path, lambda found: [_by_run(found, t) for t in ("metrics", "system_metrics", "configs")]
    )
    names = {run: row[0] for table in (system, logged, configs) for run, row in table.items()}
    keys = sorted({**configs, **logged, **system})  # neighbours are asked for after each other
    nothing = ("", 0, 0, "")
    return {
        run: Known(place, names[run], logged.get(run, nothing)[1:3], system.get(run, nothing)[1:3],
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
        (MOST_RUNS + 1,),
    ).fetchall()
    return {str(key): (str(name), count, last, str(at)) for key, name, count, last, at in rows}


class About(NamedTuple):
    """What is said once of a run."""

    config: str | bytes = ""
    alerts: tuple[str, ...] = ()


@lru_cache(maxsize=2)
def _block(path: Path, seen: object, number: int) -> Mapping[str, tuple[Followed, About]]:
    """Return the notes of some runs, all of whose rows are read together."""
    keys = list(runs_in(path, seen))[number * _BLOCK : (number + 1) * _BLOCK]
    return asked(path, lambda connection: _read_block(connection, keys))


def _read_block(
    connection: sqlite3.Connection, keys: list[str]
) -> dict[str, tuple[Followed, "About"]]:
    states = {key: Followed() for key in keys}
    for kind, table in enumerate(KINDS):
        for row in news(connection, table, keys, 0):
            if row.run in states:
                states[row.run].take(kind, row)
    found = abouts(connection, keys)
    return {key: (states[key], found[key]) for key in keys}


def read_at_first(path: Path, seen: object, run: str) -> "tuple[Followed, About]":
    """Return what all rows of a run come to; its neighbours are read with it."""
    place = runs_in(path, seen)[run].place
    return _block(path, seen, place // _BLOCK)[run]


def abouts(connection: sqlite3.Connection, keys: list[str]) -> dict[str, About]:
    """Return configuration and alerts of some runs."""
    found = dict.fromkeys(keys, About())
    for key, config in _ofruns_in(connection, "configs", ("config",), keys):
        found[key] = About(config)
    for key, level, title in _ofruns_in(connection, "alerts", ("level", "title"), keys):
        about = found[key]
        if len(about.alerts) < _MOST_ALERTS:
            found[key] = about._replace(alerts=(*about.alerts, f"{level}: {title}"))
    return found


def _ofruns_in(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], keys: list[str]
) -> list[tuple[Any, ...]]:
    """Return columns of the rows of some runs, run first; none where the table lacks one."""
    if set(names) - set(columns(connection, table)):
        return []
    run = _run_column(connection, table)
    statement = (
        f"SELECT {run}, {', '.join(names)} FROM {table} "  # noqa: S608 - names of ours
        f"WHERE {run} IN ({', '.join('?' * len(keys))}) ORDER BY id"
    )
    found: list[tuple[Any, ...]] = connection.execute(statement, keys).fetchall()
    return found


class Row(NamedTuple):
    """One row of a table, taken apart."""

    number: int
    run: str
    time: float | None
    step: int | None
    numbers: Mapping[str, float]
    wrong: str


def news(
    connection: sqlite3.Connection, table: str, runs: str | list[str], after: int
) -> Iterator[Row]:
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
            yield Row(number, str(key), seconds(time), at, numbers, wrong)
        if len(rows) < _MOST_ROWS:
            return
        after = rows[-1][0]


def read_on(path: Path, run: str, notes: bytes) -> "tuple[Followed, About]":
    """Return what all rows of a run come to, from the rows that are new since the notes."""

    def look(connection: sqlite3.Connection) -> "tuple[Followed, About]":
        state = _followed(connection, run, Followed.of(notes) or Followed())
        return state, abouts(connection, [run])[run]

    return asked(path, look)


def _followed(connection: sqlite3.Connection, run: str, state: Followed) -> Followed:
    """Return the state after the rows that are new."""
    if not same_rows(connection, run, state.rows, state.numbers):
        state = Followed()
    for kind, table in enumerate(KINDS):
        for row in news(connection, table, run, state.rows[kind]):
            state.take(kind, row)
    return state


def same_rows(
    connection: sqlite3.Connection, run: str, rows: Iterable[int], numbers: Iterable[int]
) -> bool:
    """Say whether as many rows are there up to a place as there were."""
    for table, last, number in zip(KINDS, rows, numbers, strict=True):
        if not last:
            continue
        column = _run_column(connection, table)
        statement = f"SELECT count(*) FROM {table} WHERE {column} = ? AND id <= ?"  # noqa: S608
        if connection.execute(statement, (run, last)).fetchone()[0] != number:
            return False
    return True
