"""Something that is wanted or not: a box with a cross in it or none, told without colour."""

from textual.events import Click, Key
from textual.reactive import reactive

from workbench.tui.cells import Cell, Line
from workbench.tui.widgets.lines import OneLine


class Tick(OneLine, can_focus=True):
    """Turn something on or off with the space bar or a click."""

    value: reactive[bool] = reactive(False, init=False)

    def __init__(self, words: str, value: bool, *, id: str | None = None) -> None:  # noqa: A002 - as Textual's
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Tick.value, value)

    def line(self, width: int) -> Line:  # noqa: ARG002 - cut by the widget
        """Return the box and its words; the cursor's bar stands before what has the focus."""
        box = "[x]" if self.value else "[ ]"
        bar = Cell("▌" if self.has_focus else " ", "bold accent")
        return (bar, Cell(f"{box} ", "bold key"), Cell(self._words, "bold" if self.value else ""))

    def on_key(self, event: Key) -> None:
        """Turn it."""
        if event.key == "space":
            event.stop()
            self.value = not self.value

    def on_click(self, event: Click) -> None:
        """Turn it."""
        event.stop()
        self.value = not self.value

    def on_focus(self) -> None:
        """Show the bar."""
        self.refresh()

    def on_blur(self) -> None:
        """Take the bar away."""
        self.refresh()
