"""Everything about one run: what it is, what it did, what it left behind."""

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize

from workbench.operations.session import Session
from workbench.tui.cells import cut
from workbench.tui.chart_pane import ChartPane
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context
from workbench.tui.messages import (
    CatalogueChanged,
    DetailReady,
    PreviewReady,
    TextReady,
    WatchStatusChanged,
)
from workbench.tui.offload import off_thread
from workbench.tui.parts import WIDE_FROM
from workbench.tui.run.files import FilesPane
from workbench.tui.run.loader import folder_of, look_into, open_run
from workbench.tui.run.page import RunPage
from workbench.tui.toast import tell
from workbench.tui.whole import WholeScreen
from workbench.tui.widgets.chart_view import ChartView
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.tui.widgets.tree import ValueTree

_LIVE_EVERY_S = 2.0


class RunScreen(RunPage):
    """The page of a run: it follows the news, opens what is in it, and answers the keys."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("run")]

    def __init__(self, session: Session, run: int, *, part: str = "") -> None:
        super().__init__(session, run, part=part)
        self._gone = False

    def on_mount(self) -> None:
        """Fetch the run; look again while it runs."""
        self.tell_header(
            crumbs=("Runs", "…"),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.query_one("#family").display = False
        self.reload()
        self.set_interval(_LIVE_EVERY_S, self._look_again)

    def key_context(self) -> Context:
        """Return what is possible now."""
        focused = self.focused
        detail = self.opened.detail if self.opened else None
        return Context(
            rows=focused.sheet.count if isinstance(focused, ListTable) else 0,
            selected=detail is not None,
            read_only=self.session.why_not,
            undoable=bool(self.opened and self.opened.undoable),
            metrics=len(detail.record.metrics) if detail else 0,
            archived=bool(detail and detail.record.archived),
            diff=bool(detail and detail.diff),
        )

    # ------------------------------------------------------------ news

    def reload(self) -> None:
        """Fetch the run again."""
        session, run = self.session, self.run

        def work() -> DetailReady:
            return DetailReady(run, open_run(session, run))

        off_thread(self, work, group="detail", doing="Show the run")

    def _look_again(self) -> None:
        live = self.opened is not None and self.opened.detail.record.status == "RUNNING"
        if live and not self._gone:
            self.reload()

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the run again if it is among what changed."""
        changes = event.changes
        if self.run in changes.gone:
            self._gone = True
            self.tell_header(facts=("no longer in its folder; shown as it was",))
        elif self.run in changes.changed | changes.new or changes.edits or changes.faults:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    # ------------------------------------------------------------ opening things

    def on_resize(self, _event: Resize) -> None:
        """Put the preview beside the list where there is room."""
        self.query_one(FilesPane).set_class(self.size.width >= WIDE_FROM, "-beside")

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Look into the file the cursor came to rest on."""
        if event.table.id == "files-list" and event.key is not None:
            self._look_into(str(event.key))

    def _look_into(self, path: str) -> None:
        pane = self.query_one(FilesPane)
        pane.path = path
        session, run, room = self.session, self.run, pane.room

        def work() -> PreviewReady:
            shown = look_into(session, run, path, room)
            return PreviewReady(path, shown)

        off_thread(self, work, group="preview", about=path, doing="Look into the file")

    def on_preview_ready(self, event: PreviewReady) -> None:
        """Show what the file holds."""
        self.query_one(FilesPane).show(event.preview)

    def on_drawing_wanted(self) -> None:
        """Draw the picture for the room there is now."""
        pane = self.query_one(FilesPane)
        if pane.path:
            self._look_into(pane.path)

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the run, the chart, the preview or the whole text."""
        table, key = event.table.id, event.row.key
        if table == "family" and isinstance(key, int):
            self._open_relative(key)
        elif table == "metrics-list":
            self._open_chart(str(key))
        elif table == "files-list":
            self.go_to("files", "preview")
        elif table == "faults-list" and isinstance(key, tuple):
            path, reason = str(key[0]), event.row.cells[-1].text
            self.app.push_screen(WholeScreen("Fault", f"{path}\n\n{reason}"))

    def _open_relative(self, run: int) -> None:
        below = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if isinstance(below, RunScreen) and below.run == run:
            self.dismiss(None)
        else:
            self.app.push_screen(RunScreen(self.session, run))

    def _open_chart(self, metric: str) -> None:
        pane = self.query_one("#chart-pane", ChartPane)
        pane.settings = replace(pane.settings, metric=metric)
        self.go_to("charts")

    # ------------------------------------------------------------ keys

    def press_diff(self) -> None:
        """Show the uncommitted changes."""
        self.go_to("git")

    def press_chart_columns(self) -> None:
        """Change how many charts stand side by side."""
        self.query_one("#chart-pane", ChartPane).cycle_columns()

    def press_chart_table(self) -> None:
        """Show the values of the first chart, or the charts again."""
        self.query_one("#chart-pane", ChartPane).press_chart_table()
        self.go_to("charts")

    def press_copy(self) -> None:
        """Copy what is in focus: a cell, a value, a file's path, a text; else the run's id."""
        text = self._in_focus()
        if text:
            self.app.copy_to_clipboard(text)
            tell(self.app, f"Copied {cut(text.strip().partition(chr(10))[0], 60)}")

    def press_copy_path(self) -> None:
        """Copy the path of the run's folder."""
        if self.opened is not None:
            self.app.copy_to_clipboard(str(self.opened.detail.folder))
            tell(self.app, f"Copied {self.opened.detail.folder}")

    def _in_focus(self) -> str:
        if self.opened is None:
            return ""
        record, focused = self.opened.detail.record, self.focused
        if isinstance(focused, ValueTree):
            node = focused.cursor_node
            return str(node.data or "") if node else ""
        if isinstance(focused, ListTable):
            return self._cell_in_focus(focused)
        if isinstance(focused, ChartView) or focused is None or focused.id == "facts":
            return record.run_id
        if focused.id == "git-text":
            return self.opened.detail.diff or record.commit or ""
        if focused.id == "console-text":
            return self.opened.detail.console
        return focused.text() if isinstance(focused, Lines) else record.run_id

    def _cell_in_focus(self, table: ListTable) -> str:
        entry, cell = table.entry, table.cursor_cell
        if table.id == "files-list" and entry is not None:
            session, run, path = self.session, self.run, str(entry.key)
            off_thread(
                self,
                lambda: TextReady(folder_of(session, run, path)),
                group="copy",
                doing="Copy the path",
            )
            return ""
        return cell.text if cell is not None else ""
