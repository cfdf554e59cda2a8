"""How many different values there are: exact to a million, then within bounds."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import Column
from workbench.datasets.profiling import grid

MOST_KEYS: Final = 1_000_000
Keys: TypeAlias = NDArray[np.uint64]
"""Different values of a block as ascending 64-bit numbers: themselves, or hashes of texts."""


class Distinct(NamedTuple):
    """A count of different values; `most` is None where `least` is exact."""

    least: int
    most: int | None = None


def keys_of(values: NDArray[np.generic]) -> Keys | None:
    """Return different values as keys; None for more than are counted exactly."""
    if len(values) > MOST_KEYS:
        return None
    wide = values.astype(np.float64) + 0.0 if values.dtype.kind == "f" else values.astype(np.int64)
    return np.sort(wide.view(np.uint64))


def joined(keys: Sequence[Keys | None]) -> Keys | None:
    """Return the keys of all blocks; None where a block has none, or they are too many."""
    known = [one for one in keys if one is not None]
    if len(known) < len(keys):
        return None
    together = known[0]
    for one in known[1:]:
        together = np.union1d(together, one)
        if len(together) > MOST_KEYS:
            return None
    return together


def merged(columns: Sequence[Column]) -> Distinct | None:
    """Return the different values of parts together; None where one part does not know.

    Exact where every part names all its values, or where no two parts' ranges touch.
    """
    seen = [column for column in columns if column.n + _infinite(column)]
    if any(column.distinct is None for column in seen):
        return None
    least = [column.distinct or 0 for column in seen]
    most = [column.distinct_at_most or column.distinct or 0 for column in seen]
    named = [_named(column) for column in seen]
    together: set[object] = set().union(*(values for values, _ in named))
    if all(complete for _, complete in named):
        return Distinct(len(together))
    if _apart(seen):
        return _within(sum(least), sum(most))
    return _within(max(*least, len(together)), sum(most))


def _within(least: int, most: int) -> Distinct:
    return Distinct(least, most if most > least else None)


def _infinite(column: Column) -> int:
    return column.plus_infinities + column.minus_infinities


def _named(column: Column) -> tuple[set[object], bool]:
    """Return the values a column names, and whether these are all it has."""
    points = grid.restored(column.numbers.quantiles if column.numbers else None, column.n)
    if points is not None and grid.whole(points) and not _infinite(column):
        return set(points.at.tolist()), len(points.at) == column.distinct
    top: set[object] = {value for value, _ in column.top}
    infinities: set[object] = set()
    if column.plus_infinities:
        infinities.add("inf")
    if column.minus_infinities:
        infinities.add("-inf")
    return top | infinities, sum(count for _, count in column.top) == column.n


def _apart(columns: Sequence[Column]) -> bool:
    """Return whether the ranges of numbers follow each other without touching."""
    ends = []
    for column in columns:
        numbers = column.numbers
        if numbers is None or numbers.min is None or numbers.max is None or _infinite(column):
            return False
        ends.append((numbers.min, numbers.max))
    ends.sort()
    return all(one[1] < following[0] for one, following in pairwise(ends))
