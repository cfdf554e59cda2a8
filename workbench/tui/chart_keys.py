"""The keys of a pane of charts: each changes one setting, and the pane draws again."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.operations import views
from workbench.tui.chart_choices import changes_of, x_choices, y_choices
from workbench.tui.chart_settings import SMOOTHINGS, ChartSettings, Subject
from workbench.tui.widgets.choose import ChooseScreen
from workbench.tui.widgets.prompt import PromptScreen

if TYPE_CHECKING:
    from textual.reactive import reactive
    from textual.widget import Widget

    from workbench.charts.reduction import Frame

    _Widget = Widget
else:
    _Widget = object

_MOST_ZOOM = 12
_MOST_ROWS = 4


class ChartKeys(_Widget):
    """Answer the keys that change how charts look."""

    if TYPE_CHECKING:
        settings: reactive[ChartSettings]
        subject: reactive[Subject]
        reading: bool

        @property
        def shown_metrics(self) -> tuple[str, ...]:
            """The metric of each chart."""

        def seen(self) -> tuple[Frame, int] | None:
            """What the chart in focus shows of the x-axis, and its width in cells."""

        def stop_reading(self) -> None:
            """Let go of what is being read."""

    def _choose(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)

    # ------------------------------------------------------------ metrics and axes

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
        """Choose what stands on the x-axis, and its scale."""
        offers = x_choices(self.settings, self.subject.metrics)
        self.app.push_screen(ChooseScreen("x-axis", offers), self._take)

    def press_y_axis(self) -> None:
        """Choose what is drawn, and the scale of the y-axis."""
        self.app.push_screen(ChooseScreen("y-axis", y_choices(self.settings)), self._take)

    def _take(self, choice: str | None) -> None:
        if choice is not None:
            self._choose(**changes_of(choice))

    def press_log_axis(self) -> None:
        """Turn the y-axis linear, logarithmic, symmetrically logarithmic."""
        self._choose(y_scale=_after(self.settings.y_scale, views.SCALES))

    # ------------------------------------------------------------ lines

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

    def press_clip(self) -> None:
        """Leave outliers out, or let them in."""
        self._choose(clip=not self.settings.clip)

    # ------------------------------------------------------------ the part that is seen

    def press_zoom_in(self) -> None:
        """Halve the part of the x-axis that is shown, around the crosshair where there is one."""
        middle = self._crosshair_share()
        zoom = min(self.settings.zoom + 1, _MOST_ZOOM)
        self._choose(zoom=zoom, pan=_kept_in(self.settings.pan if middle is None else middle, zoom))

    def press_zoom_out(self) -> None:
        """Double it."""
        zoom = max(self.settings.zoom - 1, 0)
        self._choose(zoom=zoom, pan=_kept_in(self.settings.pan, zoom))

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
        zoom = self.settings.zoom
        self._choose(pan=_kept_in(self.settings.pan + way * 0.5**zoom / 2, zoom))

    def _crosshair_share(self) -> float | None:
        """Return where the crosshair stands in the whole of the x-axis, 0 to 1."""
        from workbench.tui.chart_axis import crosshair  # noqa: PLC0415 - numpy

        seen = self.seen()
        share = crosshair(seen[0], self.settings.at) if seen else None
        if share is None:
            return None
        return self.settings.pan + (share - 0.5) * 0.5**self.settings.zoom

    # ------------------------------------------------------------ the crosshair

    def press_crosshair(self) -> None:
        """Read values off, or stop."""
        from workbench.tui.chart_axis import middle  # noqa: PLC0415 - numpy

        seen = self.seen()
        if self.settings.at is not None:
            self._choose(at=None)
        elif seen is not None:
            self._choose(at=middle(seen[0], self.settings.x))

    def press_left(self) -> None:
        """Move the crosshair to the left."""
        self._cross(-1)

    def press_right(self) -> None:
        """Move the crosshair to the right."""
        self._cross(1)

    def _cross(self, way: int) -> None:
        from workbench.tui.chart_axis import beside  # noqa: PLC0415 - numpy

        at, seen = self.settings.at, self.seen()
        if at is not None and seen is not None:
            frame, width = seen
            self._choose(at=beside(frame, at, way, width, self.settings.x))

    def press_at_step(self) -> None:
        """Read all values at a place somebody types."""
        from workbench.tui.chart_axis import (  # noqa: PLC0415 - numpy
            axis_label,
            place_words,
            wanted_place,
        )

        x, at = self.settings.x, self.settings.at

        def check(text: str) -> str | None:
            known = not text.strip() or wanted_place(text, x) is not None
            return None if known else f"{text.strip()} is no place on the axis of {axis_label(x)}."

        def take(text: str | None) -> None:
            if text is not None:
                self._choose(at=wanted_place(text, x) if text.strip() else None)

        now = "" if at is None else f" Now at {place_words(at, x)}; Enter alone takes it away."
        prompt = PromptScreen(
            f"Read values at {axis_label(x)}", hint=f"A number.{now}", check=check
        )
        self.app.push_screen(prompt, take)

    # ------------------------------------------------------------ the grid, and back

    def press_chart_columns(self) -> None:
        """One chart, two, three side by side; then as many as fit."""
        self.cycle_columns()

    def cycle_columns(self) -> None:
        """One chart, two, three side by side; then as many as fit."""
        from workbench.charts.grid import most_columns  # noqa: PLC0415 - after the first paint

        most = min(most_columns(self.size.width), max(1, len(self.subject.metrics)))
        self._choose(columns=(self.settings.columns + 1) % (most + 1))

    def press_chart_rows(self) -> None:
        """One chart, two, three above each other; then as many as fit."""
        from workbench.charts.grid import most_rows  # noqa: PLC0415 - after the first paint

        most = min(most_rows(self.size.height), max(1, len(self.subject.metrics)), _MOST_ROWS)
        self._choose(rows=(self.settings.rows + 1) % (most + 1))

    def press_back(self) -> None:
        """Stop reading, or take the crosshair away; else do what the screen does."""
        if self.reading:
            self.stop_reading()
            return
        if self.settings.at is not None:
            self._choose(at=None)
            return
        back = getattr(self.screen, "press_back", None) or getattr(self.app, "press_back", None)
        if back is not None:
            back()


def _kept_in(pan: float, zoom: int) -> float:
    """Return the middle of a window that does not reach beyond the ends."""
    half = 0.5**zoom / 2
    return max(half, min(1 - half, pan))


def _after(now: str, known: tuple[str, ...]) -> str:
    """Return the one that follows, the first after the last."""
    return known[(known.index(now) + 1) % len(known)] if now in known else known[0]
