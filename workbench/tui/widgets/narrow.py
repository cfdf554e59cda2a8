"""A line in which letters narrow what a pane lists; Enter keeps them, Esc takes them off."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from workbench.tui.cells import Cell, Line
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope
from workbench.tui.widgets.lines import OneLine


class NarrowBox(Keyed, Horizontal):
    """Take the letters; hidden until somebody wants it."""

    DEFAULT_CSS = """
    NarrowBox { height: 1; display: none; background: $surface; }
    NarrowBox.-open { display: block; }
    NarrowBox #narrow-slash { width: 3; }
    NarrowBox Input { border: none; height: 1; padding: 0; background: transparent; width: 1fr; }
    """
    SCOPES: ClassVar[tuple[Scope, ...]] = ("typing",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("typing")]

    class Narrowed(Message):
        """Only what holds this text is wanted; ``done`` when no more letters will come."""

        def __init__(self, text: str, *, done: bool = False) -> None:
            super().__init__()
            self.text = text
            self.done = done

    def compose(self) -> ComposeResult:
        """Put a slash before the letters."""
        yield _Slash(id="narrow-slash")
        yield Input(placeholder="letters of what you look for", compact=True, select_on_focus=False)

    @property
    def is_open(self) -> bool:
        """Say whether somebody types."""
        return self.has_class("-open")

    def open(self, text: str = "") -> None:
        """Show the line with a text to go on from."""
        self.add_class("-open")
        self.styles.display = "block"
        box = self.query_one(Input)
        box.value = text
        box.cursor_position = len(text)
        self.screen.set_focus(box)  # at once: the next key may be waiting already

    def close(self) -> None:
        """Hide the line."""
        self.remove_class("-open")
        self.styles.display = "none"

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow while somebody types."""
        event.stop()
        if self.is_open:
            self.post_message(self.Narrowed(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the letters: the line itself eats Enter."""
        event.stop()
        self.press_apply()

    def press_apply(self) -> None:
        """Keep what is typed and go back."""
        self.close()
        self.post_message(self.Narrowed(self.query_one(Input).value, done=True))

    def press_leave(self) -> None:
        """Show everything again and go back."""
        self.close()
        self.post_message(self.Narrowed("", done=True))


class _Slash(OneLine):
    def line(self, width: int) -> Line:  # noqa: ARG002 - the same at every width
        return (Cell(" / ", "bold accent"),)


def in_order(letters: str, name: str) -> bool:
    """Say whether a name has all the letters typed, in their order, whatever the case."""
    rest = iter(name.casefold())
    return all(letter in rest for letter in letters.casefold() if letter != " ")


def holds(text: str, typed: str) -> bool:
    """Say whether a text holds every word typed, whatever the case."""
    folded = text.casefold()
    return all(word in folded for word in typed.casefold().split())
