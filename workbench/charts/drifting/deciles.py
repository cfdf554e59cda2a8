"""Both distributions over the reference's deciles: where a tenth of it lay, how much lies now.

The bins are side by side, each as wide as the next: the outer two are open, and a width of theirs
would be made up.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from workbench.charts.bars import ground
from workbench.charts.drifting.sides import (
    FILLED,
    apart,
    aside,
    empty,
    entries,
    joined,
    missing,
    said,
    share,
)
from workbench.charts.figure import FIXED, UP, Axis, Boxes, Figure, Floats, Layer, Path
from workbench.charts.palette import DARK, Theme
from workbench.charts.ticks import Tick, linear

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift, Shape

BELOW, ABOVE = "←", "→"
"""The bins at the ends are open."""
_HEADROOM: Final = 1.12
_LEAST: Final = 1.0
_TICKS: Final = 5


def distributions(column: "ColumnDrift", *, theme: Theme = DARK) -> Figure:
    """Return both distributions over the reference's deciles, the reference filled."""
    shape = column.shape
    if shape is None or not (shape.reference_shares or shape.current_shares):
        return empty(column)
    reference, current = share(shape.reference_shares), share(shape.current_shares)
    high = max(_LEAST, *reference.tolist(), *current.tolist()) * _HEADROOM
    y = Axis("% of values", 0.0, high, linear(0.0, high, _TICKS))
    layers = [*_reference(reference, theme), *_current(current, theme)]
    notes = joined(
        said(column, "psi", "PSI"),
        missing(column),
        f"bins end at tenths of the reference; {BELOW} {ABOVE} are open",
    )
    legend = entries(theme, FILLED)
    return Figure(column.name, aside(column), _bins(shape), y, tuple(layers), legend, notes)


def _bins(shape: "Shape") -> Axis:
    """Return the axis of bins with the edges between them as they are."""
    number = max(len(shape.reference_shares), len(shape.current_shares))
    texts = apart(shape.edges[: number - 1])
    between = [Tick(float(at), text) for at, text in enumerate(texts, start=1)]
    ticks = (Tick(0.0, BELOW), *between, Tick(float(number), ABOVE))
    return Axis("", 0.0, float(number), ticks, FIXED, whole=True)


def _reference(shares: Floats, theme: Theme) -> list[Layer]:
    drawn = np.flatnonzero(shares > 0)
    if not len(drawn):
        return []
    left = drawn.astype(np.float64)
    foot, colors = np.zeros(len(drawn)), (ground(theme),) * len(drawn)
    return [Boxes(left, left + 1, foot, shares[drawn], colors, grow=UP)]


def _current(shares: Floats, theme: Theme) -> list[Layer]:
    if not len(shares):
        return []
    x = np.arange(len(shares) + 1, dtype=np.float64)
    return [Path(x, np.append(shares, shares[-1]), theme.series[1], bright=True, steps=True)]
