"""How grave a verdict is, and which column is told first: one order on screens, on paper, in HTML.

What the model says and what it was to say come first, then columns by importance times effect.
Whatever lists columns or compares verdicts asks here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from workbench.datasets.drift.report import (
    ALARMS,
    PARTS,
    SHIFTED,
    STABLE,
    VERDICTS,
    ColumnDrift,
)

MOVED: Final = ALARMS | {SHIFTED}
"""The verdicts on what moved for certain."""
_RANKS: Final = {"": -1, **{verdict: place for place, verdict in enumerate(VERDICTS)}}
_PARTS: Final = {part: place for place, part in enumerate(PARTS)}


class Verdict(Protocol):
    """What was found of a column in a chunk."""

    @property
    def verdict(self) -> str:
        """Return one of `VERDICTS`."""

    @property
    def effect(self) -> float:
        """Return the greatest effect over its limit."""


class Standing(NamedTuple):
    """How a column stands over chunks."""

    verdict: str
    """The gravest; empty where it is in none of them."""
    effect: float
    """The greatest of where it moved."""


def rank(verdict: str) -> int:
    """Return how much a verdict wants a person: -1 for none, and most for one nobody knows here."""
    return _RANKS.get(verdict, len(VERDICTS))


def standing(found: Iterable[Verdict | None]) -> Standing:
    """Return how far a column ever moved; nearly all cells of nearly all columns are stable."""
    gravest, effect, there = "", 0.0, False
    for one in found:
        if one is None:
            continue
        there = True
        verdict = one.verdict
        if verdict == STABLE:
            continue
        if rank(verdict) > rank(gravest):
            gravest = verdict
        if verdict in MOVED:
            effect = max(effect, one.effect)
    return Standing(gravest or (STABLE if there else ""), effect)


def order_of(
    name: str, part: str, importance: float, found: Standing
) -> tuple[int, float, int, float, str]:
    """Return what columns are sorted by to be told."""
    place = _PARTS.get(part, len(PARTS))
    return place, -importance * found.effect, -rank(found.verdict), -found.effect, name


def in_order(judged: Mapping[str, Sequence[ColumnDrift]]) -> list[str]:
    """Return columns as they are told, given what was found of each over the chunks of a check."""

    def order(name: str) -> tuple[int, float, int, float, str]:
        found = judged[name]
        importance = max(one.importance for one in found)
        return order_of(name, found[0].part, importance, standing(found))

    return sorted(judged, key=order)
