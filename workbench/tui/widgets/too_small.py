"""A terminal that is too small gets one line and a way out."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from workbench.tui.cells import Cell, Line
from workbench.tui.keys import BY_ID
from workbench.tui.repainted import Dialog
from workbench.tui.widgets.lines import OneLine

if TYPE_CHECKING:
    from textual.app import App

LEAST_WIDTH, LEAST_HEIGHT = 80, 24


class _Sentence(OneLine):
    def line(self, width: int) -> Line:
        size = self.app.size
        least = f"{LEAST_WIDTH}x{LEAST_HEIGHT}"
        said = f"Terminal is {size.width}x{size.height}; the workbench needs {least}."
        whole = (Cell(f"{said} ", "warn"), Cell("q", "bold key"), Cell(" quits.", "dim"))
        short = (Cell(f"needs {least}, ", "warn"), Cell("q quits", "dim"))
        return whole if len(said) + 10 <= width else short


class TooSmallScreen(Dialog[None]):
    """Stand in front of everything until the terminal is large enough."""

    DEFAULT_CSS = "TooSmallScreen { background: $background; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(BY_ID["quit"].keys), "app.quit", show=False)
    ]

    def compose(self) -> ComposeResult:
        """Say the one sentence."""
        yield _Sentence()


def guard_size(app: "App[Any]") -> None:
    """Show or hide the sentence; called whenever the terminal changes its size."""
    # An app learns its new size only after its own handler of the event ran.
    app.call_later(_guard, app)


def _guard(app: "App[Any]") -> None:
    small = app.size.width < LEAST_WIDTH or app.size.height < LEAST_HEIGHT
    shown = isinstance(app.screen, TooSmallScreen)
    if small and not shown:
        app.push_screen(TooSmallScreen())
    elif shown and not small:
        app.pop_screen()
    elif shown:
        app.screen.query_one(_Sentence).refresh()
