"""The desk of the screen of rows: how they are looked at, what is shown, what is under way.

The desk owns one frozen `Look`. A key changes the look; a worker answers it; the answer comes back
as a message and replaces what is shown. One that is stopped leaves what was shown before.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.operations.datasets.rows import Rows
from workbench.operations.session import Session
from workbench.tui.data.rows_loader import Loaded, Look, Wanted, load
from workbench.tui.errand import Errand
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.messages import ViewReady
from workbench.tui.offload import off_thread
from workbench.tui.widgets.windowed_table import WindowedTable
from workbench.words import visible

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.datasets.manifest import Manifest
    from workbench.operations.datasets.rows import Row

_LOOK_S = 0.1
"""How often it is seen whether somebody cancelled the job in Activity."""


class RowsDesk(WorkbenchScreen):
    """What the parts of the screen of rows share."""

    def __init__(
        self,
        session: Session,
        source: "Manifest | Path | str",
        filter: str = "",  # noqa: A002
    ) -> None:
        """Show rows.

        Args:
            session: The workspace.
            source: A version, its name such as ``census@4``, or a file of any kind.
            filter: Which rows to begin with.
        """
        super().__init__()
        self.session = session
        self.source = source
        self.rows: Rows | None = None
        self.look = Look(filter=filter)
        self.loaded: Loaded | None = None
        self.marked: frozenset[int] = frozenset()
        """Numbers of rows."""
        self._widths: dict[str, int] = {}
        self._generation = 0
        self._errand: Errand | None = None
        self._watching: Timer | None = None

    @property
    def table(self) -> WindowedTable:
        """Return the table."""
        return self.query_one("#table", WindowedTable)

    @property
    def title_here(self) -> str:
        """Return what the rows are of."""
        if self.rows is not None:
            return visible(self.rows.title)
        return visible(self.source.name if isinstance(self.source, Path) else str(self.source))

    @property
    def row_here(self) -> "Row | None":
        """Return the row under the cursor."""
        found = self.table.cursor_row if self.loaded is not None else None
        return found.about if found is not None else None  # type: ignore[return-value] # ours

    @property
    def column_here(self) -> str:
        """Return the name of the column under the cursor; empty on the numbers of the rows."""
        if self.loaded is None or not self.table.column:
            return ""
        return self.loaded.columns[self.table.column - 1].name

    @property
    def counting(self) -> str:
        """Return how far a file is read that is still read; its reader knows."""
        return ""

    @property
    def arranging(self) -> bool:
        """Say whether an answer is waited for."""
        return self._errand is not None and not self._errand.over

    def change(self, **changes: Any) -> None:
        """Look in another way."""
        self.look = replace(self.look, **changes)
        shown = self.loaded.wanted.look.sort if self.loaded is not None else ()
        self.reload(from_top=bool(self.look.sort) and self.look.sort != shown)

    def reload(self, *, from_top: bool = False) -> None:
        """Answer the look, keeping the cursor on its row unless a new order is looked at."""
        rows = self.rows
        if rows is None:
            return
        self._generation += 1
        table, here = self.table, self.row_here
        wanted = Wanted(
            self._generation,
            self.look,
            here.number if here is not None else None,
            table.span_around(table.cursor),
            dict(self._widths),
            from_top=from_top,
        )
        self.begin_errand("Filter" if self.look.filter else "Sort" if self.look.sort else "Read")
        off_thread(self, partial(_answered, rows, wanted), group="view", doing="Show the rows")

    def begin_errand(self, doing: str) -> None:
        """Say that something is waited for, from a moment on."""
        self.end_errand()
        generation = self._generation
        self._errand = Errand(
            self.app, self.session, doing,
            wanted=lambda: generation == self._generation and self.is_attached,
        )  # fmt: skip
        self._watching = self.set_interval(_LOOK_S, self._see_cancelled)

    def _see_cancelled(self) -> None:
        """Stop what was cancelled in Activity."""
        if self._errand is not None and (self._errand.over or not self._errand.wanted):
            self.stop_arranging()

    def end_errand(self) -> None:
        """Say that nothing is waited for any more."""
        if self._watching is not None:
            self._watching.stop()
        if self._errand is not None:
            self._errand.end()
        self._errand = self._watching = None

    def stop_arranging(self) -> None:
        """Stop the answer under way; the look is again the one that is shown."""
        if self.rows is not None:
            self.rows.stop()
        self._generation += 1
        self.end_errand()
        if self.loaded is not None:
            self.look = self.loaded.wanted.look


def _answered(rows: Rows, wanted: Wanted) -> ViewReady | None:
    """Return the answer to a look as the message that brings it back; None where it was stopped."""
    loaded = load(rows, wanted)
    return ViewReady(wanted.generation, loaded) if loaded is not None else None
