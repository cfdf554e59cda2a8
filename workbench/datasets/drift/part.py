"""What is judged, and what comes back: parts of the current data, and the judgement on each.

A part is a profile with a name. Who makes the profiles, and which reference belongs to which
part, is decided elsewhere; here nothing is read.
"""

from dataclasses import dataclass

from workbench.datasets.drift.report import ChunkDrift, LeftOut
from workbench.datasets.profile import Profile


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the current data: a month, a file, a thousand rows, a segment, or all."""

    label: str
    profile: Profile | None
    """None where there is none; `reason` says why."""
    start: float | None = None
    end: float | None = None
    segment: str = ""
    """``origin=JFK``; empty for all rows."""
    reference: Profile | None = None
    """What it is held against where that differs from part to part."""
    reference_name: str = ""
    reason: str = ""
    """Why it is not judged: without a reference of its own it is held against no other."""
    within: float = 0.0
    """How far a share may be off beside what the profile says itself."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The judgement on all parts."""

    chunks: tuple[ChunkDrift, ...]
    left_out: tuple[LeftOut, ...]
    tests: int
    """How many p-values shared the false discovery rate."""
    verdict: str
    score: float
