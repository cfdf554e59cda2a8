"""Groups of rows that are judged by themselves: those with one value of a column."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.datasets.drift.monitor import MOST_SEGMENTS
from workbench.datasets.fields import Fields
from workbench.datasets.profile import Profile
from workbench.datasets.profiling.building import go_on_unless
from workbench.datasets.profiling.splitting import Partition, profiles
from workbench.datasets.profiling.tops import shortened
from workbench.datasets.segments import FEWEST_ROWS, MISSING, MOST_VALUES, no_groups
from workbench.datasets.table import Table
from workbench.errors import UsageError

if TYPE_CHECKING:
    import polars as pl

_MOST_DIFFERENT: Final = 10_000
"""Values of a column; one with more is an id, and counting them takes memory for nothing."""


class Segments(NamedTuple):
    """A column and those of its values whose rows are groups."""

    column: str
    values: tuple[str, ...]
    """The most frequent first."""

    def label(self, value: str) -> str:
        """Return the name of a group: ``origin=JFK``."""
        return words.visible(f"{self.column}={shortened(value)}")

    def places(self, series: "pl.Series") -> NDArray[np.uint8]:
        """Return which group each row is in; the number of values for none."""
        import polars as pl

        known = {value: place for place, value in enumerate(self.values)}
        found = _texts(series).replace_strict(
            list(known), list(known.values()), default=len(known), return_dtype=pl.UInt8
        )
        return found.to_numpy()


def require(columns: Sequence[str], source: Table, fields: Fields) -> None:
    """Refuse columns whose values can be no groups.

    Raises:
        UsageError: One is not there, is sensitive, or holds what makes no groups.
    """
    if len(columns) > MOST_SEGMENTS:
        raise UsageError(
            f"Segments are of up to {MOST_SEGMENTS} columns, not {len(columns)}.",
            hint="Name fewer columns.",
        )
    head: Mapping[str, pl.Series] | None = None
    for name in columns:
        require_column(name, source)
        if fields.hidden_among([name]):
            raise UsageError(
                f"Column {words.visible(name)!r} is sensitive; its values cannot name segments.",
                hint="Name a column that is not sensitive.",
            )
        head = head or {series.name: series for series in source.head(0).iter_columns()}
        fault = no_groups(head[name])
        if fault:
            raise UsageError(fault, hint="Name another column for the segments.")


def require_column(name: str, source: Table) -> None:
    """Refuse a column that the table does not have.

    Raises:
        UsageError: It is not there; names close ones.
    """
    names = [column.name for column in source.columns]
    if name not in names:
        close = get_close_matches(name, names, 1)
        hint = f"Did you mean {words.visible(close[0])}?" if close else "Check the name."
        raise UsageError(f"There is no column {words.visible(name)!r}.", hint=hint)


def counted(
    source: Table,
    columns: Sequence[str],
    say: Callable[[str], None],
    stopped: Callable[[], bool],
) -> list[Segments]:
    """Return the columns with the values that make groups.

    Raises:
        UsageError: One has too many different values.
        FormatError: They cannot be read.
        StoppedError: ``stopped`` said so.
    """
    counting = [_Counting(name) for name in columns]
    for frame in source.batches(list(columns)) if columns else ():
        go_on_unless(stopped)
        for one, name in zip(counting, columns, strict=True):
            one.take(frame.get_column(name))
    return [one.found(say) for one in counting]


class _Counting:
    """How often each value of a column is there, taken part by part."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._counts: pl.DataFrame | None = None

    def take(self, series: "pl.Series") -> None:
        """Take the next values.

        Raises:
            UsageError: There are too many different ones.
        """
        import polars as pl

        more = _texts(series).alias("value").value_counts()
        known = more if self._counts is None else pl.concat([self._counts, more])
        self._counts = known.group_by("value").agg(pl.col("count").sum())
        if self._counts.height > _MOST_DIFFERENT:
            raise UsageError(
                f"Column {words.visible(self._column)!r} has more than "
                f"{words.count(_MOST_DIFFERENT)} values; at most {MOST_VALUES} are segments.",
                hint="Name a column with fewer values.",
            )

    def found(self, say: Callable[[str], None]) -> Segments:
        """Return the most frequent values; what is left out is said.

        Raises:
            UsageError: There are many, and hardly any row has one of them.
        """
        if self._counts is None:
            return Segments(self._column, ())
        counts = self._counts.sort(["count", "value"], descending=[True, False])
        kept = counts.head(MOST_VALUES)
        if counts.height > MOST_VALUES and int(kept["count"][0]) < FEWEST_ROWS:
            raise UsageError(
                f"Column {words.visible(self._column)!r} has {words.count(counts.height)} values, "
                f"none of them in {FEWEST_ROWS} rows: they are no groups.",
                hint="Name a column with fewer values.",
            )
        if counts.height > kept.height:
            share = words.percent(int(kept["count"].sum()) / int(counts["count"].sum()))
            say(
                f"{words.visible(self._column)} has {words.count(counts.height)} values; segments "
                f"are the {MOST_VALUES} most frequent, with {share} of the rows."
            )
        return Segments(self._column, tuple(kept["value"].to_list()))


def _texts(series: "pl.Series") -> "pl.Series":
    import polars as pl

    return series.cast(pl.String).fill_null(MISSING)


def of_reference(
    reference: Table,
    segments: Iterable[Segments],
    *,
    fields: Fields,
    duplicates: bool,
    stopped: Callable[[], bool],
) -> Mapping[str, Profile]:
    """Return the profiles of a reference's groups by name; groups without rows are not there.

    Raises:
        FormatError: The reference cannot be read.
        StoppedError: ``stopped`` said so.
    """
    names = {column.name for column in reference.columns}
    wanted = [one for one in segments if one.column in names]
    if not wanted:
        return {}
    pieces: list[list[NDArray[Any]]] = [[] for _ in wanted]
    for frame in reference.batches([one.column for one in wanted]):
        go_on_unless(stopped)
        for piece, one in zip(pieces, wanted, strict=True):
            piece.append(one.places(frame.get_column(one.column)))
    partitions = [
        Partition(np.concatenate(piece), len(one.values))
        for piece, one in zip(pieces, wanted, strict=True)
    ]
    made = profiles(reference, partitions, fields=fields, duplicates=duplicates, stopped=stopped)
    return {
        one.label(value): found
        for one, of_one in zip(wanted, made, strict=True)
        for value, found in zip(one.values, of_one, strict=True)
        if found.rows
    }
