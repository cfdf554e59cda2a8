"""The desk of the runs screen: its view, its table and charts, and who is marked.

The desk owns one frozen `View`. A key changes the view; a worker answers it; the
answer comes back as a message and replaces what is shown. Nothing else does.
"""

import asyncio
from collections import deque
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, Any

from workbench.operations import views
from workbench.operations.session import Session
from workbench.tui.chart_pane import ChartPane
from workbench.tui.chart_settings import kept, settings_of
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.messages import ViewReady
from workbench.tui.offload import off_thread
from workbench.tui.runs.loader import Known, Loaded, Wanted, load
from workbench.tui.runs.state import Mark, marks_of
from workbench.tui.widgets.windowed_table import WindowedTable
from workbench.words import count, duration

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.operations.views import View

_PATIENCE_S = 10.0
"""News that come in do not break off an answer younger than this; a key does."""


class RunsDesk(WorkbenchScreen):
    """What the parts of the runs screen share."""

    def __init__(self, session: Session, view: "View | None" = None) -> None:
        super().__init__()
        self.session = session
        # Where somebody read values off last time says nothing today.
        self.view: View = view or replace(views.left(session), at=None)
        self.loaded: Loaded | None = None
        self.expanded: frozenset[str] = frozenset()
        self.rested_on: int | None = None
        """The run the cursor came to rest on: what the charts show, a moment late."""
        self.new_runs: frozenset[int] = frozenset()
        self.following = False
        self.swept = False
        """The folder was read to the end at least once."""
        self._generation = 0
        self.generation_shown = 0
        self.patience = 0.0
        """Until when, on the steady clock, an answer under way is waited for."""
        self._reading_since: float | None = None
        self._held_colors: dict[str, int] = {}
        self._metrics: tuple[str, ...] = ()
        self._taken_over = False
        """Another screen has changed how this one looks since it was last seen."""
        self._reloading: Timer | None = None
        self._unwritten: deque[View] = deque(maxlen=1)
        self._writing = Lock()

    @property
    def table(self) -> WindowedTable:
        """Return the table."""
        return self.query_one("#table", WindowedTable)

    @property
    def run_here(self) -> int | None:
        """Return the run under the cursor at this moment: what a key is meant for."""
        row = self.table.cursor_row if self.loaded is not None else None
        return row.key if row is not None and isinstance(row.key, int) else None

    @property
    def known_here(self) -> Known | None:
        """Return what is known of the run under the cursor at this moment."""
        row = self.table.cursor_row if self.loaded is not None else None
        return row.about if row is not None and isinstance(row.about, Known) else None

    @property
    def charts(self) -> ChartPane:
        """Return the charts under it."""
        return self.query_one("#charts", ChartPane)

    def change(self, **changes: Any) -> None:
        """Look in another way, and remember it."""
        self.view = replace(self.view, **changes)
        self.remember()
        self.reload()

    def remember(self) -> None:
        """Keep how the table is looked at for the next start, without waiting for the disk."""
        self._unwritten.append(self.view)
        off_thread(self, self._write_left, group="leave")

    def _write_left(self) -> None:
        """Write the newest way of looking, if it is not written yet."""
        with self._writing:
            if self._unwritten:
                views.leave(self.session, self._unwritten.pop())

    async def on_unmount(self) -> None:
        """Write what is still to be written."""
        await asyncio.to_thread(self._write_left)

    def show_view(self, view: "View") -> None:
        """Look as a whole view says, its charts included, and remember it."""
        self.view = view
        self.charts.settings = settings_of(view, self.charts.settings)
        self.change()
        if view.screen == "compare":
            self.app.press_screen_compare()  # type: ignore[attr-defined]

    @property
    def held_colors(self) -> dict[str, int]:
        """Return the colours given so far, so that a run has the same one on every screen."""
        return self._held_colors

    def take_over(self, view: "View") -> None:
        """Look as another screen over the same runs does now; its charts are drawn on return."""
        before, self.view = self.view, view
        self._taken_over = True
        self.remember()
        if kept(view, settings_of(before, self.charts.settings)) != before:
            self.reload()

    def on_screen_resume(self) -> None:
        """Draw the charts as they were left on another screen; a dialog's answer is not undone."""
        if self._taken_over:
            self._taken_over = False
            self.charts.settings = settings_of(self.view, self.charts.settings)

    def reload(self) -> None:
        """Answer the view again, keeping the cursor on its run."""
        self._generation += 1
        self.patience = self.session.clock.steady() + _PATIENCE_S
        table = self.table
        wanted = Wanted(
            self._generation,
            self.view,
            self.expanded,
            self.rested_on,
            table.span_around(table.cursor),
            max(self.new_runs, default=None),
        )
        off_thread(
            self, lambda: answered(self.session, wanted), group="view", doing="Show the runs"
        )

    def marks(self) -> tuple[Mark, ...]:
        """Return the marks that are still there."""
        return marks_of(self.view, self.loaded.marks if self.loaded else {})

    def reading_words(self, waiting: int) -> str:
        """Return what is going on and for how long."""
        now = self.session.clock.steady()
        if not waiting:
            self._reading_since = None
            return ""
        self._reading_since = self._reading_since or now
        return f"reading {duration(now - self._reading_since)}, {count(waiting)} to go"


def answered(session: Session, wanted: Wanted) -> ViewReady:
    """Return the answer to a view as the message that brings it back."""
    return ViewReady(wanted.generation, load(session, wanted))
