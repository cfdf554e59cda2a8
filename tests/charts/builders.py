"""Curves with defaults, so that a test names only what it is about."""

import numpy as np

from workbench.charts.drawing import cells
from workbench.charts.reduction import Curve

COLORS = (0x56B4E9, 0xE69F00, 0x009E73, 0xD55E00)


def curve(y, x=None, *, label="run-1", letter="", focused=False, color=COLORS[0], spread=None):
    """Return a curve of these values over 0, 1, 2, ... unless told otherwise.

    ``spread`` is half the height of a band around it.
    """
    values = np.asarray(y, dtype=float)
    places = np.arange(len(values), dtype=float) if x is None else np.asarray(x, dtype=float)
    band = () if spread is None else (values - spread, values + spread)
    return Curve(label, places, values, color, letter, focused, *band)


def is_exactly(picture, width, height):
    """Tell whether every row of the picture is exactly as wide as it says."""
    widths = {sum(cells(span.text) for span in row) for row in picture.rows}
    return len(picture.rows) == height and widths <= {width}
