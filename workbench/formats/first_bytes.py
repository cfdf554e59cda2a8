"""The first bytes of a file, by which formats are told apart."""

import os
import stat

from workbench.errors import FormatError
from workbench.opening import open_plain


def first_bytes(path: str, size: int) -> bytes:
    """Return at most ``size`` bytes from the start; none if it cannot be read."""
    try:
        fd = open_plain(path)
    except (FormatError, OSError):
        return b""
    try:
        return os.read(fd, size)
    except OSError:
        return b""
    finally:
        os.close(fd)


def require_plain(path: str) -> None:
    """Refuse what is no plain file: a link that somebody put there leads out of the folder.

    Raises:
        FormatError: It is none.
        OSError: It is not there.
    """
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise FormatError("This is not a plain file.")
