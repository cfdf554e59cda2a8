"""Where data came from and what was made of it; what is touched if it must go."""

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.widget import Widget

from workbench.operations.datasets.traced import Kind, Traced, traced
from workbench.operations.session import Session
from workbench.tui.asking import AskingScreen
from workbench.tui.cells import Cell
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context
from workbench.tui.messages import (
    CatalogueChanged,
    Finished,
    PageReady,
    WatchStatusChanged,
    WentWrong,
)
from workbench.tui.offload import off_thread
from workbench.tui.registry.taking import open_run
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell, tell_error
from workbench.tui.widgets.list_table import Entry, ListTable
from workbench.tui.widgets.table_messages import RowOpened
from workbench.tui.widgets.table_values import Column

COLUMNS = (
    Column("what", "what", pinned=True, most=16),
    Column("name", "name", most=64),
    Column("detail", "detail", most=120),
)
_SYMBOLS: Final[dict[Kind, str]] = {
    "came from": "◁", "dataset": "▤", "file": "·", "copy": "·", "run": "▶", "model": "◆",
    "pointer": "⇒", "predictions": "≈", "same bytes": "=", "by name only": "?",
}  # fmt: skip


class DataLineageScreen(AskingScreen):
    """Show the lineage of a dataset version, or of all versions of a dataset."""

    TITLE_WORDS: ClassVar[str] = "Lineage"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    AUTO_FOCUS: ClassVar[str] = "#lineage"

    def __init__(self, session: Session, name: str, version: int | None = None) -> None:
        super().__init__()
        self.session = session
        self._of = (name, version)
        self._shown: tuple[Traced, ...] | None = None

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        yield ListTable("Following the lines …", id="lineage")

    def on_mount(self) -> None:
        """Follow the lines."""
        name, version = self._of
        which = "all versions" if version is None else f"of v{version}"
        self.tell_header(
            crumbs=("Data", name, "Lineage"),
            facts=(which, "touched if this data must go"),
            watch=self.watch_below(),
        )
        self.reload()

    def key_context(self) -> Context:
        """Return what is possible now."""
        if self._shown is None:
            return Context()
        table = self.query_one("#lineage", ListTable)
        return Context(rows=table.sheet.count, selected=table.entry is not None)

    def reload(self) -> None:
        """Follow the lines again."""
        session, (name, version) = self.session, self._of
        off_thread(
            self, lambda: PageReady(traced(session, name, version)),
            group="lineage", doing="Trace",
        )  # fmt: skip

    def on_page_ready(self, event: PageReady) -> None:
        """Show the lineage."""
        self._shown = event.page
        self.query_one("#lineage", ListTable).show(COLUMNS, lineage_entries(event.page))
        self.keys_changed()

    def on_went_wrong(self, event: WentWrong) -> None:
        """Say why there is nothing to see."""
        event.stop()
        said = tell_error(self.app, event.doing, event.error)
        if self._shown is None:
            self.query_one("#lineage", ListTable).show(COLUMNS, [], words=said)

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Follow the lines again when a run, a model or a dataset changed."""
        changes = event.changes
        if changes.models or changes.datasets or changes.changed or changes.new or changes.gone:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the run, the model's version or the dataset's."""
        place = event.row.key
        if self._shown is None or not isinstance(place, int):
            return
        one = self._shown[place]
        if one.model:
            self.app.push_screen(screen_of("model", self.session, one.model, version=one.number))
        elif one.run_id:
            open_run(self, one.run_id)
        elif one.dataset is not None and one.kind == "same bytes":
            ref = one.dataset
            self.app.push_screen(screen_of("dataset", self.session, ref.name, ref.version))
        else:
            tell(self.app, f"{one.name}: {one.detail}.")

    def press_copy(self) -> None:
        """Copy the cell under the cursor."""
        cell = self.query_one("#lineage", ListTable).cursor_cell
        if cell is not None:
            self.app.copy_to_clipboard(cell.text)
            tell(self.app, f"Copied {cell.text}")

    def press_export(self) -> None:
        """Write everything that is touched, as JSON."""
        from workbench.operations.datasets.traced import write_touched  # noqa: PLC0415

        work = partial(write_touched, self.session, *self._of)
        off_thread(self, lambda: Finished(f"Wrote {work()}"), doing="Export")

    def on_finished(self, event: Finished) -> None:
        """Say where it is."""
        event.stop()
        tell(self.app, event.words)

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def lineage_entries(found: Iterable[Traced]) -> list[Entry]:
    """Return a line for each thing, in order."""
    return [_entry(place, one) for place, one in enumerate(found)]


def _entry(place: int, one: Traced) -> Entry:
    style = "bold accent" if one.kind == "dataset" else ""
    doubt = "warn" if one.kind == "by name only" else "bold"
    return Entry(
        place,
        (Cell(f"{_SYMBOLS[one.kind]} {one.kind}", style), Cell(one.name, doubt),
         Cell(one.detail, "dim")),
    )  # fmt: skip
