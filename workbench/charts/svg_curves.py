"""The chart of curves as an SVG picture for a slide: what the screen shows, drawn finely.

Each line is named where it ends, in its colour and with its letter; the legend below the
title returns only where the names at the ends had to be cut or left out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from workbench.charts import axes
from workbench.charts.curves import crosshair_at, frame_for, read_off, why_empty
from workbench.charts.legend import Entry, without_shared
from workbench.charts.look import ENVELOPE, RAW, Look
from workbench.charts.marks import nan_columns
from workbench.charts.notes import beside, notes
from workbench.charts.palette import mixed
from workbench.charts.reduction import Curve, Frame, reduce_curve
from workbench.charts.scale import Scale
from workbench.charts.strokes import Ints, Stroke, scale_for, strokes, unbroken
from workbench.charts.svg import (
    HEIGHT,
    WIDTH,
    Box,
    Label,
    Skin,
    circle,
    clean,
    cut,
    page,
    polygon,
    polyline,
    segment,
    skin_of,
    width_of,
    written,
)
from workbench.charts.svg_frame import (
    Floats,
    Head,
    Plane,
    Sizes,
    foot,
    gutter,
    head,
    names,
    noted,
    rules,
    sentence,
    sizes_of,
    stacked,
    tick_labels,
)
from workbench.charts.ticks import Ticks

_PER_COLUMN = 5.2
"""Units of the picture to a pair of columns: finer than a line is thick is not seen."""

_FAINT = 0.45
_BAND, _ENVELOPE = "0.20", "0.28"
_NAMES_SHARE = 0.27
_DASHES = ("", "12 7", "3 6", "14 5 3 5")
"""Of the lines that share a colour: there are fewer colours than there may be lines."""
_SPACING = 1.2
_LEAST = 0.6
"""Names at the ends shrink to this share of their size before some are left out."""


def curves_svg(
    curves: Sequence[Curve], *, look: Look, width: float = WIDTH, height: float = HEIGHT
) -> str:
    """Return the chart of the curves as an SVG document.

    Args:
        curves: What to draw.
        look: How; its theme says whether on a light or a dark ground.
        width: Units of the picture, such as pixels.
        height: Likewise.
    """
    frame = frame_for(curves, max(int(width / _PER_COLUMN), 1), look)
    reduced = [reduce_curve(curve, frame) for curve in curves]
    drawn = strokes(curves, reduced, look)
    scale = scale_for(drawn, reduced, look)
    sizes, skin = sizes_of(width, height), skin_of(look.theme)
    said = (look.aside, beside(curves, frame, scale, look), crosshair_at(frame, look))
    aside = " · ".join(filter(None, said))
    if scale is None:
        top = head(look.title, aside, (), width, sizes, skin)
        why = sentence(look.empty or why_empty(reduced, look), width, height, sizes, skin)
        return page(look.title, (*top.parts, why), width, height, look.theme)
    note = notes(curves, reduced, look)
    picture = _Picture(drawn, frame, scale, look, sizes, skin)
    parts = _parts(picture, aside, note, width, height)
    return page(look.title, parts, width, height, look.theme)


class _Picture(NamedTuple):
    """What every part of the drawing needs."""

    drawn: Sequence[Stroke]
    frame: Frame
    scale: Scale
    look: Look
    sizes: Sizes
    skin: Skin


class _Layout(NamedTuple):
    """Where things stand."""

    top: Head
    plane: Plane
    ends: "Ends"
    y: Ticks


def _layout(
    picture: _Picture, entries: Sequence[Entry], aside: str, bottom: float, width: float
) -> _Layout:
    look, sizes, scale = picture.look, picture.sizes, picture.scale
    y = axes.y_ticks(scale, 7)
    room = _names_room(picture, width)
    top = head(look.title, aside, entries, width, sizes, picture.skin)
    high = min(top.bottom + sizes.small, bottom - sizes.small)
    box = Box(gutter(y, width, sizes), high, width - sizes.edge - room, bottom)
    plane = Plane(box, (picture.frame.low, picture.frame.high), (scale.low, scale.high))
    return _Layout(top, plane, end_names(picture.drawn, plane, room, sizes, _values(picture)), y)


def _parts(picture: _Picture, aside: str, note: str, width: float, height: float) -> list[str]:
    look, sizes, skin = picture.look, picture.sizes, picture.skin
    lines = noted(note, width, sizes)
    bottom = height - foot(named=bool(look.x_label), notes=len(lines), sizes=sizes)
    laid = _layout(picture, (), aside, bottom, width)
    if look.legend and not laid.ends.whole:
        laid = _layout(picture, _entries(picture), aside, bottom, width)
    plane = laid.plane
    x = tuple(mark.tick for mark in _x_marks(picture, plane.box.right - plane.box.left))
    labels = (
        *tick_labels(plane, x, laid.y, width, sizes, skin),
        *names(plane, look.x_label, lines, height, sizes, skin),
    )
    data = [part for stroke in picture.drawn for part in _behind(stroke, plane, picture)]
    by_letter = sorted(picture.drawn, key=lambda stroke: _rank(stroke.curve.letter))
    dashed = dict(
        zip(map(id, by_letter), dashes([one.curve.color for one in by_letter]), strict=True)
    )
    for stroke in picture.drawn:
        data += _line(stroke, dashed[id(stroke)], plane, picture)
    data += [part for stroke in picture.drawn for part in _marks(stroke, plane, picture)]
    around = (*_crosshair(plane, picture), *laid.ends.parts, *map(written, labels))
    return [*rules(plane, x, laid.y, sizes, skin), *data, *around, *laid.top.parts]


def _rank(letter: str) -> tuple[int, str]:
    """Return where a letter stands: z before aa; the line under the cursor is drawn last."""
    return len(letter), letter


def _x_marks(picture: _Picture, wide: float) -> tuple[axes.Mark, ...]:
    cells = max(int(wide / (picture.sizes.small * 0.62)), 1)
    return axes.marks(picture.frame, picture.look.x_kind, cells, picture.look.zone)


def _entries(picture: _Picture) -> tuple[Entry, ...]:
    return tuple(
        Entry(curve.letter, curve.label, curve.color, curve.focused)
        for curve in (stroke.curve for stroke in picture.drawn)
    )


def _values(picture: _Picture) -> list[str]:
    return [read_off(stroke, picture.scale, picture.look) for stroke in picture.drawn]


def _names_room(picture: _Picture, width: float) -> float:
    """Return the room right of the plot for the names at the ends of the lines."""
    said = _said([stroke.curve for stroke in picture.drawn], _values(picture))
    wide = max((width_of(text, picture.sizes.small, bold=True) for text in said), default=0.0)
    return min(wide + picture.sizes.small * 1.5, width * _NAMES_SHARE)


def _said(curves: Sequence[Curve], values: Sequence[str]) -> list[str]:
    short = without_shared([clean(curve.label) for curve in curves])
    return [
        " ".join(part for part in (curve.letter, label, value) if part)
        for curve, label, value in zip(curves, short, values, strict=True)
    ]


class Ends(NamedTuple):
    """The names at the ends of the lines, and the thin lines that lead to them."""

    labels: tuple[Label, ...]
    leaders: tuple[str, ...]
    whole: bool
    """Whether every line has its whole name."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Its elements."""
        return (*self.leaders, *map(written, self.labels))


def end_names(
    drawn: Sequence[Stroke], plane: Plane, room: float, sizes: Sizes, values: Sequence[str]
) -> Ends:
    """Return a name for each line right of the plot, near its end and clear of the others.

    Where there is no room for all, the focused ones and those drawn last have theirs.
    """
    texts = _said([stroke.curve for stroke in drawn], values)
    pairs = [pair for pair in zip(drawn, texts, strict=True) if len(pair[0].filled)]
    high = max(plane.box.bottom - plane.box.top, sizes.small * _SPACING)
    size = max(min(sizes.small, high / max(len(pairs), 1) / _SPACING), sizes.small * _LEAST)
    most = int(high / (size * _SPACING)) + 1
    shown = pairs[-most:]
    ends = [_end(stroke, plane) for stroke, _ in shown]
    places = stacked([end[1] for end in ends], size * _SPACING, plane.box.top, plane.box.bottom)
    x = plane.box.right + size * 1.1
    labels = tuple(
        Label(
            x,
            place,
            cut(text, size, plane.box.right + room - x, bold=True),
            size,
            stroke.curve.color,
            bold=stroke.curve.focused,
        )
        for (stroke, text), place in zip(shown, places, strict=True)
    )
    leaders = tuple(
        polyline((end, (x - size * 0.25, label.y)), label.color, 1.0, stroke_opacity="0.5")
        for end, label in zip(ends, labels, strict=True)
    )
    whole = len(shown) == len(pairs) and all(
        label.text == text for label, (_, text) in zip(labels, shown, strict=True)
    )
    return Ends(labels, leaders, whole)


def _end(stroke: Stroke, plane: Plane) -> tuple[float, float]:
    return plane.at(float(stroke.columns.centres[stroke.filled[-1]]), float(stroke.line[-1]))


def _behind(stroke: Stroke, plane: Plane, picture: _Picture) -> Iterator[str]:
    """Yield the band, and the raw values or their envelope, faint."""
    color, mode = stroke.curve.color, picture.look.mode
    if stroke.band is not None:
        band = stroke.band
        for part in unbroken(band.filled, band.broken):
            edges = (band.low[part], band.high[part])
            yield _area(stroke, plane, band.filled[part], edges, _BAND)
    if not stroke.faint:
        return
    faint = mixed(color, picture.look.theme.background, _FAINT)
    for part in unbroken(stroke.filled, stroke.broken):
        if mode == ENVELOPE:
            edges = (stroke.low[part], stroke.high[part])
            yield _area(stroke, plane, stroke.filled[part], edges, _ENVELOPE)
        else:
            points = _points(stroke, plane, stroke.filled[part], stroke.mean[part])
            yield polyline(points, faint, picture.sizes.line * 0.5)


def _area(
    stroke: Stroke, plane: Plane, columns: Ints, edges: tuple[Floats, Floats], opacity: str
) -> str:
    """Return the area between two lines."""
    low, high = (_points(stroke, plane, columns, edge) for edge in edges)
    return polygon([*high, *reversed(low)], stroke.curve.color, fill_opacity=opacity)


def _points(
    stroke: Stroke, plane: Plane, columns: Ints, drawn: Floats
) -> list[tuple[float, float]]:
    x = plane.across(stroke.columns.centres[columns]).tolist()
    return list(zip(x, plane.down(drawn).tolist(), strict=True))


def dashes(colors: Sequence[int]) -> tuple[str, ...]:
    """Return how each line is dashed: those of one colour differently, the first not at all."""
    seen: Counter[int] = Counter()
    found = []
    for color in colors:
        found.append(_DASHES[seen[color] % len(_DASHES)])
        seen[color] += 1
    return tuple(found)


def _line(stroke: Stroke, dash: str, plane: Plane, picture: _Picture) -> Iterator[str]:
    """Yield the line in its unbroken parts; a part of one point is a dot."""
    curve, wide = stroke.curve, picture.sizes.line
    more = {"stroke_dasharray": dash} if dash else {}
    for part in unbroken(stroke.filled, stroke.broken):
        columns = stroke.filled[part]
        if picture.look.mode == RAW:
            both = np.column_stack((stroke.low[part], stroke.high[part])).ravel()
            points = _points(stroke, plane, np.repeat(columns, 2), both)
            yield polyline(points, curve.color, wide * (0.7 if curve.focused else 0.45))
        points = _points(stroke, plane, columns, stroke.line[part])
        if len(points) == 1:
            yield circle(*points[0], wide * 1.3, curve.color)
        else:
            yield polyline(points, curve.color, wide * (1.6 if curve.focused else 1.0), **more)


def _marks(stroke: Stroke, plane: Plane, picture: _Picture) -> Iterator[str]:
    """Yield crosses for NaN on the axis, triangles at the edges for what lies beyond them."""
    size, color, columns = picture.sizes.small * 0.32, stroke.curve.color, stroke.columns
    box, scale = plane.box, picture.scale
    for x in _apart(stroke, plane, nan_columns(columns), size * 3):
        yield from _cross_at(x, box.bottom, size, color)
    over, under = np.flatnonzero(columns.above), np.flatnonzero(columns.below)
    if picture.look.clip:
        over = np.union1d(over, stroke.filled[stroke.line > scale.high])
        under = np.union1d(under, stroke.filled[stroke.line < scale.low])
    for x in _apart(stroke, plane, over, size * 3):
        foot_y = box.top + size * 2
        yield polygon(((x - size, foot_y), (x + size, foot_y), (x, box.top)), color)
    for x in _apart(stroke, plane, under, size * 3):
        head_y = box.bottom - size * 2
        yield polygon(((x - size, head_y), (x + size, head_y), (x, box.bottom)), color)


def _cross_at(x: float, y: float, size: float, color: int) -> Iterator[str]:
    for ends in ((y - size, y + size), (y + size, y - size)):
        yield segment((x - size, x + size), ends, color, size * 0.5)


def _apart(stroke: Stroke, plane: Plane, columns: Ints, least: float) -> Iterator[float]:
    """Yield the places of columns across the plane, leaving out what would run together."""
    last = -least
    for x in plane.across(stroke.columns.centres[columns]).tolist():
        if x - last >= least:
            last = x
            yield x


def _crosshair(plane: Plane, picture: _Picture) -> list[str]:
    """Return the crosshair, where there is one."""
    if picture.look.crosshair is None:
        return []
    share = min(max(picture.look.crosshair, 0.0), 1.0)
    x = plane.box.left + share * (plane.box.right - plane.box.left)
    return [segment((x, x), (plane.box.top, plane.box.bottom), picture.skin.axis)]
