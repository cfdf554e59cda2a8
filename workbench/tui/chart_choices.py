"""What can be chosen for the axes of charts, as a dialog offers it, and what a choice changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.operations import views
from workbench.tui.chart_settings import ChartSettings
from workbench.tui.widgets.choose import Choice

_X = {
    "step": ("Step", "as it was logged"),
    "time": ("Time", "the wall clock"),
    "relative": ("Since start", "since the run's first point"),
}
_SCALES = {
    "linear": ("Linear", "equal differences"),
    "log": ("Logarithmic", "equal ratios; above 0 only"),
    "symlog": ("Symmetric log", "log on both sides of 0"),
}
_VALUES = {
    views.VALUE: ("Values", "as they were logged"),
    views.BEST: ("Best so far", "up to each point, by the goal"),
    views.DIFFERENCE: ("Difference", "less the baseline at the same x"),
}


def x_choices(settings: ChartSettings, metrics: Sequence[str]) -> tuple[Choice, ...]:
    """Return what can stand on the x-axis, then its scales, then every metric there is."""
    metric_axes = (
        Choice(f"x={views.METRIC_AXIS}{name}", name, "metric", settings.x == f"metric:{name}")
        for name in metrics
    )
    return (
        *_choices("x", _X, settings.x),
        *_choices("x_scale", _SCALES, settings.x_scale, "scale: "),
        *metric_axes,
    )


def y_choices(settings: ChartSettings) -> tuple[Choice, ...]:
    """Return what can be drawn of a metric, then the scales of the y-axis."""
    return (
        *_choices("values", _VALUES, settings.values),
        *_choices("y_scale", _SCALES, settings.y_scale, "scale: "),
    )


def changes_of(choice: str) -> dict[str, Any]:
    """Return what a choice changes; on another x-axis places mean something else."""
    field, _, value = choice.partition("=")
    if field == "x":
        return {"x": value, "at": None, "zoom": 0, "pan": 0.5}
    return {field: value}


def _choices(
    field: str, offers: Mapping[str, tuple[str, str]], now: str, before: str = ""
) -> tuple[Choice, ...]:
    return tuple(
        Choice(f"{field}={value}", words, before + sentence, value == now)
        for value, (words, sentence) in offers.items()
    )
