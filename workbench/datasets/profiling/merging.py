"""Profiles of parts as the profile of the whole, with what is lost stated beside each figure.

Counts, ends, sums and tallies are exact. Points of the grid and counts of frequent values carry
by how much they may be off, the number of different values its two bounds. What cannot be had
from parts (correlations, duplicates) is left out, and the profile says so.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

from msgspec.structs import replace

from workbench import words
from workbench.datasets.fields import Fields
from workbench.datasets.profile import MOST_VALUES, Column, Profile
from workbench.datasets.profiling import (
    buckets,
    distinct,
    grid,
    moments,
    numbers,
    roles,
    texts,
    tops,
)
from workbench.datasets.profiling.grid import Floats
from workbench.datasets.profiling.hiding import hidden
from workbench.datasets.profiling.roles import SAID, role
from workbench.datasets.profiling.schema import schema_hash
from workbench.datasets.profiling.tops import FEW_VALUES
from workbench.datasets.table import (
    CATEGORICAL,
    DATE,
    DATETIME,
    DECIMAL,
    DURATION,
    FLOAT,
    INTEGER,
    TEXT,
    TIME,
)
from workbench.errors import UsageError

_MEASURED: Final = (FLOAT, DECIMAL, DURATION)
_NUMBERS: Final = (INTEGER, *_MEASURED)
LEFT_OUT: Final = "correlations are not known of profiles that were merged"


def merge(a: Profile, b: Profile) -> Profile:
    """Return the profile of the rows of both.

    Raises:
        UsageError: They are of tables with different columns.
    """
    return merge_all((a, b))


def merge_all(profiles: Sequence[Profile]) -> Profile:
    """Return the profile of the rows of all.

    All at once loses less than one after the other: the bounds of two merges add up.

    Raises:
        UsageError: There are none, or they are of tables with different columns.
    """
    if not profiles:
        raise UsageError("There is no profile to merge.")
    if len(profiles) == 1:
        return profiles[0]
    first = profiles[0]
    for other in profiles[1:]:
        _same_names(first, other)
    labels = {profile.label for profile in profiles}
    label = labels.pop() if len(labels) == 1 else ""
    order = [column.name for column in first.columns]
    parts = [{column.name: column for column in profile.columns} for profile in profiles]
    columns = tuple(_merged([part[name] for part in parts], label) for name in order)
    faults = tuple(dict.fromkeys(fault for profile in profiles for fault in profile.faults))
    return Profile(
        rows=sum(profile.rows for profile in profiles),
        columns=columns,
        schema=schema_hash(columns),
        parts=sum(profile.parts for profile in profiles),
        label=label,
        pairs_left_out=LEFT_OUT,
        faults=faults,
    )


def _same_names(a: Profile, b: Profile) -> None:
    ours, theirs = ({column.name for column in profile.columns} for profile in (a, b))
    if ours != theirs:
        names = sorted(ours ^ theirs)
        shown = ", ".join(words.visible(name) for name in names[:3])
        more = f" and {words.count(len(names) - 3)} more" if len(names) > 3 else ""  # noqa: PLR2004
        raise UsageError(f"Profiles of different columns cannot be merged: {shown}{more}.")


def _merged(parts: Sequence[Column], label: str) -> Column:
    """Return a column of all parts, with its role judged again."""
    found = merged(parts)
    if found.fault:
        return found
    said = {found.name: parts[0].role} if all(p.role_reason == SAID for p in parts) else {}
    keys = {p.role_reason for p in parts} == {roles.KEY}
    fields = Fields(roles=said, label=label, key=(found.name,) if keys else ())
    name, reason = role(found, fields)
    return replace(found, role=name, role_reason=reason)


def merged(
    parts: Sequence[Column], *, levels: Floats = grid.LEVELS, values: int = MOST_VALUES
) -> Column:
    """Return the column of all parts, without a role.

    Args:
        parts: Of one name.
        levels: At which shares points of the grid are kept.
        values: How many of the most frequent values are kept.
    """
    sensitive = any(part.sensitive for part in parts)
    if sensitive:
        parts = [hidden(part, levels) for part in parts]
    first = parts[0]
    rows = sum(part.rows for part in parts)
    blank = Column(first.name, first.type, first.dtype, rows=rows)
    fault = _fault(parts)
    if fault:
        return replace(blank, fault=fault, sensitive=sensitive)
    seen = [part for part in parts if part.n] or [first]
    top = tops.merged(
        [tops.Part(part.top, part.top_within, part.n, part.sensitive) for part in seen],
        _order(first.type),
        most=_most(seen, values),
    )  # fmt: skip
    n = sum(part.n for part in parts)
    counted = replace(
        blank,
        type=FLOAT if {part.type for part in parts} == {INTEGER, FLOAT} else first.type,
        dtype=_one({part.dtype for part in seen}) or first.dtype,
        nulls=sum(part.nulls for part in parts), nans=sum(part.nans for part in parts),
        plus_infinities=sum(part.plus_infinities for part in parts),
        minus_infinities=sum(part.minus_infinities for part in parts),
        n=n, top=top.values, top_within=top.within,
        other=n - sum(count for _, count in top.values),
        buckets=_buckets(parts, n - sum(count for _, count in top.values)),
        numeric_texts=sum(part.numeric_texts for part in parts),
        moment_texts=sum(part.moment_texts for part in parts),
        padded_texts=sum(part.padded_texts for part in parts),
        broken_texts=sum(part.broken_texts for part in parts),
        sensitive=sensitive,
    )  # fmt: skip
    return _exact_top(_measured(counted, parts, levels), values)


def _buckets(parts: Sequence[Column], other: int) -> tuple[int, ...]:
    """Return the rows of texts by bucket, where not all values are kept."""
    texts_alone = all(part.type in (TEXT, CATEGORICAL) for part in parts if part.n)
    return buckets.merged(parts) if other and texts_alone else ()


def _measured(counted: Column, parts: Sequence[Column], levels: Floats) -> Column:
    """Return a merged column with what is more than a sum."""
    different = distinct.merged(parts)
    bounds = {}
    if different is not None:
        bounds = {
            "distinct": different.least, "distinct_at_least": different.most is not None,
            "distinct_at_most": different.most,
        }  # fmt: skip
    return replace(
        counted,
        **bounds,
        numbers=numbers.merged([numbers.Part(p.numbers, p.n) for p in parts if p.numbers], levels),
        lengths=texts.merged([texts.Part(p.lengths, p.n) for p in parts if p.lengths]),
        moments=moments.merged([moments.Part(p.moments, p.n) for p in parts if p.moments], levels),
        rising=_rising(parts),
    )


def _exact_top(column: Column, values: int) -> Column:
    """Return a column with its frequent numbers counted from the grid, where it holds them all.

    Not of 32-bit floats: their texts are shorter than those of the same 64-bit ones.
    """
    points = grid.restored(column.numbers.quantiles if column.numbers else None, column.n)
    plain = column.type in _NUMBERS and column.dtype != "Float32" and not column.sensitive
    plain = plain and distinct.told_apart(column)
    if not column.top_within or not plain or points is None or not grid.whole(points):
        return column
    text = (lambda value: str(int(value))) if column.type == INTEGER else str
    times = points.upto - points.below
    found = tops.of_runs(points.at, times, text, _most([column], values))
    other = column.n - sum(count for _, count in found.values)
    return replace(column, top=found.values, top_within=0, other=other)


def _order(of: str) -> Callable[[str], Any]:
    """Return how values of a type are ordered, where it is not as texts."""
    if of in _NUMBERS:
        return float
    return moments.nanoseconds if of in (DATE, DATETIME, TIME) else str


def _most(parts: Sequence[Column], values: int) -> int:
    """Return how many values are kept; few of measured numbers, which hardly ever repeat."""
    return FEW_VALUES if parts[0].type in _MEASURED else values


def _fault(parts: Sequence[Column]) -> str:
    """Return why a column of these parts cannot be said, in words; empty where it can."""
    found = next((part.fault for part in parts if part.fault), "")
    if found:
        return f"of a part: {found}"
    types = sorted({part.type for part in parts if part.n})
    if len(types) > 1 and set(types) != {INTEGER, FLOAT}:
        return f"the parts differ in type: {' and '.join(types)}"
    return ""


def _one(of: set[str]) -> str:
    return next(iter(of)) if len(of) == 1 else ""


def _rising(parts: Sequence[Column]) -> bool:
    """Return whether values rise within every part and from each to the next."""
    seen = [part for part in parts if part.n]
    if not seen or not all(part.rising for part in seen) or any(map(_infinite, parts)):
        return False
    ends = [_ends(part) for part in seen]
    known = [end for end in ends if end is not None]
    pairs = pairwise(known)
    return len(known) == len(ends) and all(one[1] <= following[0] for one, following in pairs)


def _ends(column: Column) -> tuple[float, float] | None:
    numbers_, moments_ = column.numbers, column.moments
    if moments_ is not None:
        return moments.nanoseconds(moments_.first), moments.nanoseconds(moments_.last)
    if numbers_ is None or numbers_.min is None or numbers_.max is None:
        return None
    return numbers_.min, numbers_.max


def _infinite(column: Column) -> int:
    return column.nans + column.plus_infinities + column.minus_infinities
