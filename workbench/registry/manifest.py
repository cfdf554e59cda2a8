"""A version's files in the workspace, and MANIFEST.json, which is its identity.

Files are copied once, into a temporary folder beside the registry; the folder is
renamed to the hash of its manifest, and nothing in it is written again. A
manifest read back is a stranger's word until `check` has seen the files.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from shutil import disk_usage
from typing import Annotated, Final, NamedTuple

import msgspec

from workbench.durable import sync_folder, temp_name, write_all
from workbench.errors import FormatError, NotAllowedError, NotFoundError, WorkbenchError
from workbench.ids import is_path_name
from workbench.opening import inside, open_plain, read_small, require_inside
from workbench.registry import copying, moving
from workbench.words import size as in_words
from workbench.words import visible

NAME: Final = "MANIFEST.json"
FORMAT: Final = 1
FILES: Final = "files"
_LARGEST = 64 << 20
_HASH = re.compile(r"[0-9a-f]{64}\Z")
_MOST_SAID = 5
_MOST_STRANGERS = 1_000
_TEMPORARY = ".workbench/tmp"
_TRIES = 3


class ManifestFile(NamedTuple):
    """One file of a version."""

    path: str
    """Below the version's folder, with ``/``."""
    size: int
    """Bytes."""
    sha256: str
    """In hexadecimal."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a version consists of."""

    hash: str
    """SHA-256 of MANIFEST.json, in hexadecimal: the version's identity."""
    files: tuple[ManifestFile, ...]
    """In order of path."""
    size: int
    """Bytes of all files."""


@dataclass(frozen=True, slots=True)
class Staged:
    """Files copied into the workspace, not in the registry yet."""

    folder: Path
    manifest: Manifest


class _FileRecord(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    size: Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
    sha256: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class _Record(msgspec.Struct):
    format: int
    files: Annotated[list[_FileRecord], msgspec.Meta(min_length=1, max_length=copying.MOST_FILES)]


_DECODER = msgspec.json.Decoder(_Record)


def folder_of(root: Path, model: str, hash: str) -> Path:  # noqa: A002 - the field's word
    """Return where the files of a version are.

    Raises:
        FormatError: The model or the hash cannot be a name there.
    """
    if not is_path_name(model) or not _HASH.match(hash):
        raise FormatError(f"{visible(model)!r} has no files {visible(hash)[:80]!r}.")
    return root / "registry" / model / FILES / hash


def encode(files: Sequence[ManifestFile]) -> bytes:
    """Return MANIFEST.json: the same bytes for the same files."""
    records = [_FileRecord(*one) for one in sorted(files)]
    return msgspec.json.format(msgspec.json.encode(_Record(FORMAT, records)), indent=1) + b"\n"


def decode(data: bytes) -> Manifest:
    """Return a manifest that was written.

    Raises:
        FormatError: It is none, or names a file outside of its folder.
    """
    try:
        record = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise FormatError(f"The manifest cannot be read: {visible(str(problem))[:200]}.") from None
    if record.format > FORMAT:
        raise FormatError(f"The manifest was written by a newer program (format {record.format}).")
    files = tuple(ManifestFile(one.path, one.size, one.sha256) for one in record.files)
    for one in files:
        why_not = copying.why_not_path(one.path)
        if why_not:
            raise FormatError(f"The manifest names {visible(one.path)[:200]!r}, which {why_not}.")
    if len({one.path.casefold() for one in files}) < len(files):
        raise FormatError("The manifest names a file twice.")
    return Manifest(sha256(data).hexdigest(), files, sum(one.size for one in files))


# -- into the registry -------------------------------------------------------------------


def stage(source: Path | Sequence[Path], root: Path) -> Staged:
    """Copy files into the workspace and return them with their manifest.

    Args:
        source: A file, a folder whose content is taken, or several of them.
        root: The workspace.

    Raises:
        NotFoundError: A source is not there.
        UsageError: There is nothing in it, it changed meanwhile, or two names collide.
        NotAllowedError: Something in it is not taken, there is no room for it, or it would not
            stay in the workspace.
        OSError: It cannot be read, or the workspace not written.
    """
    found = _without_old_manifest(copying.find([source] if isinstance(source, Path) else source))
    _require_room(root, sum(one.file.stat().st_size for one in found))
    folder = root / _TEMPORARY / temp_name(os.urandom(8).hex())
    require_inside(root, _TEMPORARY)
    folder.mkdir(parents=True)
    try:
        return Staged(folder, _copied(found, folder))
    except BaseException:
        moving.remove(folder)
        raise


def _without_old_manifest(found: Sequence[copying.Found]) -> Sequence[copying.Found]:
    """Leave out a manifest of ours, which a folder copied from a registry brings along."""
    kept = [one for one in found if one.path.casefold() != NAME.casefold()]
    for one in found:
        if one.path.casefold() == NAME.casefold():
            try:
                decode(read_small(str(one.file), _LARGEST))
            except FormatError:
                raise NotAllowedError(
                    f"{NAME} is the name of the registry's own file.", hint="Rename yours."
                ) from None
    return kept


def _require_room(root: Path, needed: int) -> None:
    free = disk_usage(root).free
    if needed > free:
        raise NotAllowedError(
            f"The files have {in_words(needed)}; {in_words(free)} are free in the workspace.",
            hint="Make room there.",
        )


def _copied(found: Sequence[copying.Found], folder: Path) -> Manifest:
    files = [
        ManifestFile(one.path, *copying.copy(one.file, folder / one.path, one.path))
        for one in found
    ]
    data = encode(files)
    fd = os.open(folder / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0))
    try:
        write_all(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)
    return decode(data)


def discard(staged: Staged) -> None:
    """Remove staged files that are not wanted; gone already is well."""
    moving.remove(staged.folder)


def publish(staged: Staged, root: Path, model: str) -> Manifest:
    """Put staged files into the registry, read-only; the same files there already are verified.

    Raises:
        FormatError: They are there already, and damaged.
        NotAllowedError: The registry's folder leads out of the workspace.
        OSError: The workspace cannot be written.
    """
    target = folder_of(root, model, staged.manifest.hash)
    require_inside(root, target.parent.relative_to(root))
    target.parent.mkdir(parents=True, exist_ok=True)
    moving.protect(staged.folder)
    for folder, _, _ in os.walk(staged.folder):
        sync_folder(Path(folder))
    for _ in range(_TRIES):
        if moving.move(staged.folder, target):
            sync_folder(target.parent)
            return staged.manifest
        with suppress(FileNotFoundError):  # a clean-up took it just now
            os.utime(target)  # young again: no clean-up takes it before its event is there
            break
    discard(staged)
    _require_whole(root, model, staged.manifest.hash)
    return staged.manifest


def _require_whole(root: Path, model: str, hash: str) -> None:  # noqa: A002
    damage = check(root, model, hash)
    if damage:
        raise FormatError(
            f"The registry has these files already, and they are damaged: {damage[0]}",
            hint=f"Move registry/{model}/{FILES}/{hash} away and register again.",
        )


# -- out of it ---------------------------------------------------------------------------


def read(root: Path, model: str, hash: str) -> Manifest:  # noqa: A002
    """Return the manifest of a version's files; the files themselves are not looked at.

    Raises:
        NotFoundError: There is none, or the way to it leads out of the workspace.
        FormatError: It is not what its folder is named after, or cannot be read.
        OSError: It cannot be opened.
    """
    folder = folder_of(root, model, hash)
    path = inside(root, (folder / NAME).relative_to(root).as_posix())
    manifest = decode(read_small(str(path), _LARGEST))
    if manifest.hash != hash:
        raise FormatError(f"{NAME} of {model} is not the one that was registered.")
    return manifest


def check(root: Path, model: str, hash: str, *, contents: bool = True) -> tuple[str, ...]:  # noqa: A002
    """Return what does not fit of a version's files now, in sentences; empty when all is well.

    Args:
        root: The workspace.
        model: The model.
        hash: The manifest's hash.
        contents: Compare the hashes too, which reads every byte.
    """
    try:
        manifest = read(root, model, hash)
    except WorkbenchError as error:
        return (error.message,)
    except OSError as error:
        return (f"{NAME} of {model} cannot be read: {error.strerror or error}.",)
    return check_folder(folder_of(root, model, hash), manifest, contents=contents)


def content(folder: Path, file: ManifestFile) -> bytes:
    """Return the bytes of a file, which are those of the manifest: the file is opened once.

    Raises:
        FormatError: They are others, or cannot be read.
    """
    shown = visible(file.path)
    try:
        with open(open_plain(str(folder / file.path)), "rb") as opened:  # noqa: PTH123 - a descriptor
            data = opened.read(file.size + 1)
    except OSError as error:
        raise FormatError(f"{shown} cannot be read: {error.strerror or error}.") from error
    if len(data) != file.size or sha256(data).hexdigest() != file.sha256:
        raise FormatError(f"{shown} has another content than when it was registered.")
    return data


def check_folder(folder: Path, manifest: Manifest, *, contents: bool = True) -> tuple[str, ...]:
    """Return what does not fit of a folder that should hold exactly a manifest's files."""
    problems = [
        problem for one in manifest.files if (problem := _problem(folder, one, contents=contents))
    ]
    known = {one.path for one in manifest.files}
    problems += islice(_strangers(folder, known), _MOST_STRANGERS)
    if len(problems) > _MOST_SAID:
        return (*problems[:_MOST_SAID], f"{len(problems) - _MOST_SAID:,} more do not fit.")
    return tuple(problems)


def _problem(folder: Path, file: ManifestFile, *, contents: bool) -> str:
    shown = visible(file.path)
    try:
        path = inside(folder, file.path)
        if path != Path(os.path.realpath(folder)) / file.path:
            return f"{shown} is a link, not the file that was registered."
        size = path.stat().st_size
        if size != file.size:
            return f"{shown} has {size:,} bytes instead of {file.size:,}."
        if contents and copying.measure(path, file.path).sha256 != file.sha256:
            return f"{shown} has another content than when it was registered."
    except NotFoundError:
        return f"{shown} is missing."
    except WorkbenchError as error:
        return error.message
    except OSError as error:
        return f"{shown} cannot be read: {error.strerror or error}."
    return ""


def _strangers(folder: Path, known: set[str]) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        at = os.path.relpath(parent, folder).replace(os.sep, "/")
        start = "" if at == "." else f"{at}/"
        linked = [name for name in folders if os.path.islink(os.path.join(parent, name))]  # noqa: PTH114, PTH118
        for name in sorted(names + linked):
            if start + name not in known and start + name != NAME:
                yield f"{visible(start + name)} was not registered with this version."
