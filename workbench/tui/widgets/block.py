"""Lines of cells as high as they are: pieces of a page that scrolls as a whole."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.cells import Line, shorten_line
from workbench.tui.inks import inks_on
from workbench.tui.widgets.lines import Draw


class Block(Widget, can_focus=False):
    """Show lines that are made for the width there is, and take the room they need."""

    DEFAULT_CSS = "Block { height: auto; width: 1fr; }"

    def __init__(self, draw: Draw, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._draw = draw
        self._made: tuple[int, Sequence[Line]] = (0, ())

    def show(self, draw: Draw) -> None:
        """Show other lines."""
        self._draw = draw
        self._made = (0, ())
        self.refresh(layout=True)

    def _lines(self, width: int) -> Sequence[Line]:
        if self._made[0] != width:
            self._made = (width, self._draw(width))
        return self._made[1]

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        width = self.size.width
        lines = self._lines(width)
        if y >= len(lines):
            return inks_on(self).blank(width)
        return inks_on(self).strip(shorten_line(lines[y], width))
