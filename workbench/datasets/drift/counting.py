"""Two columns of categories as one table of counts, taken as alike where nothing tells them apart.

A profile keeps at most 200 values with their counts; the rest is one number. A value that one side
keeps may be among the rest of the other, any number of times up to the rarest that is kept. Of all
counts that are possible the ones nearest to "no change" are taken, so that what a profile leaves
out is never a change.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import Column
from workbench.datasets.profiling import tops
from workbench.datasets.table import BOOLEAN, INTEGER

Floats = NDArray[np.float64]


class Table(NamedTuple):
    """Rows by category on both sides; `names` has one entry less where the last is the rest."""

    names: tuple[str, ...]
    a: Floats
    b: Floats
    new: NDArray[np.bool_]
    """Which of the names the reference has not, for certain."""
    gone: NDArray[np.bool_]
    unsure_a: float
    """By how many rows of a side the counts may be off, all together."""
    unsure_b: float


def counted(a: Column, b: Column) -> Table:
    """Return the table of two columns that hold categories."""
    one, two = named(a, b), named(b, a)
    names = tuple(
        sorted({*one, *two})
    )  # of equally rare ones the same join, whichever side is which
    lacking = _lacking(a), _lacking(b)
    low = [np.array([side.get(name, 0) for name in names], np.float64) for side in (one, two)]
    high = [
        low[k] + np.array([column.top_within if name in side else lacking[k] for name in names])
        for k, (column, side) in enumerate(((a, one), (b, two)))
    ]
    ratio = a.n / b.n
    first = np.clip(low[1] * ratio, low[0], high[0])
    second = np.clip(first / ratio, low[1], high[1])
    first, second = _within(first, low[0], a.n), _within(second, low[1], b.n)
    rest = a.n - first.sum(), b.n - second.sum()
    new = np.array([name not in one for name in names], np.bool_) & (lacking[0] == 0)
    gone = np.array([name not in two for name in names], np.bool_) & (lacking[1] == 0)
    unsure = (
        min(float((high[0] - low[0]).sum()), float(a.other)),
        min(float((high[1] - low[1]).sum()), float(b.other)),
    )
    if max(rest) >= 0.5:  # noqa: PLR2004 - less is rounding
        first, second = np.append(first, max(rest[0], 0.0)), np.append(second, max(rest[1], 0.0))
    return Table(names, first, second, new, gone, *unsure)


def _within(likely: Floats, low: Floats, n: int) -> Floats:
    """Return counts that do not add up to more than there are rows."""
    added, room = float((likely - low).sum()), n - float(low.sum())
    return likely if added <= room else low + (likely - low) * (max(room, 0.0) / added)


def _lacking(column: Column) -> int:
    """Return how often a value that is not kept may be there."""
    return tops.Part(column.top, column.top_within, column.n, column.sensitive).missing


def named(column: Column, other: Column) -> dict[str, int]:
    """Return a column's kept values with their counts, named as the other column names them.

    Whole numbers of a column of floats are ``1``, not ``1.0``; true and false are 1 and 0 beside
    numbers, and ``true`` and ``false`` beside texts however those are written.
    """
    if column.type == other.type == INTEGER or _texts(column, other):
        return dict(column.top)
    found = dict[str, int]()
    for value, rows in column.top:
        name = _plain(value, column, other)
        found[name] = found.get(name, 0) + rows
    return found


def _texts(column: Column, other: Column) -> bool:
    return column.numbers is None and other.numbers is None


def _plain(value: str, column: Column, other: Column) -> str:
    if BOOLEAN in (column.type, other.type):
        if column.type == other.type:
            return value
        lowered = value.lower()
        if other.numbers is None or column.numbers is None:
            return lowered
        return {"true": "1", "false": "0", "1.0": "1", "0.0": "0"}.get(lowered, lowered)
    try:
        as_float = float(value)
    except ValueError:
        return value
    whole = as_float.is_integer() and abs(as_float) < 2**53
    return str(int(as_float)) if whole else repr(as_float)
