"""The first bytes of a file, by which formats are told apart."""

import os

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
