"""Asking until when a column is not to alert, and why."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Button, Input

from workbench.errors import UsageError
from workbench.operations.moments import moment_until
from workbench.tui.cells import visible
from workbench.tui.paragraphs import bullets
from workbench.tui.repainted import Dialog
from workbench.tui.widgets.block import Block
from workbench.tui.widgets.dialog import DIALOG_CSS, Buttons, news_block
from workbench.tui.widgets.lines import Lines
from workbench.tui.widgets.reason import ReasonLine

_MEANS = (
    "It is checked and shown as before, but raises no alert, for anybody, up to and with that day."
)
_FORMS = "a day such as 2027-01-31, or 30d"


class Muting(NamedTuple):
    """Until when, and why."""

    until: str
    """``YYYY-MM-DD``, the last day."""
    reason: str


def day_of(text: str, now: float) -> str:
    """Return the last day of a mute.

    Raises:
        UsageError: It is no day, or is over.
    """
    return datetime.fromtimestamp(moment_until(text, now)).astimezone().strftime("%Y-%m-%d")


class MuteScreen(Dialog[Muting | None]):
    """Ask for a day and a reason; None when somebody changed their mind."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="MuteScreen", width=72)
        + """
    MuteScreen Input { margin-top: 1; }
    MuteScreen #said { height: auto; max-height: 3; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    def __init__(
        self,
        title: str,
        now: Callable[[], float],
        *,
        until: str = "30d",
        reason: str = "",
        news: str = "",
    ) -> None:
        """Ask.

        Args:
            title: What is muted.
            now: The time, seconds since 1970.
            until: As it was written before.
            reason: As it was written before.
            news: Why it is asked again, shown first.
        """
        super().__init__()
        self._asked = title
        self._now = now
        self._until = visible(until)
        self._reason = visible(reason)
        self._news = news

    def compose(self) -> ComposeResult:
        """Say what it means, then ask for the day and the reason."""
        with Vertical(id="box") as box:
            box.border_title = visible(self._asked).replace("[", r"\[")
            yield from news_block(self._news)
            yield Block(lambda width: bullets([_MEANS], "dim", width))
            yield ReasonLine(
                self._until, self._to_reason, id_="until", hint=f"until: {_FORMS}",
                proposed=not self._reason,
            )  # fmt: skip
            yield Lines(id="said")
            yield ReasonLine(
                self._reason, self._mute, id_="reason", hint="reason, needed · Enter mutes"
            )
            yield Buttons("Mute")

    def on_mount(self) -> None:
        """Begin with the day."""
        self.query_one("#said", Lines).can_focus = False
        self._say(self._until)
        self.set_focus(self.query_one("#until"))  # at once: the next key may be waiting already

    def _to_reason(self, _line: Input) -> None:
        self.set_focus(self.query_one("#reason"))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say at once which day it is, or what is wrong with it."""
        event.stop()
        if event.input.id == "until":
            self._say(event.value)

    def _say(self, text: str) -> str:
        """Show the day a text means and return it; empty where it means none."""
        try:
            day = day_of(text, self._now())
            said, style = f"until {day}, that day included", "dim"
        except UsageError as error:
            day, said, style = "", str(error), "bad"
        self.query_one("#said", Lines).draw = lambda width: bullets([said], style, width)
        return day

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer."""
        event.stop()
        if event.button.id == "do":
            self._mute()
        else:
            self.dismiss(None)

    def _mute(self, _line: Input | None = None) -> None:
        """Take the answer where it is whole, else go to what is missing; `u` takes it back."""
        until = self._say(self.query_one("#until", Input).value.strip())
        reason = self.query_one("#reason", Input).value.strip()
        if until and reason:
            self.dismiss(Muting(until, reason))
            return
        missing = "reason" if until else "until"
        self.notify(f"A {'reason' if until else 'day to come'} is needed.", markup=False)
        self.set_focus(self.query_one(f"#{missing}"))

    def action_cancel(self) -> None:
        """Mute nothing."""
        self.dismiss(None)
