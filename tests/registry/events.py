"""Journals with something in them: `draft` has defaults, `say` records, `history` tells a story."""

import itertools
from collections.abc import Callable
from typing import Any

from tests.building import BEGIN
from workbench.registry.committing import commit
from workbench.registry.event import DESCRIBED, PROMOTED, REGISTERED, ROLLED_BACK, Draft
from workbench.registry.folding import fold, next_version
from workbench.registry.journal import FolderJournal, Journal, MemoryJournal
from workbench.registry.state import State

_COUNT = itertools.count(1)


def identity() -> str:
    """Return an id nobody else has in these tests."""
    return f"{next(_COUNT):026d}"


def draft(kind: str = DESCRIBED, **fields: Any) -> Draft:
    """Return a draft; what its kind needs and is not given is filled in."""
    known = {"id": identity(), "actor": "ana@lab", "host": "lab", "time": BEGIN, "reason": "why"}
    if kind in _NEEDS_VERSION:
        known["version"] = 1
    if kind in _NEEDS_STAGE:
        known["stage"] = "production"
    return Draft(**{**known, "kind": kind, **fields})


_NEEDS_VERSION = frozenset(
    ("registered", "promoted", "requested", "withdrawn", "approved", "ticked", "retired",
     "reinstated", "deleted")
)  # fmt: skip
_NEEDS_STAGE = frozenset(
    ("promoted", "rolled-back", "requested", "withdrawn", "approved", "ticked", "frozen",
     "unfrozen")
)  # fmt: skip


def say(journal: Journal, kind: str, **fields: Any) -> State:
    """Record an event without asking whether it may be; return what the journal says then."""
    meant = draft(kind, **fields)
    return commit(journal, meant.id, lambda _: meant)[1]


def register(journal: Journal, **fields: Any) -> State:
    """Register the next version, with a manifest of its own."""
    number = next_version(state_of(journal))
    details = {"manifest": f"{number:064x}", **fields.pop("details", {})}
    return say(journal, REGISTERED, version=number, details=details, **fields)


def promote(journal: Journal, version: int, stage: str = "production", **fields: Any) -> State:
    """Put a version in a stage."""
    return say(journal, PROMOTED, version=version, stage=stage, **fields)


def roll_back(journal: Journal, to: int | None, stage: str = "production", **fields: Any) -> State:
    """Give a stage back."""
    return say(journal, ROLLED_BACK, version=to, stage=stage, **fields)


def state_of(journal: Journal) -> State:
    """Return what a journal says."""
    return fold(journal.model, journal.read())


def registered(count: int, model: str = "churn") -> MemoryJournal:
    """Return a journal of that many versions."""
    journal = MemoryJournal(model)
    for _ in range(count):
        register(journal)
    return journal


def damaged(journal: FolderJournal, seq: int, change: Callable[[bytes], bytes]) -> None:
    """Change an event on the disk."""
    path = journal._root / journal.path(seq)
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(change(data))
