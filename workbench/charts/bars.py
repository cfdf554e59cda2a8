"""Named numbers as bars to the right, each with its spread: the importance of params."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from workbench import words
from workbench.charts.figure import FIXED, RIGHT, Axis, Boxes, Figure, Layer, Note, Path, axis_of
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.placing import SMALLEST
from workbench.charts.ticks import Tick
from workbench.runs.correlation import Correlation
from workbench.runs.importance import Importance, Ranking

_WORDS = 0.45
"""Room right of the longest bar for its words, as a share of it."""

_LONGEST = 1e300
_APART = 0.015
_PALE = 0.5
_THICK = 0.35
"""Half the height of a bar, as a share of its row."""


_SLOTS = 8
"""Rows there is room for: a few bars stand at the top and are not blown up to blocks."""


class Bar(NamedTuple):
    """A number with a name; ``said`` stands at the end of its bar. NaN has no bar.

    With a number ``before`` it is a bright line over the bar of what it was.
    """

    name: str
    value: float
    spread: float = math.nan
    said: str = ""
    before: float | None = None


def bars(
    rows: Sequence[Bar],
    *,
    title: str,
    label: str,
    aside: str = "",
    notes: str = "",
    empty: str = "",
    theme: Theme = DARK,
) -> Figure:
    """Return the rows as bars from top to bottom, in the order given.

    Args:
        rows: Names and numbers.
        title: What is shown.
        label: What the numbers are.
        aside: What stands beside the title.
        notes: What has to be known.
        empty: Why there are no rows.
        theme: Colours.
    """
    count = len(rows)
    ticks = tuple(Tick(float(count - 1 - at), row.name) for at, row in enumerate(rows))
    y = Axis("", count - max(count, _SLOTS) - 0.5, max(count, 1) - 0.5, ticks, FIXED)
    values = np.array([_finite(row.value) for row in rows], dtype=np.float64)
    spreads = np.array([abs(_finite(row.spread)) for row in rows], dtype=np.float64)
    before = np.array([_before(row) for row in rows], dtype=np.float64)
    paired = any(row.before is not None for row in rows)
    x = _across(np.maximum(values, before) if paired else values, spreads, label)
    if not rows:
        return Figure(title, aside, x, y, notes=notes, empty=empty or "Nothing to show")
    places = np.arange(count - 1, -1, -1, dtype=np.float64)
    color = ground(theme) if paired else theme.series[0]
    boxes = Boxes(
        np.zeros(count),
        before if paired else values,
        places - _THICK,
        places + _THICK,
        (color,) * count,
        grow=RIGHT,
    )
    layers: list[Layer] = [boxes]
    room = (x.high - x.low) * _APART
    for at, (row, value, spread, place) in enumerate(
        zip(rows, values, spreads, places, strict=True)
    ):
        layers += _whiskers(float(value), float(spread), float(place), theme)
        if paired and math.isfinite(row.value):
            across, level = np.array([0.0, value]), np.array([place, place])
            layers.append(Path(across, level, theme.series[1], bright=True))
        end = max(float(value + spread), float(before[at]), 0.0) + room
        layers.append(Note(end, float(place), row.said, theme.muted))
    return Figure(title, aside, x, y, tuple(layers), notes=notes, empty=empty)


def ground(theme: Theme) -> int:
    """Return the colour of what something is compared with: paler than what is compared."""
    return mixed(theme.series[0], theme.background, _PALE)


def _before(row: Bar) -> float:
    return 0.0 if row.before is None else _finite(row.before)


def _finite(number: float) -> float:
    """Return a number that a bar can have; one beyond any width is as long as one can be."""
    if math.isnan(number) or abs(number) < SMALLEST:
        return 0.0
    return max(-_LONGEST, min(number, _LONGEST))


def _across(values: np.ndarray, spreads: np.ndarray, label: str) -> Axis:
    high = float(np.max(values + spreads, initial=0.0))
    low = float(np.min(values - spreads, initial=0.0))
    size = (high - low) or 1.0
    found = axis_of(np.array([low, high if high > low else low + 1.0]), label)
    return found._replace(low=min(low, 0.0), high=high + size * _WORDS)


def _whiskers(value: float, spread: float, place: float, theme: Theme) -> list[Layer]:
    """Return the spread: dark within the bar, bright beyond it."""
    if not spread > 0:
        return []
    y = np.array([place, place])
    inner = np.array([max(value - spread, min(value, 0.0)), value])
    outer = np.array([value, value + spread])
    return [
        Path(inner, y, theme.background, bright=True),
        Path(outer, y, theme.series[0], bright=True),
    ]


def importances(ranking: Ranking, *, metric: str, theme: Theme = DARK, noun: str = "run") -> Figure:
    """Return the importance of params for a metric, labelled as what it is.

    Where there are too few runs for a forest, the strength of the rank correlations.
    """
    known = [row for row in ranking.rows if math.isfinite(row.importance)]
    title = f"importance for {metric}"
    n = f"n = {words.count(ranking.n)}"
    if known:
        rows = [Bar(row.name, row.importance, row.spread, _said(row)) for row in known]
        aside = f"out-of-bag R² = {words.number(ranking.score, 2)}, {n}"
        notes = " · ".join(part for part in (ranking.words, ranking.method) if part)
        label = "drop in R² when shuffled"
        return bars(rows, title=title, label=label, aside=aside, notes=notes, theme=theme)
    found = [row for row in ranking.rows if row.rho is not None and math.isfinite(row.rho.rho)]
    rows = [Bar(row.name, abs(row.rho.rho), said=_correlated(row.rho)) for row in found if row.rho]
    empty = "" if rows else (ranking.words or f"No {noun}s with {metric} yet")
    notes = f"{ranking.words}: only rank correlations" if rows else ranking.words
    return bars(rows, title=title, label="|ρ|", aside=n, notes=notes, empty=empty, theme=theme)


def _correlated(rho: Correlation) -> str:
    return rho.text.rpartition(", n")[0]


def _said(row: Importance) -> str:
    said = words.spread(row.importance, row.spread, 2)
    if row.rho is not None and math.isfinite(row.rho.rho):
        said += f"  ρ = {words.number(row.rho.rho, 2)}"
    return said
