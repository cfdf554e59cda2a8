"""Files of a model on their way into the registry: found, copied and hashed in one reading.

What a folder holds may have been put there by anybody. A link that leads away, a
pipe, a file that claims far more than it holds, or a name no other system could
keep is refused with a sentence; nothing is copied from outside what was named.
"""

import os
import re
from collections.abc import Iterator, Sequence
from errno import ENXIO
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, Self

from workbench.durable import write_all
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError
from workbench.opening import open_plain
from workbench.words import visible

MOST_FILES = 100_000
_CHUNK = 1 << 20
_LONGEST_PATH = 240
"""Characters; with the registry's own folders before it, Windows opens no longer one."""
_SPARSE_FROM = 256 << 20
_SPARSE_TIMES = 64
"""A file that claims this many times what it holds is a trap, not a model."""
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\\\u200b-\u200f\u2028-\u202e\u2066-\u2069]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?\Z", re.IGNORECASE)


class Found(NamedTuple):
    """A file to copy."""

    file: Path
    """Where it really is, links followed."""
    path: str
    """Below the version's folder, with ``/``."""


class Copied(NamedTuple):
    """What was read of a file."""

    size: int
    sha256: str


def why_not_path(path: str) -> str:
    """Return why a file cannot be kept under this relative path everywhere, or an empty text."""
    parts = path.split("/")
    if len(path) > _LONGEST_PATH:
        return f"is longer than {_LONGEST_PATH} characters"
    if not all(parts) or ".." in parts or "." in parts:
        return "is not a path inside a folder"
    if _FORBIDDEN.search(path) or any("\ud800" <= letter <= "\udfff" for letter in path):
        return "holds characters that not every system can keep in a name"
    if any(part[-1] in ". " or _DEVICES.match(part) for part in parts):
        return "is a name that Windows cannot keep"
    return ""


def find(sources: Sequence[Path]) -> tuple[Found, ...]:
    """Return the files of a version: of a single folder what is in it, else the files named.

    Raises:
        NotFoundError: A source is not there.
        UsageError: There is nothing in it, or two files would be one somewhere.
        NotAllowedError: Something in it is not taken: a link that leads out, a pipe, a name.
    """
    found: list[Found] = []
    for source in sources:
        real = Path(os.path.realpath(source))
        if real.is_dir():
            found += _below(real, "" if len(sources) == 1 else f"{source.name}/")
        elif os.path.lexists(real):
            found.append(Found(real, source.name))
        else:
            raise NotFoundError(f"There is no file {visible(str(source))}.", hint="Check the path.")
    if not found:
        raise UsageError("There is no file in it to register.", hint="Name the model's files.")
    _refuse_bad_names(found)
    return tuple(sorted(found, key=lambda one: one.path))


def _refuse_bad_names(found: Sequence[Found]) -> None:
    seen: dict[str, str] = {}
    for one in found:
        why_not = why_not_path(one.path)
        if why_not:
            raise NotAllowedError(f"{visible(one.path)!r} {why_not}.", hint="Rename it first.")
        other = seen.setdefault(one.path.casefold(), one.path)
        if other is not one.path:
            raise UsageError(
                f"{one.path!r} and {other!r} are one name on other systems.", hint="Rename one."
            )


def _below(folder: Path, prefix: str) -> Iterator[Found]:
    count = 0
    for parent, folders, names in os.walk(folder):
        at = os.path.relpath(parent, folder).replace(os.sep, "/")
        start = prefix if at == "." else f"{prefix}{at}/"
        for name in sorted(folders):
            if os.path.islink(os.path.join(parent, name)):  # noqa: PTH114, PTH118 - strings of walk
                raise NotAllowedError(
                    f"{visible(start + name)!r} is a link to a folder.",
                    hint="Copy what it leads to.",
                )
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                raise NotAllowedError(
                    f"{visible(str(folder))} holds more than {MOST_FILES:,} files."
                )
            yield Found(_real(folder, Path(parent, name), start + name), start + name)


def _real(folder: Path, file: Path, path: str) -> Path:
    """Return where a file is, inside of ``folder`` after following links."""
    if not file.is_symlink():
        return file
    real = os.path.realpath(file)
    if not Path(real).is_relative_to(folder) or not os.path.isfile(real):  # noqa: PTH113
        raise NotAllowedError(
            f"{visible(path)!r} is a link that leads out of the folder.",
            hint="Copy the file itself there.",
        )
    return Path(real)


def copy(source: Path, target: Path, shown: str) -> Copied:
    """Copy a file to a new one, flushed to the disk, and return its size and hash.

    Raises:
        NotAllowedError: It is no plain file, or claims far more than it holds.
        UsageError: It changed meanwhile.
        OSError: It cannot be read, or the copy not written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with _Reading(source, shown) as reading:
        out = os.open(target, flags, 0o664)
        try:
            for chunk in reading.chunks():
                write_all(out, chunk)
            os.fsync(out)
        finally:
            os.close(out)
    return Copied(reading.size, reading.digest)


def measure(file: Path, shown: str) -> Copied:
    """Return the size and hash a file has now; raises as `copy` does."""
    with _Reading(file, shown) as reading:
        for _ in reading.chunks():
            pass
    return Copied(reading.size, reading.digest)


class _Reading:
    """One reading of a plain file, as large as it was when it was opened."""

    def __init__(self, file: Path, shown: str) -> None:
        self._shown = visible(shown)
        try:
            self._fd = open_plain(str(file))
        except FormatError:
            raise NotAllowedError(
                f"{self._shown!r} is not a plain file.", hint="Leave it out."
            ) from None
        self.size = os.fstat(self._fd).st_size
        self.digest = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)

    def chunks(self) -> Iterator[bytes]:
        """Yield the content piece by piece; size and digest hold afterwards."""
        self._refuse_sparse()
        digest, left = sha256(), self.size
        while chunk := os.read(self._fd, _CHUNK):
            left -= len(chunk)
            digest.update(chunk)
            yield chunk
            if left < 0:
                break
        if left:
            raise UsageError(
                f"{self._shown!r} changed while it was read.", hint="Repeat it once it is written."
            )
        self.digest = digest.hexdigest()

    def _refuse_sparse(self) -> None:
        if self.size >= _SPARSE_FROM and not holds_at_least(
            self._fd, self.size // _SPARSE_TIMES, self.size
        ):
            raise NotAllowedError(
                f"{self._shown!r} claims {self.size:,} bytes and is nearly all holes.",
                hint="Write it out in full if it is a model at all.",
            )


def holds_at_least(fd: int, wanted: int, size: int) -> bool:
    """Say whether a file has that many bytes on the disk; True where the system cannot say."""
    seek_data, seek_hole = getattr(os, "SEEK_DATA", None), getattr(os, "SEEK_HOLE", None)
    if seek_data is None or seek_hole is None:  # Windows
        return True
    held = at = 0
    try:
        while at < size and held < wanted:
            start = os.lseek(fd, at, seek_data)
            at = os.lseek(fd, start, seek_hole)
            held += at - start
    except OSError as error:
        if error.errno != ENXIO:  # this file system does not tell
            return True  # ENXIO: no data after this place
    finally:
        os.lseek(fd, 0, os.SEEK_SET)
    return held >= wanted
