"""The line one filters with: what matches so far, what could come next, what is wrong.

The box says what was typed after a pause; its owner counts and completes in a
worker and hands back one `Answer`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Input

from workbench.tui.cells import Cell, Line, cut, width_of
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope
from workbench.tui.widgets.lines import Lines, OneLine
from workbench.words import count

if TYPE_CHECKING:
    from textual.timer import Timer

PAUSE_S = 0.15
_MOST_SHOWN = 6
_EXAMPLE = "auc > 0.9 and lr < 1e-3"


@dataclass(frozen=True, slots=True)
class Completion:
    """A name or value that could stand where the cursor is."""

    text: str
    """What is put in."""
    start: int
    """From which column of the text it replaces what was typed."""
    what: str = ""
    """``metric``, ``param``, ``value``."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known about the text typed; one of an older text is ignored."""

    text: str = ""
    matching: int | None = None
    total: int = 0
    error: str = ""
    column: int = 0
    """Where the error is, 0-based."""
    completions: tuple[Completion, ...] = ()


class _Count(OneLine):
    DEFAULT_CSS = "_Count { width: 24; height: 1; }"
    answer: reactive[Answer] = reactive(Answer())

    def line(self, width: int) -> Line:
        if self.answer.matching is None:
            return ()
        said = f"{count(self.answer.matching)} of {count(self.answer.total)}"
        style = "accent" if self.answer.matching else "warn"
        return (Cell(" " * max(0, width - width_of(said) - 1)), Cell(said, style))


class FilterBox(Keyed, Vertical):
    """Let somebody type a filter."""

    DEFAULT_CSS = """
    FilterBox { height: auto; display: none; background: $surface; }
    FilterBox.-open { display: block; }
    FilterBox Horizontal { height: 1; }
    FilterBox #slash { width: 3; }
    FilterBox Input { padding: 0; background: transparent; width: 1fr; }
    FilterBox Lines { height: auto; max-height: 6; padding: 0 0 0 2; }
    """
    SCOPES: ClassVar[tuple[Scope, ...]] = ("typing",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("typing")]

    answer: reactive[Answer] = reactive(Answer(), init=False)
    chosen: reactive[int] = reactive(0, init=False)

    class Typed(Message):
        """Somebody paused; count this text and say what could come at ``column``."""

        def __init__(self, text: str, column: int) -> None:
            super().__init__()
            self.text = text
            self.column = column

    class Submitted(Message):
        """Somebody wants this filter."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """Somebody went away; ``cleared`` when that took the filter off."""

        def __init__(self, *, cleared: bool) -> None:
            super().__init__()
            self.cleared = cleared

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        example: str = _EXAMPLE,
    ) -> None:
        super().__init__(id=id)
        self._example = example
        self._pause: Timer | None = None
        self._refused = ""
        """What was taken and could not be: how it might go on does not hide what is wrong."""

    def compose(self) -> ComposeResult:
        """Put the count beside the text, and what else there is to say below."""
        with Horizontal():
            yield _Slash(id="slash")
            yield Input(placeholder=self._example, compact=True, select_on_focus=False)
            yield _Count()
        below = Lines(id="below")
        below.can_focus = False
        yield below

    @property
    def text(self) -> str:
        """Return what is typed."""
        return self.query_one(Input).value

    def open(self, text: str = "") -> None:
        """Show the box with a text to go on from."""
        self.add_class("-open")
        self.styles.display = "block"
        box = self.query_one(Input)
        box.value = text
        box.cursor_position = len(text)
        self.screen.set_focus(box)  # at once: the next key may be waiting already
        self._say()

    def close(self) -> None:
        """Hide the box."""
        self.remove_class("-open")
        self.styles.display = "none"
        self.answer = Answer()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Wait for a pause, then say what is typed."""
        event.stop()
        if event.value != self._refused:
            self._refused = ""
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE_S, self._say)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the filter: the line itself eats Enter."""
        event.stop()
        self.press_apply()

    def refuse(self, answer: Answer) -> None:
        """Stay open and show what is wrong with what was typed, for whoever pressed Enter."""
        self._refused = answer.text
        self.answer = answer

    def _say(self) -> None:
        box = self.query_one(Input)
        self.post_message(self.Typed(box.value, box.cursor_position))

    def watch_answer(self, answer: Answer) -> None:
        """Show the newest answer; one of another text says nothing."""
        if answer.text != self.text or (answer.text == self._refused and not answer.error):
            return
        self.set_reactive(FilterBox.chosen, 0)
        self.query_one(_Count).answer = answer
        self._show_below()

    def watch_chosen(self) -> None:
        """Show which completion is chosen."""
        self._show_below()

    def _show_below(self) -> None:
        below = self.query_one("#below", Lines)
        lines = below_lines(self.answer, self.chosen)
        below.display = bool(lines)
        below.show(lines)

    def press_apply(self) -> None:
        """Take the filter, unless it cannot be read."""
        text = self.text
        if not (self.answer.error and self.answer.text == text):
            self.post_message(self.Submitted(text))

    def press_complete(self) -> None:
        """Put the chosen completion in; without one, go to the next pane."""
        if not self.answer.completions or self.answer.text != self.text:
            self.screen.focus_next()
            return
        completion = self.answer.completions[self.chosen]
        box = self.query_one(Input)
        rest = box.value[box.cursor_position :]
        box.value = box.value[: completion.start] + completion.text + rest
        box.cursor_position = completion.start + len(completion.text)

    def press_completion_next(self) -> None:
        """Choose the next completion."""
        self._choose(1)

    def press_completion_previous(self) -> None:
        """Choose the completion before."""
        self._choose(-1)

    def _choose(self, by: int) -> None:
        if self.answer.completions:
            self.chosen = (self.chosen + by) % len(self.answer.completions)

    def press_leave(self) -> None:
        """Take the filter off and close."""
        cleared = bool(self.text)
        self.close()
        self.post_message(self.Left(cleared=cleared))


class _Slash(OneLine):
    def line(self, width: int) -> Line:  # noqa: ARG002 - the same at every width
        return (Cell(" / ", "bold accent"),)


def below_lines(answer: Answer, chosen: int) -> tuple[Line, ...]:
    """Return the lines under the text: the error with its caret, or the completions."""
    if answer.error:
        caret = " " * (1 + width_of(answer.text[: answer.column])) + "▲ "
        first, *rest = answer.error.replace(". ", ".\n").split("\n")
        return (
            (Cell(caret, "bad"), Cell(cut(first, 200), "bad")),
            *((Cell(f" {cut(line, 200)}", "bad"),) for line in rest),
        )
    start = max(0, min(chosen - _MOST_SHOWN + 1, len(answer.completions) - _MOST_SHOWN))
    shown = answer.completions[start : start + _MOST_SHOWN]
    wide = max((width_of(each.text) for each in shown), default=0)
    return tuple(
        _completion_line(each, wide, here=start + n == chosen) for n, each in enumerate(shown)
    )


def _completion_line(completion: Completion, wide: int, *, here: bool) -> Line:
    gap = " " * (min(wide, 48) - min(width_of(completion.text), 48) + 2)
    tint = "cursor" if here else ""
    return (
        Cell("▌" if here else " ", f"accent {tint}"),
        Cell(cut(completion.text, 48), tint),
        Cell(gap, tint),
        Cell(completion.what, f"dim {tint}"),
        Cell("  Tab" if here else "", f"key {tint}"),
    )
