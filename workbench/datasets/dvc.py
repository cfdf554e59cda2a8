"""What DVC knows of a file, read from its own files; and the same written for DVC to read.

    census.csv.dvc     outs: the md5 and size of what stands beside it
    dvc.lock           outs of every stage of a pipeline

DVC itself is never needed. A folder is known by the md5 of a list of its files, with ``.dir`` at
its end. What DVC below 3 wrote has no ``hash`` and counts a text file without carriage returns.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from hashlib import md5
from pathlib import Path
from typing import Any, Final, NamedTuple

from workbench.datasets.versions.finding import FILE, Found
from workbench.datasets.versions.hashing import Hashed
from workbench.errors import FormatError
from workbench.opening import read_small
from workbench.words import visible

SUFFIX: Final = ".dvc"
LOCK: Final = "dvc.lock"
REPOSITORY: Final = ".dvc"
DIR: Final = ".dir"
_LARGEST: Final = 16 << 20
_MD5: Final = re.compile(r"[0-9a-f]{32}(\.dir)?\Z")
_CHUNK: Final = 1 << 20
_BLOCK: Final = 512
_TEXT_SIGNS: Final = bytes([7, 8, 9, 10, 12, 13, 27]) + bytes(range(32, 256))
_MOST_OTHER: Final = 0.3
_MOST_FOLDERS: Final = 64


class Out(NamedTuple):
    """A file or folder DVC knows."""

    path: Path
    md5: str
    """With ``.dir`` at its end for a folder."""
    size: int | None
    written_in: Path
    """The ``.dvc`` file or ``dvc.lock`` that says so."""
    legacy: bool = False
    """Written by DVC below 3: text files count without carriage returns."""


def is_dvc_file(path: Path) -> bool:
    """Say whether a path is one of DVC's own files."""
    named = path.name == LOCK or (path.suffix == SUFFIX and path.name != REPOSITORY)
    return named and path.is_file()


def outs(file: Path) -> tuple[Out, ...]:
    """Return what a ``.dvc`` file or ``dvc.lock`` knows by md5.

    Raises:
        FormatError: It cannot be read.
    """
    import yaml  # noqa: PLC0415 - most datasets have nothing to do with DVC

    try:
        data = yaml.safe_load(read_small(str(file), _LARGEST))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        said = visible(str(error)).splitlines()[0][:200]
        raise FormatError(f"{visible(str(file))} cannot be read: {said}") from None
    if not isinstance(data, dict):
        raise FormatError(f"{visible(str(file))} is no file of DVC.")
    return tuple(_outs(data, file))


def known(path: Path) -> Out | None:
    """Return what DVC knows of a path: of ``<path>.dvc`` beside it, else of a ``dvc.lock`` above.

    A file of DVC that cannot be read knows nothing.
    """
    places = [path.with_name(path.name + SUFFIX)]
    full = path.absolute()
    for folder in [*full.parents][:_MOST_FOLDERS]:
        places.append(folder / LOCK)
        if (folder / REPOSITORY).is_dir():
            break
    for place in places:
        if not place.is_file():
            continue
        try:
            found = next((one for one in outs(place) if _same(one.path, full)), None)
        except FormatError:
            continue
        if found is not None:
            return found
    return None


def knows(out: Out, found: Found, files: tuple[Hashed, ...]) -> bool:
    """Say whether files are those DVC knows; their md5 must have been taken."""
    if found.kind == FILE:
        own = files[0].digest.md5
        return own == out.md5 or (out.legacy and legacy_md5(files[0].path) == out.md5)
    names = dict(zip(found.names, (one.digest.md5 for one in files), strict=True))
    if listing(names)[0] == out.md5:
        return True
    if not out.legacy:
        return False
    old = {name: legacy_md5(one.path) for name, one in zip(found.names, files, strict=True)}
    return listing(old)[0] == out.md5


def listing(names: Mapping[str, str]) -> tuple[str, bytes]:
    """Return by what DVC knows a folder, and the list of files it stores under that.

    Args:
        names: Path below the folder to md5.
    """
    listed = [{"md5": names[name], "relpath": name} for name in sorted(names)]
    data = json.dumps(listed).encode()
    return md5(data, usedforsecurity=False).hexdigest() + DIR, data


def legacy_md5(file: Path) -> str:
    """Return by what DVC below 3 knew a file; nothing where it cannot be read."""
    digest = md5(usedforsecurity=False)
    try:
        with file.open("rb") as opened:
            text = _is_text(opened.read(_BLOCK))
            opened.seek(0)
            while chunk := opened.read(_CHUNK):
                digest.update(chunk.replace(b"\r\n", b"\n") if text else chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def text_of(
    name: str, md5_of: str, size: int, n_files: int | None, about: Mapping[str, Any]
) -> str:
    """Return a ``.dvc`` file.

    Args:
        name: Of the file or folder that stands beside it.
        md5_of: By what DVC knows it.
        size: Bytes of all files.
        n_files: How many; None for a single file.
        about: What else is said, kept by DVC as it is.
    """
    import yaml  # noqa: PLC0415

    out = {"md5": md5_of, "size": size, "nfiles": n_files, "hash": "md5", "path": name}
    kept = {key: value for key, value in out.items() if value is not None}
    return str(
        yaml.safe_dump(
            {"outs": [kept], "meta": {"workbench": dict(about)}}, sort_keys=False,
            allow_unicode=True,
        )
    )  # fmt: skip


def _outs(data: Mapping[str, Any], file: Path) -> Iterator[Out]:
    stages = data.get("stages")
    groups = [data.get("outs")]
    if isinstance(stages, dict):
        groups += [stage.get("outs") for stage in stages.values() if isinstance(stage, dict)]
    wdir = data.get("wdir", ".")
    base = file.parent.absolute() / (wdir if isinstance(wdir, str) else ".")
    for group in groups:
        for one in group if isinstance(group, list) else ():
            out = _out(one, base, file)
            if out is not None:
                yield out


def _out(said: Any, base: Path, file: Path) -> Out | None:
    if not isinstance(said, dict):
        return None
    path, hash_, size = said.get("path"), said.get("md5"), said.get("size")
    if not isinstance(path, str) or not path or "\0" in path or "://" in path:
        return None
    if not isinstance(hash_, str) or not _MD5.match(hash_):
        return None
    counted = size if isinstance(size, int) and size >= 0 else None
    return Out(base / path, hash_, counted, file, legacy="hash" not in said)


def _same(one: Path, other: Path) -> bool:
    return os.path.normcase(os.path.normpath(one)) == os.path.normcase(os.path.normpath(other))


def _is_text(block: bytes) -> bool:
    """Say whether DVC below 3 took a file for text, by its first 512 bytes."""
    if not block:
        return True
    if b"\0" in block:
        return False
    return len(block.translate(None, _TEXT_SIGNS)) / len(block) <= _MOST_OTHER
