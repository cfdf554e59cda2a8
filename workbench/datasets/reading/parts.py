"""Which rows are read at once: enough to be quick, few enough for the memory there is."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

SMALL: Final = 262_144
"""Neighbouring row groups are read together up to this many rows."""
LARGE: Final = 4_194_304
"""A row group of more is read in stretches: 32 MB of a column of numbers."""
MOST_CELLS: Final = 8_000_000
"""Of one batch, about 64 MB of numbers."""


class Stretch(NamedTuple):
    """Rows of a file, from ``start`` on."""

    start: int
    rows: int


def stretches(groups: Iterable[int] | None, rows: int) -> tuple[Stretch, ...]:
    """Return the stretches a file of these row groups is read in; None: it has even ones.

    There is at least one, of no rows in an empty file, so that a column is never of no parts.
    """
    if groups is None or not rows:
        return tuple(_even(0, rows, LARGE)) or (Stretch(0, 0),)
    made: list[Stretch] = []
    start = held = 0
    for group in groups:
        if held and held + group > SMALL:
            made.extend(_even(start, held, LARGE))
            start, held = start + held, 0
        held += group
    made.extend(_even(start, held, LARGE))
    return tuple(made)


def finer(stretch: Stretch, columns: int) -> Iterator[Stretch]:
    """Yield a stretch in as many as it takes for batches of this many columns."""
    return _even(stretch.start, stretch.rows, max(1024, MOST_CELLS // max(1, columns)))


def _even(start: int, rows: int, most: int) -> Iterator[Stretch]:
    for offset in range(0, rows, most):
        yield Stretch(start + offset, min(most, rows - offset))
