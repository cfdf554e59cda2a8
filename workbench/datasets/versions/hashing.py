"""Hashes of the files of a dataset, and of the whole: the same a script records of them."""

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from hashlib import md5, sha256
from pathlib import Path
from typing import Final, NamedTuple

from workbench.datasets.stamp import Stamp, stamp_of, stamped
from workbench.datasets.versions.finding import FILE, Found
from workbench.datasets.versions.stamps import Digest, Stamps
from workbench.errors import (
    ConflictError,
    FormatError,
    NotAllowedError,
    NotFoundError,
    StoppedError,
)
from workbench.opening import open_plain, place_of
from workbench.words import visible

_CHUNK: Final = 1 << 20


class Hashed(NamedTuple):
    """A file that was hashed."""

    path: Path
    stamp: Stamp
    """As it was before and after."""
    digest: Digest


def hashed(
    files: Sequence[Path],
    stamps: Stamps,
    now: Callable[[], float],
    *,
    with_md5: bool = False,
    on_bytes: Callable[[int, int], None] = lambda _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
    require: Callable[[Iterable[str]], None] = lambda _places: None,
) -> tuple[Hashed, ...]:
    """Return the hashes of files, reading only those that changed.

    Args:
        files: Which.
        stamps: What is remembered.
        now: The time.
        with_md5: Also by what DVC knows them.
        on_bytes: Told of bytes done and bytes of all files.
        stopped: Asked between pieces whether to end.
        require: Told where each file that was opened really is, before a byte of it is read; what
            it raises ends it.

    Raises:
        NotFoundError: One is not there, or cannot be read.
        NotAllowedError: One is no plain file.
        StoppedError: A person asked for the end.
        ConflictError: One changed while it was read.
    """
    total, done, out = sum(_stamp(file).size for file in files), 0, list[Hashed]()
    for file in files:
        before = _stamp(file)
        known = stamps.get(file, before)
        if known is None or (with_md5 and not known.md5):
            begun = now()
            at = partial(_at, on_bytes, done, total)
            fd = _opened(file, require)
            try:
                known = _read(fd, file, before, with_md5, at, stopped)
            except OSError as error:
                raise _unreadable(file, error) from None
            finally:
                os.close(fd)
            stamps.put(file, before, known, begun)
        out.append(Hashed(file, before, known))
        done += before.size
        on_bytes(done, total)
    return tuple(out)


def _at(on_bytes: Callable[[int, int], None], before: int, total: int, n_bytes: int) -> None:
    on_bytes(before + n_bytes, total)


def whole(found: Found, files: Sequence[Hashed]) -> str:
    """Return the hash of a dataset: of a file its own, else that of all names and hashes."""
    if found.kind == FILE:
        return f"sha256:{files[0].digest.sha256}"
    digest = sha256()
    for name, file in zip(found.names, files, strict=True):
        line = f"{name}\nsha256:{file.digest.sha256}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return f"sha256:{digest.hexdigest()}"


def changed(files: Sequence[Hashed]) -> Path | None:
    """Return a file that is not as it was when it was hashed; None where all are."""
    for file in files:
        try:
            if stamp_of(file.path) != file.stamp:
                return file.path
        except OSError:
            return file.path
    return None


def has_changed(file: Path) -> ConflictError:
    """Return what is said of a file that is being written."""
    return ConflictError(
        f"{visible(str(file))} changed while it was read.", hint="Repeat it once it is written."
    )


def _stamp(file: Path) -> Stamp:
    try:
        return stamp_of(file)
    except OSError as error:
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: OSError) -> NotFoundError:
    return NotFoundError(f"{visible(str(file))} cannot be read: {error.strerror or error}.")


def _opened(file: Path, require: Callable[[Iterable[str]], None]) -> int:
    """Return a descriptor of a file that may be read; links are followed, then looked at."""
    real = os.path.realpath(file)
    try:
        fd = open_plain(real)
    except FormatError:
        raise NotAllowedError(f"{visible(str(file))} is no plain file.") from None
    except OSError as error:
        raise _unreadable(file, error) from None
    try:
        require((place_of(fd, real),))
    except (FormatError, OSError):
        os.close(fd)
        raise has_changed(file) from None
    except BaseException:
        os.close(fd)
        raise
    return fd


def _read(
    fd: int,
    file: Path,
    before: Stamp,
    with_md5: bool,
    on_bytes: Callable[[int], None],
    stopped: Callable[[], bool],
) -> Digest:
    one, other, done = sha256(), md5(usedforsecurity=False), 0
    while chunk := os.read(fd, _CHUNK):
        if stopped():
            raise StoppedError("It was stopped before it was registered.")
        one.update(chunk)
        if with_md5:
            other.update(chunk)
        done += len(chunk)
        if done > before.size:
            break
        on_bytes(done)
    if stamped(os.fstat(fd)) != before or done != before.size:
        raise has_changed(file)
    return Digest(one.hexdigest(), other.hexdigest() if with_md5 else "")
