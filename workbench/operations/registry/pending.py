"""Acts whose answer never came, remembered so that saying them again records them once.

An event's id is made before the first try. As long as nobody knows how the try ended, because
the drive went away or the process was killed, the id is kept in this person's own folder, and
the next time the same person asks for the same thing it is used again: the journal finds it,
or takes it now. Another act, or the same one after something undid it, has an id of its own.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.durable import replace
from workbench.errors import FormatError, UnknownOutcomeError
from workbench.ids import is_id, new_id
from workbench.opening import read_small
from workbench.operations.session import Session
from workbench.registry.event import (
    APPROVED,
    DELETED,
    DESCRIBED,
    FROZEN,
    PROMOTED,
    REGISTERED,
    REINSTATED,
    REQUESTED,
    RETIRED,
    ROLLED_BACK,
    TICKED,
    UNFROZEN,
    WITHDRAWN,
    Event,
)
from workbench.registry.state import State

FOLDER: Final = "pending"
_LARGEST: Final = 4096
KEPT: Final = 7 * 86_400.0
"""Seconds; who says something again after a week means it anew."""

_UNDONE_BY: Final = {
    PROMOTED: (PROMOTED, ROLLED_BACK),
    ROLLED_BACK: (PROMOTED, ROLLED_BACK),
    WITHDRAWN: (REQUESTED,),
    APPROVED: (PROMOTED, ROLLED_BACK),
    TICKED: (PROMOTED, ROLLED_BACK),
    FROZEN: (FROZEN, UNFROZEN),
    UNFROZEN: (FROZEN,),
    RETIRED: (REINSTATED,),
    REINSTATED: (RETIRED,),
    DESCRIBED: (DESCRIBED,),
    DELETED: (),
    REGISTERED: (),
}


class _Kept(NamedTuple):
    """What an earlier try left: its id, and the file that says so."""

    identity: str
    path: Path


@contextmanager
def remembered(session: Session, state: State, *act: Any) -> Iterator[str]:
    """Lend the id of an act: a new one, or that of an earlier try nobody knows the end of.

    Left in the ordinary way, or by an error that says how it ended, the id is forgotten; left
    by `UnknownOutcomeError`, or not at all because the process was killed, it is kept.

    Args:
        session: Where, and whose.
        state: The model's journal as read just now.
        act: What is asked for, with everything that makes it another act.
    """
    folder = session.state / FOLDER
    mark = sha256(json.dumps(act, sort_keys=True, default=str).encode()).hexdigest()[:32]
    now = session.clock.now()
    kept = _adopted(folder, mark, now, state)
    identity = kept.identity if kept else new_id(now)
    mine = folder / f"{mark}-{os.getpid()}.json"
    _keep(mine, identity, now, unknown=False)
    try:
        yield identity
    except UnknownOutcomeError:
        _keep(mine, identity, now, unknown=True)
        raise
    except Exception:
        _forget(mine, *([kept.path] if kept else []))
        raise
    _forget(mine, *([kept.path] if kept else []))


def recorded(state: State, identity: str) -> Event | None:
    """Return the event an earlier try left, unless something undid it since."""
    for place, event in enumerate(state.events):
        if event.id == identity:
            later = state.events[place + 1 :]
            return None if _is_undone(state, event, later) else event
    return None


def _is_undone(state: State, event: Event, later: tuple[Event, ...]) -> bool:
    if event.kind == REQUESTED:
        return any(one.event.id == event.id and one.closed_by for one in state.requests)
    return any(_undoes(one, event, _UNDONE_BY.get(event.kind, ())) for one in later)


def _undoes(later: Event, event: Event, kinds: tuple[str, ...]) -> bool:
    if later.kind not in kinds:
        return False
    return later.stage == event.stage if event.stage else later.version == event.version


def _adopted(folder: Path, mark: str, now: float, state: State) -> _Kept | None:
    """Return what an earlier try of this act left, if it still means something."""
    try:
        found = sorted(folder.glob(f"{mark}-*.json"))
    except OSError:
        return None
    for path in found:
        fields = _read(path)
        identity = str(fields.get("id", ""))
        if now - fields.get("time", 0.0) > KEPT or _is_spent(state, identity):
            _forget(path)
        elif is_id(identity) and (fields.get("unknown") or not _is_at_work(path)):
            return _Kept(identity, path)
    return None


def _is_spent(state: State, identity: str) -> bool:
    """Say whether the act was recorded and undone since: then it needs an id of its own."""
    there = any(one.id == identity for one in state.events)
    return there and recorded(state, identity) is None


def _read(path: Path) -> dict[str, Any]:
    try:
        fields = json.loads(read_small(str(path), _LARGEST))
        return {**fields, "time": float(fields["time"])}
    except (OSError, ValueError, TypeError, KeyError, FormatError, RecursionError):
        return {}


def _is_at_work(path: Path) -> bool:
    """Say whether another process is still trying; its id is its own."""
    import psutil  # noqa: PLC0415 - only where an earlier try left something

    number = path.stem.rpartition("-")[2]
    other = int(number) if number.isdigit() else 0
    return other != os.getpid() and bool(other) and psutil.pid_exists(other)


def _keep(path: Path, identity: str, now: float, *, unknown: bool) -> None:
    """Write an id down; where that cannot be, saying it again is a new act."""
    data = json.dumps({"id": identity, "time": now, "unknown": unknown}).encode()
    with suppress(OSError):
        replace(path, data)


def _forget(*paths: Path) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink(missing_ok=True)
