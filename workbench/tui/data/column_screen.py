"""A column's page: how it is spread, its facts, its values, and what it was in other versions."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.widget import Widget

from workbench.operations.datasets import summary
from workbench.operations.datasets.names import Ref
from workbench.operations.sections import Section
from workbench.operations.session import Session
from workbench.tui.cells import Cell
from workbench.tui.data.acting import DataActing
from workbench.tui.data.column_lines import nameless, page_lines
from workbench.tui.data.desk import DataTarget
from workbench.tui.data.loader import ColumnPage, load_column
from workbench.tui.data.over import OVER, VALUES, over_entries, value_entries, value_filter
from workbench.tui.data.shape_table import table_lines
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import CatalogueChanged, CurvesReady, PageReady, WatchStatusChanged
from workbench.tui.offload import off_thread
from workbench.tui.parts import Part, PartsScreen, Tab
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted, chart_theme
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.words import count, plural

_AROUND = 4
"""Lines of a chart of bars that are no bars."""
_LIST_HEADS, _LEAST_LISTS = 2, 4
"""Lines of a list that are its title and its heads; lines of one with nothing in it."""


class ShapeView(ChartView, inherit_bindings=False):
    """The drawing of one column."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = []


class ColumnScreen(PartsScreen, DataActing):
    """Show one column of one version."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("column",)
    TITLE_WORDS: ClassVar[str] = "Column"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("column")]
    PARTS = (
        Part("shape", "Shape", ("shape-view", "shape-table")),
        Part("facts", "Facts", ("facts-lines",)),
        Part("values", "Values", ("values-list",), narrows=True),
        Part("over", "Over versions", ("over-list",)),
    )
    GROUPS = (("shape", "facts", "values", "over"),)
    DEFAULT_CSS = """
    ColumnScreen #parts.-group-0 { grid-size: 2 2; grid-columns: 5fr 4fr; grid-rows: 1fr 1fr; }
    ColumnScreen #facts-lines, ColumnScreen #shape-table { padding: 0 1; }
    ColumnScreen #shape-table { display: none; }
    """

    def __init__(
        self, session: Session, name: str, version: int | None = None, column: str = ""
    ) -> None:
        super().__init__()
        self.session = session
        self.name_of = name
        self.column = column
        self.version = version
        self._loaded: ColumnPage | None = None
        self.unmasked = False
        self._log = False
        self._clip = False

    @property
    def page(self) -> ColumnPage | None:
        """Return what is shown, masked unless somebody asked."""
        return self._loaded.seen(unmasked=self.unmasked) if self._loaded is not None else None

    def panes(self) -> Iterable[Widget]:
        """Return the drawing, the facts, the values and the versions."""
        with Vertical(id="shape", classes="pane"):
            yield Rule((Cell("Shape", "bold"),), id="shape-rule")
            yield ShapeView(id="shape-view")
            yield Lines(id="shape-table")
        with Vertical(id="facts", classes="pane"):
            yield Rule((Cell("Facts", "bold"),))
            yield Lines(id="facts-lines")
        with Vertical(id="values", classes="pane"):
            yield Rule((Cell("Values", "bold"),), id="values-rule")
            yield ListTable(id="values-list")
        with Vertical(id="over", classes="pane"):
            yield Rule((Cell("Over versions", "bold"),))
            yield ListTable(id="over-list")

    def on_mount(self) -> None:
        """Fetch the column."""
        self.tell_header(
            crumbs=("Data", self.name_of, self.column),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.reload()

    def target(self) -> DataTarget:
        """Return the column on the screen."""
        return DataTarget(self.name_of, self.version, self.column)

    def key_context(self) -> Context:
        """Return what is possible now."""
        page = self.page
        table = self.focused if isinstance(self.focused, ListTable) else None
        return Context(
            rows=table.sheet.count if table else 0,
            selected=table.entry is not None if table else page is not None,
            read_only=self.session.why_not,
            undoable=self.session.writable,
            metrics=1 if page is not None and page.column is not None else 0,
            dataset=page is not None,
            columns=len(page.names) if page else 0,
            sensitive=1 if page is not None and page.row.hidden else 0,
            axis=page is not None and page.axis,
        )

    def page_text(self) -> tuple[str, tuple[Section, ...]] | None:
        """Return everything known about the column."""
        page = self.page
        if page is None or page.column is None or page.page.profile is None:
            return None
        name = f"{self.name_of}-v{page.page.version}-{page.name}"
        return name, summary.column_sections(page.column, page.page.profile, unmask=self.unmasked)

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Fetch the column again."""
        session, name, version, column = self.session, self.name_of, self.version, self.column
        self.read(
            lambda: PageReady(load_column(session, name, version, column)),
            group="column", about=(version, column), doing=f"Show {column}",
        )  # fmt: skip

    def on_page_ready(self, event: PageReady) -> None:
        """Show the column."""
        self.was_read()
        other = self.page is None or self.page.name != event.page.name
        self._loaded = event.page
        self.version = event.page.page.version
        self._show()
        if other:
            self.query_one("#facts-lines", Lines).scroll_home(animate=False)

    def _show(self) -> None:
        page = self.page
        if page is None:
            return
        unmasked = self.unmasked
        self.query_one("#facts-lines", Lines).draw = lambda width: page_lines(
            page, width, unmasked=unmasked
        )
        self._show_values(page)
        self.query_one("#over-list", ListTable).show(
            OVER, over_entries(page.over, page.page.now, unmasked=unmasked),
            words="No version was read.",
        )  # fmt: skip
        self._want()
        self._share_out()
        self._tell(page)

    def _show_values(self, page: ColumnPage) -> None:
        typed = self.narrowed.get("values", "")
        column = page.column
        top, other = (column.top, column.other) if column is not None else ((), 0)
        hidden = page.row.hidden and not self.unmasked
        found = value_entries(top, other, hidden=hidden, typed=typed)
        words = f"No stored value holds {typed}. Esc shows all." if typed else "None is stored."
        self.query_one("#values-list", ListTable).show(VALUES, found, words=words)
        end = "hidden: M shows them" if hidden and top else ""
        self.query_one("#values-rule", Rule).end = (Cell(end, "dim"),) if end else ()

    def _tell(self, page: ColumnPage) -> None:
        whole = page.page
        facts = (
            f"{count(page.row.place)} of {plural(len(page.names), 'column')}",
            *page.row.uses,
        )
        self.tell_header(crumbs=("Data", f"{whole.name} v{whole.version}", page.name), facts=facts)
        values = len(page.column.top) if page.column is not None else 0
        self.tell_tabs([
            Tab("shape", "Shape"), Tab("facts", "Facts"),
            Tab("values", "Values", count(values) if values else ""),
            Tab("over", "Over versions", count(len(page.over))),
        ])  # fmt: skip
        self.keys_changed()

    def on_resize(self, _event: Resize) -> None:
        """Give each part its lines in the new size."""
        self._share_out()

    def _share_out(self) -> None:
        """Give the lists below no more lines than they fill: the facts above need them."""
        lists = self.query("#values-list, #over-list").results(ListTable)
        needed = max(table.sheet.count for table in lists) + _LIST_HEADS
        box = self.query_one("#parts")
        box.styles.grid_rows = f"1fr {max(_LEAST_LISTS, min(needed, box.size.height // 2))}"

    # ------------------------------------------------------------ the drawing

    def _want(self) -> None:
        self.query_one(ShapeView).want()
        page, unmasked, clip = self.page, self.unmasked, self._clip
        if page is not None:
            self.query_one("#shape-table", Lines).draw = lambda width: table_lines(
                page, width, unmasked=unmasked, clip=clip
            )

    @on(DrawingWanted)
    def _draw(self, event: DrawingWanted) -> None:
        """Have the column drawn in the size there is."""
        event.stop()
        page, view = self.page, self.query_one(ShapeView)
        if page is None:
            return
        if page.column is None:
            view.words = page.page.fault or "There is no profile."
            return
        view.words = ""
        column = page.column
        shown = nameless(column) if page.row.hidden and not self.unmasked else column
        log, clip, theme = self._log, self._clip, chart_theme(self.app)
        size = (event.width, event.height)

        def work() -> CurvesReady:
            from workbench.charts.figure_canvas import draw_figure  # noqa: PLC0415 - when drawn
            from workbench.charts.profiled import Look, profiled  # noqa: PLC0415

            figure = profiled(
                shown, rows=max(1, size[1] - _AROUND), look=Look(log, clip), theme=theme
            )
            made = draw_figure(figure, width=size[0], height=size[1], theme=theme)
            return CurvesReady("shape", made, size)

        off_thread(self, work, group="shape", about=(page.name, size), doing="Draw")

    def on_curves_ready(self, event: CurvesReady) -> None:
        """Show the drawing."""
        self.query_one(ShapeView).drawing = event.drawing

    def press_column_log(self) -> None:
        """Turn the logarithmic axis of counts on or off."""
        self._log = not self._log
        self._want()

    def press_column_clip(self) -> None:
        """Leave the outermost hundredths out, or let them in."""
        self._clip = not self._clip
        self._want()

    def press_chart_table(self) -> None:
        """Show the drawing as a table, or the table as a drawing."""
        view, table = self.query_one(ShapeView), self.query_one("#shape-table", Lines)
        focused = self.focused in (view, table)
        view.display = not view.display
        table.display = not view.display
        if focused:
            self.go_to("shape")

    # ------------------------------------------------------------ keys

    def press_column_next(self) -> None:
        """Show the next column of the version."""
        self._step_column(1)

    def press_column_previous(self) -> None:
        """Show the column before."""
        self._step_column(-1)

    def _step_column(self, by: int) -> None:
        if self.page is None:
            return
        names = self.page.names
        self.column = names[(names.index(self.column) + by) % len(names)]
        self.reload()

    def press_unmask(self) -> None:
        """Show values of a sensitive column on this screen, or hide them again."""
        self.unmasked = not self.unmasked
        self._show()

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - read from `narrowed`
        """Show only values that hold the letters typed."""
        if self.page is not None:
            self._show_values(self.page)

    def on_row_opened(self, event: RowOpened) -> None:
        """Show the column as it was in that version, or the rows that have that value."""
        page, key = self.page, event.row.key
        if page is None or not isinstance(key, int):
            return
        if event.table.id == "over-list":
            self.version = key
            self.reload()
        elif page.column is not None and key < len(page.column.top):
            self._open_rows(page, page.column.top[key][0])

    def _open_rows(self, page: ColumnPage, value: str) -> None:
        """Show the rows with a value, unless it is hidden or cannot be asked for."""
        hidden = page.row.hidden and not self.unmasked
        wanted = "" if hidden or page.column is None else value_filter(page.column, value)
        if not wanted:
            tell(self.app, f"No filter can ask for this value of {page.name}; v shows all rows.")
            return
        ref = str(Ref(self.name_of, page.page.version))
        self.app.push_screen(screen_of("rows", self.session, ref, filter=wanted))

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Look again at what is possible."""
        event.stop()
        self.keys_changed()

    def press_back(self) -> None:
        """Go back to the columns, on the one that was looked at last."""
        if self.narrowed.get(self.part) or self._zoomed:
            super().press_back()
        else:
            self.dismiss(self.column)

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the column again when its dataset changed."""
        changes = event.changes
        if self.name_of in changes.datasets or changes.edits:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)
