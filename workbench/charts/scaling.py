"""How values become drawn units, and back: linear, logarithmic, symmetrically logarithmic.

Everything that is placed on an axis goes through here, so that a line, its ticks and what a
crosshair reads off cannot disagree. The symmetric logarithm shows zero and negative values;
nothing is left out on it.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LINEAR, LOG, SYMLOG = "linear", "log", "symlog"
SCALES = (LINEAR, LOG, SYMLOG)

EDGE = 1e300
"""What lies beyond is drawn at the edge: the width of a wider range is no number."""

_MOST_DECADES = 6
"""So many powers of ten on either side of zero are told apart; below that all is near zero."""

_SMALL = 0.05
"""The share of the values that may lie in the linear part around zero."""

_LN10 = math.log(10.0)


class Scaling(NamedTuple):
    """One axis' way from values to drawn units.

    ``constant`` is the size up to which a symmetric logarithm is nearly linear, a power of
    ten; the other scales do without it.
    """

    kind: str = LINEAR
    constant: float = 1.0

    def drawn(self, values: Floats) -> Floats:
        """Return values in drawn units; <= 0 is minus infinity on a logarithmic scale."""
        if self.kind == LOG:
            with np.errstate(divide="ignore"):
                return np.log10(np.maximum(values, 0.0))
        near = np.clip(values, -EDGE, EDGE)
        if self.kind == LINEAR:
            return near
        with np.errstate(over="ignore"):
            sizes = np.log1p(np.minimum(np.abs(near) / self.constant, EDGE)) / _LN10
        return np.copysign(sizes, near)

    def place(self, value: float) -> float:
        """Return one value in drawn units."""
        return float(self.drawn(np.asarray([value], dtype=np.float64))[0])

    def value(self, drawn: float) -> float:
        """Return the value that is drawn there."""
        if self.kind == LINEAR:
            return drawn
        with np.errstate(over="ignore"):
            if self.kind == LOG:
                return float(np.power(10.0, drawn))
            size = float(np.expm1(abs(drawn) * _LN10))
            return float(np.copysign(min(size * self.constant, EDGE), drawn))


def scaling(kind: str, values: Iterable[Floats] = (), *, small: float = _SMALL) -> Scaling:
    """Return the scale of this kind for these values.

    The constant of a symmetric logarithm is the power of ten at or below a small quantile of
    their sizes, at most six powers below the largest of them.

    Args:
        kind: One of ``SCALES``.
        values: What will be drawn; NaN, infinities and zeros do not count.
        small: Which quantile of the sizes.

    Raises:
        ValueError: There is no such scale.
    """
    if kind not in SCALES:
        raise ValueError(f"no such scale of an axis: {kind!r}")
    return Scaling(kind, _constant(values, small)) if kind == SYMLOG else Scaling(kind)


def _constant(values: Iterable[Floats], small: float) -> float:
    sizes = np.abs(np.concatenate([np.empty(0), *values]))
    sizes = sizes[np.isfinite(sizes) & (sizes > 1 / EDGE)]
    if not len(sizes):
        return 1.0
    lowest = max(float(np.quantile(sizes, small)), float(sizes.max()) * 10.0**-_MOST_DECADES)
    return float(10.0 ** np.floor(np.log10(max(lowest, 1 / EDGE)) + 1e-9))
