"""Columns that drifted, worked out from values, so that a test names only what it is about."""

import numpy as np

from workbench.datasets.drift.report import ColumnDrift, Measure, Shape

AT = (0.0, 0.001, *(n / 100 for n in range(1, 100)), 0.999, 1.0)


def numbers(reference, current, *, name="x", verdict="drift", at=AT, **more):
    """Return the column of two samples of numbers."""
    with np.errstate(over="ignore", invalid="ignore"):
        return _numbers(reference, current, at, name, verdict, more)


def _numbers(reference, current, at, name, verdict, more):
    one, other = (np.sort(np.asarray(side, dtype=float)) for side in (reference, current))
    inner = np.unique(np.quantile(one, np.arange(1, 10) / 10, method="inverted_cdf"))
    edges = inner[inner < one[-1]]
    points = np.concatenate((one, other))
    apart = np.abs(upto(one, points) - upto(other, points))
    spread = np.quantile(one, 0.75) - np.quantile(one, 0.25)
    scale = spread / 1.349
    shape = Shape(
        edges=tuple(edges.tolist()),
        reference_shares=shares(one, edges),
        current_shares=shares(other, edges),
        at=at,
        reference_quantiles=tuple(np.quantile(one, at).tolist()),
        current_quantiles=tuple(np.quantile(other, at).tolist()),
        scale=scale or None,
        gap_at=float(points[apart.argmax()]),
    )
    measures = (
        Measure("ks", float(apart.max()), limit=0.1),
        Measure("psi", 0.31, limit=0.1),
        Measure("wasserstein", 0.42, limit=0.1),
    )
    return column(shape, name=name, verdict=verdict, measures=measures,
                  rows=(len(one), len(other)), **more)  # fmt: skip


def upto(ordered, places):
    """Return the shares of sorted values up to these places."""
    return np.searchsorted(ordered, places, side="right") / len(ordered)


def shares(ordered, edges):
    """Return the shares of sorted values in bins whose ends are open."""
    found = np.diff(np.concatenate(([0.0], upto(ordered, edges), [1.0])))
    return tuple(found.tolist())


def named(before, now, *, name="kind", other=(0.0, 0.0), **more):
    """Return the column of two tables of shares by category."""
    names = tuple(dict.fromkeys((*now, *before)))
    shape = Shape(
        categories=names,
        reference_parts=tuple(before.get(one, 0.0) for one in names),
        current_parts=tuple(now.get(one, 0.0) for one in names),
        new=tuple(one not in before for one in names),
        reference_other=other[0],
        current_other=other[1],
    )
    return column(shape, name=name, measures=(Measure("tvd", 0.2, limit=0.1),), **more)


def column(shape=None, *, name="x", verdict="drift", rows=(1000, 900), **more):
    """Return a column with a shape, or with none."""
    return ColumnDrift(
        name, verdict, shape=shape, reference_rows=rows[0], current_rows=rows[1], **more
    )
