"""How a column's values are distributed, drawn from its stored profile: no data is read.

Numbers and moments are columns between edges with the median in them, everything else is its most
frequent values as bars. Moments of which no more is stored are months, and say so. What cannot be
drawn says why.
"""

import math
from collections.abc import Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from workbench import words
from workbench.charts import bars as named
from workbench.charts import ticks
from workbench.charts.bars import Bar
from workbench.charts.figure import (
    UP,
    Axis,
    Boxes,
    Figure,
    Floats,
    Layer,
    Path,
    axis_of,
    nothing,
)
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.ticks import STEPS
from workbench.datasets.profiling import at_second, bars, bound, cdf, histogram, quantile

if TYPE_CHECKING:
    from workbench.datasets.profile import Column, Moments

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_BINS: Final = 60
_CLIPPED: Final = (0.01, 0.99)
_INNER: Final = (0.005, 0.995)
"""What a tiny histogram is of: a far outlier would be all that is seen."""
_FEW_PER_BIN: Final = 20
"""Whole numbers per bin from which on one more or less makes no difference to the eye."""
_HALF: Final = 0.5
_STEPS: Final = {"integer": 1.0, "date": 86_400.0}
"""How far values are apart at the least, by type: of dates in seconds."""
_NEARLY: Final = 1e-6
_WHOLE_BELOW: Final = 2.0**50
"""Halves between larger whole numbers are no numbers."""
_COLUMN, _HEADROOM = 0.75, 1.12
_HALF_A_ROW: Final = 0.5
"""Where columns of counts begin on a logarithmic axis: one row has to be seen."""
_EXACT: Final = 1e-9
MONTHLY: Final = "by month of the year, UTC"
_MOST_BARS: Final = 40
_LARGEST: Final = 1e300
"""The width of a wider range is no number."""


class Look(NamedTuple):
    """How a person wants to see it."""

    log: bool = False
    """Counts on a logarithmic axis: what is rare is seen beside what is not."""
    clip: bool = False
    """Only what lies between the first and the last hundredth."""


_PLAIN: Final = Look()


class Binned(NamedTuple):
    """A column in bins."""

    edges: Floats
    """Shape ``(bins + 1,)``."""
    counts: Floats
    """Shape ``(bins,)``."""
    said: str = ""
    """What was left out."""
    step: float = 0.0
    """How far whole numbers, or days, are apart, between which the edges lie; 0 of others."""


class Middle(NamedTuple):
    """The median, and how it reads."""

    at: float | None
    said: str


def profiled(
    column: "Column", *, rows: int = _MOST_BARS, look: Look = _PLAIN, theme: Theme = DARK
) -> Figure:
    """Return a column's distribution.

    Args:
        column: Its stored summary.
        rows: Bars there is room for, where its values have names.
        look: Logarithmic, clipped.
        theme: Colours.
    """
    if column.fault:
        return nothing(column.name, column.fault)
    if over_axis(column):
        if column.moments is not None:
            return _moments(column, column.moments, look, theme)
        return _numbers(column, look, theme)
    if column.moments is not None and any(column.moments.months):
        return _months(column.name, column.moments.months, theme)
    return _values(column, rows, theme)


# ------------------------------------------------------------ numbers


def _numbers(column: "Column", look: Look, theme: Theme) -> Figure:
    found = binned(column, clip=look.clip)
    median = column.numbers.median if column.numbers else None
    x = axis_of(found.edges, "")
    return _columns(column, found, x, Middle(median, words.number(median)), look.log, theme)


def _moments(column: "Column", found: "Moments", look: Look, theme: Theme) -> Figure:
    """Return moments over time from the first to the last, in UTC where they have a zone."""
    bins = binned(column, clip=look.clip)
    x = axis_of(bins.edges, "", time=True, zone=UTC)
    if "T" not in found.first and ":" in found.first:
        x = x._replace(kind=ticks.DURATION)
    ends = float(bins.edges[0]) + bins.step / 2, float(bins.edges[-1]) - bins.step / 2
    zone = ", UTC" if found.first.endswith("Z") else ""
    range_ = " to ".join(at_second(found, end) for end in ends) + zone
    said = " · ".join(filter(None, (range_, bins.said)))
    at = quantile(column, _HALF)
    middle = Middle(at, at_second(found, at))
    return _columns(column, bins._replace(said=said), x, middle, look.log, theme)


def _columns(
    column: "Column", found: "Binned", x: Axis, middle: "Middle", log: bool, theme: Theme
) -> Figure:
    edges, counts = found.edges, found.counts
    if not len(counts) or not counts.sum():
        return nothing(column.name, "It has no finite number.")
    y, heights, foot = _heights(counts, log=log)
    x = x._replace(low=float(edges[0]), high=float(edges[-1]))
    drawn = counts > 0
    color = mixed(theme.series[0], theme.background, _COLUMN)
    number = int(drawn.sum())
    layers: list[Layer] = [
        Boxes(edges[:-1][drawn], edges[1:][drawn], np.full(number, foot), heights[drawn],
              (color,) * number, grow=UP)
    ]  # fmt: skip
    entries: list[Entry] = []
    median = middle.at
    if median is not None and edges[0] <= median <= edges[-1]:
        tall = np.array([foot, float(heights.max())])
        layers.append(Path(np.array([median] * 2), tall, theme.series[1], bright=True))
        entries.append(Entry("│", f"median {middle.said}", theme.series[1], focused=False))
    aside = f"n = {words.count(column.n)}"
    return Figure(
        column.name,
        aside,
        x,
        y,
        tuple(layers),
        tuple(entries),
        " · ".join([*_left_out(column, found.said), *filter(None, (exactness(column),))]),
    )


def shares(column: "Column", bins: int) -> tuple[float, ...]:
    """Return heights for a tiny histogram; empty where there is nothing to draw.

    A bin between whole numbers that holds two of them is not twice as high as one that holds one:
    of whole numbers it is the share for each.
    """
    ends = _ends(column, _INNER) if column.type == "integer" and column.moments is None else None
    if ends is None:
        return bars(column, bins)
    low, high = (round(end) for end in ends)
    if not bins <= high - low < bins * _FEW_PER_BIN:
        return bars(column, bins)
    edges = np.linspace(low - _HALF, high + _HALF, bins + 1)
    held = np.diff(np.floor(edges))
    found = np.diff(cdf(column, edges)) / np.maximum(held, 1.0)
    return tuple(np.maximum(found, 0.0).tolist())


def _ends(column: "Column", inner: tuple[float, float]) -> tuple[float, float] | None:
    """Return between which values a share of them lies; None where no axis has room for that."""
    low, high = (quantile(column, at) for at in inner)
    if not (abs(low) <= _LARGEST and abs(high) <= _LARGEST and low <= high):
        return None
    return low, high


def over_axis(column: "Column") -> bool:
    """Return whether a column is drawn in bins over an axis: numbers and moments."""
    numbers, moments = column.numbers, column.moments
    if numbers is not None:
        return numbers.quantiles is not None and column.type != "boolean"
    return moments is not None and moments.quantiles is not None


def binned(column: "Column", *, clip: bool) -> Binned:
    """Return the bins a column is drawn in."""
    inner = _CLIPPED if clip else (0.0, 1.0)
    ends = _ends(column, inner)
    if ends is None:
        return Binned(*_plain(column, None))
    if not ends[0] < ends[1] and abs(ends[0]) >= _WHOLE_BELOW:
        return Binned(np.array(_around(ends[0])), np.array([float(column.n)]))
    step = _STEPS.get(column.type, 0.0) if max(map(abs, ends)) < _WHOLE_BELOW else 0.0
    edges, counts = _whole(column, *ends, step) if step else _plain(column, ends)
    outside = max(0, round(column.n - float(counts.sum())))
    left_out = f"{words.count(outside)} further out not shown" if outside else ""
    return Binned(edges, counts, left_out, step)


def _around(value: float) -> tuple[float, float]:
    """Return a range around one huge number; half of one is too little to be another number."""
    return value - abs(value) * _NEARLY, value + abs(value) * _NEARLY


def _plain(column: "Column", ends: tuple[float, float] | None) -> tuple[Floats, Floats]:
    edges, counts = histogram(column, _BINS, *(ends or ()))
    return np.asarray(edges, np.float64), np.asarray(counts, np.float64)


def _whole(column: "Column", low: float, high: float, step: float) -> tuple[Floats, Floats]:
    """Return bins of whole numbers or days, each with as many of them as the others."""
    first, last = math.floor(low / step), math.ceil(high / step)
    wide = max(1, math.ceil((last - first + 1) / _BINS))
    number = math.ceil((last - first + 1) / wide)
    edges = (first - _HALF + wide * np.arange(number + 1, dtype=np.float64)) * step
    counts = np.maximum(np.diff(cdf(column, edges)), 0.0) * column.n
    return edges, counts


def _heights(counts: Floats, *, log: bool) -> tuple[Axis, Floats, float]:
    """Return the axis of counts, the columns' tops on it, and where they begin."""
    highest = float(counts.max())
    if not log:
        top = max(highest * _HEADROOM, 1.0)
        return Axis("rows", 0.0, top, ticks.ticks(STEPS, 0.0, top, 6), STEPS), counts, 0.0
    foot = float(np.log10(_HALF_A_ROW))
    heights = np.log10(np.maximum(counts, _HALF_A_ROW))
    top = float(np.log10(max(highest, 1.0) * 2))
    return Axis("rows", foot, top, ticks.logarithmic(foot, top, 6), log=True), heights, foot


def _left_out(column: "Column", said: str) -> list[str]:
    infinite = column.plus_infinities + column.minus_infinities
    parts = (
        said,
        f"{words.count(column.nulls)} null" if column.nulls else "",
        f"{words.count(column.nans)} NaN" if column.nans else "",
        f"{words.count(infinite)} infinite" if infinite else "",
    )
    return [part for part in parts if part]


def exactness(column: "Column") -> str:
    """Return how exact the columns are: between two stored quantiles they are estimated."""
    off = bound(column)
    return f"from stored quantiles, exact to {words.percent(off)}" if off > _EXACT else ""


# ------------------------------------------------------------ names


def _months(name: str, months: Sequence[int], theme: Theme) -> Figure:
    total = sum(months)
    rows = [
        Bar(month, float(count), said=_said(count, total))
        for month, count in zip(MONTHS, months, strict=False)
    ]
    return named.bars(
        rows, title=name, label="rows", aside="by month of the year, UTC", theme=theme
    )


def _values(column: "Column", rows: int, theme: Theme) -> Figure:
    total = sum(count for _, count in column.top) + column.other
    if not column.top or not total:
        return nothing(column.name, why_none(column))
    room = max(1, rows - 1)
    top = column.top if len(column.top) <= rows and not column.other else column.top[:room]
    shown = [Bar(value, float(count), said=_said(count, total)) for value, count in top]
    rest = total - sum(count for _, count in top)
    if rest:
        shown.append(Bar("(other)", float(rest), said=_said(rest, total)))
    aside = f"n = {words.count(total)}"
    notes = " · ".join(_left_out(column, ""))
    return named.bars(shown, title=column.name, label="rows", aside=aside, notes=notes, theme=theme)


def _said(count: int, total: int) -> str:
    return f"{words.count(count)}  {words.percent(count / total if total else None)}"


def why_none(column: "Column") -> str:
    """Return why no value of a column can be drawn, in words."""
    if not column.rows or column.nulls == column.rows:
        return "It has no values."
    if column.role == "identifier":
        return "Every value is there once."
    return "No value of it is stored."
