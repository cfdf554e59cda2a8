"""Who did what to which model, when and why: rows of the journals."""

from collections.abc import Mapping
from typing import NamedTuple


class CheckLine(NamedTuple):
    """What came out of one check when a version was promoted."""

    name: str
    text: str
    """The rule, or what was asked in words."""
    outcome: str
    """``holds``, ``fails``, ``undecided`` or ``not applicable``."""
    observed: str
    required: str
    sentence: str


class HistoryLine(NamedTuple):
    """One event."""

    time: float
    """Effective time, in seconds since 1970: its own, or the one before's if that is later."""
    actor: str
    what: str
    """In words: ``put v7 in production, in place of v6``."""
    why: str
    """The reason its author gave; may be empty."""
    model: str
    version: int | None
    stage: str
    kind: str
    seq: int
    checks: tuple[CheckLine, ...]
    overrides: Mapping[str, str]
    """Name of a check that did not pass to the reason it was overridden with."""
    approvals: tuple[str, ...]
    """Who had approved."""
    event_id: str
    host: str
    said: float
    """Its author's own clock, in seconds since 1970; differs from ``time`` where that was slow."""


class HeldLine(NamedTuple):
    """What a stage held at a moment."""

    model: str
    stage: str
    version: int | None
    since: float
    """Seconds since 1970."""
    actor: str
    reason: str
