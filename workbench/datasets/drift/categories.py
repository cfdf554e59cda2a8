"""How the shares of categories lie beside those of the reference, and which are new or gone.

Parts whose tables have as many categories are reckoned together, a row of every array a part.
"""

from collections.abc import Iterable, Iterator, Sequence
from math import sqrt
from typing import Final, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from workbench.datasets.drift import effects, naming, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found, Pair, of_index, of_rate
from workbench.datasets.drift.counting import Table, counted
from workbench.datasets.drift.findings import SURE
from workbench.datasets.drift.naming import Shares
from workbench.datasets.drift.numbers import binned
from workbench.datasets.drift.one_value import ENOUGH
from workbench.datasets.drift.report import NOTE, WARNING, Finding, Measure
from workbench.datasets.profile import WORDS, Column

Floats = NDArray[np.float64]

_ROUNDING: Final = 1e-12
NEW: Final = "new categories"
GONE: Final = "gone categories"
UNTOLD: Final = "too many values are too rare, or not counted, to say whether they are others now"


class _Apart(NamedTuple):
    """How far the categories of one part lie from those of the reference."""

    effects: tuple[Effect, ...]
    shares: Shares


def compared(pairs: Sequence[Pair], role: str, asked: Asked) -> list[Found]:
    """Return what the categories of a column show in each part; all sides must have some."""
    tables = [counted(pair.a, pair.b) for pair in pairs]
    found = list[_Apart | None]([None]) * len(tables)
    for which in _alike(tables):
        apart = _apart([pairs[k] for k in which], [tables[k] for k in which], asked)
        for k, one in zip(which, apart, strict=True):
            found[k] = one
    return [
        _found(pair, table, one, role, asked)
        for pair, table, one in zip(pairs, tables, found, strict=True)
        if one is not None
    ]


def _alike(tables: Sequence[Table]) -> Iterable[list[int]]:
    """Return the places of tables of as many categories: those are reckoned together."""
    found = dict[int, list[int]]()
    for k, table in enumerate(tables):
        found.setdefault(len(table.a), []).append(k)
    return found.values()


def _found(pair: Pair, table: Table, apart: _Apart, role: str, asked: Asked) -> Found:
    a, b = pair.a, pair.b
    test, p = significance.contingency(table.a, table.b)
    aspects = [Aspect(test, p, min(a.n, b.n), apart.effects)]
    findings = list[Finding]()
    if role != WORDS:
        aspects += _new(table, apart.shares, a, b, asked)
        findings += _came_and_went(table, apart.shares, a, b, asked)
    return Found(
        aspects=tuple(aspects),
        measures=(
            *_largest(table, a, b),
            *(_bounded(one, table) for one in binned(table.a, table.b, asked.measures)),
        ),
        findings=tuple(findings),
        shape=naming.shape(apart.shares),
        words=naming.moved(apart.shares),
        unknown=UNTOLD if role != WORDS and _untold(table, asked) else "",
    )


def _untold(table: Table, asked: Asked) -> bool:
    """Say whether values may have moved that nothing here tells of."""
    return not table.told and table.most >= asked.thresholds.tvd


# -- how far ---------------------------------------------------------------------------


def _apart(pairs: Sequence[Pair], tables: Sequence[Table], asked: Asked) -> list[_Apart]:
    """Return how far tables of as many categories lie apart."""
    a, b = (np.array([getattr(one, side) for one in tables]) for side in ("a", "b"))
    n1, n2 = (side.sum(axis=1).tolist() for side in (a, b))
    counts = effects.counts_of(a, b)._replace(
        unsure_a=np.array([one.unsure_a for one in tables]),
        unsure_b=np.array([one.unsure_b for one in tables]),
    )
    parts = effects.stability_parts(counts)
    figures = (
        effects.total_variation(a, b), effects.variation_floor(a, b), parts.sum(axis=1),
        effects.stability_within(counts), parts, effects.cohens_h(*effects.shares(a, b)),
        *effects.shares(a, b),
    )  # fmt: skip
    found = list[_Apart]()
    for k, row in enumerate(zip(*(one.tolist() for one in figures), strict=True)):
        moved, floor, index, off, adds, rates, old, new = row
        table, pair, n = tables[k], pairs[k], (n1[k], n2[k])
        masked = pair.a.sensitive or pair.b.sensitive
        shares = Shares(
            table.names, old, new, table.new, table.gone, (table.rare_a, table.rare_b), masked
        )
        index_floor = effects.stability_floor(a.shape[1], *n)
        away = [abs(p - q) for p, q in zip(old, new, strict=True)]
        of_table = (
            _variation(table, moved, floor, naming.leading(shares, away), asked),
            of_index(index, moved, asked.thresholds, index_floor)._replace(
                words="population stability index of the categories", within=off,
                said=naming.leading(shares, adds),
            ),
            *_rate(table, shares, moved, rates, asked),
        )  # fmt: skip
        found.append(_Apart(of_table, shares))
    return found


def _variation(table: Table, moved: float, floor: float, said: str, asked: Asked) -> Effect:
    limits = asked.thresholds
    unsure = float(table.unsure_a.sum() / table.a.sum() + table.unsure_b.sum() / table.b.sum())
    off = min(max(table.most - moved, unsure), 1.0)
    return Effect(
        "tvd", moved, limits.tvd, limits.tvd_severe, floor, off if off > _ROUNDING else 0.0,
        "share of rows that would have to change their category", said,
    )  # fmt: skip


def _rate(
    table: Table, shares: Shares, moved: float, rates: Sequence[float], asked: Asked
) -> Iterator[Effect]:
    """Yield the change of the category whose share changed most for how rare it is.

    Only of those that are expected often enough on the shorter side: one row more is none.
    """
    n1, n2 = float(table.a.sum()), float(table.b.sum())
    fewest = ENOUGH * (n1 + n2) / min(n1, n2)
    rows = (table.a + table.b)[: len(table.names)].tolist()
    often = [k for k, count in enumerate(rows) if count >= fewest]
    if not often:
        return
    k = max(often, key=rates.__getitem__)
    floor = effects.rate_floor(n1, n2, len(often))
    yield of_rate(rates[k], moved, asked.thresholds, floor)._replace(
        within=_rate_within(table, k, rates[k]), said=naming.of_one(shares, k)
    )


def _rate_within(table: Table, k: int, value: float) -> float:
    """Return how far h may be off where counts may be too low."""
    off = float(table.unsure_a[k]), float(table.unsure_b[k])
    if not any(off):
        return 0.0
    a = [(table.a[k] + more) / table.a.sum() for more in (0.0, off[0])]
    b = [(table.b[k] + more) / table.b.sum() for more in (0.0, off[1])]
    ends = [float(effects.cohens_h(one, two)) for one in a for two in b]
    least = 0.0 if a[0] <= b[1] and b[0] <= a[1] else min(ends)
    return max(max(ends) - value, value - least)


def _largest(table: Table, a: Column, b: Column) -> Iterator[Measure]:
    """Yield the largest difference of a category's share, where any is known."""
    names = len(table.names)
    if not names:
        return
    away = np.abs(table.a[:names] / a.n - table.b[:names] / b.n)
    off = float((table.unsure_a[:names] / a.n + table.unsure_b[:names] / b.n).max())
    value = float(away.max())
    unseen = max(_unnamed(a, table.names), _unnamed(b, table.names))
    words = "the largest difference of a category's share"
    yield Measure("linf", value, within=max(off, unseen - value), words=words)


def _unnamed(column: Column, names: Sequence[str]) -> float:
    """Return the greatest share that a value may have whose counts are not known on both sides."""
    if not column.other:
        return 0.0
    known = {*names}
    kept = max((rows for name, rows in column.top if name not in known), default=0)
    least = column.top[-1][1] if column.top else column.n
    return min(max(kept, least) + column.top_within, column.n) / column.n


def _bounded(measure: Measure, table: Table) -> Measure:
    """Return a measure of counts with how much more it may be of the values themselves.

    No divergence of Jensen and Shannon, nor Hellinger's distance squared, exceeds the total
    variation distance; Cramér's V squared is no more than twice that times the longer side's share.
    """
    n1, n2 = float(table.a.sum()), float(table.b.sum())
    factor = 2 * max(n1, n2) / (n1 + n2) if measure.name == "cramers_v" else 1.0
    off = min(sqrt(table.most * factor), 1.0) - measure.value
    return (
        replace(measure, within=off)
        if off > _ROUNDING and len(table.a) > len(table.names)
        else measure
    )


# -- new and gone ------------------------------------------------------------------------


def _new(table: Table, shares: Shares, a: Column, b: Column, asked: Asked) -> Iterator[Aspect]:
    """Yield the aspect of categories that the reference has not; none where there are none."""
    if not table.new.any():
        return
    names = len(table.names)
    rows = table.a[:names] + table.b[:names]
    share = float(table.b[:names][table.new].sum()) / b.n
    floor = effects.new_floor(rows, a.n, b.n)
    effect = Effect(
        NEW, share, asked.thresholds.new_category, floor=floor,
        words="share of rows in categories the reference does not have",
        said=naming.only_on_one(shares, table.new, new=True),
    )  # fmt: skip
    p = significance.new_values(rows, table.new, a.n, b.n)
    yield Aspect(NEW, p, min(a.n, b.n), (effect,))


def _came_and_went(
    table: Table, shares: Shares, a: Column, b: Column, asked: Asked
) -> Iterator[Finding]:
    """Yield categories that are only on one side, with their share, where that is no chance."""
    names, limit = len(table.names), asked.thresholds.new_category
    rows = table.a[:names] + table.b[:names]
    for kind, which, counts, n, other in (
        (NEW, table.new, table.b, b.n, a.n), (GONE, table.gone, table.a, a.n, b.n),
    ):  # fmt: skip
        if not which.any() or significance.new_values(rows, which, other, n) > SURE:
            continue
        share = float(counts[:names][which].sum()) / n
        severity = WARNING if kind == NEW and share >= limit else NOTE
        words = naming.only_on_one(shares, which, new=kind == NEW)
        yield Finding(kind, words, severity, a.name, share, limit)
