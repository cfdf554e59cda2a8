"""What of a column deserves a second look, in a few words each, the gravest first."""

from collections.abc import Iterator, Sequence
from typing import Final

from workbench import words
from workbench.datasets import table
from workbench.datasets.fields import MASK
from workbench.datasets.profile import CATEGORY, CONSTANT, EMPTY, NUMBER, WORDS, Column
from workbench.datasets.profiling import grid

ALMOST: Final = 0.999
"""Share of the most frequent value from which a column is almost constant."""
_MANY_MISSING: Final = 0.2
_MOSTLY: Final = 0.9
"""Share of texts that read as numbers from which the rest stands out."""
_MANY_CATEGORIES: Final = 1_000
_FAR: Final = 20
"""Robust scales between the median and an end beyond which the end is far out."""
_SKEWED: Final = 10
_PLACEHOLDERS: Final = frozenset(
    ("na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", "unknown", "missing", "#n/a")
)


def warnings(column: Column, rows: int) -> tuple[str, ...]:
    """Return what deserves a second look; empty for a column like any other.

    Args:
        column: The column.
        rows: Of the table.
    """
    if column.fault:
        return (f"could not be summarised: {column.fault}",)
    if not rows:
        return ()
    return tuple(
        one
        for part in (_missing, _sameness, _infinite, _texts, _categories, _numbers)
        for one in part(column, rows)
    )


def _missing(column: Column, rows: int) -> Iterator[str]:
    share = column.nulls / rows
    if column.role == EMPTY and column.nulls == rows:
        yield "every value is null"
    elif share >= _MANY_MISSING:
        yield f"{words.percent(share)} null"
    if column.nans:
        yield f"{words.count(column.nans)} NaN"


def _sameness(column: Column, _rows: int) -> Iterator[str]:
    if column.role == CONSTANT or not column.n or not column.top:
        if column.role == CONSTANT:
            yield "constant"
        return
    value, count = column.top[0]
    share = count / column.n
    if share >= ALMOST and column.n > 1:
        same = "all that are there are" if count == column.n else f"{_share(share)} is"
        shown = MASK if column.sensitive else words.visible(value)[:40]
        yield f"almost constant: {same} {shown}"


def _share(share: float) -> str:
    """Return a share near the whole without rounding it up to the whole."""
    return f"{int(share * 10_000) / 100:g}%"


def _infinite(column: Column, _rows: int) -> Iterator[str]:
    count = column.plus_infinities + column.minus_infinities
    if count:
        yield words.plural(count, "infinity", "infinities")


def _texts(column: Column, _rows: int) -> Iterator[str]:
    n = column.n
    if column.type not in (table.TEXT, table.CATEGORICAL) or not n:
        return
    if column.broken_texts:
        yield f"{words.plural(column.broken_texts, 'value')} in a wrong encoding (�)"
    numeric = column.numeric_texts
    if numeric == n:
        yield "numbers stored as text"
    elif numeric >= _MOSTLY * n:
        yield f"{words.plural(n - numeric, 'value')} of otherwise numbers {_is(n - numeric)} not"
    if column.padded_texts:
        yield f"{words.plural(column.padded_texts, 'value')} with blanks around"
    if column.lengths is not None and column.lengths.empty:
        yield f"{words.plural(column.lengths.empty, 'empty text')}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


def _categories(column: Column, _rows: int) -> Iterator[str]:
    if column.type not in (table.TEXT, table.CATEGORICAL):
        return
    values = [value for value, _ in column.top]
    alike = _only_in_case(values)
    if alike:
        yield f"{words.count(alike)} categories differ only in case or blanks"
    standing_in = [value for value in values if value.strip().lower() in _PLACEHOLDERS]
    if standing_in:
        shown = ", ".join(f"'{words.visible(value)}'" for value in standing_in[:3])
        yield f"{shown} may stand for a missing value"
    if column.role == CATEGORY and (column.distinct or 0) >= _MANY_CATEGORIES:
        yield f"{words.count(column.distinct or 0)} categories"
    if column.role == WORDS and column.distinct == 1:
        yield "always the same text"


def _only_in_case(values: Sequence[str]) -> int:
    """Return how many values have another that differs only in case or blanks."""
    folded: dict[str, int] = {}
    for value in values:
        key = " ".join(value.casefold().split())
        folded[key] = folded.get(key, 0) + 1
    return sum(count for count in folded.values() if count > 1)


def _numbers(column: Column, _rows: int) -> Iterator[str]:
    numbers = column.numbers
    if numbers is None or column.role != NUMBER:
        return
    if numbers.std is None and column.n > 1 and numbers.mean is not None:
        yield "values too large for a standard deviation"
    far = _far_out(column)
    if far:
        yield f"far out: {far}"
    elif abs(numbers.skew or 0.0) >= _SKEWED and not any(_sameness(column, 0)):
        yield f"very skewed ({words.number(numbers.skew, 2)})"


def _far_out(column: Column) -> str:
    """Return the ends that lie far from everything else, as words."""
    numbers = column.numbers
    points = grid.restored(numbers.quantiles if numbers else None, column.n)
    if numbers is None or points is None or numbers.min is None or numbers.max is None:
        return ""
    middle, low, high = (grid.value_at(points, share) for share in (0.5, 0.01, 0.99))
    reach = max(middle - low, high - middle) * _FAR
    ends = [end for end in (numbers.min, numbers.max) if abs(end - middle) > reach > 0]
    return " and ".join(words.number(end) for end in ends)
