"""What is missing of compared runs: a few lines under the table, all of it where it is read."""

from collections.abc import Sequence

from textual.events import Blur, Focus
from textual.widget import Widget

from workbench.tui.cells import Line
from workbench.tui.compare.header import missing_lines
from workbench.tui.widgets.lines import Lines

_OTHERS = 5
"""Lines kept for the table: its header, two rows, and what stands around them."""


class Missing(Lines):
    """Show sentences; Tab opens them to all there is to read, ↑ and ↓ scroll what is more."""

    DEFAULT_CSS = "Missing { height: 1; display: none; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.can_focus = False
        self._said: tuple[str, ...] = ()
        self._most = 1

    def tell(self, said: Sequence[str], most: int) -> None:
        """Show these sentences on at most ``most`` lines."""
        self._said, self._most = tuple(said), most
        self.display = self.can_focus = bool(said)
        self._open(whole=self.has_focus)

    def _open(self, *, whole: bool) -> None:
        said, most = self._said, self._most

        def lines(width: int) -> list[Line]:
            return missing_lines(said, width, most, whole=whole)

        room = max(most, self._room() - _OTHERS) if whole else most
        self.styles.height = max(1, min(room, len(lines(self.size.width or self.app.size.width))))
        self.draw = lines

    def _room(self) -> int:
        parent = self.parent
        return parent.size.height if isinstance(parent, Widget) else 0

    def on_focus(self, _event: Focus) -> None:
        """Show all of it."""
        self._open(whole=True)

    def on_blur(self, _event: Blur) -> None:
        """Show as much as leaves the table its place."""
        self._open(whole=False)
        self.scroll_home(animate=False)
