"""How the shares of categories lie beside those of the reference, and which are new or gone.

Parts whose tables have as many categories are reckoned together, a row of every array a part.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import fsum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.cells import cell
from workbench.datasets.drift import effects, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found, Pair, of_index
from workbench.datasets.drift.counting import Table, counted
from workbench.datasets.drift.numbers import binned
from workbench.datasets.drift.report import NOTE, WARNING, Finding, Measure, Shape
from workbench.datasets.fields import MASK
from workbench.datasets.profile import WORDS, Column
from workbench.words import percent, plural

Floats = NDArray[np.float64]

DRAWN: Final = 12
"""Categories that a report keeps of a column."""
_NAMED: Final = 3
"""Categories that a sentence names."""
_ROUNDING: Final = 1e-12
NEW: Final = "new categories"


class _Apart(NamedTuple):
    """How far the categories of one part lie from those of the reference."""

    effects: tuple[Effect, ...]
    largest: float
    reference: list[float]
    """Shares by category."""
    current: list[float]


def compared(pairs: Sequence[Pair], role: str, asked: Asked) -> list[Found]:
    """Return what the categories of a column show in each part; all sides must have some."""
    tables = [counted(pair.a, pair.b) for pair in pairs]
    found = list[_Apart | None]([None]) * len(tables)
    for which in _alike(tables):
        apart = _apart([tables[k] for k in which], asked)
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
    masked = a.sensitive or b.sensitive
    test, p = significance.contingency(table.a, table.b)
    aspects = [Aspect(test, p, min(a.n, b.n), apart.effects)]
    findings = list[Finding]()
    if role != WORDS:
        aspects += _new(table, a, b, asked)
        findings += _came_and_went(table, a, b, asked, masked=masked)
    return Found(
        aspects=tuple(aspects),
        measures=(
            Measure("linf", apart.largest, words="the largest difference of a category's share"),
            *binned(table.a, table.b, asked.measures),
        ),
        findings=tuple(findings),
        shape=_shape(table, apart, masked=masked),
        words=_moved(table, apart, masked=masked),
    )


def _apart(tables: Sequence[Table], asked: Asked) -> list[_Apart]:
    """Return how far tables of as many categories lie apart."""
    a, b = (np.array([getattr(one, side) for one in tables]) for side in ("a", "b"))
    n1, n2 = (side.sum(axis=1).tolist() for side in (a, b))
    figures = (
        effects.total_variation(a, b), effects.variation_floor(a, b),
        effects.stability_index(effects.counts_of(a, b)), effects.largest_difference(a, b),
        a / a.sum(axis=1, keepdims=True), b / b.sum(axis=1, keepdims=True),
    )  # fmt: skip
    return [
        _Apart(
            _effects(table, moved, floor, index, effects.stability_floor(a.shape[1], *n), asked),
            largest, old, new,
        )
        for table, n, moved, floor, index, largest, old, new in zip(
            tables, zip(n1, n2, strict=True), *(one.tolist() for one in figures), strict=True
        )
    ]  # fmt: skip


def _effects(
    table: Table, moved: float, floor: float, index: float, index_floor: float, asked: Asked
) -> tuple[Effect, ...]:
    limits = asked.thresholds
    variation = Effect(
        "tvd", moved, limits.tvd, limits.tvd_severe, floor, _unsure(table),
        "share of rows that would have to change their category",
    )  # fmt: skip
    words = "population stability index of the categories"
    return variation, of_index(index, moved, limits, index_floor)._replace(words=words)


def _unsure(table: Table) -> float:
    """Return how far the total variation distance may be off."""
    return float(min(table.unsure_a / table.a.sum() + table.unsure_b / table.b.sum(), 1.0))


# -- new and gone ------------------------------------------------------------------------


def _new(table: Table, a: Column, b: Column, asked: Asked) -> list[Aspect]:
    """Return the aspect of categories that the reference has not; none where there are none."""
    if not table.new.any():
        return []
    names = len(table.names)
    rows = table.a[:names] + table.b[:names]
    share = float(table.b[:names][table.new].sum()) / b.n
    limit = asked.thresholds.new_category
    p = significance.new_values(rows, table.new, a.n, b.n)
    words = "share of rows in categories the reference does not have"
    return [Aspect(NEW, p, min(a.n, b.n), (Effect("new categories", share, limit, words=words),))]


def _came_and_went(
    table: Table, a: Column, b: Column, asked: Asked, *, masked: bool
) -> list[Finding]:
    """Return categories that are only on one side, with their share."""
    names = len(table.names)
    limit = asked.thresholds.new_category
    found = []
    for kind, which, counts, n in (
        (NEW, table.new, table.b, b.n), ("gone categories", table.gone, table.a, a.n),
    ):  # fmt: skip
        if not which.any():
            continue
        share = float(counts[:names][which].sum()) / n
        told = _listed(table.names, counts[:names], which, masked=masked)
        rows = "rows" if kind == NEW else "rows of the reference"
        severity = WARNING if kind == NEW and share >= limit else NOTE
        many = plural(int(which.sum()), "category", "categories")
        words = f"{many} {'new' if kind == NEW else 'gone'}, {percent(share)} of the {rows}: {told}"
        found.append(Finding(kind, words, severity, a.name, share, limit))
    return found


def _listed(names: Sequence[str], counts: Floats, which: NDArray[np.bool_], *, masked: bool) -> str:
    """Return the most frequent of some categories, in words."""
    places = sorted(np.flatnonzero(which).tolist(), key=lambda k: (-counts[k], names[k]))
    shown = [_said(names[k], masked=masked) for k in places[:_NAMED]]
    more = len(places) - len(shown)
    if masked:
        return MASK
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _said(name: str, *, masked: bool) -> str:
    return MASK if masked else f"'{cell(name)}'"


# -- drawing -----------------------------------------------------------------------------


def _moved(table: Table, apart: _Apart, *, masked: bool) -> str:
    """Return the category whose share changed most, from what to what."""
    names, p, q = range(len(table.names)), apart.reference, apart.current
    if not names:
        return ""
    k = max(names, key=lambda k: abs(p[k] - q[k]))
    if percent(p[k]) == percent(q[k]):
        return "shares as in the reference"
    return f"{_said(table.names[k], masked=masked)} {percent(p[k])} → {percent(q[k])}"


def _shape(table: Table, apart: _Apart, *, masked: bool) -> Shape:
    """Return what is drawn: the categories that moved most, and the rest as one."""
    names, p, q = range(len(table.names)), apart.reference, apart.current
    order = sorted(names, key=lambda k: (-abs(p[k] - q[k]), -q[k], table.names[k]))[:DRAWN]
    return Shape(
        categories=tuple(MASK if masked else _cell(table.names[k]) for k in order),
        reference_parts=tuple(p[k] for k in order),
        current_parts=tuple(q[k] for k in order),
        new=tuple(bool(table.new[k]) for k in order),
        reference_other=_rest([p[k] for k in order]),
        current_other=_rest([q[k] for k in order]),
    )


_cell = lru_cache(maxsize=1_000)(cell)
"""The same few names stand in every part."""


def _rest(shares: Sequence[float]) -> float:
    """Return what is left of all rows; what rounding leaves is nothing."""
    left = 1.0 - fsum(shares)
    return left if left > _ROUNDING else 0.0
