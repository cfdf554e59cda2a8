"""SVG as text: elements, a user's words made safe, how wide a text will be, the page.

The only place that writes markup. A picture has no script, no style sheet and no reference
to anything outside it, and it is valid whatever a run is called. Fonts differ from one
machine to the next, so widths of texts are estimates, on the wide side.
"""

import math
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from workbench.charts.drawing import ELLIPSIS
from workbench.charts.palette import Theme, mixed

WIDTH, HEIGHT = 1200.0, 675.0
"""A slide of 16 to 9."""

FONTS = "system-ui, 'Segoe UI', Helvetica, Arial, 'DejaVu Sans', sans-serif"
START, MIDDLE, END = "start", "middle", "end"

_PALE, _DARK = 0xE6E6E6, 0x1C1C1C
_GRID = 0.28
_DUST = 0.01
"""Less than this is not too wide: it is what is left of adding and taking away."""

_NARROW, _BROAD = frozenset(" iljtfrI.,:;'|!()[]/-"), frozenset("mwMW@%…—±")
_OVER, _UNDER = 0.80, 0.25
"""How far a line of text reaches above and below its baseline, in its size."""


class Skin(NamedTuple):
    """The colours of a picture around what it shows."""

    page: int
    text: int
    muted: int
    axis: int
    grid: int


def skin_of(theme: Theme) -> Skin:
    """Return the colours of a theme's page; a picture has no terminal to ask for any."""
    text = theme.text if theme.text is not None else ink_on(theme.background)
    grid = mixed(theme.axis, theme.background, _GRID)
    return Skin(theme.background, text, mixed(text, theme.background, 0.72), theme.axis, grid)


def ink_on(background: int) -> int:
    """Return the colour in which text can be read on a background."""
    red, green, blue = (background >> shift & 0xFF for shift in (16, 8, 0))
    return _DARK if red * 0.299 + green * 0.587 + blue * 0.114 > 125 else _PALE  # noqa: PLR2004


class Box(NamedTuple):
    """A rectangle: where it begins and where it ends."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether the two have some area in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


class Label(NamedTuple):
    """A line of text; ``y`` is its middle, ``x`` what ``anchor`` says."""

    x: float
    y: float
    text: str
    size: float
    color: int
    anchor: str = START
    bold: bool = False

    @property
    def box(self) -> Box:
        """The room it takes, estimated."""
        wide = width_of(self.text, self.size, bold=self.bold)
        left = self.x - {START: 0.0, MIDDLE: wide / 2, END: wide}[self.anchor]
        high = self.size * (_OVER + _UNDER)
        return Box(left, self.y - high / 2, left + wide, self.y + high / 2)


def clean(text: str) -> str:
    """Return a user's text without what XML forbids or a reader cannot see."""
    return "".join(map(_clean, unicodedata.normalize("NFC", text)))


def _clean(char: str) -> str:
    if char in "\t\n\r":
        return " "
    forbidden = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "" if forbidden or ord(char) & 0xFFFE == 0xFFFE else char  # noqa: PLR2004 - no characters


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is, rather too much than too little."""
    return sum(map(_width, text)) * size * (1.06 if bold else 1.0)


def _width(char: str) -> float:
    if char in _NARROW:
        return 0.38
    if char in _BROAD or (char.isupper() and char.isascii()):
        return 0.92 if char in _BROAD else 0.72
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0.0
    return 0.58 if ord(char) < 0x2E80 else 1.05  # noqa: PLR2004 - from there on full width


def cut(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return the clean text, its middle left out if it is wider than the room for it."""
    text = clean(text)
    room += _DUST
    if width_of(text, size, bold=bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        kept = (low + high + 1) // 2
        fits = width_of(_middle(text, kept), size, bold=bold) <= room
        low, high = (kept, high) if fits else (low, kept - 1)
    return _middle(text, low) if low else ""


def _middle(text: str, kept: int) -> str:
    end = kept // 2
    return text[: kept - end] + ELLIPSIS + (text[-end:] if end else "")


def element(name: str, content: str = "", **attributes: float | str) -> str:
    """Return an element; ``_`` in an attribute's name stands for ``-``, content is markup."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_said(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def _said(value: float | str) -> str:
    return value if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """Return a place in the picture, to a hundredth.

    Raises:
        ValueError: It is NaN or infinite; such a value has no place.
    """
    if not math.isfinite(value):
        raise ValueError(f"no place in a picture: {value}")
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def paint(color: int) -> str:
    """Return a colour as SVG says it."""
    return f"#{color:06x}"


def written(label: Label, halo: int | None = None) -> str:
    """Return a label as an element, nothing for no text.

    A halo in the colour of the page keeps lines off it.
    """
    text = clean(label.text)
    if not text.strip():
        return ""
    look = {"font_weight": "700"} if label.bold else {}
    if halo is not None:
        wide = number(label.size / 4)
        look |= {"stroke": paint(halo), "stroke_width": wide, "paint_order": "stroke"}
    if label.anchor != START:
        look["text_anchor"] = label.anchor
    baseline = label.y + label.size * (_OVER - _UNDER) / 2 * 1.2
    return element(
        "text",
        escape(text),
        x=label.x,
        y=baseline,
        font_size=label.size,
        fill=paint(label.color),
        **look,
    )


def polyline(points: Iterable[Sequence[float]], color: int, wide: float, **more: str) -> str:
    """Return an open line through points."""
    look = {"stroke": paint(color), "stroke_width": number(wide), "fill": "none", **more}
    return element("polyline", points=_points(points), stroke_linejoin="round", **look)


def polygon(points: Iterable[Sequence[float]], color: int, **more: str) -> str:
    """Return a filled area."""
    return element("polygon", points=_points(points), fill=paint(color), **more)


def _points(points: Iterable[Sequence[float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)


def segment(x: tuple[float, float], y: tuple[float, float], color: int, wide: float = 1.0) -> str:
    """Return a straight line from one place to another."""
    (x1, x2), (y1, y2), stroke = x, y, paint(color)
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=stroke, stroke_width=wide)


def rectangle(box: Box, color: int, **more: str) -> str:
    """Return a filled rectangle."""
    wide, high = max(box.right - box.left, 0.0), max(box.bottom - box.top, 0.0)
    ink = paint(color)
    return element("rect", x=box.left, y=box.top, width=wide, height=high, fill=ink, **more)


def circle(x: float, y: float, radius: float, color: int, **more: str) -> str:
    """Return a filled circle."""
    return element("circle", cx=x, cy=y, r=radius, fill=paint(color), **more)


def page(title: str, parts: Iterable[str], width: float, height: float, theme: Theme) -> str:
    """Return the whole picture, on a ground of its own: a slide may have any."""
    name = element("title", escape(clean(title)) or "chart")
    ground = rectangle(Box(0.0, 0.0, width, height), theme.background)
    return element(
        "svg",
        "\n".join(("", name, ground, *filter(None, parts), "")),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        font_family=FONTS,
        role="img",
    ) + "\n"  # fmt: skip
