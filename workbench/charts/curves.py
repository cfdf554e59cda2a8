"""Curves over steps or time: the chart of metrics.

Mean per column over faint raw values, a letter at the end of each line so that colour is
never needed, NaN and infinities as marks. What a chart leaves out it says in words.
"""

from collections.abc import Sequence
from typing import NamedTuple

from workbench.charts import axes
from workbench.charts.canvas import Canvas
from workbench.charts.drawing import Drawing, Ink, Row, Span, drawing, shorten, visible
from workbench.charts.legend import Entry, header, most_rows
from workbench.charts.look import ENVELOPE, RAW, Look
from workbench.charts.marks import (
    draw_crosshair,
    mark_clipped,
    mark_infinities,
    mark_nans,
    mark_point,
    place_letters,
)
from workbench.charts.notes import beside, notes
from workbench.charts.numbers import short
from workbench.charts.palette import mixed
from workbench.charts.reduction import Curve, Frame, Reduction, frame_of, reduce_curve
from workbench.charts.scale import Scale
from workbench.charts.strokes import (
    Stroke,
    area_of,
    main_line,
    raw_line,
    scale_for,
    spread_of,
    strokes,
    value_at,
)
from workbench.charts.ticks import place_label

FAINT, AREA = 0.38, 0.30
"""Shares of a curve's colour in its raw values and in its band or envelope.

More competes with the line.
"""
_LETTER_ROOM = 2
_NARROW = 24


def curve_chart(
    curves: Sequence[Curve], *, width: int, height: int, look: Look | None = None
) -> Drawing:
    """Return the chart of the curves in ``width`` by ``height`` cells."""
    look = look or Look()
    frame = frame_for(curves, width, look)
    reduced = [reduce_curve(curve, frame) for curve in curves]
    return draw_curves(curves, reduced, frame, width=width, height=height, look=look)


def frame_for(curves: Sequence[Curve], width: int, look: Look) -> Frame:
    """Return the frame to reduce the curves to for a chart that wide with that look."""
    return frame_of(curves, width, x_scale=look.x_scale, y_scale=look.y_scale, window=look.window)


class Plot(NamedTuple):
    """The sizes of the parts of a chart, in cells."""

    top: tuple[Row, ...]
    rows: int
    axis_rows: int
    note: str
    margin: int


def draw_curves(
    curves: Sequence[Curve],
    reduced: Sequence[Reduction],
    frame: Frame,
    *,
    width: int,
    height: int,
    look: Look,
) -> Drawing:
    """Return the chart of curves already reduced to ``frame``; cheap enough for every key."""
    drawn = strokes(curves, reduced, look)
    scale = scale_for(drawn, reduced, look)
    said = (beside(curves, frame, scale, look), crosshair_at(frame, look))
    plot = _layout(
        curves, reduced, drawn, scale, width, height, look, " · ".join(filter(None, said))
    )
    side = axes.side(scale, plot.rows, width - plot.margin)
    inner = max(width - side.width - plot.margin, 1)
    canvas = Canvas(inner + plot.margin, plot.rows)
    if scale is None:
        _say_empty(canvas, reduced, look)
    else:
        _draw(canvas, drawn, scale, inner, look)
    mark_infinities(canvas, drawn, inner)
    if not plot.axis_rows:
        for stroke in drawn:
            mark_nans(canvas, canvas.height - 1, 0, inner, stroke)
    muted = Ink(look.theme.muted)
    rows = [*plot.top, *((side.span(at, muted), *row) for at, row in enumerate(canvas.rows()))]
    ruled = any(reduction.points for reduction in reduced)
    axis = _axis_rows(drawn, frame, side.width, inner, look, ruled=ruled)
    rows += axis[: plot.axis_rows]
    if plot.note:
        rows.append((Span(shorten(plot.note, width), Ink(look.theme.muted)),))
    return drawing(width, height, rows)


def _layout(
    curves: Sequence[Curve],
    reduced: Sequence[Reduction],
    drawn: Sequence[Stroke],
    scale: Scale | None,
    width: int,
    height: int,
    look: Look,
    at: str,
) -> Plot:
    """Share out the rows: the plot keeps at least half of a small chart."""
    note = notes(curves, reduced, look) if height >= 8 else ""  # noqa: PLR2004 - rows; see the docstring
    axis_rows = 2 if height >= 6 else int(height >= 4)  # noqa: PLR2004
    entries = _entries(curves, drawn, scale, look) if look.legend else ()
    room = min(most_rows(height), max(0, height - 6) // 2 + int(height > 2))  # noqa: PLR2004
    top = header(look, entries, width, room, at=at) if look.title or entries or look.aside else ()
    lettered = any(curve.letter for curve in curves)
    margin = _LETTER_ROOM if lettered and width >= _NARROW else 0
    rows = max(1, height - len(top) - axis_rows - bool(note))
    return Plot(top, rows, axis_rows, note, margin)


def _entries(
    curves: Sequence[Curve], drawn: Sequence[Stroke], scale: Scale | None, look: Look
) -> tuple[Entry, ...]:
    values = {id(stroke.curve): read_off(stroke, scale, look) for stroke in drawn}
    return tuple(
        Entry(
            curve.letter,
            curve.label,
            curve.color,
            curve.focused and len(curves) > 1,
            values[id(curve)],
        )
        for curve in curves
    )


def crosshair_at(frame: Frame, look: Look) -> str:
    """Return where the crosshair stands, in words: step 4200, 14:02:10, 1h30m."""
    if look.crosshair is None or look.told:
        return ""
    x = frame.low + look.crosshair * (frame.high - frame.low)
    return place_label(look.x_kind, frame.x.value(x), look.x_label, look.zone)


def read_off(stroke: Stroke, scale: Scale | None, look: Look) -> str:
    """Return a curve's value under the crosshair; empty without one, or if it is told elsewhere."""
    if look.crosshair is None or look.told:
        return ""
    if stroke.curve.said:
        return stroke.curve.said
    value = value_at(stroke, look.crosshair)
    return "–" if value is None or scale is None else short(scale.by.value(value))


def _draw(canvas: Canvas, drawn: Sequence[Stroke], scale: Scale, inner: int, look: Look) -> None:
    _draw_faint(canvas, drawn, scale, inner * 2, look)
    for focused in (False, True):
        canvas.new_layer()
        for stroke in drawn:
            if stroke.curve.focused is focused:
                _draw_bright(canvas, stroke, scale, inner * 2, look)
    if look.crosshair is not None:
        draw_crosshair(canvas, look.crosshair, inner, Ink(look.theme.axis))
    if look.clip:
        mark_clipped(canvas, drawn, scale, inner)
    place_letters(canvas, drawn, scale, inner)


def _draw_faint(
    canvas: Canvas, drawn: Sequence[Stroke], scale: Scale, wide: int, look: Look
) -> None:
    for stroke in drawn:
        if stroke.band is not None:
            ink = Ink(mixed(stroke.curve.color, look.theme.background, AREA))
            canvas.fill(area_of(stroke, scale, wide, canvas.dots_high), ink)
    make, share = (spread_of, AREA) if look.mode == ENVELOPE else (raw_line, FAINT)
    for stroke in drawn:
        if stroke.faint:
            ink = Ink(mixed(stroke.curve.color, look.theme.background, share))
            canvas.fill(make(stroke, scale, wide, canvas.dots_high), ink)


def _draw_bright(canvas: Canvas, stroke: Stroke, scale: Scale, wide: int, look: Look) -> None:
    ink = Ink(stroke.curve.color, bold=stroke.curve.focused)
    if look.mode == RAW:
        canvas.fill(spread_of(stroke, scale, wide, canvas.dots_high), ink)
    canvas.fill(main_line(stroke, scale, wide, canvas.dots_high), ink)
    if len(stroke.filled) == 1:
        mark_point(canvas, stroke, scale, wide // 2, ink)


def _say_empty(canvas: Canvas, reduced: Sequence[Reduction], look: Look) -> None:
    """Write into the middle of a plot without a line why there is none."""
    sentence = shorten(visible(look.empty or why_empty(reduced, look)), canvas.width)
    column = (canvas.width - len(sentence)) // 2
    canvas.put((canvas.height - 1) // 2, column, sentence, Ink(look.theme.muted))


def why_empty(reduced: Sequence[Reduction], look: Look) -> str:
    """Return why there is no line to draw."""
    name = look.title or "this metric"
    if not any(reduction.points for reduction in reduced):
        return f"No points of {name} yet"
    if any(reduction.odd for reduction in reduced):
        return f"Every point of {name} here is NaN or infinite"
    if any(reduction.not_positive for reduction in reduced):
        return f"No value of {name} is above 0 for a log axis"
    return f"No points of {name} in this part"


def _axis_rows(
    drawn: Sequence[Stroke], frame: Frame, gutter: int, inner: int, look: Look, *, ruled: bool
) -> list[Row]:
    """Return the axis with its marks of NaN, and its labels; ticks only if it is ``ruled``."""
    found = axes.marks(frame, look.x_kind, inner, look.zone) if ruled else ()
    line = Canvas(gutter + inner, 1)
    line.put(0, 0, axes.baseline(found, gutter, inner), Ink(look.theme.axis))
    for stroke in drawn:
        mark_nans(line, 0, gutter, inner, stroke)
    labels = axes.label_row(found, gutter, inner, look.x_label)
    return [line.rows()[0], (Span(labels, Ink(look.theme.muted)),)]
