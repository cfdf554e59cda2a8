"""A change of state, asked about before it happens."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Input

from workbench.tui.cells import Cell, Line, cut, visible
from workbench.tui.folding import folded
from workbench.tui.repainted import Dialog
from workbench.tui.widgets.dialog import DIALOG_CSS, Buttons, news_block
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.reason import ReasonLine

_MOST_LINES = 12
_WIDTH = 66
"""Cells of a sentence behind its mark; the box is as wide at every size of the terminal."""


@dataclass(frozen=True, slots=True)
class Question:
    """What would change, what speaks for it and against it."""

    title: str
    was: str
    becomes: str
    do: str
    """The word on the button: ``Archive``."""
    holds: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()
    """Shown first; with any of these the button is dead."""
    notes: tuple[str, ...] = ()
    reason: bool = False
    """Ask for a reason."""
    asked: str = "reason"
    """What the reason is called: ``note``."""
    undoable: bool = False
    """`u` takes it back: Enter in the line of the reason does it."""

    @property
    def hint(self) -> str:
        """Return what the empty line of the reason says."""
        return f"{self.asked}, needed · Enter does it" if self.undoable else self.asked


@dataclass(frozen=True, slots=True)
class Consent:
    """Somebody confirmed, for this reason."""

    reason: str = ""


class ConfirmScreen(Dialog[Consent | None]):
    """Ask a question; nothing but Tab, then Enter, says yes, unless `u` takes it back."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="ConfirmScreen", width=72)
        + """
    ConfirmScreen Lines { height: auto; max-height: 12; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(self, question: Question, *, reason: str = "", news: str = "") -> None:
        """Ask a question.

        Args:
            question: What would change.
            reason: As it was written before.
            news: Why it is asked again, shown first.
        """
        super().__init__()
        self._question = question
        self._reason = visible(reason)
        self._news = news

    def compose(self) -> ComposeResult:
        """Show from and to, then the facts, then reason and buttons."""
        lines = question_lines(self._question)
        with Vertical(id="box") as box:
            box.border_title = visible(self._question.title).replace("[", r"\[")
            facts = Lines(lambda _width: lines)
            facts.can_focus = len(lines) > _MOST_LINES
            facts.styles.height = min(len(lines), _MOST_LINES)
            yield from news_block(self._news)
            yield facts
            if self._asks_why:
                yield ReasonLine(self._reason, self._go_on, id_="reason", hint=self._question.hint)
            yield Buttons(self._question.do, possible=not self._question.fails)

    @property
    def _asks_why(self) -> bool:
        """Say whether a reason is asked for: never where it cannot be done."""
        return self._question.reason and not self._question.fails

    def on_mount(self) -> None:
        """Begin with the reason, or with Cancel."""
        self.query_one("#reason" if self._asks_why else "#cancel").focus()

    def _go_on(self, _line: Input) -> None:
        """Go on to the buttons: Enter alone confirms only what can be undone."""
        if self._question.undoable:
            self._confirm()
        else:
            self.set_focus(self.query_one("#cancel"))

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer."""
        event.stop()
        if event.button.id == "do":
            self._confirm()
        else:
            self.dismiss(None)

    def _confirm(self) -> None:
        reason = self.query_one("#reason", Input).value.strip() if self._asks_why else ""
        if self._asks_why and not reason:
            self.notify(f"A {self._question.asked} is needed.", markup=False)
            self.query_one("#reason").focus()
            return
        self.dismiss(Consent(reason))

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)


def question_lines(question: Question) -> tuple[Line, ...]:
    """Return the question's facts as lines."""
    change: Line = (
        Cell(cut(question.was, 28), "dim"),
        Cell("  →  ", "accent"),
        Cell(cut(question.becomes, 32), "bold"),
    )
    return (
        (),
        change,
        (),
        *_facts(question.fails, "✗", "bad"),
        *_facts(question.holds, "✓", "good"),
        *_facts(question.notes, "·", "dim"),
        *([()] if question.fails or question.holds or question.notes else []),
    )


def _facts(sentences: Sequence[str], mark: str, style: str) -> list[Line]:
    return [
        (Cell(f"{' ' if place else mark} ", style), Cell(part))
        for each in sentences
        for place, part in enumerate(folded(each, _WIDTH))
    ]
