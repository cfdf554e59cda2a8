"""The card of a change of a stage: what it would mean, why somebody wants it, and the buttons.

The facts scroll; reason and buttons never leave the screen. Enter in the reason goes to
Cancel; only Tab, then Enter, confirms. A check that does not pass has a line to say why it may
be overridden, and until every one of them is written the button is dead and says what to do.
What was written on a card that is left is there again when it is opened again. A card that a
colleague made out of date says so, and can only be looked at anew.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.widgets import Button, Input, Static

from workbench.operations.registry.card import Card
from workbench.operations.session import Session
from workbench.registry.checks import Result
from workbench.tui.cells import Cell, Line, visible
from workbench.tui.messages import CatalogueChanged, Learned
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets
from workbench.tui.registry.card_lines import (
    about_lines,
    asked_lines,
    check_lines,
    difference_lines,
    do_words,
    outcome_words,
    result_line,
    rule_lines,
    title,
)
from workbench.tui.repainted import Dialog
from workbench.tui.toast import tell
from workbench.tui.widgets.block import Block
from workbench.tui.widgets.dialog import DIALOG_CSS
from workbench.tui.widgets.reason import ReasonLine
from workbench.words import plural

_AROUND = 6
"""Lines of the box that are no facts: frame, what to do, reason, buttons and their gap."""
_SHARE = 0.92
_MOST_NEWS = 4
"""Lines of what colleagues did beside the buttons; a reason may be as long as somebody likes."""


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
    again: bool = False
    """Nothing is decided: the card is out of date and is to be made anew."""


class CardScreen(Dialog[Signed | None]):
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
        self._signed = signed
        self._before = signed or Signed("")
        self._look_only = look_only
        self._changed: tuple[str, ...] = ()
        """What colleagues did since the card was made."""
        self._said: tuple[object, ...] = ()
        """What the advice was made from; most letters change nothing about it."""

    # ------------------------------------------------------------ what is shown

    def compose(self) -> ComposeResult:
        """Show the facts, then what to do, the reason and the buttons."""
        self._take_up()
        with Vertical(id="box") as box:
            box.border_title = visible(title(self.card, look_only=self._look_only)).replace(
                "[", r"\["
            )
            box.border_subtitle = "PgUp PgDn scroll · Esc leaves"
            with VerticalScroll(id="facts", can_focus=False):
                yield from self._facts()
            yield Block(self._advice, id="advice")
            if not self._look_only:
                yield from _field("reason:", "reason", self._before.reason, self._go_on)
            yield from self._buttons()

    def _facts(self) -> ComposeResult:
        card = self.card
        if self._news:
            yield Block(lambda width: [*bullets([f"! {self._news}"], "bold warn", width), ()])
        yield Block(lambda width: about_lines(card, self._now, width))
        for place, result in enumerate(card.checks):
            if not result.passed:
                yield _check(result)
                if card.kind == "promote" and not self._look_only:
                    written = self._before.overrides.get(result.check.name, "")
                    yield from _field("override:", f"override-{place}", written, self._go_on)
        yield Block(lambda width: difference_lines(card, width))
        passed = [result for result in card.checks if result.passed]
        if passed:
            yield Block(lambda _width: [(), (Cell("Not in the way", "bold"),)])
            yield from map(_check, passed)
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

    # ------------------------------------------------------------ what was written before

    def _drafts(self) -> dict[tuple[object, ...], Signed]:
        """Return what was written on cards that were left; it ends with the program."""
        found: dict[tuple[object, ...], Signed] = getattr(self.app, "drafts", {})
        return found

    @property
    def _about(self) -> tuple[object, ...]:
        card = self.card
        return (card.kind, card.model, card.stage, card.version)

    def _take_up(self) -> None:
        """Begin with what was written when this card was last left."""
        kept = self._drafts().pop(self._about, None)
        if kept is None or self._signed is not None or self._look_only:
            return
        self._before = kept
        self._news = self._news or "What you wrote here before was kept."

    def _leave(self) -> None:
        """Change nothing, and keep what was written."""
        if not self._look_only:
            written = Signed(self._reason(), self.overrides())
            if written != Signed(""):
                self._drafts()[self._about] = written
                tell(self.app, "Nothing was changed. What you wrote is kept for this card.")
        self.dismiss(None)

    def _reason(self) -> str:
        return self.query_one("#reason", Input).value.strip()

    # ------------------------------------------------------------ what colleagues did meanwhile

    def on_catalogue_changed(self, event: CatalogueChanged) -> None:
        """Look whether a colleague changed what this card is about."""
        event.stop()
        session: Session | None = getattr(self.app, "session", None)
        if session is not None and self.card.model in event.changes.models:
            off_thread(self, lambda: Learned(self._outdate, _meanwhile(session, self.card)))

    def on_learned(self, event: Learned) -> None:
        """Go on with what was read."""
        event.stop()
        event.then(event.found)

    def _outdate(self, changed: tuple[str, ...]) -> None:
        """Say who was quicker; nothing on this card can be decided any more."""
        if not changed or changed == self._changed:
            return
        self._changed = changed
        if not self._look_only:
            self.query_one("#do", Button).label = "Look again"
            for button in self.query("#ask, #other"):
                button.display = False
        self._advise()

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
        if len(bare) == 1:
            return "1 check does not pass: mend it, or ⇧Tab and say why to override it."
        return f"{plural(len(bare), 'check')} do not pass: mend them, or ⇧Tab and say why of each."

    def _advice(self, width: int) -> list[Line]:
        if self._changed:
            news = bullets([f"! {each}" for each in self._changed], "bold warn", width)
            return [*news[-_MOST_NEWS:], (Cell("Look again before you decide.", "warn"),)]
        if self._look_only:
            return bullets([outcome_words(self.card)], "bold", width)
        missing = self.what_is_missing()
        if missing:
            return bullets([missing], "warn", width)
        overridden = len(self.overrides())
        if overridden:
            said = f"{plural(overridden, 'check')} overridden; this is shown for ever after."
            return bullets([said], "warn", width)
        needed = "" if self.is_mounted and self._reason() else "A reason is needed. "
        return [
            (Cell(needed, "dim"), Cell("↵ ⇥ ↵", "key"),
             Cell(f" {do_words(self.card).lower()}", "dim"))
        ]  # fmt: skip

    # ------------------------------------------------------------ answers

    def on_input_changed(self, event: Input.Changed) -> None:
        """Let the button live once every check that does not pass is answered for."""
        event.stop()
        if not self._look_only:
            self._advise()

    def _advise(self) -> None:
        """Say what to do now, unless that is what is said already: letters must not wait."""
        missing = "" if self._changed else self.what_is_missing()
        said = (missing, len(self.overrides()), self._look_only or bool(self._reason()),
                self._changed)  # fmt: skip
        if said == self._said:
            return
        self._said = said
        if not self._look_only:
            self.query_one("#do", Button).disabled = bool(missing)
        self.query_one("#advice", Block).show(self._advice)
        self._fit()

    def _go_on(self, line: Input) -> None:
        """Go on: from an override to the next line, from the reason to Cancel."""
        if not self._look_only:
            self._advise()  # the button next to Cancel lives before Tab is looked at
        if line.id == "reason":
            self.set_focus(self.query_one("#cancel"))
        else:
            self.focus_next(Input)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer."""
        event.stop()
        if event.button.id == "cancel":
            self._leave()
            return
        reason = self._reason()
        if self._changed:
            self.dismiss(Signed(reason, self.overrides(), again=True))
        elif event.button.id == "other":
            self.dismiss(Signed(reason, other=True))
        elif not reason:
            self.notify("A reason is needed.", markup=False)
            self.query_one("#reason").focus()
        else:
            self.dismiss(Signed(reason, self.overrides(), ask=event.button.id == "ask"))

    def action_cancel(self) -> None:
        """Change nothing."""
        self._leave()

    def action_scroll(self, by: int) -> None:
        """Scroll the facts."""
        self.query_one("#facts").scroll_relative(y=by, animate=False)


def _field(label: str, id_: str, value: str, go_on: Callable[[Input], object]) -> ComposeResult:
    with Horizontal(classes="field"):
        yield Static(label, markup=False)
        yield ReasonLine(value, go_on, id_=id_, hint="why", classes=id_.partition("-")[0])


def _check(result: Result) -> Block:
    return Block(lambda width: check_lines(result_line(result), width))


def _meanwhile(session: Session, card: Card) -> tuple[str, ...]:
    """Return what others did to the stage or a version since a card was made."""
    from workbench.operations.registry.opening_journal import state  # noqa: PLC0415 - when asked
    from workbench.registry.changes import what_changed  # noqa: PLC0415

    now = state(session, card.model)
    return what_changed(card.seen, now, card.stage, now=session.clock.now())
