"""The points in an MLflow database: in the order of their rows, a bounded number at a time.

Locks are held while rows are outstanding, and a trainer waits for them with its next
commit. So no statement asks for more rows than are read in a few hundredths of a second.
"""

import math
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from workbench.formats.contract import Points
from workbench.formats.mlflow.words import Point, finite_or_not, rank
from workbench.formats.points import numbers, summarise
from workbench.formats.sqlite.files import fetched
from workbench.runfolder import Summary

MOST_ROWS = 20_000
_VALUE = "CASE WHEN is_nan THEN NULL ELSE value END"
_LARGEST = 1.797e308


class Row(NamedTuple):
    """A point as it stands in the table."""

    number: int
    key: Any
    value: Any
    step: Any
    time: Any


class Series(NamedTuple):
    """A metric as far as it was read."""

    summary: Summary
    latest: Point


class Followed(NamedTuple):
    """How far the points of a run that is going on were read, and what they came to."""

    number: int
    """Of the last row read."""
    last: Row | None
    series: dict[str, Series]
    wrong: int
    """Rows that are no points."""


def rows_past(
    connection: sqlite3.Connection, run: str, number: int, metrics: Sequence[str] | None = None
) -> Iterator[list[Row]]:
    """Yield the rows of a run past a row, a bounded number at a time."""
    named = "" if metrics is None else f" AND key IN ({','.join('?' * len(metrics))})"
    statement = (
        f"SELECT rowid, key, {_VALUE}, step, timestamp FROM metrics "  # noqa: S608 - our names
        f"WHERE run_uuid = ? AND rowid > ?{named} ORDER BY rowid LIMIT {MOST_ROWS}"
    )
    while True:
        rows = connection.execute(statement, (run, number, *(metrics or ()))).fetchall()
        if rows:
            yield list(map(Row._make, rows))
        if len(rows) < MOST_ROWS:
            return
        number = rows[-1][0]


def is_point(row: Row) -> bool:
    """Say whether a row holds what it should; a column may hold anything."""
    return (
        isinstance(row.key, str)
        and isinstance(row.step, int)
        and isinstance(row.time, int)
        and (row.value is None or isinstance(row.value, float))
    )


def followed(connection: sqlite3.Connection, run: str, before: Followed | None) -> Followed:
    """Return what a run's points come to, going on from where the last look ended."""
    if before is None or (before.last and not still_there(connection, run, before.last)):
        before = Followed(0, None, {}, 0)
    number, last, wrong = before.number, before.last, before.wrong
    series = dict(before.series)
    for rows in rows_past(connection, run, number):
        points: dict[str, list[Row]] = {}
        for row in rows:
            if is_point(row):
                points.setdefault(row.key, []).append(row)
            else:
                wrong += 1
        for key, some in points.items():
            series[key] = _joined(series.get(key), some)
        last = rows[-1]
        number = last.number
    return Followed(number, last, series, wrong)


def still_there(connection: sqlite3.Connection, run: str, row: Row) -> bool:
    """Say whether a row that was read is what it was; if not, rows were taken out since."""
    statement = (
        f"SELECT rowid, key, {_VALUE}, step, timestamp FROM metrics "  # noqa: S608 - our names
        "WHERE rowid = ? AND run_uuid = ?"
    )
    return connection.execute(statement, (row.number, run)).fetchall() == [tuple(row)]


def _joined(before: Series | None, rows: Sequence[Row]) -> Series:
    values = [finite_or_not(value) for value in numbers([row.value for row in rows])]
    summary = summarise(values, [row.step for row in rows])
    latest = max(
        ((row.step, row.time, value) for row, value in zip(rows, values, strict=True)), key=rank
    )
    if before is not None:
        summary = before.summary.join(summary)
        latest = max(before.latest, latest, key=rank)
    return Series(summary._replace(last=latest[2], last_step=latest[0]), latest)


def summaries(connection: sqlite3.Connection, run: str) -> tuple[dict[str, Summary], int]:
    """Return the summaries of a run that has ended, and how many rows are no points.

    This is the way ten thousand runs go, so it asks for three columns and little else.
    """
    rows = fetched(connection, _ENDED, (run,))
    if len(rows) == MOST_ROWS:
        return _the_long_way(connection, run)
    found = {}
    try:
        rows.sort(key=_KEY)  # keeps the order of writing within a metric
        for key, group in groupby(rows, _KEY):
            _, values, steps = zip(*group, strict=True)
            if type(key) is not str or not ({*map(type, values)} <= _VALUES):
                return _the_long_way(connection, run)
            summary, latest = _summary(values, steps), max(steps)
            if steps.index(latest) != len(steps) - 1:
                last = _last(connection, run, key, latest)
                summary = summary._replace(last=last, last_step=latest)
            found[key] = summary
    except TypeError:  # numbers beside what is none
        return _the_long_way(connection, run)
    return found, 0


_ENDED = (
    f"SELECT key, {_VALUE}, step FROM metrics "  # noqa: S608 - our names
    f"WHERE run_uuid = ? AND rowid > 0 ORDER BY rowid LIMIT {MOST_ROWS}"
)
_KEY = itemgetter(0)
_VALUES = {float, type(None)}


def _summary(values: Sequence[float | None], steps: Sequence[int]) -> Summary:
    if {*map(type, steps)} != {int}:
        raise TypeError
    summary = summarise(numbers(values), steps)
    if summary.max > _LARGEST or summary.min < -_LARGEST:
        summary = summary._replace(
            last=finite_or_not(summary.last), first=finite_or_not(summary.first),
            min=finite_or_not(summary.min), max=finite_or_not(summary.max),
        )  # fmt: skip
    return summary


def _last(connection: sqlite3.Connection, run: str, key: str, step: int) -> float:
    """Return the value MLflow calls the latest, where the greatest step was not written last."""
    statement = (
        f"SELECT {_VALUE} FROM metrics WHERE run_uuid = ? AND key = ? AND step = ? "  # noqa: S608
        "ORDER BY timestamp DESC, is_nan, value DESC LIMIT 1"
    )
    ((value,),) = connection.execute(statement, (run, key, step)).fetchall()
    return math.nan if value is None else finite_or_not(value)


def _the_long_way(connection: sqlite3.Connection, run: str) -> tuple[dict[str, Summary], int]:
    state = followed(connection, run, None)
    return {key: series.summary for key, series in state.series.items()}, state.wrong


def points_of(rows: Sequence[Row]) -> dict[str, Points]:
    """Return rows as readers hand up points; what is no point is left out."""
    found: dict[str, Points] = {}
    for row in rows:
        if not is_point(row):
            continue
        points = found.get(row.key)
        if points is None:
            points = found[row.key] = Points([], [], [])
        points.steps.append(float(row.step))
        points.times.append(row.time / 1000)
        points.values.append(math.nan if row.value is None else finite_or_not(row.value))
    return found
