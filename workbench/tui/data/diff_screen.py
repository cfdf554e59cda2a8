"""What changed between two versions of a dataset: columns, values, rows cell by cell."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.widget import Widget

from workbench.operations.datasets.diff_sections import overview
from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line, visible
from workbench.tui.data.diff_lines import CHANGES, DELTAS, change_entries, delta_entries
from workbench.tui.data.rows_reading import Progress
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import Finished, PageReady, WatchStatusChanged, WentWrong
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets
from workbench.tui.parts import Part, PartsScreen, Tab
from workbench.tui.registry.section_lines import sections_lines
from workbench.tui.toast import tell, tell_error
from workbench.tui.whole import WholeScreen
from workbench.tui.widgets.lines import Lines, Rule
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.table_messages import RowOpened
from workbench.words import count

if TYPE_CHECKING:
    from workbench.datasets.diffing import Delta
    from workbench.operations.datasets.diff import Difference

_TELL_S = 0.5


class DataDiffScreen(PartsScreen):
    """Show how one version, or file, differs from another."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("data-diff",)
    TITLE_WORDS: ClassVar[str] = "Two versions"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data-diff")]
    PARTS = (
        Part("overview", "Overview", ("overview-lines",)),
        Part("deltas", "Columns", ("deltas-list",), narrows=True),
        Part("changes", "Rows", ("changes-list",)),
    )
    GROUPS = (("overview", "deltas"), ("changes",))
    DEFAULT_CSS = """
    DataDiffScreen #parts.-group-0 { grid-size: 2 1; grid-columns: 1fr 1fr; }
    DataDiffScreen #overview-lines { padding: 0 1; }
    """

    def __init__(self, session: Session, was: str, now: str) -> None:
        super().__init__()
        self.session = session
        self._asked = (was, now)
        self._found: Difference | None = None
        self._progress = Progress(session, f"{was} → {now}")

    def panes(self) -> Iterable[Widget]:
        """Return what changed as a whole, by column, and by row."""
        with Vertical(id="overview", classes="pane"):
            yield Rule((Cell("Overview", "bold"),))
            yield Lines(lambda _width: [(Cell("Comparing …", "dim"),)], id="overview-lines")
        with Vertical(id="deltas", classes="pane"):
            yield Rule(
                (Cell("Columns, by change", "bold"),),
                end=(Cell("↵", "bold key"), Cell(" says more", "dim")),
            )
            yield ListTable("Comparing …", id="deltas-list")
        with Vertical(id="changes", classes="pane"):
            yield Rule((Cell("Rows", "bold"),))
            yield ListTable("Comparing …", id="changes-list")

    def on_mount(self) -> None:
        """Compare the two."""
        was, now = self._asked
        self.tell_header(crumbs=("Data", f"{was} → {now}"), watch=self.watch_below())
        session, progress = self.session, self._progress
        off_thread(
            self, lambda: PageReady(compared(session, was, now, progress)),
            group="data diff", doing="Compare",
        )  # fmt: skip
        self._telling = self.set_interval(_TELL_S, self._tell_far)

    def on_unmount(self) -> None:
        """Let the comparing end; nobody looks at it any more."""
        self._progress.leave()

    def _tell_far(self) -> None:
        self.tell_header(busy=self._progress.words())

    def _settle(self) -> None:
        self._telling.stop()
        self.tell_header(busy="")

    def on_page_ready(self, event: PageReady) -> None:
        """Show what changed."""
        self._settle()
        found = self._found = event.page
        self.query_one("#overview-lines", Lines).draw = partial(_overview_lines, found)
        self.narrow("deltas", "")
        changes = change_entries(found.rows)
        empty = found.why_no_rows or "No row was added, removed or changed."
        self.query_one("#changes-list", ListTable).show(CHANGES, changes, words=empty)
        moved = sum(1 for one in found.deltas if one.size and not one.chance)
        self.tell_tabs([
            Tab("overview", "Overview"), Tab("deltas", "Columns", count(moved)),
            Tab("changes", "Rows", count(_touched(found))),
        ])  # fmt: skip
        self.keys_changed()

    def narrow(self, part: str, text: str) -> None:  # noqa: ARG002 - only one part narrows
        """Show only columns that hold the letters typed."""
        found = self._found
        if found is None:
            return
        empty = f"No column holds {text}. Esc shows all." if text else found.why_no_deltas
        entries = delta_entries(found.deltas, text)
        table = self.query_one("#deltas-list", ListTable)
        table.show(DELTAS, entries, words=empty or "No column is in both.")

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say why there is nothing to see."""
        event.stop()
        said = tell_error(self.app, event.doing, event.error)
        if event.doing != "Compare":
            return
        self._settle()
        self._progress.end("failed", said)
        self.query_one("#overview-lines", Lines).draw = lambda width: bullets([said], "bad", width)
        for name, columns in (("deltas", DELTAS), ("changes", CHANGES)):
            self.query_one(f"#{name}-list", ListTable).show(columns, [], words=said)

    def key_context(self) -> Context:
        """Return what is possible now."""
        table = self.focused if isinstance(self.focused, ListTable) else None
        entry = table.entry if table is not None else None
        rows = table.sheet.count if table else 0
        return Context(rows=rows, selected=entry is not None)

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_row_opened(self, event: RowOpened) -> None:
        """Show a line that is cut off whole; of a column every measure, explained."""
        if self._found is None:
            return
        if event.table.id == "deltas-list":
            self._explain(str(event.row.key), self._found.deltas)
            return
        heads = (column.title for column in event.table.sheet.columns)
        named = zip(heads, event.row.cells, strict=True)
        text = "\n\n".join(f"{head}: {cell.text}" for head, cell in named if cell.text)
        self.app.push_screen(WholeScreen("Row", text))

    def _explain(self, column: str, deltas: "Sequence[Delta]") -> None:
        from workbench.operations.datasets.delta_words import explained  # noqa: PLC0415 - if asked

        delta = next((one for one in deltas if one.column == column), None)
        if delta is not None:
            self.app.push_screen(WholeScreen(visible(column), explained(delta)))

    def press_copy(self) -> None:
        """Copy the cell under the cursor, or the page."""
        focused = self.focused
        cell = focused.cursor_cell if isinstance(focused, ListTable) else None
        text = cell.text if cell else self.query_one("#overview-lines", Lines).text()
        self.app.copy_to_clipboard(text)
        tell(self.app, f"Copied {cell.text}" if cell else "Copied the page.")

    def press_export(self) -> None:
        """Write everything that changed as JSON."""
        if self._found is None:
            tell(self.app, "It is still being compared.")
            return
        work = partial(write_difference, self.session, self._found)
        off_thread(self, lambda: Finished(f"Wrote {work()}"), doing="Export")

    def on_finished(self, event: Finished) -> None:
        """Say where it is."""
        event.stop()
        tell(self.app, event.words)

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def compared(session: Session, was: str, now: str, progress: Progress) -> "Difference":
    """Return what changed; nobody waits for what nobody looks at any more.

    Raises:
        NotFoundError: One of the two is not there.
        StoppedError: It was left or cancelled.
    """
    from workbench.operations.datasets.diff import diff  # noqa: PLC0415 - when asked for

    found = diff(session, was, now, on_rows=progress.far, stopped=lambda: progress.stopped)
    progress.end()
    return found


def write_difference(session: Session, found: "Difference") -> str:
    """Write what changed as JSON into the current folder; return where it is."""
    from workbench.operations.datasets.diff_forms import as_json  # noqa: PLC0415 - when asked for
    from workbench.operations.taking_along import write_page  # noqa: PLC0415

    name = f"{found.a.title}-{found.b.title}-diff"
    return str(write_page(session, name, as_json(found).splitlines(), "json"))


def _touched(found: "Difference") -> int:
    rows = found.rows
    return rows.added + rows.removed + rows.changed if rows is not None else 0


def _overview_lines(found: "Difference", width: int) -> list[Line]:
    return sections_lines(overview(found), width)[1:]
