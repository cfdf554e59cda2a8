"""The compare screen: what differs between the marked runs, and their curves."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.widget import Widget

from workbench.operations.views import View
from workbench.tui.chart_pane import ChartPane
from workbench.tui.chart_settings import ChartSettings, kept, settings_of
from workbench.tui.compare.desk import watch_below
from workbench.tui.compare.doing import CompareDoing
from workbench.tui.compare.empty import empty_for
from workbench.tui.compare.header import header_facts, table_title
from workbench.tui.compare.missing import Missing
from workbench.tui.compare.news import CompareNews
from workbench.tui.compare.reading import reading_lines
from workbench.tui.compare.rows import page_of
from workbench.tui.compare.state import Loaded
from workbench.tui.compare.subject import subject_of
from workbench.tui.compare.table import CompareTable
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import (
    RowsMissed,
    RowsReady,
    ViewReady,
    WentWrong,
)
from workbench.tui.offload import off_thread
from workbench.tui.plot.pane import PlotPane
from workbench.tui.saved_views import SavedViews
from workbench.tui.toast import tell_error
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.narrow import NarrowBox
from workbench.tui.widgets.table_messages import CursorMoved, PageWanted

if TYPE_CHECKING:
    from textual.events import Resize

_MANY = 2
"""A chart over many runs always has another metric to go to."""
_SETTLE_S = 0.2
"""A crosshair that rests this long is worth reading every metric there."""
_SAID_SHARE = 7
"""One of so many lines of the screen is for what is missing; the rest of it is counted."""


class CompareScreen(CompareDoing, CompareNews, SavedViews):
    """Show marked runs side by side."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("compare",)
    TITLE_WORDS: ClassVar[str] = "Compare"
    KEPT_AS: ClassVar[str] = "compare"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare")]
    AUTO_FOCUS: ClassVar[str] = "#table"
    DEFAULT_CSS = """
    CompareScreen #desk { height: 1fr; layout: vertical; }
    CompareScreen #table-pane { height: 3fr; width: 1fr; }
    CompareScreen #charts-pane { height: 2fr; width: 1fr; }
    CompareScreen.-wide #desk { layout: horizontal; }
    CompareScreen.-wide #table-pane { height: 1fr; width: 9fr; }
    CompareScreen.-wide #charts-pane { height: 1fr; width: 11fr; margin-left: 2; }
    CompareScreen #table-rule { display: none; }
    CompareScreen.-wide #table-rule { display: block; }
    CompareScreen #reading { height: 1; }
    CompareScreen.-blank #reading { display: none; }
    CompareScreen #empty, CompareScreen #blank { display: none; }
    CompareScreen.-empty #desk { display: none; }
    CompareScreen.-empty #empty { display: block; }
    CompareScreen.-blank #table { display: none; }
    CompareScreen.-blank #blank { display: block; }
    CompareScreen #plot { display: none; }
    CompareScreen.-narrow.-plot #charts-pane { height: 3fr; }
    CompareScreen.-plot.-empty #desk { display: block; }
    CompareScreen.-plot.-empty #empty, CompareScreen.-plot.-empty #table-pane { display: none; }
    """

    def body(self) -> Iterable[Widget]:
        """Return the table and the charts: above each other, or side by side."""
        yield NarrowBox()
        yield EmptyState(Empty(""), id="empty")
        with Container(id="desk"):
            with Vertical(id="table-pane", classes="pane"):
                yield Rule(id="table-rule")
                yield CompareTable(id="table")
                yield EmptyState(Empty(""), id="blank")
                reading = Lines(id="reading")
                reading.can_focus = False
                yield reading
                yield Missing(id="missing")
            with Container(id="charts-pane", classes="pane"):
                yield ChartPane(self.session, id="charts")
                yield PlotPane(self.session, id="plot")

    def on_mount(self) -> None:
        """Compare the runs that are marked."""
        self.tell_header(
            crumbs=("Compare",),
            workspace=self.session.title,
            watch=watch_below(self),
            read_only=not self.session.writable,
        )
        self.charts.set_reactive(ChartPane.settings, settings_of(self.view, ChartSettings()))
        self.call_after_refresh(self.reload)  # the table knows by then how wide it is

    def on_resize(self, _event: "Resize") -> None:
        """Share the new width among the runs."""
        if self.shown is not None:
            self.call_after_refresh(self.rearrange)

    def key_context(self) -> Context:
        """Return what is possible now."""
        shown = self.shown
        return Context(
            rows=len(shown.lines) if shown else 0,
            selected=self.run_here is not None,
            marked=len(self.view.marks),
            read_only=self.session.why_not,
            undoable=self.session.writable,
            metrics=_MANY if self.plots else len(shown.comparison.metrics) if shown else 0,
        )

    def show_view(self, view: View) -> None:
        """Look as a saved view says: here, or on the runs screen if it was saved there."""
        self.view = view
        self.keep()
        if view.screen != self.KEPT_AS:
            self.dismiss(None)
            return
        self.order, self.typed = None, ""
        self.charts.settings = settings_of(view, self.charts.settings)
        self.reload()

    # ------------------------------------------------------------ what comes back

    def on_view_ready(self, event: ViewReady) -> None:
        """Show a comparison, unless a newer one was shown."""
        if self.is_past(event.generation):
            return
        first, here, loaded = self.loaded is None, self.run_here, event.view
        self.loaded = loaded
        self._show_empty(loaded)
        if loaded.shown is not None:
            self.keep_names(loaded.shown.comparison)
            key = loaded.wanted.cursor
            self.table.replace_view(
                loaded.shown.sheet, loaded.pages, key=key, position=loaded.position
            )
            if first:
                self.table.move_to(loaded.position or 0)
            self.table.column = loaded.shown.column_of(here.run_id if here else "")
            self.show_charts()
        self.show_plot()
        self.show_reading()
        self._show_words(loaded)

    def _show_empty(self, loaded: Loaded) -> None:
        empty = empty_for(loaded)
        self.set_class(empty is not None and loaded.shown is None, "-empty")
        self.set_class(empty is not None and loaded.shown is not None, "-blank")
        if empty is not None:
            self.query_one("#empty" if loaded.shown is None else "#blank", EmptyState).empty = empty
        elif self.focused is None and not self.plots:  # the table was hidden while it had the focus
            self.call_after_refresh(self.table.focus)

    def show_charts(self) -> None:
        """Draw the runs, that of the cursor's column last."""
        if self.shown is not None:
            here = self.run_here
            focused, group = here.run_id if here else "", self.view.group
            colors = {one.run_id: self.color_of(one.run_id) for one in self.shown.comparison.runs}
            self.charts.subject = subject_of(
                self.shown.comparison, colors, focused=focused, group=group
            )

    def show_reading(self) -> None:
        """Show the whole of what is under the cursor."""
        shown, reading = self.shown, self.query_one("#reading", Lines)
        if shown is None:
            return
        line, column = self.table.cursor, self.table.column
        most = max(2, self.size.height // _SAID_SHARE)
        lines = reading_lines(shown, line, column, self.table.size.width, most)
        reading.styles.height = len(lines)
        reading.show(lines)

    def _show_words(self, loaded: Loaded) -> None:
        shown = loaded.shown
        most = max(1, self.size.height // _SAID_SHARE)
        self.query_one(Missing).tell(loaded.said if shown is not None else (), most)
        if shown is not None:
            rule = self.query_one("#table-rule", Rule)
            rule.title, rule.end = table_title(shown)
        self._show_facts()

    def _show_facts(self) -> None:
        metrics = self.charts.shown_metrics
        facts = header_facts(self.shown, metrics[0] if metrics else "", self.place_of(self.view))
        self.tell_header(facts=facts, busy="")
        self.keys_changed()

    def on_page_wanted(self, event: PageWanted) -> None:
        """Make the rows that came into sight."""
        shown = self.shown
        if shown is None or event.generation != shown.sheet.generation:
            return
        start, end = event.start, event.end

        def work() -> RowsReady:
            return RowsReady(page_of(shown, start, end))

        missed = partial(RowsMissed, start, event.generation)
        off_thread(self, work, group=f"page-{start}", wrong=missed)

    def on_rows_ready(self, event: RowsReady) -> None:
        """Hand the rows to the table."""
        self.table.give(event.page)

    def on_rows_missed(self, event: RowsMissed) -> None:
        """Say why rows stay blank."""
        self.table.miss(event.start, event.generation)
        tell_error(self.app, "Make rows", event.error)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say what did not happen."""
        event.stop()
        self._asked_at = None
        tell_error(self.app, event.doing, event.error)

    # ------------------------------------------------------------ the cursor and the charts

    def on_compare_table_column_moved(self) -> None:
        """Draw the run the cursor came to last."""
        self.show_reading()
        self.show_charts()
        self.keys_changed()

    def on_cursor_moved(self, _event: CursorMoved) -> None:
        """Show what is here in full; let the footer say what is possible."""
        self.show_reading()
        self.keys_changed()

    def on_chart_pane_settings_changed(self, event: ChartPane.SettingsChanged) -> None:
        """Remember how the charts look; the table reads values off where the crosshair stands."""
        before, after = self.view, kept(self.view, event.settings)
        if after != before:
            self.view = after
            self.keep()
        if self.place_of(after) != self.place_of(before):
            self.reload_soon(_SETTLE_S)
        self._show_facts()
