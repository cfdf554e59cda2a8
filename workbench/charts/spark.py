"""A series in one row of cells, for tables."""

import math
from collections.abc import Sequence

import numpy as np

from workbench.runs.series import Floats, thin

BARS = "▁▂▃▄▅▆▇█"
NOT_A_NUMBER, BEYOND, BENEATH, NOTHING = "×", "▲", "▼", " "


def sparkline(values: Sequence[float] | Floats, width: int) -> str:
    """Return the series in exactly ``width`` cells, mean per cell, lowest to highest.

    Fewer values than cells stand at the left. A cell of nothing but NaN is ``×``, of
    infinities ``▲`` or ``▼``.
    """
    found = np.asarray(values, dtype=np.float64).ravel()
    count = min(len(found), width)
    if count < 1:
        return NOTHING * max(width, 0)
    columns = thin(
        np.arange(len(found), dtype=np.float64),
        found,
        low_x=-0.5,
        high_x=len(found) - 0.5,
        columns=count,
    )
    bars = _bars(columns.mean)
    marks = zip(columns.nans, columns.above, columns.below, strict=True)
    cells = (bar or _mark(*counts) for bar, counts in zip(bars, marks, strict=True))
    return "".join(cells).ljust(width)


def _bars(means: Floats) -> list[str]:
    """Return a bar per mean, none where it is NaN; all alike stand in the middle."""
    finite = means[np.isfinite(means)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    return ["" if math.isnan(mean) else _bar(float(mean), low, high) for mean in means]


def _bar(mean: float, low: float, high: float) -> str:
    if high <= low:
        return BARS[len(BARS) // 2 - 1]
    share = (mean / 2 - low / 2) / (high / 2 - low / 2)
    return BARS[min(int(share * len(BARS)), len(BARS) - 1)]


def _mark(nans: int, above: int, below: int) -> str:
    if nans:
        return NOT_A_NUMBER
    return BEYOND if above else BENEATH if below else NOTHING
