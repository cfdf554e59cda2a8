"""What the heat strip is of: which columns and chunks of a series, in which order.

The series itself is never copied: a hundred columns of a thousand chunks are looked up by place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from workbench.datasets.drift.ordering import rank
from workbench.datasets.drift.report import FEATURE
from workbench.tui.widgets.narrow import holds

if TYPE_CHECKING:
    from workbench.operations.drift.series import Cell, ChunkHead, ColumnHead, Series

WEIGHT, HERE, NAME = "importance times effect", "effect in this chunk", "name"
ORDERS: Final = (WEIGHT, HERE, NAME)


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Columns of a series by chunks; one is another than the next, whatever is in it."""

    series: "Series"
    rows: tuple[int, ...]
    """Places of the columns shown, from above."""
    places: tuple[int, ...]
    """Places of the chunks shown, from the left."""
    marked: frozenset[str] = frozenset()
    """Names of columns."""

    def column(self, row: int) -> "ColumnHead":
        """Return the column of a row."""
        return self.series.columns[self.rows[row]]

    def chunk(self, at: int) -> "ChunkHead":
        """Return the chunk at a place from the left."""
        return self.series.chunks[self.places[at]]

    def cell(self, row: int, at: int) -> "Cell | None":
        """Return the judgement there; None where the chunk has no such column."""
        return self.series.cells[self.rows[row]][self.places[at]]

    def gravest(self, row: int, places: range) -> "Cell | None":
        """Return the gravest judgement on a column in some chunks."""
        found = [cell for at in places if (cell := self.cell(row, at)) is not None]
        if len(found) <= 1:
            return found[0] if found else None
        return max(found, key=lambda cell: (rank(cell.verdict), cell.effect))

    def gravest_row(self, at: int) -> int:
        """Return the first row whose column is judged gravest in a chunk."""

        def weight(row: int) -> tuple[int, float, int]:
            cell = self.cell(row, at)
            return (rank(cell.verdict), cell.effect, -row) if cell is not None else (-1, 0, -row)

        return max(range(len(self.rows)), key=weight, default=0)

    def row_of(self, name: str) -> int | None:
        """Return the row of a column; None where it is not shown."""
        return next((n for n, _ in enumerate(self.rows) if self.column(n).name == name), None)

    def at_of(self, key: tuple[str, str]) -> int | None:
        """Return the place of a chunk, given its label and segment; the newest of that name."""
        found = (n for n in reversed(range(len(self.places))) if key_of(self.chunk(n)) == key)
        return next(found, None)


def key_of(chunk: "ChunkHead") -> tuple[str, str]:
    """Return what a chunk is known by from one report to the next."""
    return chunk.label, chunk.segment


def segments_of(series: "Series") -> tuple[str, ...]:
    """Return the segments there are, all rows first."""
    return tuple(dict.fromkeys(("", *(chunk.segment for chunk in series.chunks))))


def grid_of(
    series: "Series",
    *,
    segment: str = "",
    typed: str = "",
    order: str = WEIGHT,
    here: tuple[str, str] | None = None,
    marked: frozenset[str] = frozenset(),
) -> Grid:
    """Return what is to be shown of a series.

    Args:
        series: All there is.
        segment: Whose chunks; empty: those of all rows.
        typed: Letters that a column's name must hold.
        order: One of `ORDERS`; predictions and labels stay first, marked columns before them.
        here: The chunk that `HERE` means.
        marked: Names of columns to be kept at the top.
    """
    places = tuple(n for n, chunk in enumerate(series.chunks) if chunk.segment == segment)
    shown = [n for n, column in enumerate(series.columns) if holds(column.name, typed)]
    if order == NAME:
        shown.sort(key=lambda n: series.columns[n].name.casefold())
    elif order == HERE and here is not None:
        shown = _by_effect(series, shown, here)
    shown.sort(key=lambda n: _rank(series.columns[n], marked))
    return Grid(series, tuple(shown), places, marked)


def _rank(column: "ColumnHead", marked: frozenset[str]) -> tuple[bool, bool]:
    return column.name not in marked, column.part == FEATURE


def _by_effect(series: "Series", shown: Sequence[int], here: tuple[str, str]) -> list[int]:
    at = next((n for n, chunk in enumerate(series.chunks) if key_of(chunk) == here), None)

    def effect(column: int) -> tuple[int, float]:
        cell = series.cells[column][at] if at is not None else None
        return (-rank(cell.verdict), -cell.effect) if cell is not None else (1, 0.0)

    return sorted(shown, key=effect)
