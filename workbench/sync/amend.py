"""A run's card as people see it: what the run said, with their edits on top."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workbench.errors import WorkbenchError
from workbench.formats.contract import Fault, RunCard, RunRef
from workbench.ids import is_id
from workbench.runfolder import RUNNING, STALE, UNKNOWN
from workbench.runs.edits import TAG, Held

_AT_ONCE_S = 1.0
"""Files that were written in so short a time were likely copied."""
_UUID = re.compile(r"[0-9a-f]{32}\Z")


def amend(card: RunCard, held: Mapping[str, Held]) -> RunCard:
    """Return the card as people see it.

    A status is only declared over a run that has no end of its own.
    """
    changes: dict[str, Any] = {}
    tags = dict(card.tags)
    for name, (value, _, own) in held.items():
        if own:
            continue
        if name.startswith(TAG):
            tags.pop(name.removeprefix(TAG), None)
            if value is not None:
                tags[name.removeprefix(TAG)] = value
        elif name == "status":
            if value is not None and card.status in (STALE, RUNNING, UNKNOWN):
                changes.update(status=value, inferred=False)
        elif name in ("name", "note") and value is not None:
            changes[name] = value
    return dated(replace(card, tags=tags, **changes) if held else card)


def dated(card: RunCard) -> RunCard:
    """Return the card without an end where its files' dates, all the same, tell of no time between.

    A folder that was copied or unpacked has such dates.
    """
    if "times" not in card.facts or card.started is None or card.ended is None:
        return card
    return replace(card, ended=None) if card.ended - card.started < _AT_ONCE_S else card


def is_archived(card: RunCard, held: Mapping[str, Held]) -> bool:
    """Say whether a run is put away: by an edit, else by the tool that wrote it."""
    said = held["archived"].value if "archived" in held else None
    return bool(card.facts.get("deleted")) if said is None else bool(said)


def id_in(key: str) -> str:
    """Return the id that a run's key ends in, empty where it ends in a name.

    The workbench's own runs and MLflow's are folders, or rows, called by their ids.
    """
    end = key.rpartition("/")[2].rpartition("#")[2]
    return end if is_id(end) or _UUID.match(end) else ""


def unreadable(ref: RunRef, error: Exception, name: str, run_id: str) -> RunCard:
    """Return the card of a run that cannot be read: nothing but a fault.

    Args:
        ref: Where it is.
        error: Why it cannot be read.
        name: What to call it.
        run_id: What it is known by, or will be once it can be read.
    """
    reason = error.message if isinstance(error, WorkbenchError) else str(error).partition("\n")[0]
    return RunCard(
        run_id=run_id,
        name=name,
        experiment=ref.key.rpartition("/")[0].rpartition("/")[2],
        inferred=True,
        faults=(Fault(ref.key, reason or type(error).__name__),),
    )
