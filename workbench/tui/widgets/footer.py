"""The line at the bottom: the keys worth knowing here, whole words only."""

from collections.abc import Sequence

from textual.reactive import reactive

from workbench.tui.cells import Cell, Line, apart, width_of, width_of_line
from workbench.tui.keyed import context_of, live_keys, scopes_of
from workbench.tui.keys import BY_ID, Context, Key, for_footer, symbol
from workbench.tui.widgets.lines import OneLine

_ALWAYS = "roll-back"
_ROOMY = 120
"""Cells from which on a key that is not possible may keep its place before others."""
Shown = tuple[tuple[Key, ...], Context] | None
"""None while something stands in front of the screen and takes the keys."""


class Footer(OneLine):
    """Show the keys that somebody under the focus answers."""

    DEFAULT_CSS = "Footer { dock: bottom; height: 1; background: $surface; }"

    shown: reactive[Shown] = reactive(None, init=False)

    def on_mount(self) -> None:
        """Follow the focus."""
        self.watch(self.screen, "focused", self.look_again)

    def look_again(self) -> None:
        """Ask the screen anew which keys there are and which are possible."""
        if not self.screen.is_active:
            self.shown = None
            return
        keys = for_footer(live_keys(self.screen, *scopes_of(self.screen)))
        self.shown = (keys, context_of(self.screen))

    def line(self, width: int) -> Line:
        """Return the footer for a width."""
        return footer_line(*self.shown, width) if self.shown is not None else ()


def footer_line(keys: Sequence[Key], context: Context, width: int) -> tuple[Cell, ...]:
    """Return as many keys as fit, in order of importance; help is always there.

    A key that is not possible now stays in its place, dimmed, unless it is never possible here or
    takes the room of one that is on a narrow screen; giving a stage back is always shown.
    """
    typing = any("typing" in key.scopes for key in keys)
    help_ = _piece(BY_ID["help"], context, name="F1" if typing else "?")
    room = width - width_of_line(help_) - 2
    line: list[Cell] = []
    used = 0
    shown = [
        key for key in keys
        if key.id != "help" and not (key.shy and key.why_not(context) is not None)
    ]  # fmt: skip
    if width < _ROOMY and sum(width_of_line(_piece(key, context)) for key in shown) > room:
        shown = [key for key in shown if key.id == _ALWAYS or key.why_not(context) is None]
    for key in shown:
        piece = _piece(key, context)
        if used + width_of_line(piece) > room:
            break
        line += piece
        used += width_of_line(piece)
    return apart(line, help_, width)


def _piece(key: Key, context: Context, *, name: str = "") -> tuple[Cell, ...]:
    possible = key.why_not(context) is None
    name = name or (symbol(key.keys[0]) if key.keys else "")
    gap = " " if width_of(name) else ""
    return (
        Cell(f" {name}", "bold key" if possible else "faint"),
        Cell(f"{gap}{key.words} ", "dim" if possible else "faint"),
    )
