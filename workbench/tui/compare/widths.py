"""How wide the columns of runs are: as narrow as their numbers allow, so that many can be seen.

What is left over is shared out. A number is never cut, a text always is: one long
command must not take the place of two runs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench import words
from workbench.operations import compared_text
from workbench.runs.comparing import MISSING, Fact
from workbench.tui.cells import width_of
from workbench.tui.compare.titles import least_title, telling
from workbench.tui.widgets.table_layout import GAP

if TYPE_CHECKING:
    from workbench.operations.compare import Comparison

WIDEST = 36
_LEAST = 6
_SAMPLE = 4_000
"""Cells that are looked at; a number that is wider than these widens its column when shown."""
_SIGN = 2
"""An arrow or a tick, and a blank; a status has its ``~`` besides."""
STATUS = ("run", "status")


class Widths(NamedTuple):
    """Cells by run, in the order of the comparison."""

    runs: tuple[int, ...]
    """For titles and texts."""
    pads: tuple[int, ...]
    """Kept at the right for differences to the baseline, so that values stand in one line."""


def widths(
    comparison: "Comparison", facts: Sequence[Fact], order: Sequence[int], room: int
) -> Widths:
    """Return how wide titles and texts may be, with ``room`` cells for the columns of runs."""
    number = len(comparison.runs)
    step = max(1, len(facts) * number // _SAMPLE)
    sample = facts[::step]
    pads = _pads(comparison, sample)
    needed = _needed(comparison, sample, pads)
    fit, left = _fitting([needed[run] for run in order], room)
    more = left // max(1, fit)
    return Widths(tuple(min(WIDEST, max(one, _LEAST) + more) for one in needed), pads)


def is_text(fact: Fact, value: Any) -> bool:
    """Say whether a value may be cut where its column ends; the word for a status never is."""
    return isinstance(value, str | list | dict) and fact[:2] != STATUS


def values(fact: Fact, width: int) -> tuple[str, ...]:
    """Return the values of a fact, texts and moments without a beginning they share if too wide."""
    said = compared_text.cells(fact, brief=True)
    cuttable = (fact.section, fact.name) == ("run", "started") or any(
        is_text(fact, value) for value in fact.values
    )
    return telling(said, width) if cuttable else said


def _pads(comparison: "Comparison", facts: Sequence[Fact]) -> tuple[int, ...]:
    found = [0] * len(comparison.runs)
    for fact in facts:
        for run, one in enumerate(compared_text.deltas(fact, comparison.baseline)):
            if one is not None and one.difference is not None:
                found[run] = max(found[run], 1 + width_of(words.delta(one.difference)))
    return tuple(found)


def _needed(
    comparison: "Comparison", facts: Sequence[Fact], pads: Sequence[int]
) -> tuple[int, ...]:
    """Return the cells that titles and numbers of each run take."""
    base = comparison.baseline
    needed = [least_title(one, base=run == base) for run, one in enumerate(comparison.runs)]
    for fact in facts:
        status = fact[:2] == STATUS
        sign = _SIGN if status or fact.goal in compared_text.ARROWS else 0
        for run, text in enumerate(values(fact, 0)):
            if fact.values[run] is not MISSING and not is_text(fact, fact.values[run]):
                mark = status and comparison.runs[run].inferred
                needed[run] = max(needed[run], sign + mark + width_of(text) + pads[run])
    return tuple(min(one, WIDEST) for one in needed)


def _fitting(needed: Sequence[int], room: int) -> tuple[int, int]:
    """Return how many columns fit, the first ones, and how many cells are left over."""
    said = 0 if sum(needed) + GAP * (len(needed) - 1) <= room else len(f" {len(needed)}›")
    left = room - said + GAP
    fit = 0
    for one in needed:
        if left < one + GAP:
            break
        left -= one + GAP
        fit += 1
    return fit, max(0, left)
