"""Whether a stored profile can be of any table: what was planted or damaged must not be shown.

Only what holds of every profile that is made, merged or hidden is asked here.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from workbench.datasets.profile import BUCKETS, Column, Lengths, Moments, Numbers, Profile
from workbench.words import visible

_NEAR = 1e-9
"""Of the largest: quartiles are reckoned, so this much two may lie the wrong way round."""


def impossible(profile: Profile) -> str:
    """Return what of a profile can be of no table, in words; empty where nothing is."""
    alone = (profile.rows, profile.sampled, profile.duplicates or 0, *(p.n for p in profile.pairs))
    if not all(0 <= count <= profile.rows for count in alone):
        return f"its counts do not fit into {profile.rows:,} rows"
    for column in profile.columns:
        if not _fits(column, profile.rows):
            return f"the counts of {visible(column.name[:80])!r} do not fit into its rows"
        if column.numbers and not _in_order(column.numbers):
            return f"the numbers of {visible(column.name[:80])!r} are in no order"
    return ""


def _fits(column: Column, rows: int) -> bool:
    """Say whether the counts of a column fit together; of one with a fault there are none."""
    if column.fault:
        return True
    apart = (
        column.nulls, column.nans, column.plus_infinities, column.minus_infinities, column.n
    )  # fmt: skip
    kept = [count for _, count in column.top]
    given = column.rows - column.nulls - column.nans
    return (
        column.rows == rows == sum(apart)
        and min(0, column.other, *apart, *kept) == 0
        and sum(kept) + column.other <= column.n
        and _in_buckets(column.buckets, column.n)
        and 0 <= (column.distinct or 0) <= given
        and all(0 <= count <= column.n for count in _parts(column))
    )


def _in_buckets(rows: Sequence[int], n: int) -> bool:
    """Say whether every value is in a bucket, and there are as many buckets as can be."""
    if not rows:
        return True
    return min(rows) >= 0 and sum(rows) == n and BUCKETS % len(rows) == 0


def _parts(column: Column) -> Iterator[int]:
    """Yield counts of some of the values that are there."""
    yield from (column.numeric_texts, column.moment_texts)
    yield from (column.padded_texts, column.broken_texts)
    match column.numbers:
        case Numbers(zeros=zeros, negatives=negatives):
            yield from (zeros, negatives, zeros + negatives)
    match column.lengths:
        case Lengths(empty=empty):
            yield empty
    match column.moments:
        case Moments(hours=hours, weekdays=weekdays, months=months):
            for tally in (hours, weekdays, months):
                yield from tally
                yield sum(tally)


def _in_order(numbers: Numbers) -> bool:
    ends = (numbers.min, numbers.q1, numbers.median, numbers.q3, numbers.max)
    there = [one for one in ends if one is not None]
    near = max(map(abs, there), default=0.0) * _NEAR
    return all(a <= b + near for a, b in pairwise(there))
