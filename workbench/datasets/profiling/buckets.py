"""Rows of a column of texts by a hash of their value: what 200 kept values leave untold.

Of a column with more different values than are kept the rest would be one number, the same for
codes that stayed and for codes that were all replaced. So rows are counted in 256 buckets too. The
hash is fixed: buckets of two profiles lie beside each other whatever version made them, and those
of parts add up.
"""

from collections.abc import Iterable, Sequence
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.fields import FEWEST
from workbench.datasets.profile import BUCKETS, Column

_FEWEST: Final = 16
"""Buckets below which those of a sensitive column are not worth keeping."""
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
"""2⁶⁴ over the golden ratio: Knuth's multiplicative hash. Without it codes that differ in one
letter alone would fall into buckets that are only numbered otherwise."""

Counts = NDArray[np.int64]


def places(values: Iterable[str], buckets: int = BUCKETS) -> Counts:
    """Return the bucket of each value as it is kept, 0 to ``buckets`` - 1.

    Args:
        values: As a profile keeps them.
        buckets: How many there are; a power of two.
    """
    sums = np.array([crc32(value.encode("utf-8", "surrogatepass")) for value in values], np.uint64)
    sums ^= sums >> np.uint64(15)
    high = (sums * _ODD) >> np.uint64(56)
    return np.asarray(high.astype(np.int64) * buckets // BUCKETS)


def counted(values: Iterable[str], times: Iterable[int], buckets: int = BUCKETS) -> Counts:
    """Return the rows by bucket of values that are there so many times."""
    at = places(values, buckets)
    weights = np.fromiter(times, np.int64, len(at))
    return np.bincount(at, weights, buckets).astype(np.int64)


def of_column(column: Column) -> tuple[int, ...]:
    """Return the rows of a column by bucket; empty where they are not known."""
    if column.buckets or column.other or column.top_within:
        return column.buckets
    return tuple(counted(*_split(column.top)).tolist())


def _split(top: Sequence[tuple[str, int]]) -> tuple[list[str], list[int]]:
    return [value for value, _ in top], [times for _, times in top]


def folded(counts: Sequence[int], buckets: int) -> Counts:
    """Return the rows in fewer buckets."""
    return np.asarray(np.array(counts, np.int64).reshape(buckets, -1).sum(axis=1))


def merged(parts: Sequence[Column]) -> tuple[int, ...]:
    """Return the rows of all parts by bucket; empty where those of a part are not known."""
    found = [of_column(part) for part in parts if part.n]
    if not found or not all(found):
        return ()
    buckets = min(map(len, found))
    return tuple(np.sum([folded(one, buckets) for one in found], axis=0).tolist())


def safe(column: Column, top: Sequence[tuple[str, int]]) -> tuple[int, ...]:
    """Return as many buckets of a sensitive column as tell nothing of fewer than five rows.

    Who knows the values that are kept can take them from their buckets: what is left in each must
    be five rows at least. Where that leaves hardly any bucket, there is none.

    Args:
        column: Its summary.
        top: The values that are kept of it.
    """
    whole = column.buckets
    while len(whole) >= _FEWEST:
        left = np.array(whole) - counted(*_split(top), len(whole))
        if left.min() >= FEWEST:
            return tuple(whole)
        whole = tuple(folded(whole, len(whole) // 2).tolist())
    return ()
