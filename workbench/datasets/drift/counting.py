"""Two columns of categories as one table of counts, of what is known on both sides.

A profile keeps at most 200 values with their counts, and where there are more it counts the rows
of texts in buckets. A value stands here by its name only where its count is known on both sides. A
value that one side keeps and the other has hardly, if at all, stands there with the most it can
have. All other rows stand by bucket; and as one number where a profile has no buckets. Such a table
can hide a change of the values themselves, but never shows one that is none.
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.profile import BUCKETS, Column
from workbench.datasets.profiling import buckets, tops
from workbench.datasets.table import BOOLEAN, INTEGER

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

_FAR = 10
"""How many times as frequent as a value can be that is not kept, one of the other side must be to
stand by its name."""
_SURE = 3
"""Deviations of chi-square that replaced values must make to be seen."""
_EXPECTED = 10
"""Rows of the shorter side that a bucket should hold: with fewer, all of them would be rare, and
chi-square would take them as one."""


class Table(NamedTuple):
    """Rows by category on both sides: of each name, then of each bucket of the rest."""

    names: tuple[str, ...]
    a: Floats
    b: Floats
    new: Truths
    """Which of the names the reference has not, for certain."""
    gone: Truths
    rare_a: Truths
    """Which of the names the reference has hardly: so many rows at most."""
    rare_b: Truths
    unsure_a: Floats
    """By how many rows a count may be off, shape as `a`."""
    unsure_b: Floats
    told: bool
    """Values of the rest are told apart, or there is none."""
    most: float
    """The greatest total variation distance of the values themselves that is possible."""


class _Named(NamedTuple):
    """Rows by name on one side."""

    rows: Floats
    low: Floats
    """For certain."""
    absent: Truths
    rare: Truths


def counted(a: Column, b: Column) -> Table:
    """Return the table of two columns that hold categories."""
    one, two = named(a, b), named(b, a)
    lacking = _lacking(a), _lacking(b)
    names = tuple(
        name for name in sorted({*one, *two})
        if (name in one or _hardly(lacking[0] / a.n, two[name] / b.n))
        and (name in two or _hardly(lacking[1] / b.n, one[name] / a.n))
    )  # fmt: skip
    first, second = _of(one, names, lacking[0]), _of(two, names, lacking[1])
    rest, told = _rest(a, b, names, first.rows, second.rows)
    shared = float(np.minimum(first.low / a.n, second.low / b.n).sum())
    return Table(
        names,
        np.append(first.rows, rest[0]),
        np.append(second.rows, rest[1]),
        first.absent,
        second.absent,
        first.rare,
        second.rare,
        _unsure(a, first, rest[0]),
        _unsure(b, second, rest[1]),
        told=told,
        most=1.0 - shared,
    )


def _hardly(share: float, other: float) -> bool:
    """Say whether a value that is not kept is so rare beside the other side that it has a name."""
    return share * _FAR <= other


def _of(side: dict[str, int], names: tuple[str, ...], lacking: int) -> _Named:
    """Return the rows of names; of one that is not kept the most that are possible."""
    low = np.array([side.get(name, 0) for name in names], np.float64)
    kept = np.array([name in side for name in names], np.bool_)
    rare = ~kept & (lacking > 0)
    return _Named(np.where(rare, float(lacking), low), low, ~kept & (lacking == 0), rare)


def _unsure(column: Column, found: _Named, rest: Floats) -> Floats:
    """Return by how many rows each count may be off; what a name has too many the rest has not."""
    off = found.rows - found.low + float(column.top_within)
    return np.append(off, np.minimum(off.sum(), np.full(len(rest), float(column.other))))


def _rest(
    a: Column, b: Column, names: tuple[str, ...], first: Floats, second: Floats
) -> tuple[tuple[Floats, Floats], bool]:
    """Return the rows of both sides that are of no name, and whether they are told apart."""
    left = max(a.n - first.sum(), 0.0), max(b.n - second.sum(), 0.0)
    if not any(left):
        return (np.zeros(0), np.zeros(0)), True
    whole = buckets.of_column(a), buckets.of_column(b)
    if not all(whole) or not _texts(a, b):
        return (np.array([left[0]]), np.array([left[1]])), False
    many = min(_enough(sum(left), a.n, b.n), *map(len, whole))
    at = buckets.places(names, many)
    one, two = (
        buckets.folded(side, many) - np.bincount(at, known, many)
        for side, known in zip(whole, (first, second), strict=True)
    )
    return (np.maximum(one, 0.0), np.maximum(two, 0.0)), _seen(
        a, b, len(names), min(left[0] / a.n, left[1] / b.n), many
    )


def _seen(a: Column, b: Column, names: int, rest: float, many: int) -> bool:
    """Say whether buckets would show that all values of the rest are others.

    Chi-square of k buckets deviates by √(2k). Values that were replaced make it greater by k times
    the rows of the rest over D, their number, on either side, and over 1/n₁ + 1/n₂: values must
    repeat, or nobody can tell. That is halved, as values that no row happens to have are among
    them too.
    """
    known = (max((one.distinct_at_most or one.distinct or one.n) - names, 1) for one in (a, b))
    share = rest * a.n * b.n / (a.n + b.n)
    more = sum(share / different for different in known) / 2
    return bool(more * sqrt(many / 2) >= _SURE)


def _enough(rows: float, n1: int, n2: int) -> int:
    """Return into how many buckets rows fit so that each is expected often enough; at least 1."""
    expected = rows * min(n1, n2) / (n1 + n2) / _EXPECTED
    return int(min(2 ** max(int(np.log2(max(expected, 1.0))), 0), BUCKETS))


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
