"""What is found of one column before anybody asks how many columns there are.

A column has aspects: how its values lie, how many are missing, which categories are new, how many
are infinite. Each aspect is one test and the effects that belong to it; only together do they make
a verdict, and only after all p-values of the check are known.
"""

from dataclasses import dataclass
from typing import Final, NamedTuple

from workbench.datasets.drift.report import FEATURE, Finding, Measure, Shape
from workbench.datasets.drift.thresholds import Thresholds
from workbench.datasets.profile import Column

SMALL: Final = 200
"""Rows on the shorter side below which p alone decides: no effect is then held against its noise
floor, which at such sizes would hide what the test is sure of."""


class Asked(NamedTuple):
    """What every column of a check is compared with."""

    thresholds: Thresholds
    measures: frozenset[str] = frozenset()
    """On request."""


class Pair(NamedTuple):
    """One column of one part, and of its reference."""

    a: Column
    b: Column
    within: float = 0.0
    """How far shares of the current side may be off beside what its profile says."""


class Effect(NamedTuple):
    """One measure, and from what size on it counts."""

    name: str
    value: float
    limit: float
    severe: float | None = None
    floor: float = 0.0
    """What chance alone hardly exceeds at these numbers of rows."""
    within: float = 0.0
    words: str = ""
    """What it means."""
    said: str = ""
    """What moved, where this effect is the one that decides; else what is said of the column."""

    def held_against(self, *, floor: bool) -> float:
        """Return the limit, raised to the noise floor where that is asked."""
        return max(self.limit, self.floor) if floor else self.limit

    @property
    def is_severe(self) -> bool:
        """Say whether it is so large that one is enough."""
        return self.severe is not None and self.value >= max(self.severe, self.floor)


def of_index(value: float, moved: float, limits: Thresholds, floor: float) -> Effect:
    """Return the stability index as an effect.

    A bin the reference hardly has makes it large however few rows are in it, and the larger the
    more rows the reference has: so it is severe only where enough rows moved at all.

    Args:
        value: The index.
        moved: Total variation distance over the same bins.
        limits: From what size on it counts.
        floor: What chance alone hardly exceeds.
    """
    severe = limits.psi_severe if moved >= limits.tvd else None
    return Effect("psi", value, limits.psi, severe, floor)


def of_rate(value: float, moved: float, limits: Thresholds, floor: float) -> Effect:
    """Return the change of one share as an effect: an absolute one is blind to what is rare.

    Args:
        value: Cohen's h of the share.
        moved: Total variation distance; severe only where enough rows moved at all.
        limits: From what size on it counts.
        floor: What chance alone hardly exceeds.
    """
    severe = limits.cohens_h_severe if moved >= limits.tvd else None
    words = "Cohen's h of the share that changed most: how far apart, the rarer the further"
    return Effect("cohens_h", value, limits.cohens_h, severe, floor, words=words)


class Aspect(NamedTuple):
    """One test with its effects."""

    test: str
    p: float | None
    """None where there was nothing to test: it shares no false discovery rate."""
    rows: int
    """Of the shorter side."""
    effects: tuple[Effect, ...]
    aside: bool = False
    """It is told only where no other aspect says as much: the others see it too if it is large."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the values of a column showed."""

    aspects: tuple[Aspect, ...] = ()
    measures: tuple[Measure, ...] = ()
    """Those that decide nothing."""
    findings: tuple[Finding, ...] = ()
    shift: float | None = None
    shape: Shape | None = None
    words: str = ""
    """Where it moved, in words."""
    instead: str = ""
    """What says it all of a column that moved, and more plainly."""
    unknown: str = ""
    """Why nothing can be told while no test is sure of a change; empty where it can."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One column of one part beside its reference."""

    name: str
    role: str = ""
    part: str = FEATURE
    found: Found = Found()
    reference_rows: int = 0
    current_rows: int = 0
    reference_missing: float = 0.0
    current_missing: float = 0.0
    verdict: str = ""
    """Where it stands before any test: ``too few``, ``error``, ``severe``."""
    reason: str = ""
