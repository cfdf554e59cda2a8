"""Where the charts of a grid stand: small multiples in a given space."""

from typing import NamedTuple

SMALLEST_WIDTH, SMALLEST_HEIGHT = 26, 8
"""Below this a chart shows hardly more than its axes; rather fewer charts and a next page."""

WIDEST_SHAPE = 5.0
"""A chart more than so many times as wide (in cells) as high reads flat."""


class Box(NamedTuple):
    """The place of one chart, in cells from the top left corner."""

    left: int
    top: int
    width: int
    height: int


class Grid(NamedTuple):
    """A page of charts in rows and columns."""

    columns: int
    rows: int
    boxes: tuple[Box, ...]
    pages: int

    @property
    def per_page(self) -> int:
        """How many charts a full page holds."""
        return self.columns * self.rows


def grid(
    charts: int, width: int, height: int, *, gap: int = 2, columns: int = 0, rows: int = 0
) -> Grid:
    """Return places for so many charts, as many on one page as stay readable.

    Args:
        charts: How many there are.
        width: Cells to fill.
        height: Likewise.
        gap: Free cells between two columns.
        columns: How many columns the person asked for; 0 leaves it to the space.
        rows: Likewise.
    """
    charts = max(charts, 0)
    if charts == 0 or width < 1 or height < 1:
        return Grid(0, 0, (), 0)
    most_columns = max(1, (width + gap) // (SMALLEST_WIDTH + gap))
    most_rows = max(1, height // SMALLEST_HEIGHT)
    columns = min(columns, most_columns) or _columns(charts, width, height, most_columns, most_rows)
    rows = min(rows or -(-charts // columns), most_rows)
    places = min(charts, columns * rows)
    boxes = _boxes(columns, rows, width, height, gap)[:places]
    return Grid(columns, rows, boxes, -(-charts // (columns * rows)))


def _columns(charts: int, width: int, height: int, most_columns: int, most_rows: int) -> int:
    """Return the fewest columns that show the most charts in shapes not too flat."""
    for columns in range(1, most_columns + 1):
        rows = -(-charts // columns)
        flat = (width / columns) / (height / max(rows, 1)) > WIDEST_SHAPE
        if rows <= most_rows and (not flat or columns >= charts):
            return columns
    return min(most_columns, charts)


def _boxes(columns: int, rows: int, width: int, height: int, gap: int) -> tuple[Box, ...]:
    across, down = _shares(width - gap * (columns - 1), columns), _shares(height, rows)
    return tuple(
        Box(sum(across[:column]) + gap * column, sum(down[:row]), across[column], down[row])
        for row in range(rows)
        for column in range(columns)
    )


def _shares(whole: int, parts: int) -> list[int]:
    """Return whole numbers as equal as they can be, the larger ones first."""
    size, rest = divmod(whole, parts)
    return [size + (part < rest) for part in range(parts)]
