"""The tables of one run, followed: summaries that grow, and curves past a place.

Several tables of a run keep their metrics apart by their names; a single one gives
them as they are.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, field

from workbench.errors import FormatError
from workbench.formats.contract import Curves, Fault, Points
from workbench.formats.notes import noted
from workbench.formats.points import closed, opened, summarise
from workbench.formats.tables.pieces import pieces
from workbench.formats.tables.state import ANY, MOST_FAULTS, Column, Roles, TableState
from workbench.runfolder import Summary

NONE: Mapping[str, Roles] = {}
_LARGEST_STEP = 2.0**63


class Followed(Struct):
    """How far a table was read, and what its metrics came to."""

    state: TableState = field(default_factory=TableState)
    summaries: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    first_time: float | None = None
    last_time: float | None = None


class Notes(Struct):
    """A reader's notes of the tables of a run."""

    version: int = 2
    tables: dict[str, Followed] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    """As they were when the file was last whole."""


_NOTES = msgspec.json.Decoder(Notes)


class _Places(NamedTuple):
    tables: tuple[str, ...]
    states: Mapping[str, TableState]


def notes_in(progress: bytes) -> Notes:
    """Return the notes that ``msgspec.json.encode`` put away; new ones of another version."""
    return noted(progress, _NOTES)


def prefix_of(name: str, names: Sequence[str]) -> str:
    """Return what sets a table's metrics apart where there are several tables."""
    return "" if len(names) == 1 else f"{name.rpartition('.')[0] or name}/"


def follow(
    folder: str,
    shown: str,
    names: Sequence[str],
    notes: Notes,
    faults: list[Fault],
    roles: Roles = ANY,
    roles_of: Mapping[str, Roles] = NONE,
) -> dict[str, Summary]:
    """Return what the metrics of a run's tables come to; ``notes`` move on.

    Args:
        folder: Where the tables are.
        shown: How a fault calls that folder; empty for the root.
        names: The tables, in order; what the first says of a metric counts.
        notes: As they were put away last.
        faults: Grows by what is wrong.
        roles: Which columns are no metrics.
        roles_of: The same for single tables, where they have others.
    """
    notes.tables = {name: notes.tables.get(name) or Followed() for name in names}
    metrics: dict[str, Summary] = {}
    for name, table in notes.tables.items():
        path = f"{shown}/{name}".lstrip("/")
        try:
            grow(f"{folder}/{name}", table, roles_of.get(name, roles))
        except (FormatError, OSError) as problem:
            faults.append(Fault(path, f"cannot be read: {problem}"))
        faults += faults_of(path, table.state)
        prefix = prefix_of(name, names)
        for metric, summary in table.summaries.items():
            metrics.setdefault(f"{prefix}{metric}", opened(summary))
    return metrics


def grow(path: str, table: Followed, roles: Roles = ANY) -> None:
    """Let a table's summaries grow by what is new.

    Raises:
        FormatError: It is no table.
        OSError: It cannot be read.
    """
    for news in pieces(path, table.state, roles):
        if news.restarted:
            table.summaries, table.first_time, table.last_time = {}, None, None
        whole: dict[int, list[int | None]] = {}  # columns without gaps share their steps
        for name, column in news.columns.items():
            steps = whole.get(id(column.steps))
            if steps is None:
                steps = whole[id(column.steps)] = list(map(_whole, column.steps))
            summary = summarise(column.values, steps)
            before = table.summaries.get(name)
            table.summaries[name] = closed(opened(before).join(summary) if before else summary)
        _note_times(news.columns, table)


def _note_times(columns: Mapping[str, Column], table: Followed) -> None:
    seen: set[int] = set()
    for column in columns.values():
        if id(column.times) in seen:
            continue
        seen.add(id(column.times))
        times = [time for time in column.times if time == time]  # noqa: PLR0124
        if times:
            low, high = min(times), max(times)
            table.first_time = min(low, low if table.first_time is None else table.first_time)
            table.last_time = max(high, high if table.last_time is None else table.last_time)


def _whole(step: float) -> int | None:
    return int(step) if step.is_integer() and abs(step) < _LARGEST_STEP else None


def faults_of(path: str, state: TableState) -> list[Fault]:
    """Return what is wrong with a table."""
    found = [Fault(path, reason, line) for line, reason in state.faults]
    if state.bad > MOST_FAULTS:
        found.append(Fault(path, f"{state.bad - MOST_FAULTS:,} more lines are wrong"))
    if state.waiting:
        found.append(Fault(path, "a quoted cell has not ended yet", state.waiting))
    return found


def curves(
    folder: str,
    names: Sequence[str],
    metrics: frozenset[str] | None,
    progress: object,
    roles: Roles = ANY,
    roles_of: Mapping[str, Roles] = NONE,
) -> Curves:
    """Return the points of a run's tables past ``progress``; see `contract.Reader.points`.

    Raises:
        OSError: A table cannot be read now.
    """
    tables = tuple(names)
    old = progress if isinstance(progress, _Places) and progress.tables == tables else None
    states = {} if old is None else {name: _copy(state) for name, state in old.states.items()}
    each = {name: roles_of.get(name, roles) for name in tables}
    found, restarted = _news(folder, tables, metrics, states, each)
    if restarted:  # one table was replaced: the points of all are handed out again
        states = {}
        found, _ = _news(folder, tables, metrics, states, each)
    return Curves(
        {name: Points(*column) for name, column in found.items()},
        _Places(tables, states),
        restarted or (progress is not None and old is None),
    )


def _news(
    folder: str,
    tables: tuple[str, ...],
    metrics: frozenset[str] | None,
    states: dict[str, TableState],
    roles: Mapping[str, Roles],
) -> tuple[dict[str, Column], bool]:
    found: dict[str, Column] = {}
    restarted = False
    for name in tables:
        prefix = prefix_of(name, tables)
        mine: dict[str, Column] = {}
        wanted = None if metrics is None else frozenset(m.removeprefix(prefix) for m in metrics)
        try:
            for news in pieces(
                f"{folder}/{name}", states.setdefault(name, TableState()), roles[name], wanted
            ):
                if news.restarted:
                    mine, restarted = {}, True
                _extend(mine, news.columns)
        except FormatError:
            continue  # told where the run is read
        for metric, column in mine.items():
            full = f"{prefix}{metric}"
            if metrics is None or full in metrics:
                found.setdefault(full, column)
    return found, restarted


def _extend(whole: dict[str, Column], more: Mapping[str, Column]) -> None:
    for name, column in more.items():
        mine = whole.setdefault(name, Column([], [], []))
        for part, new in zip(mine, column, strict=True):
            part.extend(new)


def _copy(state: TableState) -> TableState:
    return msgspec.json.decode(msgspec.json.encode(state), type=TableState)


def texts_in(notes: Notes) -> dict[str, str]:
    """Return the columns that hold no numbers, each with its first cell."""
    return {
        name: words.first
        for table in notes.tables.values()
        for name, words in table.state.words.items()
    }


def last_aside(notes: Notes, name: str) -> float | None:
    """Return the last value of a column that is no metric, or None."""
    found = (table.state.aside.get(name) for table in notes.tables.values())
    return next((value for value in found if value is not None), None)
