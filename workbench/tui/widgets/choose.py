"""One of several things, found by typing a few letters of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from workbench.tui.cells import fit, visible
from workbench.tui.inks import inks_of
from workbench.tui.repainted import Dialog
from workbench.tui.widgets.dialog import DIALOG_CSS

_WORDS_WIDE = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose."""

    id: str
    words: str
    sentence: str = ""
    now: bool = False
    """It is what holds now."""


class ChooseScreen(Dialog[str | None]):
    """Ask for one of several; None when somebody changed their mind."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="ChooseScreen", width=76)
        + """
    ChooseScreen OptionList { border: none; height: auto; max-height: 16; padding: 0;
                              background: transparent; scrollbar-size-vertical: 1; }
    ChooseScreen #nothing { display: none; padding: 0 2; color: $foreground-muted; }
    ChooseScreen.-nothing #nothing { display: block; }
    ChooseScreen.-nothing OptionList { display: none; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, title: str, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._asked = title
        self._choices = tuple(choices)

    def compose(self) -> ComposeResult:
        """Put the letters typed above the list."""
        with Vertical(id="box") as box:
            box.border_title = visible(self._asked).replace("[", r"\[")
            yield Input(placeholder="type to narrow", compact=True)
            yield OptionList(compact=True, markup=False)
            yield Static("Nothing fits.", id="nothing", markup=False)

    def on_mount(self) -> None:
        """Show all, on what holds now."""
        self.query_one(OptionList).can_focus = False
        self._show("")
        now = next((n for n, each in enumerate(self._choices) if each.now), 0)
        self.query_one(OptionList).highlighted = now if self._choices else None
        self.set_focus(self.query_one(Input))  # at once: the next key may be waiting already

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer other things from now on; what was typed and what is highlighted stay."""
        self._choices = tuple(choices)
        options = self.query_one(OptionList)
        place = options.highlighted
        here = options.get_option_at_index(place).id if place is not None else None
        shown = self._show(self.query_one(Input).value)
        found = next((n for n, each in enumerate(shown) if each.id == here), None)
        if found is not None:
            options.highlighted = found

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is highlighted."""
        event.stop()
        options = self.query_one(OptionList)
        if options.highlighted is not None:
            self.dismiss(options.get_option_at_index(options.highlighted).id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        self.dismiss(event.option_id)

    def action_move(self, by: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        if options.option_count:
            options.highlighted = ((options.highlighted or 0) + by) % options.option_count

    def action_leave(self) -> None:
        """Take nothing."""
        self.dismiss(None)

    def _show(self, typed: str) -> tuple[Choice, ...]:
        options = self.query_one(OptionList)
        options.clear_options()
        shown = matching(self._choices, typed)
        subtitle = f"{len(shown)} of {len(self._choices)} · ↑↓ Enter · Esc leaves"
        self.query_one("#box").border_subtitle = subtitle
        options.add_options(Option(self._prompt(each), id=each.id) for each in shown)
        options.highlighted = 0 if options.option_count else None
        self.set_class(bool(typed.strip()) and not shown, "-nothing")
        return shown

    def _prompt(self, choice: Choice) -> Text:
        inks = inks_of(self.app)
        mark = "● " if choice.now else "  "
        return Text.assemble(
            (mark, inks.style("accent")),
            (fit(choice.words, _WORDS_WIDE), inks.style("bold" if choice.now else "plain")),
            (f"  {visible(choice.sentence)}", inks.style("dim")),
            no_wrap=True,
            overflow="ellipsis",
        )


def matching(choices: Sequence[Choice], typed: str) -> tuple[Choice, ...]:
    """Return the choices that hold every word typed, whatever the case."""
    words = typed.casefold().split()
    return tuple(
        each
        for each in choices
        if all(word in f"{each.words} {each.sentence}".casefold() for word in words)
    )
