"""SVG pictures read back: their texts, and whether everything is on the page."""

import re
from xml.etree import ElementTree as ET

from workbench.charts.svg import Label

NAMES = "{http://www.w3.org/2000/svg}"
KNOWN = {"svg", "title", "rect", "text", "line", "polyline", "polygon", "circle", "path"}
_ACROSS, _DOWN = ("x", "x1", "x2", "cx"), ("y", "y1", "y2", "cy")
_PAIR = re.compile(r"(-?[\d.]+),(-?[\d.]+)")


def read(picture):
    """Return the root of a picture, which must be well-formed and of known elements alone."""
    root = ET.fromstring(picture)  # noqa: S314 - written a line above
    assert {one.tag.removeprefix(NAMES) for one in root.iter()} <= KNOWN
    assert not any(
        "href" in key or key.startswith("on") for one in root.iter() for key in one.attrib
    )
    return root


def size(root):
    """Return width and height of the page."""
    return tuple(float(part) for part in root.get("viewBox").split()[2:])


def texts(root):
    """Return all texts, in the order in which they are drawn."""
    return [one.text for one in root.iter(f"{NAMES}text")]


def places(root):
    """Yield every place of the picture."""
    for one in root.iter():
        for keys, at in ((_ACROSS, 0), (_DOWN, 1)):
            for key in keys:
                if one.get(key) is not None:
                    value = float(one.get(key))
                    yield (value, 0.0) if at == 0 else (0.0, value)
        for key in ("points", "d"):
            for x, y in _PAIR.findall(one.get(key) or ""):
                yield float(x), float(y)
        if one.tag == f"{NAMES}rect":
            yield (
                float(one.get("x")) + float(one.get("width")),
                float(one.get("y")) + float(one.get("height")),
            )


def labels(root):
    """Return the texts as labels, their middle taken from their baseline."""
    return [
        Label(
            float(one.get("x")),
            float(one.get("y")) - float(one.get("font-size")) * 0.33,
            one.text or "",
            float(one.get("font-size")),
            0,
            one.get("text-anchor") or "start",
            bold=one.get("font-weight") == "700",
        )
        for one in root.iter(f"{NAMES}text")
    ]


def is_on_page(root):
    """Tell whether every place and every text lies on the page."""
    wide, high = size(root)
    there = all(-0.01 <= x <= wide + 0.01 and -0.01 <= y <= high + 0.01 for x, y in places(root))
    boxes = [label.box for label in labels(root)]
    return there and all(
        box.left >= -1 and box.top >= -1 and box.right <= wide + 1 and box.bottom <= high + 1
        for box in boxes
    )


def overlapping(root):
    """Return pairs of texts that lie over each other."""
    found = labels(root)
    return [
        (one.text, other.text)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if one.box.meets(other.box)
    ]
