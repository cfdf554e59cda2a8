"""Figures for printed output, drawn by plotext with our ranges, ticks, colours and words.

plotext has one figure for the whole process: the lock is the one of printed curves. Our
canvas draws where there is no plotext, where there is nothing to draw, and where a text has
wide characters, which plotext counts as one cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from workbench.charts.axes import most_y_ticks
from workbench.charts.canvas import DOTS_HIGH, DOTS_WIDE
from workbench.charts.dashes import dashes
from workbench.charts.drawing import Ink, Row, Span, cells, drawing, shorten, visible
from workbench.charts.figure import (
    END,
    FILL,
    FIXED,
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
    ticks_of,
)
from workbench.charts.figure_axes import x_marks
from workbench.charts.figure_canvas import around, draw_figure, noted, top_rows
from workbench.charts.labels import cut_middle
from workbench.charts.palette import DARK, Theme
from workbench.charts.printed import ONE_FIGURE, SMALLEST, ansi, find_plotext, rgb
from workbench.charts.sheet import FULL, SHADES
from workbench.charts.ticks import Tick

_AXIS_ROWS = 3
_FINE = "braille"
_DASH = 3
_HALVES = "hd"
"""plotext's blocks of a quarter of a cell."""


class _Size(NamedTuple):
    width: int
    rows: int
    theme: Theme


def printed_figure(
    figure: Figure, *, width: int = 80, height: int = 24, color: bool = True, theme: Theme = DARK
) -> str:
    """Return the figure as text to print, at most ``width`` cells wide.

    Args:
        figure: What to draw.
        width: Cells; what the terminal thinks of its size does not count.
        height: Rows.
        color: Whether to colour it with escape sequences.
        theme: Colours of the frame; those of the layers are given.
    """
    plotext = find_plotext()
    small = width < SMALLEST[0] or height < SMALLEST[1]
    if plotext is None or figure.empty or small or not _narrow(figure):
        return ansi(draw_figure(figure, width=width, height=height, theme=theme), color=color)
    figure = _named(figure)
    top = top_rows(figure, width, height, theme)
    figure, below = noted(figure, width, height, height - len(top) - _AXIS_ROWS)
    size = _Size(width, height - len(top) - len(below), theme)
    with ONE_FIGURE:
        plot = _plot(plotext, figure, size)
    plot = plot if color else str(plotext.uncolorize(plot))
    notes: list[Row] = [(Span(line, Ink(theme.muted)),) for line in below]
    head, foot = (ansi(drawing(width, len(part), part), color=color) for part in (top, notes))
    return "\n".join(line.rstrip() for part in (head, plot, foot) for line in part.splitlines())


def _named(figure: Figure) -> Figure:
    """Return the figure with what its y-axis shows beside the title: plotext cannot say it."""
    name = figure.y.label
    if not name or name in figure.title:
        return figure
    return replace(figure, aside=" · ".join(part for part in (figure.aside, name) if part))


def _narrow(figure: Figure) -> bool:
    """Tell whether each character that plotext is to write takes one cell."""
    return all(cells(text) == len(text) for text in map(visible, _texts(figure)))


def _texts(figure: Figure) -> Iterator[str]:
    for axis in (figure.x, figure.y):
        yield axis.label
        yield from (tick.label for tick in axis.ticks)
    for layer in figure.layers:
        if isinstance(layer, Note):
            yield layer.text
        elif isinstance(layer, Dots):
            yield layer.sign
        elif isinstance(layer, Boxes):
            yield from layer.texts


def _plot(plotext: Any, figure: Figure, size: _Size) -> str:
    plotext.terminal.limit(False, False)
    plot = plotext.figure
    plot.clear()
    plot.theme("simple")
    plot.plot_size(size.width, size.rows)
    plot.axes(active=False, axis="x", side="upper")
    plot.axes(active=False, axis="y", side="right")
    _rule(plot, figure, size)
    for x in figure.verticals:
        line = Path(np.array([x, x]), np.array([figure.y.low, figure.y.high]), size.theme.axis)
        _draw_path(plotext, line, figure, size)
    for layer in figure.layers:
        if isinstance(layer, Boxes):
            _draw_boxes(plotext, layer, figure)
        elif isinstance(layer, Path):
            _draw_path(plotext, layer, figure, size)
        elif isinstance(layer, Dots) and not layer.bright:
            marker = plotext.marker(_FINE, rgb(layer.color))
            plot.draw(plot.signal(layer.x.tolist(), layer.y.tolist(), marker=marker))
    for text in (*_notes(figure, size), *_signs(figure, size)):
        plot.draw(plot.text(text.x, text.y, plotext.colorize(text.text, rgb(text.color))))
    found = str(plot.build())
    plot.clear()
    return found


def _rule(plot: Any, figure: Figure, size: _Size) -> None:
    """Give both axes our range and our ticks."""
    for side, axis, found in (
        (("x", "lower"), figure.x, [mark.tick for mark in x_marks(figure.x, _inner(figure, size))]),
        (("y", "left"), figure.y, _y_ticks(figure.y, size)),
    ):
        ruler = plot.ruler(*side)
        half = _half_a_row(figure, size) if side[0] == "y" else 0.0
        ruler.lim(axis.low + half, axis.high - half)
        ruler.ticks([tick.at for tick in found], [tick.label for tick in found])
    if figure.x.label:
        plot.label(visible(figure.x.label), "x")


def _half_a_row(figure: Figure, size: _Size) -> float:
    """Return by how much the first row's middle lies inside the axis, where rows are bars.

    plotext gives the ends of an axis to the middles of its outer rows; a bar would lie between.
    """
    bars = any(isinstance(layer, Boxes) and layer.grow == RIGHT for layer in figure.layers)
    rows = size.rows - _AXIS_ROWS + (not figure.x.label)
    return (figure.y.high - figure.y.low) / max(rows, 1) / 2 if bars else 0.0


def _y_ticks(axis: Axis, size: _Size) -> list[Tick]:
    found = ticks_of(axis, most_y_ticks(size.rows - _AXIS_ROWS))
    room = max(size.width // 3, 4)
    cut = cut_middle if axis.kind == FIXED else shorten
    return [Tick(tick.at, cut(visible(tick.label), room)) for tick in found]


def _inner(figure: Figure, size: _Size) -> int:
    """Return about how many cells the plot is wide."""
    widest = max((cells(tick.label) for tick in _y_ticks(figure.y, size)), default=0)
    return max(size.width - widest - 1, 1)


def _draw_path(plotext: Any, path: Path, figure: Figure, size: _Size) -> None:
    x, y = corners(path)
    if path.dashed:
        x, y = _dashed(x, y, figure, size)
    marker = plotext.marker(_FINE, rgb(path.color))
    broken = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y)))
    for part in np.split(np.arange(len(x)), broken):
        at = part[np.isfinite(x[part]) & np.isfinite(y[part])]
        if len(at):
            signal = plotext.figure.signal(x[at].tolist(), y[at].tolist(), marker=marker)
            plotext.figure.draw(signal if path.dashed else signal.lines())


def _dashed(x: Floats, y: Floats, figure: Figure, size: _Size) -> tuple[Floats, Floats]:
    """Return points along a line as far apart as make dashes in dots of braille."""
    across = (figure.x.high - figure.x.low) / (_inner(figure, size) * DOTS_WIDE)
    up = (figure.y.high - figure.y.low) / (max(size.rows - _AXIS_ROWS, 1) * DOTS_HIGH)
    places = dashes(x / across, y / up, _DASH)
    return places[0] * across, places[1] * up


def _draw_boxes(plotext: Any, boxes: Boxes, figure: Figure) -> None:
    sides = zip(*(side.tolist() for side in boxes[:4]), strict=True)
    for at, (x0, x1, y0, y1) in enumerate(sides):
        if (x0 == x1) or (y0 == y1) or y1 < figure.y.low:
            continue
        sign = FULL if boxes.grow == FILL else _HALVES
        if boxes.levels:
            sign = SHADES[min(int(boxes.levels[at] * len(SHADES)), len(SHADES) - 1)]
        marker = plotext.marker(sign, rgb(boxes.colors[at]))
        plotext.figure.draw(plotext.figure.rectangle((x0, x1), (y0, y1), marker=marker))


class _Text(NamedTuple):
    x: float
    y: float
    text: str
    color: int


def _notes(figure: Figure, size: _Size) -> Iterator[_Text]:
    """Yield notes and the texts of boxes; plotext writes a text from its place on."""
    cell = (figure.x.high - figure.x.low) / max(_inner(figure, size) - 1, 1)
    row = (figure.y.high - figure.y.low) / max(size.rows - _AXIS_ROWS - 1, 1)
    taken: set[tuple[float, int]] = set()
    for layer in sorted(figure.layers, key=lambda layer: isinstance(layer, Note) and layer.spare):
        if isinstance(layer, Note) and layer.y >= figure.y.low:
            place = (layer.x, round(layer.y / row))
            if layer.spare and place in taken:
                continue
            taken.add(place)
            text = visible(layer.text)
            wide = (len(text) - 1) * cell
            back = {MIDDLE: wide / 2, END: wide}.get(layer.anchor, 0.0)
            left = max(min(layer.x - back, figure.x.high - wide), figure.x.low)
            yield _Text(left, layer.y, text, layer.color)
        elif isinstance(layer, Boxes):
            yield from _labels(layer, cell, size.theme.muted)


def _labels(boxes: Boxes, cell: float, color: int) -> Iterator[_Text]:
    """Yield the texts of boxes: whole ones, or their first words where one has no room."""
    texts = [visible(text).split() for text in boxes.texts]
    room = [float(x1 - x0) for x0, x1 in zip(boxes.x0, boxes.x1, strict=True)]
    sizes = zip(texts, room, strict=False)
    if not all(len(" ".join(words)) * cell <= wide for words, wide in sizes):
        texts = [words[:1] for words in texts]
    for at, words in enumerate(texts):
        x0, x1, y0, y1 = (float(side[at]) for side in boxes[:4])
        shown = " ".join(words)
        if shown and len(shown) * cell <= room[at]:
            left = (x0 + x1 - (len(shown) - 1) * cell) / 2
            yield _Text(left, (y0 + y1) / 2, shown, color)


def _signs(figure: Figure, size: _Size) -> Iterator[_Text]:
    """Yield the bright points; of several in one cell each but the last makes way."""
    wide, high = _inner(figure, size), max(size.rows - _AXIS_ROWS, 1)
    across = (figure.x.high - figure.x.low) / max(wide - 1, 1)
    up = (figure.y.high - figure.y.low) / max(high - 1, 1)
    taken: set[tuple[int, int]] = set()
    found: list[_Text] = []
    for layer in reversed([one for one in figure.layers if isinstance(one, Dots) and one.bright]):
        sign = shorten(visible(layer.sign), 3)
        for x, y in zip(layer.x.tolist(), layer.y.tolist(), strict=True):
            if not (np.isfinite(x) and np.isfinite(y)):
                continue
            row, column = round((figure.y.high - y) / up), round((x - figure.x.low) / across)
            free = _free(row, column, taken, high, wide) if len(layer.x) == 1 else (row, column)
            if free not in taken:
                taken.add(free)
                place = figure.x.low + free[1] * across, figure.y.high - free[0] * up
                found.append(_Text(*place, sign, layer.color))
    yield from reversed(found)


def _free(
    row: int, column: int, taken: set[tuple[int, int]], high: int, wide: int
) -> tuple[int, int]:
    near: Sequence[tuple[int, int]] = [
        cell
        for cell in around(row, column)
        if cell not in taken and 0 <= cell[0] < high and 0 <= cell[1] < wide
    ]
    return near[0] if near else (row, column)
