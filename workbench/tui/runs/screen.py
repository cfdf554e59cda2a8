"""The runs screen: the table over everything, the curves of some, the run under the cursor."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from workbench.charts.palette import colors
from workbench.operations import runs_table
from workbench.tui.cells import Cell, cut
from workbench.tui.chart_pane import ChartPane
from workbench.tui.chart_settings import ChartSettings, settings_of
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context as KeyContext
from workbench.tui.keys import Scope
from workbench.tui.messages import (
    CatalogueChanged,
    RowsMissed,
    RowsReady,
    ViewReady,
    WatchStatusChanged,
    WentWrong,
)
from workbench.tui.offload import off_thread
from workbench.tui.palette import Named
from workbench.tui.present import short_id
from workbench.tui.runs.charting import Charting
from workbench.tui.runs.doing import Doing
from workbench.tui.runs.empty import empty_for
from workbench.tui.runs.exchanging import Exchanging
from workbench.tui.runs.filtering import Filtering
from workbench.tui.runs.loader import Known, Loaded, fetch, sorted_by
from workbench.tui.runs.shaping import Shaping
from workbench.tui.runs.state import toggled
from workbench.tui.saved_views import SavedViews
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.chart_view import chart_theme
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.tui.widgets.filter_box import FilterBox
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.table_messages import (
    CursorMoved,
    MarkPressed,
    PageWanted,
    RowOpened,
    SortPressed,
    WidthChanged,
)
from workbench.tui.widgets.table_values import next_sort
from workbench.tui.widgets.windowed_table import WindowedTable
from workbench.words import count, plural

_RELOAD_S = 0.4
"""The table is answered anew at most this often while runs come in."""
_RELOAD_WHILE_READING_S = 1.5
"""And this often while a large folder is read for the first time: each answer slows that down."""


_SHORT_FILTER = 24
"""Cells of a filter beside which there is room to say why it cannot be answered."""


class RunsScreen(Filtering, Doing, Exchanging, Shaping, SavedViews, Charting):
    """Show every run, and the curves of some."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("runs",)
    TITLE_WORDS: ClassVar[str] = "Runs"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("runs")]
    AUTO_FOCUS: ClassVar[str] = "#table"
    DEFAULT_CSS = """
    RunsScreen #table-pane { height: 3fr; }
    RunsScreen #charts { height: 2fr; }
    RunsScreen #overview { display: none; width: 46; padding: 0 0 0 2; }
    RunsScreen.-wide #overview { display: block; }
    RunsScreen #empty { display: none; }
    RunsScreen.-empty #empty { display: block; }
    RunsScreen.-empty #table, RunsScreen.-empty #charts { display: none; }
    """

    def body(self) -> Iterable[Widget]:
        """Return the filter, the table over its charts, and the overview beside them."""
        yield FilterBox(id="filter")
        with Horizontal():
            with Vertical():
                with Vertical(id="table-pane", classes="pane"):
                    yield WindowedTable(id="table")
                    yield EmptyState(Empty(""), id="empty")
                charts = ChartPane(self.session, id="charts")
                charts.add_class("pane")
                yield charts
            overview = Lines(id="overview")
            overview.add_class("pane")
            yield overview

    def on_mount(self) -> None:
        """Ask for the rows that were known last time."""
        self.tell_header(
            crumbs=("Runs",), workspace=self.session.title, read_only=not self.session.writable
        )
        self.charts.set_reactive(ChartPane.settings, settings_of(self.view, ChartSettings()))
        self.table.focus()
        self.reload()

    def key_context(self) -> KeyContext:
        """Return what is possible now."""
        return KeyContext(
            rows=self.loaded.table.rows if self.loaded else 0,
            selected=self.run_here is not None,
            marked=len(self.view.marks),
            read_only=self.session.why_not,
            undoable=self.session.writable,
            metrics=len(self._metrics),
            new_rows=len(self.new_runs),
        )

    # ------------------------------------------------------------ what comes back

    def on_view_ready(self, event: ViewReady) -> None:
        """Show an answered view, unless a newer one was asked for."""
        loaded: Loaded = event.view
        self.generation_shown = max(self.generation_shown, event.generation)
        if event.generation < self._generation and self.loaded is not None:
            self._let_go(loaded)
            return
        before, self.loaded = self.loaded, loaded
        self._leave_hidden(loaded)
        self.table.replace_view(
            loaded.sheet, loaded.pages, key=self.rested_on, position=loaded.position,
            refit=before is not None and before.table.query.group != loaded.table.query.group,
        )  # fmt: skip
        if before is not None:
            self._let_go(before)
        self._tell_refused(before, loaded)
        self._show_marks()
        self._show_empty()
        self._show_header()
        if self.following:
            self._go_to_newest()

    def _leave_hidden(self, loaded: Loaded) -> None:
        """Show nothing of a run that was filtered away, until the cursor rests on another."""
        here = self.rested_on
        hidden = here is not None and here == loaded.wanted.cursor and loaded.position is None
        if hidden and not loaded.wanted.view.group:  # a run in a closed group is still there
            self.rested_on = None
            self.look_away()

    def _tell_refused(self, before: Loaded | None, loaded: Loaded) -> None:
        """Say once, in full, why a filter cannot be answered; the header goes on saying it."""
        if loaded.refused and (before is None or before.refused != loaded.refused):
            tell(self.app, f"The filter {self.view.filter} cannot be answered. {loaded.refused}")

    def _let_go(self, loaded: Loaded) -> None:
        off_thread(
            self,
            lambda: runs_table.drop(self.session, loaded.table),
            group=f"drop-{loaded.table.name}",
        )

    def on_page_wanted(self, event: PageWanted) -> None:
        """Fetch rows that came into sight."""
        loaded = self.loaded
        if loaded is None or event.generation != loaded.sheet.generation:
            return
        start = event.start

        def work() -> RowsReady:
            page = fetch(self.session, loaded.table, start, event.generation, loaded.context)
            return RowsReady(page)

        off_thread(
            self, work, group=f"page-{start}", wrong=partial(RowsMissed, start, event.generation)
        )

    def on_rows_ready(self, event: RowsReady) -> None:
        """Hand the rows to the table."""
        self.table.give(event.page)

    def on_rows_missed(self, event: RowsMissed) -> None:
        """Say why rows stay blank; they are asked for again when they are looked at again."""
        self.table.miss(event.start, event.generation)
        tell_error(self.app, "Read rows", event.error)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say what did not happen; a filter that broke is shown where it was typed."""
        event.stop()
        tell_error(self.app, event.doing, event.error)

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Take the news in at a calm pace."""
        changes = event.changes
        if not changes.initial:
            self.new_runs |= changes.new
        self._show_header(waiting=changes.waiting)
        if self._reloading is None:
            pause = _RELOAD_WHILE_READING_S if changes.waiting else _RELOAD_S
            self._reloading = self.set_timer(pause, self._reload_now)

    def _reload_now(self) -> None:
        self._reloading = None
        slow = (
            self.generation_shown < self._generation and self.session.clock.steady() < self.patience
        )
        if slow or self.query_one(FilterBox).has_class("-open"):
            self._reloading = self.set_timer(_RELOAD_S, self._reload_now)
            return
        self.reload()
        self.look_at(self.rested_on)

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        if not self.swept and event.status != "reading":
            self.swept = True
            self._show_empty()
            self.notice_undecided()
        self.tell_header(watch=event.status)

    def _show_header(self, waiting: int = 0) -> None:
        loaded = self.loaded
        if loaded is None:
            return
        table, view = loaded.table, self.view
        runs = plural(table.total, "run") + (f" of {loaded.tool}" if loaded.tool else "")
        facts = [runs]
        if loaded.refused:
            facts.append(_refused_words(view.filter, loaded.refused))
        elif view.filter:
            facts = [f"{count(table.matching)} of {runs}", f"/{view.filter}"]
        if view.archived:
            facts.insert(1, "archived")
        if loaded.wanted.view.marks:
            facts.append(_marked_words(loaded))
        if view.group:
            facts.append(f"by {', '.join(_group_word(column) for column in view.group)}")
        if loaded.folded:
            facts.append(f"{plural(loaded.folded, 'constant param')} folded")
        self.tell_header(
            facts=tuple(facts), new=len(self.new_runs), busy=self.reading_words(waiting)
        )
        self.keys_changed()

    def _show_empty(self) -> None:
        loaded = self.loaded
        empty = None
        if loaded is not None:
            empty = empty_for(
                self.session, self.view, loaded.table, loaded.refused, reading=not self.swept
            )
        self.set_class(empty is not None, "-empty")
        if self.focused is None:  # the table was hidden while it had the focus
            self.call_after_refresh(self.table.focus)
        if empty is not None:
            self.query_one("#empty", EmptyState).empty = empty

    # ------------------------------------------------------------ the cursor and the marks

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Draw the run the cursor came to rest on."""
        run = event.key if isinstance(event.key, int) else None
        if event.index > 0:
            self.following = False
        elif self.new_runs and not self.view.sort:  # the newest are at the top, and seen
            self.new_runs = frozenset()
            self.tell_header(new=0)
        self.rested_on = run
        self.look_at(run)
        self.keys_changed()

    def on_mark_pressed(self, event: MarkPressed) -> None:
        """Mark a run, or not any more."""
        if not isinstance(event.row.key, int):
            self.app.notify("A group cannot be marked; open it and mark its runs.", markup=False)
            return
        if isinstance(event.row.about, Known):
            self.change(marks=toggled(self.view, event.row.about.run_id).marks)

    def _show_marks(self) -> None:
        marks = self.marks()
        held = colors([mark.run_id for mark in marks], chart_theme(self.app), self._held_colors)
        shown = {mark.run: Cell(mark.letter, f"bold #{held[mark.run_id]:06x}") for mark in marks}
        baseline = self.loaded.context.baseline_run if self.loaded else None
        if baseline is not None and baseline not in shown:
            shown[baseline] = Cell("=", "accent bold")
        self.table.marks = shown  # type: ignore[assignment]

    # ------------------------------------------------------------ the table's keys

    def on_row_opened(self, event: RowOpened) -> None:
        """Open a run, or a group."""
        if isinstance(event.row.key, int):
            self.open_run(event.row.key)
            return
        group = str(event.row.key).removeprefix("group:")
        self.expanded = self.expanded ^ {group}
        self.reload()

    def open_run(self, run: int) -> None:
        """Show everything about a run."""
        from workbench.tui.run.screen import RunScreen  # noqa: PLC0415 - when asked for

        self.app.push_screen(RunScreen(self.session, run))

    def on_sort_pressed(self, event: SortPressed) -> None:
        """Sort by a column; numbers begin with the largest, unless small is good."""
        if self.loaded is None:
            return
        sheet = self.table.sheet
        goals = self.loaded.context.goals
        name = event.column.key.split(":")[1]
        metric = event.column.key.startswith("metric:")
        descending = (metric and goals.get(name) != "min") or name in ("started", "ended", "size")
        keys = next_sort(sheet.sort, event.column.key, turn=event.turn, descending=descending)
        self.change(sort=sorted_by(self.view, keys, self.loaded.columns).sort)

    def on_width_changed(self, event: WidthChanged) -> None:
        """Remember how wide a person wants a column."""
        widths = dict(self.view.widths) | {event.column.key: event.width}
        self.view = replace(self.view, widths=tuple(widths.items()))
        self.remember()

    def press_follow(self) -> None:
        """Jump to the newest run and stay with what comes."""
        self.following = True
        self._go_to_newest()

    def _go_to_newest(self) -> None:
        self.new_runs = frozenset()
        place = self.loaded.newest_at if self.loaded is not None else None
        self.table.move_to(place or 0)
        self.tell_header(new=0)

    def named(self, query: str) -> list[Named]:
        """Return the runs whose name holds what was typed, for the palette."""
        from workbench.catalogue.naming import find_by_name  # noqa: PLC0415 - when asked for

        return [
            Named("run", name, short_id(run_id), partial(self.open_run, run))
            for run, run_id, name in find_by_name(self.session.catalogue, query)
        ]


def _marked_words(loaded: Loaded) -> str:
    """Return how many runs are marked, and how many of those were deleted since."""
    marks = loaded.wanted.view.marks
    there = sum(run_id in loaded.marks for run_id in marks)
    gone = f", {count(len(marks) - there)} gone" if there < len(marks) else ""
    return f"{count(there)} marked{gone}"


def _refused_words(text: str, why: str) -> str:
    """Return what the header says of a filter that cannot be answered: the filter is kept short."""
    reason = f"{why[:1].lower()}{why[1:].removesuffix('.')}"
    return f"/{cut(text, _SHORT_FILTER)} cannot be answered: {reason}; Esc takes it off"


def _group_word(column: Any) -> str:
    return "all but the seed" if column.name == "recipe" else str(column.name)
