"""What a windowed table says: something was looked at, chosen or pressed."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

from textual.message import Message

from workbench.tui.widgets.table_values import Column, Row

if TYPE_CHECKING:
    from workbench.tui.widgets.windowed_table import WindowedTable


class TableMessage(Message, namespace="table"):
    """Something that a table said; ``table`` is which."""

    def __init__(self, table: "WindowedTable") -> None:
        super().__init__()
        self.table = table

    @property
    def control(self) -> "WindowedTable":
        """The table that said so."""
        return self.table


class PageWanted(TableMessage):
    """Rows ``start`` up to ``end`` of this generation are looked at and not here."""

    def __init__(self, table: "WindowedTable", start: int, end: int, generation: int) -> None:
        super().__init__(table)
        self.start = start
        self.end = end
        self.generation = generation


class CursorMoved(TableMessage):
    """The cursor came to rest on a row; ``key`` is None on an empty table."""

    def __init__(self, table: "WindowedTable", key: Hashable | None, index: int) -> None:
        super().__init__(table)
        self.key = key
        self.index = index


class RowOpened(TableMessage):
    """Somebody pressed Enter on a row."""

    def __init__(self, table: "WindowedTable", row: Row) -> None:
        super().__init__(table)
        self.row = row


class MarkPressed(TableMessage):
    """Somebody wants a row marked, or not any more."""

    def __init__(self, table: "WindowedTable", row: Row) -> None:
        super().__init__(table)
        self.row = row


class SortPressed(TableMessage):
    """Somebody wants the rows sorted by a column, or (``turn``) its order turned."""

    def __init__(self, table: "WindowedTable", column: Column, *, turn: bool) -> None:
        super().__init__(table)
        self.column = column
        self.turn = turn


class WidthChanged(TableMessage):
    """Somebody made a column wider or narrower."""

    def __init__(self, table: "WindowedTable", column: Column, width: int) -> None:
        super().__init__(table)
        self.column = column
        self.width = width
