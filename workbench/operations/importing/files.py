"""Copying files of other tools: whole, seen to be whole, and never through a link."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from workbench.durable import write_all
from workbench.errors import FormatError, StoppedError
from workbench.opening import open_plain
from workbench.operations.importing.values import Stop

_PIECE: Final = 1 << 20
_TRIES: Final = 3


class Copied(NamedTuple):
    """A file that was copied."""

    size: int
    sha256: str
    steady: bool
    """It stood still meanwhile; one that is being written is copied as far as it was."""


def copy(source: Path, target: Path, stop: Stop) -> Copied:
    """Copy a plain file in pieces, again if it changed meanwhile.

    Raises:
        FormatError: It is no plain file, or cannot be read.
        OSError: The copy cannot be written.
        StoppedError: A person asked for the end.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    copied = _once(source, target, stop)
    for _ in range(_TRIES):
        if copied.steady:
            break
        copied = _once(source, target, stop)
    return copied


def _once(source: Path, target: Path, stop: Stop) -> Copied:
    try:
        given = open_plain(os.fspath(source))
    except OSError as problem:
        raise FormatError(f"cannot be read: {problem.strerror or problem}") from None
    try:
        before = os.fstat(given)
        copied = _pieces(given, target, stop)
        after = os.fstat(given)
    finally:
        os.close(given)
    os.utime(target, ns=(after.st_atime_ns, after.st_mtime_ns))
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return copied._replace(steady=same and copied.size == after.st_size)


def _pieces(given: int, target: Path, stop: Stop) -> Copied:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    made = os.open(target, flags, 0o664)
    digest, size = sha256(), 0
    try:
        while piece := _read(given):
            digest.update(piece)
            size += len(piece)
            write_all(made, piece)
            if stop():
                raise StoppedError("Stopped.")
        os.fsync(made)
    finally:
        os.close(made)
    return Copied(size, digest.hexdigest(), steady=True)


def _read(given: int) -> bytes:
    try:
        return os.read(given, _PIECE)
    except OSError as problem:
        raise FormatError(f"cannot be read to its end: {problem.strerror or problem}") from None
