"""What surrounds the data in an SVG picture: title, legend, axes with a light grid, notes.

Sizes are those of a slide and grow with the picture. A `Plane` is where the data goes; all
places pass through it, so nothing is drawn off the page.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.charts.legend import Entry, without_shared
from workbench.charts.svg import (
    END,
    HEIGHT,
    MIDDLE,
    WIDTH,
    Box,
    Label,
    Skin,
    clean,
    cut,
    segment,
    width_of,
    written,
)
from workbench.charts.ticks import Ticks

Floats = NDArray[np.float64]

_SMALLEST = 0.35
_ENTRY_LINES = 3
_ASIDE_LINES, _NOTE_LINES = 2, 3
_LINE, _LEAST = 1.1, 0.55
"""Lines of text are so far apart, in their size; names shrink to this share of it."""

_GUTTER_SHARE = 0.28
"""At most this share of the picture is the labels of the y-axis."""


class Sizes(NamedTuple):
    """Sizes of type and room, in the units of the picture."""

    title: float
    text: float
    small: float
    edge: float
    line: float


def sizes_of(width: float, height: float) -> Sizes:
    """Return the sizes that suit a picture: at 1200 by 675, type for the last row of a room."""
    share = max(min(width / WIDTH, height / HEIGHT), _SMALLEST)
    return Sizes(34 * share, 21 * share, 18 * share, 28 * share, 3 * share)


class Plane(NamedTuple):
    """The rectangle of the data, and the drawn units at its edges."""

    box: Box
    x: tuple[float, float]
    y: tuple[float, float]

    def across(self, drawn: Floats) -> Floats:
        """Return places from drawn units of the x-axis, kept inside the plane."""
        return _placed(drawn, self.x, (self.box.left, self.box.right))

    def down(self, drawn: Floats) -> Floats:
        """Return places from drawn units of the y-axis, kept inside the plane."""
        return _placed(drawn, self.y, (self.box.bottom, self.box.top))

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Return the place of one point."""
        return float(self.across(np.asarray([x]))[0]), float(self.down(np.asarray([y]))[0])


def _placed(drawn: Floats, span: tuple[float, float], onto: tuple[float, float]) -> Floats:
    near = np.clip(drawn, *span)
    share = (near / 2 - span[0] / 2) / (span[1] / 2 - span[0] / 2)  # halves: no overflow
    return onto[0] + share * (onto[1] - onto[0])


class Head(NamedTuple):
    """Title and legend: what to draw, and where the room below them begins."""

    labels: tuple[Label, ...]
    bottom: float

    @property
    def parts(self) -> tuple[str, ...]:
        """Its elements."""
        return tuple(map(written, self.labels))


def head(
    title: str, aside: str, entries: Sequence[Entry], width: float, sizes: Sizes, skin: Skin
) -> Head:
    """Return the title, what is unusual about the chart below it, and then the legend.

    What is unusual has lines of its own: how wide a title comes out, only its reader's font
    knows, and words that say what to make of a chart are not to be cut.
    """
    room = width - 2 * sizes.edge
    y = sizes.edge + sizes.title * 0.5
    text = cut(title, sizes.title, room, bold=True)
    first = [Label(sizes.edge, y, text, sizes.title, skin.text, bold=True)] if text else []
    bottom = y + sizes.title * 0.75 if first else sizes.edge
    for said in lines_of(aside, sizes.text, room, _ASIDE_LINES):
        first.append(Label(sizes.edge, bottom + sizes.text * 0.6, said, sizes.text, skin.muted))
        bottom += sizes.text * 1.3
    lines = _legend(entries, room, bottom, sizes, skin)
    below = max((label.y + sizes.text for label in lines), default=bottom)
    return Head((*first, *lines), below)


def lines_of(text: str, size: float, room: float, most: int) -> tuple[str, ...]:
    """Return a text in at most so many lines; the last of them is cut where that is too few."""
    lines: list[str] = []
    for word in clean(text).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (width_of(longer, size) <= room or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(cut(line, size, room) for line in lines)


def noted(notes: str, width: float, sizes: Sizes) -> tuple[str, ...]:
    """Return the notes at the foot of a picture in lines."""
    return lines_of(notes, sizes.small, width - 2 * sizes.edge, _NOTE_LINES)


def _legend(
    entries: Sequence[Entry], room: float, top: float, sizes: Sizes, skin: Skin
) -> tuple[Label, ...]:
    """Return the entries in at most three lines; how many there is no room for is said.

    The sign of an entry has its colour; words have that of text, which is always read.
    """
    short = without_shared([clean(entry.label) for entry in entries])
    gap, size = sizes.text * 1.4, sizes.text
    x, line = 0.0, 0
    found: list[Label] = []
    for at, (entry, label) in enumerate(zip(entries, short, strict=True)):
        sign = cut(entry.letter or "•", size, room / 6, bold=True)
        text = cut(f"{label} {entry.value}".strip(), size, room / 3, bold=True)
        after = width_of(sign, size, bold=True) + size * 0.35
        wide = after + width_of(text, size, bold=True)
        more = f"+{len(entries) - at}"
        last = line == _ENTRY_LINES - 1
        rest = gap + width_of(more, size) if last and at < len(entries) - 1 else 0.0
        if found and x + wide + rest > room:
            if last:
                y = top + size * (0.7 + line * 1.35)
                return (*found, Label(sizes.edge + x, y, more, size, skin.muted))
            x, line = 0.0, line + 1
        y = top + size * (0.7 + line * 1.35)
        found.append(Label(sizes.edge + x, y, sign, size, entry.color, bold=True))
        words = Label(sizes.edge + x + after, y, text, size, skin.text, bold=entry.focused)
        found.append(words)
        x += wide + gap
    return tuple(found)


def gutter(ticks: Ticks, width: float, sizes: Sizes) -> float:
    """Return the room that the labels of the y-axis take, from the edge of the picture."""
    wide = max((width_of(clean(tick.label), sizes.small) for tick in ticks), default=0.0)
    return sizes.edge + min(wide, width * _GUTTER_SHARE) + sizes.small * 0.6


def foot(*, named: bool, notes: int, sizes: Sizes) -> float:
    """Return the room below the plane: labels, perhaps the axis' name, lines of notes."""
    lines = 0.2 * bool(notes) + 1.3 * notes
    return sizes.edge * 0.6 + sizes.small * (1.7 + 1.4 * named + lines)


def rules(plane: Plane, x: Ticks, y: Ticks, sizes: Sizes, skin: Skin) -> list[str]:
    """Return the grid and the axis line, to be drawn behind the data."""
    box = plane.box
    parts = []
    for tick in y:
        if plane.y[0] <= tick.at <= plane.y[1]:
            at = plane.at(plane.x[0], tick.at)[1]
            parts.append(segment((box.left, box.right), (at, at), skin.grid))
    for tick in x:
        if plane.x[0] <= tick.at <= plane.x[1]:
            at = plane.at(tick.at, plane.y[0])[0]
            parts.append(segment((at, at), (box.top, box.bottom), skin.grid))
    axis = segment((box.left, box.right), (box.bottom, box.bottom), skin.axis, sizes.line / 2)
    return [*parts, axis]


def tick_labels(
    plane: Plane, x: Ticks, y: Ticks, width: float, sizes: Sizes, skin: Skin
) -> tuple[Label, ...]:
    """Return the labels of both axes; one that would run into the one before is left out."""
    return (*_side_labels(plane, y, sizes, skin), *_foot_labels(plane, x, width, sizes, skin))


def _side_labels(plane: Plane, y: Ticks, sizes: Sizes, skin: Skin) -> list[Label]:
    right = plane.box.left - sizes.small * 0.5
    shown = [tick for tick in y if plane.y[0] <= tick.at <= plane.y[1]]
    places = [plane.at(plane.x[0], tick.at)[1] for tick in shown]
    apart = _nearest(places, plane.box.bottom) / _LINE
    size = min(sizes.small, max(apart, sizes.small * _LEAST))
    found: list[Label] = []
    for tick, place in zip(shown, places, strict=True):
        text = cut(tick.label, size, right - sizes.edge * 0.5)
        label = Label(right, place, text, size, skin.muted, END)
        if not any(label.box.meets(other.box) for other in found):
            found.append(label)
    return found


def _foot_labels(plane: Plane, x: Ticks, width: float, sizes: Sizes, skin: Skin) -> list[Label]:
    y = plane.box.bottom + sizes.small * 1.1
    shown = [tick for tick in x if plane.x[0] <= tick.at <= plane.x[1]]
    places = [plane.at(tick.at, plane.y[0])[0] for tick in shown]
    room = _nearest(places, width - 2 * sizes.edge) - sizes.small * 0.6
    widest = max((width_of(clean(tick.label), 1.0) for tick in shown), default=1.0)
    size = min(sizes.small, max(room / max(widest, 1.0), sizes.small * _LEAST))
    found: list[Label] = []
    for tick, place in zip(shown, places, strict=True):
        text = cut(tick.label, size, max(room, size * 2))
        half = width_of(text, size) / 2
        at = min(max(place, half + 1), width - half - 1)
        label = Label(at, y, text, size, skin.muted, MIDDLE)
        if not any(label.box.meets(other.box) for other in found):
            found.append(label)
    return found


def _nearest(places: Sequence[float], most: float) -> float:
    """Return the least distance between two neighbours."""
    return min((abs(b - a) for a, b in pairwise(places)), default=most)


def names(
    plane: Plane, x_label: str, notes: Sequence[str], height: float, sizes: Sizes, skin: Skin
) -> tuple[Label, ...]:
    """Return the name of the x-axis below its labels, and the notes at the foot."""
    box, size = plane.box, sizes.small
    name = cut(x_label, size, box.right - box.left)
    middle = (box.left + box.right) / 2
    found = []
    if name:
        found.append(Label(middle, box.bottom + size * 2.5, name, size, skin.muted, MIDDLE))
    low = height - sizes.edge * 0.3 - size / 2
    for above, note in enumerate(reversed(notes)):
        found.append(Label(sizes.edge, low - above * size * 1.3, note, size, skin.muted))
    return tuple(found)


def sentence(text: str, width: float, height: float, sizes: Sizes, skin: Skin) -> str:
    """Return a sentence in the middle of a picture that has nothing else to show."""
    said = cut(text, sizes.text, width - 2 * sizes.edge)
    return written(Label(width / 2, height / 2, said, sizes.text, skin.muted, MIDDLE))


def stacked(wishes: Sequence[float], size: float, top: float, bottom: float) -> list[float]:
    """Return places at least ``size`` apart between top and bottom, near to those wished for.

    There must be room for all of them.
    """
    order = sorted(range(len(wishes)), key=lambda at: wishes[at])
    places: list[float] = []
    for at in order:
        low = places[-1] + size if places else top
        places.append(max(min(wishes[at], bottom), low))
    limit = bottom
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], limit)
        limit = places[at] - size
    found = [0.0] * len(wishes)
    for at, place in zip(order, places, strict=True):
        found[at] = place
    return found
