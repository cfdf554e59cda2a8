"""A column's effect chunk by chunk: the limit, each verdict, and who was promoted when."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from workbench import words
from workbench.charts.drawing import cells, visible
from workbench.charts.drifting.sides import finite, placed
from workbench.charts.drifting.verdicts import color_of
from workbench.charts.figure import (
    FIXED,
    Axis,
    Dots,
    Figure,
    Floats,
    Layer,
    Note,
    Path,
    axis_of,
    nothing,
)
from workbench.charts.legend import Entry
from workbench.charts.palette import DARK, Theme
from workbench.charts.ticks import Tick, logarithmic
from workbench.datasets.drift.report import ERROR, LETTERS, TOO_FEW, VERDICTS

_HIGH: Final = 20.0
"""From so many times the limit on the axis is logarithmic: the limit itself has to be seen."""
_LEAST: Final = 0.01
_ROOM: Final = 1.3
_UNJUDGED: Final = frozenset((TOO_FEW, ERROR))
_PROMOTED: Final = "▼"
_WIDEST: Final = 20
"""Labels wider than this may be cut: there would be room for none of them."""


class Point(NamedTuple):
    """A chunk: when it begins, what it is called, its effect over its limit, its verdict."""

    start: float | None
    label: str
    effect: float | None
    verdict: str


class Promotion(NamedTuple):
    """A version taking a stage."""

    time: float
    words: str


def over_time(
    points: Sequence[Point],
    *,
    title: str = "effect over time",
    limit: float = 1.0,
    promotions: Sequence[Promotion] = (),
    at: str = "",
    theme: Theme = DARK,
) -> Figure:
    """Return the effect of each chunk, with the limit it is held against.

    Args:
        points: The chunks in their order; by their moments where all of them have one.
        title: What is shown, such as the name of the column.
        limit: From where on an effect counts.
        promotions: Shown where the axis is one of time.
        at: The label of the chunk that is looked at.
        theme: Colours.
    """
    if not points:
        return nothing(title, "No chunk was checked yet.")
    timed = all(finite(point.start) for point in points)
    judged = np.array([point.verdict not in _UNJUDGED and finite(point.effect) for point in points])
    effects = np.maximum(placed([_effect(point) for point in points]), 0.0)
    top = float(max(effects[judged].max(initial=0.0), limit))
    log = top > _HIGH * limit
    y = _side(top, log=log)
    heights = np.log10(np.maximum(effects, _LEAST)) if log else effects
    heights[~judged] = np.log10(_LEAST) if log else 0.0
    level = float(np.log10(limit)) if log else limit
    x = _across(points, timed=timed, promotions=promotions)
    places = np.array([_place(point, n, timed=timed) for n, point in enumerate(points)])
    layers = [
        Path(np.array([x.low, x.high]), np.full(2, level), theme.series[3], dashed=True),
        *_promoted(promotions if timed else (), x, y, theme),
        Path(places, np.where(judged, heights, np.nan), theme.axis),
        *_signs(points, places, heights, theme),
    ]
    if at:
        layers += _looked_at(points, places, at, y, theme)
    aside = f"{words.plural(len(points), 'chunk')}{', logarithmic' if log else ''}"
    return Figure(title, aside, x, y, tuple(layers), _legend(points, limit, theme), _notes(points))


def _effect(point: Point) -> float:
    return point.effect if point.effect is not None and not np.isnan(point.effect) else 0.0


def _side(top: float, *, log: bool) -> Axis:
    label = "effect over its limit"
    if not log:
        return axis_of(np.array([0.0, top * 1.1]), label)
    low, high = float(np.log10(_LEAST / 2)), float(np.log10(top)) + float(np.log10(2))
    return Axis(label, low, high, logarithmic(low, high, 5), log=True)


def _across(points: Sequence[Point], *, timed: bool, promotions: Sequence[Promotion]) -> Axis:
    if not timed:
        return axis_of(np.empty(0), "", names=[point.label for point in points])
    moments = [point.start or 0.0 for point in points]
    first, last = min(moments), max(moments)
    near = (last - first) / max(len(points) - 1, 1)
    moments += [one.time for one in promotions if first - near <= one.time <= last + near]
    axis = axis_of(placed(moments), "", time=True)
    ticks = tuple(Tick(_place(point, n, timed=True), point.label) for n, point in enumerate(points))
    whole = max(cells(visible(point.label)) for point in points) <= _WIDEST
    return axis._replace(ticks=ticks, kind=FIXED, whole=whole)


def _place(point: Point, at: int, *, timed: bool) -> float:
    return float(placed([point.start or 0.0])[0]) if timed else float(at)


def _signs(points: Sequence[Point], places: Floats, heights: Floats, theme: Theme) -> list[Layer]:
    """Return the letters of the verdicts at their points, the gravest on top of the others."""
    found: list[Layer] = []
    for verdict in VERDICTS:
        which = np.array([point.verdict == verdict for point in points])
        if which.any():
            color, sign = color_of(verdict, theme), LETTERS[verdict]
            found.append(Dots(places[which], heights[which], color, sign, bright=True))
    return found


def _promoted(promotions: Sequence[Promotion], x: Axis, y: Axis, theme: Theme) -> list[Layer]:
    layers: list[Layer] = []
    for one in promotions:
        if x.low <= one.time <= x.high:
            across = np.array([one.time] * 2)
            layers.append(Path(across, np.array([y.low, y.high]), theme.series[4], dashed=True))
            note = Note(one.time, y.high, f"{_PROMOTED}{one.words}", theme.series[4], spare=True)
            layers.append(note)
    return layers


def _looked_at(
    points: Sequence[Point], places: Floats, label: str, y: Axis, theme: Theme
) -> list[Layer]:
    return [
        Path(np.array([place] * 2), np.array([y.low, y.high]), theme.axis)
        for place, point in zip(places.tolist(), points, strict=True)
        if point.label == label
    ]


def _legend(points: Sequence[Point], limit: float, theme: Theme) -> tuple[Entry, ...]:
    there = {point.verdict for point in points}
    found = [
        Entry(LETTERS[verdict], verdict, color_of(verdict, theme), focused=False)
        for verdict in VERDICTS
        if verdict in there
    ]
    return (*found, Entry("╌", f"limit {words.number(limit, 3)}", theme.series[3], focused=False))


def _notes(points: Sequence[Point]) -> str:
    unjudged = sum(point.verdict in _UNJUDGED for point in points)
    return f"{words.plural(unjudged, 'chunk')} not judged, drawn at the foot" if unjudged else ""
