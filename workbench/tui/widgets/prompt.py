"""A name, a few tags or a note, changed where one is."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, TextArea

from workbench.tui.cells import Cell, Line, visible
from workbench.tui.repainted import Dialog
from workbench.tui.widgets.dialog import DIALOG_CSS, news_block
from workbench.tui.widgets.lines import OneLine

Check = Callable[[str], str | None]


class _Said(OneLine):
    words: str = ""
    style: str = "dim"

    def line(self, width: int) -> Line:  # noqa: ARG002 - cut by the widget
        return (Cell(self.words, self.style),)

    def say(self, words: str, style: str = "dim") -> None:
        self.words, self.style = words, style
        self.refresh()


class PromptScreen(Dialog[str | None]):
    """Ask for one line of text; None when somebody changed their mind."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="PromptScreen", width="96%")
        + """
    PromptScreen { align: center bottom; background: transparent; }
    PromptScreen > #box { margin-bottom: 1; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(
        self,
        title: str,
        value: str = "",
        *,
        hint: str = "",
        check: Check | None = None,
        news: str = "",
        signs: str | None = None,
    ) -> None:
        """Ask for a line.

        Args:
            title: What it is.
            value: As it is now, or as it was written before.
            hint: How it is written.
            check: Returns what is wrong with it, None where nothing is.
            news: Why it is asked again, shown first.
            signs: An expression of all that can be typed; default anything.
        """
        super().__init__()
        self._news = news
        self._signs = signs
        self._asked = title
        self._value = visible(value)
        self._hint = hint
        self._check = check

    def compose(self) -> ComposeResult:
        """Put the hint under the line."""
        with Vertical(id="box") as box:
            box.border_title = visible(self._asked).replace("[", r"\[")
            box.border_subtitle = "Enter keeps · Esc leaves"
            yield from news_block(self._news)
            yield Input(
                self._value, id="line", restrict=self._signs, select_on_focus=False, compact=True
            )
            yield _Said()

    def on_mount(self) -> None:
        """Go to the line."""
        self.query_one(_Said).say(self._hint)
        self.set_focus(self.query_one(Input))  # at once: the next key may be waiting already

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once what is wrong with it."""
        event.stop()
        self._objects(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep it, unless it cannot be: what could not be a moment ago may be now."""
        event.stop()
        if not self._objects(event.value):
            self.dismiss(event.value)

    def _objects(self, text: str) -> bool:
        """Say what is wrong with a text, if anything is."""
        wrong = self._check(text) if self._check else None
        self.query_one(_Said).say(wrong or self._hint, "bad" if wrong else "dim")
        return bool(wrong)

    def action_leave(self) -> None:
        """Keep nothing."""
        self.dismiss(None)


class NoteScreen(Dialog[str | None]):
    """Ask for several lines of text; None when somebody changed their mind."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="NoteScreen", width=90)
        + """
    NoteScreen > #box { height: 18; }
    NoteScreen TextArea { height: 1fr; background: $panel; padding: 0 1; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("ctrl+s", "keep", show=False, priority=True),
    ]

    def __init__(self, title: str, text: str = "", *, news: str = "") -> None:
        """Ask for a text; ``news`` is why it is asked again, shown first."""
        super().__init__()
        self._news = news
        self._asked = title
        self._text = "\n".join(visible(line) for line in text.split("\n"))

    def compose(self) -> ComposeResult:
        """Give the note the whole box."""
        with Vertical(id="box") as box:
            box.border_title = visible(self._asked).replace("[", r"\[")
            box.border_subtitle = "^s keeps · Esc leaves"
            yield from news_block(self._news)
            yield TextArea(self._text, tab_behavior="focus", show_line_numbers=False, compact=True)

    def on_mount(self) -> None:
        """Go to the end of the note."""
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        self.set_focus(area)

    def action_keep(self) -> None:
        """Keep the note."""
        self.dismiss(self.query_one(TextArea).text)

    def action_leave(self) -> None:
        """Keep nothing."""
        self.dismiss(None)
