"""Versions that are not to be used again: retired, taken back, or deleted with their files."""

from pathlib import Path

from workbench.errors import FormatError, WorkbenchError
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.registry.recording import Act, reason_of, record
from workbench.operations.session import Session
from workbench.operations.trash import TRASH, put_folder
from workbench.registry import objections
from workbench.registry.event import DELETED, REINSTATED, RETIRED, Event
from workbench.registry.manifest import folder_of
from workbench.registry.moving import release
from workbench.registry.state import State


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
    Files that another version of the model shares stay. Said again of a version whose files
    could not be moved, it moves them.

    Raises:
        UsageError: No reason.
        NotAllowedError: It holds a stage, or is not there.
        WorkbenchError: It is deleted, and its files could not be moved.
    """
    session.require_writable()
    act = Act(DELETED, model, version, reason=reason_of(reason))
    known = read_state(session, model)
    before = version_of(known, version).deleted
    if before is not None and _files(session, known, version) is not None:
        _put_away(session, known, version)
        return before
    done = record(session, act, objections=lambda now: objections.deleting(now, version))
    _put_away(session, done.state, version)
    return done.event


def _files(session: Session, state: State, version: int) -> Path | None:
    """Return the folder of a deleted version's files, if it is there and nobody else's."""
    manifest = state.versions[version].manifest
    shared = any(
        one.manifest == manifest and one.deleted is None for one in state.versions.values()
    )
    try:
        folder = folder_of(session.root, state.model, manifest)
    except FormatError:
        return None
    return folder if not shared and folder.is_dir() and not folder.is_symlink() else None


def _put_away(session: Session, state: State, version: int) -> None:
    """Move the files of a deleted version to the trash.

    Raises:
        WorkbenchError: They could not be moved.
    """
    folder = _files(session, state, version)
    if folder is None:
        return
    try:
        put = put_folder(session, folder, f"{state.model}@{version}", f"registry/{state.model}")
        release(session.root / TRASH / put.id)
    except OSError as error:
        raise WorkbenchError(
            f"{state.model}@{version} is deleted, and its files could not be moved to the trash: "
            f"{error.strerror or error}.",
            hint="Say it again.",
        ) from error
