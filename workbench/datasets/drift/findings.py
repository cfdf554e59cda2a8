"""Observed facts that are no test of a distribution: of a column, and of the table as a whole."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from workbench.datasets import table
from workbench.datasets.drift import significance
from workbench.datasets.drift.aspects import Asked
from workbench.datasets.drift.report import BREAKING, NOTE, WARNING, Finding
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profile import Column, Profile
from workbench.datasets.profiling.moments import nanoseconds
from workbench.words import duration, number, percent, plural, visible

SURE: Final = 0.001
"""The p below which a share that no verdict rests on is more than chance."""
_SECOND: Final = 1_000_000_000


# -- of a column -------------------------------------------------------------------------


def of_column(a: Column, b: Column, asked: Asked) -> list[Finding]:
    """Return values outside what the reference holds, and a constant that is one no longer."""
    found = (_constant(a, b), _out_of_range(a, b, asked.thresholds))
    return [one for one in found if one is not None]


def _constant(a: Column, b: Column) -> Finding | None:
    if not a.n or not b.n or a.sensitive or b.sensitive:
        return None
    old, new = _only_value(a), _only_value(b)
    if (old is None and new is None) or old == new:
        return None
    if old is None:
        if b.n < asked_rows(a):
            return None
        return Finding("constant changed", f"only {new} now, it varied before", WARNING, a.name)
    now = new if new is not None else f"{plural(b.distinct or 0, 'different value')}"
    return Finding("constant changed", f"always {old} in the reference, {now} now", WARNING, a.name)


def asked_rows(_a: Column) -> int:
    """Return from how many rows on one value alone is worth a word."""
    return 30


def _only_value(column: Column) -> str | None:
    """Return the one value of a column; None where there are several."""
    if column.distinct != 1 or column.distinct_at_least or not column.n:
        return None
    numbers = column.numbers
    if numbers is not None and numbers.min is not None and column.type != table.BOOLEAN:
        return number(numbers.min, 12)
    if not column.top:
        return None
    return visible(column.top[0][0])


def _out_of_range(a: Column, b: Column, limits: Thresholds) -> Finding | None:
    """Return the share of values beyond the reference's ends, where it is more than chance.

    Of as many values as both sides have, the most extreme ones come from one side alone by chance
    too: of k beyond one end that is the current side's share to the power of k.
    """
    if not a.n or not b.n or not a.numbers or not b.numbers or a.type == table.BOOLEAN:
        return None
    low, high, points = a.numbers.min, a.numbers.max, b.numbers.quantiles
    if low is None or high is None or points is None:
        return None
    below = max(
        (share for x, share in zip(points.at, points.upto, strict=True) if x < low), default=0.0
    )
    above = 1 - min(
        (share for x, share in zip(points.at, points.below, strict=True) if x > high), default=1.0
    )
    share = below + above
    chance = 2 * (b.n / (a.n + b.n)) ** (max(below, above) * b.n)
    if share < limits.out_of_range or chance > SURE:
        return None
    sides = [
        f"{percent(one)} {word} {number(end)}"
        for one, word, end in ((below, "below", low), (above, "above", high))
        if one
    ]
    words = f"outside the reference's range: {', '.join(sides)}"
    return Finding("out of range", words, WARNING, a.name, share, limits.out_of_range)


# -- of a table --------------------------------------------------------------------------


def of_columns(
    a: Profile, b: Profile, wanted: Callable[[str], bool], parts: Mapping[str, str]
) -> list[Finding]:
    """Return columns that are on one side only.

    Args:
        a: The reference.
        b: The current data.
        wanted: Whether a column is looked at.
        parts: Columns that are predictions or labels: labels come late, so without one nothing
            is broken.
    """
    old, new = ([one.name for one in side.columns if wanted(one.name)] for side in (a, b))
    found = [
        Finding("missing column", f"{_named(name)} is not there any more", _gone(name, parts), name)
        for name in old
        if name not in set(new)
    ]
    return found + [
        Finding("new column", f"{_named(name)} is not in the reference", NOTE, name)
        for name in new
        if name not in set(old)
    ]


def _gone(name: str, parts: Mapping[str, str]) -> str:
    return NOTE if name in parts else BREAKING


def _named(name: str) -> str:
    return f"'{visible(name)}'"


def of_table(a: Profile, b: Profile, limits: Thresholds) -> list[Finding]:
    """Return what is to be known of the rows as a whole."""
    found = _repeated(a, b, limits)
    return [found] if found else []


def _repeated(a: Profile, b: Profile, limits: Thresholds) -> Finding | None:
    if a.duplicates is None or b.duplicates is None or not a.rows or not b.rows:
        return None
    old, new = a.duplicates / a.rows, b.duplicates / b.rows
    p = significance.proportions(a.duplicates, a.rows, b.duplicates, b.rows)
    if new - old < limits.duplicates or p > SURE:
        return None
    words = f"{percent(new)} of the rows repeat an earlier one, {percent(old)} in the reference"
    return Finding("duplicates", words, WARNING, "", new - old, limits.duplicates)


def of_identifier(a: Column, b: Column) -> Finding | None:
    """Return that a column which named rows repeats itself now."""
    if a.distinct != a.n or not b.n or b.distinct is None or b.distinct_at_least:
        return None
    if b.distinct >= b.n:
        return None
    words = f"{_named(a.name)} names no row any more: {plural(b.distinct, 'different value')} in {plural(b.n, 'row')}"
    return Finding("identifier", words, WARNING, a.name, 1 - b.distinct / b.n)


def of_age(
    b: Profile, end: float | None, now: float | None, fresh_s: float | None
) -> Finding | None:
    """Return that the newest row is older than it may be.

    Args:
        b: The current data.
        end: The latest moment of the part, seconds since 1970; else that of any column counts.
        now: The time to measure from; None: nobody asks.
        fresh_s: How old the newest row may be; None: as old as it likes.
    """
    if now is None or fresh_s is None:
        return None
    newest = end if end is not None else latest(b.columns)
    if newest is None or now - newest <= fresh_s:
        return None
    age = now - newest
    words = f"the newest row is {duration(age)} old, {duration(fresh_s)} is allowed"
    return Finding("freshness", words, WARNING, "", age, fresh_s)


def latest(columns: Sequence[Column]) -> float | None:
    """Return the latest moment of any column, seconds since 1970; None without any."""
    found = []
    for column in columns:
        if column.moments is None or column.sensitive or column.type == table.TIME:
            continue
        try:
            found.append(nanoseconds(column.moments.last) / _SECOND)
        except ValueError:
            continue
    return max(found, default=None)
