"""Characters written over the dots: ends of lines, NaN, infinities, single points."""

from collections.abc import Iterable, Sequence

import numpy as np

from workbench.charts.canvas import DOTS_HIGH, Canvas
from workbench.charts.drawing import Ink
from workbench.charts.scale import Scale
from workbench.charts.strokes import Ints, Stroke
from workbench.runs.series import Columns

NAN, ABOVE, BELOW, POINT = "×", "▲", "▼", "•"

_FURTHEST = 4
"""Rows a letter may stand away from the end of its line; further off it names nothing."""


def mark_nans(canvas: Canvas, row: int, left: int, inner: int, stroke: Stroke) -> None:
    """Write a cross wherever the curve has NaN; on the axis, where no curve is hidden by it."""
    ink = Ink(stroke.curve.color, bold=True)
    for column in _cells(nan_columns(stroke.columns), len(stroke.columns.nans), inner):
        canvas.put(row, left + column, NAN, ink)


def nan_columns(columns: Columns) -> Ints:
    """Return the columns with NaN, and those between two of them that hold no value."""
    nan = columns.nans > 0
    at = np.flatnonzero(nan)
    if not len(at):
        return at
    values_before = np.cumsum(columns.finite)
    joined = np.append(np.diff(values_before[at]) == 0, False)
    span = np.arange(at[0], at[-1] + 1)
    shown: Ints = span[nan[span] | joined[np.searchsorted(at, span, side="right") - 1]]
    return shown


def mark_infinities(canvas: Canvas, drawn: Iterable[Stroke], inner: int) -> None:
    """Write triangles at the edge that infinite values have left by."""
    for stroke in drawn:
        ink = Ink(stroke.curve.color, bold=True)
        for column in _flagged(stroke.columns.above, inner):
            canvas.put(0, column, ABOVE, ink)
        for column in _flagged(stroke.columns.below, inner):
            canvas.put(canvas.height - 1, column, BELOW, ink)


def mark_clipped(canvas: Canvas, drawn: Iterable[Stroke], scale: Scale, inner: int) -> None:
    """Write triangles at the edge where a line leaves the range that is shown."""
    for stroke in drawn:
        ink = Ink(stroke.curve.color)
        size = len(stroke.columns.finite)
        for column in _cells(stroke.filled[stroke.line > scale.high], size, inner):
            canvas.put(0, column, ABOVE, ink)
        for column in _cells(stroke.filled[stroke.line < scale.low], size, inner):
            canvas.put(canvas.height - 1, column, BELOW, ink)


def _flagged(counts: Ints, inner: int) -> list[int]:
    return _cells(np.flatnonzero(counts), len(counts), inner)


def _cells(columns: Ints, size: int, inner: int) -> list[int]:
    """Return the cells of a plot ``inner`` wide in which these of ``size`` columns lie."""
    return [int(cell) for cell in np.unique(columns * inner // size)]


def mark_point(canvas: Canvas, stroke: Stroke, scale: Scale, inner: int, ink: Ink) -> None:
    """Show a curve of one point as a point: one dot of a braille cell is easily missed."""
    row, column = _end(stroke, scale, canvas.height, inner)
    canvas.put(row, column, POINT, ink)


def _end(stroke: Stroke, scale: Scale, height: int, inner: int) -> tuple[int, int]:
    """Return the cell in which the line ends."""
    size = len(stroke.columns.finite)
    dot = round(float(scale.rows(stroke.line[-1:], height * DOTS_HIGH)[0]))
    row = min(max(dot // DOTS_HIGH, 0), height - 1)
    return row, int(stroke.filled[-1]) * inner // size


def draw_crosshair(canvas: Canvas, place: float, inner: int, ink: Ink) -> None:
    """Draw an upright line through the cells in which there is nothing else."""
    column = round(min(max(place, 0.0), 1.0) * (inner - 1))
    for row in range(canvas.height):
        if canvas.blank(row, column):
            canvas.put(row, column, "│", ink)


def place_letters(canvas: Canvas, drawn: Sequence[Stroke], scale: Scale, inner: int) -> None:
    """Write each curve's letter right of where its line ends, as near as there is room."""
    named = [stroke for stroke in drawn if stroke.curve.letter and len(stroke.filled)]
    named.sort(key=lambda stroke: not stroke.curve.focused)
    for stroke in named:
        row, column = _end(stroke, scale, canvas.height, inner)
        letter = stroke.curve.letter
        column = min(column + 1, canvas.width - len(letter))
        for at in nearest_first(row, canvas.height):
            if canvas.free(at, column, len(letter)):
                canvas.put(at, column, letter, Ink(stroke.curve.color, bold=True))
                break


def nearest_first(row: int, height: int) -> list[int]:
    """Return the rows a letter may stand in, best first."""
    rows = range(max(0, row - _FURTHEST), min(height, row + _FURTHEST + 1))
    return sorted(rows, key=lambda at: abs(at - row))
