"""A table's profile: its columns in groups that fit in memory, each read once."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from workbench import words
from workbench.datasets import table
from workbench.datasets.fields import Fields
from workbench.datasets.profile import EMPTY, Column, Profile
from workbench.datasets.profiling import duplicates as repeated
from workbench.datasets.profiling.correlations import correlate
from workbench.datasets.profiling.gathering import LARGEST_BLOCK, Gathered, fault_of, faulty
from workbench.datasets.profiling.roles import role
from workbench.datasets.profiling.sample import Sample
from workbench.datasets.profiling.schema import schema_hash
from workbench.datasets.table import Table
from workbench.errors import FormatError, StoppedError

if TYPE_CHECKING:
    import polars as pl

GROUP: Final = 24_000_000
"""Bytes of decoded columns that are read together: fewer passes over the file's own description,
and never more than a large column costs by itself."""
LEAST_BLOCK: Final = 1_000_000
"""Bytes of a column that are held, however many columns are read together."""
_WIDTHS: Final = {table.TEXT: 32, table.LIST: 64, table.STRUCT: 64, table.BINARY: 64}
_WIDTH: Final = 8
WORTH_A_THREAD: Final = 50_000
"""Rows from which on a thread does more than it costs."""
WORKERS: Final = min(4, os.cpu_count() or 1)
"""Columns summarised side by side: sorting and counting let other threads run."""


def ignore(_done: int, _of: int) -> None:
    """Take note of nothing."""


def never() -> bool:
    """Say that nobody wants to stop."""
    return False


def go_on_unless(stopped: Callable[[], bool]) -> None:
    """Raise if somebody wants to stop."""
    if stopped():
        raise StoppedError("The profile was stopped before it was done; nothing was kept.")


def profile(
    source: Table,
    *,
    fields: Fields = Fields(),  # noqa: B008 - frozen
    correlations: bool = True,
    duplicates: bool = False,
    on_column: Callable[[int, int], None] = ignore,
    stopped: Callable[[], bool] = never,
) -> Profile:
    """Return the profile of a table.

    Args:
        source: The table. Of one that is not columnar all columns are read in one pass, each in
            blocks that together fit in memory.
        fields: What people say of it: sensitive columns, roles, key and label.
        correlations: Whether to correlate its columns, on the fixed sample.
        duplicates: Whether to count rows that repeat an earlier one.
        on_column: Told after each group how many columns are done, and of how many.
        stopped: Asked between parts whether to go on.

    Raises:
        FormatError: No column can be read, or the table changed meanwhile.
        StoppedError: ``stopped`` said so.
    """
    columns: list[Column] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        work = _Work(source, fields, correlations, stopped, pool)
        for group in groups(source):
            columns += work.columns(group)
            on_column(len(columns), len(source.columns))
    rows = _agreed(source, columns)
    _raise_if_nothing(columns, work.errors)
    found = Profile(
        rows, tuple(columns), schema_hash(source.columns), label=label_of(source, fields)
    )
    if correlations:
        found = _with_pairs(found, work.sample)
    return _with_duplicates(found, source, stopped) if duplicates else found


class _Work:
    """What is carried from one group of columns to the next."""

    def __init__(
        self,
        source: Table,
        fields: Fields,
        correlations: bool,
        stopped: Callable[[], bool],
        pool: ThreadPoolExecutor,
    ) -> None:
        self.pool = pool
        self.source = source
        self.fields = fields
        self.stopped = stopped
        self.errors: list[FormatError] = []
        rows = _rows(source, stopped) if correlations else 0
        self.sample = Sample(rows, fields.label, there=correlations)

    def columns(self, group: Sequence[table.Column]) -> list[Column]:
        """Return the summaries of a group; where it cannot be read, of each column by itself."""
        try:
            return self._read(group)
        except FormatError as error:
            if len(group) > 1:
                return [column for one in group for column in self.columns([one])]
            self.errors.append(error)
            sensitive = group[0].name in self.fields.sensitive
            return [faulty(group[0], self.source.rows or 0, fault_of(error), sensitive=sensitive)]

    def _read(self, group: Sequence[table.Column]) -> list[Column]:
        names = [column.name for column in group]
        largest = max(LARGEST_BLOCK // len(group), LEAST_BLOCK)
        gathered = [
            Gathered(column, largest, sensitive=column.name in self.fields.sensitive)
            for column in group
        ]
        self.sample.begin(group)
        for frame in self.source.batches(names):
            go_on_unless(self.stopped)
            self.sample.take(frame)
            for one, name in zip(gathered, names, strict=True):
                one.add(frame.get_column(name))
        many = max(one.rows for one in gathered) >= WORTH_A_THREAD
        columns = list((self.pool.map if many else map)(self._finished, gathered))
        self.sample.keep(columns)
        return columns

    def _finished(self, gathered: Gathered) -> Column:
        go_on_unless(self.stopped)
        return judged(gathered.finish(), self.fields)


def judged(column: Column, fields: Fields) -> Column:
    """Return a column with its role and the reason."""
    if column.fault:
        return replace(column, role=EMPTY, role_reason="it could not be summarised")
    name, reason = role(column, fields)
    return replace(column, role=name, role_reason=reason)


def groups(source: Table) -> Iterator[tuple[table.Column, ...]]:
    """Yield columns that are read together."""
    if not source.columnar:
        if source.columns:
            yield source.columns
        return
    rows = source.rows or 0
    group: list[table.Column] = []
    held = 0
    for column in source.columns:
        size = rows * _WIDTHS.get(column.type, _WIDTH)
        if group and held + size > GROUP:
            yield tuple(group)
            group, held = [], 0
        group.append(column)
        held += size
    if group:
        yield tuple(group)


def _rows(source: Table, stopped: Callable[[], bool]) -> int:
    """Return how many rows there are, counting them where the file does not say."""
    if source.rows is not None:
        return source.rows
    count = 0
    for frame in source.batches([column.name for column in source.columns[:1]]):
        go_on_unless(stopped)
        count += frame.height
    return count


def _agreed(source: Table, columns: Sequence[Column]) -> int:
    """Return the number of rows, which every column must have."""
    counts = {column.rows for column in columns if not column.fault}
    if len(counts) > 1:
        raise FormatError(
            f"The table changed while it was read: columns have {words.count(min(counts))} and "
            f"{words.count(max(counts))} rows.",
            hint="Profile it again once it is written.",
        )
    return counts.pop() if counts else source.rows or 0


def _raise_if_nothing(columns: Sequence[Column], errors: Sequence[FormatError]) -> None:
    """Raise the first error if no column could be read: it is the table's then."""
    if errors and len(errors) == len(columns):
        raise errors[0]


def label_of(source: Table, fields: Fields) -> str:
    """Return the label column, if the table has it."""
    return fields.label if any(one.name == fields.label for one in source.columns) else ""


def _with_pairs(found: Profile, sample: Sample) -> Profile:
    """Return the profile with its correlations; where they fail, with a fault instead."""
    try:
        return correlate(found, sample)
    except Exception as error:  # noqa: BLE001 - the rest of the profile stands without them
        fault = f"Columns could not be correlated: {fault_of(error)}"
        return replace(found, faults=(*found.faults, fault))


def _with_duplicates(found: Profile, source: Table, stopped: Callable[[], bool]) -> Profile:
    """Return the profile with the number of duplicates; where it fails, with a fault instead."""

    def frames() -> "Iterator[pl.DataFrame]":
        for frame in source.batches():
            go_on_unless(stopped)
            yield frame

    try:
        return replace(found, duplicates=repeated.count(frames, found.rows))
    except StoppedError:
        raise
    except Exception as error:  # noqa: BLE001 - the rest of the profile stands without it
        fault = f"Duplicates could not be counted: {fault_of(error)}"
        return replace(found, faults=(*found.faults, fault))
