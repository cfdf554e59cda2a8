"""What a person chose for charts of curves, and what the charts are about: values only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.operations import views
from workbench.operations.views import View

MOST_DRAWN = 10
"""Curves in one chart; beyond, it is a tangle. The title says how many were left out."""
SMOOTHINGS = (0.0, 0.3, 0.6, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class ChartSettings:
    """What a person chose for the charts."""

    metric: str = ""
    """Of the first chart; the others follow in order."""
    x: str = "step"
    """One of `views.AXES`, or ``metric:`` and a name."""
    x_scale: str = "linear"
    y_scale: str = "linear"
    smoothing: float = 0.0
    mode: str = "mean"
    values: str = "value"
    """One of `views.VALUES`."""
    zoom: int = 0
    """How often the x-axis was halved."""
    pan: float = 0.5
    """Where the middle of the window is, from 0 to 1."""
    clip: bool = False
    at: float | None = None
    """Where the crosshair stands on the x-axis, the same in all charts; None is nowhere."""
    columns: int = 0
    """Charts side by side; 0 lets the width decide."""
    rows: int = 0
    """Charts above each other; 0 lets the height decide."""


@dataclass(frozen=True, slots=True)
class Line:
    """A run to draw."""

    run: int
    label: str
    color: int
    letter: str = ""
    focused: bool = False

    @property
    def runs(self) -> tuple[int, ...]:
        """The run alone, as a group has several."""
        return (self.run,)


@dataclass(frozen=True, slots=True)
class Group:
    """Runs to draw as one line, their mean, with a band of one deviation around it."""

    label: str
    color: int
    letter: str
    runs: tuple[int, ...]
    focused: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """What the charts are about."""

    lines: tuple[Line, ...] = ()
    metrics: tuple[str, ...] = ()
    left_out: int = 0
    """Marked runs that are not drawn."""
    groups: tuple[Group, ...] = ()
    """Drawn in place of the lines, where there are any."""
    baseline: int | None = None
    """The run that differences are against."""
    none: str = "This run has logged no metric yet."
    """What is said where there is no metric."""

    @property
    def shown(self) -> tuple[Line, ...] | tuple[Group, ...]:
        """What is drawn: the groups, or the runs one by one."""
        return self.groups or self.lines

    @property
    def runs(self) -> tuple[int, ...]:
        """Every run that is drawn, each once."""
        return tuple(dict.fromkeys(run for one in self.shown for run in one.runs))


def settings_of(view: View, now: ChartSettings) -> ChartSettings:
    """Return how the charts are to look where a view says; the rest is as it is now.

    Anybody may have written a view's file: a smoothing that is none is none.
    """
    usual = 0 <= view.smoothing <= SMOOTHINGS[-1]  # false of NaN as well
    return replace(
        now,
        metric=view.metric,
        x=axis_of(view.x),
        x_scale=view.x_scale,
        y_scale=view.y_scale,
        smoothing=view.smoothing if usual else 0.0,
        mode=view.mode,
        values=view.values,
        at=view.at,
        columns=view.chart_columns,
        rows=view.chart_rows,
    )


def kept(view: View, chosen: ChartSettings) -> View:
    """Return the view with what was chosen for the charts."""
    return replace(
        view,
        metric=chosen.metric,
        x=chosen.x,
        x_scale=chosen.x_scale,
        y_scale=chosen.y_scale,
        smoothing=chosen.smoothing,
        mode=chosen.mode,
        values=chosen.values,
        at=chosen.at,
        chart_columns=chosen.columns,
        chart_rows=chosen.rows,
    )


def axis_of(x: str) -> str:
    """Return an x-axis that exists: the one asked for, or that of steps."""
    return x if x in views.AXES or x.startswith(views.METRIC_AXIS) else views.AXES[0]


def drawn(lines: Sequence[Line]) -> tuple[tuple[Line, ...], int]:
    """Return the runs to draw, the focused one among them, and how many were left out."""
    if len(lines) <= MOST_DRAWN:
        return tuple(lines), 0
    focused = [line for line in lines if line.focused]
    others = [line for line in lines if not line.focused][: MOST_DRAWN - len(focused)]
    return (*others, *focused), len(lines) - MOST_DRAWN
