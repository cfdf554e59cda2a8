"""Where a column moved and by how much, as a person would say it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from workbench.datasets.drift.report import Shape
from workbench.words import delta, number

_MARKS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_TWICE: Final = 2.0
_HARDLY: Final = 0.02
"""Of the spread: a quantile that moved by less is said to have stayed."""


def moved(shape: Shape) -> str:
    """Return where the values of a column of numbers moved: ``median 3.1 → 3.5 (+0.42 …)``."""
    at = np.array(shape.at)
    one, two = np.array(shape.reference_quantiles), np.array(shape.current_quantiles)
    middle = int(np.searchsorted(at, 0.5))
    said = f"median {number(float(one[middle]))} → {number(float(two[middle]))}"
    scale = shape.scale or 0.0
    if scale <= 0:
        return said
    places = [int(np.argmin(np.abs(at - mark))) for mark in _MARKS]
    shifts = [(float(two[k]) / scale - float(one[k]) / scale) for k in places]
    where = _where(shifts)
    return f"{said} ({delta(shifts[2], 2)} of its spread){where and ', '}{where}"


def _where(shifts: Sequence[float]) -> str:
    """Return how the quantiles at 5, 25, 50, 75 and 95 % moved together, in a word or two."""
    low, high = shifts[0], shifts[-1]
    largest = max(abs(one) for one in shifts)
    if largest < _HARDLY:
        return ""
    if low < -_HARDLY and high > _HARDLY and min(-low, high) * _TWICE > largest:
        return "wider"
    if low > _HARDLY and high < -_HARDLY and min(low, -high) * _TWICE > largest:
        return "narrower"
    word = "higher" if max(shifts, key=abs) > 0 else "lower"
    signs = {one > 0 for one in shifts if abs(one) > _HARDLY}
    if len(signs) == 1 and min(abs(one) for one in shifts) * _TWICE > largest:
        return f"{word} throughout"
    place = max(range(len(shifts)), key=lambda k: abs(shifts[k]))
    ends = {0: "at the low end", 4: "at the high end", 2: "in the middle"}
    return f"{word} mostly {ends.get(place, 'below the middle' if place == 1 else 'above it')}"
