"""How the shares of categories lie beside those of the reference, and which are new or gone."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.cells import cell
from workbench.datasets.drift import effects, significance
from workbench.datasets.drift.aspects import Asked, Aspect, Effect, Found, of_index
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


def compared(a: Column, b: Column, role: str, asked: Asked) -> Found:
    """Return what the categories of two columns show; both must have some."""
    table = counted(a, b)
    masked = a.sensitive or b.sensitive
    test, p = significance.contingency(table.a, table.b)
    aspects = [Aspect(test, p, min(a.n, b.n), _effects(table, asked))]
    findings = list[Finding]()
    if role != WORDS:
        aspects += _new(table, a, b, asked)
        findings += _came_and_went(table, a, b, asked, masked=masked)
    return Found(
        aspects=tuple(aspects),
        measures=(
            Measure(
                "linf", float(effects.largest_difference(table.a, table.b)),
                words="the largest difference of a category's share",
            ),
            *binned(table.a, table.b, asked.measures),
        ),
        findings=tuple(findings),
        shape=_shape(table, masked=masked),
        words=_moved(table, masked=masked),
    )  # fmt: skip


def _effects(table: Table, asked: Asked) -> tuple[Effect, ...]:
    limits, n1, n2 = asked.thresholds, table.a.sum(), table.b.sum()
    moved = float(effects.total_variation(table.a, table.b))
    variation = Effect(
        "tvd", moved, limits.tvd, limits.tvd_severe, effects.variation_floor(table.a, table.b),
        _unsure(table), "share of rows that would have to change their category",
    )  # fmt: skip
    index = of_index(
        float(effects.stability_index(effects.counts_of(table.a, table.b))[0]), moved, limits,
        effects.stability_floor(len(table.a), n1, n2),
    )._replace(words="population stability index of the categories")  # fmt: skip
    return variation, index


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


def _moved(table: Table, *, masked: bool) -> str:
    """Return the category whose share changed most, from what to what."""
    names = len(table.names)
    if not names:
        return ""
    p, q = table.a / table.a.sum(), table.b / table.b.sum()
    k = int(np.argmax(np.abs(p[:names] - q[:names])))
    if percent(p[k]) == percent(q[k]):
        return "shares as in the reference"
    return f"{_said(table.names[k], masked=masked)} {percent(p[k])} → {percent(q[k])}"


def _shape(table: Table, *, masked: bool) -> Shape:
    """Return what is drawn: the categories that moved most, and the rest as one."""
    names = range(len(table.names))
    p, q = table.a / table.a.sum(), table.b / table.b.sum()
    order = sorted(names, key=lambda k: (-abs(p[k] - q[k]), -q[k], table.names[k]))[:DRAWN]
    return Shape(
        categories=tuple(MASK if masked else cell(table.names[k]) for k in order),
        reference_parts=tuple(float(p[k]) for k in order),
        current_parts=tuple(float(q[k]) for k in order),
        new=tuple(bool(table.new[k]) for k in order),
        reference_other=_rest(p[order]),
        current_other=_rest(q[order]),
    )


def _rest(shares: Floats) -> float:
    """Return what is left of all rows; what rounding leaves is nothing."""
    left = 1.0 - float(shares.sum())
    return left if left > _ROUNDING else 0.0
