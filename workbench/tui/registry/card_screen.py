"""The card of a change of a stage: what it would mean, why somebody wants it, and the buttons.

The facts scroll; reason and buttons never leave the screen. Enter in the reason goes to
Cancel; only Tab, then Enter, confirms. A check that does not pass has a line to say why it may
be overridden, and until every one of them is written the button is dead and says what to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from workbench.operations.registry.card import Card
from workbench.tui.cells import Cell, Line, visible
from workbench.tui.paragraphs import bullets
from workbench.tui.registry.card_lines import (
    about_lines,
    asked_lines,
    check_lines,
    rule_lines,
    version_words,
)
from workbench.tui.widgets.block import Block
from workbench.tui.widgets.dialog import DIALOG_CSS
from workbench.words import plural

_AROUND = 6
"""Lines of the box that are no facts: frame, what to do, reason, buttons and their gap."""
_SHARE = 0.92


@dataclass(frozen=True, slots=True)
class Signed:
    """What somebody decided on a card."""

    reason: str
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Why, by name of the check that does not pass."""
    ask: bool = False
    """Somebody else is asked for it instead."""
    other: bool = False
    """Another version is to be chosen for the stage."""


class CardScreen(ModalScreen[Signed | None]):
    """Show a card; nothing but Tab, then Enter, says yes."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="CardScreen", width=104)
        + """
    CardScreen #facts { height: auto; scrollbar-size-vertical: 1; }
    CardScreen #facts:focus { background: $panel; }
    CardScreen .field { height: 1; }
    CardScreen .field Static { width: auto; color: $accent; padding: 0 1 0 0; }
    CardScreen #facts .field { padding: 0 0 0 4; }
    CardScreen #buttons { height: 1; width: 100%; align-horizontal: right; margin-top: 1; }
    CardScreen #buttons Button {
        min-width: 10; margin-left: 2; background: $panel; color: $foreground;
    }
    CardScreen #buttons Button:focus { background: $accent; color: $background; text-style: bold; }
    CardScreen Button:focus:nocolor { text-style: bold reverse; }
    """
    )
    AUTO_FOCUS: ClassVar[str] = ""
    """The reason; the first line that takes letters may be far down among the facts."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("pageup", "scroll(-9)", show=False),
        Binding("pagedown", "scroll(9)", show=False),
    ]

    def __init__(
        self,
        card: Card,
        now: float,
        actor: str,
        *,
        news: str = "",
        signed: Signed | None = None,
        look_only: bool = False,
    ) -> None:
        """Show a card.

        Args:
            card: What would change.
            now: Seconds since 1970.
            actor: Who would be named.
            news: Why the card is shown again.
            signed: What was written on it before.
            look_only: Nothing is to be confirmed; only the checks are shown.
        """
        super().__init__()
        self.card = card
        self._now = now
        self._actor = actor
        self._news = news
        self._before = signed or Signed("")
        self._look_only = look_only

    # ------------------------------------------------------------ what is shown

    def compose(self) -> ComposeResult:
        """Show the facts, then what to do, the reason and the buttons."""
        with Vertical(id="box") as box:
            box.border_title = visible(title(self.card, look_only=self._look_only)).replace(
                "[", r"\["
            )
            box.border_subtitle = "PgUp PgDn scroll · Esc leaves"
            with VerticalScroll(id="facts", can_focus=False):
                yield from self._facts()
            yield Block(self._advice, id="advice")
            if not self._look_only:
                yield from _field("reason:", "reason", self._before.reason)
            yield from self._buttons()

    def _facts(self) -> ComposeResult:
        card = self.card
        if self._news:
            yield Block(lambda width: [*bullets([f"! {self._news}"], "bold warn", width), ()])
        yield Block(lambda width: about_lines(card, self._now, width))
        if card.checks:
            yield Block(lambda _width: [(), (Cell("Checks", "bold"),)])
        for place, result in enumerate(card.checks):
            yield Block(lambda width, result=result: check_lines(result, width))  # type: ignore[misc]
            if not result.passed and card.kind == "promote" and not self._look_only:
                written = self._before.overrides.get(result.check.name, "")
                yield from _field("override:", f"override-{place}", written)
        yield Block(lambda width: asked_lines(card.asks, width))
        yield Block(lambda width: rule_lines(card, width))
        if not self._look_only:
            yield Block(self._who)

    def _who(self, width: int) -> list[Line]:
        words = f"You are {self._actor}: a setting or user@host, which proves nothing."
        return [(), *bullets([words], "dim", width)]

    def _buttons(self) -> ComposeResult:
        card = self.card
        with Horizontal(id="buttons"):
            if self._look_only:
                yield Button("Close", id="cancel", compact=True)
                return
            if card.kind == "roll back" and card.version is not None:
                yield Button("Other", id="other", compact=True)
            if card.kind == "promote" and (card.asks or card.in_the_way):
                yield Button("Ask for it", id="ask", compact=True)
            yield Button("Cancel", id="cancel", compact=True)
            yield Button(
                do_words(card), id="do", compact=True, disabled=bool(self.what_is_missing())
            )

    def on_mount(self) -> None:
        """Begin with the reason."""
        self.set_focus(self.query_one("#cancel" if self._look_only else "#reason"))
        self._fit()

    def on_resize(self, _event: Resize) -> None:
        """Keep reason and buttons in sight."""
        self._fit()

    def _fit(self) -> None:
        advice = len(self._advice(max(20, min(104, int(self.size.width * 0.96)) - 4)))
        room = int(self.size.height * _SHARE) - _AROUND - max(0, advice - 1)
        self.query_one("#facts").styles.max_height = max(3, room)

    # ------------------------------------------------------------ what is missing

    def overrides(self) -> dict[str, str]:
        """Return the reasons written so far, by name of the check."""
        if not self.is_mounted:
            return dict(self._before.overrides)
        return {
            self.card.checks[int(str(box.id).removeprefix("override-"))].check.name:
                box.value.strip()
            for box in self.query(".override").results(Input)
            if box.value.strip()
        }  # fmt: skip

    def what_is_missing(self) -> str:
        """Return what has to be done before this can be confirmed; empty when nothing has."""
        if self.card.objections:
            return "It cannot be done now; the facts above say why."
        if self.card.kind != "promote":
            return ""
        written = self.overrides()
        bare = [one for one in self.card.in_the_way if one.check.name not in written]
        if not bare:
            return ""
        number = f"{plural(len(bare), 'check')} {'does' if len(bare) == 1 else 'do'} not pass"
        return f"{number}: mend it, or ⇧Tab and say why to override."

    def _advice(self, width: int) -> list[Line]:
        if self._look_only:
            return bullets([outcome_words(self.card)], "bold", width)
        missing = self.what_is_missing()
        if missing:
            return bullets([missing], "warn", width)
        overridden = len(self.overrides())
        if overridden:
            said = f"{plural(overridden, 'check')} overridden; this is shown for ever after."
            return bullets([said], "warn", width)
        return [
            (Cell("A reason is needed. ", "dim"), Cell("↵ ⇥ ↵", "key"),
             Cell(f" {do_words(self.card).lower()}", "dim"))
        ]  # fmt: skip

    # ------------------------------------------------------------ answers

    def on_input_changed(self, event: Input.Changed) -> None:
        """Let the button live once every check that does not pass is answered for."""
        event.stop()
        if self._look_only:
            return
        self.query_one("#do", Button).disabled = bool(self.what_is_missing())
        self.query_one("#advice", Block).show(self._advice)
        self._fit()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on: from an override to the next line, from the reason to Cancel."""
        event.stop()
        if event.input.id == "reason":
            self.set_focus(self.query_one("#cancel"))  # at once: the next key may be waiting
        else:
            self.focus_next(Input)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer."""
        event.stop()
        if event.button.id == "cancel":
            self.dismiss(None)
            return
        reason = self.query_one("#reason", Input).value.strip()
        if event.button.id == "other":
            self.dismiss(Signed(reason, other=True))
        elif not reason:
            self.notify("A reason is needed.", markup=False)
            self.query_one("#reason").focus()
        else:
            self.dismiss(Signed(reason, self.overrides(), ask=event.button.id == "ask"))

    def action_cancel(self) -> None:
        """Change nothing."""
        self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """Scroll the facts."""
        self.query_one("#facts").scroll_relative(y=by, animate=False)


def _field(label: str, id_: str, value: str) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Static(label, markup=False)
        yield Input(
            value, placeholder="why", id=id_, compact=True, select_on_focus=False,
            classes=id_.partition("-")[0],
        )  # fmt: skip


def title(card: Card, *, look_only: bool = False) -> str:
    """Return what is asked, as a question."""
    if look_only:
        return f"Would {card.model}@{card.version} pass for {card.stage}?"
    if card.kind == "promote":
        return f"Promote {card.model}@{card.version} to {card.stage}?"
    if card.version is None:
        return f"Empty {card.stage} of {card.model}?"
    return f"Roll {card.stage} of {card.model} back to {version_words(card.version)}?"


def do_words(card: Card) -> str:
    """Return the word on the button."""
    if card.kind == "promote":
        return "Promote"
    return "Empty it" if card.version is None else "Roll back"


def outcome_words(card: Card) -> str:
    """Return what all checks together amount to."""
    if card.objections:
        return "It could not be promoted now."
    return {
        "holds": "Nothing is in the way: it could be promoted now.",
        "fails": "It would not be promoted without an override.",
        "undecided": "Undecided counts as not passed: it would need an override.",
        "not applicable": "Nothing is in the way.",
    }[card.outcome]
