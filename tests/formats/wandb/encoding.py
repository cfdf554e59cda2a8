"""wandb's logs written by hand: records, chunks and blocks, of whatever is to be read back."""

import struct
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

HEADER = b":W&B\xe1\xbe\x00"
BLOCK = 32_768
HISTORY, SUMMARY, CONFIG, STATS, METRIC, RUN, EXIT = 2, 3, 5, 7, 12, 17, 18
USE_ARTIFACT, ENVIRONMENT = 25, 26
RUN_ID = "abc12345"
FOLDER = f"offline-run-20261121_120000-{RUN_ID}"
LOG = f"run-{RUN_ID}.wandb"


def varint(number: int) -> bytes:
    """Return a number of variable length."""
    found = b""
    number &= 0xFFFF_FFFF_FFFF_FFFF
    while number >= 128:
        found, number = found + bytes([number & 127 | 128]), number >> 7
    return found + bytes([number])


def text(field: int, value: str | bytes) -> bytes:
    """Return a field of bytes."""
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def whole(field: int, value: int) -> bytes:
    """Return a field of a whole number."""
    return varint(field << 3) + varint(value)


def item(name: str | Sequence[str], value: str, field: int = 1) -> bytes:
    """Return a name with a value; a name in parts is nested."""
    parts = [name] if isinstance(name, str) else name
    named = b"".join(text(2, part) for part in parts)
    return text(field, named + text(16, value))


def record(kind: int, body: bytes, number: int = 1) -> bytes:
    """Return a record as wandb makes them: with its number before and its stream after."""
    return whole(1, number) + text(kind, body) + text(200, text(1, RUN_ID))


def step(number: int, values: Mapping[str, str], time: float | None = None) -> bytes:
    """Return the record of one call of ``log``."""
    body = b"".join(item(name, value) for name, value in values.items())
    own = item("_timestamp", repr(1.795e9 + number if time is None else time))
    own += item("_step", str(number))
    return record(HISTORY, body + own + text(2, whole(1, number) if number else b""))


def summary(values: Mapping[str, str]) -> bytes:
    """Return the record of values a script put in the summary."""
    return record(SUMMARY, b"".join(item(name, value) for name, value in values.items()))


def run(*, config: bytes = b"", **names: str) -> bytes:
    """Return the record of a run, its fields by name."""
    fields = {"project": 3, "group": 6, "job_type": 7, "name": 8, "notes": 9, "tag": 10}
    body = text(1, RUN_ID) + b"".join(text(fields[k], v) for k, v in names.items())
    return record(
        RUN, body + (text(4, config) if config else b"") + text(17, whole(1, 1_795_000_000))
    )


def end(code: int = 0) -> bytes:
    """Return the record of an end."""
    return record(EXIT, (whole(1, code) if code else b"") + whole(2, 7))


def encoded(records: Sequence[bytes]) -> bytes:
    """Return a log of these records."""
    found = bytearray(HEADER)
    for data in records:
        append(found, data)
    return bytes(found)


def append(log: bytearray, data: bytes) -> None:
    """Append a record, cut into chunks where a block ends."""
    first, rest = True, data
    while first or rest:
        left = BLOCK - len(log) % BLOCK
        if left < 7:
            log += b"\0" * left
            left = BLOCK
        part, rest = rest[: left - 7], rest[left - 7 :]
        kind = {(True, True): 1, (True, False): 2, (False, False): 3, (False, True): 4}[
            first, not rest
        ]
        log += struct.pack("<IHB", zlib.crc32(bytes([kind]) + part), len(part), kind) + part
        first = False


def written(root: Path, records: Sequence[bytes], folder: str = FOLDER) -> Path:
    """Write a run's folder with a log of these records; return the folder."""
    place = root / folder
    (place / "files").mkdir(parents=True)
    (place / LOG).write_bytes(encoded(records))
    return place


def steps(count: int, names: Sequence[str] = ("loss", "acc")) -> list[bytes]:
    """Return that many calls of ``log``, each with the summary wandb writes before it."""
    found = []
    for number in range(count):
        values = {name: repr(number / 7 + at) for at, name in enumerate(names)}
        found += [summary({**values, "_step": str(number)}), step(number, values)]
    return found
