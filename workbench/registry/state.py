"""What a model's journal amounts to: versions, stages and requests, at a moment.

Values only. `workbench.registry.folding` makes them from events.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.registry.event import Event, Unreadable


@dataclass(frozen=True, slots=True)
class Version:
    """A registered version: integer from 1, never reused, never shifting."""

    number: int
    event: Event
    """The registering event; its ``details`` say everything known of the version then."""
    description: str
    tags: Mapping[str, str]
    retired: Event | None = None
    deleted: Event | None = None

    @property
    def manifest(self) -> str:
        """Return the hash of the version's MANIFEST.json, its identity; hexadecimal."""
        return str(self.event.details.get("manifest", ""))


@dataclass(frozen=True, slots=True)
class Holding:
    """A version in a stage, for a time."""

    stage: str
    version: int | None
    """None while the stage is empty."""
    event: Event
    """What put it there."""
    since: float
    """Effective time, seconds since 1970."""
    until: float | None = None
    """None while it lasts."""
    ended_by: Event | None = None


@dataclass(frozen=True, slots=True)
class Freeze:
    """A stage that is not to change for a while."""

    event: Event
    until: float | None
    """Seconds since 1970; None until somebody thaws it."""

    def holds(self, now: float) -> bool:
        """Say whether the stage is frozen at ``now``."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of one model."""

    name: str
    holdings: tuple[Holding, ...] = ()
    """Oldest first; the last one is how it is."""
    freeze: Freeze | None = None
    rolled_away: frozenset[int] = frozenset()
    """Versions that were ever rolled away from here."""

    @property
    def holding(self) -> Holding | None:
        """Return the holding that lasts, or None where nothing was ever promoted."""
        return self.holdings[-1] if self.holdings else None

    @property
    def holder(self) -> int | None:
        """Return the version that holds the stage now: the champion."""
        return self.holdings[-1].version if self.holdings else None


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a promotion; it is open until the version gets there or it is withdrawn."""

    event: Event
    version: int
    stage: str
    closed_by: Event | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Everything a model's journal says."""

    model: str
    events: tuple[Event, ...]
    versions: Mapping[int, Version]
    stages: Mapping[str, Stage]
    """Only those that something ever happened to."""
    requests: tuple[Request, ...]
    approvals: tuple[Event, ...]
    """Every approval ever given; whether one counts is decided by what it is bound to."""
    ticks: tuple[Event, ...]
    unreadable: Unreadable | None = None
    """With this the model can be looked at, not written."""

    @property
    def seq(self) -> int:
        """Return the number of the newest event, 0 without any."""
        return self.events[-1].seq if self.events else 0

    @property
    def head(self) -> str:
        """Return the hash of the newest event, empty without any."""
        return self.events[-1].hash if self.events else ""

    def stage(self, name: str) -> Stage:
        """Return a stage, empty if nothing ever happened to it."""
        return self.stages.get(name) or Stage(name)
