"""Where the files of a version are on this machine, and whether they are still what they were."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, TypeAlias

from workbench.datasets import declared
from workbench.datasets.manifest import COPIES, FOLDER, File, Manifest
from workbench.datasets.stamp import Stamp, plain_stamp_of
from workbench.datasets.table import Table
from workbench.datasets.versions import hashing, locating
from workbench.datasets.versions.locating import Roots
from workbench.datasets.versions.stamps import Stamps, is_settled
from workbench.errors import NotFoundError, SettingsError, WorkbenchError
from workbench.opening import inside, is_below, places_of
from workbench.operations.session import Session
from workbench.words import visible

State: TypeAlias = Literal["same", "changed", "unknown", "away"]
"""``unknown``: nobody on this machine has read a large file as it is now."""

SMALL: Final = 64 << 20
"""Bytes that are read at once to tell whether a file is the one that was registered."""

_Known: TypeAlias = tuple[File, Path, Stamp]
"""A file as its version says, where it is, and its stamp now."""


def roots_of(root: Path) -> Roots:
    """Return the named roots of a workspace; none where the settings cannot be read."""
    try:
        return declared.read(root).roots
    except SettingsError:
        return {}


def names_in(manifest: Manifest) -> tuple[str, ...]:
    """Return the names of a version's files below the folder they have in common.

    Raises:
        NotFoundError: One is not below it.
    """
    return tuple(_name(file.path, manifest.base) for file in manifest.files)


def _name(path: str, base: str) -> str:
    name = locating.name_below(path, base)
    if name is None:
        raise NotFoundError(f"{visible(path)[:200]!r} is no path of a dataset.")
    return name


def files_of(session: Session, manifest: Manifest) -> tuple[Path, ...]:
    """Return where the files of a version are on this machine; none for a table in memory.

    Raises:
        NotFoundError: One is not there; says where it was looked for.
    """
    if not manifest.files:
        raise NotFoundError(
            f"{manifest.dataset}@{manifest.version} was a table in a script's memory: only what "
            "it is was kept.",
            hint="Log it with copy=True to keep its rows.",
        )
    if manifest.copied:
        start = f"{FOLDER}/{manifest.dataset}/{manifest.version}/{COPIES}"
        return tuple(inside(session.root, f"{start}/{name}") for name in names_in(manifest))
    files = _places(session, manifest)
    if not locating.needs_roots(manifest.files[0].path):
        _require_here(session, files)
    gone = next((file for file in files if not file.is_file()), None)
    if gone is not None:
        what = "Something else than a file is" if os.path.lexists(gone) else "There is no file"
        raise NotFoundError(f"{what} at {visible(str(gone))}.", hint="Bring it back.")
    return files


def _places(session: Session, manifest: Manifest) -> tuple[Path, ...]:
    """Return where the files of a version should be; their folder is looked for once, and found.

    Raises:
        NotFoundError: There is nothing at the folder they have in common, or at the only file.
    """
    stored = manifest.base if manifest.base and len(manifest.files) > 1 else manifest.files[0].path
    roots = roots_of(session.root) if locating.needs_roots(stored) else {}
    names = names_in(manifest)
    if stored == manifest.base:
        base = locating.found(stored, session.root, roots)
        return tuple(base / name for name in names)
    return tuple(locating.found(file.path, session.root, roots) for file in manifest.files)


def _require_here(session: Session, files: tuple[Path, ...]) -> None:
    """Refuse files of the workspace that a link leads out of it.

    Raises:
        NotFoundError: One does: anybody could have put the link there since.
    """
    home = os.path.realpath(session.root)
    for file, place in zip(files, places_of(files), strict=True):
        if not is_below(place, home):
            raise NotFoundError(
                f"{visible(str(file))} leads out of the workspace.",
                hint="Register it again: then it is stored where it really is.",
            )


def state_of(session: Session, manifest: Manifest, *, read: bool = True) -> State:
    """Return whether the files of a version are still what they were.

    Args:
        session: Where.
        manifest: The version.
        read: Read small files that nobody on this machine has read; else it is not known.
    """
    if manifest.copied or not manifest.files:
        return "same"
    try:
        files = _places(session, manifest)
        stamps = [plain_stamp_of(file) for file in files]
    except (OSError, NotFoundError):
        return "away"
    known = list(zip(manifest.files, files, stamps, strict=True))
    if any(file.size != stamp.size for file, _, stamp in known):
        return "changed"
    return _compared(session, _to_compare(manifest, known), read=read)


def _to_compare(manifest: Manifest, known: Sequence[_Known]) -> list[_Known]:
    """Return the files whose size and time alone do not tell that they are the same.

    A manifest that leads out of the workspace may be anybody's: whoever knows size and time of a
    file of yours can write one that names it, but not its hash.
    """
    if locating.needs_roots(manifest.files[0].path):
        return list(known)
    return [
        one
        for one in known
        if one[0].mtime_ns != one[2].mtime_ns or not is_settled(one[0].mtime_ns, manifest.time)
    ]


def _compared(session: Session, files: Sequence[_Known], *, read: bool) -> State:
    """Return whether files have the hashes they should; at most `SMALL` bytes of them are read."""
    left = SMALL if read else -1
    state: State = "same"
    with Stamps(session.cache) as remembered:
        for file, path, stamp in files:
            digest = remembered.get(path, stamp)
            if digest is None and stamp.size <= left:
                left -= stamp.size
                try:
                    digest = hashing.hashed([path], remembered, session.clock.now)[0].digest
                except WorkbenchError:
                    return "changed"
            if digest is None:
                state = "unknown"
            elif digest.sha256 != file.sha256:
                return "changed"
    return state


def open_version(session: Session, manifest: Manifest) -> Table:
    """Return the table of a version, opened and not read.

    Raises:
        NotFoundError: Its files are away, or it never had any.
        FormatError: It is no table, or cannot be read.
    """
    from workbench.datasets.reading import OPTIONS, open_table  # noqa: PLC0415 - with polars

    files = files_of(session, manifest)
    options = {name: value for name, value in manifest.read_as.items() if name in OPTIONS}
    if len(files) == 1 and not manifest.folder:
        return open_table(files[0], options=options)
    base = _common(files[0], names_in(manifest)[0])
    if manifest.folder and _is_all_there_is(base, files):
        return open_table(base, options=options)
    return open_table([Path(name) for name in names_in(manifest)], options=options, base=base)


def _common(file: Path, name: str) -> Path:
    """Return the folder that a name leads to a file from."""
    return file.parents[name.count("/")]


def _is_all_there_is(base: Path, files: tuple[Path, ...]) -> bool:
    there = {one for one in base.rglob("*") if one.is_file()}
    return there == set(files)
