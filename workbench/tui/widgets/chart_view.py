"""A chart that somebody else drew, shown line by line.

The view says which size it has; its owner draws in a worker and hands back the
picture. The picture before stays until the next one comes.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Blur, Focus, Resize
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from workbench.charts.drawing import Drawing, Ink, Row
from workbench.charts.palette import DARK, LIGHT, Theme
from workbench.tui.cells import Cell, fit, width_of
from workbench.tui.folding import folded
from workbench.tui.inks import Inks, inks_on
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope

if TYPE_CHECKING:
    from textual.app import App


class DrawingWanted(Message):
    """A chart has this many cells and no picture of that size yet."""

    def __init__(self, view: "ChartView", width: int, height: int) -> None:
        super().__init__()
        self.view = view
        self.width = width
        self.height = height

    @property
    def control(self) -> "ChartView":
        """The chart that wants it."""
        return self.view

    def can_replace(self, message: Message) -> bool:
        """Stand in for a waiting wish of the same chart."""
        return isinstance(message, DrawingWanted) and message.view is self.view


class ChartView(Keyed, Widget, can_focus=True):
    """Show a drawing; ask for another one when the size changes."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("chart",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("chart")]
    DEFAULT_CSS = "ChartView { height: 1fr; width: 1fr; }"

    drawing: reactive[Drawing | None] = reactive(None, init=False)
    words: reactive[str] = reactive("", init=False)
    """Shown in place of a drawing: ``No run under the cursor has val/auc.``"""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._ready: list[Strip] = []

    def want(self) -> None:
        """Ask the owner for a drawing of the size of now."""
        width, height = self.size
        if width > 0 and height > 0:
            self.post_message(DrawingWanted(self, width, height))

    def on_resize(self, _event: Resize) -> None:
        """Ask for a drawing of the new size."""
        self.want()

    def on_focus(self, _event: Focus) -> None:
        """Let the rule above light up."""
        self.refresh()

    def on_blur(self, _event: Blur) -> None:
        """Let the rule above go dark."""
        self.refresh()

    def watch_drawing(self) -> None:
        """Turn the picture into strips, once."""
        self._ready = []

    def notify_style_update(self) -> None:
        """Ask for a drawing in the colours of the new theme."""
        self._ready = []
        super().notify_style_update()
        self.want()

    def render_line(self, y: int) -> Strip:
        """Return one line of the picture."""
        width, height = self.size
        if self.drawing is None or self.words:
            return self._words_line(y, width, height)
        if not self._ready:
            inks = inks_on(self)
            self._ready = [_strip(row, inks) for row in self.drawing.rows]
        if y >= len(self._ready):
            return inks_on(self).blank(width)
        return self._ready[y].adjust_cell_length(width, inks_on(self).painted(""))

    def _words_line(self, y: int, width: int, height: int) -> Strip:
        lines = folded(self.words, width) if self.words else []
        place = y - max(0, height - len(lines)) // 2
        if not 0 <= place < len(lines):
            return inks_on(self).blank(width)
        pad = max(0, (width - width_of(lines[place])) // 2)
        return inks_on(self).strip((Cell(fit(" " * pad + lines[place], width), "dim"),))


def chart_theme(app: "App[Any]") -> Theme:
    """Return the colours for charts that go with the app's theme of the moment."""
    return DARK if app.current_theme.dark else LIGHT


def _strip(row: Row, inks: Inks) -> Strip:
    return Strip([Segment(span.text, _style(span.style, inks)) for span in row])


def _style(ink: Ink, inks: Inks) -> Style:
    names = f"#{ink.color:06x}" if ink.color is not None else ("dim" if ink.dim else "plain")
    style = inks.painted(f"{names} bold" if ink.bold else names)
    return style if ink.back is None else style + Style(bgcolor=f"#{ink.back:06x}")
