"""Charts of runs, drawn away from the UI thread.

Reading a curve, reducing it to columns and drawing it are three steps; the first
two are kept, so that another smoothing or another focus costs only the last.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from workbench import words
from workbench.charts.curves import draw_curves, frame_for
from workbench.charts.drawing import Drawing
from workbench.charts.look import Look
from workbench.charts.palette import Theme
from workbench.charts.printed import printed_curves
from workbench.charts.reduction import Curve, Frame, Reduction, reduce_curve
from workbench.charts.ticks import DURATION, STEPS, TIME
from workbench.operations.curves import CurveStore
from workbench.runs.series import RELATIVE, STEP, Series, last_per_step, positions
from workbench.runs.series import TIME as WALL
from workbench.tui.cells import Cell, fit

if TYPE_CHECKING:
    from workbench.tui.chart_settings import ChartSettings

_MOST_REDUCTIONS = 400
_MOST_VALUES = 1000
_KINDS = {STEP: STEPS, WALL: TIME, RELATIVE: DURATION}
_LABELS = {STEP: "step", WALL: "time", RELATIVE: "since start"}


@dataclass(frozen=True, slots=True)
class Line:
    """A run to draw."""

    run: int
    label: str
    color: int
    letter: str = ""
    focused: bool = False


class Wish(NamedTuple):
    """One chart somebody wants."""

    chart: str
    metric: str
    width: int
    height: int


class Picture(NamedTuple):
    """A chart that is drawn."""

    wish: Wish
    drawing: Drawing
    points: int
    """Points of all its curves; 0 says that there is nothing to see."""


class Painter:
    """Draws the charts of one screen; one thread at a time."""

    def __init__(self, store: CurveStore) -> None:
        self._store = store
        self._lock = Lock()
        self._reduced: OrderedDict[tuple[int, str, str, int, Frame], Reduction] = OrderedDict()

    def paint(
        self, wishes: Sequence[Wish], lines: Sequence[Line], settings: "ChartSettings", look: Look
    ) -> list[Picture]:
        """Return a picture for every wish.

        Args:
            wishes: Which metrics at which sizes.
            lines: Which runs, in the order of their letters.
            settings: What a person chose.
            look: As a person chose; title and axis are filled in.
        """
        with self._lock:
            return [self._paint(wish, lines, settings, look) for wish in wishes]

    def printed(
        self, metric: str, lines: Sequence[Line], settings: "ChartSettings", look: Look
    ) -> str:
        """Return one chart as it stands in printed output: plain text of 100 by 24 cells."""
        with self._lock:
            curves = [curve for _, curve in self._curves(metric, lines, settings.x)]
            look = _look_for(metric, curves, settings, look)
            return printed_curves(curves, width=100, height=24, look=look, color=False)

    def values(self, metric: str, lines: Sequence[Line], x: str) -> tuple[tuple[Cell, ...], ...]:
        """Return one metric of the runs as the lines of a table, the last steps of it."""
        with self._lock:
            found = self._store.many([line.run for line in lines], metric)
        return value_lines(metric, [(line, found.get(line.run)) for line in lines], x)

    def _paint(
        self, wish: Wish, lines: Sequence[Line], settings: "ChartSettings", look: Look
    ) -> Picture:
        x = settings.x
        found = self._curves(wish.metric, lines, x)
        curves = [curve for _, curve in found]
        look = _look_for(wish.metric, curves, settings, look)
        frame = frame_for(curves, wish.width, look)
        reduced = [self._reduce(line.run, wish.metric, x, curve, frame) for line, curve in found]
        picture = draw_curves(
            curves, reduced, frame, width=wish.width, height=wish.height, look=look
        )
        return Picture(wish, picture, sum(len(curve.x) for curve in curves))

    def _curves(self, metric: str, lines: Sequence[Line], x: str) -> list[tuple[Line, Curve]]:
        """Return the runs that have the metric, each with its curve."""
        found = self._store.many([line.run for line in lines], metric)
        shown = [line for line in lines if line.run in found and len(found[line.run])]
        return [(line, _curve(line, found[line.run], x)) for line in shown]

    def _reduce(self, run: int, metric: str, x: str, curve: Curve, frame: Frame) -> Reduction:
        key = (run, metric, x, len(curve.x), frame)
        known = self._reduced.get(key)
        if known is None:
            known = self._reduced[key] = reduce_curve(curve, frame)
            while len(self._reduced) > _MOST_REDUCTIONS:
                self._reduced.popitem(last=False)
        return known


def look_of(settings: "ChartSettings", theme: Theme) -> Look:
    """Return the look a person chose, without title and axis."""
    return Look(
        log_y=settings.y_scale == "log",
        smoothing=settings.smoothing,
        mode=settings.mode,
        clip=settings.clip,
        crosshair=settings.crosshair,
        theme=theme,
    )


def _look_for(metric: str, curves: Sequence[Curve], settings: "ChartSettings", look: Look) -> Look:
    """Return the look of one metric's chart: its title, its axis, the part that is shown."""
    window = _window(curves, settings.zoom, settings.pan)
    kind, label = _KINDS.get(settings.x, STEPS), _LABELS.get(settings.x, _LABELS[STEP])
    return replace(look, title=metric, x_kind=kind, x_label=label, window=window)


def value_lines(
    metric: str, found: Sequence[tuple[Line, Series | None]], x: str
) -> tuple[tuple[Cell, ...], ...]:
    """Return the values of several runs side by side, one line for each place on the x-axis."""
    columns = []
    for line, series in found:
        last = last_per_step(series) if series is not None and x == STEP else series
        pairs = zip(positions(last, x), last.values, strict=True) if last is not None else ()
        columns.append((line, {float(at): float(value) for at, value in pairs}))
    places = sorted({at for _, values in columns for at in values if at == at})  # noqa: PLR0124
    shown = places[-_MOST_VALUES:]
    title = (
        f"{metric}: the last {len(shown)} of {len(places)} places"
        if len(shown) < len(places)
        else metric
    )
    head = (
        Cell(fit(_LABELS.get(x, _LABELS[STEP]), 20, "right"), "dim"),
        *(Cell("  " + fit(f"{line.letter} {line.label}".strip(), 16, "right"), "bold")
          for line, _ in columns),
    )  # fmt: skip
    rows = [
        (
            Cell(fit(_place(at, x), 20, "right"), "dim"),
            *(Cell("  " + fit(words.number(values.get(at)), 16, "right")) for _, values in columns),
        )
        for at in reversed(shown)
    ]
    return ((Cell(title, "dim"),), head, *rows)


def _place(at: float, x: str) -> str:
    if x == WALL:
        return f"{words.moment(at)}:{words.clock_time(at)[-2:]}"
    return words.duration(at) if x == RELATIVE else words.number(at, 12)


def _window(curves: Sequence[Curve], zoom: int, pan: float) -> tuple[float | None, float | None]:
    """Return the part of the x-axis that ``zoom`` halvings around ``pan`` leave."""
    if zoom == 0 or not curves:
        return (None, None)
    finite = [curve.x[np.isfinite(curve.x)] for curve in curves]
    low = min((float(x.min()) for x in finite if len(x)), default=0.0)
    high = max((float(x.max()) for x in finite if len(x)), default=1.0)
    half = (high - low) * 0.5**zoom / 2
    middle = low + (high - low) * pan
    return (middle - half, middle + half)


def _curve(line: Line, series: Series, x: str) -> Curve:
    shown = last_per_step(series) if x == STEP else series  # a resumed run logs steps again
    at = positions(shown, x)
    return Curve(line.label, at, shown.values, line.color, line.letter, line.focused)
