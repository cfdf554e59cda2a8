"""Opening what somebody else wrote, without being hurt by it.

A folder that many can write may hold anything under any name: links that lead
away, pipes that never end, files larger than memory. Readers open files here,
and nowhere else, unless `workbench.tail` does it after `is_plain_file`.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbench.errors import FormatError, NotAllowedError, NotFoundError

LARGEST_CARD = 16 * 1024 * 1024
"""Bytes of a file that is read whole; a card of a run is a few kilobytes."""
_FIRST = 1 << 16
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe must not hold us
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def read_small(path: str, limit: int = LARGEST_CARD) -> bytes:
    """Return all bytes of the plain file at ``path``.

    Raises:
        FormatError: It is no plain file, or larger than ``limit``.
        OSError: It cannot be opened or read.
    """
    fd = os.open(path, _FLAGS)
    try:
        data = os.read(fd, _FIRST)
        if len(data) == _FIRST:
            data += _rest(fd, limit)
        elif not data and not stat.S_ISREG(os.fstat(fd).st_mode):
            raise FormatError("This is not a plain file.")
    finally:
        os.close(fd)
    return data


def _rest(fd: int, limit: int) -> bytes:
    facts = os.fstat(fd)
    if not stat.S_ISREG(facts.st_mode):
        raise FormatError("This is not a plain file.")
    if facts.st_size > limit:
        raise FormatError(f"This file has {facts.st_size:,} bytes; at most {limit:,} are read.")
    chunks = []
    while chunk := os.read(fd, 1 << 20):
        chunks.append(chunk)
    return b"".join(chunks)


def open_plain(path: str) -> int:
    """Return a descriptor to read the plain file at ``path``; the caller closes it.

    Raises:
        FormatError: It is no plain file.
        OSError: It cannot be opened.
    """
    fd = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise FormatError("This is not a plain file.")
    return fd


def place_of(fd: int, path: str) -> str:
    """Return where a file that is open really is, whatever has become of its path since.

    Args:
        fd: Its descriptor.
        path: By which it was opened.

    Raises:
        FormatError: By now there is another file.
        OSError: By now there is none.
    """
    try:
        return os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115 - a string all along
    except OSError:  # only Linux says it; elsewhere the path must still lead to this very file
        place = os.path.realpath(path)
        if not os.path.samestat(os.stat(place), os.fstat(fd)):  # noqa: PTH116
            raise FormatError("Another file was put in its place.") from None
        return place


def places_of(files: Iterable[Path]) -> Iterator[str]:
    """Yield where files really are, links followed; of a folder the way is looked up once."""
    folders: dict[Path, str] = {}
    for file in files:
        if file.parent not in folders:
            folders[file.parent] = os.path.realpath(file.parent)
        if file.is_symlink():
            yield os.path.realpath(file)
        else:
            yield os.path.join(folders[file.parent], file.name)  # noqa: PTH118 - one of very many


def is_below(place: str, folder: str) -> bool:
    """Say whether one real path is another, or below it."""
    return place == folder or place.startswith(folder.rstrip(os.sep) + os.sep)


def passes(error: Exception) -> bool:
    """Say whether reading may well succeed the next time: a disk or a writer is at fault."""
    lasting = (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
    return isinstance(error, OSError) and not isinstance(error, lasting)


def printable(name: str) -> str:
    """Return a file's name as text that can be stored: bytes that are not UTF-8 become signs."""
    if name.isascii():
        return name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_plain_file(path: str) -> bool:
    """Say whether ``path`` is a file itself, not a link to one, a folder or a pipe."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def require_inside(root: Path, *folders: str | Path) -> None:
    """Refuse to write where a link somebody made leads out of the workspace.

    Args:
        root: The workspace.
        folders: Where something is to be written, relative to it; they need not be there.

    Raises:
        NotAllowedError: One of them leads out.
    """
    home = os.path.realpath(root)
    for folder in folders:
        if not Path(os.path.realpath(root / folder)).is_relative_to(home):
            where = Path(folder).as_posix()
            raise NotAllowedError(
                f"{where} leads out of the workspace.", hint="Take the link away."
            )


def inside(folder: Path, path: str) -> Path:
    """Return the file ``path`` below ``folder``, after following links.

    Raises:
        NotFoundError: There is none, or the path leads out of the folder.
    """
    parts = path.replace("\\", "/").split("/") if os.name == "nt" else path.split("/")
    if not path or "\0" in path or ":" in parts[0][1:2] or not all(parts) or ".." in parts:
        raise NotFoundError(f"{path!r} is not a path inside the folder.")
    home = os.path.realpath(folder)
    found = os.path.realpath(folder.joinpath(*parts))
    if os.path.commonpath([home, found]) != home:
        raise NotFoundError(f"{path!r} leads out of the folder.")
    if not os.path.isfile(found):  # noqa: PTH113 - a string all along
        raise NotFoundError(f"There is no file {path!r}.")
    return Path(found)
