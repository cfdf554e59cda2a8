"""Charts over many runs in place of the curves: which kind, and what was chosen for it."""

from workbench.operations.many import KINDS, asked_of, carried, kept
from workbench.operations.views import PLOTS
from workbench.tui.compare.desk import CompareDesk
from workbench.tui.messages import Finished
from workbench.tui.offload import off_thread
from workbench.tui.plot.keys import AskedChanged, FilterChosen
from workbench.tui.plot.pane import PlotPane
from workbench.tui.toast import tell
from workbench.tui.widgets.chart_view import chart_theme
from workbench.tui.widgets.choose import Choice, ChooseScreen

SENTENCES = {
    "curves": "metrics of the marked runs",
    "scatter": "a param or metric against another",
    "parallel": "params side by side, a line a run",
    "heat": "two params, the mean of a metric",
    "hist": "a metric over the runs",
    "progress": "a metric over time, and the best",
    "pareto": "runs no other beats in two metrics",
    "importance": "which params go with a metric",
}


class ComparePlots(CompareDesk):
    """The part of the compare screen that shows charts over many runs."""

    @property
    def plot(self) -> PlotPane:
        """Return the chart over many runs."""
        return self.query_one("#plot", PlotPane)

    @property
    def plots(self) -> bool:
        """Whether a chart over many runs stands where the curves would."""
        return self.view.plot in KINDS

    def show_plot(self) -> None:
        """Show the kind of chart the view says, about the runs there are now."""
        self.set_class(self.plots, "-plot")
        self.plot.display, self.charts.display = self.plots, not self.plots
        if not self.plots:
            return
        asked, before = asked_of(self.view), self.plot.asked
        if before is not None and before.kind == asked.kind:
            asked = carried(before, asked)
        if asked != before:
            self.plot.asked = asked

    def press_plot_kind(self) -> None:
        """Choose the kind of chart."""
        choices = [
            Choice(kind, kind, SENTENCES[kind], now=kind == self.view.plot) for kind in PLOTS
        ]
        self.app.push_screen(ChooseScreen("Kind of chart", choices), self._take_kind)

    def _take_kind(self, kind: str | None) -> None:
        if kind is not None:
            self._leave_zoom()
        if kind is None or kind == self.view.plot:
            return
        self.keep(plot=kind, x_column=None, y_column=None, z_column=None)
        self.show_plot()
        if self.plots:
            self.plot.read_soon()
            self.plot.query_one("#plot-view").focus()
        elif self.shown is not None:
            self.table.focus()
        self.keys_changed()

    def _leave_zoom(self) -> None:
        """Give back the screen if the table has all of it: a chart was asked for."""
        shown = (one.has_class("-zoom") for one in self.plot.ancestors_with_self)
        if self.has_class("-zoomed") and not any(shown):
            self.press_zoom()

    def on_asked_changed(self, event: AskedChanged) -> None:
        """Remember what was chosen for the chart."""
        self.view = kept(self.view, event.asked)
        self.keep()

    def on_filter_chosen(self, event: FilterChosen) -> None:
        """Show only the runs that are let through, here and on the runs screen."""
        self.keep(filter=event.text)
        self.plot.asked = asked_of(self.view)
        tell(self.app, f"The filter is now {event.text}")

    def press_chart_table(self) -> None:
        """Show the chart's values as a table, or the chart again."""
        if self.plots:
            self.plot.press_chart_table()
        else:
            self.charts.press_chart_table()

    def export_plot(self) -> None:
        """Write the chart over many runs: picture, text and numbers."""
        from workbench.operations.export_pages import export_plot  # noqa: PLC0415 - when asked

        found, session, theme = self.plot.picture, self.session, chart_theme(self.app)
        if found is None:
            return

        def work() -> Finished:
            paths = export_plot(session, found, theme)
            return Finished(f"Wrote {paths[0]}, and its text and numbers beside it")

        off_thread(self, work, doing="Export")

    def press_metric_next(self) -> None:
        """Show the next metric."""
        self._step_metric(1)

    def press_metric_previous(self) -> None:
        """Show the metric before."""
        self._step_metric(-1)

    def _step_metric(self, by: int) -> None:
        if self.plots:
            self.plot.step_metric(by)
        else:
            self.charts.step_metric(by)
