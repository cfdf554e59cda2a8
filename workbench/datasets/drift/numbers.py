"""How the values of a column of numbers lie beside those of its reference."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift import effects, ranked, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found, of_index
from workbench.datasets.drift.curves import (
    Curve,
    Curves,
    curve,
    read,
    robust_scale,
    together,
    unit_of,
    values_at,
)
from workbench.datasets.drift.effects import Gap
from workbench.datasets.drift.report import Measure, Shape
from workbench.datasets.drift.wording import moved
from workbench.datasets.profile import Column, Quantiles
from workbench.words import number, percent

Floats = NDArray[np.float64]

TEST: Final = "ks"
ONE_VALUE: Final = "share of one value"
AT: Final[Floats] = np.unique(
    np.concatenate(
        [
            np.arange(41) / 40,
            [0.001, 0.0025, 0.005, 0.01, 0.015, 0.985, 0.99, 0.995, 0.9975, 0.999],
        ]
    )
)
"""The 51 shares whose quantiles are drawn: every fortieth, and five more at either end."""


class Sides(NamedTuple):
    """Two columns of numbers, read."""

    a: Curve
    b: Curve
    curves: Curves
    scale: float
    """Robust, of the reference, in the curves' unit; 0 where nearly all its values are one."""
    low: float
    high: float
    """Between them distances are judged: the reference's quantiles at 0.1 % and 99.9 %."""


def compared(a: Column, b: Column, asked: Asked) -> Found:
    """Return what the finite values of two columns show; both must have some."""
    sides = _sides(a, b, asked.within)
    if sides is None:
        return Found()
    gap = effects.largest_gap(sides.curves)
    bins = _in_bins(sides.a, sides.b)
    shape = _shape(sides, gap, bins)
    p = significance.kolmogorov_smirnov(gap.certain, a.n, b.n)
    spread = Aspect(TEST, p, min(a.n, b.n), (_wasserstein(sides, asked), _stability(bins, asked)))
    return Found(
        aspects=(spread if sides.scale > 0 else _of_one_value(sides, asked),),
        measures=(
            Measure(TEST, gap.likely, p=p, within=gap.within, words=_gap_words(gap, sides)),
            *_unclipped(sides),
            *ranked.measures(sides.curves, a.n, b.n, asked.measures),
            *binned(bins.a, bins.b, asked.measures),
        ),
        shift=_shift(sides),
        shape=shape,
        words=moved(shape),
    )


def _sides(a: Column, b: Column, within: float) -> Sides | None:
    points = tuple(one.numbers.quantiles if one.numbers else None for one in (a, b))
    if points[0] is None or points[1] is None:
        return None
    return _sides_of(points[0], points[1], a, b, within)


def _sides_of(p: Quantiles, q: Quantiles, a: Column, b: Column, within: float) -> Sides:
    unit = unit_of(p, q)
    one, two = curve(p, a.n, unit=unit), curve(q, b.n, unit=unit, within=within)
    low, high = values_at(one, np.array(effects.CLIPPED))
    known = a.numbers.scale if a.numbers else None
    scale = robust_scale(one) if known is None else known / unit
    ends = np.array([low, high])
    return Sides(one, two, together(one, two, ends), scale, float(low), float(high))


class Bins(NamedTuple):
    """Counts of both sides between the reference's deciles; both ends are open."""

    edges: Floats
    a: Floats
    b: Floats
    unsure_a: Floats
    """By how many rows the count of a bin may be off."""
    unsure_b: Floats


def _in_bins(one: Curve, two: Curve) -> Bins:
    """Return the counts; a value on an edge goes left."""
    edges = effects.decile_edges(one)
    a, unsure_a = _between(one, edges)
    b, unsure_b = _between(two, edges)
    return Bins(edges, a, b, unsure_a, unsure_b)


def _between(one: Curve, edges: Floats) -> tuple[Floats, Floats]:
    """Return counts between edges, and by how many rows each may be off."""
    found = read(one, edges)
    upto = np.concatenate([[0.0], np.rint(found.upto * one.n), [float(one.n)]])
    loose = np.concatenate([[0.0], (found.high_upto - found.low_upto) * one.n, [0.0]])
    return np.diff(upto), loose[1:] + loose[:-1]


def _stability(bins: Bins, asked: Asked) -> Effect:
    one, two = bins.a, bins.b
    found = of_index(
        effects.stability_index(one, two), effects.total_variation(one, two), asked.thresholds,
        effects.stability_floor(len(one), one.sum(), two.sum()),
    )  # fmt: skip
    within = effects.stability_within(one, two, bins.unsure_a, bins.unsure_b)
    words = "population stability index on the reference's deciles"
    return found._replace(within=within, words=words)


def _of_one_value(sides: Sides, asked: Asked) -> Aspect:
    """Return the test of the share of the value that nearly all of the reference have.

    Without a spread nothing says how far is far, and Kolmogorov's test is blind to what leaves one
    value for both sides of it.
    """
    limits, n1, n2 = asked.thresholds, sides.a.n, sides.b.n
    one = float(values_at(sides.a, np.array([0.5]))[0])
    low, high = _share_of(sides.a, one)
    old = (low + high) / 2
    least, most = _share_of(sides.b, one)
    new = min(max(old, least), most)
    first, second = (
        np.array([round(share * n), n - round(share * n)], np.float64)
        for share, n in ((old, n1), (new, n2))
    )
    p = significance.proportions(int(first[0]), n1, int(second[0]), n2)
    floor = effects.stability_floor(2, n1, n2)
    index = of_index(effects.stability_index(first, second), abs(new - old), limits, floor)
    index = index._replace(words="population stability index of that value and all others")
    words = f"{percent(old)} → {percent(new)} of the values are {number(one * sides.a.unit)}"
    moved_away = Effect(
        "tvd", abs(new - old), limits.tvd, limits.tvd_severe, within=most - least, words=words
    )
    return Aspect(ONE_VALUE, p, min(n1, n2), (moved_away, index))


def _share_of(one: Curve, value: float) -> tuple[float, float]:
    """Return the least and the greatest share of values that can be just this one."""
    found = read(one, np.array([value]))
    least = found.low_upto - found.high_below
    most = found.high_upto - found.low_below
    return max(float(least[0]), 0.0), min(max(float(most[0]), 0.0), 1.0)


def _wasserstein(sides: Sides, asked: Asked) -> Effect:
    limits, s = asked.thresholds, sides.scale or 1.0
    low, high = sides.low, sides.high
    value = effects.area(sides.curves, low, high) / s
    within = sum(effects.area_within(one, low, high) for one in (sides.a, sides.b)) / s
    return Effect(
        "wasserstein", value, limits.wasserstein, limits.wasserstein_severe,
        effects.area_floor(sides.a, sides.b, low, high) / s, within,
        f"values moved by {number(value, 2)} of the reference's spread on average",
    )  # fmt: skip


def _unclipped(sides: Sides) -> tuple[Measure, ...]:
    """Return the distance with all values where they are: one far value can be all of it."""
    if sides.scale <= 0:
        return ()
    value = effects.area(sides.curves) / sides.scale
    within = (
        sum(effects.area_within(one, -np.inf, np.inf) for one in (sides.a, sides.b)) / sides.scale
    )
    return (Measure("wasserstein_unclipped", value, within=within, words="with the far tails"),)


def binned(one: Floats, two: Floats, measures: frozenset[str]) -> tuple[Measure, ...]:
    """Return the measures on request that are taken of counts in bins or categories."""
    found = []
    if "jensen_shannon" in measures:
        words = "Jensen-Shannon distance, base 2, 0 to 1"
        found.append(Measure("jensen_shannon", effects.jensen_shannon(one, two), words=words))
    if "hellinger" in measures:
        words = "Hellinger's distance, 0 to 1"
        found.append(Measure("hellinger", effects.hellinger(one, two), words=words))
    if "cramers_v" in measures:
        statistic, _ = significance.chi_square(one, two)
        value = float(np.sqrt(statistic / (one.sum() + two.sum())))
        words = "Cramér's V, 0 to 1, not corrected for bias"
        found.append(Measure("cramers_v", value, words=words))
    return tuple(found)


def _gap_words(gap: Gap, sides: Sides) -> str:
    at = number(gap.at * sides.a.unit)
    return f"{percent(gap.likely)} more of the values on one side of {at}"


def _shift(sides: Sides) -> float | None:
    """Return by how much the median moved, over the scale of the reference."""
    if sides.scale <= 0:
        return None
    one, two = (float(values_at(side, np.array([0.5]))[0]) for side in (sides.a, sides.b))
    return (two - one) / sides.scale


def _shape(sides: Sides, gap: Gap, bins: Bins) -> Shape:
    one, two = bins.a, bins.b
    unit = sides.a.unit
    return Shape(
        edges=_tuple(bins.edges * unit),
        reference_shares=_tuple(one / one.sum()),
        current_shares=_tuple(two / two.sum()),
        at=_tuple(AT),
        reference_quantiles=_tuple(values_at(sides.a, AT) * unit),
        current_quantiles=_tuple(values_at(sides.b, AT) * unit),
        scale=sides.scale * unit,
        gap_at=gap.at * unit if gap.likely else None,
    )


def _tuple(values: Floats) -> tuple[float, ...]:
    return tuple(values.tolist())
