"""How many different values there are: exact to a million, then within bounds."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import Column
from workbench.datasets.profiling import grid
from workbench.datasets.table import DECIMAL, INTEGER

MOST_KEYS: Final = 1_000_000
LONGEST_EXACT: Final = 15
"""Digits up to which two different decimals are two floats."""
_LARGEST_EXACT: Final = 2.0**53
_SCALE: Final = re.compile(r"scale=(\d+)")
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
    infinite = (
        any(one.plus_infinities for one in columns),
        any(one.minus_infinities for one in columns),
    )
    seen = [column for column in columns if column.n]
    if any(column.distinct is None for column in seen or columns):
        return None
    found = _finite(seen) if seen else Distinct(0)
    most = None if found.most is None else found.most + sum(infinite)
    return Distinct(found.least + sum(infinite), most)


def _finite(columns: Sequence[Column]) -> Distinct:
    """Return the different values of parts that have some, without the infinities."""
    named = _points(columns) or [{value for value, _ in column.top} for column in columns]
    together: set[object] = set().union(*named)
    least = [(column.distinct or 0) - _ends(column) for column in columns]
    if all(len(values) == count for values, count in zip(named, least, strict=True)):
        return Distinct(len(together))
    most = [
        count if column.distinct_at_most is None else column.distinct_at_most - _ends(column)
        for column, count in zip(columns, least, strict=True)
    ]
    low, high = sum(least) if _apart(columns) else max(*least, len(together), 0), sum(most)
    return Distinct(low, high if high > low else None)


def _ends(column: Column) -> int:
    """Return how many of the different values are infinities."""
    return bool(column.plus_infinities) + bool(column.minus_infinities)


def _points(columns: Sequence[Column]) -> list[set[object]]:
    """Return the values of every part, where the grids of all hold them; else nothing."""
    found: list[set[object]] = []
    for column in columns:
        points = grid.restored(column.numbers.quantiles if column.numbers else None, column.n)
        if points is None or not grid.whole(points) or not told_apart(column):
            return []
        found.append(set(points.at.tolist()))
    return found


def told_apart(column: Column) -> bool:
    """Return whether no two different values of a column are one point of its grid."""
    points = column.numbers and column.numbers.quantiles
    if not points or not points.at:
        return True
    largest = max(abs(points.at[0]), abs(points.at[-1]))
    if column.type == INTEGER:
        return largest < _LARGEST_EXACT
    scale = _SCALE.search(column.dtype)
    if column.type != DECIMAL or scale is None:
        return column.type != DECIMAL
    return largest * 10.0 ** int(scale[1]) < 10.0**LONGEST_EXACT


def _apart(columns: Sequence[Column]) -> bool:
    """Return whether the ranges of numbers follow each other without touching."""
    ends = []
    for column in columns:
        numbers = column.numbers
        if numbers is None or numbers.min is None or numbers.max is None:
            return False
        ends.append((numbers.min, numbers.max))
    ends.sort()
    return all(one[1] < following[0] for one, following in pairwise(ends))
