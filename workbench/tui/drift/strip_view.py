"""The heat strip on the screen: a cursor on one column of one chunk, and only what is in sight."""

from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.events import Blur, Click, Focus, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from workbench.tui.cells import Line, shorten_line
from workbench.tui.drift.grid import Grid, key_of
from workbench.tui.drift.scales import Window, bounded, window
from workbench.tui.drift.strip_lines import (
    HEADS,
    Cursor,
    column_line,
    foot_lines,
    head_lines,
    names_wide,
)
from workbench.tui.inks import Inks, inks_on
from workbench.tui.keyed import Keyed, bindings
from workbench.tui.keys import Scope


class Look(NamedTuple):
    """What decides how a column without the cursor looks."""

    grid: Grid
    seen: Window
    names: int
    """Cells for names."""
    inks: Inks


class CellMoved(Message):
    """The cursor is on another column or another chunk."""

    def can_replace(self, message: Message) -> bool:
        """Stand in for a move that was not looked at yet."""
        return isinstance(message, CellMoved)


class CellOpened(Message):
    """Somebody wants to see all of the cell under the cursor."""


class HeatStrip(Keyed, Widget, can_focus=True):
    """Show columns by chunks; the cursor keeps its column and its chunk when news come."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ("strip",)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("strip")]
    DEFAULT_CSS = "HeatStrip { height: 1fr; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.grid: Grid | None = None
        self.row = 0
        self.at = 0
        self.zoom = 0
        self._top = 0
        self._first = 0
        self._sight: Look | None = None
        self._heads: tuple[Line, ...] = ()
        self._drawn: dict[int, Strip] = {}
        """Columns without the cursor, as they look in `_drawn_for`."""
        self._drawn_for: Look | None = None

    def show(self, grid: Grid) -> None:
        """Show other columns or chunks; the cursor stays on its own where they are there still."""
        before, at_end = self.grid, self._at_end
        name = before.column(self.row).name if before is not None and before.rows else ""
        key = key_of(before.chunk(self.at)) if before is not None and before.places else ("", "")
        row, at = grid.row_of(name), grid.at_of(key)
        self.grid = grid
        self.row = row if row is not None else min(self.row, max(0, len(grid.rows) - 1))
        last = max(0, len(grid.places) - 1)
        self.at = at if at is not None else (last if at_end else min(self.at, last))
        self._anew()
        self.post_message(CellMoved())

    @property
    def _at_end(self) -> bool:
        """Say whether nothing was shown yet, or the cursor is on no chunk that can be found."""
        return self.grid is None or not self.grid.places

    @property
    def here(self) -> bool:
        """Say whether the cursor is on a column of a chunk."""
        return self.grid is not None and bool(self.grid.rows) and bool(self.grid.places)

    def go_to(self, *, row: int | None = None, at: int | None = None) -> None:
        """Put the cursor on a column, on a chunk, or both; never beside them."""
        grid = self.grid
        if grid is None or not grid.places:
            return
        before = self.row, self.at
        self.row = max(0, min(row if row is not None else self.row, len(grid.rows) - 1))
        self.at = max(0, min(at if at is not None else self.at, len(grid.places) - 1))
        if before != (self.row, self.at):
            self._moved(before[0])
            self.post_message(CellMoved())

    # ------------------------------------------------------------ drawing

    def _moved(self, row: int) -> None:
        """Draw what a step of the cursor changes, and no more where nothing else moved.

        Args:
            row: Where it was.
        """
        top = self._top
        self._sight, self._heads = self._look(), ()
        if self._sight != self._drawn_for or self._top != top:
            self.refresh()
            return
        for y, height in ((0, HEADS), (HEADS + row - top, 1), (HEADS + self.row - top, 1)):
            if 0 <= y < self.size.height:
                self.refresh(Region(0, y, self.size.width, height))

    def _anew(self) -> None:
        self._sight, self._heads = None, ()
        self.refresh()

    def on_resize(self, _event: Resize) -> None:
        """Look again at what is in sight."""
        self._anew()

    def on_focus(self, _event: Focus) -> None:
        """Show where the keys go."""
        self._anew()

    def on_blur(self, _event: Blur) -> None:
        """Show that they go elsewhere."""
        self._anew()

    def notify_style_update(self) -> None:
        """Draw in the colours of the new theme."""
        super().notify_style_update()
        self._anew()

    @property
    def seen(self) -> Window | None:
        """Return the chunks in sight."""
        grid = self.grid
        if grid is None or not grid.places:
            return None
        names = names_wide(grid, self.size.width)
        room = max(1, self.size.width - names)
        return window(len(grid.places), room, self.at, zoom=self.zoom, before=self._first)

    def _look(self) -> Look | None:
        """Return what is in sight, moved no further than the cursor needs."""
        grid, seen, (width, height) = self.grid, self.seen, self.size
        if grid is None or seen is None:
            return None
        self._first = seen.first
        page = max(1, height - HEADS)
        most = max(0, len(grid.rows) - page)
        self._top = max(0, min(max(self._top, self.row - page + 1), self.row, most))
        return Look(grid, seen, names_wide(grid, width), inks_on(self))

    def render_line(self, y: int) -> Strip:
        """Return one line; of columns without the cursor as it was drawn before."""
        look = self._sight = self._sight or self._look()
        width = self.size.width
        if look is None:
            return inks_on(self).blank(width)
        if look != self._drawn_for:
            self._drawn_for, self._drawn = look, {}
        row = self._top + y - HEADS
        cursor = Cursor(self.row, self.at, lit=self.has_focus)
        if y >= HEADS and row < len(look.grid.rows) and row != self.row:
            if row not in self._drawn:
                self._drawn[row] = self._painted(look, cursor, y, row, width)
            return self._drawn[row]
        return self._painted(look, cursor, y, row, width)

    def _painted(self, look: Look, cursor: Cursor, y: int, row: int, width: int) -> Strip:
        grid, seen, names, inks = look
        if y < HEADS:
            line = self._heads = self._heads or head_lines(grid, seen, cursor, names)
            shown = line[y]
        elif row < len(grid.rows):
            shown = column_line(grid, row, seen, cursor, names)
        else:
            below = foot_lines(self.size.height - HEADS - len(grid.rows))
            place = row - len(grid.rows)
            shown = below[place] if place < len(below) else ()
        strip = inks.strip(shorten_line(shown, width))
        return strip.adjust_cell_length(width, inks.painted(""))

    # ------------------------------------------------------------ keys and mouse

    def press_up(self) -> None:
        """Go to the column above."""
        self.go_to(row=self.row - 1)

    def press_down(self) -> None:
        """Go to the column below."""
        self.go_to(row=self.row + 1)

    def press_left(self) -> None:
        """Go to the chunk before, or the chunks before where several share a cell."""
        self._step(-1)

    def press_right(self) -> None:
        """Go to the next chunk."""
        self._step(1)

    def _step(self, by: int) -> None:
        seen = self.seen
        if seen is not None:
            at = self.at + by if seen.per == 1 else (self.at // seen.per + by) * seen.per
            self.go_to(at=at)

    def press_page_up(self) -> None:
        """Go up as many columns as are in sight."""
        self.go_to(row=self.row - max(1, self.size.height - HEADS - 1))

    def press_page_down(self) -> None:
        """Go down as many columns as are in sight."""
        self.go_to(row=self.row + max(1, self.size.height - HEADS - 1))

    def press_top(self) -> None:
        """Go to the first column."""
        self.go_to(row=0)

    def press_bottom(self) -> None:
        """Go to the last column."""
        if self.grid is not None:
            self.go_to(row=len(self.grid.rows) - 1)

    def press_first_chunk(self) -> None:
        """Go to the first chunk."""
        self.go_to(at=0)

    def press_last_chunk(self) -> None:
        """Go to the last chunk."""
        if self.grid is not None:
            self.go_to(at=len(self.grid.places) - 1)

    def press_strip_wider(self) -> None:
        """Give each chunk more cells."""
        self._zoom(1)

    def press_strip_narrower(self) -> None:
        """Show more chunks, several to a cell where there are very many."""
        self._zoom(-1)

    def press_strip_whole(self) -> None:
        """Show as many chunks as have a cell each."""
        self._zoom(-self.zoom)

    def _zoom(self, by: int) -> None:
        grid = self.grid
        if grid is None or not grid.places:
            return
        room = max(1, self.size.width - names_wide(grid, self.size.width))
        self.zoom = bounded(self.zoom + by, len(grid.places), room)
        self._anew()

    def press_open_cell(self) -> None:
        """Show all of the cell under the cursor."""
        self.post_message(CellOpened())

    def on_click(self, event: Click) -> None:
        """Go to the cell under the mouse."""
        grid, seen = self.grid, self.seen
        if grid is None or seen is None:
            return
        event.stop()
        step = (event.x - names_wide(grid, self.size.width)) // seen.wide
        row = self._top + event.y - HEADS if event.y >= HEADS else self.row
        at = seen.chunks(step).start if 0 <= step < seen.steps else self.at
        if row < len(grid.rows):
            self.go_to(row=row, at=at)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Go down."""
        event.stop()
        self.press_down()

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Go up."""
        event.stop()
        self.press_up()
