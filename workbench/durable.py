"""Files that appear whole or not at all.

`write_once` publishes under a name nobody has taken; it is the compare-and-swap
the workspace rests on. `replace` swaps the content of a file that has one
writer. Nothing else in the workbench creates a file other people read.
"""

import errno
import os
import stat
from pathlib import Path

_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES})


def temp_name(token: str) -> str:
    """Return a name for a temporary file, unique to this process."""
    from socket import gethostname  # noqa: PLC0415 - costs a script that never publishes

    from workbench.ids import slug  # noqa: PLC0415

    return f"{slug(gethostname())[:32]}-{os.getpid()}-{token}.tmp"


def _token() -> str:
    return os.urandom(8).hex()


def sync_folder(folder: Path) -> None:
    """Make names created in ``folder`` survive a power cut, where the system can."""
    if os.name == "nt":
        return
    try:
        fd = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(fd)
    except OSError:  # some network drives refuse; the name is there all the same
        return
    finally:
        os.close(fd)


def _make(folder: Path) -> None:
    """Make a folder unless it is there; a file in its place is not a name somebody took.

    Raises:
        NotADirectoryError: Something that is no folder has its name.
        OSError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from None


def write_temp(folder: Path, data: bytes) -> Path:
    """Write ``data`` to a new temporary file in ``folder``, flushed to the disk."""
    _make(folder)
    path = folder / temp_name(_token())
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    fd = os.open(path, flags, 0o664)
    try:
        write_all(fd, data)
        os.fsync(fd)
    except BaseException:
        os.close(fd)
        path.unlink(missing_ok=True)  # a full disk needs the room
        raise
    os.close(fd)
    return path


def write_all(fd: int, data: bytes) -> None:
    """Write all of ``data``, however many calls it takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def write_once(path: Path, data: bytes, *, temp: Path | None = None) -> None:
    """Publish ``data`` at ``path``, whole, unless somebody already has.

    Args:
        path: The final name.
        data: The content.
        temp: A folder on the same file system for the temporary file; default beside ``path``.

    Raises:
        FileExistsError: The name is taken by somebody else's content.
        OSError: The folder cannot be written, or offers no exclusive publishing.
    """
    _make(path.parent)
    draft = write_temp(temp or path.parent, data)
    try:
        _publish(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def _publish(draft: Path, path: Path) -> None:
    if os.name == "nt":
        draft.rename(path)  # refuses an existing name on Windows, unlike on POSIX
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        # A lost answer on a network drive: the link is there and it is ours.
        if not _is(draft, path):
            raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_no_replace(draft, path)


def _is(draft: Path, path: Path) -> bool:
    """Say whether both names are of one file; the number of links may be a backup's doing."""
    mine, there = draft.lstat(), path.lstat()
    if mine.st_ino and there.st_ino:
        return os.path.samestat(mine, there)
    return stat.S_ISREG(there.st_mode) and draft.read_bytes() == path.read_bytes()


def _rename_no_replace(draft: Path, path: Path) -> None:
    """Rename without replacing, where hard links do not exist (Linux and macOS)."""
    import ctypes  # noqa: PLC0415 - only on file systems without hard links

    libc = ctypes.CDLL(None, use_errno=True)
    here, there = os.fsencode(draft), os.fsencode(path)
    if hasattr(libc, "renameat2"):
        at_cwd, no_replace = -100, 1
        failed = libc.renameat2(at_cwd, here, at_cwd, there, no_replace)
    elif hasattr(libc, "renamex_np"):
        exclusive = 4
        failed = libc.renamex_np(here, there, exclusive)
    else:
        raise OSError(errno.ENOTSUP, "neither hard links nor exclusive renames here", str(path))
    if failed:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(path))


def replace(path: Path, data: bytes, *, temp: Path | None = None) -> None:
    """Give ``path`` the content ``data`` in one step; it must have one writer.

    Raises:
        OSError: The folder cannot be written.
    """
    _make(path.parent)
    draft = write_temp(temp or path.parent, data)
    try:
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)
