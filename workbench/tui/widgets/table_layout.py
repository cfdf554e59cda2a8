"""Where a table's columns stand: widths, the frozen part, scrolling by column.

Pure arithmetic on values; drawing is in `table_drawing`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from workbench.tui.cells import width_of
from workbench.tui.widgets.table_values import Column, Row, SortKey

MARKS = 3
"""Cells of the marks at the left: the cursor's bar, the mark, a blank."""
GAP = 2
RULE = 1
"""A cell more than a gap between the frozen columns and the others, for a hairline."""
LEAST = 3
_HINT = 7
"""Cells of a longer text that still say something."""
_ARROW = 1


class Place(NamedTuple):
    """A column on the screen."""

    at: int
    """Which of the view's columns."""
    width: int
    """Cells given to it; less than it wants at the right edge."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns on the screen, from the left."""

    frozen: tuple[Place, ...] = ()
    moving: tuple[Place, ...] = ()
    hidden_left: int = 0
    hidden_right: int = 0


def natural_widths(
    columns: Sequence[Column],
    rows: Iterable[Row],
    sort: Sequence[SortKey],
    known: Mapping[str, int],
) -> dict[str, int]:
    """Return each column's width: a person's choice, else what its cells need.

    Widths only ever grow over ``known``, so that a new page does not make the
    whole table jump.
    """
    sample = [row for row in rows if not row.span]
    sorted_by = {key.column for key in sort}
    widths = {}
    for place, column in enumerate(columns):
        if column.width is not None:
            widths[column.key] = max(LEAST, column.width)
            continue
        arrow = (_ARROW + (len(sorted_by) > 1)) if column.key in sorted_by else 0
        title = width_of(column.title) + arrow
        cells = max((width_of(row.cells[place].text) for row in sample), default=0)
        least = max(LEAST, known.get(column.key, 0))
        widths[column.key] = max(least, min(column.most, max(title, cells)))
    return widths


def lay_out(columns: Sequence[Column], widths: Mapping[str, int], first: int, width: int) -> Layout:
    """Return the columns that fit into ``width`` cells, scrolled so that ``first`` leads.

    Where some do not fit, the end of the line is kept free for saying how many.

    Args:
        columns: The pinned ones first.
        widths: Cells per column key.
        first: How many of the moving columns are scrolled out at the left.
        width: Cells of the whole line.
    """
    layout = _lay_out(columns, widths, first, width)
    said = hidden_words(layout)
    return _lay_out(columns, widths, first, width - len(said) - 1) if said else layout


def hidden_words(layout: Layout) -> str:
    """Return how many columns are out of sight at either side: ``‹3 19›``."""
    left = f"‹{layout.hidden_left} " if layout.hidden_left else ""
    right = f" {layout.hidden_right}›" if layout.hidden_right else ""
    return (left + right).strip()


def _lay_out(
    columns: Sequence[Column], widths: Mapping[str, int], first: int, width: int
) -> Layout:
    n_frozen = sum(1 for column in columns if column.pinned)
    left = width - MARKS
    frozen: list[Place] = []
    for index in range(n_frozen):
        # A frozen part wider than two thirds would leave nothing to scroll.
        room = min(widths[columns[index].key], max(0, left - (width // 3 if index else 0)))
        if room >= LEAST:
            frozen.append(Place(index, room))
            left -= room + GAP
    left -= RULE if frozen else 0
    moving: list[Place] = []
    start = n_frozen + first
    index = start
    for index in range(start, len(columns)):
        if left < LEAST:
            break
        room = min(widths[columns[index].key], left)
        # Half a number is a wrong number; half a word is still a hint, a few signs are none.
        hint = columns[index].align == "left" and room >= _HINT
        if room < widths[columns[index].key] and not hint and moving:
            break
        moving.append(Place(index, room))
        left -= room + GAP
    hidden = len(columns) - start - len(moving)
    return Layout(tuple(frozen), tuple(moving), first, max(0, hidden))


def first_for(
    columns: Sequence[Column], widths: Mapping[str, int], first: int, width: int, column: int
) -> int:
    """Return the scroll position nearest to ``first`` that shows ``column`` whole."""
    n_frozen = sum(1 for each in columns if each.pinned)
    if column < n_frozen:
        return first
    if column - n_frozen < first:
        return column - n_frozen
    while first < column - n_frozen:
        layout = lay_out(columns, widths, first, width)
        place = next((p for p in layout.moving if p.at == column), None)
        if place is not None and place.width >= widths[columns[column].key]:
            break
        first += 1
    return first


def column_at(layout: Layout, x: int) -> int | None:
    """Return the column at a place on the line, for the mouse."""
    edge = MARKS
    for number, place in enumerate((*layout.frozen, *layout.moving), start=1):
        end = edge + place.width + GAP + (RULE if number == len(layout.frozen) else 0)
        if edge <= x < end:
            return place.at
        edge = end
    return None
