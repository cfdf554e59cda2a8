"""Lines that are dashed: told from whole ones where there is no colour and one thickness."""

import numpy as np

from workbench.runs.series import Floats

_MOST = 20_000
"""Places of one line; far more than any picture has dots."""


def dashes(x: Floats, y: Floats, long: int) -> tuple[Floats, Floats]:
    """Return places one unit apart along a line, without every second ``long`` of them.

    Args:
        x: The corners of the line, in dots; where one is no number the line is interrupted.
        y: Likewise.
        long: Units of a dash, and of the gap behind it.
    """
    there = np.isfinite(x) & np.isfinite(y)
    lost = np.flatnonzero(~there)
    parts = [part[there[part]] for part in np.split(np.arange(len(x)), lost)]
    found = [_along(x[part], y[part], long) for part in parts if len(part)]
    if not found:
        return np.empty(0), np.empty(0)
    return np.concatenate([one[0] for one in found]), np.concatenate([one[1] for one in found])


def _along(x: Floats, y: Floats, long: int) -> tuple[Floats, Floats]:
    gone = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))))
    step = max(1.0, float(gone[-1]) / _MOST)
    number = np.arange(int(gone[-1] / step) + 1)
    places = number[number % (2 * long) < long] * step
    return np.interp(places, gone, x), np.interp(places, gone, y)
