"""A monitor's screen: the heat strip of columns by chunks, and the column under the cursor."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line
from workbench.tui.drift import plots
from workbench.tui.drift.absent import absent_lines
from workbench.tui.drift.column_lines import number_lines, said_lines
from workbench.tui.drift.desk import READ_REPORT
from workbench.tui.drift.grid import segments_of
from workbench.tui.drift.lists import ALERTS, CHUNKS, alert_entries, chunk_entries
from workbench.tui.drift.monitor_doing import MonitorDoing
from workbench.tui.drift.report_lines import plot_table_lines, report_lines
from workbench.tui.drift.screen import concerns
from workbench.tui.drift.strip_view import CellMoved, CellOpened, HeatStrip
from workbench.tui.drift.summary import standing
from workbench.tui.folding import ending
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import (
    CatalogueChanged,
    CurvesReady,
    MonitorReady,
    ReportReady,
    WatchStatusChanged,
    WentWrong,
)
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets
from workbench.tui.parts import Part, Tab
from workbench.tui.toast import error_text
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted, chart_theme
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.words import count, plural

_AGES_EVERY_S = 30.0
_LOOKED_AT = 20
"""Cells of the name of another reference in the header."""


class DriftView(ChartView, inherit_bindings=False):
    """The drawing of one column of one chunk."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = []


class MonitorScreen(MonitorDoing):
    """Show one watched thing: what moved, where, when, and by how much."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("monitor",)
    TITLE_WORDS: ClassVar[str] = "Monitor"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("monitor")]
    PARTS = (
        Part("columns", "Columns", ("strip",), narrows=True),
        Part("plot", "Plot", ("plot-view", "plot-table")),
        Part("numbers", "Numbers", ("numbers-lines",)),
        Part("chunks", "Chunks", ("chunks-list",), narrows=True),
        Part("alerts", "Alerts", ("alerts-list",)),
        Part("report", "Report", ("report-lines",)),
    )
    GROUPS = (("columns", "plot", "numbers"), ("chunks", "alerts"), ("report",))
    STACKS = (("columns", "plot"),)
    DEFAULT_CSS = """
    MonitorScreen #strip-said { height: 3; padding: 0 1; }
    MonitorScreen.-wide #strip-said { height: 4; }
    MonitorScreen #fault { height: auto; max-height: 4; padding: 0 1; display: none; }
    MonitorScreen.-narrow #parts.-group-0 { grid-size: 1 2; grid-rows: 13fr 8fr; }
    MonitorScreen.-wide #parts.-group-0 {
        grid-size: 2 2; grid-columns: 1fr 1fr; grid-rows: 4fr 5fr;
    }
    MonitorScreen.-wide #parts.-group-0 #columns { row-span: 2; }
    MonitorScreen.-wide #parts.-group-1 { grid-size: 1 2; grid-rows: 2fr 1fr; }
    MonitorScreen.-narrow #columns > Rule { display: none; }
    MonitorScreen #numbers-lines, MonitorScreen #report-lines, MonitorScreen #plot-table {
        padding: 0 1;
    }
    MonitorScreen #plot-table { display: none; }
    """

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self.begin_desk(session, name)

    def panes(self) -> Iterable[Widget]:
        """Return the strip, the plot and numbers of a column, chunks, alerts, the report."""
        with Vertical(id="columns", classes="pane"):
            yield Rule((Cell("Columns by chunk", "bold"),), id="columns-rule")
            yield Lines(id="fault")
            yield HeatStrip(id="strip")
            yield Lines(id="strip-said")
        with Vertical(id="plot", classes="pane"):
            yield Rule((Cell("Plot", "bold"),), id="plot-rule")
            yield DriftView(id="plot-view")
            yield Lines(id="plot-table")
        with Vertical(id="numbers", classes="pane"):
            yield Rule((Cell("Numbers", "bold"),))
            yield Lines(id="numbers-lines")
        with Vertical(id="chunks", classes="pane"):
            yield Rule((Cell("Chunks", "bold"),))
            yield ListTable(id="chunks-list")
        with Vertical(id="alerts", classes="pane"):
            yield Rule((Cell("Alerts", "bold"),))
            yield ListTable(id="alerts-list")
        with Vertical(id="report", classes="pane"):
            yield Rule((Cell("Report", "bold"),))
            yield Lines(id="report-lines")

    def on_mount(self) -> None:
        """Read the monitor."""
        for name in ("#strip-said", "#fault"):
            self.query_one(name, Lines).can_focus = False
        self.tell_header(
            crumbs=("Drift", self.monitor),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.set_interval(_AGES_EVERY_S, self.grow_older)
        self.reload()

    def grow_older(self) -> None:
        """Show ages as they are now; nothing is read and nothing moves."""
        if self.page is not None:
            self.page = self.page._replace(now=self.session.clock.now())
            self._show_lists()
            self._tell()

    def key_context(self) -> Context:
        """Return what is possible now."""
        page, series, grid = self.page, self.series, self.grid
        table = self.focused if isinstance(self.focused, ListTable) else None
        return Context(
            rows=table.sheet.count if table else 0,
            selected=table.entry is not None if table else grid is not None,
            read_only=self.session.why_not,
            undoable=self.session.writable,
            watched=page is not None,
            model=page is not None and page.line is not None and bool(page.line.model),
            alerts=len(page.open_alerts) if page is not None else 0,
            columns=len(grid.rows) if grid is not None else 0,
            chunks=len(grid.places) if grid is not None else 0,
            segments=len(segments_of(series)) if series is not None else 0,
            metrics=int(grid is not None),
        )

    # ------------------------------------------------------------ what comes back

    def on_monitor_ready(self, event: MonitorReady) -> None:
        """Show the monitor; the cursor stays on its own column and chunk."""
        event.stop()
        self.was_read()
        first, self.page = self.page is None, event.page
        self.forget_reports(frozenset(chunk.key for chunk in event.page.series.chunks))
        self.show_all()
        if first:
            self._go_to_alert()
        if self.focused is None:
            self.go_to(self.part)

    def show_all(self) -> None:
        """Show everything anew."""
        self.put_on_strip(self.narrowed.get("columns", ""))
        self._show_lists()
        self._tell()
        self.look_soon()

    def _go_to_alert(self) -> None:
        """Begin where somebody is wanted: at the newest chunk with an alert, else the newest."""
        grid = self.strip.grid
        if grid is None:
            return
        alerts = (at for at in reversed(range(len(grid.places))) if grid.chunk(at).alert)
        at = next(alerts, len(grid.places) - 1)
        self.strip.go_to(row=grid.gravest_row(at), at=at)

    def on_report_ready(self, event: ReportReady) -> None:
        """Show what the report says of the cell under the cursor."""
        event.stop()
        self.was_read()
        self.keep_report(event.key, event.report)
        self.show_rest()

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say where the numbers would stand why there are none."""
        event.stop()
        if event.doing == READ_REPORT:
            said = error_text(event.error)
            numbers = self.query_one("#numbers-lines", Lines)
            numbers.draw = lambda width: bullets([f"! {said}"], "bad", width)

    def on_cell_moved(self, event: CellMoved) -> None:
        """Show the cell under the cursor."""
        event.stop()
        self.show_cell()
        self.look_soon()

    def on_cell_opened(self, event: CellOpened) -> None:
        """Go to its plot."""
        event.stop()
        self.go_to("plot")

    # ------------------------------------------------------------ showing

    def show_cell(self) -> None:
        """Show what is known of the cell under the cursor."""
        grid, strip = self.grid, self.strip
        said = self.query_one("#strip-said", Lines)
        if grid is None:
            said.draw = partial(self._nothing)
        else:
            said.draw = partial(said_lines, grid, strip.row, strip.at)
        self._tell_strip()
        self.keys_changed()

    def show_rest(self) -> None:
        """Show the numbers and the plot of the cell the cursor rests on."""
        self._show_numbers()
        self.want_plot()

    def _nothing(self, width: int) -> list[Line]:
        if self.page is None:
            return [(Cell("reading …", "dim"),)]
        grid = self.strip.grid
        chunk = grid.chunk(self.strip.at) if grid is not None and grid.places else None
        return absent_lines(self.page.line, chunk, self.narrowed.get("columns", ""), width)

    def _show_numbers(self) -> None:
        numbers, lines = self.query_one("#numbers-lines", Lines), self.query_one("#report-lines")
        column, chunk, report, grid = self.column, self.chunk, self.report, self.grid
        if grid is None:
            numbers.draw = partial(self._nothing)
        elif column is None or chunk is None or report is None:
            numbers.show([(Cell("It is not in this chunk." if chunk is not None else "", "dim"),)])
        else:
            numbers.draw = partial(
                number_lines, column, chunk, q=report.thresholds.q,
                against=report.reference.name, importance=report.importance,
                muted=grid.column(self.strip.row).muted_until,
            )  # fmt: skip
        if isinstance(lines, Lines):
            lines.draw = partial(report_lines, report, chunk)

    def _show_lists(self) -> None:
        page, grid = self.page, self.strip.grid
        if page is None or grid is None:
            return
        typed = self.narrowed.get("chunks", "")
        none = f"No chunk holds {typed}. Esc shows all." if typed else "It was never checked."
        found = chunk_entries(grid, page.now, typed)
        self.query_one("#chunks-list", ListTable).show(CHUNKS, found, words=none)
        self.query_one("#alerts-list", ListTable).show(
            ALERTS, alert_entries(page.alerts, page.now), words="No alert was raised."
        )

    def _show_fault(self, fault: str) -> None:
        """Say in full why it cannot be run; in a look, that it is one."""
        lines, look = self.query_one("#fault", Lines), self.looked
        lines.display = bool(fault) or look is not None
        if look is not None:
            said = f"against {look.reference} · a look, nothing of it is kept; Esc ends it"
            lines.draw = lambda width: bullets([said], "accent", width)
        else:
            lines.draw = lambda width: bullets([f"✗ {fault}"], "bad", width)

    def _tell(self) -> None:
        page = self.page
        if page is None:
            return
        self._show_fault(page.line.wrong if page.line is not None else "")
        waiting, look = len(page.open_alerts), self.looked
        facts = (
            standing(page, self.segment) if look is None
            else (f"a look against {ending(look.reference, _LOOKED_AT)}", "Esc ends it")
        )  # fmt: skip
        self.tell_header(crumbs=("Drift", self.monitor), facts=facts)
        chunks = len(self.strip.grid.places) if self.strip.grid is not None else 0
        self.tell_tabs([
            Tab("columns", "Columns", count(len(page.series.columns))),
            Tab("plot", "Plot"), Tab("numbers", "Numbers"),
            Tab("chunks", "Chunks", count(chunks)),
            Tab("alerts", "Alerts", count(waiting) if waiting else "", alarm=bool(waiting)),
            Tab("report", "Report"),
        ])  # fmt: skip
        self.keys_changed()

    def _tell_strip(self) -> None:
        grid, seen, rule = self.grid, self.strip.seen, self.query_one("#columns-rule", Rule)
        if grid is None or seen is None:
            rule.end = ()
            return
        inside = seen.seen
        shown = (
            plural(seen.total, "chunk")
            if len(inside) == seen.total
            else f"{count(inside.start + 1)}-{count(inside.stop)} of {plural(seen.total, 'chunk')}"
        )
        share = f", {seen.per} a cell" if seen.per > 1 else ""
        rule.end = (Cell(f"{shown}{share}", "dim"),)

    # ------------------------------------------------------------ the plot

    def want_plot(self) -> None:
        """Have the plot of the cell under the cursor drawn, or its numbers shown."""
        subject = self.drawn = self.subject
        rule, view = self.query_one("#plot-rule", Rule), self.query_one(DriftView)
        if subject is None:
            rule.title, view.words = (Cell("Plot", "bold"),), "Nothing to draw yet."
            return
        kinds = plots.kinds_of(subject)
        self.kind_shown = plots.chosen(kinds, self.kind)
        rule.title = (Cell(self.kind_shown, "bold"),)
        place = kinds.index(self.kind_shown) + 1 if kinds else 0
        rule.end = (Cell("K", "bold key"), Cell(f" {place} of {len(kinds)}", "dim"))
        self.query_one("#plot-table", Lines).draw = partial(
            plot_table_lines, subject, self.kind_shown
        )
        view.words = ""
        view.want()

    @on(DrawingWanted)
    def _draw(self, event: DrawingWanted) -> None:
        """Have the plot drawn in the size there is."""
        event.stop()
        subject, kind, theme = self.drawn, self.kind_shown, chart_theme(self.app)
        size = (event.width, event.height)
        if subject is None or not kind:
            return

        def work() -> CurvesReady:
            from workbench.charts.figure_canvas import draw_figure  # noqa: PLC0415 - when drawn

            figure = plots.figure(subject, kind, theme)
            made = draw_figure(figure, width=size[0], height=size[1], theme=theme)
            return CurvesReady("drift", made, size)

        off_thread(
            self, work, group="plot", about=(subject.name, subject.at, kind, size), doing="Draw"
        )

    def on_curves_ready(self, event: CurvesReady) -> None:
        """Show the plot."""
        event.stop()
        self.query_one(DriftView).drawing = event.drawing

    # ------------------------------------------------------------ lists

    def narrow(self, part: str, text: str) -> None:
        """Show only columns, or chunks, that hold the letters typed."""
        if part == "columns":
            self.put_on_strip(text)
        else:
            self._show_lists()

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Look again at what is possible."""
        event.stop()
        self.keys_changed()

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the chunk, or to that of the alert, on the strip."""
        event.stop()
        grid, key = self.strip.grid, event.row.key
        if event.table.id == "alerts-list" and self.page is not None:
            alert = next((one for one in self.page.alerts if one.id == key), None)
            key = (alert.label, alert.segment) if alert is not None else ("", "")
            self._show_segment(key[1])
            grid = self.strip.grid
        at = grid.at_of(key) if grid is not None and isinstance(key, tuple) else None
        if at is not None:
            self.strip.go_to(at=at)
            self.go_to("columns")

    def _show_segment(self, segment: str) -> None:
        if segment != self.segment:
            self.segment = segment
            self.show_all()

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Read the monitor again when a report, an alert or what is watched changed."""
        if concerns(event.changes):
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)
        if self.page is not None and self.page.line is not None and self.page.line.reading:
            self.reload()
