"""How a column's values are distributed, drawn from its stored profile: no data is read.

Numbers are columns between edges with the median in them, moments are months, everything else is
its most frequent values as bars. What cannot be drawn says why.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from workbench import words
from workbench.charts import ticks
from workbench.charts.bars import Bar, bars
from workbench.charts.figure import UP, Axis, Boxes, Figure, Floats, Layer, Path, axis_of
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.ticks import STEPS
from workbench.datasets.profiling import cdf, histogram, quantile

if TYPE_CHECKING:
    from workbench.datasets.profile import Column

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_BINS: Final = 60
_CLIPPED: Final = (0.01, 0.99)
_COLUMN, _HEADROOM = 0.75, 1.12
_HALF_A_ROW: Final = 0.5
"""Where columns of counts begin on a logarithmic axis: one row has to be seen."""
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
        return _nothing(column.name, column.fault)
    numbers = column.numbers
    if numbers is not None and numbers.quantiles is not None and column.type != "boolean":
        return _numbers(column, look, theme)
    if column.moments is not None and any(column.moments.months):
        return _months(column.name, column.moments.months, theme)
    return _values(column, rows, theme)


def _nothing(name: str, why: str) -> Figure:
    axis = Axis("", 0.0, 1.0)
    return Figure(name, "", axis, axis, empty=why)


# ------------------------------------------------------------ numbers


def _numbers(column: "Column", look: Look, theme: Theme) -> Figure:
    edges, counts, said = _binned(column, clip=look.clip)
    if not len(counts) or not counts.sum():
        return _nothing(column.name, "It has no finite number.")
    y, heights, foot = _heights(counts, log=look.log)
    x = axis_of(edges, "")._replace(low=float(edges[0]), high=float(edges[-1]))
    drawn = counts > 0
    color = mixed(theme.series[0], theme.background, _COLUMN)
    number = int(drawn.sum())
    layers: list[Layer] = [
        Boxes(edges[:-1][drawn], edges[1:][drawn], np.full(number, foot), heights[drawn],
              (color,) * number, grow=UP)
    ]  # fmt: skip
    entries: list[Entry] = []
    median = column.numbers.median if column.numbers else None
    if median is not None and edges[0] <= median <= edges[-1]:
        tall = np.array([foot, float(heights.max())])
        layers.append(Path(np.array([median] * 2), tall, theme.series[1], bright=True))
        entries.append(Entry("│", f"median {words.number(median)}", theme.series[1], focused=False))
    aside = f"n = {words.count(column.n)}"
    return Figure(
        column.name, aside, x, y, tuple(layers), tuple(entries), " · ".join(_left_out(column, said))
    )


def _binned(column: "Column", *, clip: bool) -> tuple[Floats, Floats, str]:
    """Return edges and counts, and what was left out of them."""
    if not clip:
        edges, counts = histogram(column, _BINS)
        return np.asarray(edges, np.float64), np.asarray(counts, np.float64), ""
    low, high = (quantile(column, at) for at in _CLIPPED)
    if not low < high or abs(high) > _LARGEST or abs(low) > _LARGEST:
        edges, counts = histogram(column, _BINS)
        return np.asarray(edges, np.float64), np.asarray(counts, np.float64), ""
    edges = np.linspace(low, high, _BINS + 1)
    shares = np.diff(cdf(column, edges))
    counts = np.maximum(shares, 0.0) * column.n
    outside = column.n - float(counts.sum())
    return edges, counts, f"{words.count(max(0, round(outside)))} further out not shown"


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


# ------------------------------------------------------------ names


def _months(name: str, months: Sequence[int], theme: Theme) -> Figure:
    total = sum(months)
    rows = [
        Bar(month, float(count), said=_said(count, total))
        for month, count in zip(MONTHS, months, strict=False)
    ]
    return bars(rows, title=name, label="rows", aside="by month of the year", theme=theme)


def _values(column: "Column", rows: int, theme: Theme) -> Figure:
    total = sum(count for _, count in column.top) + column.other
    if not column.top or not total:
        return _nothing(column.name, _why_none(column))
    room = max(1, rows - 1)
    top = column.top if len(column.top) <= rows and not column.other else column.top[:room]
    shown = [Bar(value, float(count), said=_said(count, total)) for value, count in top]
    rest = total - sum(count for _, count in top)
    if rest:
        shown.append(Bar("(other)", float(rest), said=_said(rest, total)))
    aside = f"n = {words.count(total)}"
    notes = " · ".join(_left_out(column, ""))
    return bars(shown, title=column.name, label="rows", aside=aside, notes=notes, theme=theme)


def _said(count: int, total: int) -> str:
    return f"{words.count(count)}  {words.percent(count / total if total else None)}"


def _why_none(column: "Column") -> str:
    if not column.rows or column.nulls == column.rows:
        return "It has no values."
    if column.role == "identifier":
        return "Every value is there once."
    return "No value of it is stored."
