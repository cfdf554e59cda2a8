"""A version's manifest as bytes, and read back as a stranger's word.

Anyone who can write to the workspace can write a manifest. What does not fit is refused with a
sentence; nothing here opens a file the manifest names.
"""

import re
from typing import Final

import msgspec

from workbench.datasets.damage import why_unread
from workbench.datasets.manifest import FORMAT, Manifest
from workbench.datasets.versions.locating import name_below
from workbench.errors import FormatError
from workbench.ids import is_path_name
from workbench.words import visible

LARGEST_MANIFEST: Final = 64 << 20
MOST_FILES: Final = 100_000
MOST_COLUMNS: Final = 100_000
_LATEST: Final = 253_402_300_799.0
"""The end of the year 9999, in seconds since 1970: no calendar goes further."""
_COUNTLESS: Final = 2**63
"""From here on no index has a number for it."""
_HASH = re.compile(r"sha256:[0-9a-f]{64}\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_MD5 = re.compile(r"([0-9a-f]{32}(\.dir)?)?\Z")
_DECODER: Final = msgspec.json.Decoder(Manifest)


def encode(manifest: Manifest) -> bytes:
    """Return ``manifest.json``, readable by people."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def decode(data: bytes) -> Manifest:
    """Return the manifest that was written.

    Raises:
        FormatError: It is none, or says what cannot be.
    """
    try:
        manifest = _DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise FormatError(f"The manifest cannot be read: {why_unread(problem)}.") from None
    why_not = _why_not(manifest)
    if why_not:
        raise FormatError(f"The manifest {why_not}.")
    return manifest


def _why_not(manifest: Manifest) -> str:
    """Return what of a manifest cannot be, or an empty text."""
    if manifest.format > FORMAT:
        return f"was written by a newer program (format {manifest.format})"
    if not is_path_name(manifest.dataset) or manifest.version < 1:
        return "names no version of a dataset"
    if not _HASH.match(manifest.hash):
        return "has no hash"
    if not 0 <= manifest.time <= _LATEST:
        return "has a time that is none"
    if len(manifest.files) > MOST_FILES or len(manifest.columns) > MOST_COLUMNS:
        return "has more files or columns than are read"
    if not (0 <= manifest.size < _COUNTLESS and 0 <= (manifest.rows or 0) < _COUNTLESS):
        return "counts what nobody can count"
    if len({column.name for column in manifest.columns}) < len(manifest.columns):
        return "names a column twice"
    return _why_not_files(manifest)


def _why_not_files(manifest: Manifest) -> str:
    seen: set[str] = set()
    for file in manifest.files:
        if not file.path or "\0" in file.path or file.path in seen:
            return f"names the file {visible(file.path)[:200]!r}, which cannot be or is there twice"
        if name_below(file.path, manifest.base) is None:
            return f"names the file {visible(file.path)[:200]!r}, which is not below its folder"
        if (
            not 0 <= file.size < _COUNTLESS
            or not _SHA256.match(file.sha256)
            or not _MD5.match(file.md5)
        ):
            return f"says of {visible(file.path)[:200]!r} what cannot be"
        seen.add(file.path)
    return "" if _MD5.match(manifest.dvc) else "has a DVC hash that is none"
