"""Hashes of files by their size, time and inode, so that what did not change is not read again.

One small file for each folder of data, in the cache of this machine and never in the workspace; it
may be deleted at any time, and where it cannot be used every file is simply read. Two programs
that write at once cost one of them what it remembered, never a wrong hash. A file that changed
within the last moments is not remembered: it may change again within one tick of its file
system's clock.
"""

import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple, Self

import msgspec

from workbench.datasets.stamp import Stamp
from workbench.durable import replace
from workbench.errors import FormatError
from workbench.opening import read_small

_FOLDER: Final = "stamps"
_SETTLED_S: Final = 3.0
"""The coarsest clock of a file system in use ticks every 2 seconds."""
_FINE_S: Final = 0.1
"""The coarsest tick of a file system whose times are no whole seconds."""
_LARGEST: Final = 256 << 20
_MOST_FOLDERS: Final = 4096
"""Folders of data remembered; the one written longest ago is forgotten first."""


class Digest(NamedTuple):
    """Hashes of a file, hex digits."""

    sha256: str
    md5: str = ""
    """Empty where nobody asked for it."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of a file."""

    size: int
    mtime_ns: int
    inode: str
    """As text: some systems use more than 63 bits."""
    device: str
    sha256: str
    md5: str


_DECODER: Final = msgspec.json.Decoder(dict[str, _Kept])


def is_settled(mtime_ns: int, seen: float) -> bool:
    """Say whether a file with this time, seen then, has another one if it changed since.

    Args:
        mtime_ns: Its time.
        seen: Seconds since 1970.
    """
    tick = _SETTLED_S if mtime_ns % 1_000_000_000 == 0 else _FINE_S
    return mtime_ns / 1e9 < seen - tick


class Stamps:
    """The hashes this machine remembers, for one use in one thread; written when it is left."""

    def __init__(self, cache: Path | None) -> None:
        self._folder = None if cache is None else cache / _FOLDER
        self._places: dict[Path, Path] = {}
        self._read: dict[Path, dict[str, _Kept]] = {}
        self._new: dict[Path, dict[str, _Kept]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        new, self._new = self._new, {}
        for place, kept in new.items():
            with suppress(OSError):  # a cache that cannot be written saves nothing, costs nothing
                self._write(place, kept)

    def get(self, path: Path, stamp: Stamp) -> Digest | None:
        """Return the hashes of a file that has not changed since; None where that is not known."""
        if self._folder is None:
            return None
        place, name = self._place(path)
        if place not in self._read:
            self._read[place] = _load(place)
        kept = self._new.get(place, {}).get(name) or self._read[place].get(name)
        if kept is None or kept != _kept(stamp, Digest(kept.sha256, kept.md5)):
            return None
        return Digest(kept.sha256, kept.md5)

    def put(self, path: Path, stamp: Stamp, digest: Digest, now: float) -> None:
        """Remember the hashes of a file, unless it changed just now.

        Args:
            path: The file.
            stamp: Taken before it was read, and the same after.
            digest: Its hashes.
            now: Seconds since 1970 when reading began.
        """
        if self._folder is None or stamp.mtime_ns / 1e9 > now - _SETTLED_S:
            return
        place, name = self._place(path)
        self._new.setdefault(place, {})[name] = _kept(stamp, digest)

    def _place(self, path: Path) -> tuple[Path, str]:
        """Return the file that remembers a folder, and what it calls a file there."""
        assert self._folder is not None  # noqa: S101 - asked before
        parent = path.parent
        if parent not in self._places:  # once a folder: on a network drive each link is a look
            real = os.path.realpath(parent).encode("utf-8", "surrogateescape")
            mark = blake2b(real, digest_size=16).hexdigest()
            self._places[parent] = self._folder / f"{mark}.json"
        return self._places[parent], path.name.encode("utf-8", "surrogateescape").hex()

    def _write(self, place: Path, kept: dict[str, _Kept]) -> None:
        if not place.exists():
            self._forget_oldest(place.parent)
        replace(place, msgspec.json.encode(_load(place) | kept))

    @staticmethod
    def _forget_oldest(folder: Path) -> None:
        try:
            with os.scandir(folder) as entries:
                known = [(one.stat().st_mtime, one.path) for one in entries]
        except FileNotFoundError:
            return
        for _, path in sorted(known)[: max(0, len(known) - _MOST_FOLDERS + 1)]:
            Path(path).unlink(missing_ok=True)


def _kept(stamp: Stamp, digest: Digest) -> _Kept:
    return _Kept(stamp.size, stamp.mtime_ns, str(stamp.inode), str(stamp.device), *digest)


def _load(place: Path) -> dict[str, _Kept]:
    """Return what is remembered of a folder; nothing where that is gone or damaged."""
    try:
        return _DECODER.decode(read_small(str(place), _LARGEST))
    except (OSError, FormatError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
