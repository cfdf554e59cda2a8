"""Charts for printed output: the command line, reports, logs. Drawn by plotext.

plotext draws the plot; range, ticks, colours, letters, title and notes are ours, so that
a printed chart reads like the one on the screen. It has a single figure for the whole
process and must be locked. Where it cannot be installed our canvas draws the chart.
"""

import threading
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from workbench.charts import axes
from workbench.charts.curves import AREA, FAINT, curve_chart, frame_for
from workbench.charts.drawing import Drawing, Ink, Row, Span, drawing, visible
from workbench.charts.legend import Entry, header, most_rows
from workbench.charts.look import ENVELOPE, RAW, Look
from workbench.charts.marks import ABOVE, BELOW, NAN, nan_columns, nearest_first
from workbench.charts.notes import beside, notes
from workbench.charts.palette import mixed
from workbench.charts.reduction import Curve, Frame, reduce_curve
from workbench.charts.scale import Scale
from workbench.charts.strokes import Stroke, scale_for, strokes, unbroken

ONE_FIGURE = threading.Lock()
"""Without it, two threads drawing at once mix their curves or crash plotext."""

SMALLEST = (30, 10)
_MARGIN_ROWS = 3


def printed_curves(
    curves: Sequence[Curve],
    *,
    width: int = 80,
    height: int = 24,
    look: Look | None = None,
    color: bool = True,
) -> str:
    """Return the chart of the curves as text to print, at most ``width`` cells wide.

    Args:
        curves: What to draw.
        width: Cells; what the terminal thinks of its size does not count.
        height: Rows.
        look: How.
        color: Whether to colour it with escape sequences.
    """
    look = look or Look()
    plotext = find_plotext()
    frame = frame_for(curves, width, look)
    reduced = [reduce_curve(curve, frame) for curve in curves]
    drawn = strokes(curves, reduced, look)
    scale = scale_for(drawn, reduced, look)
    if plotext is None or scale is None or width < SMALLEST[0] or height < SMALLEST[1]:
        return ansi(curve_chart(curves, width=width, height=height, look=look), color=color)
    entries = [Entry(curve.letter, curve.label, curve.color, curve.focused) for curve in curves]
    top = header(look, entries, width, most_rows(height), at=beside(curves, frame, scale, look))
    note = notes(curves, reduced, look)
    below = [(Span(note, Ink(look.theme.muted)),)] if note else []
    size = _Size(width, height - len(top) - len(below))
    with ONE_FIGURE:
        plot = _plot(plotext, drawn, frame, scale, size, look, color=color)
    plot = plot if color else str(plotext.uncolorize(plot))
    parts = (_printed(top, width, color=color), plot, _printed(below, width, color=color))
    return "\n".join(line.rstrip() for part in parts if part for line in part.splitlines())


class _Size(NamedTuple):
    width: int
    height: int


def find_plotext() -> Any:
    """Return plotext, or None where no wheel of it exists (Intel Macs, musl)."""
    try:
        import plotext
    except ImportError:
        return None
    return plotext


def _plot(
    plotext: Any,
    drawn: Sequence[Stroke],
    frame: Frame,
    scale: Scale,
    size: _Size,
    look: Look,
    *,
    color: bool,
) -> str:
    plotext.terminal.limit(False, False)
    figure = plotext.figure
    figure.clear()
    figure.theme("simple")
    figure.plot_size(*size)
    figure.axes(active=False, axis="x", side="upper")
    figure.axes(active=False, axis="y", side="right")
    _rule(figure, frame, scale, size, look)
    shaded = (_shade(stroke, scale, look, color=color) for stroke in drawn)
    for traces in (*shaded, *(_traces(stroke, look) for stroke in drawn)):
        for trace in traces:
            marker = plotext.marker("braille", rgb(trace.color))
            figure.draw(figure.signal(trace.x, trace.y, marker=marker).lines())
    for mark in (*_marks(drawn, scale), *_letters(drawn, scale, size.height - _MARGIN_ROWS)):
        figure.draw(figure.text(mark.x, mark.y, plotext.colorize(mark.sign, rgb(mark.color))))
    text = str(figure.build())
    figure.clear()
    return text


def _rule(figure: Any, frame: Frame, scale: Scale, size: _Size, look: Look) -> None:
    """Give both axes our range and our ticks."""
    x, y = figure.ruler("x", "lower"), figure.ruler("y", "left")
    x.lim(frame.low, frame.high)
    y.lim(scale.low, scale.high)
    marks = axes.marks(frame, look.x_kind, size.width - 8, look.zone)
    x.ticks([mark.tick.at for mark in marks], [mark.tick.label for mark in marks])
    found = axes.y_ticks(scale, axes.most_y_ticks(size.height - _MARGIN_ROWS))
    y.ticks([tick.at for tick in found], [tick.label for tick in found])
    if look.x_label:
        figure.label(visible(look.x_label), "x")


class _Trace(NamedTuple):
    x: list[float]
    y: list[float]
    color: int


def _shade(stroke: Stroke, scale: Scale, look: Look, *, color: bool) -> Iterator[_Trace]:
    """Yield what fills the curve's band: a line up and down through every column of it.

    Without colour only its edges: the line itself would be lost in the area.
    """
    if stroke.band is None:
        return
    band, centres = stroke.band, stroke.columns.centres
    faint = mixed(stroke.curve.color, look.theme.background, AREA)
    low, high = (np.clip(part, scale.low, scale.high) for part in (band.low, band.high))
    for part in unbroken(band.filled, band.broken):
        at = np.arange(band.filled[part[0]], band.filled[part[-1]] + 1)
        edges = [np.interp(at, band.filled[part], edge[part]) for edge in (low, high)]
        if color:
            both = np.column_stack(edges).ravel().tolist()
            yield _Trace(np.repeat(centres[at], 2).tolist(), both, faint)
        else:
            yield from (_Trace(centres[at].tolist(), edge.tolist(), faint) for edge in edges)


def _traces(stroke: Stroke, look: Look) -> Iterator[_Trace]:
    """Yield what to draw of a curve in unbroken parts, the faint before the bright."""
    faint = mixed(stroke.curve.color, look.theme.background, FAINT)
    for part in unbroken(stroke.filled, stroke.broken):
        x = stroke.columns.centres[stroke.filled[part]]
        both = np.repeat(x, 2).tolist()
        extremes_of = np.column_stack((stroke.low[part], stroke.high[part])).ravel().tolist()
        if look.mode == RAW:
            yield _Trace(both, extremes_of, stroke.curve.color)
            continue
        if stroke.faint and look.mode == ENVELOPE:
            yield _Trace(both, extremes_of, faint)
        elif stroke.faint:
            yield _Trace(x.tolist(), stroke.mean[part].tolist(), faint)
        yield _Trace(x.tolist(), stroke.line[part].tolist(), stroke.curve.color)


class _Mark(NamedTuple):
    sign: str
    x: float
    y: float
    color: int


def _marks(drawn: Sequence[Stroke], scale: Scale) -> Iterator[_Mark]:
    """Yield the signs of NaN and of infinities, at the edge of the plot."""
    for stroke in drawn:
        columns = stroke.columns
        for places, sign, y in (
            (nan_columns(columns), NAN, scale.low),
            (np.flatnonzero(columns.above), ABOVE, scale.high),
            (np.flatnonzero(columns.below), BELOW, scale.low),
        ):
            for x in columns.centres[places].tolist():
                yield _Mark(sign, x, y, stroke.curve.color)


def _letters(drawn: Sequence[Stroke], scale: Scale, rows: int) -> Iterator[_Mark]:
    """Yield the letters at the ends of the lines, each in a row of its own where it can be."""
    row_height = (scale.high - scale.low) / max(rows - 1, 1)
    taken: set[int] = set()
    for stroke in sorted(drawn, key=lambda stroke: not stroke.curve.focused):
        if stroke.curve.letter and len(stroke.filled):
            wish = round((float(stroke.line[-1]) - scale.low) / row_height)
            free = (at for at in nearest_first(wish, rows) if at not in taken)
            row = next(free, wish)
            taken.add(row)
            x = float(stroke.columns.centres[stroke.filled[-1]])
            y = min(max(scale.low + row * row_height, scale.low), scale.high)
            yield _Mark(stroke.curve.letter, x, y, stroke.curve.color)


def rgb(color: int) -> tuple[int, int, int]:
    """Return red, green and blue, each 0 to 255."""
    return color >> 16, color >> 8 & 0xFF, color & 0xFF


def _printed(rows: Sequence[Row], width: int, *, color: bool) -> str:
    return ansi(drawing(width, len(rows), rows), color=color)


def ansi(picture: Drawing, *, color: bool = True) -> str:
    """Return the drawing as text to print; without colour nothing but its characters."""
    lines = (
        "".join(_escaped(span) if color else span.text for span in row) for row in picture.rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _escaped(span: Span) -> str:
    codes = []
    if span.style.bold:
        codes.append("1")
    if span.style.dim:
        codes.append("2")
    for ground, value in (("38", span.style.color), ("48", span.style.back)):
        if value is not None:
            codes.append(";".join((ground, "2", *map(str, rgb(value)))))
    return f"\x1b[{';'.join(codes)}m{span.text}\x1b[0m" if codes else span.text
