"""The data screen: every dataset, its newest version, and what about it asks for somebody."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from workbench.operations.datasets.listing import FLAGS, WORRYING, DatasetLine
from workbench.operations.sections import Section
from workbench.operations.session import Session
from workbench.tui.cells import Line
from workbench.tui.data.acting import DataActing
from workbench.tui.data.desk import DataTarget
from workbench.tui.data.loader import DatasetPage, Datasets, load_datasets, load_page
from workbench.tui.data.rows import COLUMNS, entries
from workbench.tui.data.summary import summary_lines
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.listing import Listed, ListScreen
from workbench.tui.messages import DatasetReady, DatasetsReady
from workbench.tui.offload import off_thread
from workbench.tui.routes import screen_of
from workbench.tui.widgets.empty import Empty

if TYPE_CHECKING:
    from workbench.sync.sweep import Changes

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


class DataScreen(ListScreen[Datasets, DatasetLine], DataActing):
    """Show all datasets."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("data",)
    TITLE_WORDS: ClassVar[str] = "Data"
    LIST: ClassVar[str] = "datasets"
    NONE_YET: ClassVar[Empty] = _EMPTY
    FOREIGN: ClassVar[Empty] = _FOREIGN
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("data")]
    AUTO_FOCUS: ClassVar[str] = "#datasets"
    DEFAULT_CSS = "DataScreen #about { width: 56; }"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.page: DatasetPage | None = None
        """Of the dataset the cursor rested on."""
        self._archived = False

    def on_mount(self) -> None:
        """Look from time to time at what no sweep tells."""
        self.set_interval(_LOOK_EVERY_S, self.reload)

    def key_context(self) -> Context:
        """Return what is possible now."""
        here = self.here
        return Context(
            rows=self.rows,
            selected=here is not None or self.found is None,
            read_only=self.session.why_not,
            undoable=self.session.writable,
            dataset=here is not None,
            versions=here.versions if here else 0,
            archived=here is not None and here.archived,
        )

    def target(self) -> DataTarget | None:
        """Return the dataset under the cursor."""
        here = self.here
        return None if here is None else DataTarget(here.name, None, archived=here.archived)

    def page_text(self) -> tuple[str, tuple[Section, ...]] | None:
        """Return the list as it is shown."""
        return "datasets", self.rows_as_shown("datasets")

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
        self.found = event.datasets
        self.show()
        self.look_soon()

    def look_at(self, line: DatasetLine) -> None:
        """Read the newest version of the dataset."""
        name, session = line.name, self.session
        off_thread(
            self, lambda: DatasetReady(name, load_page(session, name)),
            group="about", about=name, doing="Show the dataset",
        )  # fmt: skip

    def on_dataset_ready(self, event: DatasetReady) -> None:
        """Show all that is known of it."""
        self.page = event.page
        self.show_about()

    def concerned(self, changes: "Changes") -> bool:
        """Say whether a dataset changed, or what is said of one."""
        return bool(changes.datasets or changes.faults or changes.edits)

    # ------------------------------------------------------------ what is listed

    def listed(self, found: Datasets) -> Listed:
        """Return the datasets that are in use, or those that are put away."""
        shown = [line for line in found.lines if line.archived == self._archived]
        facts = ("put away",) * self._archived + _worries(shown)
        rows = entries(shown, found.now, self.typed)
        return Listed(COLUMNS, rows, len(shown), "dataset", self._none(), facts)

    def _none(self) -> str:
        if self.typed:
            return f"No dataset here holds {self.typed}. Esc shows all."
        if self._archived:
            return "No dataset is put away. Esc shows the others."
        return "Every dataset is put away; the palette (:) shows them: Show archived."

    def about(self, found: Datasets, line: DatasetLine) -> Callable[[int], list[Line]]:
        """Return what is known of a dataset."""
        return partial(summary_lines, line, found.now, self.page)

    def open_line(self, name: str) -> None:
        """Open the page of a dataset."""
        self.app.push_screen(screen_of("dataset", self.session, name))

    def press_show_archived(self) -> None:
        """Show the datasets that are put away, or the others again."""
        self._archived = not self._archived
        self.show()

    def press_back(self) -> None:
        """Show all again; then go back."""
        if self._archived and not self.typed:
            self.press_show_archived()
        else:
            super().press_back()


def _worries(lines: Sequence[DatasetLine]) -> tuple[str, ...]:
    """Return how many datasets have each flag that asks for somebody."""
    found = [flag for line in lines for flag in line.flags]
    told = [flag for flag in FLAGS if flag in WORRYING and flag in found]
    return tuple(f"{found.count(flag)} {flag.removeprefix('files ')}" for flag in told)
