"""Narrowing, widening and moving the part of an axis that is let through; values only."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from workbench.operations.many import Asked, Picture
from workbench.operations.runs_table import Column

_STEPS = 20
"""Places of an axis that a key moves an end by; finer would take too many presses."""
_EXACT = 1e-9
"""Shares this near to an end are the end: twenty steps of a twentieth add up to nearly one."""
_LOG_FROM = 100.0
"""An axis of positive values that spans more than this factor is walked by factors."""


class Extent(NamedTuple):
    """An axis and how far its runs reach, in the places of the axis."""

    column: Column
    low: float
    high: float

    @property
    def by_factors(self) -> bool:
        """Whether equal steps are equal factors."""
        return self.low > 0 and self.high > _LOG_FROM * self.low

    def share(self, place: float) -> float:
        """Return where a place lies between the ends, 0 to 1."""
        low, high, at = self.low, self.high, min(max(place, self.low), self.high)
        if self.by_factors:
            low, high, at = math.log(low), math.log(high), math.log(at)
        return (at - low) / (high - low) if high > low else 0.0

    def place(self, share: float) -> float:
        """Return the place at a share of the way; the ends exactly."""
        if share <= _EXACT:
            return self.low
        if share >= 1 - _EXACT:
            return self.high
        if self.by_factors:
            low, high = math.log(self.low), math.log(self.high)
            place = math.exp(low + (high - low) * share)
        else:
            place = self.low + (self.high - self.low) * share
        return min(max(place, self.low), self.high)


def narrowed(picture: Picture, axis: int, by: int) -> Asked:
    """Return what is asked with the brush on an axis narrower by ``by`` steps at both ends.

    A brush as wide as its axis is none.
    """
    extent = _extent(picture, axis)
    if extent is None:
        return picture.asked
    low, high = _shares(picture.asked, extent)
    step = by / _STEPS
    if high - low - 2 * step < 1 / _STEPS:
        return picture.asked
    return _with(picture.asked, extent, max(0.0, low + step), min(1.0, high - step))


def moved(picture: Picture, axis: int, by: int) -> Asked:
    """Return what is asked with the brush on an axis moved by ``by`` steps, its width kept."""
    extent = _extent(picture, axis)
    if extent is None:
        return picture.asked
    low, high = _shares(picture.asked, extent)
    step = max(-low, min(1.0 - high, by / _STEPS))
    return _with(picture.asked, extent, low + step, high + step)


def _extent(picture: Picture, axis: int) -> Extent | None:
    return Extent(*picture.extents[axis]) if 0 <= axis < len(picture.extents) else None


def _shares(asked: Asked, extent: Extent) -> tuple[float, float]:
    for column, low, high in asked.brush:
        if column == extent.column and not isinstance(low, str) and not isinstance(high, str):
            return extent.share(low), extent.share(high)
    return 0.0, 1.0


def _with(asked: Asked, extent: Extent, low: float, high: float) -> Asked:
    rest = tuple(one for one in asked.brush if one[0] != extent.column)
    whole = low <= _EXACT and high >= 1 - _EXACT
    new = () if whole else ((extent.column, extent.place(low), extent.place(high)),)
    return replace(asked, brush=(*rest, *new))


def next_of(names: Sequence[str], now: str, by: int) -> str:
    """Return the name ``by`` places further, from the beginning again after the last."""
    place = names.index(now) if now in names else -by
    return names[(place + by) % len(names)]
