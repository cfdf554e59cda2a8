"""A table as an SVG picture: aligned columns, best values in bold, sections with headings.

Nothing is left out. What does not fit on a slide at its size of type is set smaller, then
long texts are cut in their middle; after that the picture grows.
"""

from collections.abc import Container, Sequence
from typing import NamedTuple

from workbench.charts.palette import DARK, Theme
from workbench.charts.svg import (
    END,
    HEIGHT,
    START,
    WIDTH,
    Box,
    Label,
    Skin,
    clean,
    cut,
    page,
    rectangle,
    segment,
    skin_of,
    width_of,
    written,
)
from workbench.charts.svg_frame import Sizes, head, sizes_of

Row = Sequence[str]

_LEAST = 0.6
"""Type shrinks to this share of its size before texts are cut."""

_HIGH, _GAP = 1.65, 1.5
"""A row's height and the room between two columns, in the size of the type."""

_NARROWEST = 4.5
"""A column keeps this width, in the size of the type: a short number is never cut."""

_ROOMY = 1.5
"""No column is wider than this times what it needs."""

_INDENT = 0.8
_NUMERIC = frozenset("0123456789+-−.,eE%×±∞ ()[]kMGTnNa—–…▲▼*:=<>/smhd")
_EMPTY = frozenset("—–- ")


def table_svg(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Row],
    *,
    theme: Theme = DARK,
    bold: Container[tuple[int, int]] = (),
    colors: Sequence[int | None] = (),
    aside: str = "",
    width: float = WIDTH,
    height: float = HEIGHT,
) -> str:
    """Return a table as an SVG document, at least ``width`` by ``height``.

    Args:
        title: What it shows.
        headings: One for each column; the first column says what a row is.
        rows: A row of a single cell is the heading of a section.
        theme: On a light or a dark ground.
        bold: Row and column of the cells that stand out, such as the best of a row.
        colors: Of the headings, such as those of the runs; None for the colour of text.
        aside: A few words beside the title.
        width: Units of the picture, such as pixels.
        height: Likewise; more rows than fit make the picture higher.
    """
    sizes, skin = sizes_of(width, height), skin_of(theme)
    cells = [tuple(map(clean, row)) for row in rows]
    grid = _grid(tuple(map(clean, headings)), cells, width, height, sizes)
    wide = max(width, grid.edges[-1] + sizes.edge)
    top = head(title, aside, (), wide, sizes, skin)
    first = top.bottom + sizes.small
    high = max(height, first + grid.size * _HIGH * (len(cells) + 1) + sizes.edge)
    body = _body(grid, cells, first, bold, skin)
    heads = _heads(grid, headings, first, colors, skin)
    return page(title, (*top.parts, *heads, *body), wide, high, theme)


class _Grid(NamedTuple):
    """The size of the type, where columns begin and end, and which stand at their right end."""

    size: float
    edges: tuple[float, ...]
    right: tuple[bool, ...]

    def room(self, column: int) -> float:
        """Return the room for a text in a column."""
        return self.edges[column + 1] - self.edges[column] - self.size * _GAP

    def label(
        self, column: int, y: float, text: str, color: int, *, bold: bool = False, indent: float = 0
    ) -> Label:
        """Return a text in a column, cut to its room."""
        said = cut(text, self.size, self.room(column) - indent, bold=bold)
        if self.right[column]:
            x = self.edges[column + 1] - self.size * _GAP / 2
            return Label(x, y, said, self.size, color, END, bold=bold)
        x = self.edges[column] + self.size * _GAP / 2 + indent
        return Label(x, y, said, self.size, color, START, bold=bold)


def _grid(headings: Row, rows: Sequence[Row], width: float, height: float, sizes: Sizes) -> _Grid:
    columns = max((len(row) for row in (headings, *rows)), default=1)
    wished = [_wished(at, headings, rows) for at in range(max(columns, 1))]
    inner = width - 2 * sizes.edge
    lines = (height - sizes.edge * 3 - sizes.title) / (len(rows) + 1) / _HIGH
    size = min(sizes.text, inner / sum(wished), lines)
    size = max(size, sizes.text * _LEAST)
    widths = _narrowed([wish * size for wish in wished], inner, size * _NARROWEST)
    edges = [sizes.edge - size * _GAP / 2]
    for one in widths:
        edges.append(edges[-1] + one)
    right = tuple(at > 0 and _numeric(at, rows) for at in range(max(columns, 1)))
    return _Grid(size, tuple(edges), right)


def _wished(column: int, headings: Row, rows: Sequence[Row]) -> float:
    """Return the width of a column in which nothing is cut, in the size of the type."""
    texts = [row[column] for row in rows if len(row) > max(column, 1)]
    texts += headings[column : column + 1]
    indent = _INDENT if column == 0 else 0.0
    return max((width_of(text, 1.0, bold=True) for text in texts), default=1.0) + _GAP + indent


def _narrowed(widths: list[float], room: float, least: float) -> list[float]:
    """Return widths that fit into the room: the widest give way first, none below the least.

    A narrow table takes some of the room that is left.
    """
    least_sum = sum(min(one, least) for one in widths)
    if sum(widths) <= room:
        more = min(room / sum(widths), _ROOMY)
        return [one * more for one in widths]
    if least_sum >= room:
        return [min(one, least) for one in widths]
    low, high = least, max(widths)
    for _ in range(40):
        cap = (low + high) / 2
        low, high = (cap, high) if sum(min(one, cap) for one in widths) <= room else (low, cap)
    return [min(one, low) for one in widths]


def _numeric(column: int, rows: Sequence[Row]) -> bool:
    """Tell whether every text in a column is a number or stands for none."""
    texts = [row[column] for row in rows if len(row) > max(column, 1)]
    said = [text for text in texts if not set(text) <= _EMPTY]
    return bool(said) and all(set(text) <= _NUMERIC and _has_digit(text) for text in said)


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text) or text.strip("+-−") in {"NaN", "∞"}


def _heads(
    grid: _Grid, headings: Row, top: float, colors: Sequence[int | None], skin: Skin
) -> list[str]:
    y = top + grid.size * _HIGH / 2
    parts = []
    for column, text in enumerate(headings):
        given = colors[column] if column < len(colors) else None
        color = skin.text if given is None else given
        parts.append(written(grid.label(column, y, text, color, bold=True)))
    below = top + grid.size * _HIGH
    line = segment((grid.edges[0], grid.edges[-1]), (below, below), skin.axis, 1.5)
    return [*parts, line]


def _body(
    grid: _Grid,
    rows: Sequence[Row],
    top: float,
    bold: Container[tuple[int, int]],
    skin: Skin,
) -> list[str]:
    parts: list[str] = []
    tall = grid.size * _HIGH
    sections = any(len(row) == 1 for row in rows)
    for at, row in enumerate(rows):
        upper = top + tall * (at + 1)
        y = upper + tall / 2
        if len(row) == 1:
            parts += _section(
                grid, row[0], Box(grid.edges[0], upper, grid.edges[-1], upper + tall), skin
            )
            continue
        for column, text in enumerate(row):
            indent = grid.size * _INDENT if sections and column == 0 else 0.0
            color = skin.muted if column == 0 else skin.text
            strong = (at, column) in bold
            label = grid.label(column, y, text, color, bold=strong, indent=indent)
            parts.append(written(label))
        line = upper + tall
        parts.append(segment((grid.edges[0], grid.edges[-1]), (line, line), skin.grid, 0.75))
    return parts


def _section(grid: _Grid, text: str, box: Box, skin: Skin) -> list[str]:
    """Return the heading of a section across all columns."""
    x, y = box.left + grid.size * _GAP / 2, (box.top + box.bottom) / 2
    said = cut(text, grid.size, box.right - x, bold=True)
    ground = rectangle(box, skin.grid, fill_opacity="0.6")
    return [ground, written(Label(x, y, said, grid.size, skin.text, bold=True))]
