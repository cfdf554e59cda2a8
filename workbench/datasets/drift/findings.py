"""Observed facts that are no test of a distribution: of a column, and of the table as a whole."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import sqrt
from typing import Final

from workbench.datasets import table
from workbench.datasets.drift import significance
from workbench.datasets.drift.aspects import Asked
from workbench.datasets.drift.report import NOTE, WARNING, Finding
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profile import NUMBER, Column, Profile, Quantiles
from workbench.datasets.profiling.moments import nanoseconds
from workbench.datasets.profiling.roles import KEY, SAID
from workbench.words import duration, number, percent, plural, visible

MISSING_COLUMN: Final = "missing column"
CONSTANT_CHANGED: Final = "constant changed"
SURE: Final = 0.001
"""The p below which a share that no verdict rests on is more than chance."""
_WORTH_A_WORD: Final = 30
"""Rows from which on a column that holds one value now is no accident."""
_SECOND: Final = 1_000_000_000
_UNSEEN: Final = 7
"""Rows that repeat on average where none was seen to, at most; p 0.001."""


# -- of a column -------------------------------------------------------------------------


def of_column(a: Column, b: Column, role: str, asked: Asked) -> tuple[Finding, ...]:
    """Return values outside what the reference holds, and a constant that is one no longer."""
    if not a.n or not b.n:
        return ()
    found = (_constant(a, b), _out_of_range(a, b, asked.thresholds) if role == NUMBER else None)
    return tuple(one for one in found if one is not None)


def _constant(a: Column, b: Column) -> Finding | None:
    if a.sensitive or b.sensitive:
        return None
    old, new = _only_value(a), _only_value(b)
    if old == new:
        return None
    if old is None:
        before = dict(a.top).get(b.top[0][0], 0) if b.top else 0
        few = min(a.n, b.n) < _WORTH_A_WORD
        if few or significance.proportions(before, a.n, b.n, b.n) > SURE:
            return None
        return Finding(CONSTANT_CHANGED, f"only {new} now, it varied before", WARNING, a.name)
    now = new if new is not None else plural(b.distinct or 0, "different value")
    return Finding(CONSTANT_CHANGED, f"always {old} in the reference, {now} now", WARNING, a.name)


def _only_value(column: Column) -> str | None:
    """Return the one value of a column; None where there are several."""
    infinite = column.plus_infinities + column.minus_infinities
    if column.distinct != 1 or column.distinct_at_least or infinite:
        return None
    numbers = column.numbers
    if numbers is not None and numbers.min is not None and column.type != table.BOOLEAN:
        return number(numbers.min, 12)
    return visible(column.top[0][0]) if column.top else None


def _out_of_range(a: Column, b: Column, limits: Thresholds) -> Finding | None:
    """Return the share of values beyond the reference's ends, where it is more than chance.

    Of as many values as both sides have, the most extreme ones come from one side alone by chance
    too: of k beyond one end that is the current side's share to the power of k.
    """
    points = b.numbers.quantiles if b.numbers else None
    low, high = (a.numbers.min, a.numbers.max) if a.numbers else (None, None)
    if low is None or high is None or points is None:
        return None
    below, above = _beyond(points, low, high)
    share = below + above
    chance = 2 * (b.n / (a.n + b.n)) ** (max(below, above) * b.n)
    if share < limits.out_of_range or chance > SURE:
        return None
    ends = ((below, "below", low), (above, "above", high))
    sides = [f"{percent(one)} {word} {number(end)}" for one, word, end in ends if one]
    words = f"outside the reference's range: {' and '.join(sides)}"
    return Finding("out of range", words, WARNING, a.name, share, limits.out_of_range)


def _beyond(points: Quantiles, low: float, high: float) -> tuple[float, float]:
    """Return the share of values that are certainly below and above two places."""
    under, over = bisect_left(points.at, low), bisect_right(points.at, high)
    below = points.upto[under - 1] if under else 0.0
    above = max(1 - points.below[over], 0.0) if over < len(points.at) else 0.0
    return below, above


# -- of a table --------------------------------------------------------------------------


def of_columns(
    a: Profile, b: Profile, wanted: Callable[[str], bool], gone: Callable[[Column], str]
) -> list[Finding]:
    """Return columns that are on one side only.

    Args:
        a: The reference.
        b: The current data.
        wanted: Whether a column is looked at.
        gone: How grave it is that one is not there any more.
    """
    old, new = ({one.name: one for one in side.columns if wanted(one.name)} for side in (a, b))
    lost = [one for name, one in old.items() if name not in new]
    said = [
        Finding(MISSING_COLUMN, f"{_named(one.name)} is not there any more", gone(one), one.name)
        for one in lost
    ]
    return said + [
        Finding("new column", f"{_named(name)} is not in the reference", NOTE, name)
        for name in new
        if name not in old
    ]


def _named(name: str) -> str:
    return f"'{visible(name)}'"


def of_table(a: Profile, b: Profile, limits: Thresholds) -> list[Finding]:
    """Return that more rows repeat earlier ones, where that is more than chance."""
    if a.duplicates is None or b.duplicates is None or not a.rows or not b.rows:
        return []
    due = _repeated_of(a.duplicates, a.rows, b.rows)
    old, new, grown = a.duplicates / a.rows, b.duplicates / b.rows, due / a.rows
    p = significance.proportions(due, a.rows, b.duplicates, b.rows)
    if new - grown < limits.duplicates or p > SURE:
        return []
    words = f"{percent(new)} of the rows repeat an earlier one, {percent(old)} in the reference"
    return [Finding("duplicates", words, WARNING, "", new - grown, limits.duplicates)]


def _repeated_of(repeated: int, rows: int, of: int) -> int:
    """Return how many of some rows may repeat if as many more rows of their kind were drawn.

    Of more rows a greater share repeats: the number of repeated rows grows at most with the square
    of the rows. What they are on average is at most the Poisson limit of what was seen.
    """
    if of <= rows:
        return repeated
    most = repeated + 3 * sqrt(repeated) + _UNSEEN
    return min(rows, round(most * of / rows))


def of_identifier(a: Column, b: Column) -> list[Finding]:
    """Return that a column which named rows repeats itself now, where that is more than chance.

    Texts that are merely different in the reference repeat by chance where more rows are drawn: of
    r pairs that are alike all are of the current side with its share of all pairs, to the power of
    r.
    """
    if a.distinct != a.n or b.distinct is None or b.distinct_at_least or b.distinct >= b.n:
        return []
    pairs = [side.n * (side.n - 1) / 2 for side in (a, b)]
    named = a.role_reason in (KEY, SAID)
    if not named and (pairs[1] / sum(pairs)) ** (b.n - b.distinct) > SURE:
        return []
    different = plural(b.distinct, "different value")
    words = f"{_named(a.name)} names no row any more: {different} in {plural(b.n, 'row')}"
    return [Finding("identifier", words, WARNING, a.name, 1 - b.distinct / b.n)]


def of_age(newest: float | None, now: float, oldest_s: float) -> list[Finding]:
    """Return that the newest row is older than it may be.

    Args:
        newest: Its moment, seconds since 1970; None where nothing says when rows are from.
        now: The time to measure from.
        oldest_s: How old it may be.
    """
    if newest is None or now - newest <= oldest_s:
        return []
    words = f"the newest row is {duration(now - newest)} old, {duration(oldest_s)} is allowed"
    return [Finding("freshness", words, WARNING, "", now - newest, oldest_s)]


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
