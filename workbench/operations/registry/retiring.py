"""Versions that are not to be used again: retired, taken back, or deleted with their files."""

import json
from socket import gethostname

from workbench.durable import sync_folder, write_once
from workbench.errors import FormatError
from workbench.ids import new_id
from workbench.operations.edits import actor
from workbench.operations.registry.recording import Act, reason_of, record
from workbench.operations.session import Session
from workbench.operations.trash import TRASH
from workbench.registry import objections
from workbench.registry.event import DELETED, REINSTATED, RETIRED, Event
from workbench.registry.manifest import folder_of
from workbench.registry.state import State
from workbench.runfolder import FORMAT, TEMPORARY


def retire(session: Session, model: str, version: int, reason: str) -> Event:
    """Say that a version is not to be promoted again; it keeps number, files and history.

    Raises:
        UsageError: No reason.
        NotAllowedError: It holds a stage, or is not there.
    """
    act = Act(RETIRED, model, version, reason=reason_of(reason))
    return record(session, act, objections=lambda now: objections.retiring(now, version)).event


def reinstate(session: Session, model: str, version: int, reason: str) -> Event:
    """Let a retired version be promoted again.

    Raises:
        UsageError: No reason.
        NotAllowedError: It is not retired, or is not there.
    """
    act = Act(REINSTATED, model, version, reason=reason_of(reason))
    return record(session, act, objections=lambda now: objections.reinstating(now, version)).event


def delete(session: Session, model: str, version: int, reason: str) -> Event:
    """Delete a version: the event first, then its files go to the trash.

    The number is never used again, and the journal keeps everything it knew of the version.
    Files that another version of the model shares stay.

    Raises:
        UsageError: No reason.
        NotAllowedError: It holds a stage, or is not there.
        OSError: It is deleted, and its files could not be moved; saying it again moves them.
    """
    act = Act(DELETED, model, version, reason=reason_of(reason))
    done = record(session, act, objections=lambda now: objections.deleting(now, version))
    _put_away(session, done.state, version)
    return done.event


def _put_away(session: Session, state: State, version: int) -> None:
    """Move the files of a deleted version to the trash, unless another version has them too."""
    manifest = state.versions[version].manifest
    shared = any(
        one.manifest == manifest and one.deleted is None for one in state.versions.values()
    )
    if shared or not manifest:
        return
    try:
        folder = folder_of(session.root, state.model, manifest)
    except FormatError:
        return
    if not folder.is_dir():
        return
    now = session.clock.now()
    entry = session.root / TRASH / new_id(now)
    origin = folder.relative_to(session.root).as_posix()
    fields = {
        "format": FORMAT, "id": entry.name, "kind": "version", "name": f"{state.model}@{version}",
        "origin": origin, "time": now, "actor": actor(session), "host": gethostname(),
    }  # fmt: skip
    data = json.dumps(fields, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")
    write_once(entry / "manifest.json", data + b"\n", temp=session.root / TEMPORARY)
    folder.rename(entry / "version")
    sync_folder(folder.parent)
