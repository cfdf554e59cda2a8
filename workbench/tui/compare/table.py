"""The table of facts: a row is a fact, a column is a run, and the keys mean the run."""

from typing import ClassVar

from textual.binding import BindingType
from textual.events import Click
from textual.message import Message

from workbench.tui.keyed import bindings
from workbench.tui.keys import Scope
from workbench.tui.widgets.table_layout import column_at
from workbench.tui.widgets.windowed_table import WindowedTable


class CompareTable(WindowedTable):
    """Show facts of runs; tell when the cursor goes to another run."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("compare", "table")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare", "table")]

    # These keys are about runs, which are columns here: the screen answers them.
    press_mark: ClassVar[None] = None  # type: ignore[assignment]
    press_open: ClassVar[None] = None  # type: ignore[assignment]
    press_sort: ClassVar[None] = None  # type: ignore[assignment]
    press_sort_reverse: ClassVar[None] = None  # type: ignore[assignment]

    class ColumnMoved(Message):
        """The cursor went to another column."""

        def __init__(self, column: int) -> None:
            super().__init__()
            self.column = column

    def watch_column(self, old: int, new: int) -> None:
        """Scroll to the column, and say which it is."""
        super().watch_column(old, new)
        self.post_message(self.ColumnMoved(new))

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is; the header chooses a run."""
        event.prevent_default()
        column = column_at(self._layout, event.x)
        if column is not None:
            self.column = column
        if event.y > 0:
            self.move_to(self._top + event.y - 1)
