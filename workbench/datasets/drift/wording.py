"""Where a column moved and by how much, as a person would say it."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from workbench.datasets.drift.report import Shape
from workbench.words import delta, number

_MARKS: Final = (0.05, 0.25, 0.5, 0.75, 0.95)
_PLACES: Final = (
    "at the low end", "in the lower half", "in the middle", "in the upper half", "at the high end",
)  # fmt: skip
_TWICE: Final = 2.0
_HARDLY: Final = 0.02
"""Of the spread: a quantile that moved by less is said to have stayed."""


def moved(shape: Shape) -> str:
    """Return where the values of a column of numbers moved: ``median 3.1 → 3.5 (+0.42 …)``."""
    middle, places = _places(shape.at)
    one, two = shape.reference_quantiles, shape.current_quantiles
    old, new = one[middle], two[middle]
    said = f"median {number(old)} → {number(new)}" if old != new else f"median still {number(old)}"
    scale = shape.scale or 0.0
    if scale <= 0:
        return said
    shifts = [two[k] / scale - one[k] / scale for k in places]
    by = f" ({delta(shifts[2], 2)} of its spread)" if old != new else ""
    where = _where(shifts)
    if shifts[2] * _sign(where) < 0:
        return f"{said}{by}, but {where.replace(', most', '')}"
    return f"{said}{by}{where and ', '}{where}"


def _sign(where: str) -> int:
    """Return which way words say that it moved: 1 up, -1 down, 0 neither."""
    return {"higher": 1, "lower": -1}.get(where.partition(",")[0].partition(" ")[0], 0)


@lru_cache(maxsize=8)
def _places(at: tuple[float, ...]) -> tuple[int, tuple[int, ...]]:
    """Return where the median stands among shares, and where those nearest to the marks do."""
    nearest = (min(range(len(at)), key=lambda k: abs(at[k] - mark)) for mark in _MARKS)
    return bisect_left(at, 0.5), tuple(nearest)


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
    place = max(range(len(shifts)), key=lambda k: abs(shifts[k]))
    word = "higher" if shifts[place] > 0 else "lower"
    if all(one * shifts[place] > 0 and abs(one) * _TWICE > largest for one in shifts):
        return f"{word} throughout"
    return f"{word}, most {_PLACES[place]}"
