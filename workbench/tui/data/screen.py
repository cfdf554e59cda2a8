"""The data screen: every dataset, its newest version, and what about it asks for somebody."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from workbench.operations.datasets.listing import FLAGS, WORRYING, DatasetLine
from workbench.operations.sections import Section, section
from workbench.operations.session import Session
from workbench.tui.data.acting import DataActing
from workbench.tui.data.desk import DataTarget
from workbench.tui.data.loader import DatasetPage, Datasets, load_datasets, load_page
from workbench.tui.data.rows import COLUMNS, entries
from workbench.tui.data.summary import summary_lines
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import (
    CatalogueChanged,
    DatasetReady,
    DatasetsReady,
    WatchStatusChanged,
)
from workbench.tui.offload import off_thread
from workbench.tui.routes import screen_of
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.list_table import ListTable
from workbench.tui.widgets.narrow import NarrowBox
from workbench.tui.widgets.table_messages import CursorMoved, RowOpened
from workbench.words import count, plural

if TYPE_CHECKING:
    from textual.timer import Timer

_EMPTY = Empty(
    "No datasets yet",
    "A dataset is a named table or set of files; a version is one state of it.",
    (
        'workbench.log_dataset("train.csv", name="census")   # in a script',
        "workbench datasets add census data/train.csv        # from a shell",
    ),
    "a", "adds one from here",
)  # fmt: skip
_FOREIGN = Empty(
    "No datasets here",
    "Datasets are registered in a workspace; this folder belongs to another tool.",
    ("workbench init DIR --follow PATH",),
)
_LOOK_EVERY_S = 30.0
"""Whether files are away or changed is looked at a few at a time, and no sweep tells it."""
_LOOK_S = 0.08
"""The cursor rests for so long before the dataset under it is read."""


class DataScreen(DataActing):
    """Show all datasets."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("data",)
    TITLE_WORDS: ClassVar[str] = "Data"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data")]
    AUTO_FOCUS: ClassVar[str] = "#datasets"
    DEFAULT_CSS = """
    DataScreen #about { display: none; width: 56; padding: 0 0 0 2; }
    DataScreen.-wide #about { display: block; }
    DataScreen #empty { display: none; }
    DataScreen.-empty #empty { display: block; }
    DataScreen.-empty #list { display: none; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.datasets: Datasets | None = None
        self.page: DatasetPage | None = None
        """Of the dataset the cursor rested on."""
        self._typed = ""
        self._archived = False
        self._rest: Timer | None = None

    def body(self) -> Iterable[Widget]:
        """Return the list, and beside it the dataset under the cursor."""
        yield NarrowBox()
        yield EmptyState(_EMPTY if self.session.workspace else _FOREIGN, id="empty")
        with Horizontal(id="list"):
            with Vertical(classes="pane"):
                yield ListTable(id="datasets")
            about = Lines(id="about")
            about.add_class("pane")
            yield about

    @property
    def table(self) -> ListTable:
        """Return the list."""
        return self.query_one("#datasets", ListTable)

    def on_mount(self) -> None:
        """Fetch the datasets."""
        self.tell_header(
            crumbs=("Data",),
            workspace=self.session.title,
            watch=self.watch_below(),
            read_only=not self.session.writable,
        )
        self.set_interval(_LOOK_EVERY_S, self.reload)
        self.reload()

    def key_context(self) -> Context:
        """Return what is possible now."""
        here = self.here
        return Context(
            rows=self.table.sheet.count if self.datasets else 0,
            selected=here is not None or self.datasets is None,
            read_only=self.session.why_not,
            undoable=self.session.writable,
            dataset=here is not None,
            versions=here.versions if here else 0,
            archived=here is not None and here.archived,
        )

    @property
    def here(self) -> DatasetLine | None:
        """Return the dataset under the cursor."""
        entry = self.table.entry if self.datasets else None
        if self.datasets is None or entry is None:
            return None
        return next((line for line in self.datasets.lines if line.name == entry.key), None)

    def target(self) -> DataTarget | None:
        """Return the dataset under the cursor."""
        here = self.here
        return None if here is None else DataTarget(here.name, None, archived=here.archived)

    def page_text(self) -> tuple[str, tuple[Section, ...]] | None:
        """Return the list as it is shown."""
        heads = tuple(column.title for column in self.table.sheet.columns)
        rows = [tuple(cell.text for cell in entry.cells) for entry in self.table.entries]
        return "datasets", section("datasets", rows, heads)

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Fetch the datasets again."""
        session = self.session
        self.read(
            lambda: DatasetsReady(load_datasets(session)),
            group="datasets", about=None, doing="List datasets",
        )  # fmt: skip

    def on_datasets_ready(self, event: DatasetsReady) -> None:
        """Show the datasets; the cursor stays on its own."""
        self.was_read()
        self.datasets = event.datasets
        self._show()
        self._look_soon()

    def _show(self) -> None:
        datasets = self.datasets
        if datasets is None:
            return
        shown = [line for line in datasets.lines if line.archived == self._archived]
        self.table.show(COLUMNS, entries(shown, datasets.now, self._typed), words=self._none())
        self.set_class(not datasets.lines, "-empty")
        if self.focused is None:  # the list was hidden while it had the focus
            self.call_after_refresh(self.table.focus)
        self._tell(shown)
        self._show_about()

    def _none(self) -> str:
        if self._typed:
            return f"No dataset here holds {self._typed}. Esc shows all."
        if self._archived:
            return "No dataset is put away. Esc shows the others."
        return "Every dataset is put away; the palette (:) shows them: Show archived."

    def _tell(self, shown: list[DatasetLine]) -> None:
        total = plural(len(shown), "dataset")
        number = self.table.sheet.count
        facts = [f"{count(number)} of {total}", f"/{self._typed}"] if self._typed else [total]
        facts += ["put away"] * self._archived
        found = [flag for line in shown for flag in line.flags]
        told = [flag for flag in FLAGS if flag in WORRYING and flag in found]
        facts += [f"{found.count(flag)} {flag.removeprefix('files ')}" for flag in told]
        self.tell_header(facts=tuple(facts))
        self.keys_changed()

    def _show_about(self) -> None:
        here, datasets, page = self.here, self.datasets, self.page
        about = self.query_one("#about", Lines)
        if here is None or datasets is None:
            about.show(())
            return
        about.draw = lambda width: summary_lines(here, datasets.now, page, width)

    # ------------------------------------------------------------ the dataset under the cursor

    def on_cursor_moved(self, event: CursorMoved) -> None:
        """Show what is known of the dataset under the cursor, and read the rest."""
        event.stop()
        self._show_about()
        self._look_soon()
        self.keys_changed()

    def _look_soon(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_LOOK_S, self._look_at)

    def _look_at(self) -> None:
        """Read the newest version of the dataset the cursor rests on, where there is room."""
        here, session = self.here, self.session
        if here is None or not self.has_class("-wide"):
            return
        name = here.name
        off_thread(
            self, lambda: DatasetReady(name, load_page(session, name)),
            group="about", about=name, doing="Show the dataset",
        )  # fmt: skip

    def on_dataset_ready(self, event: DatasetReady) -> None:
        """Show all that is known of it."""
        self.page = event.page
        self._show_about()

    # ------------------------------------------------------------ news

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Fetch the datasets again when one of them changed."""
        changes = event.changes
        if changes.datasets or changes.faults or changes.edits:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_row_opened(self, event: RowOpened) -> None:
        """Open the page of the dataset."""
        self.app.push_screen(screen_of("dataset", self.session, str(event.row.key)))

    # ------------------------------------------------------------ narrowing

    def press_filter(self) -> None:
        """Narrow the list by letters."""
        self.query_one(NarrowBox).open(self._typed)

    def on_narrow_box_narrowed(self, event: NarrowBox.Narrowed) -> None:
        """Show only datasets that hold the letters."""
        self._typed = event.text
        self._show()
        if event.done:
            self.table.focus()

    def press_show_archived(self) -> None:
        """Show the datasets that are put away, or the others again."""
        self._archived = not self._archived
        self._show()

    def press_back(self) -> None:
        """Show all again; then go back."""
        if self._typed:
            self._typed = ""
            self._show()
        elif self._archived:
            self.press_show_archived()
        else:
            self.dismiss(None)
