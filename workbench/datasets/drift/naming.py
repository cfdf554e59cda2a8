"""Categories by name: which moved, in words, and which of them are drawn."""

from collections.abc import Sequence
from functools import lru_cache
from math import fsum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.datasets.cells import cell
from workbench.datasets.drift.report import Shape
from workbench.datasets.fields import MASK
from workbench.words import percent, plural

DRAWN: Final = 12
"""Categories that a report keeps of a column."""
_NAMED: Final = 3
"""Categories that a sentence names."""
_ROUNDING: Final = 1e-12
_BOTH: Final = 2


class Shares(NamedTuple):
    """Shares of rows: of every name, then of all other rows, in buckets or together."""

    names: tuple[str, ...]
    old: Sequence[float]
    new: Sequence[float]
    came: NDArray[np.bool_]
    """Which names the reference does not have."""
    went: NDArray[np.bool_]
    rare: tuple[NDArray[np.bool_], NDArray[np.bool_]]
    """Of which names the share is the most there can be, on either side."""
    masked: bool


# -- in words ----------------------------------------------------------------------------


def moved(shares: Shares) -> str:
    """Return the category whose share changed most, from what to what; empty without any name."""
    away = [abs(q - p) for p, q in zip(shares.old, shares.new, strict=True)]
    return leading(shares, away[: len(shares.names)])


def leading(shares: Shares, adds: Sequence[float]) -> str:
    """Return the category that makes most of a measure; where all unnamed ones make more, that.

    Args:
        shares: Of both sides.
        adds: What each category adds to the measure.
    """
    names = len(shares.names)
    if len(adds) > names + 1 and fsum(adds[names:]) > fsum(adds[:names]):
        return "rare categories are not those of the reference"
    if not names:
        return ""
    k = max(range(names), key=adds.__getitem__)
    if percent(shares.old[k]) == percent(shares.new[k]):
        return "shares as in the reference"
    return of_one(shares, k)


def of_one(shares: Shares, k: int) -> str:
    """Return from what to what the share of a category changed; of two the rarer one's."""
    names, old, new = shares.names, shares.old, shares.new
    if len(names) == _BOTH == len(old) and old[k] + new[k] > 1:
        k = 1 - k
    before, now = (
        f"{'at most ' if rare[k] else ''}{percent(of[k])}"
        for rare, of in zip(shares.rare, (old, new), strict=True)
    )
    said = f"{_named(names[k], masked=shares.masked)} {before} → {now}"
    return f"{said}, new" if shares.came[k] else f"{said}, gone" if shares.went[k] else said


def only_on_one(shares: Shares, which: NDArray[np.bool_], *, new: bool) -> str:
    """Return which categories are on one side only, and how many rows they are."""
    of = (shares.new if new else shares.old)[: len(shares.names)]
    places = sorted(np.flatnonzero(which).tolist(), key=lambda k: (-of[k], shares.names[k]))
    rows = "rows" if new else "rows of the reference"
    many = plural(len(places), "category", "categories")
    share = percent(fsum(of[k] for k in places))
    return f"{many} {'new' if new else 'gone'}, {share} of the {rows}: {_listed(shares, places)}"


def _listed(shares: Shares, places: Sequence[int]) -> str:
    """Return the first of some categories, and how many more there are."""
    if shares.masked:
        return MASK
    shown = [_named(shares.names[k], masked=False) for k in places[:_NAMED]]
    more = len(places) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _named(name: str, *, masked: bool) -> str:
    return MASK if masked else f"'{_cell(name)}'"


# -- drawn -------------------------------------------------------------------------------


def shape(shares: Shares) -> Shape:
    """Return what is drawn: the categories that moved most, and the rest as one."""
    names, p, q = range(len(shares.names)), shares.old, shares.new
    order = sorted(names, key=lambda k: (-abs(p[k] - q[k]), -q[k], shares.names[k]))[:DRAWN]
    return Shape(
        categories=tuple(MASK if shares.masked else _cell(shares.names[k]) for k in order),
        reference_parts=tuple(p[k] for k in order),
        current_parts=tuple(q[k] for k in order),
        new=tuple(bool(shares.came[k]) for k in order),
        reference_other=_rest([p[k] for k in order]),
        current_other=_rest([q[k] for k in order]),
    )


_cell = lru_cache(maxsize=1_000)(cell)
"""The same few names stand in every part."""


def _rest(shares: Sequence[float]) -> float:
    """Return what is left of all rows; what rounding leaves is nothing."""
    left = 1.0 - fsum(shares)
    return left if left > _ROUNDING else 0.0
