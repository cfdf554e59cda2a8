"""A dataset's page: its versions, the columns of one of them, and everything known about it."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.operations.datasets import version as versions
from workbench.operations.sections import Section
from workbench.operations.session import Session
from workbench.tui.cells import Cell, cut
from workbench.tui.data.acting import DataActing
from workbench.tui.data.column_lines import column_lines
from workbench.tui.data.columns import COLUMNS, ColumnRow, entries
from workbench.tui.data.desk import DataTarget
from workbench.tui.data.loader import DatasetPage, load_standing
from workbench.tui.data.summary import about_lines
from workbench.tui.data.versions import VERSIONS, version_entries
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import CatalogueChanged, DatasetReady, WatchStatusChanged, WentWrong
from workbench.tui.parts import Part, PartsScreen, Tab
from workbench.tui.routes import screen_of
from workbench.tui.toast import error_text, tell
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.words import count, plural

if TYPE_CHECKING:
    from textual.timer import Timer

_AGES_EVERY_S = 60.0
_LOOK_S = 0.08
"""The cursor rests for so long before the version under it is read."""
_MOST_VERSIONS = 4
_TALL, _MORE_VERSIONS = 40, 12
"""Lines of the screen from which on more versions are in sight at once."""


class DatasetScreen(PartsScreen, DataActing):
    """Show one dataset."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("dataset",)
    TITLE_WORDS: ClassVar[str] = "Dataset"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dataset")]
    PARTS = (
        Part("columns", "Columns", ("columns-list", "versions-list"), narrows=True),
        Part("column", "Column", ("column-facts",)),
        Part("version", "Version", ("version-facts",)),
    )
    GROUPS = (("columns", "column"), ("columns", "version"))
    DEFAULT_CSS = """
    DatasetScreen #parts.-group-0, DatasetScreen #parts.-group-1 {
        grid-size: 2 1; grid-columns: 5fr 3fr;
    }
    DatasetScreen #parts.-single > .pane > .inner { display: block; }
    DatasetScreen #column-facts, DatasetScreen #version-facts { padding: 0 1; }
    """

    def __init__(self, session: Session, name: str, version: int | None = None) -> None:
        super().__init__()
        self.session = session
        self.name_of = name
        self._loaded: DatasetPage | None = None
        self.unmasked = False
        self._asked = version
        """The version to show; None for the newest. What arrives while somebody looks is listed."""
        self._rest: Timer | None = None

    @property
    def page(self) -> DatasetPage | None:
        """Return what is shown, masked unless somebody asked."""
        return self._loaded.seen(unmasked=self.unmasked) if self._loaded is not None else None

    def panes(self) -> Iterable[Widget]:
        """Return the lists, and beside them what the cursor is on."""
        with Vertical(id="columns", classes="pane"):
            yield Rule((Cell("Versions", "bold"),), id="versions-rule").add_class("inner")
            yield ListTable(id="versions-list")
            yield Rule((Cell("Columns", "bold"),), id="columns-rule").add_class("inner")
            yield ListTable("Reading …", id="columns-list")
        with Vertical(id="column", classes="pane"):
            yield Rule((Cell("Column", "bold"),), id="column-rule")
            yield Lines(id="column-facts")
        with Vertical(id="version", classes="pane"):
            yield Rule((Cell("Version", "bold"),), id="version-rule")
            yield Lines(id="version-facts")

    def on_mount(self) -> None:
        """Fetch the dataset."""
        self.tell_header(
            crumbs=("Data", self.name_of),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.set_interval(_AGES_EVERY_S, self.grow_older)
        self.reload()

    def grow_older(self) -> None:
        """Show ages as they are now; nothing is read and nothing moves."""
        if self._loaded is not None:
            self._loaded = self._loaded._replace(now=self.session.clock.now())
            self._show()

    # ------------------------------------------------------------ what is where

    def _table(self, name: str) -> ListTable:
        return self.query_one(f"#{name}-list", ListTable)

    @property
    def column_here(self) -> ColumnRow | None:
        """Return the column under the cursor."""
        entry = self._table("columns").entry
        if self.page is None or entry is None:
            return None
        return next((row for row in self.page.columns if row.facts.name == entry.key), None)

    @property
    def version_here(self) -> int | None:
        """Return the version under the cursor."""
        entry = self._table("versions").entry
        return entry.key if entry is not None and isinstance(entry.key, int) else None

    def target(self) -> DataTarget | None:
        """Return the version on the screen, and its column where the focus is on columns.

        The screen is asked where the focus is: a list learns only later that it came or went,
        and the footer looks at once.
        """
        page, column = self.page, self.column_here
        if page is None:
            return None
        named = column.facts.name if column and self.focused is self._table("columns") else ""
        archived = page.line is not None and page.line.archived
        return DataTarget(page.name, page.version, named, archived=archived)

    def key_context(self) -> Context:
        """Return what is possible now."""
        page = self.page
        table = self.focused if isinstance(self.focused, ListTable) else None
        return Context(
            rows=table.sheet.count if table else 0,
            selected=table.entry is not None or table.waits if table else page is not None,
            read_only=self.session.why_not,
            undoable=self.session.writable,
            dataset=page is not None,
            versions=len(page.versions) if page else 0,
            columns=len(page.columns) if page else 0,
            sensitive=sum(row.hidden for row in page.columns) if page else 0,
        )

    def page_text(self) -> tuple[str, tuple[Section, ...]] | None:
        """Return everything known about the version."""
        found = self.page.detail if self.page is not None else None
        if found is None:
            return None
        name = f"{found.manifest.dataset}-v{found.manifest.version}"
        return name, versions.sections(found)

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Fetch the dataset again."""
        session, name, version = self.session, self.name_of, self._asked
        self.read(
            lambda: DatasetReady(name, load_standing(session, name, version)),
            group="dataset", about=version, doing=f"Show {name}",
        )  # fmt: skip

    def on_dataset_ready(self, event: DatasetReady) -> None:
        """Show the dataset; nothing that a person looks at moves."""
        self.was_read()
        other = self.page is None or self.page.version != event.page.version
        if self._asked is not None and event.page.version not in (self._asked, None):
            tell(self.app, f"v{self._asked} is not there any more.")
        self._loaded = event.page
        self._asked = event.page.version
        self._show()
        if other:
            self._table("versions").go_to(event.page.version or 0)
            self.query_one("#version-facts", Lines).scroll_home(animate=False)

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say it in the middle of the page too, where nothing else can be shown."""
        if self.page is None:
            self._table("columns").show(COLUMNS, (), words=error_text(event.error))

    def _show(self) -> None:
        page = self.page
        if page is None:
            return
        versions = self._table("versions")
        versions.show(VERSIONS, version_entries(page.versions, page.now))
        versions.styles.height = min(len(page.versions), self._most_versions) + 1
        typed = self.narrowed.get("columns", "")
        empty = f"No column holds {typed}. Esc shows all." if typed else page.fault
        found = entries(page.columns, typed, unmasked=self.unmasked)
        self._table("columns").show(COLUMNS, found, words=empty or "It has no columns.")
        self._show_facts(page)
        self._tell(page, typed)

    @property
    def _most_versions(self) -> int:
        return _MORE_VERSIONS if self.size.height >= _TALL else _MOST_VERSIONS

    def _show_facts(self, page: DatasetPage) -> None:
        self.query_one("#version-facts", Lines).draw = lambda width: about_lines(page, width)
        self._show_column()

    def _show_column(self) -> None:
        page, row = self.page, self.column_here
        facts = self.query_one("#column-facts", Lines)
        if page is None or row is None:
            facts.show(())
            return
        unmasked = self.unmasked
        facts.draw = lambda width: column_lines(page, row, width, unmasked=unmasked)

    def _tell(self, page: DatasetPage, typed: str) -> None:
        newer = page.versions[0].number if page.versions else 0
        facts = [f"v{newer} is newer"] if newer > (page.version or newer) else []
        facts += [plural(len(page.versions), "version"), plural(len(page.columns), "column")]
        shown = f"v{page.version}" if page.version else ""
        rows = page.detail.manifest.rows if page.detail is not None else None
        facts += [] if rows is None else [plural(rows, "row")]
        facts += list(page.line.flags) if page.line is not None else []
        self.tell_header(
            crumbs=("Data", f"{page.name} {shown}".strip()), facts=tuple(dict.fromkeys(facts))
        )
        self._tell_parts(page, typed, shown)

    def _tell_parts(self, page: DatasetPage, typed: str, shown: str) -> None:
        row = self.column_here
        named = f"Column {cut(row.facts.name, 24)}" if row else "Column"
        badge = f"/{cut(typed, 12)}" if typed else count(len(page.columns))
        self.tell_tabs([
            Tab("columns", "Columns", badge), Tab("column", named),
            Tab("version", f"Version {shown}".strip()),
        ])  # fmt: skip
        rule = self.query_one("#columns-rule", Rule)
        rule.title = (Cell("Columns", "bold"), Cell(f" of {shown}" if shown else "", "dim"))
        rule.end = (Cell(cut(page.fault, 60), "bad"),) if page.fault else ()
        whole = f"Column {row.facts.name}" if row else "Column"
        self.query_one("#column-rule", Rule).title = (Cell(whole, "bold"),)
        version = self.query_one("#version-rule", Rule)
        version.title = (Cell(f"Version {shown}".strip(), "bold"),)
        self.keys_changed()

    # ------------------------------------------------------------ where the cursor is

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show the column under the cursor, or the version it rests on."""
        event.stop()
        if event.table.id == "columns-list" and self.page is not None:
            self._show_column()
            self._tell(self.page, self.narrowed.get("columns", ""))
        elif event.table.id == "versions-list" and self.focused is event.table:
            self._look_soon()
        self.keys_changed()

    def _look_soon(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_LOOK_S, self._look_at)

    def _look_at(self) -> None:
        """Read the version the cursor rests on."""
        wanted = self.version_here
        if wanted is not None and self.page is not None and wanted != self.page.version:
            self._asked = wanted
            self.reload()

    def on_row_opened(self, event: RowOpened) -> None:
        """Open the column; go from a version to its columns."""
        page, key = self.page, event.row.key
        if page is None:
            return
        if event.table.id == "versions-list":
            self._look_at()
            self.go_to("columns", "columns-list")
        else:
            self._open_column(page, str(key))

    def _open_column(self, page: DatasetPage, name: str) -> None:
        screen = screen_of("column", self.session, page.name, page.version, name)
        self.app.push_screen(screen, partial(self._came_back, page.version))

    def _came_back(self, version: int | None, column: str | None) -> None:
        """Stand on the column that was looked at last."""
        if column and self.page is not None and self.page.version == version:
            self._table("columns").go_to(column)

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the dataset again when it changed."""
        changes = event.changes
        if self.name_of in changes.datasets or changes.faults or changes.edits:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def show_newest(self) -> None:
        """Go to the newest version: it was registered from here."""
        self._asked = None

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - read from `narrowed`
        """Show only columns that hold the letters typed."""
        self._show()

    def press_unmask(self) -> None:
        """Show values of sensitive columns on this screen, or hide them again."""
        self.unmasked = not self.unmasked
        self._show()
