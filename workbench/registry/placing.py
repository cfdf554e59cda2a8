"""A verified copy of a version's files, in a folder numbered like the version.

``<folder>/<number>/`` is what TensorFlow Serving and its like watch for. The copy is built under
a name with a leading dot, hashed while it is written, and renamed when it is whole: nobody ever
sees half a version. Nothing that stands there is deleted; what is damaged is moved beside.
"""

import errno
import os
import re
import shutil
from pathlib import Path
from typing import Final, NamedTuple

from workbench.durable import sync_folder, temp_name
from workbench.errors import ConflictError, FormatError, NotAllowedError
from workbench.opening import read_small
from workbench.registry import manifest as manifests
from workbench.registry import moving
from workbench.registry.copying import copy
from workbench.registry.manifest import Manifest, ManifestFile
from workbench.words import visible

_DRAFT: Final = ".new-"
_DAMAGED: Final = ".damaged-"
_LARGEST: Final = 64 << 20
_STALE: Final = 24 * 3600.0
"""Seconds after which what a killed process left half written is cleared away."""
_TEMPORARY: Final = r"[a-z0-9_.-]{1,32}-\d+-[0-9a-f]{16}\.tmp"
_OWN_FILE: Final = re.compile(_TEMPORARY)
_OWN_DRAFT: Final = re.compile(rf"{re.escape(_DRAFT)}\d+-{_TEMPORARY}")
"""Exactly the names given here and by `workbench.durable`; nothing else is ever deleted."""


class Placed(NamedTuple):
    """A version's files, whole and verified, in their numbered folder."""

    folder: Path
    copied: bool
    """They were not there yet."""
    damaged: str
    """Name of the folder that stood there and did not fit, moved beside; empty without one."""


def place(
    source: Path, manifest: Manifest, folder: Path, number: int, *, clears: bool = False
) -> Placed:
    """Return the verified copy of a version, made if it is not there yet.

    Args:
        source: The version's folder in the workspace.
        manifest: What must be in it.
        folder: Where the numbered folders of this model lie; its parent must exist.
        number: The version's.
        clears: The folder is known to be this model's: remove what killed processes left in it.

    Raises:
        ConflictError: Another version's files stand there, whole.
        NotAllowedError: Something stands there that was never put there by this program.
        FormatError: The files in the workspace are not those of the manifest.
        OSError: There is no room, or no right to write.
    """
    there = folder / str(number)
    stands = os.path.lexists(there)
    if stands and not misfits(there, manifest):
        return Placed(there, copied=False, damaged="")
    if stands and _is_another(there, manifest):
        raise ConflictError(
            f"{visible(str(there))} holds the files of another version {number}.",
            hint="Move that folder away, or give each workspace and stage a folder of its own.",
        )
    if stands:
        _require_a_copy(there)
    draft = _build(source, manifest, folder, number, clears=clears)
    try:
        damaged = _aside(there) if stands and misfits(there, manifest) else ""
        if not moving.move(draft, there) and (wrong := misfits(there, manifest)):
            raise FormatError(
                f"{visible(str(there))} appeared meanwhile and is damaged: {wrong[0]}"
            )
    finally:
        moving.remove(draft)
    sync_folder(folder)
    return Placed(there, copied=True, damaged=damaged)


def misfits(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """Return what does not fit of a copy, in sentences; empty when it is whole. Reads all of it."""
    own = _own(folder)
    if own is None or own.hash != manifest.hash:
        return (f"{manifests.NAME} is not the one of this version.",)
    return manifests.check_folder(folder, manifest)


def _own(folder: Path) -> Manifest | None:
    """Return the manifest that lies in a folder, or None if there is none that can be read."""
    try:
        return manifests.decode(read_small(str(folder / manifests.NAME), _LARGEST))
    except (OSError, FormatError):
        return None


def _is_another(there: Path, manifest: Manifest) -> bool:
    """Say whether a folder is whole by its own manifest, which is not the one meant."""
    own = _own(there)
    return own is not None and own.hash != manifest.hash and not misfits(there, own)


def _require_a_copy(there: Path) -> None:
    """Refuse to move what is no copy of a version, damaged or not: it is somebody else's."""
    if there.is_symlink() or _own(there) is None:
        raise NotAllowedError(
            f"{visible(str(there))} was not put there by the workbench: it holds no readable "
            f"{manifests.NAME}.",
            hint="Move it away, or give the stage a folder of its own.",
        )


def _build(source: Path, manifest: Manifest, folder: Path, number: int, *, clears: bool) -> Path:
    """Return a folder beside the final one with all files in it, flushed to the disk."""
    folder.mkdir(exist_ok=True)
    if shutil.disk_usage(folder).free < manifest.size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    draft = folder / f"{_DRAFT}{number}-{temp_name(os.urandom(8).hex())}"
    draft.mkdir()
    try:
        if clears:
            _clear_stale(folder, draft)
        for file in manifest.files:
            _copy(source / file.path, draft / file.path, file)
        copy(source / manifests.NAME, draft / manifests.NAME, manifests.NAME)
        moving.protect(draft)
        for below, _, _ in os.walk(draft):
            sync_folder(Path(below))
    except BaseException:
        moving.remove(draft)  # a full disk needs the room
        raise
    return draft


def _copy(source: Path, target: Path, file: ManifestFile) -> None:
    """Copy one file, and refuse if what was copied is not what was registered."""
    size = source.lstat().st_size
    if size != file.size or copy(source, target, file.path).sha256 != file.sha256:
        raise FormatError(
            f"{visible(file.path)} in the workspace is not the file that was registered."
        )


def _aside(there: Path) -> str:
    """Move a damaged folder out of the way, to be looked at by a person; return its new name."""
    name = f"{_DAMAGED}{there.name}-{temp_name(os.urandom(4).hex()).removesuffix('.tmp')}"
    moving.move(there, there.with_name(name))
    return name


def _clear_stale(folder: Path, draft: Path) -> None:
    """Remove what killed processes left half written, by the clock of the drive itself."""
    now = draft.stat().st_mtime
    with os.scandir(folder) as entries:
        old = [one for one in entries if now - one.stat(follow_symlinks=False).st_mtime > _STALE]
    for entry in old:
        if _OWN_DRAFT.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
            moving.remove(Path(entry.path))
        elif _OWN_FILE.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
            Path(entry.path).unlink(missing_ok=True)
