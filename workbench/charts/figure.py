"""One description of a chart that is not of curves: axes, layers, words.

What is shown is decided once, by the constructors beside this module; cells, printed text
and SVG only draw it. All places are in drawn units: log10 of the values on a logarithmic
axis, seconds since 1970 on a time axis, 0, 1, 2 ... on an axis of names. A renderer never
computes a value, and never drops one that has a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.charts import ticks
from workbench.charts.legend import Entry
from workbench.charts.reduction import widened
from workbench.charts.ticks import NUMBER, TIME, Tick, Ticks

Floats = NDArray[np.float64]

POINT = "•"
START, MIDDLE, END = "start", "middle", "end"
"""Which part of a note stands at its place."""

FILL, UP, RIGHT = "fill", "up", "right"
"""A box fills its area, or is a column that grows up from its foot, or a bar to the right."""

FIXED = "fixed"
"""A kind of axis: its ticks are those given, at any size, such as names; or none."""

_EDGE = 1e300
"""What lies beyond is drawn at the edge: the width of a wider range is no number."""

_TICKS = 6
_MARGIN = 0.04
"""Share of the range left free at either end, so that no point lies on the frame."""

_NEAR_ZERO = 0.15
"""A range that begins this close to zero, as a share of itself, begins at zero."""


class Axis(NamedTuple):
    """What stands on one side of a chart, in drawn units.

    ``ticks`` suit a chart of middling size; `ticks_of` gives those for another size. Labels that
    are ``whole`` are numbers: rather none than one that is cut.
    """

    label: str
    low: float
    high: float
    ticks: Ticks = ()
    kind: str = NUMBER
    log: bool = False
    zone: tzinfo | None = None
    whole: bool = False


class Dots(NamedTuple):
    """Points of one colour. A bright one is drawn last, by its sign: a letter, or a symbol."""

    x: Floats
    y: Floats
    color: int
    sign: str = POINT
    bright: bool = False


class Path(NamedTuple):
    """A line through points in their order; NaN interrupts it.

    With ``steps`` it goes across first, then up or down. A ``dashed`` one is told from another
    without colour; it is no bright one.
    """

    x: Floats
    y: Floats
    color: int
    bright: bool = False
    steps: bool = False
    dashed: bool = False


class Boxes(NamedTuple):
    """Rectangles with a colour each, and perhaps a text in the middle of each.

    ``levels``, from 0 to 1, say again without colour what the colours say.
    """

    x0: Floats
    x1: Floats
    y0: Floats
    y1: Floats
    colors: tuple[int, ...]
    texts: tuple[str, ...] = ()
    levels: tuple[float, ...] = ()
    grow: str = FILL


class Note(NamedTuple):
    """Text at a place; ``anchor`` says which part of it stands there.

    A ``spare`` one is written only where no other note stands.
    """

    x: float
    y: float
    text: str
    color: int
    anchor: str = START
    bold: bool = False
    spare: bool = False


Layer = Dots | Path | Boxes | Note


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart to be drawn; later layers over earlier ones.

    ``empty`` says why there is nothing to draw; then there are no layers. ``verticals`` are
    places on the x-axis with an axis of their own, ``pointed`` is the one under the cursor.
    All texts are a user's, still to be made
    visible by whoever draws them.
    """

    title: str
    aside: str
    x: Axis
    y: Axis
    layers: tuple[Layer, ...] = ()
    entries: tuple[Entry, ...] = ()
    notes: str = ""
    empty: str = ""
    verticals: tuple[float, ...] = ()
    pointed: float | None = None


class Bright(NamedTuple):
    """One thing among many that is drawn so that it can be told: which, its letter and colour."""

    at: int
    letter: str
    color: int
    label: str = ""


def nothing(title: str, why: str) -> Figure:
    """Return the figure of what cannot be drawn, which says why."""
    axis = Axis("", 0.0, 1.0)
    return Figure(title, "", axis, axis, empty=why)


def corners(path: Path) -> tuple[Floats, Floats]:
    """Return the points of a path with those where its steps turn."""
    if not path.steps or len(path.x) < 2:  # noqa: PLR2004 - one point has no step
        return path.x, path.y
    return np.repeat(path.x, 2)[1:], np.repeat(path.y, 2)[:-1]


def axis_of(
    values: Floats,
    label: str,
    *,
    log: bool = False,
    time: bool = False,
    names: Sequence[str] = (),
    zone: tzinfo | None = None,
) -> Axis:
    """Return the axis that holds all these values, with a little room at its ends.

    Args:
        values: In drawn units; NaN and infinities do not count.
        label: What is shown.
        log: Whether drawn units are log10 of the values.
        time: Whether the values are seconds since 1970.
        names: Categories, shown at 0, 1, 2 ...; all of them have room.
        zone: The time zone of a time axis; None is this machine's.
    """
    if names:
        found = tuple(Tick(float(at), name) for at, name in enumerate(names))
        return Axis(label, -0.5, len(names) - 0.5, found, FIXED)
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    low, high = _roomy(*widened(low, high), zero=not log and not time)
    axis = Axis(label, low, high, (), TIME if time else NUMBER, log, zone=zone)
    return axis._replace(ticks=ticks_of(axis, _TICKS))


def _roomy(low: float, high: float, *, zero: bool) -> tuple[float, float]:
    size = high - low
    room = size * _MARGIN
    if zero and 0 <= low <= size * _NEAR_ZERO:
        return -room, min(high + room, _EDGE)
    return max(low - room, -_EDGE), min(high + room, _EDGE)


def ticks_of(axis: Axis, at_most: int) -> Ticks:
    """Return the ticks of an axis cut into so many parts; all of them where they are fixed."""
    if axis.kind == FIXED:
        return axis.ticks
    if axis.log:
        return ticks.logarithmic(axis.low, axis.high, at_most)
    return ticks.ticks(axis.kind, axis.low, axis.high, at_most, axis.zone)
