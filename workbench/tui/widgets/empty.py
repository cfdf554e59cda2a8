"""What an empty place says: what it is, why it is empty, what to do, one key."""

from dataclasses import dataclass

from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.cells import Cell, Line, width_of_line
from workbench.tui.folding import folded
from workbench.tui.inks import inks_on

_MARGIN = 2
"""Cells that stay free at either side."""


@dataclass(frozen=True, slots=True)
class Empty:
    """The words of an empty place."""

    what: str
    """``No runs yet``."""
    why: str = ""
    """``Runs appear here as soon as a script writes them.``"""
    command: tuple[str, ...] = ()
    """The exact next lines to type."""
    key: str = ""
    """The one key that helps, as printed."""
    key_words: str = ""


class EmptyState(Widget, can_focus=False):
    """Show the words in the middle of the place."""

    DEFAULT_CSS = "EmptyState { height: 1fr; width: 1fr; }"

    empty: reactive[Empty] = reactive(Empty(""), init=False)

    def __init__(self, empty: Empty, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.set_reactive(EmptyState.empty, empty)

    def render_line(self, y: int) -> Strip:
        """Return one line, the words centred as a block."""
        width, height = self.size
        lines = empty_lines(self.empty, width)
        place = y - max(0, (height - len(lines)) // 3)
        if not 0 <= place < len(lines):
            return inks_on(self).blank(width)
        block = max(width_of_line(line) for line in lines)
        pad = Cell(" " * max(1, (width - block) // 2))
        return inks_on(self).strip((pad, *lines[place])).crop(0, width)


def empty_lines(empty: Empty, width: int) -> tuple[Line, ...]:
    """Return the words as lines for a width; commands stay whole, to be copied."""
    room = max(1, width - 2 * _MARGIN)
    lines: list[Line] = [(Cell(part, "bold"),) for part in folded(empty.what, room)]
    if empty.why:
        lines += [(), *((Cell(part, "dim"),) for part in folded(empty.why, room))]
    if empty.command:
        lines += [(), *((Cell(f"    {line}", "accent"),) for line in empty.command)]
    if empty.key:
        lines += [(), (Cell(empty.key, "bold key"), Cell(f"  {empty.key_words}", "dim"))]
    return tuple(lines)
