"""One chart over many runs, with the keys that choose what is on its axes and who gets through.

The owner says which runs and which kind; the pane has the picture made off the UI thread
and tells its owner what a person chose.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.reactive import reactive

from workbench.errors import WorkbenchError
from workbench.operations.session import Session
from workbench.tui.cells import Cell
from workbench.tui.keyed import bindings
from workbench.tui.keys import Scope
from workbench.tui.messages import PictureReady
from workbench.tui.offload import off_thread
from workbench.tui.plot.keys import PlotKeys
from workbench.tui.plot.words import table_lines
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted, chart_theme
from workbench.tui.widgets.lines import Lines, Rule
from workbench.words import count, plural

if TYPE_CHECKING:
    from workbench.charts.drawing import Drawing
    from workbench.operations.many import Asked

_REDRAW_S = 0.05


class PlotView(ChartView, inherit_bindings=False):
    """A chart over many runs."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("plot",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("plot")]


class PlotPane(PlotKeys, Vertical):
    """Show one chart over many runs."""

    DEFAULT_CSS = """
    PlotPane { height: 1fr; }
    PlotPane #plot-values { display: none; }
    PlotPane.-table PlotView { display: none; }
    PlotPane.-table #plot-values { display: block; }
    """

    asked: "reactive[Asked | None]" = reactive(None, init=False, always_update=True)
    """Set again with the same question, it is answered again."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._session = session
        self._pending: Any = None

    def compose(self) -> ComposeResult:
        """Put a hairline over the chart, and the table that takes its place."""
        yield Rule((Cell("chart", "dim"),))
        yield PlotView(id="plot-view")
        yield Lines(id="plot-values")

    # ------------------------------------------------------------ asking and showing

    def watch_asked(self) -> None:
        """Answer another question."""
        self.draw_soon()

    def on_drawing_wanted(self, event: DrawingWanted) -> None:
        """Draw for the size the chart has now."""
        event.stop()
        self.draw_soon()

    def draw_soon(self) -> None:
        """Draw when nothing else was asked for a moment."""
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(_REDRAW_S, self._draw)

    def _draw(self) -> None:
        asked, view = self.asked, self.query_one(PlotView)
        width, height = view.size
        if asked is None or not self.is_attached:
            return
        session, theme = self._session, chart_theme(self.app)

        def work() -> PictureReady:
            from workbench.charts.figure_canvas import draw_figure  # noqa: PLC0415 - numpy
            from workbench.operations.many import picture  # noqa: PLC0415

            try:
                found = picture(session, asked, theme)
            except WorkbenchError as error:
                return PictureReady(asked, None, str(error))
            wide, high = max(width, 1), max(height, 1)
            return PictureReady(
                asked, found, draw_figure(found.figure, width=wide, height=high, theme=theme)
            )

        off_thread(self, work, group="plot", doing="Draw the chart")

    def on_picture_ready(self, event: PictureReady) -> None:
        """Show a picture, unless something else is asked by now."""
        event.stop()
        if event.asked != self.asked:
            return
        view = self.query_one(PlotView)
        self.picture = event.picture
        if event.picture is None:
            view.words = str(event.drawing)
        else:
            view.words = ""
            view.drawing = event.drawing
            self.query_one("#plot-values", Lines).show(table_lines(event.picture))
        self._title()

    def _title(self) -> None:
        rule, found = self.query_one(Rule), self.picture
        title = [Cell(self.asked.kind if self.asked else "chart", "bold")]
        end: list[Cell] = []
        if self.asked is not None and self.asked.filter:
            end.append(Cell(f"/{self.asked.filter}  ", "accent"))
        if found is not None:
            if found.inside < found.total:
                end.append(
                    Cell(f"{count(found.inside)} of {plural(found.total, 'run')} let through",
                         "accent")
                )  # fmt: skip
            else:
                end.append(Cell(plural(found.total, "run"), "dim"))
        rule.title, rule.end = tuple(title), tuple(end)
        rule.refresh()

    @property
    def drawing(self) -> "Drawing | None":
        """Return the picture on the screen, for a file."""
        return self.query_one(PlotView).drawing

    def printing(self) -> Callable[[], tuple[str, ...]]:
        """Return what prints the chart as it is now, for a file; to be called in a worker."""
        found = self.picture

        def print_chart() -> tuple[str, ...]:
            from workbench.charts.figure_printed import printed_figure  # noqa: PLC0415 - numpy

            if found is None:
                return ()
            return (printed_figure(found.figure, width=100, height=24, color=False),)

        return print_chart
