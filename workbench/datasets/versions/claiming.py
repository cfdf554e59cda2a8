"""Giving a version its number: one rename of a folder that is whole, or nothing.

The folder is put together in ``.workbench/tmp`` and flushed; renaming it to the next number fails
where that number is taken, because a folder that holds something is never replaced. So of five
processes that found the same bytes one gives them a number, and the others find it given.
A deleted version leaves a marker, and its number stays taken.
"""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Final, NamedTuple

import msgspec

from workbench.datasets.manifest import COPIES, FOLDER, MANIFEST, PROFILE, Manifest
from workbench.datasets.versions.encoding import encode
from workbench.datasets.versions.folder import (
    folder_of,
    marker_of,
    newest,
    read_manifest,
    taken,
    version_folder,
)
from workbench.durable import replace, sync_folder, temp_name
from workbench.errors import ConflictError, FormatError, NotFoundError
from workbench.opening import require_inside
from workbench.runfolder import TEMPORARY

_TRIES: Final = 1000


class Claimed(NamedTuple):
    """A version, and whether this call made it."""

    manifest: Manifest
    new: bool


def claim(
    root: Path,
    manifest: Manifest,
    profile: bytes | None,
    same: Callable[[Manifest], bool],
    fill: Callable[[Path], None] | None = None,
    patient: Callable[[Callable[[], bool]], bool] = lambda act: act(),
) -> Claimed:
    """Register a version under the next number, unless the newest one is the same.

    Args:
        root: The workspace.
        manifest: Everything but its number, which is taken from the folder.
        profile: Bytes of its profile, if it has one.
        same: Whether a version there already is this one.
        fill: Puts copies of its files in the folder it is given.
        patient: Tries the rename again where a scanner holds the folder open, as on Windows.

    Raises:
        NotAllowedError: The folder leads out of the workspace.
        ConflictError: Others took every number that was tried.
        OSError: It cannot be written; nothing is left of it.
    """
    name = manifest.dataset
    require_inside(root, TEMPORARY, f"{FOLDER}/{name}")
    draft = root / TEMPORARY / temp_name(os.urandom(8).hex())
    draft.mkdir(parents=True)
    try:
        if profile is not None:
            replace(draft / PROFILE, profile)
        if fill is not None:
            (draft / COPIES).mkdir()
            fill(draft / COPIES)
            _sync_all(draft / COPIES)
        folder_of(root, name).mkdir(parents=True, exist_ok=True)
        sync_folder(root / FOLDER)
        return _numbered(root, manifest, draft, same, patient)
    finally:
        discard(draft)


def discard(draft: Path) -> None:
    """Remove a folder that did not become a version; gone already is well."""
    if not draft.exists():
        return
    if os.name == "nt":  # it keeps read-only files
        for file in draft.rglob("*"):
            file.chmod(0o600)
    rmtree(draft, ignore_errors=True)


def _numbered(
    root: Path,
    manifest: Manifest,
    draft: Path,
    same: Callable[[Manifest], bool],
    patient: Callable[[Callable[[], bool]], bool],
) -> Claimed:
    name = manifest.dataset
    for _ in range(_TRIES):
        numbers = taken(root, name)  # before the newest is read: who comes between takes the number
        there = newest(root, name)
        if there is not None and same(there):
            return Claimed(there, new=False)
        one = msgspec.structs.replace(manifest, version=max(numbers, default=0) + 1)
        replace(draft / MANIFEST, encode(one))
        target = version_folder(root, name, one.version)
        if not patient(partial(_renamed, root, draft, target, one)):
            continue
        sync_folder(target.parent)
        if not marker_of(root, name, one.version).exists():
            return Claimed(one, new=True)
        draft = target  # somebody had, and deleted, that number meanwhile: it is never used again
    discard(draft)
    raise ConflictError(f"No number could be had for {name}.", hint="Try again.")


def _renamed(root: Path, draft: Path, target: Path, one: Manifest) -> bool:
    """Rename a folder to its number; False where somebody else has the number."""
    try:
        draft.rename(target)
    except OSError:
        if not os.path.lexists(target):
            raise
        return _is_ours(root, one)  # on a network drive an answer may be lost
    return True


def _is_ours(root: Path, one: Manifest) -> bool:
    try:
        there = read_manifest(root, one.dataset, one.version)
    except (NotFoundError, FormatError):
        return False
    return bool(one.id) and there.id == one.id


def _sync_all(folder: Path) -> None:
    for parent, _, _ in os.walk(folder):
        sync_folder(Path(parent))
