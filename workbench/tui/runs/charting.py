"""The run under the cursor and the curves of it and the marked ones, below and beside the table."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from workbench.charts.palette import colors
from workbench.operations.run_words import no_metric
from workbench.operations.runs_table import in_order
from workbench.operations.session import Session
from workbench.tui.chart_pane import ChartPane
from workbench.tui.chart_settings import Line, Subject, drawn, kept
from workbench.tui.messages import DetailReady
from workbench.tui.offload import off_thread
from workbench.tui.present import short_id
from workbench.tui.runs.desk import RunsDesk
from workbench.tui.runs.overview import overview_lines
from workbench.tui.runs.state import Mark
from workbench.tui.widgets.chart_view import chart_theme
from workbench.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from workbench.catalogue.cards import RunRecord


class Here(NamedTuple):
    """What was found out about the run under the cursor and the marked ones."""

    record: "RunRecord | None"
    metrics: tuple[str, ...]
    labels: Mapping[int, str]
    """What tells the runs apart."""


class Charting(RunsDesk):
    """The part of the runs screen that shows the run under the cursor."""

    def look_at(self, run: int | None) -> None:
        """Find out about a run, and show it when that is known."""
        if run is None:
            return
        session, marked = self.session, [mark.run for mark in self.marks() if mark.run != run]
        off_thread(
            self,
            lambda: DetailReady(run, found_out(session, run, marked)),
            group="overview",
            doing="Show the run",
        )

    def look_away(self) -> None:
        """Show no run."""
        self.query_one("#overview", Lines).show(())
        self._metrics = ()
        self.charts.subject = Subject()
        self.keys_changed()

    def on_detail_ready(self, event: DetailReady) -> None:
        """Show the overview and the curves of the run under the cursor."""
        here: Here = event.detail
        record = here.record
        if record is None or event.run != self.rested_on:
            return
        now = self.session.clock.now()
        self.query_one("#overview", Lines).draw = lambda width: overview_lines(record, now, width)
        shown = self.loaded.columns if self.loaded else ()
        self._metrics = in_order(dict.fromkeys(here.metrics), shown)
        self._show_charts(record, here.labels)
        self.keys_changed()

    def _show_charts(self, record: "RunRecord", labels: Mapping[int, str]) -> None:
        marks = self.marks()
        ids = [mark.run_id for mark in marks]
        wanted = [*ids, *([] if record.run_id in ids else [record.run_id])]
        held = self._held_colors = colors(wanted, chart_theme(self.app), self._held_colors)
        lines = [
            Line(mark.run, labels.get(mark.run) or self._name_of(mark), held[mark.run_id],
                 mark.letter, focused=mark.run == record.run)
            for mark in marks
        ]  # fmt: skip
        if record.run_id not in ids:
            letter = "•" if marks else ""
            label = labels.get(record.run) or record.name
            lines.append(Line(record.run, label, held[record.run_id], letter, focused=True))
        chosen, left_out = drawn(lines)
        baseline = self.loaded.context.baseline_run if self.loaded else None
        self.charts.subject = Subject(
            chosen, self._metrics, left_out, baseline=baseline, none=no_metric(record)
        )

    def _name_of(self, mark: Mark) -> str:
        known = self.loaded.known.get(mark.run) if self.loaded else None
        return known.name if known else short_id(mark.run_id)

    def on_chart_pane_settings_changed(self, event: ChartPane.SettingsChanged) -> None:
        """Remember how the charts are to look."""
        self.view = kept(self.view, event.settings)
        self.remember()

    def press_metric_next(self) -> None:
        """Show the next metric."""
        self.charts.step_metric(1)

    def press_metric_previous(self) -> None:
        """Show the metric before."""
        self.charts.step_metric(-1)

    def press_chart_table(self) -> None:
        """Show the chart's values as a table, or the chart again."""
        self.charts.press_chart_table()


def found_out(session: Session, run: int, marked: list[int]) -> Here:
    """Return what can be shown of a run beside the marked ones."""
    from workbench.catalogue.cards import cards  # noqa: PLC0415 - after the first paint
    from workbench.operations.labels import labels  # noqa: PLC0415 - likewise

    found = cards(session.catalogue, [run, *marked])
    here = next((record for record in found if record.run == run), None)
    metrics = tuple(name for one in found for name in one.metrics)
    return Here(here, metrics, labels(session, [*marked, run]) if marked else {})
