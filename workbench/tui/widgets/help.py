"""The keys of the screen one came from, on a screen of their own."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from workbench.tui.cells import Cell, Line, fit
from workbench.tui.keyed import Keyed, bindings, context_of, handler, scopes_of
from workbench.tui.keys import Context, Key, grouped
from workbench.tui.repainted import Dialog
from workbench.tui.widgets.lines import Lines, Rule

if TYPE_CHECKING:
    from textual.screen import Screen

Groups = Sequence[tuple[str, Sequence[Key]]]
_KEYS_WIDE, _WORDS_WIDE = 12, 15
_TWO_COLUMNS_FROM = 150


class HelpScreen(Keyed, Dialog[None]):
    """Show every key of one screen, and why some are not possible now."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 70%; }
    HelpScreen > Rule { width: 100%; background: $background; }
    HelpScreen > Lines { width: 100%; height: 1fr; background: $background; padding: 0 1; }
    """

    def __init__(self, title: str, groups: Groups, context: Context) -> None:
        super().__init__()
        self._title = title
        self._groups = groups
        self._now = context

    def compose(self) -> ComposeResult:
        """Put a title over the lines."""
        end = (Cell("Esc", "bold key"), Cell(" closes", "dim"))
        yield Rule((Cell(f"Keys: {self._title}", "bold"),), end=end)
        yield Lines(lambda width: help_lines(self._groups, self._now, width))

    def press_back(self) -> None:
        """Go back."""
        self.dismiss()

    press_help = press_back
    press_quit = press_back


def help_for(screen: "Screen[Any]", title: str) -> HelpScreen:
    """Return the help for where the focus is: the screen first, then the pane."""
    *inner, outer = scopes_of(screen)
    groups = [
        (heading, [key for key in keys if handler(screen, key.id) is not None])
        for heading, keys in grouped(*reversed(inner), outer)
    ]
    return HelpScreen(title, [group for group in groups if group[1]], context_of(screen))


def help_lines(groups: Groups, context: Context, width: int) -> tuple[Line, ...]:
    """Return the groups as lines, side by side where there is room."""
    if width < _TWO_COLUMNS_FROM:
        return tuple(line for group in groups for line in _group_lines(*group, context, width))
    half = width // 2 - 2
    total = sum(len(keys) + 2 for _, keys in groups)
    left: list[Line] = []
    right: list[Line] = []
    for group in groups:
        column = left if len(left) < total // 2 else right
        column.extend(_group_lines(*group, context, half))
    return tuple(_beside(left, right, place, half) for place in range(max(len(left), len(right))))


def _beside(left: Sequence[Line], right: Sequence[Line], place: int, half: int) -> Line:
    one = left[place] if place < len(left) else ()
    other = right[place] if place < len(right) else ()
    used = sum(len(cell.text) for cell in one)
    return (*one, Cell(" " * max(0, half + 4 - used)), *other)


def _group_lines(title: str, keys: Sequence[Key], context: Context, width: int) -> list[Line]:
    lines: list[Line] = [(), (Cell(title, "bold accent"),)]
    for key in keys:
        lines += _key_lines(key, key.why_not(context), width - _KEYS_WIDE - _WORDS_WIDE)
    return lines


def _key_lines(key: Key, why_not: str | None, width: int) -> list[Line]:
    """Return a key's line, and more where its sentence is longer than that."""
    said = f"{key.sentence} Not now: {why_not}" if why_not else key.sentence
    words = wrap(said, width, break_on_hyphens=False)  # a path or a command would not be one
    name, label, said = ("faint",) * 3 if why_not else ("bold key", "plain", "dim")
    first = (
        Cell(fit(key.shown, _KEYS_WIDE), name),
        Cell(fit(key.words, _WORDS_WIDE), label),
        Cell(words[0], said),
    )
    margin = Cell(" " * (_KEYS_WIDE + _WORDS_WIDE))
    return [first, *((margin, Cell(line, said)) for line in words[1:])]
