"""Curves of several runs brought to the same places: at a step, to a baseline, to a band.

A curve here is a step function: between two points it has the value last logged. That
is what a run really knew at that moment; a line drawn between two points is not. Pure,
as all arithmetic on series. Curves may come in any order of x; points whose x is not
finite have no place and are left out.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from workbench.runfolder import Goal
from workbench.runs.series import Floats, Ints, Series

MOST_PLACES: Final = 2_000
"""Places of a band; more than any screen has columns, or dots in them."""


def at(x: Floats, values: Floats, place: float) -> float:
    """Return the value last logged at or before ``place``; NaN before the first point."""
    return float(held(x, values, np.asarray([place], dtype=np.float64))[0])


def held(x: Floats, values: Floats, places: Floats) -> Floats:
    """Return the value last logged at or before each place; NaN where there is none.

    Of several points at one x the last logged one counts.
    """
    x, values = ordered(x, values)
    found = np.full(len(places), np.nan)
    before = np.searchsorted(x, places, side="right") - 1
    known = (before >= 0) & ~np.isnan(places)
    found[known] = values[before[known]]
    return found


def ordered(x: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return the points that have a finite x in its order, those of one x as they were logged."""
    placed = np.isfinite(x)
    if not placed.all():
        x, values = x[placed], values[placed]
    if bool(np.all(x[1:] >= x[:-1])):
        return x, values
    order = np.argsort(x, kind="stable")
    return x[order], values[order]


def best_so_far(values: Floats, goal: str) -> Floats:
    """Return the best finite value up to each point; NaN before the first one.

    Raises:
        ValueError: The goal is neither ``min`` nor ``max``.
    """
    if goal not in (Goal.MIN, Goal.MAX):
        raise ValueError(f"no such goal: {goal!r}")
    finite = np.where(np.isfinite(values), values, np.nan)
    best = np.fmin if goal == Goal.MIN else np.fmax
    return np.asarray(best.accumulate(finite), dtype=np.float64)


def minus(x: Floats, values: Floats, base_x: Floats, base_values: Floats) -> Floats:
    """Return each value minus what the baseline had at that x, and after its end its last.

    NaN before the baseline's first point.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(values - held(base_x, base_values, x), dtype=np.float64)


def against(points: Series, axis: Series) -> Floats:
    """Return the x of every point when another metric is the axis.

    It is what that metric had at the same step, or at the last one before where it was
    not logged at that step; NaN before its first. Points without a step go by the
    wall time, as do all where one of the two has no steps at all.
    """
    by_time = held(axis.times, axis.values, points.times)
    if bool(np.isnan(axis.steps).all()):
        return by_time
    by_step = held(axis.steps, axis.values, points.steps)
    return np.where(np.isnan(points.steps), by_time, by_step)


class Band(NamedTuple):
    """Several curves as one: their mean and one standard deviation to either side.

    ``n`` says how many curves the figures at a place are of. Where it is 1 there is a
    mean but no ``low`` and ``high``: one run says nothing about spread. Where it is 0
    all three are NaN.
    """

    x: Floats
    mean: Floats
    low: Floats
    high: Floats
    n: Ints
    std: Floats
    """The sample standard deviation; NaN where there is no spread."""


def band(curves: Sequence[tuple[Floats, Floats]]) -> Band:
    """Return the mean of curves with the sample standard deviation around it.

    A curve counts from its first x to its last, with the value last logged there, and
    not where that value is NaN or infinite. The places are all x of all curves; with
    more than ``MOST_PLACES`` of them, so many evenly spaced ones, first and last kept.
    """
    placed = [ordered(x, values) for x, values in curves]
    return band_at(placed, _places([places for places, _ in placed]))


def band_at(curves: Sequence[tuple[Floats, Floats]], places: Floats) -> Band:
    """Return what `band` does, at these places and none else."""
    rows = [_within(*ordered(x, values), places) for x, values in curves]
    values = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(places))
    mean, deviation, n = _moments(values)
    return Band(places, mean, mean - deviation, mean + deviation, n, deviation)


def counted(curves: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Ints]:
    """Return where the ``n`` of a band changes, and what it is from there on.

    Exact however many places there are: it is found from what each curve does, not from
    the places of a band.
    """
    placed = [_last_of_each(*ordered(x, values)) for x, values in curves]
    found = [_comings(x, values, placed) for x, values in placed if len(x)]
    if not found:
        return np.empty(0), np.empty(0, dtype=np.int64)
    at, change = (np.concatenate(part) for part in zip(*found, strict=True))
    places, of = np.unique(at, return_inverse=True)
    change = np.bincount(of, change, len(places)).astype(np.int64)
    kept = np.isfinite(places) & (change != 0)
    return places[kept], np.cumsum(change[kept])


def _last_of_each(x: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return ordered points without those that another one at the same x follows."""
    kept = np.append(x[1:] != x[:-1], np.ones(min(len(x), 1), dtype=np.bool_))
    return x[kept], values[kept]


def _comings(
    x: Floats, values: Floats, every: Sequence[tuple[Floats, Floats]]
) -> tuple[Floats, Ints]:
    """Return where a curve begins to count (1) and ceases to (-1); infinity is nowhere."""
    edges = np.diff(np.isfinite(values).astype(np.int64), prepend=0, append=0)
    change: Ints = edges.astype(np.int64)
    later = (one[np.searchsorted(one, x[-1], side="right") :][:1] for one, _ in every)
    places = np.append(x, min((float(one[0]) for one in later if len(one)), default=np.inf))
    at = np.flatnonzero(change)
    return places[at], change[at]


def _places(every: Sequence[Floats]) -> Floats:
    """Return the union of all x, thinned evenly by rank so that dense parts stay dense."""
    kept = [x for place, x in enumerate(every) if place == 0 or not np.array_equal(x, every[0])]
    union = np.unique(np.concatenate(kept)) if kept else np.empty(0)
    if len(union) <= MOST_PLACES:
        return union
    return union[np.linspace(0, len(union) - 1, MOST_PLACES).round().astype(np.int64)]


def _within(x: Floats, values: Floats, places: Floats) -> Floats:
    """Return the finite values of a curve at the places between its first and last point."""
    found = held(x, values, places)
    found[~np.isfinite(found)] = np.nan
    if len(x):
        found[places > x[-1]] = np.nan
    return found


def _moments(values: Floats) -> tuple[Floats, Floats, Ints]:
    """Return mean, sample standard deviation and count of each column, NaN not counted.

    The mean is taken of shares and not of a sum, which would overflow for the values of
    a run that diverged.
    """
    there = ~np.isnan(values)
    n = np.count_nonzero(there, axis=0).astype(np.int64)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mean = np.where(n > 0, np.where(there, values / n, 0.0).sum(axis=0), np.nan)
        away = np.where(there, (values - mean) / np.sqrt(n - 1.0), 0.0)
        deviation = np.where(n > 1, np.sqrt((away * away).sum(axis=0)), np.nan)
    return mean, deviation, n
