"""Figures drawn in cells: braille dots, blocks, letters; rows exactly as wide as asked for.

Bright points are signs on top of everything, the last of them in its true place; those
before make way by a cell or two. Nothing needs colour to be read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.charts.canvas import DOTS_HIGH, DOTS_WIDE
from workbench.charts.dashes import dashes
from workbench.charts.drawing import (
    ELLIPSIS,
    Drawing,
    Ink,
    Row,
    Span,
    cells,
    drawing,
    fit,
    shorten,
    visible,
)
from workbench.charts.figure import (
    END,
    MIDDLE,
    RIGHT,
    Axis,
    Boxes,
    Dots,
    Figure,
    Floats,
    Note,
    Path,
    corners,
)
from workbench.charts.figure_axes import Gutter, axis_rows, gutter, x_marks
from workbench.charts.figure_boxes import draw_boxes
from workbench.charts.legend import header, legend
from workbench.charts.look import Look
from workbench.charts.palette import DARK, Theme
from workbench.charts.sheet import Sheet, one_cell, wrapped

_FEW_PER_CELL = 1 / 6
"""Fewer points than this are drawn as signs; more need the finer places of braille dots."""

_TIGHT, _TALL = 8, 12
"""Rows below which there is no note, and from which on there are two lines of them.

The plot keeps at least half of a small chart.
"""
_TELLING = 14
"""Rows from which on a point that is read off has one of them."""
_BETWEEN = " · "
_FURTHEST = 4
_DASH = 3
"""Dots of a dash, and of the gap behind it."""


def draw_figure(figure: Figure, *, width: int, height: int, theme: Theme = DARK) -> Drawing:
    """Return the figure in ``width`` by ``height`` cells."""
    if width < 1 or height < 1:
        return drawing(width, height, ())
    top = top_rows(figure, width, height, theme)
    axis_room = 2 if height >= 6 else int(height >= 4)  # noqa: PLR2004 - as on charts of curves
    figure, below = noted(figure, width, height, height - len(top) - axis_room)
    rows = max(1, height - len(top) - axis_room - len(below))
    side = Gutter({}, 0) if figure.empty else gutter(figure.y, rows, width)
    inner = max(width - side.width, 1)
    sheet = Sheet(inner, rows)
    _draw(sheet, figure, theme)
    muted = Ink(theme.muted)
    lines: list[Row] = [*top]
    lines += [(side.span(at, muted), *row) for at, row in enumerate(sheet.rows())]
    found = () if figure.empty else x_marks(figure.x, inner)
    lines += axis_rows(figure.x, found, side.width, inner, theme)[:axis_room]
    lines += [(Span(line, muted),) for line in below]
    return drawing(width, height, lines)


def top_rows(figure: Figure, width: int, height: int, theme: Theme) -> tuple[Row, ...]:
    """Return the title, with what stands beside it where both are whole, and the legend.

    A value that is read off has a row of its own in a tall chart: its name is what was asked.
    """
    if not (figure.title or figure.aside or figure.entries):
        return ()
    room = min(2, max(0, height - 6) // 2 + int(height > 2))  # noqa: PLR2004 - likewise
    left = width - cells(visible(figure.title)) - 2
    aside = shorten(visible(figure.aside), left) if height < _TIGHT else figure.aside
    look = Look(title=figure.title, theme=theme)
    told = [one for one in figure.entries if one.focused and one.value]
    rest = [one for one in figure.entries if one not in told]
    if not told or not rest or height < _TELLING:
        return header(look, figure.entries, width, room, at=aside)
    rows = header(look, rest, width, room, at=aside)
    return (*rows, fit(legend(told, width), width))


def _crowded(figure: Figure, width: int) -> bool:
    """Tell whether there is no room beside the title for what should stand there."""
    return cells(visible(figure.title)) + 2 + cells(visible(figure.aside)) > width


def noted(figure: Figure, width: int, height: int, rows: int) -> tuple[Figure, list[str]]:
    """Return the figure with as many bars as have a row, and the lines below it that say so."""
    tight = height < _TIGHT
    room = rows if tight else rows - 1
    count = len(figure.y.ticks)
    aside = figure.aside if _crowded(figure, width) else ""
    notes = _BETWEEN.join(part for part in (aside, figure.notes) if part)
    if _has_bars(figure) and count > max(room, 1):
        kept = max(room, 1)
        top = max(tick.at for tick in figure.y.ticks)
        figure = _cropped(figure, top - kept + 0.5)
        notes = _BETWEEN.join(part for part in (f"{kept} of {count} shown", notes) if part)
    below = [] if tight else _below(visible(notes), width, 2 if height >= _TALL else 1)
    return _fitted(figure, rows - len(below)), below


def _below(notes: str, width: int, most: int) -> list[str]:
    """Return notes in a few lines: all of them, or the first ones whole, or as much as fits."""
    lines = wrapped(notes, width)
    if len(lines) <= most:
        return lines
    parts = notes.split(_BETWEEN)
    for number in range(len(parts) - 1, 0, -1):
        fewer = wrapped(_BETWEEN.join((*parts[:number], ELLIPSIS)), width)
        if len(fewer) <= most:
            return fewer
    return [*lines[: most - 1], shorten(" ".join(lines[most - 1 :]), width)]


def _fitted(figure: Figure, rows: int) -> Figure:
    """Return a figure of bars without the empty rows that would take theirs from the bars."""
    if not _has_bars(figure) or not figure.y.ticks:
        return figure
    top = max(tick.at for tick in figure.y.ticks)
    return _cropped(figure, max(figure.y.low, top + 0.5 - max(rows, 1)))


def _has_bars(figure: Figure) -> bool:
    return any(isinstance(layer, Boxes) and layer.grow == RIGHT for layer in figure.layers)


def _cropped(figure: Figure, low: float) -> Figure:
    ticks = tuple(tick for tick in figure.y.ticks if tick.at > low)
    return replace(figure, y=figure.y._replace(low=low, ticks=ticks))


class _Plane(NamedTuple):
    """Where places fall on the dots of a sheet."""

    x: Axis
    y: Axis
    wide: int
    high: int

    def dots(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Return dot columns and rows, not rounded, at most one size of the sheet off it."""
        across = np.clip((x - self.x.low) / (self.x.high - self.x.low), -1, 2)
        down = np.clip((self.y.high - y) / (self.y.high - self.y.low), -1, 2)
        return across * (self.wide - 1), down * (self.high - 1)

    def cells(self, x: Floats, y: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return rows and columns of the places that lie on the sheet."""
        across, down = self._inside(*self.dots(x, y))
        return down // DOTS_HIGH, across // DOTS_WIDE

    def mask(self, across: Floats, down: Floats) -> NDArray[np.bool_]:
        """Return the dots of these places as a mask for the sheet."""
        found = np.zeros((self.high, self.wide), dtype=np.bool_)
        columns, rows = self._inside(across, down)
        found[rows, columns] = True
        return found

    def _inside(self, across: Floats, down: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        there = np.isfinite(across) & np.isfinite(down)
        columns = np.rint(across[there]).astype(np.int64)
        rows = np.rint(down[there]).astype(np.int64)
        inside = (columns >= 0) & (columns < self.wide) & (rows >= 0) & (rows < self.high)
        return columns[inside], rows[inside]


def _draw(sheet: Sheet, figure: Figure, theme: Theme) -> None:
    if figure.empty:
        sheet.say(figure.empty, Ink(theme.muted))
        return
    plane = _Plane(figure.x, figure.y, sheet.dots_wide, sheet.dots_high)
    points = sum(len(layer.x) for layer in figure.layers if isinstance(layer, Dots))
    sparse = points <= sheet.width * sheet.height * _FEW_PER_CELL
    _rule(sheet, plane, figure, theme)
    for bright in (False, True):
        for layer in figure.layers:
            if isinstance(layer, Boxes) and not bright:
                draw_boxes(sheet, layer, figure.x, figure.y)
            elif isinstance(layer, Path) and layer.bright is bright:
                _draw_path(sheet, plane, layer)
            elif isinstance(layer, Dots) and not bright and not layer.bright:
                _draw_dots(sheet, plane, layer, sparse=sparse)
    _write_notes(sheet, plane, [layer for layer in figure.layers if isinstance(layer, Note)])
    _place_signs(sheet, plane, [one for one in figure.layers if isinstance(one, Dots)])
    _name_side(sheet, figure, theme)


def _rule(sheet: Sheet, plane: _Plane, figure: Figure, theme: Theme) -> None:
    """Draw the axes of parallel coordinates, under everything else."""
    for x in figure.verticals:
        here = x == figure.pointed
        sign, ink = ("┃", Ink(theme.series[-2], bold=True)) if here else ("│", Ink(theme.axis))
        _, columns = plane.cells(np.array([x]), np.array([plane.y.low]))
        for column in columns.tolist():
            sheet.block(range(sheet.height), range(column, column + 1), sign, ink)


def _draw_dots(sheet: Sheet, plane: _Plane, layer: Dots, *, sparse: bool) -> None:
    if sparse and one_cell(layer.sign):
        for row, column in zip(*map(np.ndarray.tolist, plane.cells(layer.x, layer.y)), strict=True):
            sheet.put(row, column, layer.sign, Ink(layer.color))
        return
    sheet.over(plane.mask(*plane.dots(layer.x, layer.y)), Ink(layer.color))


def _draw_path(sheet: Sheet, plane: _Plane, layer: Path) -> None:
    x, y = plane.dots(*corners(layer))
    if layer.bright:
        sheet.new_layer()
    drawn = dashes(x, y, _DASH) if layer.dashed else _joined(x, y)
    sheet.over(plane.mask(*drawn), Ink(layer.color, bold=layer.bright))


def _joined(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return the points, and places between neighbours no further apart than one dot."""
    across, down = np.diff(x), np.diff(y)
    whole = np.isfinite(across) & np.isfinite(down)
    start_x, start_y, across, down = x[:-1][whole], y[:-1][whole], across[whole], down[whole]
    parts = np.ceil(np.maximum(np.abs(across), np.abs(down))).astype(np.int64) + 1
    first = np.repeat(np.cumsum(parts) - parts, parts)
    share = (np.arange(len(first)) - first) / np.repeat(parts, parts)
    which = np.repeat(np.arange(len(parts)), parts)
    between_x = start_x[which] + share * across[which]
    between_y = start_y[which] + share * down[which]
    return np.concatenate((x, between_x)), np.concatenate((y, between_y))


def _write_notes(sheet: Sheet, plane: _Plane, notes: Sequence[Note]) -> None:
    """Write notes at their places, moved as far as needed to stay on the sheet."""
    taken: set[tuple[int, int]] = set()
    for note in sorted(notes, key=lambda note: note.spare):
        rows, columns = plane.cells(np.array([note.x]), np.array([note.y]))
        text = shorten(visible(note.text), sheet.width)
        size = cells(text)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            back = size // 2 if note.anchor == MIDDLE else size - 1 if note.anchor == END else 0
            start = max(0, min(column - back, sheet.width - size))
            places = {(row, at) for at in range(start, start + size)}
            if not (note.spare and places & taken):
                sheet.write(row, start, text, Ink(note.color, bold=note.bold))
                taken |= places


def _place_signs(sheet: Sheet, plane: _Plane, layers: Sequence[Dots]) -> None:
    """Write the bright points, last layer first; one alone makes way for those written before."""
    taken: set[tuple[int, int]] = set()
    for layer in reversed(layers):
        if not layer.bright:
            continue
        rows, columns = (part.tolist() for part in plane.cells(layer.x, layer.y))
        sign = shorten(visible(layer.sign), 3)
        for row, column in zip(rows, columns, strict=True):
            _place_sign(sheet, taken, (row, column), sign, layer, alone=len(rows) == 1)


def _place_sign(
    sheet: Sheet,
    taken: set[tuple[int, int]],
    cell: tuple[int, int],
    sign: str,
    layer: Dots,
    *,
    alone: bool,
) -> None:
    size = cells(sign)
    for row, column in around(*cell) if alone else (cell,):
        start = max(0, min(column, sheet.width - size))
        places = {(row, at) for at in range(start, start + size)}
        if 0 <= row < sheet.height and 0 <= column < sheet.width and not places & taken:
            taken |= places
            sheet.write(row, start, sign, Ink(layer.color, bold=True))
            return


def around(row: int, column: int) -> Iterable[tuple[int, int]]:
    """Return a cell as row and column, and those around it, nearest first.

    A row counts as two columns, as it is about as high as two are wide.
    """
    away = range(-_FURTHEST, _FURTHEST + 1)
    steps = [(down, across) for down in away for across in away]
    steps.sort(key=lambda step: (2 * abs(step[0]) + abs(step[1]), -step[1], step[0]))
    return ((row + down, column + across) for down, across in steps)


def _name_side(sheet: Sheet, figure: Figure, theme: Theme) -> None:
    """Write what the y-axis shows into the top left corner, if it is free and not said above."""
    name = visible(figure.y.label)
    if not name or name in visible(figure.title) or sheet.height < 6:  # noqa: PLR2004 - rows
        return
    name = shorten(name, sheet.width)
    if all(sheet.blank(0, column) for column in range(cells(name))):
        sheet.write(0, 0, name, Ink(theme.muted))
