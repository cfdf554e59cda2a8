"""The keys of a pane of charts: each changes one setting, and the pane draws again."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.operations import views
from workbench.tui.chart_settings import SMOOTHINGS, ChartSettings, Subject
from workbench.tui.widgets.chart_view import ChartView

if TYPE_CHECKING:
    from textual.reactive import reactive
    from textual.widget import Widget

    _Widget = Widget
else:
    _Widget = object


class ChartKeys(_Widget):
    """Answer the keys that change how charts look."""

    if TYPE_CHECKING:
        settings: reactive[ChartSettings]
        subject: reactive[Subject]

        @property
        def shown_metrics(self) -> tuple[str, ...]:
            """The metric of each chart."""

    def _choose(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    def step_metric(self, by: int) -> None:
        """Show the next metric, or the one before."""
        metrics = self.subject.metrics
        if metrics:
            now = self.shown_metrics[0]
            self._choose(metric=metrics[(metrics.index(now) + by) % len(metrics)])

    def press_metric_next(self) -> None:
        """Show the next metric."""
        self.step_metric(1)

    def press_metric_previous(self) -> None:
        """Show the metric before."""
        self.step_metric(-1)

    def press_x_axis(self) -> None:
        """Step, wall time, time since the start."""
        self._choose(x=_after(self.settings.x, views.AXES))

    def press_log_axis(self) -> None:
        """Turn the logarithmic axis on or off."""
        self._choose(y_scale=_after(self.settings.y_scale, views.SCALES[:2]))

    def press_curve_kind(self) -> None:
        """Mean, raw, envelope."""
        self._choose(mode=_after(self.settings.mode, views.MODES))

    def press_smooth_more(self) -> None:
        """Smooth more."""
        self._smooth(1)

    def press_smooth_less(self) -> None:
        """Smooth less."""
        self._smooth(-1)

    def _smooth(self, by: int) -> None:
        now = self.settings.smoothing
        nearest = min(range(len(SMOOTHINGS)), key=lambda n: abs(SMOOTHINGS[n] - now))
        self._choose(smoothing=SMOOTHINGS[max(0, min(nearest + by, len(SMOOTHINGS) - 1))])

    def press_zoom_in(self) -> None:
        """Halve the part of the x-axis that is shown."""
        self._choose(zoom=min(self.settings.zoom + 1, 12))

    def press_zoom_out(self) -> None:
        """Double it."""
        self._choose(zoom=max(self.settings.zoom - 1, 0))

    def press_zoom_reset(self) -> None:
        """Show everything."""
        self._choose(zoom=0, pan=0.5)

    def press_pan_left(self) -> None:
        """Move the window to the left."""
        self._pan(-1)

    def press_pan_right(self) -> None:
        """Move the window to the right."""
        self._pan(1)

    def _pan(self, way: int) -> None:
        half = 0.5**self.settings.zoom / 2
        self._choose(pan=max(half, min(1 - half, self.settings.pan + way * half)))

    def press_crosshair(self) -> None:
        """Read values off, or stop."""
        self._choose(crosshair=0.5 if self.settings.crosshair is None else None)

    def press_back(self) -> None:
        """Take the crosshair away; without one, do what the screen does."""
        if self.settings.crosshair is not None:
            self._choose(crosshair=None)
            return
        back = getattr(self.screen, "press_back", None) or getattr(self.app, "press_back", None)
        if back is not None:
            back()

    def press_left(self) -> None:
        """Move the crosshair to the left."""
        self._cross(-1)

    def press_right(self) -> None:
        """Move the crosshair to the right."""
        self._cross(1)

    def _cross(self, way: int) -> None:
        if self.settings.crosshair is not None:
            width = max(20, self.query_one(ChartView).size.width - 10)
            place = self.settings.crosshair + way / width
            self._choose(crosshair=max(0.0, min(1.0, place)))

    def press_clip(self) -> None:
        """Leave outliers out, or let them in."""
        self._choose(clip=not self.settings.clip)


def _after(now: str, known: tuple[str, ...]) -> str:
    """Return the one that follows, the first after the last."""
    return known[(known.index(now) + 1) % len(known)] if now in known else known[0]
