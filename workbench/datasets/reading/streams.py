"""The bytes of a file a piece at a time, unpacked where it is gzip or zstd.

What is unpacked is bounded by how far it may swell: a file of nothing but repetition is one
somebody made to fill a disk.
"""

import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from workbench import words
from workbench.datasets.reading.faults import reason, shown
from workbench.errors import FormatError

GZIP, ZSTD = "gzip", "zstd"
_MAGIC: Final = {b"\x1f\x8b": GZIP, b"\x28\xb5\x2f\xfd": ZSTD}
PIECE: Final = 4 << 20
"""Bytes read at once."""
_FREE: Final = 256 << 20
"""Up to this much is unpacked whatever it came from."""
_MOST_TIMES: Final = 400
"""Real tables pack up to some fifty times."""


def packing_of(path: Path) -> str:
    """Return how a file is packed, by its first bytes; empty if it is not.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(4)
    return next((word for magic, word in _MAGIC.items() if head.startswith(magic)), "")


def pieces(path: Path, packing: str = "", size: int = PIECE) -> Iterator[bytes]:
    """Yield the bytes of a file, unpacked, ``size`` at a time.

    Raises:
        FormatError: It is cut off or damaged, or swells beyond all measure.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        if not packing:
            while piece := file.read(size):
                yield piece
            return
        yield from _bounded(path, _unpacked(path, file, packing, size))


def _bounded(path: Path, unpacked: Iterator[bytes]) -> Iterator[bytes]:
    most = max(_FREE, _MOST_TIMES * path.stat().st_size)
    total = 0
    for piece in unpacked:
        total += len(piece)
        if total > most:
            raise FormatError(
                f"{shown(path)} unpacks to more than {_MOST_TIMES} times its size "
                f"({words.size(most)}), which no table does.",
                hint="Unpack it yourself if you trust it.",
            )
        yield piece


def _unpacked(path: Path, file: IO[bytes], packing: str, size: int) -> Iterator[bytes]:
    opened = _opened(file, packing)
    while True:
        try:
            piece = opened.read(size)
        except EOFError:
            raise FormatError(
                f"{shown(path)} is cut off: its {packing} data ends early.",
                hint="Fetch or write it again.",
            ) from None
        except (OSError, zlib.error, _zstd_error()) as error:
            raise FormatError(f"{shown(path)} is damaged {packing}: {reason(error)}.") from None
        if not piece:
            return
        yield piece


def _opened(file: IO[bytes], packing: str) -> Any:
    if packing == GZIP:
        return gzip.GzipFile(fileobj=file)
    return _zstd().ZstdFile(file)


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - hardly ever
    else:
        from backports import zstd  # noqa: PLC0415 - hardly ever
    return zstd


def _zstd_error() -> type[Exception]:
    error: type[Exception] = _zstd().ZstdError
    return error
