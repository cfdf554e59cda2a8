"""How many rows repeat an earlier one, counted by hashes, in bounded memory."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl
    from numpy.typing import NDArray

MOST_AT_ONCE: Final = 20_000_000
"""Rows whose hashes are held at once; of more, the table is read several times."""

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
"""Odd, so that no two hashes of some columns become one, with bits in no pattern."""


def count(frames: "Callable[[], Iterator[pl.DataFrame]]", rows: int) -> int:
    """Return how many rows repeat an earlier one.

    Two rows count as equal if a hash of 64 bits is: of n different rows any two are mistaken
    for equal with a chance of about n² / 3.7e19, at ten million rows 1 in 370,000.

    Args:
        frames: Gives the rows again, a part at a time, each time it is called.
        rows: How many there are.
    """
    turns = max(1, -(-rows // MOST_AT_ONCE))
    return sum(_repeated(frames(), turn, turns) for turn in range(turns))


def _repeated(frames: "Iterator[pl.DataFrame]", turn: int, turns: int) -> int:
    """Return the repeated rows among those whose hash falls to this turn."""
    kept = []
    for frame in frames:
        hashes = _hashes(frame)
        kept.append(hashes if turns == 1 else hashes[hashes % np.uint64(turns) == turn])
    if not kept:
        return 0
    together = np.sort(np.concatenate(kept))
    return int(np.count_nonzero(together[1:] == together[:-1]))


def _hashes(frame: "pl.DataFrame") -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """Return a hash of each row that does not depend on the part it stands in.

    Categories are hashed as texts: their numbers differ from part to part.
    """
    import polars as pl
    import polars.selectors as cs

    if not frame.width:
        return np.zeros(frame.height, np.uint64)
    plain = frame.with_columns(cs.by_dtype(pl.Categorical, pl.Enum).cast(pl.String))
    return plain.hash_rows(seed=0).to_numpy()


class Hashes:
    """Hashes of rows whose columns come a few at a time, so that nothing is read twice.

    The same columns in the same order for every row, or the hashes mean nothing.
    """

    def __init__(self, rows: int) -> None:
        self.all: NDArray[np.uint64] = np.zeros(rows, np.uint64)

    def add(self, frame: "pl.DataFrame", offset: int) -> None:
        """Take some more columns of some rows, from one on."""
        rows = slice(offset, offset + frame.height)
        self.all[rows] *= _MIX
        self.all[rows] += _hashes(frame)

    def repeated(self, places: "NDArray[Any]", count: int) -> "Iterator[int]":
        """Yield how many rows of each part repeat an earlier one of it.

        Args:
            places: The number of the part of each row; ``count`` stands for none.
            count: How many parts there are.
        """
        hashes = self.all
        if len(places) and not np.all(places[1:] >= places[:-1]):
            order = np.argsort(places, kind="stable")
            places, hashes = places[order], hashes[order]
        edges = np.searchsorted(places, np.arange(count + 1))
        for first, last in pairwise(edges.tolist()):
            together = np.sort(hashes[first:last])
            yield int(np.count_nonzero(together[1:] == together[:-1]))
