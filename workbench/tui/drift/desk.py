"""What a monitor's screen holds: its page, the report under the cursor, and the look of the strip.

The strip shows the series at once; a report is read when the cursor rests on one of its chunks,
and kept while the cursor stays in it.
"""

from abc import abstractmethod
from typing import TYPE_CHECKING

from workbench.operations.drift.where import Spot
from workbench.tui.drift.acting import DriftActing, DriftTarget
from workbench.tui.drift.grid import ORDERS, WEIGHT, Grid, grid_of, key_of, segments_of
from workbench.tui.drift.loader import MonitorPage, load_monitor, load_report
from workbench.tui.drift.plots import Subject, subject_of
from workbench.tui.drift.strip_view import HeatStrip
from workbench.tui.messages import MonitorReady, ReportReady

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.datasets.drift.report import ChunkDrift, ColumnDrift, DriftReport
    from workbench.operations.drift.series import ChunkHead, Series
    from workbench.operations.session import Session

_LOOK_S = 0.08
"""The cursor rests for so long before the report of its chunk is read."""
READ_REPORT = "Read the report"
_KEPT = 3
"""Reports that are kept, should the cursor come back."""


class MonitorDesk(DriftActing):
    """The part of a monitor's screen that knows what is shown."""

    session: "Session"

    def begin_desk(self, session: "Session", name: str) -> None:
        """Show nothing yet of a monitor."""
        self.session = session
        self.monitor = name
        self.page: MonitorPage | None = None
        self.reports: dict[str, DriftReport] = {}
        """By key, the one looked at last at the end."""
        self.other: DriftReport | None = None
        """The same data held against another reference, for a look."""
        self.other_series: Series | None = None
        self.segment = ""
        self.order = WEIGHT
        self.marked: frozenset[str] = frozenset()
        self._rest: Timer | None = None

    @property
    def strip(self) -> HeatStrip:
        """Return the heat strip."""
        return self.query_one(HeatStrip)

    @property
    def series(self) -> "Series | None":
        """Return what the strip is of: what is kept, or a look at another reference."""
        if self.other_series is not None:
            return self.other_series
        return self.page.series if self.page is not None else None

    # ------------------------------------------------------------ reading

    def reload(self) -> None:
        """Read the monitor again."""
        session, name = self.session, self.monitor
        self.read(
            lambda: MonitorReady(name, load_monitor(session, name)),
            group="monitor", about=name, doing=f"Show {name}",
        )  # fmt: skip

    def look_soon(self) -> None:
        """Read the report of the chunk under the cursor when the cursor rests."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(_LOOK_S, self._look_at)

    @abstractmethod
    def show_rest(self) -> None:
        """Show what takes longer than a cursor may."""

    def _look_at(self) -> None:
        self.show_rest()
        chunk, session, name = self.chunk_head, self.session, self.monitor
        if chunk is None or self.other is not None or chunk.key in self.reports:
            return
        key = chunk.key
        self.read(
            lambda: ReportReady(key, load_report(session, name, key)),
            group="report", about=key, doing=READ_REPORT,
        )  # fmt: skip

    def keep_report(self, key: str, report: "DriftReport") -> None:
        """Keep a report that was read, and not too many of them."""
        self.reports.pop(key, None)
        self.reports[key] = report
        while len(self.reports) > _KEPT:
            self.reports.pop(next(iter(self.reports)))

    # ------------------------------------------------------------ what is under the cursor

    @property
    def grid(self) -> Grid | None:
        """Return what the strip shows, if there is a cell under the cursor."""
        if self.page is None:
            return None
        return self.strip.grid if self.strip.here else None

    @property
    def chunk_head(self) -> "ChunkHead | None":
        """Return the chunk under the cursor."""
        return self.grid.chunk(self.strip.at) if self.grid is not None else None

    @property
    def column_name(self) -> str:
        """Return the column under the cursor."""
        return self.grid.column(self.strip.row).name if self.grid is not None else ""

    @property
    def report(self) -> "DriftReport | None":
        """Return the report of the chunk under the cursor, once it was read."""
        chunk = self.chunk_head
        if self.other is not None or chunk is None:
            return self.other
        return self.reports.get(chunk.key)

    @property
    def chunk(self) -> "ChunkDrift | None":
        """Return the chunk under the cursor as its report has it."""
        head, report = self.chunk_head, self.report
        if head is None or report is None:
            return None
        wanted = key_of(head)
        return next((one for one in report.chunks if (one.label, one.segment) == wanted), None)

    @property
    def column(self) -> "ColumnDrift | None":
        """Return the column of the chunk under the cursor as its report has it."""
        chunk, name = self.chunk, self.column_name
        return next((one for one in chunk.columns if one.name == name), None) if chunk else None

    @property
    def subject(self) -> Subject | None:
        """Return what is drawn."""
        grid = self.grid
        if grid is None:
            return None
        return subject_of(grid, self.strip.row, self.strip.at, self.column)

    def target(self) -> DriftTarget | None:
        """Return what the keys are about."""
        page, head = self.page, self.chunk_head
        if page is None:
            return None
        model = page.line.model if page.line is not None else ""
        if head is None or self.other is not None:
            return DriftTarget(Spot(self.monitor, column=self.column_name), model)
        spot = Spot(self.monitor, head.key, head.label, head.segment, self.column_name)
        columns = tuple(sorted(self.marked)) or (self.column_name,)
        return DriftTarget(spot, model, columns, head.alert)

    # ------------------------------------------------------------ what the strip shows

    def put_on_strip(self, typed: str = "") -> None:
        """Show the columns and chunks that are asked for; the cursor stays on its own."""
        series = self.series
        if series is None:
            return
        if self.segment not in segments_of(series):
            self.segment = ""
        head = self.chunk_head
        grid = grid_of(
            series, segment=self.segment, typed=typed, order=self.order,
            here=key_of(head) if head is not None else None, marked=self.marked,
        )  # fmt: skip
        self.strip.show(grid)

    def next_order(self) -> str:
        """Go on to the next order of columns and return it."""
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        return self.order

    def toggle_mark(self) -> None:
        """Mark the column under the cursor, or no more."""
        if self.column_name:
            self.marked = self.marked ^ {self.column_name}

    def forget_reports(self, keys: "frozenset[str]") -> None:
        """Keep only reports that the series still names."""
        self.reports = {key: one for key, one in self.reports.items() if key in keys}
