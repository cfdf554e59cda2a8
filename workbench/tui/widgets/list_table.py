"""A table whose rows are all at hand: metrics, files, packages, faults, jobs.

The windowed table underneath draws and moves; here are the rows, their order and
what is said when there are none. For runs, of which there may be a million, use
`WindowedTable` itself.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual.strip import Strip

from workbench.tui.cells import Cell
from workbench.tui.folding import folded
from workbench.tui.inks import inks_on
from workbench.tui.widgets.table_messages import PageWanted
from workbench.tui.widgets.table_values import (
    PAGE_ROWS,
    PAGES_KEPT,
    Column,
    Page,
    Row,
    Sheet,
    SortKey,
    next_sort,
)
from workbench.tui.widgets.windowed_table import WindowedTable

_HELD = PAGE_ROWS * PAGES_KEPT


class Entry(NamedTuple):
    """One row: its key, finished cells, and what the cells are sorted by."""

    key: Hashable
    cells: tuple[Cell, ...]
    values: tuple[Any, ...] = ()
    """One for each cell; empty sorts by what the cells say."""


class ListTable(WindowedTable):
    """Show entries, keep them in order, and say so when there are none."""

    # Nothing here is compared or overlaid; the key would be offered in vain.
    press_mark: ClassVar[None] = None  # type: ignore[assignment]

    def __init__(self, words: str = "", *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.words = words
        self.entries: tuple[Entry, ...] = ()
        self._ordered: tuple[Entry, ...] = ()
        self._columns: tuple[Column, ...] = ()
        self._sort: tuple[SortKey, ...] = ()
        self._ahead: list[Callable[[], None]] = []
        """Keys pressed while the rows were still being read."""

    @property
    def waits(self) -> bool:
        """Say whether nothing was shown yet: what is pressed now is done when there are rows."""
        return not self.sheet.generation

    @property
    def entry(self) -> Entry | None:
        """Return the entry under the cursor."""
        return self._ordered[self.cursor] if self.cursor < len(self._ordered) else None

    def show(
        self, columns: tuple[Column, ...], entries: Sequence[Entry], *, words: str | None = None
    ) -> None:
        """Show other entries; the cursor stays on its own if it is still there."""
        if words is not None:
            self.words = words
        self.entries, self._columns = tuple(entries), columns
        self._arrange()
        ahead, self._ahead = self._ahead, []
        for press in ahead:
            press()

    def go_to(self, key: Hashable) -> bool:
        """Put the cursor on an entry; False when it is not there."""
        place = self._place_of(key)
        if place is not None:
            self.move_to(place)
        return place is not None

    def press_up(self) -> None:
        """Move up one row."""
        self._now_or_ahead(super().press_up)

    def press_down(self) -> None:
        """Move down one row."""
        self._now_or_ahead(super().press_down)

    def press_open(self) -> None:
        """Open the row under the cursor."""
        self._now_or_ahead(super().press_open)

    def _now_or_ahead(self, press: Callable[[], None]) -> None:
        if self.waits:
            self._ahead.append(press)
        else:
            press()

    def press_sort(self) -> None:
        """Sort by the column under the cursor."""
        self._sort_by(turn=False)

    def press_sort_reverse(self) -> None:
        """Turn the order of the column under the cursor."""
        self._sort_by(turn=True)

    def _sort_by(self, *, turn: bool) -> None:
        column = self.cursor_column
        if column is not None:
            down = column.align == "right"
            self._sort = next_sort(self._sort, column.key, turn=turn, descending=down)
            self._arrange()

    def _arrange(self) -> None:
        here = self.entry
        self._ordered = ordered(self.entries, self._columns, self._sort)
        generation = self.sheet.generation + 1
        key = here.key if here else None
        position = self._place_of(key) if here else None
        sheet = Sheet(generation, len(self._ordered), self._columns, self._sort)
        self.replace_view(sheet, (self._page(0, _HELD, generation),), key=key, position=position)
        self.refresh()

    def _place_of(self, key: Hashable) -> int | None:
        return next((n for n, each in enumerate(self._ordered) if each.key == key), None)

    def _page(self, start: int, end: int, generation: int) -> Page:
        rows = tuple(Row(each.key, each.cells) for each in self._ordered[start:end])
        return Page(start, rows, generation)

    def on_page_wanted(self, event: PageWanted) -> None:
        """Hand out rows that were let go of."""
        event.stop()
        self.give(self._page(event.start, event.end, event.generation))

    def render_line(self, y: int) -> Strip:
        """Return one line, or the words when there is nothing to list."""
        if self._ordered or not self.words or not self.sheet.generation:
            return super().render_line(y)
        width = self.size.width
        said = folded(self.words, max(10, width - 2))
        place = y - 1
        line = (Cell(f" {said[place]}", "dim"),) if 0 <= place < len(said) else ()
        inks = inks_on(self)
        return inks.strip(line).adjust_cell_length(width, inks.painted(""))


def ordered(
    entries: Sequence[Entry], columns: Sequence[Column], sort: Sequence[SortKey]
) -> tuple[Entry, ...]:
    """Return entries in the order of some keys; what is missing comes last either way."""
    places = {column.key: place for place, column in enumerate(columns)}
    found = list(entries)
    for key in reversed(sort):
        place = places.get(key.column)
        if place is None:
            continue
        known = [each for each in found if not _missing(_value(each, place))]
        unknown = [each for each in found if _missing(_value(each, place))]
        known.sort(key=lambda each: _comparable(_value(each, place)), reverse=key.descending)
        found = known + unknown
    return tuple(found)


def _value(entry: Entry, place: int) -> Any:
    return entry.values[place] if entry.values else entry.cells[place].text


def _missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _comparable(value: Any) -> tuple[int, Any]:
    if isinstance(value, int | float):
        return (0, value)
    return (1, str(value).casefold())
