"""Summaries of many points at once.

`Summary.add` says what a summary means, one point at a time; this gives the same
for whole columns, because a reader meets points by the hundred thousand.
"""

from collections.abc import Iterable, Sequence

from workbench.runfolder import Summary


def summarise(values: Sequence[float], steps: Sequence[int | None]) -> Summary:
    """Return the summary of a series in the order of writing.

    Args:
        values: At least one; NaN and the infinities are values.
        steps: As many as values; None where the run gave none.
    """
    numbers = [index for index, value in enumerate(values) if value == value]  # noqa: PLR0124
    if len(numbers) == len(values):
        low, high = min(values), max(values)
        low_at, high_at = steps[values.index(low)], steps[values.index(high)]
    elif numbers:
        at_low = min(numbers, key=values.__getitem__)
        at_high = max(numbers, key=values.__getitem__)
        low, low_at, high, high_at = values[at_low], steps[at_low], values[at_high], steps[at_high]
    else:
        low, low_at, high, high_at = values[0], None, values[0], None
    return Summary(
        values[-1], low, high, values[0], len(values), len(values) - len(numbers),
        low_at, high_at, steps[0], steps[-1],
    )  # fmt: skip


def joined(summaries: Iterable[Summary]) -> Summary:
    """Return one summary of series that follow each other; there is at least one."""
    first, *later = summaries
    for summary in later:
        first = first.join(summary)
    return first
