"""One chart over many runs, with the keys that choose what is on its axes and who gets through.

The owner says which runs and which kind; the pane has the picture made off the UI thread
and tells its owner what a person chose. One picture is made at a time, then the newest
that is wanted; another size is drawn from the figure there is.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.reactive import reactive

from workbench.errors import WorkbenchError
from workbench.operations.session import Session
from workbench.tui.cells import Cell
from workbench.tui.keyed import bindings
from workbench.tui.keys import Scope
from workbench.tui.messages import CurvesMissed, FigureDrawn, PictureReady
from workbench.tui.offload import off_thread
from workbench.tui.one_at_a_time import PATIENCE_S, SECOND_S, OneAtATime, reading_words
from workbench.tui.plot.keys import PlotKeys
from workbench.tui.plot.words import table_lines
from workbench.tui.toast import tell_error
from workbench.tui.widgets.chart_view import ChartView, DrawingWanted, chart_theme
from workbench.tui.widgets.lines import Lines, Rule
from workbench.words import count, plural

if TYPE_CHECKING:
    from workbench.charts.drawing import Drawing
    from workbench.charts.palette import Theme
    from workbench.operations.many import Asked, Picture

_REDRAW_S = 0.05
"""Wishes that come so close together are one picture."""
_CALM_S = 1.0
"""For so long nothing is read between two pictures that only the runs' news asked for."""
_STOPPED = "Stopped reading; a key of the chart begins again."


class Drawn(NamedTuple):
    """A figure in cells, and what it was drawn for."""

    drawing: "Drawing"
    size: tuple[int, int]
    theme: "Theme"


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
        self.reading = False
        """Runs have been read for longer than a moment."""
        self._session = session
        self._reading = OneAtATime(session.clock.steady)
        self._drawing = OneAtATime(session.clock.steady)
        self._drawn: Drawn | None = None
        self._news = False
        """There was news while a picture was made."""
        self._pending: Any = None
        self._slow: Any = None

    def compose(self) -> ComposeResult:
        """Put a hairline over the chart, and the table that takes its place."""
        yield Rule((Cell("chart", "dim"),))
        yield PlotView(id="plot-view")
        yield Lines(id="plot-values")

    # ------------------------------------------------------------ asking

    def watch_asked(self, before: "Asked | None", now: "Asked | None") -> None:
        """Answer another question; the same one set again means news of the runs."""
        if before == now:
            self.news()
        else:
            self.read_soon()

    def on_unmount(self) -> None:
        """Let go of what is being read."""
        self._reading.let_go()

    def read_soon(self) -> None:
        """Answer what somebody chose, when nothing else was chosen for a moment."""
        self._reading.stopped = False
        self._later(_REDRAW_S)

    def news(self) -> None:
        """Answer again at a calm pace, once what is under way has come back."""
        if self._reading.stopped:
            return
        if self._reading.under_way:
            self._news = True
        elif self._pending is None:
            self._later(_CALM_S)

    def _later(self, seconds: float) -> None:
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(seconds, self._read)

    def _read(self) -> None:
        self._pending = None
        asked = self.asked
        if asked is None or not self.is_attached or not self._reading.free():
            return
        session, theme, size = self._session, chart_theme(self.app), self._cells()
        self._news, going = False, self._reading.begin()
        self._slow = self.set_timer(PATIENCE_S, self._say_reading)

        def work() -> PictureReady:
            from workbench.charts.figure_canvas import draw_figure  # noqa: PLC0415 - numpy
            from workbench.operations.many import picture  # noqa: PLC0415

            try:
                found = picture(session, asked, theme)
            except WorkbenchError as error:
                return PictureReady(asked, None, str(error))
            if not going():
                return PictureReady(None, None, None)
            drawn = draw_figure(found.figure, width=size[0], height=size[1], theme=theme)
            return PictureReady(asked, found, Drawn(drawn, size, theme))

        off_thread(self, work, group="plot", wrong=CurvesMissed)

    def _cells(self) -> tuple[int, int]:
        width, height = self.query_one(PlotView).size
        return max(width, 1), max(height, 1)

    def _say_reading(self) -> None:
        """Say that runs are being read, and for how long.

        What was stopped may be under way for long yet: nothing is said of it.
        """
        if not self._reading.under_way:
            return
        self._slow = self.set_timer(SECOND_S, self._say_reading)
        if not self._reading.stopped:
            self.reading = True
            self._say("reading …")

    def stop_reading(self) -> None:
        """Let go of what is being read; what was drawn stays until somebody chooses something."""
        if self._reading.under_way:
            self._reading.stop()
            if self._pending is not None:
                self._pending.stop()
                self._pending = None
            self.reading = self._news = False
            self._say(_STOPPED)

    def _say(self, words: str) -> None:
        """Say in the hairline what is done, and in place of the chart where there is none."""
        view = self.query_one(PlotView)
        if view.drawing is None:
            view.words = words
        self._title()

    def press_back(self) -> None:
        """Stop reading; else do what the screen does."""
        if self.reading:
            self.stop_reading()
            return
        back = getattr(self.screen, "press_back", None)
        if back is not None:
            back()

    # ------------------------------------------------------------ showing

    def _done(self) -> None:
        """Take up what was wanted meanwhile."""
        self._slow.stop()
        self.reading = False
        if self._reading.done():
            self._later(_REDRAW_S)
        elif self._news:
            self.news()

    def on_picture_ready(self, event: PictureReady) -> None:
        """Show a picture, unless something else is asked by now or it was stopped."""
        event.stop()
        stopped = self._reading.stopped
        self._done()
        if not stopped and event.asked == self.asked:
            self._show(event.picture, event.drawing)
        self._title()

    def _show(self, found: "Picture | None", drawing: "Drawn | str") -> None:
        view = self.query_one(PlotView)
        self.picture, self._drawn = found, None
        if found is None or isinstance(drawing, str):
            view.words = str(drawing)
            return
        self._show_drawing(drawing)
        self.query_one("#plot-values", Lines).show(table_lines(found))
        self._draw()  # of the size the chart has by now

    def on_curves_missed(self, event: CurvesMissed) -> None:
        """Say why there is no picture; the one before stays."""
        event.stop()
        self._done()
        self._title()
        tell_error(self.app, "Draw the chart", event.error)

    # ------------------------------------------------------------ the same figure in another size

    def on_drawing_wanted(self, event: DrawingWanted) -> None:
        """Draw for the size the chart has now; runs are read anew only for other colours."""
        event.stop()
        if self._drawn is not None and self._drawn.theme != chart_theme(self.app):
            self.read_soon()
        else:
            self._draw()

    def _draw(self) -> None:
        found, size, theme = self.picture, self._cells(), chart_theme(self.app)
        if found is None or self._drawn is None or self._drawn.theme != theme:
            return
        if self._drawn.size == size or not self._drawing.free():
            return
        self._drawing.begin()

        def work() -> FigureDrawn:
            from workbench.charts.figure_canvas import draw_figure  # noqa: PLC0415 - numpy

            drawn = draw_figure(found.figure, width=size[0], height=size[1], theme=theme)
            return FigureDrawn(found, Drawn(drawn, size, theme))

        wrong = partial(FigureDrawn, found, None)
        off_thread(self, work, group="plot-again", wrong=wrong)

    def on_figure_drawn(self, event: FigureDrawn) -> None:
        """Show a figure in its new size, unless there is another by now."""
        event.stop()
        again = self._drawing.done()
        if event.error is not None:
            tell_error(self.app, "Draw the chart", event.error)
        elif event.picture is self.picture:
            self._show_drawing(event.drawing)
        if again:
            self._draw()

    def _show_drawing(self, drawn: Drawn) -> None:
        view = self.query_one(PlotView)
        self._drawn = drawn
        view.words = ""
        view.drawing = drawn.drawing

    def _title(self) -> None:
        rule = self.query_one(Rule)
        rule.title = (Cell(self.asked.kind if self.asked else "chart", "bold"),)
        rule.end = tuple(self._facts())
        rule.refresh()

    def _facts(self) -> Iterator[Cell]:
        """Return what stands at the right of the hairline."""
        found = self.picture
        if self.reading:
            yield Cell(f"{reading_words(self._reading.past)}  ", "accent")
        elif self._reading.stopped:
            yield Cell("stopped reading  ", "warn")
        if self.asked is not None and self.asked.filter:
            yield Cell(f"/{self.asked.filter}  ", "accent")
        for one in found.ranges if found is not None else ():
            yield Cell(f"{one}  ", "accent")
        if found is not None and found.inside < found.total:
            through = f"{count(found.inside)} of {plural(found.total, 'run')} let through"
            yield Cell(through, "accent")
        elif found is not None:
            yield Cell(plural(found.total, "run"), "dim")

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
