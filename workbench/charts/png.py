"""PNG files as pixels, with the standard library and numpy.

What plotting libraries write is read: 8 bits, grey, colour or palette, with or without
transparency, in one pass. Everything else is refused with a sentence. Sizes are bounded
before anything is unpacked, because the file may say what it likes.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Deep = NDArray[np.int16]
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_MOST_BYTES = 32 << 20
_MOST_PIXELS = 8_000_000
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PALETTE, _GREY_ALPHA, _COLOR_ALPHA = 3, 4, 6
_HEADER = struct.Struct(">IIBBBBB")
_WHITE = 255
_PAETH = 4
"""The last of the format's five filters."""


def decode(path: Path) -> Pixels | str:
    """Return a picture's pixels, shape ``(rows, columns, 3)``, or a sentence why not.

    What is transparent is laid over white, as plots are made for paper.

    Raises:
        OSError: The file cannot be read.
    """
    if path.stat().st_size > _MOST_BYTES:
        return "It is too large to be drawn here."
    data = path.read_bytes()
    if not data.startswith(_SIGNATURE):
        return "Only PNG pictures are drawn here; copy its path to open it."
    try:
        return _decoded(data)
    except (ValueError, LookupError, struct.error, zlib.error):
        return "It is damaged and cannot be drawn."


def describe(path: Path) -> str:
    """Return what a PNG's header says: ``An image of 640x480. ``; empty for anything else.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(24)
    if not head.startswith(_SIGNATURE) or len(head) < 24:  # noqa: PLR2004 - signature and sizes
        return ""
    width, height = struct.unpack(">II", head[16:24])
    return f"An image of {width}x{height}. "


def _decoded(data: bytes) -> Pixels | str:
    parts: dict[bytes, list[bytes]] = {}
    for kind, body in _chunks(data):
        parts.setdefault(kind, []).append(body)
    width, height, bits, color, _, _, interlace = _HEADER.unpack(parts[b"IHDR"][0][:13])
    channels = _CHANNELS.get(color)
    if channels is None or bits != 8 or interlace:  # noqa: PLR2004 - eight bits for a channel
        return "It is of a kind of PNG that is not drawn here; copy its path to open it."
    if not 0 < width * height <= _MOST_PIXELS:
        return "It is too large to be drawn here."
    row = width * channels
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(b"".join(parts.get(b"IDAT", [])), (row + 1) * height)
    lines = np.frombuffer(raw, np.uint8).reshape(height, row + 1)
    plain = _unfiltered(lines, channels).reshape(height, width, channels)
    return _colored(plain, color, parts)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_SIGNATURE)
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        yield kind, data[place + 8 : place + 8 + length]
        place += length + 12
        if kind == b"IEND":
            return


def _unfiltered(lines: Pixels, channels: int) -> Pixels:
    """Return the bytes as they were before the packer's filters.

    A byte depends on those to its left, above and between. All bytes on a diagonal can
    therefore be undone at once, which is a hundred times faster than one by one.
    """
    kinds, height = lines[:, 0], len(lines)
    if kinds.max() > _PAETH:
        raise ValueError("no such filter")
    given = lines[:, 1:].reshape(height, -1, channels).astype(np.int16)
    width = given.shape[1]
    done = np.zeros((height + 1, width + 1, channels), np.int16)
    for diagonal in range(width + height - 1):
        rows = np.arange(max(0, diagonal - width + 1), min(height, diagonal + 1))
        columns = diagonal - rows
        left, up = done[rows + 1, columns], done[rows, columns + 1]
        guess = _guessed(kinds[rows, None], left, up, done[rows, columns])
        done[rows + 1, columns + 1] = (given[rows, columns] + guess) & _WHITE
    return done[1:, 1:].astype(np.uint8)


def _guessed(kinds: Pixels, left: Deep, up: Deep, corner: Deep) -> Deep:
    """Return what the packer expected from the neighbours, by the filter of each row."""
    by_left, by_up = np.abs(up - corner), np.abs(left - corner)
    by_corner = np.abs(left + up - 2 * corner)
    nearest = np.where(
        (by_left <= by_up) & (by_left <= by_corner), left, np.where(by_up <= by_corner, up, corner)
    )
    guesses = [np.zeros_like(left), left, up, (left + up) // 2, nearest]
    return np.choose(kinds, guesses)


def _colored(plain: Pixels, color: int, parts: dict[bytes, list[bytes]]) -> Pixels:
    if color == _PALETTE:
        return _from_palette(plain[..., 0], parts)
    if color in (_GREY_ALPHA, _COLOR_ALPHA):
        return _over_white(_three(plain[..., :-1]), plain[..., -1])
    return _three(plain)


def _from_palette(indices: Pixels, parts: dict[bytes, list[bytes]]) -> Pixels:
    found = np.frombuffer(parts[b"PLTE"][0], np.uint8).reshape(-1, 3)
    palette = np.zeros((256, 3), np.uint8)
    palette[: len(found)] = found[:256]
    clear = np.full(256, _WHITE, np.uint8)
    alpha = np.frombuffer(parts.get(b"tRNS", [b""])[0], np.uint8)[:256]
    clear[: len(alpha)] = alpha
    return _over_white(palette[indices], clear[indices])


def _three(plain: Pixels) -> Pixels:
    return plain if plain.shape[2] == 3 else np.repeat(plain[..., :1], 3, axis=2)  # noqa: PLR2004


def _over_white(colors: Pixels, alpha: Pixels) -> Pixels:
    share = alpha[..., None].astype(np.uint16)
    mixed = (colors * share + _WHITE * (_WHITE - share)) // _WHITE
    return mixed.astype(np.uint8)
