"""What changed in one column, whole and with every measure explained: for a page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workbench.datasets.diffing import Category, Delta
from workbench.datasets.diffing.distances import Distance
from workbench.words import number, plural, visible

MEASURES: Final[Mapping[str, str]] = {
    "KS D": "the largest difference of the two shares of values up to any place"
    " (Kolmogorov-Smirnov)",
    "TVD": "the share of rows that would need another value for both to have the same shares"
    " (total variation distance)",
    "months TVD": "the share of rows that would need another month of the year for both to have"
    " the same shares of months (total variation distance)",
    "hours TVD": "the share of rows that would need another hour of the day for both to have the"
    " same shares of hours (total variation distance)",
    "missing": "the difference of the shares of rows without a value",
    "infinite": "the difference of the shares of rows that are infinite",
    "length": "the change of the mean length, as a share of the longer one",
    "type": "the column holds another kind of values now, which is always 1",
}
"""Each measure of a change in a line; docs/statistics.md says more."""


def explained(delta: Delta) -> str:
    """Return everything that changed in a column, measure by measure, in lines of text."""
    return "\n".join(_lines(delta))


def _lines(delta: Delta) -> Iterator[str]:
    yield visible(delta.words)
    if delta.was:
        yield f"It was called {visible(delta.was)}."
    if delta.measure == "type":
        yield f"type: {MEASURES['type']}"
    for one in delta.distances:
        yield ""
        yield from _measured(one)
    yield from _values("New values", delta.came)
    yield from _values("Values that are gone", delta.went)
    if delta.distances:
        yield ""
        yield "Every measure runs from 0, alike, to 1. The largest is the change of the column."


def _measured(one: Distance) -> Iterator[str]:
    least = "at least " if one.least else ""
    within = f", off by up to {number(one.within, 2)}" if one.within else ""
    chance = " Samples of the same thing would often lie as far apart." if one.chance else ""
    yield f"{one.measure} {least}{number(one.size, 3)}{within}: {visible(one.words)}.{chance}"
    yield f"  {MEASURES.get(one.measure, '')}"


def _values(title: str, found: Sequence[Category]) -> Iterator[str]:
    if not found:
        return
    yield ""
    yield f"{title}:"
    for one in found:
        doubt = "" if one.sure else ", or a rare one of the other side"
        yield f"  {visible(one.value)}, {plural(one.rows, 'row')}{doubt}"
