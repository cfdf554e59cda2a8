"""Deleting a version of a dataset, and bringing it back.

First a marker says that the version is deleted, which keeps its number taken for ever; then its
folder goes to the trash. Data that was never copied stays where it is: the workspace forgets what
it knew of it and touches nothing else.
"""

import msgspec

from workbench.datasets.manifest import FOLDER, Manifest
from workbench.datasets.versions import folder
from workbench.datasets.versions.folder import Deleted
from workbench.durable import sync_folder, write_once
from workbench.errors import ConflictError, FormatError, NotAllowedError, NotFoundError
from workbench.opening import require_inside
from workbench.operations import trash
from workbench.operations.datasets.names import Ref, resolve
from workbench.operations.edits import actor
from workbench.operations.registry.lineage import protected_datasets
from workbench.operations.session import Session
from workbench.runfolder import TEMPORARY


def objections(session: Session, ref: Ref) -> tuple[str, ...]:
    """Return why a version cannot be deleted, as sentences; none where it can.

    Raises:
        NotFoundError: There is no such version.
    """
    try:
        manifest = resolve(session, ref)
    except FormatError:  # what cannot be read protects nothing, and may go
        return ()
    found = (
        protected_datasets(session).get((manifest.dataset, digest))
        for digest in dict.fromkeys((manifest.hash, manifest.hash.removeprefix("sha256:")))
    )
    return tuple(f"{ref} stays: {why}." for why in found if why)


def delete(session: Session, ref: Ref, reason: str = "") -> Deleted:
    """Delete a version: its number stays taken, what was known of it goes to the trash.

    Args:
        session: Where, and who.
        ref: The version; its number is needed.
        reason: For people.

    Raises:
        NotAllowedError: Nothing can be written here, or a version of a model in a stage needs it.
        NotFoundError: There is no such version.
    """
    root = session.require_writable()
    if ref.version is None:
        raise NotFoundError(f"{ref} names no version.", hint=f"Write {ref}@NUMBER.")
    why_not = objections(session, ref)
    if why_not:
        raise NotAllowedError(why_not[0], hint="Promote another version of that model first.")
    manifest = _readable(session, ref)
    gone = Deleted(
        ref.name, ref.version, manifest.hash if manifest else "", session.clock.now(),
        actor(session), reason.strip(),
    )  # fmt: skip
    require_inside(root, f"{FOLDER}/{ref.name}")
    try:
        write_once(
            folder.marker_of(root, ref.name, ref.version), msgspec.json.encode(gone) + b"\n",
            temp=root / TEMPORARY,
        )  # fmt: skip
        _put_away(session, ref)
    except FileExistsError:
        raise ConflictError(f"{ref} was deleted by somebody else in this moment.") from None
    except OSError as error:
        raise NotAllowedError(f"{ref} cannot be deleted: {error.strerror or error}.") from error
    trash.write_journal(session, f"deleted {ref}{f': {gone.reason}' if gone.reason else ''}", [])
    return gone


def finish(session: Session, name: str) -> tuple[int, ...]:
    """Move away what a deletion that broke off left behind; return the numbers.

    Raises:
        OSError: It cannot be moved.
    """
    left = [
        entry.number
        for entry in folder.entries(session.root, name)
        if entry.deleted and folder.version_folder(session.root, name, entry.number).is_dir()
    ]
    for number in left:
        _put_away(session, Ref(name, number))
    return tuple(left)


def restore(session: Session, ref: Ref) -> Manifest:
    """Bring a deleted version back, under the number it had.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: It is not deleted, or not in the trash any more.
        FormatError: It came back, and cannot be read.
    """
    root = session.require_writable()
    if ref.version is None or folder.read_deleted(root, ref.name, ref.version) is None:
        raise NotFoundError(f"{ref} is not deleted.")
    if not folder.version_folder(root, ref.name, ref.version).is_dir():
        trash.restore(session, str(ref))  # takes the marker away as well
    else:  # a deletion, or a restoration, that broke off in between
        take_marker_away(session, ref.name, ref.version)
    return folder.read_manifest(root, ref.name, ref.version)


def take_marker_away(session: Session, name: str, number: int) -> None:
    """Let a version whose folder is back in its place stand again."""
    marker = folder.marker_of(session.root, name, number)
    marker.unlink(missing_ok=True)
    sync_folder(marker.parent)


def _readable(session: Session, ref: Ref) -> Manifest | None:
    try:
        return resolve(session, ref)
    except FormatError:
        return None


def _put_away(session: Session, ref: Ref) -> None:
    where = folder.version_folder(session.root, ref.name, ref.version or 0)
    if where.is_dir():
        trash.put_folder(session, where, str(ref), f"{FOLDER}/{ref.name}")
