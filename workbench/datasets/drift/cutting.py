"""Which chunk each row of a table lies in: by time, by number of rows, or all in one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.datasets import table
from workbench.datasets.drift import periods
from workbench.datasets.drift.times import NONE, Reader, utc_of
from workbench.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

MOST: Final = 10_000
"""Chunks; each has a profile of every column in memory."""
_MICRO: Final = 1_000_000
_NOTHING: Final = np.iinfo(np.int32).min
_OPEN_S: Final = {periods.DAYS: 3_600, periods.WEEKS: 86_400, periods.MONTHS: 86_400}
"""A period whose last row is further than this from its end may go on."""


class Cut(NamedTuple):
    """A table's rows cut into chunks; those without rows are left out."""

    places: NDArray[Any]
    """The number of each row's chunk, shape ``(rows,)``; ``len(labels)`` for none."""
    labels: tuple[str, ...]
    """In the order of time, or of rows."""
    starts: tuple[float | None, ...]
    ends: tuple[float | None, ...]
    """Of a period the first moment of the next, else the last moment of the chunk."""
    said: tuple[str, ...] = ()


class ByPeriod:
    """Days, weeks or months, taken part by part; the rows may be in any order."""

    def __init__(self, kind: str, column: table.Column, *, hidden: bool) -> None:
        """Know the kind of period and the column of time.

        Args:
            kind: One of `periods.PERIODS`.
            column: The column of time.
            hidden: It is sensitive: no moment of a row is said.

        Raises:
            UsageError: The column holds no times.
        """
        self._kind = kind
        self._name = words.visible(column.name)
        self._hidden = hidden
        self._reader = Reader(column)
        self._pieces: list[NDArray[np.int32]] = []
        self._seen: set[int] = set()
        self._last = NONE

    def take(self, series: "pl.Series") -> None:
        """Take the times of the next rows.

        Raises:
            UsageError: They are no times, or lie in too many periods.
        """
        times = self._reader.read(series)
        there = times.wall != NONE
        numbers = periods.number_of(self._kind, np.where(there, times.wall, 0))
        self._pieces.append(np.where(there, numbers, _NOTHING).astype(np.int32))
        self._seen.update(_different(numbers[there]))
        self._last = max(self._last, int(times.wall.max(initial=NONE)))
        if len(self._seen) > MOST:
            longer = {periods.DAYS: "week or month", periods.WEEKS: "month"}.get(self._kind)
            raise UsageError(
                f"The times in {self._name!r} lie in more than {words.count(MOST)} "
                f"{self._kind}s, and at most so many chunks are made.",
                hint=f"Cut by {longer}." if longer else "Name another column of time.",
            )

    def cut(self) -> Cut:
        """Return the chunks.

        Raises:
            UsageError: No row has a time.
        """
        if not self._seen:
            raise UsageError(
                f"No row has a time in column {self._name!r}.", hint="Name another column of time."
            )
        numbers = np.array(sorted(self._seen))
        found = np.concatenate(self._pieces)
        self._pieces = []
        places = np.searchsorted(numbers, found).astype(np.uint16)
        places[found == _NOTHING] = len(numbers)
        return Cut(
            places,
            tuple(periods.label_of(self._kind, number) for number in numbers.tolist()),
            tuple(self._begins(number) for number in numbers.tolist()),
            tuple(self._begins(number + 1) for number in numbers.tolist()),
            tuple(self._told(int(np.count_nonzero(found == _NOTHING)), len(found), numbers[-1])),
        )

    def _begins(self, number: int) -> float:
        wall = periods.begin_of(self._kind, number)
        return utc_of(wall, self._reader.zone) / _MICRO

    def _told(self, without: int, rows: int, last: int) -> "list[str]":
        """Return what a person should know of how it was done."""
        said = []
        if self._reader.said:
            said.append(f"The times in {self._name} were read as {self._reader.said}.")
        if self._reader.zone:
            said.append(f"A {self._kind} is one of {self._reader.zone}, the zone of {self._name}.")
        if without:
            share = words.percent(without / rows)
            has = "has" if without == 1 else "have"
            said.append(
                f"{words.plural(without, 'row')} ({share}) {has} no time in {self._name} and "
                f"{'is' if without == 1 else 'are'} in no chunk."
            )
        end = periods.begin_of(self._kind, int(last) + 1)
        if not self._hidden and end - self._last > (_OPEN_S[self._kind] + 1) * _MICRO:
            label = periods.label_of(self._kind, int(last))
            last_row = str(np.datetime64(self._last, "us"))[:16].replace("T", " ")
            said.append(f"The last row of chunk {label} is of {last_row}: it may be unfinished.")
        return said


def _different(numbers: NDArray[np.int64]) -> list[int]:
    """Return the different numbers, cheaply where equal ones stand together."""
    first = np.flatnonzero(np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)])
    found: list[int] = np.unique(numbers[first]).tolist()
    return found


class ByRows:
    """So many rows each, or all rows at once; dated by the earliest and the latest of them."""

    def __init__(self, edges: Sequence[int], labels: Sequence[str], time: "Reader | None") -> None:
        """Know where chunks end.

        Args:
            edges: The first row of each chunk from 0, then the number of rows.
            labels: Of the chunks.
            time: Reads their times; None where there are none, or they are not to be said.
        """
        self._edges = np.array(edges)
        self._labels = tuple(labels)
        self._time = time
        self._row = 0
        self._first = np.full(len(labels), np.iinfo(np.int64).max)
        self._last = np.full(len(labels), NONE)

    def take(self, series: "pl.Series") -> None:
        """Take the times of the next rows."""
        if self._time is None:
            return
        utc = self._time.read(series).utc
        rows = np.arange(self._row, self._row + len(utc))
        self._row += len(utc)
        there = (utc != NONE) & (rows < self._edges[-1])
        place = np.searchsorted(self._edges, rows[there], "right") - 1
        np.minimum.at(self._first, place, utc[there])
        np.maximum.at(self._last, place, utc[there])

    def cut(self) -> Cut:
        """Return the chunks."""
        sizes = np.diff(self._edges)
        places = np.repeat(np.arange(len(sizes)).astype(_least(len(sizes))), sizes)
        dated = self._last != NONE
        return Cut(places, self._labels, _seconds(self._first, dated), _seconds(self._last, dated))


def _least(count: int) -> "np.dtype[Any]":
    return np.dtype(np.uint8 if count < 255 else np.uint16)  # noqa: PLR2004 - one stands for none


def _seconds(moments: NDArray[np.int64], dated: NDArray[np.bool_]) -> tuple[float | None, ...]:
    pairs = zip(moments.tolist(), dated.tolist(), strict=True)
    return tuple(moment / _MICRO if known else None for moment, known in pairs)


def edges_of(rows: int, size: int) -> list[int]:
    """Return where chunks of a size begin, and the number of rows; the last may be smaller."""
    return [*range(0, rows, size), rows]


def edges_in(rows: int, parts: int) -> list[int]:
    """Return where so many chunks begin, as even as whole rows allow, and the number of rows."""
    parts = max(1, min(parts, rows))
    return [rows * number // parts for number in range(parts + 1)]
