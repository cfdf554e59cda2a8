"""By how much each quantile moved: the one plot that shows where a column drifted."""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from workbench import words
from workbench.charts.drifting.curves import ENDS, NO_NUMBER, WIDE, two_sided
from workbench.charts.drifting.sides import (
    DASHED,
    LINE,
    NOTHING_KEPT,
    PERCENT,
    aside,
    finite,
    in_unit,
    joined,
    measure_of,
    placed,
    said,
    unit_of,
    why_none,
)
from workbench.charts.figure import (
    Axis,
    Figure,
    Floats,
    Layer,
    Note,
    Path,
    axis_of,
    nothing,
)
from workbench.charts.legend import Entry
from workbench.charts.numbers import short
from workbench.charts.palette import DARK, Theme
from workbench.charts.ticks import linear

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift

_TIGHT: Final = (0.001, 0.999)
"""A quantile further out is of a few values, and no part of the distance that is judged."""
_CLEAR: Final = 0.12
"""Of the height, what has to be free beyond a limit for words to stand there."""
_TICKS: Final = 5


class Shift(NamedTuple):
    """By how much each quantile moved."""

    at: Floats
    """Shares in percent."""
    by: Floats
    """Current less reference, in robust scales, else as it is."""
    scale: float | None
    limit: float | None
    unit: float
    """What the differences were divided by: the scale, else a power of ten."""


def quantile_shift(column: "ColumnDrift", *, theme: Theme = DARK) -> Figure:
    """Return by how much each quantile moved, in robust scales: above 0 the current are higher."""
    found = shift_of(column)
    if found is None:
        return nothing(column.name, why_none(column, _nowhere(column)))
    limits = () if found.limit is None else (found.limit, -found.limit)
    shown, left_out = _inner(found)
    y = axis_of(np.array([*shown.by, *limits, 0.0]), unit_said(found))
    if found.scale is None:
        y = in_unit(y, found.unit)._replace(label="in its own unit")
    x = Axis("% of values below", 0.0, PERCENT, linear(0.0, PERCENT, _TICKS))
    across = np.array([x.low, x.high])
    layers: list[Layer] = [Path(across, np.zeros(2), theme.axis)]
    layers += [Path(across, np.full(2, at), theme.series[3], dashed=True) for at in limits]
    layers.append(Path(shown.at, shown.by, theme.series[1], bright=True))
    room = (y.high - y.low) * _CLEAR / 2
    higher, lower = (y.high + max(limits, default=0.0)) / 2, (y.low + min(limits, default=0.0)) / 2
    layers += [
        Note(x.low, place, text, theme.muted, spare=True)
        for place, text in ((higher, " higher now"), (lower, " lower now"))
        if abs(place - max(limits, default=0.0) * (1 if place > 0 else -1)) > room
    ]
    legend = [Entry(LINE, "current - reference", theme.series[1], focused=False)]
    if found.limit is not None:
        said_limit = f"limit ±{words.number(found.limit, 3)}"
        legend.append(Entry(DASHED, said_limit, theme.series[3], focused=False))
    notes = joined(said(column, "wasserstein", "mean distance"), left_out, _scale_said(found))
    return Figure(column.name, aside(column), x, y, tuple(layers), tuple(legend), notes)


def _nowhere(column: "ColumnDrift") -> str:
    there = column.shape is not None and two_sided(column.shape)
    return NO_NUMBER if there else NOTHING_KEPT


def _inner(found: Shift) -> tuple[Shift, str]:
    """Return what is shown of a shift: all, or without ends that would hide the rest."""
    inside = (found.at >= ENDS[0] * PERCENT) & (found.at <= ENDS[1] * PERCENT)
    if not inside.any() or inside.all():
        return found, ""
    outside, by = found.by[~inside], found.by[inside]
    if np.abs(outside).max() <= WIDE * max(float(np.abs(by).max()), found.limit or 0.0):
        return found, ""
    furthest = float(outside[np.abs(outside).argmax()])
    said = f"the outer hundredths, up to {words.delta(furthest)}, not shown"
    return found._replace(at=found.at[inside], by=by), said


def unit_said(found: Shift) -> str:
    """Return what one unit of a shift is."""
    if found.scale is not None:
        return "in robust scales"
    return "in its own unit" if found.unit == 1 else f"in {words.number(found.unit)}"


def _scale_said(found: Shift) -> str:
    if found.scale is None:
        return "the reference has no spread to measure it by"
    return f"one robust scale is {short(found.scale)}"


def shift_of(column: "ColumnDrift") -> Shift | None:
    """Return by how much each quantile moved; None where a side has none."""
    shape = column.shape
    if shape is None or not two_sided(shape):
        return None
    number = min(len(shape.at), len(shape.reference_quantiles), len(shape.current_quantiles))
    at = np.asarray(shape.at[:number], dtype=np.float64)
    reference = np.asarray(shape.reference_quantiles[:number], dtype=np.float64)
    current = np.asarray(shape.current_quantiles[:number], dtype=np.float64)
    scale = shape.scale if finite(shape.scale) and (shape.scale or 0.0) > 0 else None
    unit = scale or unit_of(reference, current)
    with np.errstate(over="ignore", invalid="ignore"):
        by = current / unit - reference / unit
    there = np.isfinite(at) & ~np.isnan(by)
    inner = there & (at >= _TIGHT[0]) & (at <= _TIGHT[1])
    there = inner if inner.any() else there
    if not there.any():
        return None
    limit = _limit(column) if scale else None
    return Shift(at[there] * PERCENT, placed(by[there]), scale, limit, unit)


def _limit(column: "ColumnDrift") -> float | None:
    """Return what the mean distance was held against; None where nothing says it was measured."""
    found = measure_of(column, "wasserstein")
    return found.limit if found is not None and finite(found.limit) else None
