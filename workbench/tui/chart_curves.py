"""From the points of runs to the curves of one chart, keeping what is costly to make.

A run's points are the same object until it logs more, so everything made of them is
good until then.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import NamedTuple

from workbench.charts.curves import frame_for
from workbench.charts.look import Look
from workbench.charts.reduction import Curve, Frame, Reduction, reduce_curve
from workbench.operations import traces
from workbench.operations.traces import Trace
from workbench.operations.views import DIFFERENCE, VALUE
from workbench.runs.alignment import Band, band
from workbench.runs.series import EMPTY, Series
from workbench.tui.chart_axis import Window, window
from workbench.tui.chart_settings import ChartSettings, Group, Line, Subject
from workbench.tui.keeping import Kept

Found = Mapping[int, Mapping[str, Series]]
"""The curves that were read: by run, then by metric."""

_MOST_POINTS = 4_000_000
_MOST_REDUCTIONS = 400
_MOST_FRAMES = 100


class Drawn(NamedTuple):
    """One curve of a chart, with who it is and what of it stands at each x."""

    who: Line | Group
    trace: Trace
    curve: Curve
    n: int
    """Runs it is made of."""
    parts: tuple[Trace, ...] = ()
    """The runs of a group, each with what of it stands at each x."""


class CurveMaker:
    """Makes the curves of charts; one thread at a time."""

    def __init__(self) -> None:
        self._traces: Kept[Trace] = Kept(_MOST_POINTS, lambda one: len(one.x) + 1)
        self._bands: Kept[Band] = Kept(_MOST_REDUCTIONS)
        self._reduced: Kept[Reduction] = Kept(_MOST_REDUCTIONS)
        self._windows: Kept[Window] = Kept(_MOST_FRAMES)
        self._frames: Kept[Frame] = Kept(_MOST_FRAMES)

    def curves(
        self, found: Found, metric: str, subject: Subject, settings: ChartSettings, goal: str
    ) -> list[Drawn]:
        """Return the curves of those that have the metric, in the order of their letters."""
        trace = self._tracer(found, metric, subject, settings, goal)
        drawn = []
        for who in subject.shown:
            parts = [trace(run) for run in who.runs if len(_points(found, run, metric))]
            if parts:
                drawn.append(self._drawn(who, parts, (metric, settings.x, settings.values)))
        return drawn

    def window(
        self, drawn: Sequence[Drawn], metric: str, look: Look, settings: ChartSettings
    ) -> Window:
        """Return the part of the x-axis that is seen; finding a scale looks at every point."""
        zoom, pan = settings.zoom, settings.pan
        key = (metric, look.x_scale, zoom, pan)
        return self._windows.get(
            key, _places(drawn), lambda: window([one.curve for one in drawn], look, zoom, pan)
        )

    def frame(self, drawn: Sequence[Drawn], metric: str, look: Look, width: int) -> Frame:
        """Return the frame that holds all curves of a chart."""
        key = (metric, look.x_scale, look.y_scale, look.window, width)
        return self._frames.get(
            key, _places(drawn), lambda: frame_for([one.curve for one in drawn], width, look)
        )

    def reduce(self, drawn: Drawn, metric: str, settings: ChartSettings, frame: Frame) -> Reduction:
        """Return a curve reduced to the columns of a frame."""
        curve = drawn.curve
        key = (drawn.who.runs, metric, settings.x, settings.values, frame)
        return self._reduced.get(
            key, (curve.x, curve.y, curve.low, curve.high), lambda: reduce_curve(curve, frame)
        )

    def _tracer(
        self, found: Found, metric: str, subject: Subject, settings: ChartSettings, goal: str
    ) -> Callable[[int], Trace]:
        axis = traces.axis_metric(settings.x)
        base: Trace | None = None

        def placed(run: int) -> Trace:
            points, other = _points(found, run, metric), _points(found, run, axis)
            key = (run, metric, settings.x)
            return self._traces.get(
                key, (points, other), lambda: traces.placed(points, settings.x, other)
            )

        def valued(run: int) -> Trace:
            plain = placed(run)
            if settings.values == VALUE:
                return plain
            key = (run, metric, settings.x, settings.values, goal)
            return self._traces.get(
                key, (plain, base), lambda: traces.valued(plain, settings.values, goal, base)
            )

        baseline = subject.baseline
        if settings.values == DIFFERENCE and baseline is not None and baseline in found:
            base = placed(baseline)
        return valued

    def _drawn(self, who: Line | Group, parts: Sequence[Trace], about: Hashable) -> Drawn:
        if isinstance(who, Line):
            (trace,) = parts
            curve = Curve(who.label, *trace, who.color, who.letter, who.focused)
            return Drawn(who, trace, curve, 1)
        made = self._bands.get((who.runs, about), tuple(parts), lambda: band(parts))
        label = f"{who.label} (n={len(parts)})"
        curve = Curve(
            label,
            made.x,
            made.mean,
            who.color,
            who.letter,
            who.focused,
            made.low,
            made.high,
            members=tuple(parts),
        )
        return Drawn(who, Trace(made.x, made.mean), curve, len(parts), tuple(parts))


def _places(drawn: Sequence[Drawn]) -> tuple[object, ...]:
    return tuple(one.curve.x for one in drawn)


def _points(found: Found, run: int, metric: str) -> Series:
    return found.get(run, {}).get(metric, EMPTY)
