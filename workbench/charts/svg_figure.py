"""Figures as SVG pictures for a slide: scatter, parallel axes, heat, bars, columns."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from workbench.charts.figure import (
    FIXED,
    Axis,
    Boxes,
    Dots,
    Figure,
    Layer,
    Note,
    Path,
    corners,
    ticks_of,
)
from workbench.charts.palette import DARK, Theme
from workbench.charts.svg import (
    END,
    HEIGHT,
    MIDDLE,
    START,
    WIDTH,
    Box,
    Label,
    Skin,
    circle,
    clean,
    cut,
    element,
    ink_on,
    number,
    page,
    paint,
    polygon,
    polyline,
    rectangle,
    segment,
    skin_of,
    width_of,
    written,
)
from workbench.charts.svg_frame import (
    Floats,
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
    tick_labels,
)
from workbench.charts.ticks import Ticks

_MANY = 500
"""More points than this are drawn small, or they are one spot."""

_LEAST = 0.5
"""A text in a box shrinks to this share of its size before it is left out."""

_GAP = 1.0
"""Half the room between two boxes."""

RING, RHOMB = "◉", "◆"
_SAID = frozenset("!?")
"""Signs that say something, as letters do; all others are a disc."""
_LETTERED = 1.6
"""A rhomb with a letter in it is so much larger than one without."""


def figure_svg(
    figure: Figure,
    *,
    theme: Theme = DARK,
    width: float = WIDTH,
    height: float = HEIGHT,
    sizes: Sizes | None = None,
) -> str:
    """Return the figure as an SVG document.

    Args:
        figure: What to draw.
        theme: On a light or a dark ground.
        width: Units of the picture, such as pixels.
        height: Likewise.
        sizes: Of type; None is what suits a slide of this size.
    """
    sizes, skin = sizes or sizes_of(width, height), skin_of(theme)
    top = head(figure.title, figure.aside, figure.entries, width, sizes, skin)
    if figure.empty:
        why = sentence(figure.empty, width, height, sizes, skin)
        return page(figure.title, (*top.parts, why), width, height, theme)
    parts = _parts(figure, top.bottom, (width, height), sizes, skin)
    return page(figure.title, (*parts, *top.parts), width, height, theme)


class _Ground(NamedTuple):
    """Where the data goes, and what stands around it."""

    plane: Plane
    x: Ticks
    y: Ticks
    labels: tuple[Label, ...]


def _parts(
    figure: Figure, top: float, size: tuple[float, float], sizes: Sizes, skin: Skin
) -> list[str]:
    ground = _ground(figure, top, size, sizes, skin)
    plane = ground.plane
    grid = rules(plane, _lines(figure.x, ground.x), _lines(figure.y, ground.y), sizes, skin)
    if figure.verticals:
        grid = []
    uprights = [_upright(at, plane, skin) for at in figure.verticals]
    few = sum(len(one.x) for one in figure.layers if isinstance(one, Dots)) <= _MANY
    data: list[str] = []
    for bright in (False, True):
        for layer in figure.layers:
            if _is_bright(layer) is bright:
                data += _drawn(layer, plane, sizes, few=few)
    notes = [one for one in figure.layers if isinstance(one, Note)]
    said = [_note(note, plane, size[0], sizes) for note in notes]
    texts = (*(written(label, skin.page) for label in said), *map(written, ground.labels))
    return [*grid, *uprights, *data, *texts]


def _ground(
    figure: Figure, top: float, size: tuple[float, float], sizes: Sizes, skin: Skin
) -> _Ground:
    width, height = size
    y = _ticks(figure.y, 7)
    name = clean(figure.y.label)
    named = bool(name) and name not in clean(figure.title)
    notes = noted(figure.notes, width, sizes)
    bottom = height - foot(named=bool(figure.x.label), notes=len(notes), sizes=sizes)
    high = min(top + sizes.small * (2.0 if named else 1.0), bottom - sizes.small)
    box = Box(gutter(y, width, sizes), high, width - sizes.edge, bottom)
    plane = Plane(box, (figure.x.low, figure.x.high), (figure.y.low, figure.y.high))
    x = _ticks(figure.x, max(int((box.right - box.left) / sizes.small / 7), 2))
    labels = [
        *tick_labels(plane, x, y, width, sizes, skin),
        *names(plane, figure.x.label, notes, height, sizes, skin),
    ]
    if named:
        text = cut(name, sizes.small, width - 2 * sizes.edge)
        at = high - sizes.small * 1.1
        labels.append(Label(sizes.edge, at, text, sizes.small, skin.muted))
    return _Ground(plane, x, y, tuple(labels))


def _ticks(axis: Axis, at_most: int) -> Ticks:
    found = ticks_of(axis, at_most)
    return found if len(found) > 1 or axis.kind == FIXED else ticks_of(axis, at_most + 2)


def _lines(axis: Axis, found: Ticks) -> Ticks:
    """Return the ticks that have a line of the grid; names have none."""
    return () if axis.kind == FIXED else found


def _upright(at: float, plane: Plane, skin: Skin) -> str:
    x = plane.at(at, plane.y[0])[0]
    return segment((x, x), (plane.box.top, plane.box.bottom), skin.axis, 1.5)


def _is_bright(layer: Layer) -> bool:
    return isinstance(layer, Dots | Path) and layer.bright


def _drawn(layer: Layer, plane: Plane, sizes: Sizes, *, few: bool) -> Iterator[str]:
    if isinstance(layer, Boxes):
        yield from _boxes(layer, plane, sizes)
    elif isinstance(layer, Path):
        yield from _path(layer, plane, sizes)
    elif isinstance(layer, Dots) and layer.bright:
        yield from _signs(layer, plane, sizes)
    elif isinstance(layer, Dots):
        yield from _dots(layer, plane, sizes, few=few)


def _places(plane: Plane, x: Floats, y: Floats) -> list[tuple[float, float]]:
    """Return the places of points that have one."""
    there = np.isfinite(x) & np.isfinite(y)
    across, down = plane.across(x[there]), plane.down(y[there])
    return list(zip(across.tolist(), down.tolist(), strict=True))


def _dots(layer: Dots, plane: Plane, sizes: Sizes, *, few: bool) -> Iterator[str]:
    """Yield all points as one element: a line of no length with round ends is a dot."""
    places = "".join(f"M{number(x)},{number(y)}h0" for x, y in _places(plane, layer.x, layer.y))
    if places:
        yield element(
            "path",
            d=places,
            stroke=paint(layer.color),
            stroke_width=sizes.line * (3.0 if few else 1.6),
            stroke_linecap="round",
            stroke_opacity="0.75" if few else "0.5",
            fill="none",
        )


def _signs(layer: Dots, plane: Plane, sizes: Sizes) -> Iterator[str]:
    """Yield the points that can be told: a disc or a rhomb with its letter, a ring."""
    size, color = sizes.small * 0.62, layer.color
    sign = clean(layer.sign)
    for x, y in _places(plane, layer.x, layer.y):
        if sign.endswith(RHOMB):
            letter = sign.removesuffix(RHOMB)
            wide = size * (_LETTERED if letter else 1)
            yield polygon(((x - wide, y), (x, y - wide), (x + wide, y), (x, y + wide)), color)
            if letter:
                yield _letter(letter, x, y, size, color, sizes)
            continue
        if sign == RING:
            ring = {"stroke": paint(color), "stroke_width": number(sizes.line)}
            yield element("circle", cx=x, cy=y, r=size, fill="none", **ring)
            yield circle(x, y, size * 0.4, color)
            continue
        yield circle(x, y, size, color)
        if sign.isalnum() or sign in _SAID:
            yield _letter(sign, x, y, size, color, sizes)


def _letter(sign: str, x: float, y: float, size: float, color: int, sizes: Sizes) -> str:
    text = min(sizes.small, size * 2.2 / len(sign))
    return written(Label(x, y, sign, text, ink_on(color), MIDDLE, bold=True))


def _path(layer: Path, plane: Plane, sizes: Sizes) -> Iterator[str]:
    x, y = corners(layer)
    dash = number(sizes.line * 3)
    more = {"stroke_dasharray": f"{dash} {dash}"} if layer.dashed else {}
    wide = sizes.line * (1.2 if layer.bright else 0.6)
    lost = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y)))
    for first, last in pairwise((-1, *lost.tolist(), len(x))):
        points = _places(plane, x[first + 1 : last], y[first + 1 : last])
        if len(points) == 1:
            yield circle(*points[0], wide, layer.color)
        elif points:
            yield polyline(points, layer.color, wide, **more)


def _boxes(layer: Boxes, plane: Plane, sizes: Sizes) -> Iterator[str]:
    sides = (plane.across(layer.x0), plane.across(layer.x1))
    ends = (plane.down(layer.y0), plane.down(layer.y1))
    left, right = np.minimum(*sides), np.maximum(*sides)
    top, bottom = np.minimum(*ends), np.maximum(*ends)
    rows = zip(*(part.tolist() for part in (left, top, right, bottom)), strict=True)
    boxes = [_inset(Box(*row)) for row in rows]
    for box, color in zip(boxes, layer.colors, strict=True):
        yield rectangle(box, color)
    for label in _texts(layer, boxes, sizes):
        yield written(label)


def _texts(layer: Boxes, boxes: Sequence[Box], sizes: Sizes) -> tuple[Label, ...]:
    """Return the texts in the boxes, all of one size."""
    found = tuple(
        _inside(clean(text), box, color, sizes)
        for box, color, text in zip(boxes, layer.colors, layer.texts, strict=False)
    )
    labels = [label for label in found if label is not None]
    size = min((label.size for label in labels), default=0.0)
    return tuple(label._replace(size=size) for label in labels)


def _inset(box: Box) -> Box:
    """Return a box a little smaller, so that neighbours are told apart; never of no size."""
    across = min(_GAP, (box.right - box.left) / 4)
    down = min(_GAP, (box.bottom - box.top) / 4)
    return Box(box.left + across, box.top + down, box.right - across, box.bottom - down)


def _inside(text: str, box: Box, color: int, sizes: Sizes) -> Label | None:
    """Return a text in the middle of a box, as large as it can be; None if it cannot be read."""
    if not text:
        return None
    room = min((box.right - box.left) * 0.94 / width_of(text, 1.0), (box.bottom - box.top) * 0.8)
    size = min(sizes.small, room)
    if size < sizes.small * _LEAST:
        first = text.partition(" ")[0]
        return None if first == text else _inside(first, box, color, sizes)
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    return Label(*middle, text, size, ink_on(color), MIDDLE)


def _note(note: Note, plane: Plane, width: float, sizes: Sizes) -> Label:
    """Return a note at its place, moved as far as needed to stay on the page."""
    x, y = plane.at(note.x, note.y)
    text = cut(note.text, sizes.small, width - 2 * sizes.edge, bold=note.bold)
    wide = width_of(text, sizes.small, bold=note.bold)
    before = {START: 0.0, MIDDLE: wide / 2, END: wide}[note.anchor]
    x = max(before, min(x, width - (wide - before)))
    return Label(x, y, text, sizes.small, note.color, note.anchor, bold=note.bold)
