"""The rows of a dataset version or of a file, any number of them, in the windowed table."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.errors import FilterError, FormatError
from workbench.tui.cells import Cell
from workbench.tui.data.rows_cells import NUMBER_KEY
from workbench.tui.data.rows_doing import RowsDoing
from workbench.tui.data.rows_empty import empty_for
from workbench.tui.data.rows_filtering import RowsFiltering
from workbench.tui.data.rows_loader import Loaded, fetch, fetch_ahead, sorted_by
from workbench.tui.data.rows_reading import RowsReading
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import RowsMissed, RowsReady, ViewReady, WentWrong
from workbench.tui.offload import off_thread
from workbench.tui.toast import tell_error
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.tui.widgets.filter_box import FilterBox
from workbench.tui.widgets.table_messages import (
    CursorMoved,
    MarkPressed,
    PageWanted,
    RowOpened,
    SortPressed,
    WidthChanged,
)
from workbench.tui.widgets.table_values import SortKey, next_sort
from workbench.tui.widgets.windowed_table import WindowedTable
from workbench.words import count, plural, visible

_PROGRESS_S = 0.5
_ONLY = {"duplicates": "only duplicates", "nulls": "only nulls"}


class DataRowsScreen(RowsFiltering, RowsDoing, RowsReading):
    """Show rows of data."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("rows",)
    TITLE_WORDS: ClassVar[str] = "Rows"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("rows")]
    AUTO_FOCUS: ClassVar[str] = "#table"
    DEFAULT_CSS = """
    DataRowsScreen #table-pane { height: 1fr; }
    DataRowsScreen #empty { display: none; }
    DataRowsScreen.-empty #empty { display: block; }
    DataRowsScreen.-empty #table { display: none; }
    """

    def body(self) -> Iterable[Widget]:
        """Return the filter over the table."""
        yield FilterBox(id="filter", example="age > 60 and city = Berlin")
        with Vertical(id="table-pane", classes="pane"):
            yield WindowedTable(id="table")
            yield EmptyState(Empty(""), id="empty")

    def on_mount(self) -> None:
        """Open the files."""
        self.tell_header(
            crumbs=("Data", self.title_here, "rows"),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.table.focus()
        self.open()

    def key_context(self) -> Context:
        """Return what is possible now."""
        return Context(
            rows=self.loaded.view.rows if self.loaded else 0,
            selected=self.row_here is not None,
            marked=len(self.marked),
            read_only=self.session.why_not,
            sensitive=len(self.rows.sensitive) if self.rows else 0,
            value=bool(self.column_here),
        )

    def opened(self) -> None:
        """Say what the rows are of."""
        self.tell_header(crumbs=("Data", self.title_here, "rows"))

    def cannot_open(self, error: Exception) -> None:
        """Say in the middle of the screen why there are no rows."""
        self.failed = True
        self._show_empty(error)

    # ------------------------------------------------------------ what comes back

    def on_view_ready(self, event: ViewReady) -> None:
        """Show an answered look, unless a newer one was asked for."""
        loaded: Loaded = event.view
        if event.generation != self._generation:
            self._let_go(loaded)
            return
        self.end_errand()
        before, self.loaded = self.loaded, loaded
        here = self.row_here
        self.table.replace_view(
            loaded.sheet, loaded.pages, key=here.number if here else None, position=loaded.position,
            refit=before is not None and before.columns != loaded.columns,
            from_top=loaded.from_top,
        )  # fmt: skip
        if before is not None and before.view.table != loaded.view.table:
            self._let_go(before)
        self._show_empty(None)
        self._show_header()

    def _let_go(self, loaded: Loaded) -> None:
        rows = self.rows
        if rows is not None:
            off_thread(self, lambda: rows.forget(loaded.view), group=f"drop-{loaded.view.table}")

    def on_page_wanted(self, event: PageWanted) -> None:
        """Fetch rows that came into sight, and those that come next."""
        loaded, rows, start = self.loaded, self.rows, event.start
        if loaded is None or rows is None or event.generation != loaded.sheet.generation:
            return
        down = start >= self._last_wanted
        self._last_wanted = start

        def work() -> RowsReady:
            return RowsReady(fetch(rows, loaded.view, loaded.columns, start, event.generation))

        off_thread(
            self, work, group=f"page-{start}", wrong=partial(RowsMissed, start, event.generation)
        )
        off_thread(
            self, lambda: fetch_ahead(rows, loaded.view, loaded.columns, start, down=down),
            group="ahead", wrong=partial(RowsMissed, start, -1),
        )  # fmt: skip

    _last_wanted = 0

    def on_rows_ready(self, event: RowsReady) -> None:
        """Hand the rows to the table."""
        self.table.give(event.page)

    def on_rows_missed(self, event: RowsMissed) -> None:
        """Say why rows stay blank; they are asked for again when they are looked at again."""
        if event.generation < 0:  # fetched ahead: who looks there will be told
            return
        self.failed = True
        self.table.miss(event.start, event.generation)
        tell_error(self.app, "Read rows", event.error)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say what did not happen; the look is again the one that is shown."""
        event.stop()
        if self.arranging:
            self.stop_arranging()
        if isinstance(event.error, FilterError) and self.loaded is not None:
            self.refuse_filter(event.error)
            return
        self.failed = self.failed or isinstance(event.error, FormatError)
        if self.loaded is None:
            self._show_empty(event.error)
        tell_error(self.app, event.doing, event.error)

    def _show_header(self) -> None:
        loaded, rows = self.loaded, self.rows
        if loaded is None or rows is None:
            return
        look = loaded.wanted.look
        total = (
            plural(loaded.total, "row") if rows.complete else f"first {count(loaded.total)} rows"
        )
        narrowed = bool(loaded.view.table) and loaded.view.rows != loaded.total
        facts = ["≠ perhaps changed"] if rows.doubt else []
        facts += [f"{count(loaded.view.rows)} of {total}" if narrowed else total]
        facts += [f"/{look.filter}"] if look.filter else []
        facts += [_only_words(look.only, look.only_columns)] if look.only else []
        if len(loaded.columns) < len(rows.columns):
            facts.append(f"{count(len(loaded.columns))} of {plural(len(rows.columns), 'column')}")
        if rows.masked:
            facts.append(f"{plural(len(rows.masked), 'column')} masked")
        facts += [f"{count(len(self.marked))} marked"] if self.marked else []
        facts += [visible(f"{name} {value}") for name, value in rows.said]
        self.tell_header(facts=tuple(facts))
        self.keys_changed()

    def _show_empty(self, error: Exception | None) -> None:
        empty = empty_for(self.loaded, error)
        self.set_class(empty is not None, "-empty")
        if self.focused is None:  # the table was hidden while it had the focus
            self.call_after_refresh(self.table.focus)
        if empty is not None:
            self.query_one("#empty", EmptyState).empty = empty

    # ------------------------------------------------------------ the table

    def on_cursor_moved(self, _event: CursorMoved) -> None:
        """Look again at what is possible."""
        self.keys_changed()

    def on_mark_pressed(self, event: MarkPressed) -> None:
        """Mark a row for copying, or not any more."""
        if isinstance(event.row.key, int):
            self.marked = self.marked ^ {event.row.key}
            self.table.marks = {number: Cell("●", "accent bold") for number in self.marked}
            self._show_header()

    def on_row_opened(self, _event: RowOpened) -> None:
        """Show everything in a row."""
        from workbench.tui.data.record_screen import RecordScreen  # noqa: PLC0415 - when asked

        if self.rows is not None and self.loaded is not None:
            self.app.push_screen(
                RecordScreen(self.session, self.rows, self.loaded.view, self.table.cursor)
            )

    def on_sort_pressed(self, event: SortPressed) -> None:
        """Sort by a column, the smallest first; by their numbers the rows are as in the file."""
        if event.column.key == NUMBER_KEY:
            if self.look.sort:
                self.change(sort=())
            return
        asked = tuple(SortKey(*key) for key in self.look.sort)
        keys = next_sort(asked, event.column.key, turn=event.turn)
        self.change(sort=sorted_by(keys))

    def on_width_changed(self, event: WidthChanged) -> None:
        """Remember how wide a person wants a column."""
        self._widths[event.column.key] = event.width

    def press_back(self) -> None:
        """Stop what is under way, take filter and selection off, and then go back."""
        if self.arranging and self.loaded is not None:
            self.stop_arranging()
        elif self.look.filter:
            self.change(filter="")
        elif self.look.only:
            self.change(only="", only_columns=())
        else:
            self.dismiss(None)


def _only_words(only: str, columns: tuple[str, ...]) -> str:
    named = f" in {', '.join(columns[:3])}{' …' if len(columns) > 3 else ''}" if columns else ""  # noqa: PLR2004
    return f"{_ONLY[only]}{named}"
