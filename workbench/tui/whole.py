"""A text too long for its line, on a screen of its own."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.tui.cells import Cell, Line
from workbench.tui.folding import folded
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.repainted import Dialog
from workbench.tui.toast import tell
from workbench.tui.widgets.lines import Lines, Rule


class WholeScreen(Keyed, Dialog[None]):
    """Show the whole of a text; y copies it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    DEFAULT_CSS = """
    WholeScreen { align: center middle; background: $background 70%; }
    WholeScreen > Rule { width: 100%; background: $background; }
    WholeScreen > Lines { width: 100%; height: 1fr; background: $background; padding: 0 1; }
    """

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Put the title over the text."""
        end = (
            Cell("y", "bold key"),
            Cell(" copies  ", "dim"),
            Cell("Esc", "bold key"),
            Cell(" closes", "dim"),
        )
        yield Rule((Cell(self._title, "bold"),), end=end)
        yield Lines(self._lines)

    def _lines(self, width: int) -> list[Line]:
        return [(Cell(part),) for part in folded(self._text, width)]

    def press_copy(self) -> None:
        """Copy the text."""
        self.app.copy_to_clipboard(self._text)
        tell(self.app, "Copied.")

    def press_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    press_quit = press_back
