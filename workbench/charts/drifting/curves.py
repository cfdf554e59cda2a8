"""Both distribution functions over each other, with the gap between them marked."""

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from workbench import words
from workbench.charts.drifting.sides import (
    DASHED,
    PERCENT,
    aside,
    empty,
    entries,
    finite,
    in_unit,
    joined,
    measure_of,
    missing,
    off,
    placed,
    said,
    unit_of,
    why_none,
)
from workbench.charts.figure import (
    END,
    START,
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
    from workbench.datasets.drift.report import ColumnDrift, Shape

NO_NUMBER: Final = "None of its quantiles is a number."
ENDS: Final = (0.01, 0.99)
WIDE: Final = 3.0
"""A range so many times as wide as that of all but the outer hundredths would hide those."""
_TOP: Final = 104.0
_ASIDE: Final = 8.0
_REPEATED: Final = 0.2
"""From this share of quantiles that repeat the one before on, values are few, and curves stairs."""
_TICKS: Final = 5


class Gap(NamedTuple):
    """Where the two distribution functions lie furthest apart."""

    at: float
    """The value, as the report says it."""
    low: float
    """Share, 0 to 1, at the lower end of the gap; with `high` as far apart as D says."""
    high: float
    size: float
    within: float


def cumulative(column: "ColumnDrift", *, theme: Theme = DARK) -> Figure:
    """Return both distribution functions, the reference dashed, with the greatest gap marked."""
    shape = column.shape
    if shape is None or not _has_quantiles(shape):
        return empty(column)
    gap, unit = gap_of(column), _unit_of(shape)
    low, high, left_out = _window(shape, gap, unit)
    x = in_unit(axis_of(np.array([low, high]), ""), unit)
    y = Axis("% of values up to it", 0.0, _TOP, linear(0.0, PERCENT, _TICKS))
    layers: list[Layer] = []
    for values, color, dashed in (
        (shape.reference_quantiles, theme.series[0], True),
        (shape.current_quantiles, theme.series[1], False),
    ):
        layers += _curve(*_points(shape, values, unit), x, color, dashed=dashed)
    if not layers:
        return nothing(column.name, why_none(column, NO_NUMBER))
    legend = list(entries(theme, DASHED))
    if gap is not None:
        layers += _marked(gap._replace(at=gap.at / unit), x, theme)
        legend.append(Entry("┃", f"gap at {short(gap.at)}", theme.series[3], focused=False))
    notes = joined(said(column, "ks", "D"), missing(column), left_out)
    return Figure(column.name, aside(column), x, y, tuple(layers), tuple(legend), notes)


def _has_quantiles(shape: "Shape") -> bool:
    return bool(shape.at and (shape.reference_quantiles or shape.current_quantiles))


def _unit_of(shape: "Shape") -> float:
    return unit_of(shape.reference_quantiles, shape.current_quantiles)


def _curve(places: Floats, shares: Floats, x: Axis, color: int, *, dashed: bool) -> list[Layer]:
    if not len(places):
        return []
    stepped = float(np.mean(np.diff(places) == 0)) > _REPEATED if len(places) > 1 else False
    places = np.concatenate(([min(x.low, places[0])], places, [max(x.high, places[-1])]))
    shares = np.concatenate(([0.0], shares, [float(shares[-1])]))
    return [Path(places, shares, color, bright=not dashed, steps=stepped, dashed=dashed)]


def _points(shape: "Shape", values: tuple[float, ...], unit: float) -> tuple[Floats, Floats]:
    """Return the quantiles of one side in a unit, and the shares up to them in percent."""
    number = min(len(values), len(shape.at))
    places = placed(np.asarray(values[:number], dtype=np.float64) / unit)
    shares = placed(shape.at[:number]) * PERCENT
    there = np.isfinite(places) & np.isfinite(shares)
    return places[there], shares[there]


def gap_of(column: "ColumnDrift") -> Gap | None:
    """Return where both curves lie furthest apart, as far as the report says.

    The size is that of the test; between two stored quantiles a curve is known to a hair only, so
    the mark has that size with its middle between the curves.
    """
    shape = column.shape
    if shape is None or not finite(shape.gap_at) or not two_sided(shape):
        return None
    at, unit = shape.gap_at or 0.0, _unit_of(shape)
    sides = [
        upto(*_points(shape, values, unit), at / unit)
        for values in (shape.reference_quantiles, shape.current_quantiles)
    ]
    found = measure_of(column, "ks")
    size = found.value if found is not None and finite(found.value) else abs(sides[0] - sides[1])
    size = min(abs(size), 1.0)
    low = min(max(sum(sides) / 2 - size / 2, 0.0), max(1.0 - size, 0.0))
    return Gap(at, low, low + size, size, found.within if found is not None else 0.0)


def two_sided(shape: "Shape") -> bool:
    """Tell whether both sides have quantiles."""
    return bool(shape.at and shape.reference_quantiles and shape.current_quantiles)


def upto(places: Floats, shares: Floats, at: float) -> float:
    """Return the share of values up to a place, 0 to 1; between two quantiles in proportion."""
    after = int(np.searchsorted(places, at, side="right"))
    if after == 0:
        return 0.0
    if after == len(places) or places[after - 1] == at:
        return float(shares[after - 1]) / PERCENT
    return (
        float(np.interp(at, places[after - 1 : after + 1], shares[after - 1 : after + 1])) / PERCENT
    )


def gap_said(gap: Gap) -> str:
    """Return the gap in words: its size with what it may be off by, and where it is."""
    return f"D = {words.number(gap.size, 3)}{off(gap.within)} at {short(gap.at)}"


def _marked(gap: Gap, x: Axis, theme: Theme) -> list[Layer]:
    """Return the mark of the gap, its words where a rising curve leaves room: below or before."""
    color = theme.series[3]
    ends = np.array([gap.low, gap.high]) * PERCENT
    before = gap.at > (x.low + x.high) / 2
    text = f"D {words.number(gap.size, 2)} " if before else f" D {words.number(gap.size, 2)}"
    beside = float(ends[1]) + _ASIDE if before else float(ends[0]) - _ASIDE
    level = min(max(beside, 0.0), PERCENT)
    note = Note(gap.at, level, text, color, END if before else START, bold=True)
    return [Path(np.array([gap.at, gap.at]), ends, color, bright=True), note]


def _window(shape: "Shape", gap: Gap | None, unit: float) -> tuple[float, float, str]:
    """Return what of the axis is shown: all, or without tails that would hide the rest."""
    both = (shape.reference_quantiles, shape.current_quantiles)
    sides = [side for side in (_points(shape, one, unit) for one in both) if len(side[0])]
    if not sides:
        return 0.0, 1.0, ""
    whole = _reach(sides, 0.0, PERCENT)
    inner = _reach(sides, *(end * PERCENT for end in ENDS))
    if gap is not None:
        inner = min(inner[0], gap.at / unit), max(inner[1], gap.at / unit)
    size = inner[1] / 2 - inner[0] / 2
    if not size > 0 or whole[1] / 2 - whole[0] / 2 <= WIDE * size:
        return *whole, ""
    ends = " to ".join(short(end * unit) for end in whole)
    return *inner, f"from {ends}, the outer hundredths not shown"


def _reach(sides: list[tuple[Floats, Floats]], first: float, last: float) -> tuple[float, float]:
    ends = [np.interp([first, last], shares, places) for places, shares in sides]
    return float(min(low for low, _ in ends)), float(max(high for _, high in ends))
