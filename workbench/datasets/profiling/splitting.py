"""Profiles of many parts of one table, each column read once however many the parts are.

What a part is (a month, a thousand rows, the rows of one airport) is said by whoever asks, as a
number for each row; here rows are only taken apart. A part of a column is summarised as soon as
its last row is there, so that of rows in order of their parts little is ever held.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workbench import words
from workbench.datasets import table
from workbench.datasets.fields import Fields
from workbench.datasets.profile import Column, Profile
from workbench.datasets.profiling import duplicates as repeated
from workbench.datasets.profiling.building import (
    WORKERS,
    WORTH_A_THREAD,
    go_on_unless,
    groups,
    ignore,
    judged,
    label_of,
    never,
)
from workbench.datasets.profiling.gathering import LARGEST_BLOCK, Gathered, fault_of, faulty
from workbench.datasets.profiling.schema import schema_hash
from workbench.datasets.table import Table
from workbench.errors import FormatError

if TYPE_CHECKING:
    import polars as pl

_Summaries: TypeAlias = "list[list[list[Column | Future[Column]]]]"
"""By partition, column and part."""
_TOO_MANY: Final = (
    f"Duplicates are not counted among more than {words.count(repeated.MOST_AT_ONCE)} rows."
)
_NOT_COUNTED: Final = "Duplicates could not be counted: a column could not be read."


class Partition(NamedTuple):
    """Which part each row belongs to."""

    places: NDArray[Any]
    """The number of the part, from 0, shape ``(rows,)``; `parts` stands for none."""
    parts: int
    """How many there are."""


class _Split(NamedTuple):
    """Some rows in order of their parts."""

    order: NDArray[Any] | None
    """Where the rows stood; None where they are in order as they are."""
    stretches: list[tuple[int, int, int]]
    """Part, first row, rows."""


def profiles(
    source: Table,
    partitions: Sequence[Partition],
    *,
    fields: Fields = Fields(),  # noqa: B008 - frozen
    duplicates: bool = False,
    on_column: Callable[[int, int], None] = ignore,
    stopped: Callable[[], bool] = never,
) -> tuple[tuple[Profile, ...], ...]:
    """Return the profiles of all parts of each partition, without correlations.

    Args:
        source: The table; it is read once, of one that is columnar a few columns at a time.
        partitions: Ways to take its rows apart, each with a place for every row.
        fields: What people say of it: sensitive columns, roles, key and label.
        duplicates: Whether to count rows that repeat an earlier one of the same part.
        on_column: Told after each group how many columns are done, and of how many.
        stopped: Asked between parts whether to go on.

    Raises:
        FormatError: No column can be read, or the table changed meanwhile.
        StoppedError: ``stopped`` said so.
    """
    pool = ThreadPoolExecutor(WORKERS)
    made: list[list[list[Column]]] = [[] for _ in partitions]
    try:
        work = _Work(source, partitions, fields, stopped, pool, hashed=duplicates)
        waiting: _Summaries = [[] for _ in partitions]
        for group in groups(source):
            if len(group) == 1:  # a large column: there is no room for a second one
                _take(waiting, made)
                waiting = [[] for _ in partitions]
            read = work.columns(group)  # while the group before is still being summarised
            _take(waiting, made)
            waiting = read
            on_column(len(made[0]) if made else 0, len(source.columns))
        _take(waiting, made)
        on_column(len(source.columns), len(source.columns))
    finally:
        pool.shutdown(cancel_futures=True)
    work.raise_if_nothing()
    blank = Profile(0, (), schema_hash(source.columns), label=label_of(source, fields))
    return tuple(work.profiles(number, blank, columns) for number, columns in enumerate(made))


def _take(waiting: "_Summaries", made: list[list[list[Column]]]) -> None:
    """Put summaries where they belong, once they are done."""
    for columns, so_far in zip(waiting, made, strict=True):
        so_far.extend([_done(one) for one in parts] for parts in columns)


def _done(one: "Column | Future[Column]") -> Column:
    return one.result() if isinstance(one, Future) else one


class _Work:
    """What is carried from one group of columns to the next."""

    def __init__(
        self,
        source: Table,
        partitions: Sequence[Partition],
        fields: Fields,
        stopped: Callable[[], bool],
        pool: ThreadPoolExecutor,
        *,
        hashed: bool,
    ) -> None:
        self.source = source
        self.partitions = partitions
        self.counts = [np.bincount(p.places, minlength=p.parts + 1) for p in partitions]
        self.rows = len(partitions[0].places) if partitions else 0
        self.fields = fields
        self.stopped = stopped
        self.pool = pool
        few = self.rows <= repeated.MOST_AT_ONCE
        self.hashed = hashed
        self.hashes = repeated.Hashes(self.rows) if hashed and few else None
        self.not_hashed = "" if few else _TOO_MANY
        """Why duplicates cannot be counted."""
        self.errors: list[FormatError] = []
        self.shares: dict[tuple[float, ...], tuple[float, ...]] = {}

    def columns(self, group: Sequence[table.Column]) -> "_Summaries":
        """Return by partition, column and part the summaries; what cannot be read is a fault."""
        try:
            return self._read(group)
        except FormatError as error:
            self.not_hashed = _NOT_COUNTED
            if len(group) > 1:
                alone = [self.columns([one]) for one in group]
                return [[one[p][0] for one in alone] for p in range(len(self.partitions))]
            self.errors.append(error)
            return [self._faulty(group[0], counts, error) for counts in self.counts]

    def _faulty(
        self, column: table.Column, counts: NDArray[Any], error: FormatError
    ) -> "list[list[Column | Future[Column]]]":
        sensitive = column.name in self.fields.sensitive
        return [
            [
                faulty(column, int(rows), fault_of(error), sensitive=sensitive)
                for rows in counts[:-1]
            ]
        ]

    def _read(self, group: Sequence[table.Column]) -> "_Summaries":
        held = [
            [_Held(self, column, counts) for column in group] for counts in self.counts
        ]  # fmt: skip
        offset = 0
        for frame in self.source.batches([column.name for column in group]):
            go_on_unless(self.stopped)
            end = offset + frame.height
            if end > self.rows:
                break
            for partition, columns in zip(self.partitions, held, strict=True):
                _take_apart(frame, partition, offset, columns)
            self._hash(frame, offset)
            self._make_room([one for columns in held for one in columns])
            offset = end
        self._require_all(offset)
        return [[one.finish() for one in columns] for columns in held]

    def _require_all(self, rows: int) -> None:
        if rows != self.rows:
            raise FormatError(
                "The table changed while it was read.", hint="Check it again once it is written."
            )

    def _make_room(self, columns: "Sequence[_Held]") -> None:
        """Summarise the largest stretches while more is held than fits."""
        while sum(one.bytes for one in columns) > LARGEST_BLOCK:
            max(columns, key=lambda one: one.bytes).condense()

    def finished(self, gathered: Gathered) -> Column:
        """Return the summary of a part of a column, with its role."""
        go_on_unless(self.stopped)
        return self._shared(judged(gathered.finish(), self.fields))

    def _shared(self, column: Column) -> Column:
        """Return a column with its shares kept once for all columns and parts that have the same.

        Values that hardly repeat have them whenever there are as many: of hundreds of parts this
        is more than half of what they take.
        """
        facts = column.numbers or column.moments
        if facts is None or facts.quantiles is None:
            return column
        points = facts.quantiles
        below, upto = (self.shares.setdefault(one, one) for one in (points.below, points.upto))
        facts = replace(facts, quantiles=replace(points, below=below, upto=upto))
        return replace(column, **{"moments" if column.numbers is None else "numbers": facts})

    def profiles(
        self, number: int, blank: Profile, columns: Sequence[Sequence[Column]]
    ) -> tuple[Profile, ...]:
        """Return the profiles of a partition's parts, of summaries by column and part."""
        partition = self.partitions[number]
        again = self._repeated(partition)
        faults = (self.not_hashed,) if self.hashed and self.not_hashed else ()
        return tuple(
            replace(
                blank, rows=int(self.counts[number][part]), duplicates=again[part],
                columns=tuple(column[part] for column in columns), faults=faults,
            )
            for part in range(partition.parts)
        )  # fmt: skip

    def _repeated(self, partition: Partition) -> list[int | None]:
        """Return how many rows of each part repeat an earlier one; None where nobody can tell."""
        if self.hashes is None or self.not_hashed:
            return [None] * partition.parts
        return [*self.hashes.repeated(partition.places, partition.parts)]

    def _hash(self, frame: "pl.DataFrame", offset: int) -> None:
        """Take the hashes of some rows; where that fails, there are none."""
        import polars as pl

        if self.hashes is None or self.not_hashed:
            return
        try:
            self.hashes.add(frame, offset)
        except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - the rest of
            # the profile stands without them
            self.not_hashed = f"Duplicates could not be counted: {fault_of(error)}"

    def raise_if_nothing(self) -> None:
        """Raise the first error if no column could be read: it is the table's then."""
        if self.errors and len(self.errors) == len(self.source.columns):
            raise self.errors[0]


class _Held:
    """One column, part by part."""

    def __init__(self, work: _Work, column: table.Column, counts: NDArray[Any]) -> None:
        self._work = work
        self._column = column
        self._counts = counts.tolist()
        self._open: dict[int, Gathered] = {}
        self._done: dict[int, Column | Future[Column]] = {}

    @property
    def bytes(self) -> int:
        """Return how much is held that is not summarised yet."""
        return sum(one.bytes for one in self._open.values())

    def add(self, series: "pl.Series", stretches: Sequence[tuple[int, int, int]]) -> None:
        """Take the next rows, in order of their parts."""
        width = series.estimated_size() / max(len(series), 1)
        for part, first, rows in stretches:
            one = self._open.get(part) or self._opened(part)
            one.add(series.slice(first, rows), int(rows * width))
            if one.rows == self._counts[part]:
                self._finish(part)

    def _opened(self, part: int) -> Gathered:
        sensitive = self._column.name in self._work.fields.sensitive
        self._open[part] = Gathered(self._column, 2 * LARGEST_BLOCK, sensitive=sensitive)
        return self._open[part]

    def _finish(self, part: int) -> None:
        one = self._open.pop(part)
        if one.rows < WORTH_A_THREAD:
            self._done[part] = self._work.finished(one)
        else:
            self._done[part] = self._work.pool.submit(self._work.finished, one)

    def condense(self) -> None:
        """Summarise the largest part as far as it is there."""
        max(self._open.values(), key=lambda one: one.bytes).condense()

    def finish(self) -> "list[Column | Future[Column]]":
        """Return the summaries of all parts, also of those without rows; some still to come."""
        for part in range(len(self._counts) - 1):
            if part not in self._done:
                self._opened(part)
                self._finish(part)
        return [self._done[part] for part in range(len(self._counts) - 1)]


def _take_apart(
    frame: "pl.DataFrame", partition: Partition, offset: int, columns: Sequence[_Held]
) -> None:
    """Give each column its next rows, in order of their parts."""
    import polars as pl

    split = _split(partition.places[offset : offset + frame.height], partition.parts)
    if split.order is not None:
        frame = frame[pl.Series(split.order.astype(np.uint32))]
    for one, series in zip(columns, frame.iter_columns(), strict=True):
        one.add(series, split.stretches)


def _split(places: NDArray[Any], none: int) -> _Split:
    """Return how rows are ordered by part, and where each part then stands."""
    order = None
    if len(places) and not np.all(places[1:] >= places[:-1]):
        order = np.argsort(places, kind="stable")
        places = places[order]
    starts = np.flatnonzero(np.append(True, places[1:] != places[:-1])[: len(places)])
    rows = np.diff(np.append(starts, len(places)))
    numbers = places[starts]
    there = numbers < none
    found = zip(
        numbers[there].tolist(), starts[there].tolist(), rows[there].tolist(), strict=True
    )  # fmt: skip
    return _Split(order, list(found))
