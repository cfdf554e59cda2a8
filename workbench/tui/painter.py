"""Charts of runs, drawn away from the UI thread.

Reading a curve, reducing it to columns and drawing it are three steps; the first
two are kept, so that another smoothing or another focus costs only the last. What
a chart shows is exact: the mean of all points of each column, none is sampled.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import NamedTuple

from workbench.charts.curves import draw_curves
from workbench.charts.drawing import Drawing
from workbench.charts.look import Look
from workbench.charts.printed import printed_curves
from workbench.charts.reduction import Frame
from workbench.operations.curves import CurveStore
from workbench.operations.traces import axis_metric, said
from workbench.operations.views import BEST, DIFFERENCE
from workbench.tui.chart_axis import crosshair, look_of
from workbench.tui.chart_curves import CurveMaker, Drawn, Found
from workbench.tui.chart_settings import ChartSettings, Group, Line, Subject
from workbench.tui.chart_values import ReadOut, Table, read_out, table_of

__all__ = ["Group", "Line", "Painter", "Picture", "Wish", "look_of"]

Going = Callable[[], bool]

_READ_HERE = 50
"""A narrower chart has no room for labels and values: those stand above all the charts."""


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
    frame: Frame
    read: ReadOut | None = None
    """The values under the crosshair."""


class _Chart(NamedTuple):
    """One metric's curves and how they are to look."""

    title: str
    drawn: list[Drawn]
    look: Look


class Painter:
    """Draws the charts of one screen; one thread at a time."""

    def __init__(self, store: CurveStore, goals: Callable[[], Mapping[str, str]] = dict) -> None:
        self._store = store
        self._goals = goals
        self._lock = Lock()
        self._maker = CurveMaker()

    def paint(
        self,
        wishes: Sequence[Wish],
        subject: Subject,
        settings: ChartSettings,
        look: Look,
        going: Going = lambda: True,
    ) -> list[Picture]:
        """Return a picture for every wish; fewer where somebody no longer wants them.

        Args:
            wishes: Which metrics at which sizes.
            subject: Which runs or groups, in the order of their letters.
            settings: What a person chose.
            look: As a person chose; title, window and crosshair are filled in.
            going: Whether the pictures are still wanted; asked between runs and charts.
        """
        with self._lock:
            found = self._read([wish.metric for wish in wishes], subject, settings, going)
            goals = self._goals() if settings.values == BEST else {}
            pictures = []
            for wish in wishes:
                if not going():
                    break
                chart = self._chart(found, wish.metric, subject, settings, look, goals)
                pictures.append(self._picture(wish, chart, settings))
            return pictures

    def printed(self, metric: str, subject: Subject, settings: ChartSettings, look: Look) -> str:
        """Return one chart as it stands in printed output: plain text of 100 by 24 cells."""
        with self._lock:
            chart = self._one(metric, subject, settings, look, lambda: True)
            curves = [one.curve for one in chart.drawn]
            return printed_curves(curves, width=100, height=24, look=chart.look, color=False)

    def pictured(self, metric: str, subject: Subject, settings: ChartSettings, look: Look) -> str:
        """Return one chart as an SVG picture."""
        from workbench.charts.svg_curves import curves_svg  # noqa: PLC0415 - when asked for

        with self._lock:
            chart = self._one(metric, subject, settings, look, lambda: True)
            return curves_svg([one.curve for one in chart.drawn], look=chart.look)

    def values(
        self,
        metric: str,
        subject: Subject,
        settings: ChartSettings,
        look: Look,
        going: Going = lambda: True,
        *,
        width: int = 80,
    ) -> Table:
        """Return one metric of the runs as a table: the last places, or those at the crosshair."""
        with self._lock:
            chart = self._one(metric, subject, settings, look, going)
            return table_of(chart.title, chart.drawn, settings.x, at=settings.at, width=width)

    def _one(
        self, metric: str, subject: Subject, settings: ChartSettings, look: Look, going: Going
    ) -> _Chart:
        found = self._read([metric], subject, settings, going)
        goals = self._goals() if settings.values == BEST else {}
        return self._chart(found, metric, subject, settings, look, goals)

    def _read(
        self, metrics: Sequence[str], subject: Subject, settings: ChartSettings, going: Going
    ) -> Found:
        """Read what the charts need, the lines of each run once."""
        runs = list(subject.runs)
        if settings.values == DIFFERENCE and subject.baseline is not None:
            runs = list(dict.fromkeys([*runs, subject.baseline]))
        axis = axis_metric(settings.x)
        wanted = list(dict.fromkeys([*metrics, *([axis] if axis else [])]))
        return self._store.several(runs, wanted, going)

    def _chart(
        self,
        found: Found,
        metric: str,
        subject: Subject,
        settings: ChartSettings,
        look: Look,
        goals: Mapping[str, str],
    ) -> _Chart:
        goal = goals.get(metric, "")
        drawn = self._maker.curves(found, metric, subject, settings, goal)
        title = said(metric, settings.values, goal, baseline=subject.baseline in found)
        look = replace(look, title=title)
        seen = self._maker.window(drawn, metric, look, settings)
        return _Chart(title, drawn, replace(look, window=seen))

    def _picture(self, wish: Wish, chart: _Chart, settings: ChartSettings) -> Picture:
        frame = self._maker.frame(chart.drawn, wish.metric, chart.look, wish.width)
        told = wish.width < _READ_HERE
        look = replace(chart.look, crosshair=crosshair(frame, settings.at), told=told)
        reduced = [self._maker.reduce(one, wish.metric, settings, frame) for one in chart.drawn]
        read = None
        curves = [one.curve for one in chart.drawn]
        if settings.at is not None:
            read = read_out(chart.title, chart.drawn, settings.at, settings.x)
            pairs = zip(curves, read.values, strict=True)
            curves = [replace(curve, said=value.words) for curve, value in pairs]
        picture = draw_curves(
            curves, reduced, frame, width=wish.width, height=wish.height, look=look
        )
        return Picture(wish, picture, sum(len(curve.x) for curve in curves), frame, read)
