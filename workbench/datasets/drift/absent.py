"""What is not there, or is no number: missing values, infinities, empty texts."""

from collections.abc import Iterator
from typing import Final

from workbench.datasets.drift import significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect
from workbench.datasets.drift.findings import SURE
from workbench.datasets.drift.report import BREAKING, NOTE, WARNING, Finding
from workbench.datasets.profile import Column
from workbench.words import percent

NULL_RATE: Final = "null rate"
INFINITIES: Final = "infinities"
EMPTY_TEXTS: Final = "empty texts"


def missing(column: Column) -> int:
    """Return how many rows have no value: null or NaN."""
    return column.nulls + column.nans


def share_missing(column: Column) -> float:
    """Return the share of rows that have no value."""
    return missing(column) / column.rows if column.rows else 0.0


def aspects(a: Column, b: Column, asked: Asked, *, empties: bool) -> tuple[Aspect, ...]:
    """Return the tests of shares of rows; only of what either side has at all."""
    limits = asked.thresholds
    many = limits.missing, limits.missing_severe
    infinite = _infinite(a), _infinite(b)
    found = [
        _share(NULL_RATE, "missing", (missing(a), missing(b)), (a, b), *many),
        _share(INFINITIES, "infinite", infinite, (a, b), limits.out_of_range, many[1]),
    ]
    if empties:
        found.append(_share(EMPTY_TEXTS, "empty", (_empty(a), _empty(b)), (a, b), *many))
    return tuple(one for one in found if one is not None)


def _share(
    test: str,
    measure: str,
    counts: tuple[int, int],
    sides: tuple[Column, Column],
    limit: float,
    severe: float | None = None,
) -> Aspect | None:
    a, b = sides
    if not any(counts) or not a.rows or not b.rows:
        return None
    old, new = counts[0] / a.rows, counts[1] / b.rows
    p = significance.proportions(counts[0], a.rows, counts[1], b.rows)
    words = f"{percent(old)} → {percent(new)} {measure}"
    floor = significance.share_floor(counts[0], a.rows, counts[1], b.rows)
    meaning = f"change of the share of rows that are {measure}"
    effect = Effect(measure, abs(new - old), limit, severe, floor, words=meaning, said=words)
    return Aspect(test, p, min(a.rows, b.rows), (effect,))


def _infinite(column: Column) -> int:
    return column.plus_infinities + column.minus_infinities


def _empty(column: Column) -> int:
    return column.lengths.empty if column.lengths and column.numbers is None else 0


def findings(a: Column, b: Column, asked: Asked) -> list[Finding]:
    """Return what of it a person should know whatever the tests say."""
    found = list[Finding]()
    if not a.rows or not b.rows:
        return found
    old, new = share_missing(a), share_missing(b)
    limit = asked.thresholds.missing
    if significance.proportions(missing(a), a.rows, missing(b), b.rows) > SURE:
        return [*found, *_infinities(a, b, asked)]
    if new == 1 and old < 1:
        words = f"every value is missing, {percent(old)} in the reference"
        found.append(Finding("all missing", words, BREAKING, a.name, new, limit))
    elif old == 1 and new < 1:
        words = f"every value was missing, {percent(1 - new)} of the rows have one now"
        found.append(Finding("all missing", words, WARNING, a.name, new, limit))
    elif abs(new - old) >= limit:
        words = f"{percent(old)} → {percent(new)} missing"
        found.append(Finding("null rate", words, WARNING, a.name, abs(new - old), limit))
    return [*found, *_infinities(a, b, asked)]


def _infinities(a: Column, b: Column, asked: Asked) -> Iterator[Finding]:
    """Yield that there are infinite values: a model breaks on a single one."""
    if _infinite(b):
        share, was = _infinite(b) / b.rows, _infinite(a) / a.rows
        words = f"{percent(share)} infinite, {percent(was) if was else 'none'} in the reference"
        severity = NOTE if was else WARNING
        yield Finding(INFINITIES, words, severity, a.name, share, asked.thresholds.out_of_range)
