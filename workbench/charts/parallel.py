"""Many columns of many runs side by side: one upright axis each, one line per run.

Two hundred lines are a grey band in any drawing, so at most forty are drawn dim, spread
evenly over the last column, and at most eight bright.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.charts.figure import (
    FIXED,
    MIDDLE,
    Axis,
    Boxes,
    Bright,
    Dots,
    Figure,
    Floats,
    Layer,
    Note,
    Path,
)
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, Theme, mixed
from workbench.charts.placing import Values, drawn, lacking, say
from workbench.charts.ticks import Tick

MOST_DIM, MOST_BRIGHT = 40, 8
_DIM = 0.55
_SIDE = 0.04
"""Room left and right of the axes, as a share of their width: for letters."""

_ENDS = 0.1
"""Room above and below the lines, as a share of their height: for the labels of the ends."""

POINTER = "▸"

Flags = NDArray[np.bool_]


def parallel(
    columns: Sequence[Values],
    *,
    title: str = "",
    bright: Sequence[Bright] = (),
    cursor: int | None = None,
    brushes: Mapping[int, tuple[float, float]] | None = None,
    theme: Theme = DARK,
    noun: str = "run",
) -> Figure:
    """Return the columns as parallel axes with a line for each thing.

    Args:
        columns: From left to right, each of shape ``(n,)``.
        title: What is shown.
        bright: The marked ones, drawn with a letter at their right end; eight at most.
        cursor: The axis under the cursor.
        brushes: For some axes the range, in the columns' own numbers, that things must lie in.
        theme: Colours.
        noun: What the things are.
    """
    brushes = brushes or {}
    title = title or "parallel coordinates"
    width = max(len(columns) - 1, 1)
    x = _across(columns, cursor, width)
    y = Axis("", -_ENDS, 1 + _ENDS, (), FIXED)
    if len(columns) < 2 or not len(columns[0].places):  # noqa: PLR2004 - a line needs two ends
        why = "Choose two columns at least" if len(columns) < 2 else f"No {noun}s yet"  # noqa: PLR2004
        return Figure(title, "", x, y, empty=why)
    places = [drawn(column) for column in columns]
    heights = np.column_stack(list(map(_height, columns, places)))
    inside = _inside(columns, brushes) & _has_line(heights)
    notes = " · ".join(dict.fromkeys(one for column in columns for one in lacking(column, noun)))
    if not inside.any():
        lies = "lies in every range" if brushes else "has values side by side"
        return Figure(title, "", x, y, notes=notes, empty=f"No {noun} {lies}")
    shown = [one for one in bright if inside[one.at]][:MOST_BRIGHT]
    dim = _chosen(heights, inside, {one.at for one in shown})
    said = _said(int(inside.sum()), len(inside), len(dim) + len(shown), noun)
    layers: list[Layer] = _lines(heights, dim, shown, theme)
    layers += _marked(columns, places, brushes, theme)
    layers += _ends(columns, places, theme)
    entries = tuple(Entry(one.letter, one.label, one.color, focused=False) for one in shown)
    verticals = tuple(float(at) for at in range(len(columns)))
    pointed = None if cursor is None else float(cursor)
    return Figure(title, said, x, y, tuple(layers), entries, notes, "", verticals, pointed)


def _across(columns: Sequence[Values], cursor: int | None, width: int) -> Axis:
    names = tuple(
        Tick(float(at), (POINTER if at == cursor else "") + column.label)
        for at, column in enumerate(columns)
    )
    return Axis("", -_SIDE * width, (1 + _SIDE) * width, names, FIXED)


def _height(column: Values, places: Floats) -> Floats:
    """Return places from 0 at the lower end of an axis to 1 at its upper end."""
    low, high = _range(column, places)
    if not high > low:
        return np.where(np.isfinite(places), 0.5, np.nan)
    found: Floats = np.clip((places - low) / (high - low), 0, 1)
    return found


def _range(column: Values, places: Floats) -> tuple[float, float]:
    if column.names:
        return 0.0, len(column.names) - 1.0
    finite = places[np.isfinite(places)]
    return (float(finite.min()), float(finite.max())) if len(finite) else (math.nan, math.nan)


def _inside(columns: Sequence[Values], brushes: Mapping[int, tuple[float, float]]) -> Flags:
    found = np.ones(len(columns[0].places), dtype=np.bool_)
    for at, (low, high) in brushes.items():
        places = columns[at].places
        found = found & (places >= low) & (places <= high)
    return found


def _has_line(heights: Floats) -> Flags:
    known = np.isfinite(heights)
    found: Flags = np.asarray(np.any(known[:, 1:] & known[:, :-1], axis=1))
    return found


def _chosen(heights: Floats, inside: Flags, bright: set[int]) -> list[int]:
    """Return which are drawn dim: all, or as many as are readable, spread over the last column."""
    at = np.array([one for one in np.flatnonzero(inside).tolist() if one not in bright], dtype=int)
    if len(at) <= MOST_DIM:
        return [int(one) for one in at]
    order = at[np.argsort(heights[at, -1], kind="stable")]
    places = np.linspace(0, len(order) - 1, MOST_DIM).round().astype(int)
    return [int(one) for one in order[places]]


def _said(inside: int, total: int, lines: int, noun: str) -> str:
    said = []
    if inside < total:
        said.append(f"{words.count(inside)} of {words.plural(total, noun)}")
    if lines < inside:
        said.append(f"{words.count(lines)} of {words.count(inside)} drawn")
    return " · ".join(said) or words.plural(total, noun)


def _lines(
    heights: Floats, dim: Sequence[int], bright: Sequence[Bright], theme: Theme
) -> list[Layer]:
    x = np.arange(heights.shape[1], dtype=np.float64)
    faint = mixed(theme.muted, theme.background, _DIM)
    layers: list[Layer] = [Path(x, heights[at], faint) for at in dim]
    layers += [Path(x, heights[one.at], one.color, bright=True) for one in bright]
    for one in bright:
        last = np.flatnonzero(np.isfinite(heights[one.at]))[-1:]
        beside = x[last] + _SIDE / 2 * x[-1]
        layers.append(Dots(beside, heights[one.at][last], one.color, one.letter, bright=True))
    return layers


def _marked(
    columns: Sequence[Values],
    places: Sequence[Floats],
    brushes: Mapping[int, tuple[float, float]],
    theme: Theme,
) -> list[Layer]:
    """Return the ranges, each as a bar on its axis."""
    layers: list[Layer] = []
    half = 0.004 * max(len(columns) - 1, 1)
    for at, (low, high) in brushes.items():
        column = columns[at]
        open_low, open_high = _range(column, places[at])
        ends = drawn(column._replace(places=np.array([low, high], dtype=np.float64)))
        ends = np.where(np.isnan(ends), [open_low, open_high], ends)
        bottom, top = (_between(float(end), open_low, open_high) for end in ends)
        x0, x1 = np.array([at - half]), np.array([at + half])
        layers.append(
            Boxes(x0, x1, np.array([bottom]), np.array([max(top, bottom)]), (theme.series[1],))
        )
    return layers


def _between(end: float, low: float, high: float) -> float:
    if not high > low:
        return 0.5
    return min(max((end - low) / (high - low), 0.0), 1.0)


def _ends(columns: Sequence[Values], places: Sequence[Floats], theme: Theme) -> list[Layer]:
    """Return what both ends of each axis stand for, and where there is room each category."""
    layers: list[Layer] = []
    for at, (column, found) in enumerate(zip(columns, places, strict=True)):
        low, high = _range(column, found)
        if math.isnan(low):
            continue
        layers.append(Note(at, 1 + _ENDS, say(column, high), theme.muted, MIDDLE))
        if high > low:
            layers.append(Note(at, -_ENDS, say(column, low), theme.muted, MIDDLE))
        last = len(column.names) - 1
        layers += [
            Note(at, code / last, column.names[code], theme.muted, MIDDLE, spare=True)
            for code in range(1, last)
        ]
    return layers
