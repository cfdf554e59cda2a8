"""What a chart draws of a run's metric: where on the x-axis each point stands, and its value there.

Every road to a chart of curves comes through here, so that "best so far" and "against the
baseline" are the same on the screen and in print.
"""

from typing import NamedTuple

from workbench.charts.ticks import DURATION, NUMBER, STEPS
from workbench.charts.ticks import TIME as MOMENTS
from workbench.operations.views import BEST, DIFFERENCE, METRIC_AXIS
from workbench.runs.alignment import against, best_so_far, held, minus
from workbench.runs.series import (
    EMPTY,
    RELATIVE,
    STEP,
    TIME,
    Floats,
    Series,
    last_per_step,
    positions,
)

_KINDS = {STEP: STEPS, TIME: MOMENTS, RELATIVE: DURATION}
_LABELS = {STEP: "step", TIME: "time", RELATIVE: "since start"}


class Trace(NamedTuple):
    """A curve in the order of logging: x and y of one length."""

    x: Floats
    y: Floats


class Standing(NamedTuple):
    """What a curve stands at in some places: the last value at or before each."""

    values: Floats
    """NaN where there is none before a place."""
    since: Floats
    """The x of that value; NaN where there is none."""


def standing(trace: Trace, places: Floats) -> Standing:
    """Return what a curve stands at in these places, where several points share an x the last."""
    return Standing(held(trace.x, trace.y, places), held(trace.x, trace.x, places))


def axis_metric(x: str) -> str:
    """Return the metric that stands on an x-axis; nothing where it is steps or time."""
    return x.removeprefix(METRIC_AXIS) if x.startswith(METRIC_AXIS) else ""


def axis_kind(x: str) -> str:
    """Return how the places of an x-axis read: as steps, moments, durations or numbers."""
    return _KINDS.get(x, NUMBER)


def axis_label(x: str) -> str:
    """Return what stands on an x-axis in words."""
    return axis_metric(x) or _LABELS.get(x, _LABELS[STEP])


def placed(points: Series, x: str, axis: Series | None = None) -> Trace:
    """Return a metric's values over an x-axis.

    A resumed run logs steps again; over steps, or over another metric, what it logged last
    counts.

    Args:
        points: The metric.
        x: One of `views.AXES`, or ``metric:`` and a name.
        axis: The points of that metric.
    """
    if axis_metric(x):
        last = last_per_step(points)
        return Trace(against(last, last_per_step(axis if axis is not None else EMPTY)), last.values)
    shown = last_per_step(points) if x == STEP else points
    return Trace(positions(shown, x), shown.values)


def valued(trace: Trace, values: str, goal: str, baseline: Trace | None) -> Trace:
    """Return the curve with what is wanted of its values.

    Args:
        trace: The values as they were logged.
        values: One of `views.VALUES`.
        goal: ``min`` or ``max``; without one there is no best, and the values stay.
        baseline: The same metric of the run to subtract; without one the values stay.
    """
    if values == BEST and goal:
        return Trace(trace.x, best_so_far(trace.y, goal))
    if values == DIFFERENCE and baseline is not None:
        return Trace(trace.x, minus(*trace, *baseline))
    return trace


def said(metric: str, values: str, goal: str, *, baseline: bool) -> str:
    """Return a chart's title: the metric, and what is drawn of it where that is not its values."""
    if values == BEST:
        return f"{metric}, best so far" if goal else f"{metric} (no goal, so no best)"
    if values == DIFFERENCE:
        return f"{metric} − baseline" if baseline else f"{metric} (no baseline to subtract)"
    return metric
