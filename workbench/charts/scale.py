"""The y-axis: what range is shown, and on which dot a value falls."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.charts.reduction import widened
from workbench.charts.scaling import LOG, Scaling

Floats = NDArray[np.float64]

_MARGIN = 0.03
"""Share of the range left free above and below, so that no line lies on the frame."""

_NEAR_ZERO = 0.15
"""A range that begins this close to zero, as a share of itself, begins at zero."""

_CLIPPED = (0.02, 0.98)
_PLAIN = Scaling()


class Scale(NamedTuple):
    """The range of an axis, in the drawn units of ``by``."""

    low: float
    high: float
    by: Scaling = _PLAIN

    def rows(self, drawn: Floats, dots_high: int) -> Floats:
        """Return the dot row of each drawn value, 0 at the top, not rounded.

        A value off the range is at most one height of the plot off the plot.
        """
        size = self.high - self.low
        near = np.clip(drawn, self.low - size, self.high + size)
        return (self.high - near) / size * (dots_high - 1)


def scale_of(shown: Iterable[Floats], by: Scaling = _PLAIN, *, clip: bool = False) -> Scale | None:
    """Return the scale that shows the finite ones of these values; None if there are none.

    Args:
        shown: What will be drawn, in drawn units.
        by: What made drawn units of the values.
        clip: Leave out the outermost two in a hundred at either end.
    """
    values = np.concatenate([np.empty(0), *shown])
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low, high = np.quantile(values, _CLIPPED) if clip else (values.min(), values.max())
    return Scale(*_comfortable(float(low), float(high), by), by)


def _comfortable(low: float, high: float, by: Scaling) -> tuple[float, float]:
    low, high = widened(low, high)
    room = (high - low) * _MARGIN
    if by.kind != LOG and 0 <= low <= (high - low) * _NEAR_ZERO:
        return 0.0, high + room
    if by.kind != LOG and -(high - low) * _NEAR_ZERO <= high <= 0:
        return low - room, 0.0
    return low - room, high + room
