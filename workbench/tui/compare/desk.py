"""The desk of the compare screen: its view, its table and charts, and how an answer is asked for.

The view is the one of the runs screen: marks, baseline and metric are the same there,
and every change is handed back at once by ``take``. What is only of this screen, the
letters typed and the order of the runs, stays here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbench.charts.palette import colors
from workbench.operations.session import Session
from workbench.operations.views import AXES, View
from workbench.tui.chart_pane import ChartPane
from workbench.tui.compare.loader import load
from workbench.tui.compare.reading import called
from workbench.tui.compare.state import Choices, Loaded, Order, Shown, Wanted, ids_of
from workbench.tui.compare.table import CompareTable
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.messages import ViewReady
from workbench.tui.offload import off_thread
from workbench.tui.widgets.chart_view import chart_theme
from workbench.tui.widgets.header import Header
from workbench.words import duration

if TYPE_CHECKING:
    from textual.timer import Timer

    from workbench.operations.compare import Compared, Comparison
    from workbench.runs.comparing import Fact

_SAY_AFTER_S = 0.15
_SAY_EVERY_S = 0.5


class CompareDesk(WorkbenchScreen):
    """What the parts of the compare screen share."""

    def __init__(
        self,
        session: Session,
        view: View,
        take: Callable[[View], None],
        held: Mapping[str, int] | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        self.view = view
        self._take = take
        self._held = dict(held or {})
        self._called: dict[str, str] = {}
        """What every run that was shown was called then; it is not known once the run is gone."""
        self.loaded: Loaded | None = None
        self.typed = ""
        self.order: Order | None = None
        self._generation = 0
        self._asked_at: float | None = None
        self._answered = 0
        """The newest generation that was answered."""
        self._fresh = 0
        """The newest generation for which the runs are read anew."""
        self._saying: Timer | None = None

    @property
    def table(self) -> CompareTable:
        """Return the table."""
        return self.query_one("#table", CompareTable)

    @property
    def charts(self) -> ChartPane:
        """Return the charts."""
        return self.query_one("#charts", ChartPane)

    @property
    def shown(self) -> Shown | None:
        """Return what the table shows."""
        return self.loaded.shown if self.loaded else None

    @property
    def run_here(self) -> "Compared | None":
        """Return the run of the column under the cursor."""
        return self.shown.run(self.table.column) if self.shown else None

    @property
    def fact_here(self) -> "Fact | None":
        """Return the fact of the row under the cursor."""
        return self.shown.fact(self.table.cursor) if self.shown else None

    # ------------------------------------------------------------ changing what is shown

    def change(self, **changes: Any) -> None:
        """Look in another way, here and on the runs screen."""
        self.keep(**changes)
        if changes.keys() <= {"equal"}:
            self.rearrange()
        else:
            self.reload()

    def keep(self, **changes: Any) -> None:
        """Remember how somebody looks, without asking for anything."""
        self.view = replace(self.view, **changes)
        self._take(self.view)

    def reload(self) -> None:
        """Read the runs anew; the cursor stays on its row."""
        self._ask(None)

    def rearrange(self) -> None:
        """Lay out what is known in another way, unless the runs are being read anyway."""
        shown = self.shown if self._answered >= self._fresh else None
        self._ask(shown.comparison if shown else None)

    def _ask(self, known: "Comparison | None") -> None:
        self._generation += 1
        if known is None:
            self._fresh = self._generation
        wanted, session = self._wanted(), self.session

        def work() -> ViewReady:
            return ViewReady(wanted.generation, load(session, wanted, known))

        self._asked_at = self._asked_at or session.clock.steady()
        if self._saying is None:
            self._saying = self.set_timer(_SAY_AFTER_S, self._say_busy)
        off_thread(self, work, group="comparison", doing="Compare")

    def _wanted(self) -> Wanted:
        table, ids = self.table, ids_of(self.view)
        row = table.cursor_row
        self._held = self._held | colors(ids, chart_theme(self.app), self._held)
        width = table.size.width or self.size.width
        choices = Choices(
            self.view.equal, self.typed, self.order, width, table.size.height, dict(self._held)
        )
        return Wanted(
            self._generation,
            ids,
            self.view.marks,
            self.view.baseline,
            self.view.at if self.view.x == AXES[0] else None,
            self.view.columns,
            choices,
            row.key if row is not None else None,  # type: ignore[arg-type]
            table.span_around(table.cursor),
            dict(self._called),
        )

    def keep_names(self, comparison: "Comparison") -> None:
        """Remember what runs are called, to be able to say which is gone."""
        self._called |= {one.run_id: called(one) for one in comparison.runs}

    def color_of(self, run_id: str) -> int:
        """Return the colour of a run, the same as on the runs screen."""
        return self._held[run_id]

    # ------------------------------------------------------------ saying that it takes a while

    def is_past(self, generation: int) -> bool:
        """Say whether an answer is older than one that is shown; note it if it is not."""
        if generation < self._answered:
            return True
        self._answered = generation
        if generation == self._generation:
            self._asked_at = None
        return False

    def _say_busy(self) -> None:
        self._saying = None
        if self._asked_at is None:
            self.tell_header(busy="")
            return
        waited = self.session.clock.steady() - self._asked_at
        self.tell_header(busy="comparing" if waited < 1 else f"comparing {duration(waited)}")
        self._saying = self.set_timer(_SAY_EVERY_S, self._say_busy)


def watch_below(screen: WorkbenchScreen) -> str:
    """Return how the screens beneath say the folder is watched."""
    below = (each for under in screen.app.screen_stack[:-1] for each in under.query(Header))
    return next((header.facts.watch for header in below), "")
