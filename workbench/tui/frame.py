"""What all screens have in common: a header, a body, a footer, and help.

A screen says what is in its body and answers its keys with ``press_...`` methods;
it never writes a key down.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Context, Scope
from workbench.tui.messages import AskedReady, Learned, TextReady
from workbench.tui.repainted import Repainted
from workbench.tui.toast import forget_told, tell
from workbench.tui.widgets.footer import Footer
from workbench.tui.widgets.header import Header, HeaderFacts
from workbench.tui.widgets.help import help_for


class WorkbenchScreen(Keyed, Repainted[Any]):
    """One of the numbered screens, or one opened from them."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    TITLE_WORDS: ClassVar[str] = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared by Textual as an instance attribute
        (0, "-narrow"),
        (120, "-wide"),
    ]
    DEFAULT_CSS = """
    WorkbenchScreen { background: $background; layers: below above; }
    WorkbenchScreen.-zoomed .pane { display: none; }
    WorkbenchScreen.-zoomed .pane.-zoom { display: block; height: 1fr; width: 1fr; }
    """

    def compose(self) -> ComposeResult:
        """Put the body between header and footer."""
        yield Header()
        yield from self.body()
        yield Footer()

    def body(self) -> Iterable[Widget]:
        """Return the panes of the screen; those that can be zoomed have the class ``pane``."""
        return ()

    def key_context(self) -> Context:
        """Return what is possible now; screens know better."""
        return Context()

    def on_mount(self) -> None:
        """Say how much waits for whoever looks at the screen."""
        self.tell_header(asked=getattr(self.app, "asked", 0))

    def on_screen_suspend(self) -> None:
        """Offer no keys while something in front takes them."""
        for footer in self.query(Footer):
            footer.look_again()

    def on_screen_resume(self) -> None:
        """Offer the keys again; what was told on the screen before is read by now."""
        for footer in self.query(Footer):
            footer.look_again()
        forget_told(self.app)

    def on_asked_ready(self, event: AskedReady) -> None:
        """Say how much waits now."""
        self.tell_header(asked=len(event.requests))

    def on_learned(self, event: Learned) -> None:
        """Go on with what was read or done."""
        event.stop()
        event.then(event.found)

    def tell_header(self, **changed: Any) -> None:
        """Change some of the header's facts."""
        header = self.query_one(Header)
        header.facts = replace(header.facts, **changed)

    def tell_work(self, words: str) -> None:
        """Say what goes on that somebody asked for, here or on another screen."""
        if self.is_mounted:
            self.tell_header(work=words)

    @property
    def header_facts(self) -> HeaderFacts:
        """Return what the header says now."""
        return self.query_one(Header).facts

    def watch_below(self) -> str:
        """Return how the screen beneath says the folder is watched."""
        for screen in reversed(self.app.screen_stack[:-1]):
            for header in screen.query(Header).results(Header):
                return str(header.facts.watch)
        return ""

    def keys_changed(self) -> None:
        """Let the footer look again at what is possible."""
        self.query_one(Footer).look_again()

    def on_text_ready(self, event: TextReady) -> None:
        """Copy what was asked for."""
        self.app.copy_to_clipboard(event.text)
        tell(self.app, f"Copied {event.text}")

    def press_help(self) -> None:
        """Show the keys that hold where the focus is."""
        self.app.push_screen(help_for(self, self.TITLE_WORDS))

    def press_next_pane(self) -> None:
        """Focus the next pane."""
        self.focus_next()

    def press_previous_pane(self) -> None:
        """Focus the pane before."""
        self.focus_previous()

    def press_zoom(self) -> None:
        """Give the focused pane the whole screen, or give it back."""
        focused = self.focused
        panes = (
            [node for node in focused.ancestors_with_self if node.has_class("pane")]
            if focused
            else []
        )
        if self.has_class("-zoomed") or not panes:
            self.remove_class("-zoomed")
            self.query(".-zoom").remove_class("-zoom")
            return
        for pane in panes:
            pane.add_class("-zoom")
        self.add_class("-zoomed")
