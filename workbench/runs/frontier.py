"""The best there is: the runs no other beats in everything."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from workbench.runs.series import Flags, Floats

MAX = "max"
"""The goal of a metric of which more is better; of any other less is."""


def pareto(values: Floats, goals: Sequence[str]) -> Flags:
    """Return which rows no other row beats: as good in every column and better in one.

    Rows with NaN are never among them; an infinity counts as the number it is. Equal rows
    beat each other in nothing, so all of them are.

    Args:
        values: Shape ``(n, k)``.
        goals: ``min`` or ``max`` for each of the columns.

    Raises:
        ValueError: There is not one goal for each column.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != len(goals):  # noqa: PLR2004 - rows and columns
        raise ValueError("each column of a Pareto front needs its goal")
    costs = given * np.array([-1.0 if goal == MAX else 1.0 for goal in goals])
    found = np.zeros(len(given), dtype=np.bool_)
    known = np.flatnonzero(~np.isnan(given).any(axis=1))
    rows, which = np.unique(costs[known], axis=0, return_inverse=True)
    found[known] = _unbeaten(rows)[which.ravel()]
    return found


def _unbeaten(rows: Floats) -> Flags:
    """Return which of different rows, in ascending order of their columns, are unbeaten.

    A row can only be beaten by one before it. Of up to three columns, those before it are a
    stair of the other two; of more, each row left over beats what it can and is done.
    """
    if rows.shape[1] <= 3:  # noqa: PLR2004 - columns
        return _above_stairs(np.pad(rows, ((0, 0), (0, 3 - rows.shape[1]))))
    left = np.arange(len(rows))
    found = np.zeros(len(rows), dtype=np.bool_)
    while len(left):
        first = left[0]
        found[first] = True
        left = left[(rows[left] < rows[first]).any(axis=1)]
    return found


def _above_stairs(rows: Floats) -> Flags:
    """Return which rows of three columns, the first ascending, no earlier one is as good as.

    The stair holds the second column ascending and the third descending: a row is beaten if
    the last step at or before its second column is no higher than its third.
    """
    across: list[float] = []
    up: list[float] = []
    found = np.zeros(len(rows), dtype=np.bool_)
    for place, (_, second, third) in enumerate(rows.tolist()):
        at = bisect_right(across, second)
        if at and up[at - 1] <= third:
            continue
        found[place] = True
        start = bisect_left(across, second)
        end = start
        while end < len(up) and up[end] >= third:
            end += 1
        across[start:end], up[start:end] = [second], [third]
    return found
