"""Charts of some runs: one, or a grid of them, with the keys that belong to charts.

The owner says which runs and which metrics; the pane decides how many charts fit,
has them drawn off the UI thread, and keeps what a person chose. One drawing is under
way at a time: a wish that comes meanwhile makes it let go, and begins when it has.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Vertical
from textual.events import Resize
from textual.message import Message
from textual.reactive import reactive

from workbench.charts.grid import grid
from workbench.operations.session import Session
from workbench.operations.views import METRIC_AXIS
from workbench.tui.cells import Cell
from workbench.tui.chart_keys import ChartKeys
from workbench.tui.chart_settings import ChartSettings, Subject
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope
from workbench.tui.messages import CurvesMissed, CurvesReady
from workbench.tui.offload import off_thread
from workbench.tui.one_at_a_time import PATIENCE_S, SECOND_S, OneAtATime, reading_words
from workbench.tui.toast import tell_error
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted, chart_theme
from workbench.tui.widgets.headed import HeadedLines
from workbench.tui.widgets.lines import Rule
from workbench.tui.widgets.strip import LineStrip
from workbench.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.charts.reduction import Frame
    from workbench.tui.chart_values import ReadOut, Table
    from workbench.tui.painter import Painter, Picture

_MOST_CHARTS = 12
_REDRAW_S = 0.05
"""Wishes that come so close together are one drawing."""
_MOST_READ_OUT = 3
"""Lines under the hairline; a tenth of a small screen."""
_AXIS_CELLS = 10
_HEADS = 3
"""Lines of the table that stay above its values: title, legend of brackets, heads."""
_STOPPED = "Stopped reading; a key of the charts begins again."


class ChartPane(ChartKeys, Keyed, Vertical):
    """Show charts of the runs somebody chose; its keys hold for the table of them too."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("chart",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chart")]

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
        self.reading = False
        """Curves have been read for longer than a moment."""
        self._session = session
        self._single = single
        self._painter: Painter | None = None
        self._pending: Any = None
        self._slow: Any = None
        self._work = OneAtATime(session.clock.steady)
        self._pictures: dict[str, Picture] = {}
        self._brought: float | None = None
        """The place the table was last moved to; it is left alone until another is wanted."""

    def compose(self) -> ComposeResult:
        """Put a hairline over as many charts as there could be."""
        yield Rule((Cell("charts", "dim"),))
        yield LineStrip()
        with Grid():
            for number in range(_MOST_CHARTS):
                chart = ChartView(id=f"chart-{number}")
                chart.display = number == 0
                yield chart
        yield HeadedLines(_HEADS, id="values")

    def on_unmount(self) -> None:
        """Let go of what is being read."""
        self._work.let_go()

    # ------------------------------------------------------------ what is shown

    @property
    def shown_metrics(self) -> tuple[str, ...]:
        """Return the metric of each chart, the chosen one first."""
        metrics = self.subject.metrics
        if not metrics:
            return ()
        start = metrics.index(self.settings.metric) if self.settings.metric in metrics else 0
        columns, rows = self._shape()
        return (metrics[start:] + metrics[:start])[: max(1, columns * rows)]

    def _shape(self) -> tuple[int, int]:
        if self._single:
            return 1, 1
        chosen, high = self.settings, self.size.height - 1
        charts = min(len(self.subject.metrics), _MOST_CHARTS)
        found = grid(charts, self.size.width, high, columns=chosen.columns, rows=chosen.rows)
        return found.columns, found.rows

    def seen(self) -> "tuple[Frame, int] | None":
        """Return what the chart in focus shows of the x-axis, and its width in cells."""
        picture = self._pictures.get(self._in_focus())
        return (picture.frame, picture.wish.width - _AXIS_CELLS) if picture else None

    def _in_focus(self) -> str:
        focused = self.screen.focused
        inside = isinstance(focused, ChartView) and focused in self.query(ChartView)
        return str(focused.id) if inside and focused is not None else "chart-0"

    def on_resize(self, _event: Resize) -> None:
        """Lay the charts out for the new size."""
        self._lay_out()

    def watch_subject(self, before: Subject, now: Subject) -> None:
        """Draw other runs; the same ones again unless somebody stopped that."""
        if not self._work.stopped or (before.shown, before.metrics) != (now.shown, now.metrics):
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
        place = self.query_one(Grid)
        metrics = self.shown_metrics
        place.styles.grid_size_columns = max(1, min(columns, len(metrics) or 1))
        place.styles.grid_size_rows = max(1, min(rows, -(-len(metrics) // max(columns, 1)) or 1))
        for number, chart in enumerate(place.query(ChartView)):
            chart.display = number < max(1, len(metrics))
        self._work.stopped = False
        self._title()
        self.draw_soon()

    def _title(self) -> None:
        metrics, all_ = self.shown_metrics, self.subject.metrics
        title = [Cell("charts" if len(metrics) != 1 else metrics[0], "bold")]
        if len(all_) > len(metrics) > 0:
            title.append(Cell(f"  {len(metrics)} of {count(len(all_))} metrics", "dim"))
        rule = self.query_one(Rule)
        rule.title, rule.end = tuple(title), self._facts()
        rule.refresh()

    def _facts(self) -> tuple[Cell, ...]:
        """Return what stands at the right of the hairline."""
        facts = []
        if self.reading:
            facts.append(Cell(reading_words(self._work.past), "accent"))
        elif self._work.stopped:
            facts.append(Cell("stopped reading", "warn"))
        if self.subject.left_out:
            shown = len(self.subject.shown)
            facts.append(Cell(f"{shown} of {shown + self.subject.left_out} runs drawn", "warn"))
        x, scale = self.settings.x.removeprefix(METRIC_AXIS), self.settings.x_scale
        facts.append(Cell(f"x = {x}" if scale == "linear" else f"x = {x}, {scale}", "dim"))
        return tuple(cell for fact in facts for cell in (Cell("  "), fact))[1:]

    # ------------------------------------------------------------ drawing

    def draw_soon(self) -> None:
        """Draw in a moment, together with what else is wanted until then."""
        if self._pending is None:
            self._pending = self.set_timer(_REDRAW_S, self._draw)

    def on_drawing_wanted(self, event: DrawingWanted) -> None:
        """Draw for the size a chart has now."""
        event.stop()
        if not self._work.stopped:
            self.draw_soon()

    def _draw(self) -> None:
        self._pending = None
        if not self._work.free():
            return
        charts = [chart for chart in self.query(ChartView) if chart.display]
        metrics = self.shown_metrics
        if not charts:
            return  # no chart is mounted yet: it asks when it is
        if not self.subject.shown or not metrics:
            self._pictures = {}
            self.query_one(LineStrip).lines = ()
            charts[0].words = self._why_empty()
            return
        wanted = [
            (chart.id or "", metric, *chart.size)
            for chart, metric in zip(charts, metrics, strict=False)
            if chart.size.width > 0 and chart.size.height > 0
        ]
        self._begin(wanted, metrics[0])

    def _begin(self, wanted: list[tuple[str, str, int, int]], metric: str) -> None:
        going = self._work.begin()
        self._slow = self.set_timer(PATIENCE_S, self._say_reading)
        subject, settings, theme = self.subject, self.settings, chart_theme(self.app)
        as_table, width = self.has_class("-table"), self.size.width - 1  # its scrollbar

        def work() -> CurvesReady:
            from workbench.tui.painter import Wish, look_of  # noqa: PLC0415 - numpy, after the paint

            painter, look = self._ready_painter(), look_of(settings, theme)
            if as_table:
                values = painter.values(metric, subject, settings, look, going, width=width)
                return CurvesReady("table", values if going() else None, (0, 0))
            wishes = [Wish(*one) for one in wanted]
            return CurvesReady(
                "charts", painter.paint(wishes, subject, settings, look, going), (0, 0)
            )

        off_thread(self, work, group="charts", wrong=CurvesMissed)

    def _ready_painter(self) -> "Painter":
        if self._painter is None:
            from workbench.tui.painter import Painter  # noqa: PLC0415

            self._painter = Painter(self._session.curves(), lambda: self._session.goals)
        return self._painter

    def _say_reading(self) -> None:
        """Say that curves are being read, and for how long.

        What was stopped may be under way for long yet: nothing is said of it.
        """
        if not self._work.under_way:
            return
        self._slow = self.set_timer(SECOND_S, self._say_reading)
        if not self._work.stopped:
            self.reading = True
            self._say("reading …")

    def stop_reading(self) -> None:
        """Let go of what is being read; what was drawn stays."""
        if not self._work.under_way:
            return
        self._work.stop()
        if self._pending is not None:
            self._pending.stop()
            self._pending = None
        self.reading = False
        self._say(_STOPPED)

    def _say(self, words: str) -> None:
        """Say in the hairline what is done, and in place of every chart there is not yet."""
        for chart in self.query(ChartView):
            if chart.drawing is None:
                chart.words = words
        self._title()

    def _done(self) -> None:
        """Take up what was wanted meanwhile."""
        self._slow.stop()
        again, said, self.reading = self._work.done(), self.reading, False
        if said or self._work.stopped:
            self._title()
        if again:
            self.draw_soon()

    def on_curves_ready(self, event: CurvesReady) -> None:
        """Show the pictures that are still of the right size."""
        event.stop()
        self._done()
        if event.chart == "table":
            if event.drawing is not None:
                self._show_table(event.drawing)
            return
        self._show(event.drawing)

    def _show(self, pictures: "Sequence[Picture]") -> None:
        for picture in pictures:
            self._pictures[picture.wish.chart] = picture
            chart = self.query_one(f"#{picture.wish.chart}", ChartView)
            if chart.size == (picture.wish.width, picture.wish.height):
                chart.words = ""
                chart.drawing = picture.drawing

        read_off = self._pictures.get(self._in_focus()) or self._pictures.get("chart-0")
        self._read_out(read_off.read if read_off else None)

    def _show_table(self, table: "Table") -> None:
        """Show the values as a table, and bring the place of the crosshair in sight."""
        values = self.query_one("#values", HeadedLines)
        values.show(table.lines)
        self._read_out(table.read)
        if table.here is not None and self._brought != self.settings.at:
            values.call_after_refresh(values.bring, table.here)
        self._brought = self.settings.at

    def _read_out(self, read: "ReadOut | None") -> None:
        """Write the values under the crosshair below the hairline."""
        lines: tuple[Any, ...] = ()
        if self.settings.at is not None and read is not None:
            from workbench.tui.chart_values import read_out_lines  # noqa: PLC0415 - numpy

            lines = read_out_lines(read, self.size.width, _MOST_READ_OUT)
        self.query_one(LineStrip).lines = lines

    def on_curves_missed(self, event: CurvesMissed) -> None:
        """Say why there is no picture."""
        event.stop()
        self._done()
        tell_error(self.app, "Draw curves", event.error)

    def _why_empty(self) -> str:
        if not self.subject.shown:
            return "Put the cursor on a run to see its curves."
        return self.subject.none

    # ------------------------------------------------------------ out of the screen

    def press_chart_table(self) -> None:
        """Show the values as a table, or the chart again; the focus stays inside."""
        inside = self.has_focus_within
        self.toggle_class("-table")
        self._brought = None
        if inside:
            shown = self.query_one("#values" if self.has_class("-table") else "#chart-0")
            self.call_after_refresh(shown.focus)
        self.draw_soon()

    def printing(self) -> Callable[[], tuple[str, ...]]:
        """Return what prints the charts as they are now, for a file; to be called in a worker."""
        subject, metrics, settings = self.subject, self.shown_metrics, self.settings
        theme = chart_theme(self.app)

        def print_charts() -> tuple[str, ...]:
            from workbench.tui.painter import look_of  # noqa: PLC0415 - numpy

            painter, look = self._ready_painter(), look_of(settings, theme)
            return tuple(
                painter.printed(one, subject, settings, look) for one in metrics if subject.shown
            )

        return print_charts

    def picturing(self) -> Callable[[], dict[str, str]]:
        """Return what makes an SVG of every chart shown, by metric; to be called in a worker."""
        subject, metrics, settings = self.subject, self.shown_metrics, self.settings
        theme = chart_theme(self.app)

        def picture_charts() -> dict[str, str]:
            from workbench.tui.painter import look_of  # noqa: PLC0415 - numpy

            painter, look = self._ready_painter(), look_of(settings, theme)
            shown = metrics if subject.shown else ()
            return {one: painter.pictured(one, subject, settings, look) for one in shown}

        return picture_charts
