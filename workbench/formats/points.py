"""Columns of points: their summaries, and putting them together.

`Summary.add` says what a summary means, one point at a time; this gives the same
for whole columns, because a reader meets points by the hundred thousand.
"""

import math
from collections.abc import Sequence
from typing import Any

from workbench.formats.contract import Points
from workbench.runfolder import Summary, decode_number, encode_number


def summarise(values: Sequence[float], steps: Sequence[int | None]) -> Summary:
    """Return the summary of a series in the order of writing.

    Args:
        values: At least one; NaN and the infinities are values.
        steps: As many as values; None where the run gave none.
    """
    real = [index for index, value in enumerate(values) if value == value]  # noqa: PLR0124
    if len(real) == len(values):
        low, high = min(values), max(values)
        low_at, high_at = steps[values.index(low)], steps[values.index(high)]
    elif real:
        at_low = min(real, key=values.__getitem__)
        at_high = max(real, key=values.__getitem__)
        low, low_at, high, high_at = values[at_low], steps[at_low], values[at_high], steps[at_high]
    else:
        low, low_at, high, high_at = values[0], None, values[0], None
    return Summary(
        values[-1], low, high, values[0], len(values), len(values) - len(real),
        low_at, high_at, steps[0], steps[-1],
    )  # fmt: skip


def numbers(values: Sequence[float | None]) -> list[float]:
    """Return the values with NaN for None."""
    if None in values:
        return [math.nan if value is None else value for value in values]
    return values  # type: ignore[return-value]  # no None in it; readers make it and give it away


def concatenated(pieces: Sequence[Points]) -> Points:
    """Return points that follow each other as one; there is at least one piece."""
    if len(pieces) == 1:
        return pieces[0]
    whole = Points([], [], [])
    for points in pieces:
        for column, more in zip(whole, points, strict=True):
            column.extend(more)
    return whole


def closed(summary: Summary) -> tuple[Any, ...]:
    """Return a summary as a reader's notes hold it: in order, non-finite numbers by name."""
    return (*map(encode_number, summary[:4]), *summary[4:])


def opened(notes: Sequence[Any]) -> Summary:
    """Return the summary that `closed` put away.

    Raises:
        ValueError: The notes are not what `closed` gives.
    """
    last, low, high, first = map(decode_number, notes[:4])
    return Summary(last, low, high, first, *notes[4:])
