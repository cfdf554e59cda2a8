"""The drift screen: everything that is watched, what needs attention first."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from workbench.operations.drift.where import Spot
from workbench.operations.sections import Section
from workbench.operations.session import Session
from workbench.tui.cells import Line
from workbench.tui.drift.acting import DriftActing, DriftTarget
from workbench.tui.drift.loader import MonitorPage, Watch, load_monitor, load_watch
from workbench.tui.drift.rows import COLUMNS, entries
from workbench.tui.drift.summary import summary_lines
from workbench.tui.keyed import bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.listing import Listed, ListScreen
from workbench.tui.messages import MonitorReady, WatchedReady, WatchStatusChanged
from workbench.tui.offload import off_thread
from workbench.tui.routes import screen_of
from workbench.tui.widgets.empty import Empty, EmptyState
from workbench.words import plural

if TYPE_CHECKING:
    from workbench.operations.drift.listing import WatchedLine
    from workbench.sync.sweep import Changes

_WHAT = "Nothing is watched yet"
_WHY = (
    "A monitor holds new data against what a model learned from, column by column, and says what"
    " moved, where, and whether that is more than chance."
)
_FOREIGN = Empty(
    "Nothing is watched here",
    "Monitors belong to a workspace; this folder belongs to another tool.",
    ("workbench init DIR --follow PATH",
     "workbench drift check NEW --reference OLD     # any two files"),
)  # fmt: skip
_AGES_EVERY_S = 30.0
_LOOK_EVERY_S = 60.0


class DriftScreen(ListScreen[Watch, "WatchedLine"], DriftActing):
    """Show all that is watched."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("drift",)
    TITLE_WORDS: ClassVar[str] = "Drift"
    LIST: ClassVar[str] = "monitors"
    NONE_YET: ClassVar[Empty] = Empty(_WHAT, _WHY)
    FOREIGN: ClassVar[Empty] = _FOREIGN
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("drift")]
    AUTO_FOCUS: ClassVar[str] = "#monitors"
    DEFAULT_CSS = "DriftScreen #about { width: 76; }"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.page: MonitorPage | None = None
        """Of the monitor the cursor rested on."""

    def on_mount(self) -> None:
        """Look from time to time: what is overdue, no sweep tells."""
        self.set_interval(_LOOK_EVERY_S, self.reload)
        self.set_interval(_AGES_EVERY_S, self.grow_older)

    def key_context(self) -> Context:
        """Return what is possible now."""
        here = self.here
        return Context(
            rows=self.rows,
            selected=here is not None,
            read_only=self.session.why_not,
            undoable=self.session.writable,
            watched=here is not None,
            model=here is not None and bool(here.model),
            alerts=here.alerts if here is not None else 0,
        )

    def target(self) -> DriftTarget | None:
        """Return the monitor under the cursor."""
        here = self.here
        if here is None:
            return None
        page = self.page
        known = page.series.columns if page is not None and page.name == here.name else ()
        names = dict.fromkeys([name for name, *_ in here.worst] + [one.name for one in known])
        columns = tuple(dict.fromkeys([*here.muted, *names]))
        return DriftTarget(Spot(here.name), here.model, columns)

    def page_text(self) -> tuple[str, tuple[Section, ...]] | None:
        """Return the list as it is shown."""
        return "drift", self.rows_as_shown("drift")

    # ------------------------------------------------------------ what comes back

    def reload(self) -> None:
        """Fetch what is watched again."""
        session = self.session
        off_thread(
            self, lambda: WatchedReady(load_watch(session)),
            group="watched", doing="List what is watched",
        )  # fmt: skip

    def on_watched_ready(self, event: WatchedReady) -> None:
        """Show what is watched; the cursor stays on its own."""
        event.stop()
        self.found = event.watch
        if self.session.workspace:
            self.query_one("#empty", EmptyState).empty = Empty(_WHAT, _WHY, event.watch.proposal)
        self.show()
        self.look_soon()

    def look_at(self, line: "WatchedLine") -> None:
        """Read the strip of the monitor."""
        name, session = line.name, self.session
        off_thread(
            self, lambda: MonitorReady(name, load_monitor(session, name)),
            group="about", about=name, doing="Show the monitor",
        )  # fmt: skip

    def on_monitor_ready(self, event: MonitorReady) -> None:
        """Show its strip."""
        event.stop()
        self.page = event.page
        self.show_about()

    def on_watch_status_changed(self, event: WatchStatusChanged) -> None:
        """Fetch the list again when everything is read: of what has no report no news comes."""
        super().on_watch_status_changed(event)
        if self.found is not None and any(one.reading for one in self.found.lines):
            self.reload()

    def concerned(self, changes: "Changes") -> bool:
        """Say whether a report, an alert or what is watched changed."""
        return concerns(changes)

    # ------------------------------------------------------------ what is listed

    def listed(self, found: Watch) -> Listed:
        """Return all that is watched."""
        rows = entries(found.lines, found.now, self.typed)
        none = f"Nothing watched here holds {self.typed}. Esc shows all."
        return Listed(COLUMNS, rows, len(found.lines), "monitor", none, _worries(found))

    def about(self, found: Watch, line: "WatchedLine") -> Callable[[int], list[Line]]:
        """Return what is known of a monitor."""
        return partial(summary_lines, line, found.now, self.page)

    def open_line(self, name: str) -> None:
        """Open the page of a monitor."""
        self.app.push_screen(screen_of("monitor", self.session, name))


def concerns(changes: "Changes") -> bool:
    """Say whether news of the workspace may be about what is watched."""
    return bool(changes.drift or changes.datasets or changes.models or changes.faults)


def _worries(found: Watch) -> tuple[str, ...]:
    alerts = sum(line.alerts for line in found.lines)
    overdue = sum(line.overdue for line in found.lines)
    told = [plural(alerts, "alert")] if alerts else []
    return (*told, f"{overdue} overdue") if overdue else tuple(told)
