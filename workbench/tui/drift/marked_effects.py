"""Marked columns beside the one under the cursor, in the plot of effects over time."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from workbench.charts.figure import Axis, Dots, Figure, Layer, Path, ticks_of
from workbench.charts.legend import Entry
from workbench.charts.palette import letters
from workbench.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.charts.drifting import Point
    from workbench.charts.palette import Theme

_COLORS: Final = (0, 1, 2, 4, 5, 6, 7)
"""Of the theme's series; the fourth is the limit's."""
MOST: Final = len(_COLORS)
_TICKS: Final = 6
_LEAST: Final = 0.01
_ROOM: Final = 1.1


def with_marked(
    figure: Figure,
    points: "Sequence[Point]",
    others: "Mapping[str, Sequence[Point]]",
    theme: "Theme",
) -> Figure:
    """Return the plot of a column's effects with those of others as lettered lines behind it.

    Args:
        figure: The plot of the column alone.
        points: What is drawn in it.
        others: Effects of other columns, by name; at most `MOST` are drawn.
        theme: Colours.
    """
    shown = list(others.items())[:MOST]
    if figure.empty or not shown:
        return figure
    timed = all(point.start is not None for point in points)
    places = {_key(point): point.start if timed else n for n, point in enumerate(points)}
    top = max((point.effect or 0.0 for _, ones in shown for point in ones), default=0.0)
    y = _higher(figure.y, top)
    layers: list[Layer] = []
    entries: list[Entry] = []
    for place, letter, (name, ones) in zip(_COLORS, letters(MOST), shown, strict=False):
        color = theme.series[place]
        there = [(places[_key(one)], one.effect or 0.0) for one in ones if _key(one) in places]
        x = np.array([at for at, _ in there], dtype=np.float64)
        heights = np.array([effect for _, effect in there], dtype=np.float64)
        heights = np.log10(np.maximum(heights, _LEAST)) if y.log else heights
        layers.append(Path(x, heights, color))
        layers.append(Dots(x[-1:], heights[-1:], color, letter, bright=True))
        entries.append(Entry(letter, name, color, focused=False))
    return replace(
        figure, title=f"{figure.title}, beside {plural(len(shown), 'marked column')}", y=y,
        layers=(*layers, *figure.layers), entries=(*figure.entries, *entries),
    )  # fmt: skip


def _key(point: "Point") -> tuple[str, float | None]:
    return point.label, point.start


def _higher(axis: Axis, top: float) -> Axis:
    """Return the axis with room for the greatest effect, in its own units."""
    high = float(np.log10(max(top, _LEAST))) if axis.log else top
    if high <= axis.high:
        return axis
    grown = axis._replace(high=high + (axis.high - axis.low) * (_ROOM - 1))
    return grown._replace(ticks=ticks_of(grown, _TICKS))
