"""An event: one fact of the registry, written once and never changed.

Everything the registry knows is a fold over these values (`workbench.registry.folding`). How
one is written and checked is `workbench.registry.encoding`; how one gets its number is
`workbench.registry.journal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple

FORMAT: Final = 1

REGISTERED: Final = "registered"
DESCRIBED: Final = "described"
PROMOTED: Final = "promoted"
ROLLED_BACK: Final = "rolled-back"
"""The stage went back to a former holder; ``version`` is None when it was emptied."""
REQUESTED: Final = "requested"
WITHDRAWN: Final = "withdrawn"
APPROVED: Final = "approved"
TICKED: Final = "ticked"
FROZEN: Final = "frozen"
UNFROZEN: Final = "unfrozen"
RETIRED: Final = "retired"
REINSTATED: Final = "reinstated"
"""A retired version may be promoted again."""
DELETED: Final = "deleted"
"""The version's files are moved to the trash after this."""
KINDS: Final = frozenset(
    (
        REGISTERED, DESCRIBED, PROMOTED, ROLLED_BACK, REQUESTED, WITHDRAWN, APPROVED, TICKED,
        FROZEN, UNFROZEN, RETIRED, REINSTATED, DELETED,
    )
)  # fmt: skip

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact as its author means it, before it has a number."""

    id: str
    """Made before the first try, so that a lost answer is found again."""
    kind: str
    actor: str
    """Own setting, else user@host; not authenticated."""
    host: str
    time: float
    """Seconds since 1970 by the author's clock; shown, never compared with another's."""
    reason: str = ""
    version: int | None = None
    stage: str = ""
    saw: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """What its author saw: ``seq`` of the newest event, ``holder`` of the stage."""
    details: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """What the kind needs beside: see docs/formats/registry.md."""


@dataclass(frozen=True, slots=True)
class Event:
    """A fact with its place in the journal of its model."""

    seq: int
    """From 1, without gaps."""
    model: str
    id: str
    kind: str
    """One of `KINDS`, or a word of a program newer than this one."""
    actor: str
    host: str
    time: float
    reason: str
    version: int | None
    stage: str
    saw: Mapping[str, Any]
    details: Mapping[str, Any]
    previous: str
    """SHA-256 of the whole file of the event before, in hexadecimal; empty for the first."""
    hash: str
    """SHA-256 of this event's whole file, in hexadecimal."""
    effective: float
    """Its own time or the one before's if that is later: for "at a date". Seconds since 1970."""

    @property
    def known(self) -> bool:
        """Say whether this program knows what the event means."""
        return self.kind in KINDS


class Unreadable(NamedTuple):
    """The first event of a journal that does not fit: everything after it is left alone."""

    seq: int
    path: str
    """Relative to the workspace."""
    reason: str


class Reading(NamedTuple):
    """What a journal holds, as far as it can be read."""

    events: tuple[Event, ...]
    """In order of ``seq``."""
    unreadable: Unreadable | None = None
