"""How many rows repeat an earlier one, counted by hashes, in bounded memory."""

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

MOST_AT_ONCE: Final = 20_000_000
"""Rows whose hashes are held at once; of more, the table is read several times."""


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
