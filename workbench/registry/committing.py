"""Recording what a person wants, once, or telling them why not.

Compare-and-swap over a journal: read, ask whether what is wanted still holds, take the next
number; whoever comes second reads what the first one did and is asked again. An answer that got
lost on the way is found by the draft's id. Nobody else publishes events.
"""

import errno
from collections.abc import Callable
from time import sleep
from typing import Final

from workbench.errors import ConflictError, NotAllowedError, UnknownOutcomeError, WorkbenchError
from workbench.registry.event import KINDS, REGISTERED, Draft, Event, Reading
from workbench.registry.folding import fold, next_version
from workbench.registry.journal import Journal, Taken
from workbench.registry.state import State

_PAUSES: Final = (0.0, 0.01, 0.05, 0.2, 0.5, 1.0, 2.0)
"""Seconds between looks for an event that took our number and is not to be seen yet: a network
drive may answer from memory for a while."""
_TRIES: Final = 4
"""Writes without an answer before it is said that the outcome is unknown."""
_REFUSED: Final = frozenset(
    (
        *(errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP),
        *(errno.ENOTSUP, errno.ENOTDIR),
    )
) | {errno.EINVAL}  # EINVAL: what a file system says that cannot rename without replacing
_FULL: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def commit(
    journal: Journal,
    draft_id: str,
    intend: Callable[[State], Draft],
    *,
    seen: State | None = None,
) -> tuple[Event, State]:
    """Record what is intended and return its event and the state with it.

    Said again with the same id it is recorded once: the event of the first time comes back.

    Args:
        journal: Of the model.
        draft_id: Made before the first try.
        intend: Takes the state as it is now and returns the draft with that id. Raises what the
            person is to be told when what they wanted no longer holds; asked again whenever
            somebody else was first.
        seen: The journal as it was read before; only what is new is read then.

    Raises:
        NotAllowedError: An event cannot be read, or nothing can be written here.
        ConflictError: Somebody else was first, and what they did cannot be seen from here yet.
        UnknownOutcomeError: No answer came; the event may be recorded or not.
        WorkbenchError: The disk is full.
    """
    unanswered: OSError | None = None
    silent, stale = 0, 0
    state = seen or fold(journal.model, Reading(()))
    if (mine := _found(state.events, draft_id)) is not None:
        return mine, fold(journal.model, journal.read(known=state.events), state)
    while True:
        reading = journal.read(known=state.events)
        moved = reading.events[-1:] != state.events[-1:]
        state = fold(journal.model, reading, state)
        if moved and (mine := _found(state.events, draft_id)) is not None:
            return mine, state
        if reading.unreadable is not None:
            raise _unreadable(journal.model, reading, unanswered)
        if unanswered is not None:
            _judge(journal.model, unanswered, silent)
        stale = 0 if moved else stale
        draft = _meant(state, draft_id, intend(state))
        try:
            event = journal.publish(draft, after=state.events[-1] if state.events else None)
        except Taken:
            if stale == len(_PAUSES):
                raise _unseen(journal.model, state) from None
            sleep(_PAUSES[stale])
            stale += 1
        except OSError as error:
            unanswered, silent = error, silent + 1
        else:
            return event, fold(journal.model, Reading((*state.events, event)), state)


def _found(events: tuple[Event, ...], draft_id: str) -> Event | None:
    return next((one for one in reversed(events) if one.id == draft_id), None)


def _meant(state: State, draft_id: str, draft: Draft) -> Draft:
    """Return the draft; an event that cannot be raises here, where it would be written.

    Raises:
        ValueError: Its id is another one, its kind unknown, or its version's number not right.
    """
    if draft.id != draft_id or draft.kind not in KINDS:
        raise ValueError(f"{draft.kind!r} {draft.id} is not the draft {draft_id}")
    if draft.kind == REGISTERED:
        if draft.version != next_version(state):
            raise ValueError(f"the next version is {next_version(state)}, not {draft.version}")
    elif draft.version is not None and draft.version not in state.versions:
        raise ValueError(f"there is no version {draft.version}")
    return draft


def _unreadable(
    model: str, reading: Reading, unanswered: OSError | None
) -> NotAllowedError | UnknownOutcomeError:
    where = reading.unreadable
    assert where is not None  # noqa: S101 - the caller looked
    if unanswered is not None:
        return _unknown(model, unanswered)
    return NotAllowedError(
        f"Nothing can be recorded for {model}: {where.path} cannot be read. {where.reason}",
        hint="Run `workbench doctor --registry`.",
    )


def _judge(model: str, error: OSError, silent: int) -> None:
    """Raise what a failed write that left no event means; return where trying again will tell.

    Trying again is safe: either the number is still free, or an event is found under it.
    """
    why = error.strerror or type(error).__name__
    if error.errno in _FULL:
        raise WorkbenchError(
            f"Nothing was recorded for {model}: {why}.", hint="Make room and say it again."
        ) from error
    if error.errno in _REFUSED:
        raise NotAllowedError(
            f"The registry of {model} cannot be written here: {why}.",
            hint="Ask whoever owns the folder, or run `workbench doctor`.",
        ) from error
    if silent >= _TRIES:
        raise _unknown(model, error) from error


def _unknown(model: str, error: OSError) -> UnknownOutcomeError:
    return UnknownOutcomeError(
        f"It is unknown whether this was recorded for {model}: {error.strerror or error}.",
        hint="Say it again; it is recorded once.",
    )


def _unseen(model: str, state: State) -> ConflictError:
    return ConflictError(
        f"Somebody else recorded event {state.seq + 1} of {model}, and it cannot be seen from here"
        " yet.",
        hint="Say it again in a minute.",
    )
