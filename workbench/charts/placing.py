"""Values of many runs as places on an axis, and in words what has no place there."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench import words
from workbench.charts.figure import Axis, axis_of
from workbench.charts.numbers import short

Floats = NDArray[np.float64]

MOST_NAMES = 12
"""So many categories an axis has; those seen less often are one more, other."""

OTHER = "other"
_LARGEST = 1e300
SMALLEST = 1e-290
"""Sizes below this are drawn as zero: a tick between them could not be computed."""

_GOLDEN = 0.6180339887498949


class Values(NamedTuple):
    """One value of each thing in a chart.

    ``places`` are the numbers themselves, or 0, 1, 2 ... into ``names`` where those are
    categories; NaN where a thing has none.
    """

    places: Floats
    label: str
    names: tuple[str, ...] = ()
    log: bool = False
    time: bool = False


def values_of(
    raw: Sequence[Any] | Floats, label: str, *, log: bool = False, time: bool = False
) -> Values:
    """Return anything as values: numbers if all are, else categories in natural order."""
    listed = raw.tolist() if isinstance(raw, np.ndarray) else list(raw)
    present = [one for one in listed if one is not None]
    if all(isinstance(one, int | float) and not isinstance(one, bool) for one in present):
        places = [math.nan if one is None else _number(one) for one in listed]
        return Values(np.array(places, dtype=np.float64), label, (), log, time)
    texts = [None if one is None else words.value(one) for one in listed]
    counted = Counter(text for text in texts if text is not None)
    kept = sorted(sorted(counted, key=lambda text: (-counted[text], text))[:MOST_NAMES])
    codes = {text: float(code) for code, text in enumerate(kept)}
    found = [math.nan if text is None else codes.get(text, float(len(kept))) for text in texts]
    names = (*kept, OTHER) if len(counted) > len(kept) else tuple(kept)
    return Values(np.array(found, dtype=np.float64), label, names)


def _number(one: float) -> float:
    """Return a number as a float; what no float holds is infinite."""
    try:
        return float(one)
    except OverflowError:
        return math.inf if one > 0 else -math.inf


def drawn(values: Values) -> Floats:
    """Return values in drawn units; NaN for what has no place on the axis."""
    places = np.asarray(values.places, dtype=np.float64)
    there = np.abs(places) <= _LARGEST
    places = np.where(np.abs(places) < SMALLEST, 0.0, places)
    if values.log and not values.names:
        there &= places > 0
        return np.log10(np.where(there, places, np.nan))
    return np.where(there, places, np.nan)


def axis_for(values: Values, places: Floats) -> Axis:
    """Return the axis of these values for what is shown of them, in drawn units."""
    log = values.log and not values.names
    return axis_of(places, values.label, log=log, time=values.time, names=values.names)


def spread_out(values: Values, places: Floats) -> Floats:
    """Return places with those in one category set apart, evenly and always alike."""
    if not values.names:
        return places
    shift = (np.arange(len(places)) * _GOLDEN) % 1.0 - 0.5
    crowded = np.isin(places, [at for at in range(len(values.names)) if np.sum(places == at) > 1])
    return np.where(crowded, places + shift * 0.5, places)


def lacking(values: Values, noun: str) -> tuple[str, ...]:
    """Return in sentences how many things have no place on the axis, and why."""
    places = np.asarray(values.places, dtype=np.float64)
    missing = int(np.isnan(places).sum())
    infinite = int((np.abs(places) > _LARGEST).sum())
    negative = int((places < SMALLEST).sum()) if values.log and not values.names else 0
    said = (
        (missing, f"{_have(missing, noun)} no {values.label}"),
        (infinite, f"{_have(infinite, noun)} an infinite {values.label}"),
        (negative, f"{_have(negative, noun)} {values.label} <= 0, left out of the log axis"),
    )
    return tuple(sentence for number, sentence in said if number)


def _have(number: int, noun: str) -> str:
    return f"{words.plural(number, noun)} {'has' if number == 1 else 'have'}"


def say(values: Values, place: float) -> str:
    """Return the value at a place, in drawn units, in words."""
    if values.names:
        return values.names[min(max(round(place), 0), len(values.names) - 1)]
    if values.time:
        return words.moment(place)
    return short(10.0**place if values.log else place)
