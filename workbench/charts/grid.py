"""How many charts stand side by side and above each other: small multiples in a given space."""

from typing import NamedTuple

SMALLEST_WIDTH, SMALLEST_HEIGHT = 36, 8
"""Below this a chart shows hardly more than its axes; rather fewer charts and a next page."""

WIDEST_SHAPE = 5.0
"""A chart more than so many times as wide (in cells) as high reads flat."""

GAP = 2
"""Free cells between two columns."""


class Grid(NamedTuple):
    """A page of charts in rows and columns."""

    columns: int
    rows: int
    pages: int


def most_columns(width: int) -> int:
    """Return how many charts have room side by side."""
    return max(1, (width + GAP) // (SMALLEST_WIDTH + GAP))


def most_rows(height: int) -> int:
    """Return how many charts have room above each other."""
    return max(1, height // SMALLEST_HEIGHT)


def grid(charts: int, width: int, height: int, *, columns: int = 0, rows: int = 0) -> Grid:
    """Return the shape of a page that shows so many charts, as many as stay readable.

    Args:
        charts: How many there are.
        width: Cells to fill.
        height: Likewise.
        columns: How many columns the person asked for; 0 leaves it to the space.
        rows: Likewise.
    """
    if charts < 1 or width < 1 or height < 1:
        return Grid(0, 0, 0)
    rows = min(rows, most_rows(height))
    wanted = columns or (-(-charts // rows) if rows else _columns(charts, width, height))
    columns = min(wanted, most_columns(width), charts)
    rows = rows or min(-(-charts // columns), most_rows(height))
    return Grid(columns, rows, -(-charts // (columns * rows)))


def _columns(charts: int, width: int, height: int) -> int:
    """Return the fewest columns that show the most charts in shapes not too flat."""
    for columns in range(1, most_columns(width) + 1):
        rows = -(-charts // columns)
        flat = (width / columns) / (height / rows) > WIDEST_SHAPE
        if rows <= most_rows(height) and (not flat or columns >= charts):
            return columns
    return min(most_columns(width), charts)
