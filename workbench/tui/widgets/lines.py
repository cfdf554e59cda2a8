"""Lines of cells on the screen: the simplest widget, and the base of most others.

What is shown is a value, one tuple of cells per line. It scrolls when there is
more than fits.
"""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Resize
from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.cells import Cell, Line, shorten_line, width_of_line
from workbench.tui.inks import inks_on
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope

Draw = Callable[[int], Sequence[Line]]


class OneLine(Widget):
    """Show a single line that is made for the width it gets."""

    DEFAULT_CSS = "OneLine { height: 1; width: 1fr; }"

    def line(self, width: int) -> Line:
        """Return what to show in ``width`` cells."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        if y:
            return inks_on(self).blank(width)
        return inks_on(self).strip(shorten_line(self.line(width), width))


class Lines(Keyed, ScrollView, can_focus=True):
    """Show lines of cells, scrolled when there are more than fit.

    ``draw`` makes the lines for a width; it is called again when the width changes.
    """

    SCOPES: ClassVar[tuple[Scope, ...]] = ("text",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("text")]
    DEFAULT_CSS = """
    Lines { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    draw: reactive[Draw | None] = reactive(None, init=False)

    def __init__(
        self,
        draw: Draw | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._lines: Sequence[Line] = ()
        self.set_reactive(Lines.draw, draw)

    def show(self, lines: Sequence[Line]) -> None:
        """Show lines that are the same at every width."""
        self.draw = lambda _width: lines

    def text(self) -> str:
        """Return all lines as plain text, for copying."""
        return "\n".join("".join(cell.text for cell in line) for line in self._lines)

    def watch_draw(self) -> None:
        """Make the lines anew."""
        self._make()

    def on_mount(self) -> None:
        """Make the lines anew when the scrollbar takes a column, or gives it back."""
        self.watch(self, "show_vertical_scrollbar", self._make, init=False)

    def on_resize(self, _event: Resize) -> None:
        """Make the lines for the new width."""
        self._make()

    def _make(self) -> None:
        width = self.scrollable_content_region.width
        if self.draw is None or width < 1:
            return
        self._lines = self.draw(width)
        self.virtual_size = Size(0, len(self._lines))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line of the window."""
        width = self.scrollable_content_region.width
        place = self.scroll_offset.y + y
        if place >= len(self._lines):
            return inks_on(self).blank(width)
        return inks_on(self).strip(shorten_line(self._lines[place], width))

    def press_up(self) -> None:
        """Scroll up one line."""
        self.scroll_relative(y=-1, animate=False)

    def press_down(self) -> None:
        """Scroll down one line."""
        self.scroll_relative(y=1, animate=False)

    def press_page_up(self) -> None:
        """Scroll up one page."""
        self.scroll_relative(y=1 - self.size.height, animate=False)

    def press_page_down(self) -> None:
        """Scroll down one page."""
        self.scroll_relative(y=self.size.height - 1, animate=False)

    def press_top(self) -> None:
        """Scroll to the first line."""
        self.scroll_home(animate=False)

    def press_bottom(self) -> None:
        """Scroll to the last line."""
        self.scroll_end(animate=False)


class Rule(OneLine):
    """A hairline with a title in it; brighter when the pane below has the focus."""

    title: reactive[Line] = reactive((), init=False)
    end: reactive[Line] = reactive((), init=False)

    def __init__(
        self,
        title: Line = (),
        *,
        end: Line = (),
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(Rule.title, title)
        self.set_reactive(Rule.end, end)

    def on_mount(self) -> None:
        """Follow the focus."""
        self.watch(self.screen, "focused", self._follow_focus, init=False)

    def _follow_focus(self) -> None:
        self.refresh()

    def line(self, width: int) -> Line:
        """Return the hairline around its titles."""
        parent = self.parent
        lit = isinstance(parent, Widget) and parent.has_focus_within
        return rule_line(self.title, self.end, width, lit=lit)


def rule_line(title: Line, end: Line, width: int, *, lit: bool = False) -> tuple[Cell, ...]:
    """Return a hairline of ``width`` cells with a title at the left and facts at the right."""
    style = "accent" if lit else "rule"
    right = (Cell(" ", style), *end, Cell(" ─", style)) if end else ()
    left = (Cell("── ", style), *title, Cell(" ", style)) if title else ()
    right = shorten_line(right, max(0, width - 6))
    left = shorten_line(left, max(0, width - width_of_line(right)))
    used = width_of_line(left) + width_of_line(right)
    return (*left, Cell("─" * max(0, width - used), style), *right)
