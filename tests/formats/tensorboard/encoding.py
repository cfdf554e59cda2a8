"""Writing event files by hand, as the tools' writers do, bit by bit and slowly."""

import struct
from functools import lru_cache
from pathlib import Path

HOST = "trainbox"


def checksum(data: bytes) -> int:
    """Return CRC-32C by its definition, masked."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


@lru_cache(maxsize=2048)
def frame(record: bytes) -> bytes:
    """Return a record with what goes around it."""
    head = struct.pack("<Q", len(record))
    return b"".join(
        [head, struct.pack("<I", checksum(head)), record, struct.pack("<I", checksum(record))]
    )


def varint(value: int) -> bytes:
    """Return a number of variable length."""
    value &= 2**64 - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def number(field: int, value: int) -> bytes:
    """Return a field that is a number."""
    return varint(field << 3) + varint(value)


def held(field: int, data: bytes | str) -> bytes:
    """Return a field that is bytes."""
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def double(field: int, value: float) -> bytes:
    """Return a field that is a double."""
    return varint(field << 3 | 1) + struct.pack("<d", value)


def single(field: int, value: float) -> bytes:
    """Return a field that is a float."""
    return varint(field << 3 | 5) + struct.pack("<f", value)


def event(wall: float, step: int, *values: bytes, rest: bytes = b"") -> bytes:
    """Return an event with a summary of values; a step of 0 is left out, as writers do."""
    summary = held(5, b"".join(held(1, value) for value in values)) if values else b""
    return double(1, wall) + (number(2, step) if step else b"") + rest + summary


def scalar(tag: str, value: float) -> bytes:
    """Return a value as PyTorch writes it."""
    return held(1, tag) + single(2, value)


def metadata(plugin: str, content: bytes = b"") -> bytes:
    """Return what says which plugin a value is for."""
    inner = held(1, plugin) + (held(2, content) if content else b"")
    return held(9, held(1, inner))


def tensor(tag: str, data: bytes, plugin: str = "") -> bytes:
    """Return a value as TensorFlow 2 writes it."""
    return held(1, tag) + held(8, data) + (metadata(plugin) if plugin else b"")


def text(tag: str, words: str) -> bytes:
    """Return a text as PyTorch writes it."""
    return tensor(tag, number(1, 7) + held(8, words), "text")


def hparams(params: dict[str, float | str | bool]) -> list[bytes]:
    """Return the values that say what a session began with."""
    entries = b"".join(held(1, held(1, name) + held(2, _json(v))) for name, v in params.items())
    return [held(1, "_hparams_/session_start_info") + metadata("hparams", held(3, entries))]


def session_end(status: int) -> bytes:
    """Return the value that says how a session ended."""
    return held(1, "_hparams_/session_end_info") + metadata("hparams", held(4, number(1, status)))


def _json(value: float | str | bool) -> bytes:
    if isinstance(value, bool):
        return number(4, int(value))
    return held(3, value) if isinstance(value, str) else double(2, value)


def version(wall: float) -> bytes:
    """Return the event every file begins with."""
    return double(1, wall) + held(3, "brain.Event:2")


def write(
    folder: Path, *events: bytes, at: int = 1_700_000_000, process: str = "77.0", end: str = ""
) -> Path:
    """Write an event file into ``folder``; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"events.out.tfevents.{at}.{HOST}.{process}{end}"
    file.write_bytes(b"".join(frame(one) for one in (version(at), *events)))
    return file


def append(file: Path, *events: bytes) -> None:
    """Go on writing an event file."""
    with file.open("ab") as out:
        out.write(b"".join(frame(one) for one in events))


def points(tag: str, values: list[float], *, first: int = 0, wall: float = 1e9) -> list[bytes]:
    """Return the events of a curve."""
    return [
        event(wall + step, step, scalar(tag, value)) for step, value in enumerate(values, first)
    ]
