"""A column as an axis shows it: numbers as they are, texts as categories."""

import math
from collections import Counter
from typing import Any, Final, NamedTuple

import numpy as np

from workbench.catalogue.expressions import NUMERIC
from workbench.catalogue.query import Column
from workbench.catalogue.values import Flags, Floats, Ints, Values
from workbench.words import iso, value, visible

MOST_CATEGORIES: Final = 12
OTHER: Final = "other"
_TIMES: Final = frozenset(("started", "ended"))
_EMPTY_IS_NONE: Final = frozenset(("note", "error"))
"""Texts that every run has; an empty one is what others call none."""

LARGEST: Final = 1e300
"""A chart cannot hold what lies beyond: the width of its axis would be no number."""

Key = float | str


class Measured(NamedTuple):
    """A column over a population, in places on an axis.

    ``places`` are the numbers themselves, or 0, 1, 2 ... into ``names`` where the column has
    categories; NaN where a run has none. ``keys`` are what the first categories stand for in
    the data; a category more than there are keys is everything else.
    """

    column: Column
    places: Floats
    there: Flags
    texts: Flags
    """Which runs have a text in a column of numbers, and so no place."""
    names: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    rest: int = 0
    """Different values that are shown as one, other."""

    @property
    def label(self) -> str:
        """Return what stands beside the axis."""
        return visible(self.column.title)

    @property
    def is_time(self) -> bool:
        """Whether the numbers are seconds since 1970."""
        return self.column.kind == "attribute" and self.column.name in _TIMES

    @property
    def drawable(self) -> Flags:
        """Which runs have a place on the axis."""
        found: Flags = np.abs(self.places) <= LARGEST
        return found

    def shown(self, *, log: bool) -> Flags:
        """Return which runs have a place on the axis, logarithmic or not."""
        found: Flags = self.drawable & (self.places > 0) if log else self.drawable
        return found

    def cells(self, at: Ints) -> list[Any]:
        """Return what a table shows of these runs: numbers, names, ISO times, or None."""
        places = self.places[at].tolist()
        if self.names:
            return [None if math.isnan(place) else self.names[int(place)] for place in places]
        if self.is_time:
            return [None if math.isnan(place) else iso(place) for place in places]
        there = (self.there & ~self.texts)[at].tolist()
        return [place if given else None for place, given in zip(places, there, strict=True)]


def measured(column: Column, found: Values) -> Measured:
    """Return a column as an axis shows it.

    A column is of numbers if nothing else is in it, or if texts are the exception among
    more numbers than could be categories; those texts are then left out, and that is said.
    """
    there = found.there
    if column.kind == "attribute" and column.name in _EMPTY_IS_NONE:
        there = there & (found.texts != "")
    texts = there & found.as_text
    if column.kind == "metric" or (column.kind == "attribute" and column.name in NUMERIC):
        return Measured(column, found.numbers, there, texts)
    numbers = found.numbers[there & ~texts]
    exceptions = int(texts.sum())
    if exceptions <= len(numbers) and (not exceptions or _many(numbers)):
        return Measured(column, found.numbers, there, texts)
    return _categories(column, found, there)


def _many(numbers: Floats) -> bool:
    return len(np.unique(numbers)) > MOST_CATEGORIES


def _categories(column: Column, found: Values, there: Flags) -> Measured:
    """Return the commonest values as categories in natural order, the rest as one more."""
    given = orders(found, there)
    counted = Counter(given)
    kept = sorted(sorted(counted, key=lambda one: (-counted[one], one))[:MOST_CATEGORIES])
    codes = {order: code for code, order in enumerate(kept)}
    places = np.full(len(there), np.nan)
    places[there] = [codes.get(order, len(kept)) for order in given]
    keys = tuple(key_of(order) for order in kept)
    names = tuple(value(key) or "''" for key in keys)
    rest = len(counted) - len(kept)
    none = np.zeros(len(there), dtype=np.bool_)
    shown = (*names, OTHER) if rest else names
    return Measured(column, places, there, none, shown, keys, rest)


Order = tuple[int, float, str]
"""A value so that it can be sorted and counted: numbers, NaN (unequal to itself), then texts."""


def orders(found: Values, there: Flags) -> list[Order]:
    """Return the values of the runs that have one, fit to be counted and sorted."""
    pairs = zip(found.numbers[there].tolist(), found.texts[there].tolist(), strict=True)
    return [
        (2, 0.0, text) if text is not None
        else (1, 0.0, "") if math.isnan(number)
        else (0, number, "")
        for number, text in pairs
    ]  # fmt: skip


def key_of(order: Order) -> Key:
    """Return the value that an order stands for."""
    kind, number, text = order
    return text if kind == 2 else math.nan if kind == 1 else number  # noqa: PLR2004 - as above
