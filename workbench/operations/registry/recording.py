"""Adding one event to a model's journal, for every act alike.

An act is said once more if its answer never came, is checked against the journal as it is at
the moment of writing, and is refused in sentences. Which sentences is the act's own business.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from socket import gethostname
from types import MappingProxyType
from typing import Any, NamedTuple

from workbench.errors import NotAllowedError, UsageError
from workbench.operations.edits import actor
from workbench.operations.registry.opening_journal import journal
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.pending import recorded, remembered
from workbench.operations.session import Session
from workbench.registry.committing import commit
from workbench.registry.event import Draft, Event
from workbench.registry.state import State

MOST_REASON = 10_000
"""Characters; a reason is a sentence or a page, not a file."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Act:
    """What a person wants to have happened; two that are equal are one, said twice."""

    kind: str
    model: str
    version: int | None = None
    stage: str = ""
    reason: str = ""
    options: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """Whatever else makes it this act: an end, an item, overrides."""


class Recorded(NamedTuple):
    """An event, and everything the journal said right after it."""

    event: Event
    state: State
    repeated: bool
    """An earlier try had recorded it already."""


Details = Callable[[State], Mapping[str, Any]]
Objections = Callable[[State], Sequence[str]]


def record(
    session: Session,
    act: Act,
    *,
    objections: Objections,
    details: Details | None = None,
    saw: Mapping[str, Any] | None = None,
) -> Recorded:
    """Record an act and return it with the journal after it.

    Args:
        session: Where, and who.
        act: What is to have happened.
        objections: Why it cannot be, given the journal; asked again whenever the journal moved.
            May raise what fits better than a plain refusal.
        details: What the event needs beside; default the act's options.
        saw: What the person looked at; default the journal at the moment of writing.

    Raises:
        NotAllowedError: Nothing can be written here, or there are objections.
        ConflictError: The journal moved, and the act does not fit any more.
        UnknownOutcomeError: Nobody can tell whether it was written; say it again.
    """
    session.require_writable()
    known = read_state(session, act.model)
    who = actor(session)
    key = (act.kind, act.model, act.version, act.stage, act.reason, dict(act.options), who)

    with remembered(session, known, *key) as identity:
        session.own_events.add(identity)
        there = recorded(known, identity)
        if there is not None:
            return Recorded(there, known, repeated=True)

        def intend(now: State) -> Draft:
            refuse(objections(now))
            return Draft(
                identity,
                act.kind,
                who,
                gethostname(),
                session.clock.now(),
                act.reason,
                act.version,
                act.stage,
                saw or {"seq": now.seq, "holder": now.stage(act.stage).holder},
                details(now) if details else act.options,
            )

        event, after = commit(journal(session, act.model), identity, intend, seen=known)
        return Recorded(event, after, repeated=False)


def refuse(objections: Sequence[str]) -> None:
    """Do nothing if there are no objections.

    Raises:
        NotAllowedError: There are; they are its sentences.
    """
    if objections:
        raise NotAllowedError(" ".join(objections))


def reason_of(text: str) -> str:
    """Return a reason without blanks around it.

    Raises:
        UsageError: It is empty, or a book.
    """
    reason = text.strip()
    if not reason:
        raise UsageError("A reason is needed.", hint="Say in a sentence why.")
    if len(reason) > MOST_REASON:
        raise UsageError(f"A reason may have {MOST_REASON:,} characters.", hint="Say it shorter.")
    return reason
