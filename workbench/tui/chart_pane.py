"""Charts of some runs: one, or a grid of them, with the keys that belong to charts.

The owner says which runs and which metrics; the pane decides how many charts fit,
has them drawn off the UI thread, and keeps what a person chose.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Grid, Vertical
from textual.events import Resize
from textual.message import Message
from textual.reactive import reactive

from workbench.operations.session import Session
from workbench.tui.cells import Cell
from workbench.tui.chart_keys import ChartKeys
from workbench.tui.chart_settings import ChartSettings, Subject
from workbench.tui.messages import CurvesReady
from workbench.tui.offload import off_thread
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted, chart_theme
from workbench.tui.widgets.lines import Lines, Rule

if TYPE_CHECKING:
    from workbench.tui.painter import Painter

_LEAST_WIDE, _LEAST_HIGH = 38, 9
_MOST_CHARTS = 12
_REDRAW_S = 0.08


class ChartPane(ChartKeys, Vertical):
    """Show charts of the runs somebody chose."""

    DEFAULT_CSS = """
    ChartPane { height: 1fr; }
    ChartPane Grid { height: 1fr; grid-gutter: 0 2; }
    ChartPane #values { display: none; }
    ChartPane.-table Grid { display: none; }
    ChartPane.-table #values { display: block; }
    """

    settings: reactive[ChartSettings] = reactive(ChartSettings(), init=False)
    subject: reactive[Subject] = reactive(Subject(), init=False, always_update=True)
    """Set again with the same runs, it draws what they have logged since."""

    class SettingsChanged(Message):
        """A person chose something else."""

        def __init__(self, pane: "ChartPane", settings: ChartSettings) -> None:
            super().__init__()
            self.pane = pane
            self.settings = settings

    def __init__(self, session: Session, *, single: bool = False, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._session = session
        self._single = single
        self._painter: Painter | None = None
        self._pending: Any = None

    def compose(self) -> ComposeResult:
        """Put a hairline over as many charts as there could be."""
        yield Rule((Cell("charts", "dim"),))
        with Grid():
            for number in range(_MOST_CHARTS):
                chart = ChartView(id=f"chart-{number}")
                chart.display = number == 0
                yield chart
        yield Lines(id="values")

    # ------------------------------------------------------------ what is shown

    @property
    def shown_metrics(self) -> tuple[str, ...]:
        """Return the metric of each chart, the chosen one first."""
        metrics = self.subject.metrics
        if not metrics:
            return ()
        start = metrics.index(self.settings.metric) if self.settings.metric in metrics else 0
        turned = metrics[start:] + metrics[:start]
        return turned[: self._fitting()]

    def _fitting(self) -> int:
        columns, rows = self._shape()
        return max(1, min(columns * rows, _MOST_CHARTS))

    def _shape(self) -> tuple[int, int]:
        if self._single:
            return 1, 1
        wide, high = self.size.width, max(1, self.size.height - 1)
        columns = self.settings.columns or max(1, wide // _LEAST_WIDE)
        count = len(self.subject.metrics) or 1
        columns = min(columns, count, _MOST_CHARTS)
        rows = max(1, high // _LEAST_HIGH)
        return columns, min(rows, -(-count // columns))

    def on_resize(self, _event: Resize) -> None:
        """Lay the charts out for the new size."""
        self._lay_out()

    def watch_subject(self) -> None:
        """Draw other runs."""
        self._lay_out()

    def watch_settings(self) -> None:
        """Draw in another way, and say so."""
        self.post_message(self.SettingsChanged(self, self.settings))
        self._lay_out()

    def watch_has_focus_within(self) -> None:
        """Let the hairline say that the keys go here."""
        self.query_one(Rule).refresh()

    def _lay_out(self) -> None:
        if not self.is_mounted:
            return
        columns, rows = self._shape()
        grid = self.query_one(Grid)
        metrics = self.shown_metrics
        grid.styles.grid_size_columns = max(1, min(columns, len(metrics) or 1))
        grid.styles.grid_size_rows = max(1, min(rows, -(-len(metrics) // columns) or 1))
        for number, chart in enumerate(grid.query(ChartView)):
            chart.display = number < max(1, len(metrics))
        self._title()
        self.draw_soon()

    def _title(self) -> None:
        metrics, all_ = self.shown_metrics, self.subject.metrics
        title = [Cell("charts" if len(metrics) != 1 else metrics[0], "bold")]
        if len(all_) > len(metrics) > 0:
            title.append(Cell(f"  {len(metrics)} of {len(all_)} metrics", "dim"))
        end = [Cell(f"x = {self.settings.x}", "dim")]
        if self.subject.left_out:
            end.insert(0, Cell(f"{self.subject.left_out} more runs not drawn  ", "warn"))
        rule = self.query_one(Rule)
        rule.title, rule.end = tuple(title), tuple(end)
        rule.refresh()

    # ------------------------------------------------------------ drawing

    def draw_soon(self) -> None:
        """Draw when nothing else was asked for a moment."""
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(_REDRAW_S, self._draw)

    def on_drawing_wanted(self, event: DrawingWanted) -> None:
        """Draw for the size a chart has now."""
        event.stop()
        self.draw_soon()

    def _draw(self) -> None:
        lines, metrics = self.subject.lines, self.shown_metrics
        charts = [chart for chart in self.query(ChartView) if chart.display]
        if not charts:
            return  # no chart is mounted yet: it asks when it is
        if not lines or not metrics:
            charts[0].words = self._why_empty()
            return
        sizes = [(chart.id or "", chart.size.width, chart.size.height) for chart in charts]
        wanted = [
            (id_, metric, wide, high)
            for (id_, wide, high), metric in zip(sizes, metrics, strict=False)
            if wide > 0 and high > 0
        ]
        settings, theme = self.settings, chart_theme(self.app)
        as_table = self.has_class("-table")

        def work() -> CurvesReady:
            from workbench.tui.painter import Wish, look_of  # noqa: PLC0415 - numpy, after the paint

            painter = self._ready_painter()
            if as_table:
                return CurvesReady("table", painter.values(metrics[0], lines, settings.x), (0, 0))
            wishes = [Wish(*one) for one in wanted]
            look = look_of(settings, theme)
            return CurvesReady("charts", painter.paint(wishes, lines, settings, look), (0, 0))

        off_thread(self, work, group="charts", doing="Draw curves")

    def _ready_painter(self) -> "Painter":
        if self._painter is None:
            from workbench.tui.painter import Painter  # noqa: PLC0415

            self._painter = Painter(self._session.curves())
        return self._painter

    def on_curves_ready(self, event: CurvesReady) -> None:
        """Show the pictures that are still of the right size."""
        event.stop()
        if event.chart == "table":
            self.query_one("#values", Lines).show(event.drawing)
            return
        for picture in event.drawing:
            chart = self.query_one(f"#{picture.wish.chart}", ChartView)
            if (chart.size.width, chart.size.height) != (picture.wish.width, picture.wish.height):
                continue
            chart.words = ""
            chart.drawing = picture.drawing

    def _why_empty(self) -> str:
        if not self.subject.lines:
            return "Put the cursor on a run to see its curves."
        return "This run has logged no metric yet."

    # ------------------------------------------------------------ keys

    def press_chart_table(self) -> None:
        """Show the values as a table, or the chart again."""
        self.toggle_class("-table")
        self.draw_soon()

    def printing(self) -> Callable[[], tuple[str, ...]]:
        """Return what prints the charts as they are now, for a file; to be called in a worker."""
        lines, metrics, settings = self.subject.lines, self.shown_metrics, self.settings
        theme = chart_theme(self.app)

        def print_charts() -> tuple[str, ...]:
            from workbench.tui.painter import look_of  # noqa: PLC0415 - numpy

            painter, look = self._ready_painter(), look_of(settings, theme)
            return tuple(painter.printed(one, lines, settings, look) for one in metrics if lines)

        return print_charts

    def cycle_columns(self) -> None:
        """One chart, two, three side by side, as many as fit."""
        most = max(1, self.size.width // _LEAST_WIDE)
        self._choose(columns=(self.settings.columns + 1) % (most + 1))
