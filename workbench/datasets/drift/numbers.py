"""How the values of a column of numbers lie beside those of its reference, in all parts at once.

Arrays have a row for each part, or one row where all parts are held against the same reference: so
what belongs to the reference alone is reckoned once, and the rest without a step for every part.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.drift import effects, ranked, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found, Pair, of_index
from workbench.datasets.drift.curves import (
    Curve,
    Curves,
    curve,
    kept_at,
    read,
    robust_scale,
    together,
    unit_of,
    values_between,
)
from workbench.datasets.drift.effects import Counts, Gap
from workbench.datasets.drift.one_value import ONE_VALUE, of_one_value
from workbench.datasets.drift.report import Measure, Shape
from workbench.datasets.drift.tails import of_tails
from workbench.datasets.drift.wording import moved
from workbench.datasets.profile import Column, Quantiles
from workbench.words import number, percent

__all__ = ["ONE_VALUE", "binned", "compared"]

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

TEST: Final = "ks"
AT: Final[Floats] = np.unique(
    np.concatenate(
        [
            np.arange(41) / 40,
            [0.001, 0.0025, 0.005, 0.01, 0.015, 0.985, 0.99, 0.995, 0.9975, 0.999],
        ]
    )
)
"""The 51 shares whose quantiles are drawn: every fortieth, and five more at either end."""
_DRAWN: Final = tuple(AT.tolist())
_MIDDLE: Final = _DRAWN.index(0.5)


class Sides(NamedTuple):
    """Columns of numbers, read."""

    a: Curve
    b: Curve
    curves: Curves
    scale: Floats
    """Robust, of the reference, in the curves' unit; 0 where nearly all its values are one."""
    low: Floats
    high: Floats
    """Between them distances are judged: the reference's quantiles at 0.1 % and 99.9 %."""
    ends: tuple[Floats, Floats]
    """Between which kept values these two quantiles lie."""


class Bins(NamedTuple):
    """Counts between the reference's deciles; both ends are open."""

    edges: Floats
    counts: Counts


def compared(pairs: Sequence[Pair], asked: Asked) -> list[Found]:
    """Return what the finite values of a column show in each part; all sides must have some."""
    found = [Found()] * len(pairs)
    known = [k for k, pair in enumerate(pairs) if _points(pair.a) and _points(pair.b)]
    if known:
        shown = _compared([pairs[k] for k in known], asked)
        for k, one in zip(known, shown, strict=True):
            found[k] = one
    return found


def _points(column: Column) -> Quantiles | None:
    return column.numbers.quantiles if column.numbers else None


def _compared(pairs: Sequence[Pair], asked: Asked) -> list[Found]:
    sides = _sides(pairs)
    gap, bins = effects.largest_gap(sides.curves), _in_bins(sides)
    n1, n2 = (np.array(n) for n in zip(*((pair.a.n, pair.b.n) for pair in pairs), strict=True))
    p = significance.kolmogorov_smirnovs(gap.certain, n1, n2).tolist()
    spreads = zip(_distances(sides, asked), _stabilities(bins, asked), strict=True)
    gaps, far = _gaps(gap, sides, p), _unclipped(sides)
    tails = of_tails(sides.a, sides.b, asked)
    found = list[Found]()
    for k, (pair, spread, shape) in enumerate(
        zip(pairs, spreads, _shapes(sides, gap, bins), strict=True)
    ):
        varies = bool(shape.scale)  # else nothing says how far is far
        aspect = Aspect(TEST, p[k], min(pair.a.n, pair.b.n), spread)
        found.append(
            Found(
                aspects=(aspect, tails[k])
                if varies
                else (of_one_value(*_sides_of(sides, k), asked),),
                measures=(
                    gaps[k],
                    *((far[k],) if varies else ()),
                    *_on_request(sides, bins, pair, k, asked),
                ),
                shift=_shift(sides, shape, k) if varies else None,
                shape=shape,
                words=moved(shape),
            )
        )
    return found


def _sides(pairs: Sequence[Pair]) -> Sides:
    """Return the columns as arrays; the reference as one row where it is one."""
    points = [(p, q) for pair in pairs if (p := _points(pair.a)) and (q := _points(pair.b))]
    units = [unit_of(p, q) for p, q in points]
    alone = len({*units}) == 1 and all(pair.a is pairs[0].a for pair in pairs)
    kept = slice(1 if alone else None)
    references = [pair.a for pair in pairs][kept]
    one = curve([p for p, _ in points][kept], [a.n for a in references], units=units[kept])
    two = curve(
        [q for _, q in points], [pair.b.n for pair in pairs], units=units,
        within=[pair.within for pair in pairs],
    )  # fmt: skip
    ends = kept_at(one, np.array(effects.CLIPPED))
    scale = _scale(one, references)
    loose = values_between(one, np.array(effects.CLIPPED))
    return Sides(one, two, together(one, two, ends), scale, ends[:, :1], ends[:, 1:], loose)


def _scale(one: Curve, references: Sequence[Column]) -> Floats:
    """Return the robust scale that is kept of each reference, or that is read off its points."""
    known = [column.numbers.scale if column.numbers else None for column in references]
    kept = np.array([[np.nan if scale is None else scale] for scale in known]) / one.unit
    return kept if None not in known else np.where(np.isnan(kept), robust_scale(one), kept)


def _sides_of(sides: Sides, k: int) -> tuple[Curve, Curve]:
    """Return both sides of one part, as curves of one row."""
    return _row(sides.a, k), _row(sides.b, k)


def _row(one: Curve, k: int) -> Curve:
    return Curve(*(values[k : k + 1] for values in one)) if len(one.at) > 1 else one


# -- between the deciles -----------------------------------------------------------------


def _in_bins(sides: Sides) -> Bins:
    """Return the counts; a value on an edge goes left."""
    edges, new = effects.decile_edges(sides.a)
    real = np.append(new, np.ones((len(new), 1), np.bool_), axis=1)
    if len(new) == 1:
        edges, real = edges[:, new[0]], real[:, real[0]]
    a, unsure_a = _between(sides.a, edges)
    b, unsure_b = _between(sides.b, edges)
    return Bins(edges, Counts(a, b, real, unsure_a, unsure_b))


def _between(one: Curve, edges: Floats) -> tuple[Floats, Floats]:
    """Return counts between edges, and by how many rows each may be off."""
    found = read(one, np.broadcast_to(edges, (max(len(edges), len(one.at)), edges.shape[1])))
    none = np.zeros((len(found.upto), 1))
    upto = np.concatenate([none, np.rint(found.upto * one.n), none + one.n], axis=1)
    loose = np.concatenate([none, (found.high_upto - found.low_upto) * one.n, none], axis=1)
    return np.diff(upto, axis=1), loose[:, 1:] + loose[:, :-1]


def _stabilities(bins: Bins, asked: Asked) -> list[Effect]:
    counts, words = bins.counts, "population stability index on the reference's deciles"
    sizes = (np.broadcast_to(n, len(counts.b)).tolist() for n in (
        counts.real.sum(axis=1), counts.a.sum(axis=1), counts.b.sum(axis=1),
    ))  # fmt: skip
    return [
        of_index(value, change, asked.thresholds, effects.stability_floor(*size))._replace(
            within=within, words=words
        )
        for value, change, size, within in zip(
            effects.stability_index(counts).tolist(),
            effects.total_variation(counts.a, counts.b).tolist(),
            zip(*sizes, strict=True),
            effects.stability_within(counts).tolist(),
            strict=True,
        )
    ]


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


def _on_request(sides: Sides, bins: Bins, pair: Pair, k: int, asked: Asked) -> tuple[Measure, ...]:
    if not asked.measures:
        return ()
    one, two = (row[bins.counts.real[k % len(bins.counts.real)]] for row in _counts(bins, k))
    curves = together(*_sides_of(sides, k))
    return (
        *ranked.measures(curves, pair.a.n, pair.b.n, asked.measures),
        *binned(one, two, asked.measures),
    )


def _counts(bins: Bins, k: int) -> tuple[Floats, Floats]:
    a, b = bins.counts.a, bins.counts.b
    return a[k % len(a)], b[k]


# -- distances ---------------------------------------------------------------------------


def _distances(sides: Sides, asked: Asked) -> list[Effect]:
    """Return Wasserstein's distance of each part over the scale of the reference."""
    limits = asked.thresholds
    s = np.where(sides.scale > 0, sides.scale, 1.0)[:, 0]
    low, high = sides.low, sides.high
    (first, then), (before, last) = (np.split(one, 2, axis=1) for one in sides.ends)
    within = effects.area_within(sides.a, first, last) + effects.area_within(sides.b, first, last)
    floors = effects.area_floor(sides.a, sides.b, low, high)
    values, least, most = effects.areas(sides.curves, (low, high), (before, then), (first, last))
    within = within + np.maximum(most - values, values - least)
    return [
        Effect(
            "wasserstein", value, limits.wasserstein, limits.wasserstein_severe, floor, off,
            f"values moved by {number(value, 2)} of the reference's spread on average",
        )
        for value, floor, off in zip(
            (values / s).tolist(), (floors / s).tolist(), (within / s).tolist(), strict=True
        )
    ]  # fmt: skip


def _unclipped(sides: Sides) -> list[Measure]:
    """Return the distance with all values where they are: one far value can be all of it."""
    s = np.where(sides.scale > 0, sides.scale, 1.0)[:, 0]
    values = effects.area(sides.curves) / s
    within = sum(effects.area_within(one, -np.inf, np.inf) for one in (sides.a, sides.b)) / s
    return [
        Measure("wasserstein_unclipped", value, within=off, words="with the far tails")
        for value, off in zip(values.tolist(), within.tolist(), strict=True)
    ]


def _gaps(gap: Gap, sides: Sides, p: Sequence[float]) -> list[Measure]:
    at = (gap.at * sides.a.unit[:, 0]).tolist()
    return [
        Measure(
            TEST, value, p=one, within=within,
            words=f"{percent(value)} more of the values on one side of {number(place)}"
            + ("; p is that of the least it can be" if within else ""),
        )
        for value, one, within, place in zip(
            gap.likely.tolist(), p, gap.within.tolist(), at, strict=True
        )
    ]  # fmt: skip


# -- what is drawn -----------------------------------------------------------------------


def _shift(sides: Sides, shape: Shape, k: int) -> float:
    """Return by how much the median moved, over the scale of the reference."""
    unit = float(sides.b.unit[k, 0])
    one, two = (
        side[_MIDDLE] / unit for side in (shape.reference_quantiles, shape.current_quantiles)
    )
    return (two - one) / float(sides.scale[k % len(sides.scale), 0])


def _shapes(sides: Sides, gap: Gap, bins: Bins) -> list[Shape]:
    """Return what is drawn of each part; tuples of the reference are the same for all parts."""
    one, two = bins.counts.a, bins.counts.b
    real, unit = bins.counts.real, sides.b.unit
    parts = len(two)
    edges = _tuples(bins.edges * sides.a.unit, real[:, :-1], parts)
    reference = _tuples(one / one.sum(axis=1, keepdims=True), real, parts)
    current = _tuples(two / two.sum(axis=1, keepdims=True), real, parts)
    old = _tuples(kept_at(sides.a, AT) * sides.a.unit, None, parts)
    new = _tuples(kept_at(sides.b, AT) * unit, None, parts)
    scales = np.broadcast_to(sides.scale * sides.a.unit, (parts, 1))[:, 0].tolist()
    at = (gap.at * unit[:, 0]).tolist()
    likely = gap.likely.tolist()
    return [
        Shape(
            edges=edges[k],
            reference_shares=reference[k],
            current_shares=current[k],
            at=_DRAWN,
            reference_quantiles=old[k],
            current_quantiles=new[k],
            scale=scales[k],
            gap_at=at[k] if likely[k] else None,
        )
        for k in range(parts)
    ]


def _tuples(values: Floats, kept: Truths | None, parts: int) -> list[tuple[float, ...]]:
    """Return the rows of an array, of each what is kept; one row serves all parts."""
    if kept is None or kept.all():
        found = [tuple(row) for row in values.tolist()]
    else:
        wide = np.broadcast_to(kept, values.shape)
        found = [tuple(row[k].tolist()) for row, k in zip(values, wide, strict=True)]
    return found if len(found) == parts else found * parts
