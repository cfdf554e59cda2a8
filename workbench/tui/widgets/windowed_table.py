"""A table of any length that holds only the pages somebody looks at.

The owner prepares a view elsewhere, hands it over with `replace_view`, answers
each `PageWanted` in a worker and hands the rows back with `give`. The table never
asks anybody for anything in any other way, and never waits.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.events import Blur, Click, Focus, Resize
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from workbench.tui.cells import Cell
from workbench.tui.inks import inks_on
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope
from workbench.tui.widgets.table_drawing import (
    NO_MARK,
    RowLook,
    header_line,
    placeholder_line,
    row_line,
)
from workbench.tui.widgets.table_layout import (
    LEAST,
    Layout,
    column_at,
    first_for,
    lay_out,
    natural_widths,
)
from workbench.tui.widgets.table_messages import (
    CursorMoved,
    MarkPressed,
    PageWanted,
    RowOpened,
    SortPressed,
    WidthChanged,
)
from workbench.tui.widgets.table_values import Column, Page, Pages, Row, Sheet

if TYPE_CHECKING:
    from textual.timer import Timer

SETTLE_S = 0.08
"""A cursor that rests this long is worth a new chart."""
Marks = Mapping[Hashable, Cell]


class WindowedTable(Keyed, ScrollView, can_focus=True):
    """Show rows by window: a header, frozen columns, marks and a cursor pinned by key."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("table",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("table")]
    DEFAULT_CSS = """
    WindowedTable { height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }
    """

    sheet: reactive[Sheet] = reactive(Sheet(), init=False)
    marks: reactive[Marks] = reactive({}, init=False)
    cursor: reactive[int] = reactive(0, init=False)
    column: reactive[int] = reactive(0, init=False)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._pages = Pages()
        self._widths: dict[str, int] = {}
        self._first = 0
        self._layout = Layout()
        self._strips: dict[int, Strip] = {}
        self._settling: Timer | None = None
        self._untold = False

    # ------------------------------------------------------------ data in

    def replace_view(
        self,
        view: Sheet,
        pages: Iterable[Page] = (),
        *,
        key: Hashable | None = None,
        position: int | None = None,
        refit: bool = False,
        from_top: bool = False,
    ) -> None:
        """Show another view without moving the cursor off its row or its screen line.

        Args:
            view: The new view; its generation is greater than the last.
            pages: Its rows around the cursor, so that nothing flickers.
            key: The cursor's key when the view was prepared.
            position: Where that key is in the new view; None if it is gone.
            refit: Find the widths anew; the cells are of another kind than before.
            from_top: Go to the first row instead.
        """
        offset, place = self.cursor - self._top, self._place_in(view, tuple(pages), key, position)
        cursor = 0 if from_top else place
        with self.app.batch_update():
            if view.columns != self.sheet.columns:
                self._forget_columns(view)
            self.set_reactive(WindowedTable.sheet, view)
            if refit:
                self._widths = {}
            self.virtual_size = Size(0, view.count + 1)
            self.set_reactive(WindowedTable.cursor, cursor)
            self.scroll_to(y=max(0, cursor - offset), animate=False, immediate=True)
            self._keep_in_view()
            self._measure()
        self._look_ahead()
        self._settle()

    def give(self, page: Page) -> None:
        """Take a page that was wanted; one of an older view is dropped."""
        if not self._pages.give(page):
            return
        self._measure()
        if self._untold and self.cursor_row is not None:
            self._settle()

    def miss(self, start: int, generation: int) -> None:
        """Note that a page that was wanted could not be fetched; the next look asks again."""
        self._pages.miss(start, generation)

    def _place_in(
        self, view: Sheet, pages: tuple[Page, ...], key: Hashable | None, position: int | None
    ) -> int:
        here = self.cursor_row
        was = self._pages.find(key) if key is not None else None
        self._pages = Pages(view.generation, view.count)
        for page in pages:
            self._pages.give(page)
        place = self._pages.find(here.key) if here is not None else None
        if place is None and position is not None:
            place = position + (self.cursor - was if was is not None else 0)
        return max(0, min(self.cursor if place is None else place, view.count - 1))

    def _forget_columns(self, view: Sheet) -> None:
        keys = {column.key for column in view.columns}
        self._widths = {key: width for key, width in self._widths.items() if key in keys}
        moving = sum(1 for column in view.columns if not column.pinned)
        self._first = max(0, min(self._first, moving - 1))
        column = max(0, min(self.column, len(view.columns) - 1))
        self.set_reactive(WindowedTable.column, column)

    # ------------------------------------------------------------ what is where

    @property
    def _top(self) -> int:
        return self.scroll_offset.y

    @property
    def _rows_high(self) -> int:
        return max(1, self.size.height - 1)

    @property
    def cursor_row(self) -> Row | None:
        """Return the row under the cursor, or None while it is not here."""
        return self._pages.row(self.cursor) if self.cursor < self.sheet.count else None

    @property
    def cursor_cell(self) -> Cell | None:
        """Return the cell under the cursor."""
        row = self.cursor_row
        return row.cells[self.column] if row is not None and self.sheet.columns else None

    @property
    def cursor_column(self) -> Column | None:
        """Return the column under the cursor."""
        return self.sheet.columns[self.column] if self.sheet.columns else None

    def span_around(self, position: int) -> tuple[int, int]:
        """Return the rows on the screen if the cursor's row came to stand at ``position``."""
        top = max(0, position - (self.cursor - self._top))
        return top, top + self._rows_high

    def rows_on_screen(self) -> tuple[Row, ...]:
        """Return the rows that can be seen and are here."""
        last = min(self.sheet.count, self._top + self._rows_high)
        rows = (self._pages.row(index) for index in range(self._top, last))
        return tuple(row for row in rows if row is not None)

    # ------------------------------------------------------------ drawing

    def render_line(self, y: int) -> Strip:
        """Return one line of the window."""
        width = self.scrollable_content_region.width
        inks = inks_on(self)
        if y == 0:
            columns, sort = self.sheet.columns, self.sheet.sort
            line = header_line(columns, sort, self._layout, self.column, width)
            return inks.strip(line) if columns else inks.blank(width)
        index = self._top + y - 1
        if index >= self.sheet.count:
            return inks.blank(width)
        if index == self.cursor:
            return inks.strip(self._row_cells(index, width))
        if index not in self._strips:
            self._strips[index] = inks.strip(self._row_cells(index, width))
        return self._strips[index]

    def _row_cells(self, index: int, width: int) -> tuple[Cell, ...]:
        row = self._pages.row(index)
        tint = ("cursor" if self.has_focus else "cursor-blurred") if index == self.cursor else ""
        if row is None:
            return placeholder_line(self._layout, tint, width)
        look = RowLook(self.marks.get(row.key, NO_MARK), tint, self.column)
        return row_line(self.sheet.columns, row, self._layout, look, width)

    def _measure(self) -> None:
        view = self.sheet
        self._widths = natural_widths(view.columns, self.rows_on_screen(), view.sort, self._widths)
        self._lay_out()

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        self._layout = lay_out(self.sheet.columns, self._widths, self._first, width)
        self._redraw()

    def _redraw(self) -> None:
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw afresh when the theme changes."""
        self._strips.clear()
        super().notify_style_update()

    def watch_marks(self) -> None:
        """Draw the new marks."""
        self._redraw()

    def on_focus(self, _event: Focus) -> None:
        """Show that the keys go here."""
        self._refresh_row(self.cursor)

    def on_blur(self, _event: Blur) -> None:
        """Show that the keys go elsewhere."""
        self._refresh_row(self.cursor)

    def on_mount(self) -> None:
        """Lay out anew when the scrollbar takes a column, or gives it back."""
        self.watch(self, "show_vertical_scrollbar", self._measure, init=False)

    def on_resize(self, _event: Resize) -> None:
        """Lay the columns out for the new width."""
        self._keep_in_view()
        self._measure()
        self._look_ahead()

    def _refresh_row(self, index: int) -> None:
        self._strips.pop(index, None)
        self.refresh_line(index + 1)

    # ------------------------------------------------------------ moving

    def move_to(self, index: int) -> None:
        """Put the cursor on a row."""
        self.cursor = max(0, min(index, self.sheet.count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two lines that differ, and tell when the cursor rests."""
        self._refresh_row(old)
        self._refresh_row(new)
        self._keep_in_view()
        self._settle()

    def watch_column(self, _old: int, new: int) -> None:
        """Scroll so that the column under the cursor is whole."""
        width = self.scrollable_content_region.width
        first = first_for(self.sheet.columns, self._widths, self._first, width, new)
        if first != self._first:
            self._first = first
            self._lay_out()
        else:
            self.refresh(Region(0, 0, self.size.width, 1))
            self._refresh_row(self.cursor)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the pages that came into sight."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._look_ahead()

    def _keep_in_view(self) -> None:
        if self.cursor < self._top:
            self.scroll_to(y=self.cursor, animate=False, immediate=True)
        elif self.cursor >= self._top + self._rows_high:
            self.scroll_to(y=self.cursor - self._rows_high + 1, animate=False, immediate=True)

    def _look_ahead(self) -> None:
        start, stop = self._top, self._top + self._rows_high
        self._pages.touch(start, stop)
        for begin, end in self._pages.wanted(start, stop):
            self.post_message(PageWanted(self, begin, end, self.sheet.generation))

    def _settle(self) -> None:
        self._untold = True
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE_S, self._tell)

    def _tell(self) -> None:
        row = self.cursor_row
        if row is None and self.sheet.count:
            return
        self._untold = False
        self.post_message(CursorMoved(self, row.key if row else None, self.cursor))

    def on_click(self, event: Click) -> None:
        """Put the cursor where the mouse is; a header sorts."""
        column = column_at(self._layout, event.x)
        if column is not None:
            self.column = column
        if event.y == 0:
            self.press_sort()
        else:
            self.move_to(self._top + event.y - 1)

    # ------------------------------------------------------------ keys

    def press_up(self) -> None:
        """Move up one row."""
        self.move_to(self.cursor - 1)

    def press_down(self) -> None:
        """Move down one row."""
        self.move_to(self.cursor + 1)

    def press_page_up(self) -> None:
        """Move up one screen."""
        self.move_to(self.cursor - self._rows_high)

    def press_page_down(self) -> None:
        """Move down one screen."""
        self.move_to(self.cursor + self._rows_high)

    def press_top(self) -> None:
        """Move to the first row."""
        self.move_to(0)

    def press_bottom(self) -> None:
        """Move to the last row."""
        self.move_to(self.sheet.count - 1)

    def press_left(self) -> None:
        """Move one column to the left."""
        self.column = max(0, self.column - 1)

    def press_right(self) -> None:
        """Move one column to the right."""
        self.column = max(0, min(self.column + 1, len(self.sheet.columns) - 1))

    def press_open(self) -> None:
        """Open the row under the cursor."""
        if self.cursor_row is not None:
            self.post_message(RowOpened(self, self.cursor_row))

    def press_mark(self) -> None:
        """Mark the row under the cursor and go to the next."""
        if self.cursor_row is not None:
            self.post_message(MarkPressed(self, self.cursor_row))
            self.press_down()  # at once: the next key may be waiting already

    def press_sort(self) -> None:
        """Sort by the column under the cursor."""
        if self.cursor_column is not None:
            self.post_message(SortPressed(self, self.cursor_column, turn=False))

    def press_sort_reverse(self) -> None:
        """Turn the order of the column under the cursor."""
        if self.cursor_column is not None:
            self.post_message(SortPressed(self, self.cursor_column, turn=True))

    def press_narrower(self) -> None:
        """Make the column under the cursor narrower."""
        self._resize_column(-2)

    def press_wider(self) -> None:
        """Make the column under the cursor wider."""
        self._resize_column(2)

    def _resize_column(self, by: int) -> None:
        column = self.cursor_column
        if column is None:
            return
        width = max(LEAST, self._widths.get(column.key, LEAST) + by)
        columns = tuple(
            each._replace(width=width) if each.key == column.key else each
            for each in self.sheet.columns
        )
        view = self.sheet
        self.sheet = Sheet(view.generation, view.count, columns, view.sort)
        self._widths[column.key] = width
        self._lay_out()
        self.post_message(WidthChanged(self, column, width))
