"""Lineage both ways: dataset, run, version, stages and pointers; and what else came of them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget

from workbench import words
from workbench.operations.datasets.names import Ref as DataRef
from workbench.operations.registry.names import Ref
from workbench.operations.session import Session
from workbench.tui.cells import Cell
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context
from workbench.tui.messages import CatalogueChanged, PageReady, WatchStatusChanged
from workbench.tui.offload import off_thread
from workbench.tui.registry.acting import Acting
from workbench.tui.registry.taking import open_run
from workbench.tui.routes import screen_of
from workbench.tui.toast import tell
from workbench.tui.widgets.list_table import Entry, ListTable
from workbench.tui.widgets.table_messages import RowOpened
from workbench.tui.widgets.table_values import Column

if TYPE_CHECKING:
    from workbench.operations.registry.lineage import Lineage

COLUMNS = (
    Column("what", "what", pinned=True, most=14),
    Column("name", "name", most=48),
    Column("detail", "detail", most=120),
)
_HASH = 12
_MOST_REPORTS = 20


class Node(NamedTuple):
    """Something in a lineage that can be gone to."""

    kind: str
    place: int
    ref: Ref | None = None
    run_id: str = ""
    text: str = ""
    data: DataRef | None = None
    monitor: str = ""


class Found(NamedTuple):
    """A version's lineage, and the versions that other things of it led to."""

    lineage: "Lineage"
    by_dataset: tuple[tuple[str, tuple[Ref, ...]], ...]
    """Name of a dataset, and the other versions made from that state of it."""
    registered: Mapping[str, tuple[DataRef, ...]]
    """The versions of datasets its data is, by hash; the likeliest first."""


class LineageScreen(Acting):
    """Show what a version was made of, and where it went."""

    TITLE_WORDS: ClassVar[str] = "Lineage"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    AUTO_FOCUS: ClassVar[str] = "#lineage"

    def __init__(self, session: Session, model: str, version: int) -> None:
        super().__init__()
        self.session = session
        self._of = (model, version)
        self._traced = False

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        yield ListTable("Nothing is known of where this version comes from.", id="lineage")

    def on_mount(self) -> None:
        """Follow the lines."""
        model, version = self._of
        self.tell_header(
            crumbs=("Models", model, "Lineage"),
            facts=(f"of v{version}", "↵ goes there"),
            watch=self.watch_below(),
        )
        self.reload()

    def key_context(self) -> Context:
        """Return what is possible now."""
        if not self._traced:
            return Context()
        table = self.query_one("#lineage", ListTable)
        return Context(rows=table.sheet.count, selected=table.entry is not None)

    def reload(self) -> None:
        """Follow the lines again."""
        session, (model, version) = self.session, self._of
        off_thread(
            self, lambda: PageReady(trace(session, model, version)),
            group="lineage", doing="Trace",
        )  # fmt: skip

    def on_page_ready(self, event: PageReady) -> None:
        """Show the lineage."""
        self._traced = True
        self.query_one("#lineage", ListTable).show(COLUMNS, lineage_entries(event.page))
        self.keys_changed()

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Follow the lines again when something of this model changed."""
        if event.changes.models or event.changes.drift:
            self.reload()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Say how the folder is watched."""
        self.tell_header(watch=event.status)

    def on_row_opened(self, event: RowOpened) -> None:
        """Go to the run, the version, the dataset or the monitor."""
        node = event.row.key
        if not isinstance(node, Node):
            return
        if node.run_id:
            open_run(self, node.run_id)
        elif node.ref is not None:
            self._open_version(node.ref)
        elif node.data is not None:
            self.app.push_screen(screen_of("dataset", self.session, *node.data))
        elif node.monitor:
            self.app.push_screen(screen_of("monitor", self.session, node.monitor))
        else:
            tell(self.app, node.text or "There is nothing further to open here.")

    def _open_version(self, ref: Ref) -> None:
        self.app.push_screen(screen_of("model", self.session, ref.model, version=ref.version))

    def press_copy(self) -> None:
        """Copy the cell under the cursor."""
        cell = self.query_one("#lineage", ListTable).cursor_cell
        if cell is not None:
            self.app.copy_to_clipboard(cell.text)
            tell(self.app, f"Copied {cell.text}")

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)


def trace(session: Session, model: str, version: int) -> Found:
    """Return a version's lineage both ways.

    Raises:
        NotFoundError: There is no such version.
    """
    from workbench.operations.datasets.lineage import used_as  # noqa: PLC0415 - when asked for
    from workbench.operations.registry.lineage import (  # noqa: PLC0415
        lineage,
        versions_of_dataset,
    )

    found = lineage(session, model, version)
    others = tuple(
        (
            each.name,
            tuple(
                ref
                for ref in versions_of_dataset(session, each.name, each.hash)
                if (ref.model, ref.version) != (model, version)
            ),
        )
        for each in found.datasets
    )
    used = ((each.name, each.hash) for each in found.datasets)
    return Found(found, others, used_as(session, used))


def lineage_entries(found: Found) -> list[Entry]:
    """Return the way from data to consumers, then what else came from the same run and data."""
    lineage = found.lineage
    rows: list[tuple[Node, str, str]] = []
    for data in lineage.datasets:
        count = f"{words.plural(data.rows, 'row')}, " if data.rows is not None else ""
        registered = found.registered.get(data.hash, ())
        known = f"{', '.join(map(str, registered))}, " if registered else ""
        digest = data.hash.removeprefix("sha256:")[:_HASH] or "no hash"
        text = f"{known}{data.role}, {count}{digest}, {data.path}"
        node = Node("dataset", len(rows), text=text, data=next(iter(registered), None))
        rows.append((node, data.name, text))
    run = lineage.run
    if run is not None:
        gone = "" if run.run is not None else ", not in the workspace any more"
        node = Node("run", len(rows), run_id=run.run_id)
        rows.append((node, run.name, f"{run.experiment}, {run.run_id}{gone}"))
    rows.append((Node("version", len(rows), lineage.ref), str(lineage.ref), "this one"))
    for held in reversed(lineage.holdings):
        until = "until now" if held.until is None else f"until {words.moment(held.until)}"
        text = f"{words.moment(held.since)} {until}, {held.actor}: {held.reason}"
        node = Node("held", len(rows), Ref(lineage.ref.model, lineage.ref.version), text=text)
        rows.append((node, held.stage, text))
    for pointer in lineage.pointers:
        node = Node("pointer", len(rows), text="Consumers read this file now.")
        rows.append((node, pointer, "consumers read this now"))
    for report in lineage.drift[:_MOST_REPORTS]:
        text = f"{report.verdict}, {words.moment(report.time)}, {report.current}"
        rows.append((Node("drift", len(rows), monitor=report.monitor), report.monitor, text))
    for ref in lineage.siblings:
        rows.append((Node("same run", len(rows), ref), str(ref), "registered from the same run"))
    for name, refs in found.by_dataset:
        for ref in refs:
            rows.append((Node("same data", len(rows), ref), str(ref), f"made from {name} too"))
    return [_entry(*row) for row in rows]


def _entry(node: Node, name: str, detail: str) -> Entry:
    arrow = {"dataset": "▤", "run": "▶", "version": "◆", "held": "→", "pointer": "⇒", "drift": "≈"}
    symbol = arrow.get(node.kind, "↔")
    style = "bold accent" if node.kind == "version" else ""
    return Entry(
        node, (Cell(f"{symbol} {node.kind}", style), Cell(name, "bold"), Cell(detail, "dim"))
    )
