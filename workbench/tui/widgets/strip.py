"""A few lines of cells that are only read: no focus, no scrolling."""

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.cells import Line, shorten_line
from workbench.tui.inks import inks_on


class LineStrip(Widget):
    """Show lines, as high as there are lines; nothing at all where there are none."""

    DEFAULT_CSS = "LineStrip { height: 0; width: 1fr; display: none; }"

    lines: reactive[tuple[Line, ...]] = reactive((), init=False)

    def watch_lines(self) -> None:
        """Take as much room as is needed."""
        self.styles.height = len(self.lines)
        self.display = bool(self.lines)

    def render_line(self, y: int) -> Strip:
        """Return one of the lines."""
        width = self.size.width
        if y >= len(self.lines):
            return inks_on(self).blank(width)
        return inks_on(self).strip(shorten_line(self.lines[y], width))
