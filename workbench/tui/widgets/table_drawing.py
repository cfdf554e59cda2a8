"""A table's header and rows as lines of cells."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workbench.tui.cells import Cell, fit, shorten_line, width_of, width_of_line
from workbench.tui.widgets.table_layout import GAP, Layout, Place, hidden_words
from workbench.tui.widgets.table_values import Column, Row, SortKey

NO_MARK = Cell(" ")
_BAR = "▌"
_RULE = " │ "


class RowLook(NamedTuple):
    """How one row stands out."""

    mark: Cell = NO_MARK
    cursor: str = ""
    """``cursor`` or ``cursor-blurred`` on the line of the cursor."""
    column: int = -1
    """The column under the cursor, on that line."""


def header_line(
    columns: Sequence[Column], sort: Sequence[SortKey], layout: Layout, column: int, width: int
) -> tuple[Cell, ...]:
    """Return the header: titles, arrows with their number, how many columns are hidden."""
    line = [Cell("   ")]
    for place, gap in _places(layout):
        title = _title(columns[place.at], sort, place.width)
        style = _title_style(columns[place.at].ink, here=place.at == column)
        line += (Cell(title, style), gap)
    # The last gap goes: it would be what gets cut, with an ellipsis for nothing.
    hidden = hidden_words(layout)
    if not hidden:
        return _whole(line[:-1], width)
    # A single blank, as the layout leaves: two would cut the last title by one.
    said = Cell(f" {hidden}", "accent")
    return (*_whole(line[:-1], width - width_of(said.text)), said)


def _whole(line: Sequence[Cell], width: int) -> tuple[Cell, ...]:
    """Return a line of exactly ``width`` cells with nothing at its end to be kept apart from."""
    kept = shorten_line(line, width)
    return (*kept, Cell(" " * (width - width_of_line(kept))))


def _title_style(ink: str, *, here: bool) -> str:
    if ink:
        return f"bold underline {ink}" if here else ink
    return "bold accent" if here else "dim"


def _title(column: Column, sort: Sequence[SortKey], width: int) -> str:
    arrow = ""
    for number, key in enumerate(sort, start=1):
        if key.column == column.key:
            arrow = ("▼" if key.descending else "▲") + (str(number) if len(sort) > 1 else "")
    room = width - width_of(arrow)
    if column.align == "right":
        return fit(column.title, room, "right") + arrow
    title = fit(column.title, room)
    bare = title.rstrip()
    return bare + arrow + " " * (len(title) - len(bare))


def _places(layout: Layout) -> Iterator[tuple[Place, Cell]]:
    gap = Cell(" " * GAP)
    for number, place in enumerate(layout.frozen, start=1):
        yield place, (Cell(_RULE, "rule") if number == len(layout.frozen) else gap)
    for place in layout.moving:
        yield place, gap


def row_line(
    columns: Sequence[Column], row: Row, layout: Layout, look: RowLook, width: int
) -> tuple[Cell, ...]:
    """Return one row, filled up to ``width`` cells."""
    tint = look.cursor or ("group" if row.group else "")
    weight = " bold" if row.group else ""
    bar = Cell(_BAR, f"accent {tint}") if look.cursor == "cursor" else Cell(" ", tint)
    line = [bar, Cell(fit(look.mark.text, 1), f"bold {look.mark.style} {tint}"), Cell(" ", tint)]
    used = 3
    if row.span:
        said = tuple(cell for cell in row.cells if cell.text)
        whole = _whole(said, max(0, width - used))
        return (*line, *(Cell(text, f"{style} {tint}") for text, style in whole))
    for place, gap in _places(layout):
        text, style = row.cells[place.at]
        under = "here" if look.cursor == "cursor" and place.at == look.column else tint
        shown = fit(text, place.width, columns[place.at].align)
        line += (Cell(shown, f"{style}{weight} {under}"), Cell(gap.text, f"{gap.style} {tint}"))
        used += place.width + len(gap.text)
    if used < width:
        line.append(Cell(" " * (width - used), tint))
    return tuple(line)


def placeholder_line(layout: Layout, cursor: str, width: int) -> tuple[Cell, ...]:
    """Return a row whose page is still on its way."""
    line = [Cell(_BAR if cursor == "cursor" else " ", f"accent {cursor}"), Cell("  ", cursor)]
    used = 3
    for place, gap in _places(layout):
        line += (Cell("░" * place.width, f"placeholder {cursor}"), Cell(gap.text, cursor))
        used += place.width + len(gap.text)
    line.append(Cell(" " * max(0, width - used), cursor))
    return tuple(line)
