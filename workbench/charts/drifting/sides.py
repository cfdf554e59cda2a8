"""What the plots of a column have in common: the two sides, the words around, odd numbers."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from workbench import words
from workbench.charts.bars import ground
from workbench.charts.figure import FIXED, Axis, Figure, Floats, nothing
from workbench.charts.legend import Entry
from workbench.charts.numbers import short
from workbench.charts.palette import Theme
from workbench.charts.placing import SMALLEST
from workbench.charts.ticks import Tick, linear

if TYPE_CHECKING:
    from workbench.datasets.drift.report import ColumnDrift, Measure

NOTHING_KEPT: Final = "The report keeps nothing of it to draw."
FILLED, LINE, DASHED = "█", "━", "╌"
"""How a side is drawn, in a legend."""
PERCENT: Final = 100.0
_LARGEST: Final = 1e300
_ALL: Final = 1.0
_TICKS: Final = 5
_HUGE: Final = 1e150
_LEAST_POWER: Final = -307
"""Lower powers of ten have too few digits left to divide by."""
_BETWEEN: Final = " · "


def entries(theme: Theme, sign: str) -> tuple[Entry, ...]:
    """Return the legend of both sides, the reference by the sign it is drawn with."""
    color = theme.series[0] if sign == DASHED else ground(theme)
    return (
        Entry(sign, "reference", color, focused=False),
        Entry(LINE, "current", theme.series[1], focused=False),
    )


def aside(column: "ColumnDrift") -> str:
    """Return what stands beside a title: the verdict, and of how many values it is."""
    rows = f"n = {words.count(column.reference_rows)} | {words.count(column.current_rows)}"
    return _BETWEEN.join(part for part in (column.verdict, rows) if part)


def missing(column: "ColumnDrift") -> str:
    """Return the shares of rows without a value, where there are any."""
    before, now = column.reference_missing, column.current_missing
    if not (before or now):
        return ""
    return f"missing {words.percent(before)} → {words.percent(now)}"


def joined(*parts: str) -> str:
    """Return notes in one line; empty ones are none."""
    return _BETWEEN.join(filter(None, parts))


def measure_of(column: "ColumnDrift", name: str) -> "Measure | None":
    """Return a measure of a column by its name, if it was taken."""
    return next((one for one in column.measures if one.name == name), None)


def said(column: "ColumnDrift", name: str, title: str) -> str:
    """Return a measure with what it was held against; nothing where it was not taken."""
    found = measure_of(column, name)
    if found is None:
        return ""
    limit = "" if found.limit is None else f", limit {words.number(found.limit, 3)}"
    return f"{title} {words.number(found.value, 3)}{off(found.within)}{limit}"


def off(within: float) -> str:
    """Return by how much a number may be off; nothing where it is exact."""
    return f" ±{words.number(within, 1)}" if within else ""


def empty(column: "ColumnDrift") -> Figure:
    """Return the figure of a column that has nothing to draw, which says why."""
    return nothing(column.name, why_none(column))


def why_none(column: "ColumnDrift", otherwise: str = NOTHING_KEPT) -> str:
    """Return why there is nothing to draw of a column, in a sentence."""
    if column.reason:
        return sentence(column.reason)
    if column.reference_missing >= _ALL and column.current_missing >= _ALL:
        return "It has no values on either side."
    if column.reference_missing >= _ALL:
        return "It has no values in the reference."
    if column.current_missing >= _ALL:
        return "It has no values in the current data."
    return sentence(column.words) if column.words and column.shape is None else otherwise


def sentence(text: str) -> str:
    """Return words as a sentence: with a capital letter and a full stop."""
    return text[:1].upper() + text[1:].removesuffix(".") + "."


def placed(values: Iterable[float]) -> Floats:
    """Return values that have a place on an axis; NaN for those that have none.

    What is beyond any width, and infinite, is as far out as one can be.
    """
    found = np.asarray(tuple(values), dtype=np.float64)
    found = np.where(np.abs(found) < SMALLEST, 0.0, found)
    return np.clip(found, -_LARGEST, _LARGEST)


def unit_of(*values: Iterable[float]) -> float:
    """Return what values are divided by to have places: 1, but where they are huge or tiny."""
    sizes = np.abs(np.asarray([one for some in values for one in some], dtype=np.float64))
    largest = float(sizes[np.isfinite(sizes)].max(initial=0.0))
    if largest == 0 or 1 / _HUGE < largest < _HUGE:
        return 1.0
    return 10.0 ** max(math.floor(math.log10(largest)), _LEAST_POWER)


def in_unit(axis: Axis, unit: float) -> Axis:
    """Return an axis in a unit with ticks that say the numbers themselves."""
    if unit == 1:
        return axis
    ticks = [Tick(tick.at, short(tick.at * unit)) for tick in linear(axis.low, axis.high, _TICKS)]
    there = tuple(tick for tick in ticks if math.isfinite(tick.at * unit))
    return axis._replace(ticks=there, kind=FIXED, whole=True)


def apart(values: Sequence[float], digits: int = 3) -> tuple[str, ...]:
    """Return numbers in as few digits as tell them from each other."""
    for number in range(digits, 17):
        texts = tuple(words.number(value, number) for value in values)
        if len(set(texts)) == len(set(values)):
            return texts
    return tuple(repr(value) for value in values)


def share(values: Sequence[float]) -> Floats:
    """Return shares in percent; what is no number is none."""
    found = np.asarray(values, dtype=np.float64) * PERCENT
    return np.where(np.isfinite(found), found, 0.0)


def finite(value: float | None) -> bool:
    """Tell whether there is a number that is one."""
    return value is not None and math.isfinite(value)
